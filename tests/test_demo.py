"""The demo as a new user meets it: the crawl's verdict, the archive in a real browser, and files handed to a researcher."""

import html
import json
import re
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from csv import DictReader
from io import StringIO
from pathlib import Path
from shutil import which
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, sync_playwright

from archive.home import SHIPPED, Home
from archive.serve import command
from newsroom.demo import MARK
from newsroom.truth import Truth, load_truth
from pipelines.urls import fetch_url
from tests.crawling import Team, rows, tamdan
from tests.test_add_wire import Server, csrf, decided

pytestmark = pytest.mark.xdist_group("crawl")

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
COVERAGE = [row for row in load_truth() if row.kind == "coverage"]
HEADLINES = [row for row in load_truth() if row.kind == "headline"]


@pytest.fixture(scope="module")
def site(crawled: Team) -> Iterator[str]:
    """Give the address of the crawled archive, served as `tamdan serve` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = command(crawled.home.archive, SHIPPED / "datasette-metadata.json", port)
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield answered(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()


def answered(address: str, seconds: int = 20) -> str:
    for _ in range(seconds * 20):
        try:
            with urlopen(address):
                return address
        except URLError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Give a page of a real browser: the system's Chromium, else the one Playwright brought."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=CHROMIUM)
        yield browser.new_page()
        browser.close()


def found_by(site: str, form: str, words: str) -> list[dict[str, str]]:
    ending = "" if form == "html" else f".{form}"
    with urlopen(f"{site}/archive/coverage{ending}?_size=max&_search={quote(words)}") as answer:
        text = answer.read().decode("utf-8")
    if form == "html":
        return [{"url": html.unescape(address)} for address in re.findall(r'col-url[^>]*>\s*<a href="([^"]*)"', text)]
    if form == "csv":
        return list(DictReader(StringIO(text)))
    found = json.loads(text)
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def with_zero_width_spaces(text: str) -> str:
    return "\u200b".join(re.findall(r"[\u1780-\u17b3\u200b](?:\u17d2.|[\u17b6-\u17d1\u17d3\u17dd])*|.", text))


def mis_ordered(text: str) -> str:
    """Put a vowel before the subscript under its letter, and a sign before its vowel: it looks the same."""
    text = re.sub(r"(\u17d2[\u1780-\u17a2])([\u17b6-\u17c5])", r"\2\1", text)
    return re.sub(r"([\u17bb-\u17bd])(\u17c6)", r"\2\1", text)


@pytest.mark.parametrize("row", COVERAGE, ids=[f"{row.source} {row.title[:20]}" for row in COVERAGE])
def test_a_phrase_of_every_article_finds_it_however_it_is_typed(row: Truth, site: str, crawled: Team) -> None:
    url = fetch_url(crawled.newsroom.url(row.source) + row.target)
    for typed in (row.phrase, with_zero_width_spaces(row.phrase), mis_ordered(row.phrase)):
        for form in ("html", "json", "csv"):
            assert url in [one["url"] for one in found_by(site, form, typed)], (typed, form)


def test_the_disguises_really_change_what_is_typed() -> None:
    phrases = [row.phrase for row in COVERAGE if row.language == "km"]
    assert all(with_zero_width_spaces(phrase) != phrase for phrase in phrases)
    changed = [phrase for phrase in phrases if mis_ordered(phrase) != phrase]
    assert len(changed) >= 25
    assert all(unicodedata.normalize("NFC", mis_ordered(phrase)) != phrase for phrase in changed)


def test_a_reader_types_khmer_into_the_box_and_opens_what_it_found(site: str, page: Page, crawled: Team) -> None:
    page.goto(f"{site}/archive/coverage")
    page.fill("input[name=_search]", "ខ្ញុំទទួលយក")
    page.press("input[name=_search]", "Enter")
    shown = page.locator("table.rows-and-columns tbody tr")
    expected = len(found_by(site, "json", "ខ្ញុំទទួលយក"))
    assert shown.count() == expected > 5
    address = shown.first.locator("td.col-url a").get_attribute("href")
    assert address
    with urlopen(address) as answer:
        assert answer.status == 200
    assert any(address.startswith(crawled.newsroom.url(source)) for source in crawled.newsroom.sources())


def test_the_table_of_articles_is_searched_alike(site: str, page: Page) -> None:
    page.goto(f"{site}/archive/article?_search={quote(mis_ordered('សិទ្ធិមនុស្ស'))}")
    assert page.locator("table.rows-and-columns tbody tr").count() >= 5


def test_nothing_comes_from_a_third_party_and_nothing_fails(site: str, page: Page) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    for path in ("/", "/archive", "/archive/coverage", "/archive/coverage?_facet=language"):
        page.goto(site + path)
    assert asked
    assert not [url for url in asked if not url.startswith(site)]
    assert not wrong


def test_the_demo_finds_every_expected_article_and_leaves_a_home_that_can_be_used(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = run("demo", "--once", "--dir", str(folder))
    assert done.returncode == 0, done.stderr
    assert (
        f"Found {len(COVERAGE)} of {len(COVERAGE)} articles that belong to the campaign, and 0 that do not."
        in done.stderr
    )
    by_headline = sum(row.matches_in_title for row in COVERAGE if row.row)
    told = re.search(r"(\d+) of 14 headlines match by themselves, (\d+) of 14 with their page", done.stderr)
    assert told
    assert by_headline <= int(told[1]) < 14 == int(told[2])

    exported = run("--home", str(folder), "export", "-o", str(tmp_path / "coverage.csv"))
    assert exported.returncode == 0
    counted = f"{len(COVERAGE) + len(HEADLINES)} rows; {len(COVERAGE)} articles in {len(COVERAGE) - 1} distinct stories; {len(HEADLINES)} headlines only"
    assert counted in exported.stderr
    again = run("demo", "--once", "--dir", str(folder))
    assert again.returncode == 0
    assert (folder / MARK).exists()


def test_the_form_of_the_demo_fetches_from_the_newsroom_and_its_end_leaves_no_server_behind(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "tamdan", "demo", "--dir", str(tmp_path / "demo"), "--port", str(port)]
    said = tmp_path / "said"
    with said.open("wb") as told, subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=told) as demo:
        answered(f"http://127.0.0.1:{port}", seconds=60)
        server = Server(Home(tmp_path / "demo"), demo.pid, port, {"tamdan_language": "en", **csrf(port)})
        password = re.search(r"the password (\w+)", said.read_text(encoding="utf-8"))
        assert password
        server.log_in("demo", password[1])
        unmatched = rows(server.home.crawl, "select url from page where outcome = 'no match' order by id limit 1")[0][
            "url"
        ]
        server.send("/add", {"token": "cd" * 16, "url": unmatched})
        assert "It is in the archive." in decided(server, f"/added/{'cd' * 16}")
        demo.terminate()
        assert demo.wait(20) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    kept = tmp_path / "notes.txt"
    kept.write_text("mine", encoding="utf-8")
    done = run("demo", "--once", "--dir", str(tmp_path))
    assert done.returncode == 2
    assert "not a demo's" in done.stderr
    assert kept.read_text(encoding="utf-8") == "mine"


def test_an_export_of_the_crawl_agrees_with_the_coverage(crawled: Team, tmp_path: Path) -> None:
    target = tmp_path / "coverage.csv"
    done = tamdan(crawled.home, "export", "-o", str(target))
    assert done.returncode == 0, done.stderr
    with target.open(encoding="utf-8", newline="") as file:
        exported = {row["id"]: row for row in DictReader(file)}
    kept = {row["id"]: row for row in crawled.rows("select * from coverage")}
    assert exported.keys() == kept.keys()
    for key, row in exported.items():
        for name in ("url", "title", "published", "quote", "status", "published_origin", "language"):
            assert row[name] == (kept[key][name] or "")
        assert row["queries"] == "; ".join(json.loads(kept[key]["queries"]))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tamdan", *words], capture_output=True, text=True, check=False, timeout=120
    )
