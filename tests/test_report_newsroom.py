"""The report of the newsroom's week holds the campaign's own list of December 2021, in every form, and its Khmer is right."""

import ctypes
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy, which
from typing import Any
from urllib.parse import urlsplit

import docx
import pytest
from lxml import html as lxml_html
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium

from archive.database import open_reader, open_writer
from archive.desk.decisions import Decision, decide
from archive.desk.verdicts import Wish as Verdict
from archive.home import Home
from archive.khmer import count_khmer
from archive.report.figures import Asked, By, Clipping, Report
from archive.report.html import KHMER, LATIN, style
from archive.report.reading import load_report
from archive.report.writing import Form, Wish, make, write_report
from newsroom.truth import Truth, load_truth
from tests.browsing import browser
from tests.crawling import Team

pytestmark = pytest.mark.xdist_group("crawl")

NOW = datetime(2022, 1, 3, 3, 0, tzinfo=UTC)
WEEK = (date(2021, 12, 9), date(2021, 12, 16))


def expected() -> list[Truth]:
    """Give the coverage of the week as truth.toml has it, by the numbers of the campaign's own list; nothing else is of these days."""
    days = [story for story in load_truth() if story.kind == "coverage" and story.published]
    return sorted((one for one in days if WEEK[0] <= one.published <= WEEK[1]), key=lambda one: one.row or 0)  # type: ignore[operator]


def row(clipping: Clipping) -> int | None:
    """Tell which number an article has in the campaign's own list, by its headline and address."""
    numbers = {(story.title, target(story.target)): story.row for story in expected()}
    return numbers[clipping.title, target(clipping.url)]


def load(archive: Path, by: By = "article", *, list_only: bool = True) -> Report:
    asked = Asked(campaign="i-accept", since=WEEK[0], until=WEEK[1], by=by, list_only=list_only)
    with closing(open_reader(archive)) as connection:
        return load_report(connection, asked, NOW)


@pytest.fixture(scope="module")
def week(crawled: Team) -> Report:
    return load(crawled.home.archive)


def made(report: Report, form: Form) -> bytes:
    return make(report, Wish(asked=report.asked, language="km"), form)


