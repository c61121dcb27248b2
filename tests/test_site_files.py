"""What the team takes along from the demo's site, by the pages' own links: the files of a search, and the report."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import docx
import pytest
from lxml import etree
from playwright.sync_api import Browser

from archive.exports.columns import COLUMNS
from archive.exports.feed import ATOM
from archive.home import Home
from archive.selection import read
from tests.browsing import PHONE, Visitor, browser, copied, served, visiting
from tests.crawling import Team, rows
from tests.exporting import expected, flat, read_csv, read_lines, read_sheet
from tests.test_report_newsroom import WEEK, links_of_page, links_of_pdf
from tests.test_report_newsroom import expected as listed

pytestmark = pytest.mark.xdist_group("crawl")

DAYS = "published between '2022-01-01' and '2022-05-31'"
SEARCHES = {
    "/search?q=ភេទដូចគ្នា&weak=no&order=oldest": "",
    "/search?language=en&from=2022-01-01&to=2022-05-31": f"select id from coverage where language = 'en' and {DAYS}",
    "/search?query=i-accept/marriage&status=read&source=kravanh-daily": (
        "select coverage.id from coverage, json_each(queries) where source = 'kravanh-daily' and status = 'read' and value = 'marriage'"
    ),
}
"""A search -> its articles as SQL tells them; empty where only the search itself can tell."""

READS: dict[str, Callable[[bytes], list[dict[str, str]]]] = {
    "CSV": read_csv,
    "CSV for Excel": read_csv,
    "Excel": lambda file: [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in read_sheet(file)
    ],
    "JSON Lines": lambda file: [flat(row) for row in read_lines(file)],
}
"""What the link to a file of rows says -> how it is read as a table of texts."""

FILES = {"html": "Web page", "docx": "Word", "pdf": "PDF"}
FORMS = ("page", *FILES)
"""Where a report is looked at: on the site's page, and as each file, which its links call otherwise."""


@pytest.fixture(scope="module")
def home(crawled: Team, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return copied(crawled.home, tmp_path_factory.mktemp("files") / "home")


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[str]:
    with served(home) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as context:
        assert context.browser
        yield context.browser


@pytest.fixture(scope="module", params=["km", "en"])
def reader(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visitor]:
    """Give somebody who logged in: on a phone without scripts in Khmer, at a desk in English."""
    options = {"viewport": PHONE, "java_script_enabled": False} if request.param == "km" else {}
    with visiting(chromium, site, request.param, **options) as visitor:
        visitor.log_in()
        yield visitor


# ---- the files of a search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", SEARCHES)
def test_every_file_of_a_search_agrees_row_for_row_with_the_coverage(asked: str, reader: Visitor, home: Home) -> None:
    reader.open(asked)
    right = [flat(row) for row in expected(home.archive, read(dict(parse_qsl(urlsplit(asked).query))))]
    if SEARCHES[asked]:
        assert {row["id"] for row in right} == {row["id"] for row in rows(home.archive, SEARCHES[asked])}
    assert 0 < len(right) < len(rows(home.archive, "select id from coverage"))
    told = reader.locale.count("{number} article", "{number} articles", len(right))
    assert reader.shown("h2.result") == [told]
    for name, opened in READS.items():
        taken = opened(reader.download(reader.link(name)))
        assert [ours(row) for row in taken] == [ours(row) for row in right], name
    assert sorted(entries(reader)) == sorted((row["id"], row["title"]) for row in right)


def ours(row: dict[str, str]) -> list[str]:
    """Give the values of the columns that every file has."""
    return [row[column.name] for column in COLUMNS]


def entries(visitor: Visitor) -> list[tuple[str, str]]:
    """Give the key and the title of each entry of the search's feed."""
    address = visitor.link("Atom").get_attribute("href")
    feed = etree.fromstring(visitor.page.request.get(f"{visitor.site}{address}").body())
    kept = {"a": ATOM}
    return [
        (
            entry.xpath("string(a:link[@rel='alternate']/@href)", namespaces=kept).rpartition("/")[2],
            entry.xpath("string(a:title)", namespaces=kept),
        )
        for entry in feed.xpath("a:entry", namespaces=kept)
    ]


# ---- the report -------------------------------------------------------------------------------------------------------------------


def report(visitor: Visitor, since: date, until: date) -> dict[str, list[str]]:
    """Ask for the report of some days by its form; gives the addresses of articles that the page and each file of it link, in order."""
    visitor.open("/report")
    visitor.page.locator("[name=from]").fill(since.isoformat())
    visitor.page.locator("[name=to]").fill(until.isoformat())
    visitor.page.locator("[name=language]").select_option("km")
    visitor.follow(visitor.button("Make the report"))
    taken = {form: visitor.download(visitor.link(name)) for form, name in FILES.items()}
    links = {
        "page": [link.get_attribute("href") or "" for link in visitor.page.locator("main ol a").all()],
        "html": [address for _, address in links_of_page(taken["html"])],
        "docx": links_of_word(taken["docx"]),
        "pdf": [address for _, address, _ in links_of_pdf(taken["pdf"])],
    }
    return {form: numbered(addresses) for form, addresses in links.items()}


def links_of_word(content: bytes) -> list[str]:
    paragraphs = docx.Document(BytesIO(content)).paragraphs
    return [link.address or "" for paragraph in paragraphs for link in paragraph.hyperlinks]


def numbered(addresses: list[str]) -> list[str]:
    """Give the addresses of articles as they first come; the report leads to them again in its tables and quotes."""
    return list(dict.fromkeys(one for one in addresses if one.startswith("http")))


def test_the_report_of_the_week_has_the_teams_headlines_and_no_rejected_one(reader: Visitor, home: Home) -> None:
    kept = {
        (row["source"], row["title"]): row for row in rows(home.archive, "select id, url, source, title from coverage")
    }
    right = [kept[one.source, one.title] for one in listed()]
    urls, titles, gone = [row["url"] for row in right], [row["title"] for row in right], right[4]
    assert report(reader, *WEEK) == dict.fromkeys(FORMS, urls)
    assert (len(urls), reader.shown("main ol a")[: len(urls)]) == (14, titles)
    reader.open(f"/article/{gone['id']}")
    reader.unfold("Reject")
    reader.follow(reader.button("wrong page"))
    without = [url for url in urls if url != gone["url"]]
    assert report(reader, *WEEK) == dict.fromkeys(FORMS, without)
    assert gone["title"] not in "".join(reader.shown("main"))
    reader.open(f"/article/{gone['id']}")
    reader.follow(reader.button("Undo").first)
