import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import feedparser
import pytest

from archive.exports.columns import COLUMNS
from archive.exports.export import Choice, Export
from archive.selection import Selection, read
from archive.site.downloads import DELIVERIES, Delivery, file_name
from tests.exporting import CANARY, build_worked, expected, read_csv, read_lines, read_sheet
from tests.served import Site

SEARCHES: tuple[dict[str, str], ...] = (
    {},
    {"q": "សិទ្ធិ", "weak": "no"},
    {"campaign": "rivers", "text": "yes"},
    {"source": "lotus", "from": "2021-12-10", "to": "2023-08-01", "page": "2", "order": "relevance"},
    {"decision": "reject"},
    {"q": "nothing-has-this"},
)
ROWS = [kind for kind in DELIVERIES if kind.format != "atom"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "data" / "archive.db"
    build_worked(path)
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[Site]:
    with closing(Site(archive)) as site:
        yield site


def ids(kind: Delivery, data: bytes) -> list[str]:
    reads: dict[str, Any] = {"csv": read_csv, "excel": read_csv, "jsonl": read_lines, "xlsx": read_sheet}
    return [row["id"] for row in reads[kind.format](data)]


# ---- what comes -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", SEARCHES, ids=urlencode)
@pytest.mark.parametrize("kind", DELIVERIES, ids=lambda kind: kind.ending)
def test_a_download_is_what_the_command_writes(
    archive: Path, site: Site, kind: Delivery, asked: dict[str, str]
) -> None:
    answer = site.get(f"/search.{kind.ending}", **asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind.media
    selection = read(asked)
    wanted = [row["id"] for row in expected(archive, selection)]
    assert answer.headers["x-tamdan-rows"] == str(len(wanted))
    if kind.format == "atom":
        assert len(feedparser.parse(answer.content).entries) == len(wanted)
        return
    assert ids(kind, answer.content) == wanted
    with Export(archive, Choice(selection=selection, format=kind.format, text="text" in asked)) as export:
        ours = b"".join(export.portions())
    same = read_sheet(ours) == read_sheet(answer.content) if kind.format == "xlsx" else ours == answer.content
    assert same  # a workbook tells when it was made


@pytest.mark.parametrize("kind", DELIVERIES, ids=lambda kind: kind.ending)
def test_texts_come_only_when_asked_for_and_the_desk_never(site: Site, kind: Delivery) -> None:
    with_texts, without = (site.get(f"/search.{kind.ending}", text=text).content for text in ("yes", "no"))
    told = [str(read_sheet(data)) if kind.format == "xlsx" else data.decode() for data in (with_texts, without)]
    assert ["by nobody in particular" in one for one in told] == [
        True,
        False,
    ]  # too far from the match to be in its quote
    assert CANARY not in "".join(told)


def test_the_names_of_the_columns_come_even_without_a_row(site: Site) -> None:
    head = site.get("/search.csv", q="nothing-has-this").text
    assert head == ",".join(column.name for column in COLUMNS) + "\n"


@pytest.mark.parametrize("path", ["/search.csv", "/search.xlsx", "/search.atom"])
def test_head_tells_the_rows_and_sends_none(site: Site, path: str) -> None:
    answer = site._runner.run(site.datasette.client.head(f"{path}?source=delta"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-tamdan-rows"] == "3"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "coverage.csv"),
        (
            {"campaign": "i-accept", "from": "2021-12-09", "to": "2021-12-16"},
            "coverage-i-accept-from-2021-12-09-to-2021-12-16.csv",
        ),
        ({"q": '"human rights" OR x\r\nX: 1', "weak": "no"}, "coverage-human-rights-OR-x-X-1-weak-no.csv"),
        ({"q": "សិទ្ធិ", "source": "../../etc"}, "coverage-etc.csv"),
        ({"query": "i-accept/slogan", "order": "oldest"}, "coverage-i-accept-slogan.csv"),
        ({"q": "a" * 900}, f"coverage-{'a' * 40}.csv"),
    ],
)
def test_a_file_is_named_by_what_was_asked(asked: dict[str, str], name: str) -> None:
    assert file_name(read(asked), "csv") == name


def test_a_download_is_kept_and_a_feed_is_read(site: Site) -> None:
    assert (
        site.get("/search.excel.csv", source="lotus").headers["content-disposition"]
        == 'attachment; filename="coverage-lotus.excel.csv"'
    )
    assert "content-disposition" not in site.get("/search.atom").headers


def test_a_feed_tells_its_own_address_and_leads_to_the_site(site: Site) -> None:
    read = feedparser.parse(site.get("/search.atom", q="សិទ្ធិ", lang="en").content)
    links = {link.rel: link.href for link in read.feed.links}
    assert links["self"] == "http://localhost/search.atom?" + urlencode({"q": "សិទ្ធិ", "lang": "en"})
    assert links["alternate"] == links["self"].replace(".atom", "")
    assert read.feed.title == "Tamdan: new coverage of សិទ្ធិ"
    assert re.fullmatch("http://localhost/article/a[0-9a-f]{16}", read.entries[0].link)


def test_the_address_of_the_site_counts_where_it_is_told(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    shutil.copy(archive, home / "data" / "archive.db")
    (home / "site.toml").write_text(
        '[site]\nname = "Coverage"\nname_km = "ព័ត៌មាន"\nurl = "https://coverage.example/"\n', encoding="utf-8"
    )
    with closing(Site(home / "data" / "archive.db")) as site:
        read = feedparser.parse(site.get("/search.atom").content)
    assert read.feed.title == "ព័ត៌មាន៖ ការផ្សាយព័ត៌មានថ្មី"
    assert {link.href for link in read.feed.links} == {
        "https://coverage.example/search.atom",
        "https://coverage.example/search",
    }
    assert read.entries[0].link.startswith("https://coverage.example/article/a")


# ---- what is refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"weak": "perhaps"},
        {"from": "2022-02-01", "to": "2022-01-01"},
        {"campaign": "x"},
        {"source": "x"},
        {"query": "slogan"},
    ],
    ids=urlencode,
)
@pytest.mark.parametrize("kind", DELIVERIES, ids=lambda kind: kind.ending)
def test_what_means_nothing_is_refused_on_a_page(site: Site, kind: Delivery, asked: dict[str, str]) -> None:
    answer = site.get(f"/search.{kind.ending}", **asked)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


def test_too_many_rows_for_a_sheet_are_refused_on_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.exports.export.MOST_ROWS", 5)
    assert site.get("/search.xlsx").status_code == 400
    assert site.get("/search.csv").status_code == 200


# ---- Datasette's own CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stock", "ours"),
    [
        ("/archive/coverage.csv", "/search.csv"),
        ("/archive/coverage.csv?_size=max&_stream=on&_sort_desc=published", "/search.csv"),
        ("/archive/article.csv?_size=max", "/search.csv"),
        (
            "/archive/coverage.csv?_search=ទន្លេ&source=lotus&weak=0&_facet=month",
            "/search.csv?" + urlencode({"q": "ទន្លេ", "source": "lotus", "weak": "no"}),
        ),
        (
            "/archive/coverage.csv?language__exact=en&published__gte=2022-01-01",
            "/search.csv?language=en&from=2022-01-01",
        ),
    ],
)
def test_the_csv_of_a_table_leads_to_one_that_has_every_row(site: Site, stock: str, ours: str) -> None:
    answer = site._runner.run(site.datasette.client.get(stock))
    assert (answer.status_code, answer.headers["location"]) == (303, ours)
    assert site._runner.run(site.datasette.client.get(ours)).status_code == 200


