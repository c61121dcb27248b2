"""The page on which a report is asked for, its downloads, and what it refuses."""

from collections.abc import Iterator

import pytest
from lxml import html as lxml_html

from archive.home import Home
from archive.report.writing import read_wish
from archive.selection import Meaningless
from tests.archives import build_archive
from tests.served import Site

DAYS = {"from": "2021-12-01", "to": "2024-03-01"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = Home(tmp_path_factory.mktemp("home"))
    build_archive(home.archive)
    opened = Site(home.archive)
    yield opened
    opened.close()


def test_the_page_asks_for_the_last_week_and_shows_the_report_of_the_days_given(site: Site) -> None:
    form = site.get("/report?lang=en")
    assert form.status_code == 200
    assert 'value="i-accept" selected' in form.text
    assert "Media coverage" not in form.text
    shown = site.get("/report?lang=en", campaign="i-accept", by="story", **DAYS)
    assert "Media coverage: I Accept" in shown.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text
    assert " style=" not in shown.text.partition("<main")[2]


def test_a_report_may_be_in_another_language_than_the_page(site: Site) -> None:
    shown = lxml_html.fromstring(site.get("/report?lang=en", campaign="i-accept", language="km", **DAYS).text)
    assert (shown.get("lang"), shown.xpath("//article")[0].get("lang")) == ("en", "km")


@pytest.mark.parametrize(
    ("form", "begins", "media"),
    [
        ("html", b"<!DOCTYPE html>", "text/html"),
        ("docx", b"PK", "application/vnd.openxml"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_each_form_can_be_downloaded(site: Site, form: str, begins: bytes, media: str) -> None:
    page = lxml_html.fromstring(site.get("/report?lang=en", campaign="i-accept", list="yes", **DAYS).text)
    address = next(link for link in page.xpath("//a/@href") if link.startswith(f"/report.{form}?"))
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.content.lstrip().startswith(begins)
    assert answer.headers["content-type"].startswith(media)
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="coverage-i-accept-2021-12-01-2024-03-01.{form}"'
    )


@pytest.mark.parametrize("path", ["/report", "/report.pdf"])
@pytest.mark.parametrize(
    "asked",
    [
        {"campaign": "moon", **DAYS},
        {"campaign": "i-accept", "from": "2022-01-02", "to": "2022-01-01"},
        {"campaign": "i-accept", "from": "yesterday", "to": "2022-01-01"},
        {"campaign": "i-accept", "from": "2022-01-02", "to": ""},
        {"campaign": "i-accept", "by": "page", **DAYS},
        {"campaign": "i-accept", "language": "th", **DAYS},
        {"campaign": "i-accept", "list": "perhaps", **DAYS},
        {"campaign": "<script>", **DAYS},
    ],
)
def test_the_site_refuses_in_words_and_keeps_the_form(site: Site, path: str, asked: dict[str, str]) -> None:
    answer = site.get(f"{path}?lang=en", **asked)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    if path == "/report":
        assert lxml_html.fromstring(answer.text).xpath("//*[@role='alert']")[0].text_content()


def test_a_wish_is_read_as_it_is_written() -> None:
    wish = read_wish({"campaign": "i-accept", "by": "story", "list": "yes", "language": "en", **DAYS}, "km")
    assert (wish.asked.by, wish.asked.list_only, wish.language) == ("story", True, "en")
    assert read_wish({"campaign": "i-accept", **DAYS}, "km").language == "km"
    with pytest.raises(Meaningless, match="two days"):
        read_wish({"campaign": "i-accept"}, "km")
