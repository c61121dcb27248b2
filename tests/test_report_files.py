"""A report as HTML, DOCX and PDF, from the command line; templates, targets and bad input."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from shutil import copy
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from lxml import html as lxml_html
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium

from archive.database import open_writer
from archive.errors import UsageError
from archive.home import Home
from archive.khmer import count_khmer
from archive.localize import Language
from archive.report import pdf as pdf_module
from archive.report.figures import Asked
from archive.report.pdf import NoPango
from archive.report.writing import FORMS, Form, Wish, write_report
from tests.archives import ARTICLES, build_archive
from tests.crawling import refused

NOW = datetime(2024, 3, 2, 3, 0, tzinfo=UTC)
ASKED = Asked(campaign="i-accept", since=date(2021, 12, 1), until=date(2024, 3, 1))
DATED = sorted(
    (one for one in ARTICLES if one.published), key=lambda one: one.published.day if one.published else date.min
)
LISTED = [one for one in DATED if one.matches[0].campaign == "i-accept"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "archive.db"
    build_archive(path)
    return path


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.data.mkdir(parents=True)
    copy(built, home.archive)
    return home


def written(home: Home, form: Form, language: Language = "km", template: Path | None = None) -> bytes:
    target = home.path / f"report.{form}"
    write_report(home.archive, Wish(asked=ASKED, language=language, template=template), target, NOW)
    return target.read_bytes()


def as_word(content: bytes) -> WordDocument:
    return docx.Document(BytesIO(content))


# ---- HTML -------------------------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing_and_holds_its_khmer_letters(home: Home) -> None:
    page = written(home, "html").decode()
    tree = lxml_html.fromstring(page.encode())
    assert not tree.xpath("//script | //link | //img | //iframe | //*[@src] | //@onclick")
    assert set(re.findall(r"url\((\"data:font|#|.)", page)) == {'"data:font', "#"}
    assert tree.get("lang") == "km"
    assert [len(tree.xpath(f"//h{level}")) > 0 for level in (1, 2, 3)] == [True, True, False]


def test_titles_of_any_kind_are_only_text(home: Home) -> None:
    tree = lxml_html.fromstring(written(home, "html"))
    assert [link.text_content() for link in tree.xpath("(//ol)[1]//p[@class='head']/a")] == [
        one.title for one in LISTED
    ]
    assert [link.get("href") for link in tree.xpath("(//ol)[1]//p[@class='head']/a")] == [one.url for one in LISTED]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("title", ["ក" * 500, "ស្រឡាញ់ " * 70, "<b>&amp;" * 60, "\u202eabc", "=1+1", "x" * 500])
def test_a_title_of_any_length_and_kind_makes_a_report(home: Home, form: Form, title: str) -> None:
    with closing(open_writer(home.archive)) as connection:
        connection.execute("update article set title = ? where url like '%slogan'", [title])
    target = home.path / f"report.{form}"
    wish = Wish(
        asked=Asked(campaign="i-accept", since=date(2021, 12, 10), until=date(2021, 12, 10), list_only=True),
        language="km",
    )
    assert "2 articles" in write_report(home.archive, wish, target, NOW)


# ---- DOCX -------------------------------------------------------------------------------------------------------------------------


def runs(word: WordDocument) -> Iterator[Any]:
    yield from word.element.body.iter(qn("w:r"))


def text_of(run: Any) -> str:
    return "".join(part.text or "" for part in run.iter(qn("w:t")))


def test_word_gets_headings_and_real_links(home: Home) -> None:
    word = as_word(written(home, "docx", "en"))
    headings = [
        paragraph.text for paragraph in word.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"
    ]
    assert headings[:3] == ["Key figures", "Over time", "Headlines"]
    start = next(place for place, paragraph in enumerate(word.paragraphs) if paragraph.text == "Headlines")
    links = [link for paragraph in word.paragraphs[start:] for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links][: len(LISTED)] == [(one.title, one.url) for one in LISTED]
    assert {run.style.name for link in links for run in link.runs} == {"Hyperlink"}


def test_every_khmer_run_has_the_font_size_weight_and_language_of_complex_script(home: Home) -> None:
    khmer = [run for run in runs(as_word(written(home, "docx"))) if count_khmer(text_of(run))]
    assert len(khmer) > 100
    for run in khmer:
        told = run.find(qn("w:rPr"))
        assert told.find(qn("w:rFonts")).get(qn("w:cs")) == "Khmer OS Siemreap"
        assert int(told.find(qn("w:szCs")).get(qn("w:val"))) >= 18
        assert told.find(qn("w:cs")) is not None
        assert told.find(qn("w:lang")).get(qn("w:bidi")) == "km-KH"
        assert (told.find(qn("w:b")) is None) <= (told.find(qn("w:bCs")) is None) or told.find(qn("w:bCs")) is not None


def test_khmer_in_a_heading_is_as_large_and_bold_as_the_heading(home: Home) -> None:
    word = as_word(written(home, "docx"))
    heading = next(
        paragraph for paragraph in word.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"
    )
    told: Any = heading.runs[0]._r.find(qn("w:rPr"))
    assert (told.find(qn("w:szCs")).get(qn("w:val")), told.find(qn("w:bCs")) is not None) == ("28", True)


def test_tables_repeat_their_heads_and_pages_have_numbers(home: Home) -> None:
    word = as_word(written(home, "docx"))
    heads = [table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for table in word.tables]
    assert heads.count(True) == 6
    assert "PAGE" in word.sections[0].footer._element.xml
    assert (word.core_properties.title, word.core_properties.language) == ("ការផ្សាយព័ត៌មាន៖ ខ្ញុំទទួលយក", "km-KH")
    assert "python-docx" not in f"{word.core_properties.author}{word.core_properties.comments}"


def test_the_chart_is_a_picture_that_tells_what_it_is(home: Home) -> None:
    word = as_word(written(home, "docx", "en"))
    assert len(word.inline_shapes) == 1
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "Articles by month and language"


def test_without_pango_word_has_the_table_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "WEASYPRINT", "archive.no_such_library")
    pdf_module._weasyprint.cache_clear()
    try:
        assert not as_word(written(home, "docx")).inline_shapes
        with pytest.raises(NoPango, match="apt-get install libpango"):
            written(home, "pdf")
    finally:
        pdf_module._weasyprint.cache_clear()


# ---- a house template -------------------------------------------------------------------------------------------------------------


def a_template(path: Path, words: str = "") -> WordDocument:
    word = docx.Document()
    word.styles["Heading 1"].font.name = "House Font"
    word.sections[0].header.paragraphs[0].text = "The house"
    word.sections[0].footer.paragraphs[0].text = "Its own foot"
    if words:
        word.add_paragraph(words)
    word.save(str(path))
    return word


def test_a_house_template_gives_its_styles_head_and_foot(home: Home, tmp_path: Path) -> None:
    a_template(tmp_path / "house.docx", "Our logo stands here")
    word = as_word(written(home, "docx", "en", tmp_path / "house.docx"))
    assert word.styles["Heading 1"].font.name == "House Font"
    assert word.sections[0].header.paragraphs[0].text == "The house"
    assert word.sections[0].footer.paragraphs[0].text == "Its own foot"
    assert "PAGE" not in word.sections[0].footer._element.xml
    assert [paragraph.text for paragraph in word.paragraphs[:2]] == ["Our logo stands here", "Media coverage: I Accept"]


def test_a_template_without_the_styles_is_refused_with_what_to_do(home: Home, tmp_path: Path) -> None:
    word = docx.Document()
    word.styles["Heading 1"].delete()
    word.styles["Table Grid"].delete()
    word.save(str(tmp_path / "bare.docx"))
    with pytest.raises(UsageError, match=r"bare\.docx: it has no style Heading 1, Table Grid\. Open it in Word"):
        written(home, "docx", "en", tmp_path / "bare.docx")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_template_that_is_no_word_document_is_refused(home: Home, tmp_path: Path, content: bytes) -> None:
    template = tmp_path / "house.docx"
    template.write_bytes(content)
    with pytest.raises(UsageError, match=r"house\.docx: this is no Word document"):
        written(home, "docx", "en", template)


def test_a_style_may_have_its_name_and_be_of_another_kind(home: Home, tmp_path: Path) -> None:
    word = docx.Document()
    word.styles["Title"].delete()
    word.styles.add_style("Title", WD_STYLE_TYPE.CHARACTER)
    word.save(str(tmp_path / "odd.docx"))
    with pytest.raises(UsageError, match=r"odd\.docx: it has no style Title"):
        written(home, "docx", "en", tmp_path / "odd.docx")


# ---- PDF --------------------------------------------------------------------------------------------------------------------------


def test_the_pdf_has_a_title_a_language_bookmarks_and_pages(home: Home) -> None:
    content = written(home, "pdf", "en")
    with closing(PdfDocument(content)) as pages:
        assert pages.get_metadata_dict()["Title"] == "Media coverage: I Accept · December 1, 2021 to March 1, 2024"
        assert [mark.get_title() for mark in pages.get_toc()][:3] == [
            "Media coverage: I Accept",
            "Key figures",
            "Over time",
        ]
        assert "1 / " in pages[0].get_textpage().get_text_range()
        assert "Activists call for equal rights" in "".join(page.get_textpage().get_text_range() for page in pages)
        spoken = (ctypes.c_ushort * 8)()
        pdfium.FPDFCatalog_GetLanguage(pages.raw, spoken, 8)
    assert bytes(spoken).decode("utf-16-le").startswith("en")


def test_the_pages_of_a_khmer_pdf_have_khmer_numbers(home: Home) -> None:
    with closing(PdfDocument(written(home, "pdf", "km"))) as pages:
        assert "១ / " in pages[0].get_textpage().get_text_range()


# ---- the command ------------------------------------------------------------------------------------------------------------------

COMMAND = ["report", "i-accept", "--from", "2021-12-01", "--to", "2024-03-01"]


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_each_form_and_says_what_it_holds(home: Home, form: Form) -> None:
    target = home.path / f"out.{form.upper()}"
    done = refused(home, *COMMAND, "--list-only", "--lang", "en", "-o", str(target))
    assert (done.returncode, done.stderr) == (
        0,
        f"{target}: {len(LISTED)} articles, {len(LISTED)} distinct stories, 0 headlines only.\n",
    )
    assert target.read_bytes()[:4] in (b"<!DO", b"PK\x03\x04", b"%PDF")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["report", "moon", *COMMAND[2:], "-o", "{}/x.pdf"],
            "moon: there is no such campaign. There are: i-accept, rivers.",
        ),
        (["report", "i-accept", "--from", "2022-01-02", "--to", "2022-01-01", "-o", "{}/x.pdf"], "comes after"),
        ([*COMMAND, "-o", "{}/x.doc"], "a report is .html, .docx or .pdf"),
        ([*COMMAND, "-o", "{}/x"], "a report is .html, .docx or .pdf"),
        ([*COMMAND, "-o", "{}"], "is a folder"),
        ([*COMMAND, "-o", "{}/no/x.pdf"], "there is no folder"),
        ([*COMMAND, "--template", "{}/t.docx", "-o", "{}/x.pdf"], "is for .docx"),
        ([*COMMAND, "--template", "{}/t.docx", "-o", "{}/x.docx"], "there is no such file"),
        (
            ["report", "i-accept", "--from", "9/12/2021", "--to", "2022-01-01", "-o", "{}/x.pdf"],
            "Write it as 2021-12-09",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(home: Home, tmp_path: Path, words: list[str], says: str) -> None:
    done = refused(home, *(word.replace("{}", str(tmp_path)) for word in words))
    assert done.returncode == 2
    assert says in done.stderr
    assert not list(tmp_path.glob("x*"))