def test_the_csv_of_a_table_is_refused_where_a_filter_is_no_search(site: Site) -> None:
    answer = site.get("/archive/coverage.csv", month="2021-12", queries__arraycontains="rights")
    assert answer.status_code == 400
    assert "month, queries__arraycontains" in answer.text


# ---- who may have it ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*(f"/search.{kind.ending}" for kind in DELIVERIES), "/archive/coverage.csv"])
def test_nobody_has_a_file_who_may_not_see_the_archive(archive: Path, path: str) -> None:
    with closing(Site(archive)) as site:
        site.datasette._metadata_local["allow"] = {"id": "dara"}
        answer = site._runner.run(site.datasette.client.get(path))
        assert (answer.status_code, answer.content) == (303, b"")
        assert answer.headers["location"].startswith("/-/login?next=")


# ---- who takes it -------------------------------------------------------------------------------------------------------------------


async def taken(site: Site, send: Any, receive: Any) -> None:
    """Ask for all articles with their texts, and take the answer in a way of one's own."""
    scope = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "scheme": "http",
        "path": "/search.csv",
        "raw_path": b"/search.csv",
        "query_string": b"text=yes",
        "headers": [(b"host", b"localhost")],
        "client": None,
        "server": None,
    }
    await site.datasette.app()(scope, receive, send)


def test_a_client_that_stops_taking_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.site.downloads.PATIENCE", 0.05)
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> dict[str, Any]:
        return await asyncio.Event().wait()  # type: ignore[return-value]

    site._runner.run(asyncio.wait_for(taken(site, send, receive), 10))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[-1]["more_body"]


def test_nothing_is_read_for_a_client_that_is_gone(site: Site) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    site._runner.run(taken(site, send, receive))
    assert len(sent) < 3
    assert all(message.get("more_body", True) for message in sent)


def test_the_selection_of_a_page_is_that_of_its_downloads() -> None:
    assert read({"page": "3", "lang": "km", "text": "yes"}) == Selection()