@pytest.fixture(scope="module")
def word(week: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "report.docx"
    path.write_bytes(made(week, "docx"))
    return path


def links_of_word(path: Path) -> list[tuple[str, str]]:
    paragraphs = docx.Document(str(path)).paragraphs
    return [(link.text, link.address or "") for paragraph in paragraphs for link in paragraph.hyperlinks]


def links_of_page(page: bytes) -> list[tuple[str, str]]:
    return [(link.text_content(), link.get("href", "")) for link in lxml_html.fromstring(page).iter("a")]


# ---- what is in it ----------------------------------------------------------------------------------------------------------------


def test_the_campaigns_own_list_of_fourteen_headlines_and_thirteen_stories_is_in_it(week: Report) -> None:
    assert [story.row for story in expected()] == list(range(1, 15))
    assert (len(week.clippings), len({one.story for one in week.clippings})) == (14, 13)
    assert Counter(one.title for one in week.clippings) == Counter(story.title for story in expected())


def test_they_stand_in_the_order_of_that_list(week: Report) -> None:
    assert [row(one) for one in week.clippings] == list(range(1, 15))


def target(url: str) -> tuple[str, tuple[str, ...]]:
    """Give path and parameters of an address; the order of these means nothing."""
    told = urlsplit(url)
    return told.path, tuple(sorted(told.query.split("&")))


def test_every_form_has_the_same_headlines_with_the_same_links(week: Report, word: Path) -> None:
    right = [(one.title, one.url) for one in week.clippings]
    assert links_of_page(made(week, "html")) == right
    assert links_of_word(word) == right
    assert list(dict.fromkeys(address for _, address, _ in links_of_pdf(made(week, "pdf")))) == [
        url for _, url in right
    ]


def test_by_story_one_number_has_both_sources(crawled: Team) -> None:
    report = load(crawled.home.archive, "story")
    rows = [[row(one) for one in story] for story in report.numbered]
    assert rows == [[1], [2, 6], [3], [4], [5], *([number] for number in range(7, 15))]
    page = lxml_html.fromstring(made(report, "html"))
    assert [mark.text_content() for mark in page.xpath("//*[@class='nr']")][-1] == "១៣."
    assert [len(item.xpath(".//a")) for item in page.xpath("//ol/li")] == [1, 2, *[1] * 11]


def test_a_rejected_article_is_in_none_of_them(crawled: Team, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.data.mkdir()
    copy(crawled.home.archive, home.archive)
    gone = next(story for story in expected() if story.row == 5)
    with closing(open_writer(home.archive)) as connection:
        key = connection.execute("select key from article where title = ?", [gone.title]).fetchone()[0]
        wish = Verdict(kind="reject", reason="advertising")
        decide(connection, Decision(token="0" * 32, article=key, wish=wish, who="sophea", seen=None), NOW)
    report = load(home.archive, list_only=False)
    assert (report.figures.articles, report.reviewed.left_out) == (13, 1)
    assert gone.title.encode() not in made(report, "html")
    path = tmp_path / "report.docx"
    path.write_bytes(made(report, "docx"))
    assert gone.title not in "".join(title for title, _ in links_of_word(path))
    assert gone.target not in "".join(address for _, address, _ in links_of_pdf(made(report, "pdf")))


# ---- whether its Khmer is right ---------------------------------------------------------------------------------------------------


def links_of_pdf(content: bytes) -> Iterator[tuple[int, str, float]]:
    """Give the page, address and width in points of each piece of a link; WeasyPrint marks a piece twice where a language is told in it."""
    with closing(PdfDocument(content)) as pages:
        for number, page in enumerate(pages):
            start, link = ctypes.c_int(0), pdfium.FPDF_LINK()
            while pdfium.FPDFLink_Enumerate(page.raw, start, link):
                yield number, _address(pages.raw, link), _width(link)


def _address(pages: Any, link: Any) -> str:
    action, room = pdfium.FPDFLink_GetAction(link), ctypes.create_string_buffer(4000)
    pdfium.FPDFAction_GetURIPath(pages, action, room, 4000)
    return room.value.decode()


def _width(link: Any) -> float:
    box = pdfium.FS_RECTF()
    pdfium.FPDFLink_GetAnnotRect(link, box)
    return float(box.right - box.left)


def fonts_of(content: bytes) -> dict[str, str]:
    """Give every letter of a PDF with the font it is drawn in."""
    drawn: dict[str, str] = {}
    with closing(PdfDocument(content)) as pages:
        for page in pages:
            text = page.get_textpage()
            for place in range(text.count_chars()):
                name = ctypes.create_string_buffer(200)
                pdfium.FPDFText_GetFontInfo(text.raw, place, name, 200, ctypes.c_int(0))
                drawn[chr(pdfium.FPDFText_GetUnicode(text.raw, place))] = name.value.decode()
    return drawn


def test_the_letters_of_the_pdf_are_our_own(week: Report, caplog: pytest.LogCaptureFixture) -> None:
    content = made(week, "pdf")
    names = {
        name.partition("+")[2] or name
        for letter, name in fonts_of(content).items()
        if letter.strip() and letter.isprintable()
    }
    assert names == {"Noto-Sans-Khmer", "Noto-Sans-Khmer-Bold", "Report-Latin", "Report-Latin-Bold"}
    assert "notdef" not in caplog.text


def test_headlines_in_the_pdf_are_as_wide_as_a_browser_shapes_them(week: Report) -> None:
    widths: dict[str, float] = {}
    for _, address, width in dict.fromkeys(links_of_pdf(made(week, "pdf"))):
        widths[address] = widths.get(address, 0) + width
    shaped = _shaped([one.title for one in week.clippings])
    assert len(shaped) == 14
    for one, right in zip(week.clippings, shaped, strict=True):
        assert widths[one.url] == pytest.approx(right, rel=0.02), one.title


def _shaped(titles: list[str]) -> list[float]:
    """Measure texts as Chromium shapes them in the report's letters of 10.5 points."""
    spans = "".join(f"<div><span>{title}</span></div>" for title in titles)
    page = f"<style>{style(KHMER + LATIN)} body {{ max-width: none }} span {{ font-size: 10.5pt; white-space: nowrap }}</style>{spans}"
    with browser() as context:
        opened = context.new_page()
        opened.set_content(page)
        opened.evaluate("document.fonts.ready")
        return [
            width * 0.75
            for width in opened.evaluate(
                "[...document.querySelectorAll('span')].map(e => e.getBoundingClientRect().width)"
            )
        ]


def office(path: Path, form: str) -> bytes:
    """Convert a file by LibreOffice, with a profile of its own."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    line = [
        which("soffice") or "soffice",
        profile,
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(path.parent),
        str(path),
    ]
    subprocess.run(line, check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{form.partition(':')[0]}").read_bytes()


def test_libreoffice_reads_the_same_headlines_and_draws_khmer_in_a_khmer_font(week: Report, word: Path) -> None:
    lines = office(word, "txt:Text (encoded):UTF8").decode("utf-8-sig").splitlines()
    heads = [line.partition("\t")[2] for line in lines if "\t" in line]
    assert heads == [one.title for one in week.clippings]
    fonts = {name for letter, name in fonts_of(office(word, "pdf")).items() if count_khmer(letter)}
    assert {name.replace(" ", "") for name in fonts} <= {"KhmerOSSiemreap", "KhmerOSSiemreap-Bold"}


def test_the_command_makes_it_from_a_home(crawled: Team, tmp_path: Path) -> None:
    wish = Wish(asked=Asked(campaign="i-accept", since=WEEK[0], until=WEEK[1]), language="km")
    assert write_report(crawled.home.archive, wish, tmp_path / "r.html", NOW).endswith(
        "14 articles, 13 distinct stories, 0 headlines only."
    )
