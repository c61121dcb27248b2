import re
import time
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from markupsafe import Markup
from weasyprint import HTML

from archive.charts import Bar, Chart, Mark, Series, columns, open_table, rows, table
from archive.localize import locale_of
from archive.site.assets import asset

KM, EN = locale_of("km"), locale_of("en")
SVG = "{http://www.w3.org/2000/svg}"
TWO = (Series("ខ្មែរ"), Series("English"))


def chart(*values: tuple[int, ...], series: tuple[Series, ...] = TWO, marks: tuple[Mark, ...] = ()) -> Chart:
    bars = tuple(
        Bar(KM.month(f"20{20 + n // 12}-{n % 12 + 1:02}"), one, f"/search?n={n}&m=1") for n, one in enumerate(values)
    )
    return Chart("ការផ្សាយព័ត៌មានតាមខែ", "ខែ", "អត្ថបទ", series, bars, marks)


def figure(drawn: Markup) -> Element:
    return fromstring(drawn.replace("&nbsp;", " "))


def paths(drawn: Markup) -> list[list[tuple[float, float, float, float]]]:
    """Give x, y, width and height of each bar of each series."""
    found = re.findall(
        r'<path (?:fill="url[^"]*"|class="s0" fill="[^"]*") d="(M[^"]*z)"/>', drawn.split("</figcaption>")[1]
    )
    return [[_box(piece) for piece in path.split("z") if piece] for path in found if "M0 0h12" not in path]


def _box(piece: str) -> tuple[float, float, float, float]:
    x, y, first, second = map(float, re.findall(r"-?[\d.]+", piece.replace("v-", " ").replace("h", " "))[:4])
    return x, y, second, first


# ---- columns -------------------------------------------------------------------------------------------------------------------------


def test_columns_are_stacked_and_as_high_as_their_values() -> None:
    khmer, english = paths(columns(chart((10, 5), (20, 0), (0, 20)), EN))
    assert [round(height) for *_, height in khmer] == [95, 190]
    assert [round(height) for *_, height in english] == [48, 190]
    x, y, _, height = khmer[0]
    assert (english[0][0], round(english[0][1])) == (x, round(y - height))


def test_a_bar_of_nothing_is_a_gap_that_keeps_its_place() -> None:
    (drawn,) = paths(columns(chart((1,), (0,), (1,), series=TWO[:1]), EN))
    assert len(drawn) == 2
    assert drawn[1][0] - drawn[0][0] > 2 * drawn[0][2]


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (42, ["0", "20", "40", "60"]),
        (99_999, ["0", "50,000", "100,000"]),
    ],
)
def test_the_axis_counts_in_whole_numbers(most: int, lines: list[str]) -> None:
    drawn = figure(columns(chart((most,), series=TWO[:1]), EN))
    ends = [one.text for one in drawn.iter(f"{SVG}text") if one.get("text-anchor") == "end"]
    assert ends == lines


@pytest.mark.parametrize("count", [1, 2, 12, 60, 200])
def test_names_below_the_columns_never_touch(count: int) -> None:
    drawn = figure(columns(chart(*[(1, 2)] * count), KM))
    named = [
        one for one in drawn.iter(f"{SVG}text") if one.get("text-anchor") == "middle" and one.get("class") != "axis"
    ]
    wide = [float(one.get("x", "")) for one in named]
    narrow = [float(one.get("x", "")) for one in named if one.get("class") != "also"]
    assert narrow
    for places, apart in ((wide, 70), (narrow, 105)):
        assert all(later - earlier > apart for earlier, later in pairwise(places))


def test_a_mark_stands_before_its_column_with_its_words() -> None:
    words = "តាមដានពាក្យ «ខ្ញុំទទួលយក» តាំងពីពេលនេះ"
    drawn = columns(chart(*[(1, 1)] * 10, marks=(Mark(2, words), Mark(9, "later"))), KM)
    texts = {one.text: one for one in figure(drawn).iter(f"{SVG}text")}
    line = float(re.findall(r'class="mark"[^>]* d="M([\d.]+)', drawn)[0])
    assert texts[words].get("x") == f"{line + 5:g}"
    assert texts["later"].get("text-anchor") == "end"
    khmer, _ = paths(drawn)
    assert khmer[1][0] + khmer[1][2] <= line <= khmer[2][0]


# ---- lying bars ----------------------------------------------------------------------------------------------------------------------


def test_rows_are_in_the_order_given_and_as_long_as_their_values() -> None:
    drawn = rows(chart((10, 10), (5, 0), (0, 0)), EN)
    khmer, english = (
        re.findall(r"h([\d.]+)v12", path) for path in re.findall(r' d="(M[^"]*h[\d.]+v12h-[^"]*)"', drawn)[-2:]
    )
    assert float(khmer[0]) == float(english[0]) == pytest.approx(2 * float(khmer[1]), abs=0.2)
    names = [one.text for one in figure(drawn).iter(f"{SVG}text")]
    assert names == ["មករា ២០២០", "កុម្ភៈ ២០២០", "មីនា ២០២០", "20", "5", "0"]


