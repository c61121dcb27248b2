"""How accuracy is scored, and the shape of the document that tells it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.model import Page, Source
from archive.query import parse
from benchmarks import peer, scoring
from benchmarks.accuracy import BEGIN, DOCUMENT, END, fill
from benchmarks.cases import Case, is_unseen
from benchmarks.keywords import FORMS, Keyword, sought
from benchmarks.peers import PEERS, Reading, told
from benchmarks.scoring import Cell, Measure, Row, difference, figure, table
from tests.golden import Pair, pairs

LOTUS = Source(id="lotus", name="Lotus", languages=("en",), domains=("lotus.example",))
WORDS = "one two three four five six seven eight"


def case(**known: object) -> Case:
    url, now = "https://lotus.example/1", datetime(2022, 1, 5, tzinfo=UTC)
    page = Page(url=url, source=LOTUS, body=b"", fetched_at=now)
    return Case(**({"name": "1", "page": page, "html": Path("1"), "text": WORDS} | known))  # type: ignore[arg-type]


# ---- one page -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (WORDS, (1.0, 1.0)),
        ("one two three four five", (1.0, 0.4)),
        (f"{WORDS} nine ten eleven twelve thirteen", (0.5, 1.0)),
        ("something else is written here", (0.0, 0.0)),
        ("", (0.0, 0.0)),
    ],
)
def test_precision_and_recall_are_of_four_words_in_a_row(text: str, row: Row) -> None:
    assert scoring.text_of_words(case(), Reading(text=text)) == row


TOLD: dict[str, tuple[Measure, dict[str, object]]] = {
    "day": (scoring.day, {"days": frozenset({date(2022, 1, 4), date(2022, 1, 5)})}),
    "no day": (scoring.day, {}),
    "title": (scoring.title, {"title": "The Lotus’ Year"}),
    "authors": (scoring.authors, {"authors": ("Sok Dara", "Chan Lina")}),
    "strays": (scoring.strays, {"absent": ("Read also",)}),
}


@pytest.mark.parametrize(
    ("field", "reading", "share"),
    [
        ("day", Reading(day="2022-01-04"), 1.0),
        ("day", Reading(day="2022-01-05T03:00:00"), 1.0),
        ("day", Reading(day="2022-01-06T01:00:00+07:00"), 1.0),
        ("day", Reading(day="2022-01-06T01:00:00"), 0.0),
        ("day", Reading(day="2022-01-04 then words"), 1.0),
        ("day", Reading(day="soon"), 0.0),
        ("day", Reading(), 0.0),
        ("no day", Reading(), 1.0),
        ("no day", Reading(day="2022-01-04"), 0.0),
        ("title", Reading(title=" The  Lotus' Year"), 1.0),
        ("title", Reading(title="The Lotus’ Year – Lotus"), 0.0),
        ("authors", Reading(authors=("Sok Dara", "Chan Lina")), 1.0),
        ("authors", Reading(authors=("Chan Lina", "Sok Dara")), 0.0),
        ("strays", Reading(text="… READ ALSO: more"), 1.0),
        ("strays", Reading(text=WORDS), 0.0),
    ],
)
def test_a_value_is_told_right_or_wrong(field: str, reading: Reading, share: float) -> None:
    measure, known = TOLD[field]
    assert measure(case(**known), reading) == (share,)


def test_khmer_is_counted_by_clusters_and_zero_width_spaces_are_none() -> None:
    known = case(text="ក្រុមអ្នកភូមិបានជួបជុំគ្នានៅសាលាឃុំ")
    whole = scoring.text_of_clusters(known, Reading(text="ក្រុម\u200bអ្នកភូមិ\u200bបានជួបជុំគ្នានៅសាលាឃុំ"))
    (part,) = scoring.text_of_clusters(known, Reading(text="ក្រុមអ្នកភូមិបានជួបជុំគ្នា"))
    assert whole == (1.0,)
    assert 0.5 < part < 1.0


# ---- all pages ------------------------------------------------------------------------------------------------------------------------


def test_f1_is_of_mean_precision_and_mean_recall() -> None:
    assert scoring.joined([(1.0, 0.0), (1.0, 1.0)]) == pytest.approx(2 / 3)
    assert scoring.joined([(0.0, 0.0)]) == 0.0
    assert scoring.joined([(1.0,), (0.0,), (0.0,), (0.0,)]) == 0.25


def test_the_interval_holds_the_figure_and_narrows_with_more_pages() -> None:
    few, many = (figure([(1.0,), (0.0,)] * count) for count in (10, 200))
    assert few == figure([(1.0,), (0.0,)] * 10)
    assert few.low < many.low < 0.5 < many.high < few.high


def test_a_difference_is_of_the_same_draws() -> None:
    rows = [(0.1 * number,) for number in range(10)]
    better = [(value + 0.05,) for (value,) in rows]
    apart = difference(figure(better), figure(rows))
    assert [apart.value, apart.low, apart.high] == pytest.approx([0.05] * 3)


def test_the_best_of_each_column_is_bold_and_ties_and_absences_are_kept() -> None:
    rows: dict[str, Sequence[Cell]] = {
        "one": [Cell(".900", 0.9), Cell("5 ms", 5), Cell("–")],
        "two": [Cell(".900", 0.9), Cell("3 ms", 3), Cell(".5", 0.5)],
    }
    assert table(["who", "F1", "CPU", "day"], rows, least=frozenset({"CPU"})).splitlines() == [
        "| who | F1 | CPU | day |",
        "| --- | --- | --- | --- |",
        "| one | **.900** | 5 ms | – |",
        "| two | **.900** | **3 ms** | .5 |",
    ]


# ---- peers ----------------------------------------------------------------------------------------------------------------------------


def test_every_peer_has_a_reader_and_every_reader_a_peer() -> None:
    assert {one.name for one in PEERS} == set(peer.READERS)


def test_a_page_at_which_a_peer_fails_is_empty_and_counted(tmp_path: Path) -> None:
    def broken(html: str, url: str) -> dict[str, str]:
        raise KeyError(html + url)

    html = tmp_path / "1"
    html.write_text("<p>", "utf-8")
    row = peer.answer(broken, {"name": "1", "url": "https://lotus.example/1", "html": str(html)})
    assert (row["name"], row["error"], row.get("text")) == ("1", "KeyError", None)
    line = '{"name": "1", "ms": 2.5, "error": null, "title": null, "text": "a", "day": "2022-01-04", "authors": [" A ", "", null]}'
    assert told(line) == Reading(text="a", day="2022-01-04", authors=("A",), ms=2.5)
    assert told('{"name": "1", "ms": 1.0, "error": "KeyError"}') == Reading(ms=1.0, crash="KeyError")


# ---- keywords -------------------------------------------------------------------------------------------------------------------------


def test_keywords_are_what_is_looked_for_and_not_what_must_stand_near() -> None:
    find = '"rainbow flag" OR (law AND (love OR marriage)) OR "march parade"~5 OR LGBT* OR (pride NOT lion)'
    assert list(sought(parse(find))) == ["rainbow flag", "law", "LGBT", "pride"]


@pytest.mark.parametrize(
    ("keyword", "text", "forms"),
    [
        (Keyword("lgbt", "LGBT", exact=False), "lgbtq people", 2),
        (Keyword("rock", "RoCK", exact=True), "a rock band", 0),
        (Keyword("marriage", "égalité", exact=False), "e\u0301galite\u0301", 1),
        (Keyword("gender", "ភេទដូចគ្នា", exact=False), "ភេទ\u200bដូចគ្នា", 0),
    ],
)
def test_a_keyword_is_looked_for_as_in_does(keyword: Keyword, text: str, forms: int) -> None:
    assert sum(keyword.stands_in(text, form) for form in FORMS.values()) == forms


# ---- the document ---------------------------------------------------------------------------------------------------------------------


def test_tables_are_put_between_the_marks_and_nowhere_else() -> None:
    assert fill(f"before {BEGIN}\nold\n{END} after", "new") == f"before {BEGIN}\nnew\n{END} after"


def test_every_row_of_the_document_has_as_many_cells_as_its_head() -> None:
    _, tables = DOCUMENT.read_text("utf-8").split(BEGIN)
    blocks = [block.splitlines() for block in tables.split(END)[0].split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 3
    assert [block[0] for block in blocks if len({line.count("|") for line in block}) != 1] == []


def test_the_document_names_every_peer_that_is_asked() -> None:
    _, tables = DOCUMENT.read_text("utf-8").split(BEGIN)
    assert [one.name for one in PEERS if one.name not in tables] == []


def test_unseen_pairs_are_told_by_their_folder() -> None:
    told = pairs()[0].told
    assert [is_unseen(Pair(Path(folder) / "page.json", told)) for folder in ("unseen-km-fm", "km-fm")] == [True, False]