def test_a_name_that_is_too_long_is_cut_at_a_space_and_whole_in_the_table() -> None:
    name = "The question that somebody asked without ever thinking of an end of it"
    long = Chart("Queries", "Query", "Articles", TWO[:1], (Bar(name, (3,)),))
    cut = next(figure(rows(long, EN)).iter(f"{SVG}text")).text or ""
    assert name.startswith(cut.removesuffix("…"))
    assert cut.endswith("…")
    assert name in open_table(long, EN)


# ---- both ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [columns, rows])
@pytest.mark.parametrize("values", [(), ((0, 0),), ((0, 0), (0, 0))])
def test_where_there_is_nothing_to_draw_words_say_so(draw: object, values: tuple[tuple[int, int], ...]) -> None:
    drawn = draw(chart(*values), KM)  # type: ignore[operator]
    assert "<svg" not in drawn
    assert "មិនទាន់មានទិន្នន័យ" in drawn


@pytest.mark.parametrize("draw", [columns, rows])
def test_every_bar_leads_to_its_articles_and_tells_of_itself(draw: object) -> None:
    drawn = figure(draw(chart((3, 4), (0, 0)), KM))  # type: ignore[operator]
    links = list(drawn.iter(f"{SVG}a"))
    assert [link.get("href") for link in links] == ["/search?n=0&m=1", "/search?n=1&m=1"]
    assert [link.findtext(f"{SVG}title") for link in links] == ["មករា ២០២០\nខ្មែរ: ៣\nEnglish: ៤", "កុម្ភៈ ២០២០\nអត្ថបទ: ០"]


@pytest.mark.parametrize("draw", [columns, rows])
def test_a_chart_has_a_title_a_description_and_a_role(draw: object) -> None:
    drawn = figure(draw(chart((3, 4)), EN))  # type: ignore[operator]
    svg = [one for one in drawn.iter(f"{SVG}svg") if one.get("role")][-1]
    told = {one.get("id"): one.text for one in svg if one.get("id")}
    assert [told[name] for name in (svg.get("aria-labelledby") or "").split()] == [
        "ការផ្សាយព័ត៌មានតាមខែ",
        "7 in all; the most, 7, at មករា ២០២០.",
    ]
    assert svg.get("role") == "group"
    bare = Chart("T", "x", "y", TWO[:1], (Bar("a", (1,)),))
    assert 'role="img"' in draw(bare, EN)  # type: ignore[operator]


def test_series_differ_without_colour() -> None:
    drawn = columns(chart(tuple(range(1, 7)), series=tuple(Series(f"s{n}") for n in range(6))), EN)
    patterns = re.findall(r'<pattern id="(c[0-9a-f]{8}\d)".*?d="([^"]*)"/></pattern>', drawn)
    assert len({path for _, path in patterns}) == 5
    for name, _ in patterns:
        assert f'fill="url(#{name})"' in drawn


def test_two_charts_of_a_page_share_no_name() -> None:
    both = columns(chart((1, 2)), EN) + columns(chart((2, 1)), EN) + rows(chart((3, 1)), EN)
    names = re.findall(r' id="([^"]+)"', both)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("surface", ["screen", "paper"])
def test_words_of_others_are_escaped(surface: object) -> None:
    evil = '"><script>alert(1)</script>'
    bad = Chart(evil, evil, evil, (Series(evil), Series(evil)), (Bar(evil, (1, 1), evil, evil),), (Mark(0, evil),))
    for drawn in (columns(bad, EN, surface), rows(bad, EN, surface), table(bad, EN)):  # type: ignore[arg-type]
        assert "<script" not in drawn
        figure(drawn)


def test_on_paper_khmer_is_shaped_and_nothing_outside_is_needed() -> None:
    drawn = columns(chart((3, 4), marks=(Mark(0, "ខ្ញុំទទួលយក"),)), KM, "paper")
    assert "<text" not in drawn
    assert ">ខ្ញុំទទួលយក</span>" in drawn
    assert re.findall(r'(?:href|src)="', drawn) == []
    assert HTML(string=drawn).write_pdf().startswith(b"%PDF")


def test_colours_of_the_page_are_laid_over_those_of_the_drawing() -> None:
    sheet = (asset("tamdan.css") or b"").decode()
    for number in range(6):
        assert f".chart .s{number} {{ fill: var(--chart-{number}); }}" in sheet
        assert sheet.count(f"--chart-{number}:") == 3  # light, dark, print


def test_the_table_behind_has_every_number() -> None:
    drawn = figure(table(chart((3, 4), (0, 1200)), KM))
    cells = [[cell.findtext("a") or cell.text for cell in row] for row in drawn.iter("tr")]
    assert cells == [
        ["ខែ", "ខ្មែរ", "English", "សរុប"],
        ["មករា ២០២០", "៣", "៤", "៧"],
        ["កុម្ភៈ ២០២០", "០", "១,២០០", "១,២០០"],
    ]
    assert [link.get("href") for link in drawn.iter("a")] == ["/search?n=0&m=1", "/search?n=1&m=1"]


def test_five_years_of_months_are_small_and_quickly_drawn() -> None:
    wide = chart(*[(n % 7, n % 5) for n in range(60)])
    assert len(columns(wide, KM).encode()) <= 20_000
    started = time.perf_counter()
    for _ in range(10):
        columns(wide, KM)
    assert (time.perf_counter() - started) / 10 < 0.02  # measured: 0.002; other work on the machine makes it slower
