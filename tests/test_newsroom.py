"""The newsroom serves what its truth says, and is as awkward as it claims to be."""

import gzip
import html
import re
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import unquote, urlsplit

import pytest

from newsroom.server import Newsroom
from newsroom.site import Story, load_sites
from newsroom.truth import Truth, load_truth

TRUTH = load_truth()
STORIES = {(site.id, story.path): story for site in load_sites() for story in site.stories}
OPEN = [site for site in load_sites() if site.status == "open"]
NAMES = {row: f"{row.source}{row.path}" for row in TRUTH}
QUERIES = {"slogan", "same-sex-love", "marriage", "lgbt", "gender", "rock", "declaration", "derogatory"}
# What can look the same on screen; each kind must be on some page.
DISGUISES = {
    "ZWSP inside words", "doubled ZWSP", "ZWNJ inside words", "ZWJ inside words", "word joiner", "byte order mark",
    "soft hyphen", "coeng DA for TA", "split vowel oo", "split vowel oo reversed", "split vowel oe",
    "vowel before coeng", "vowel e before coeng", "vowel e before coeng RO", "coeng RO before another coeng",
    "am before aa", "am before u", "vowel and sign before coeng", "reahmuk before vowel", "shifter after vowel",
    "shifter typed as u", "shifter typed as u after the vowel", "shifter typed as u on MO",
    "MUUSIKATOAN for TRIISAP on BA", "robat after vowel", "doubled vowel", "doubled bantoc", "doubled coeng sign",
    "deprecated QAQ", "deprecated 17A3", "inherent vowel 17B4", "inherent vowel 17B5", "QOO 17B2 for 17B1",
    "ASCII digits", "NBSP for a space", "LO for LA", "marriage without its tandakheat", "space inside the slogan",
    "<wbr> inside words", "<b> inside words", "numeric character references",
    "non-breaking hyphen", "អោយ for ឱ្យ",
}  # fmt: skip


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


def ask(url: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """One request on a connection of its own; header names with _ for -."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def source_of(story: Story) -> str:
    """All that the story itself prints, as it stands in its source."""
    return "\n".join([story.title, story.heading, story.body, story.summary, story.caption, *story.tags])


def test_every_story_has_its_truth_and_every_truth_its_story() -> None:
    closed = {(row.source, row.path) for row in TRUTH if row.status == 410}
    assert len(closed) == 1
    assert {(row.source, row.path) for row in TRUTH} - closed == set(STORIES)
    assert len(TRUTH) == len(STORIES) + 1


@pytest.mark.parametrize("row", TRUTH, ids=NAMES.get)
def test_a_page_answers_as_the_truth_says(newsroom: Newsroom, row: Truth) -> None:
    answer, body = ask(newsroom.url(row.source) + row.target)
    assert answer.status == row.status
    if row.status == 200:
        assert "charset" in answer.headers["Content-Type"].lower()
        assert STORIES[row.source, row.path].title in html.unescape(body.decode())


@pytest.mark.parametrize("row", [row for row in TRUTH if row.listed_as], ids=NAMES.get)
def test_a_moved_story_is_reached_from_its_old_address(newsroom: Newsroom, row: Truth) -> None:
    answer, _ = ask(newsroom.url(row.source) + row.listed_as)
    assert (answer.status, answer.headers["Location"]) == (301, newsroom.url(row.source) + row.target)


def listed(newsroom: Newsroom, source: str) -> set[str]:
    """Every address that the source's configured listings name, one percent-encoding, paths only."""
    table = next(table for table in tomllib.loads(newsroom.sources_toml())["source"] if table["id"] == source)
    waiting, seen, found = [listing["url"] for listing in table["listing"]], set(), set()
    while waiting:
        url = waiting.pop()
        seen.add(url)
        for link in links(newsroom.url(source), url):
            path = unquote(link.removeprefix(newsroom.url(source)))
            found.add(path)
            if re.search(r"sitemap|start=|&p=", path) and link not in seen:
                waiting.append(link)
    return found


def links(base: str, url: str) -> list[str]:
    answer, body = ask(url)
    assert answer.status == 200
    text = html.unescape((gzip.decompress(body) if url.endswith(".gz") else body).decode())
    found = re.findall(r'href="([^"]+)"|<loc>([^<]+)</loc>|<link>([^<]+)</link>', text)
    addresses = ["".join(groups) for groups in found]
    return [base + address if address.startswith("/") else address for address in addresses]


@pytest.mark.parametrize("source", [site.id for site in OPEN])
def test_the_listings_name_every_story(newsroom: Newsroom, source: str) -> None:
    wanted = {row.listed_as or row.path for row in TRUTH if row.source == source}
    assert wanted <= listed(newsroom, source)


def views() -> list[tuple[str, str]]:
    return [(site.id, view.path) for site in OPEN for view in site.view if view.validators]


@pytest.mark.parametrize(("source", "path"), views())
def test_a_listing_that_did_not_change_answers_304(newsroom: Newsroom, source: str, path: str) -> None:
    url = newsroom.url(source) + path
    first, _ = ask(url)
    by_tag, empty = ask(url, If_None_Match=first.headers["ETag"])
    by_day, _ = ask(url, If_Modified_Since=first.headers["Last-Modified"])
    older, _ = ask(url, If_Modified_Since="Wed, 01 Jun 2022 00:00:00 GMT")
    other, _ = ask(url, If_None_Match='W/"another"')
    assert (first.status, by_tag.status, by_day.status, older.status, other.status) == (200, 304, 304, 200, 200)
    assert empty == b""


def test_an_unknown_address_gets_the_sites_own_404_page_and_the_closed_source_gives_nothing(newsroom: Newsroom) -> None:
    closed = newsroom.url("anlong-voice")
    assert {ask(closed + path)[0].status for path in ("/", "/feed/", "/robots.txt")} == {410}
    for site in OPEN:
        answer, body = ask(newsroom.url(site.id) + "/no/such/page")
        assert answer.status == 404
        assert "2015-2024" in body.decode()


def test_gzip_is_sent_only_when_asked_for_and_head_sends_no_body(newsroom: Newsroom) -> None:
    url = newsroom.url("kirirom-news") + "/feed/"
    _, plain = ask(url)
    answer, packed = ask(url, Accept_Encoding="gzip, deflate")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    answer, nothing = ask(url, "HEAD")
    assert (int(answer.headers["Content-Length"]), nothing) == (len(plain), b"")


def test_one_connection_serves_many_requests_and_all_are_noted() -> None:
    with Newsroom() as running:
        connection = HTTPConnection(urlsplit(running.url("champei")).netloc, timeout=5)
        for target in ("/robots.txt", "/?page=list", "/gone"):
            connection.request("GET", target)
            connection.getresponse().read()
        connection.close()
        noted = running.requests
    assert noted == [
        ("champei", "GET", "/robots.txt", 200),
        ("champei", "GET", "/?page=list", 200),
        ("champei", "GET", "/gone", 404),
    ]


def test_the_same_ports_give_the_same_bytes() -> None:
    def everything(running: Newsroom) -> list[tuple[list[tuple[str, str]], bytes]]:
        answers = [ask(running.url(source) + path) for source, path in views()]
        answers += [ask(running.url(row.source) + row.target) for row in TRUTH]
        return [(answer.getheaders(), body) for answer, body in answers]

    with Newsroom() as first:
        ports = [int(first.url(source).rpartition(":")[2]) for source in first.sources()]
        before = everything(first)
    with Newsroom(ports) as second:
        assert everything(second) == before


def test_the_command_prints_the_addresses_and_ends_on_ctrl_c() -> None:
    with subprocess.Popen([sys.executable, "-m", "newsroom"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in load_sites()]
        status = ask(dict(lines)["champei"])[0].status
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert status == 200


def test_a_port_in_use_is_told_and_leaves_no_server_behind(newsroom: Newsroom) -> None:
    taken = int(newsroom.url("champei").rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), Newsroom([0, taken, 0, 0, 0, 0, 0, 0]):
        pass
    with pytest.raises(ValueError, match="8 sources and was given 1"):
        Newsroom([0])


def test_the_sources_file_names_every_source_at_its_running_address(newsroom: Newsroom) -> None:
    tables = tomllib.loads(newsroom.sources_toml())["source"]
    assert [table["id"] for table in tables] == newsroom.sources()
    assert [table["status"] for table in tables].count("closed") == 1
    for table in tables:
        assert f"http://{table['domains'][0]}" == newsroom.url(table["id"])
        assert all(listing["url"].startswith(newsroom.url(table["id"]) + "/") for listing in table["listing"])
    assert {listing["kind"] for table in tables for listing in table["listing"]} == {"feed", "sitemap", "section"}


def test_robots_forbids_the_folder_of_the_forbidden_story(newsroom: Newsroom) -> None:
    forbidden = [row for row in TRUTH if row.forbidden]
    assert len(forbidden) == 1
    _, rules = ask(newsroom.url(forbidden[0].source) + "/robots.txt")
    assert f"Disallow: /{forbidden[0].path.split('/')[1]}/" in rules.decode()
    assert {ask(newsroom.url(site.id) + "/robots.txt")[0].status for site in OPEN} == {200}


def test_there_is_enough_of_every_kind() -> None:
    kinds = Counter(row.kind for row in TRUTH)
    assert len(TRUTH) >= 64
    assert kinds["coverage"] >= 36
    assert kinds["trap"] >= 20
    assert len(OPEN) >= 7
    queries = Counter(query for row in TRUTH for query in row.queries)
    assert set(queries) == QUERIES
    assert Counter(row.language for row in TRUTH)["en"] >= 15
    assert sum(row.weak for row in TRUTH) >= 4
    assert {row.published_origin for row in TRUTH} == {"", "json-ld", "meta", "time", "by-line", "listing"}


def test_all_fourteen_headlines_are_there_and_marked_as_demo_text() -> None:
    rows = {row.row: row for row in TRUTH if row.row is not None}
    assert sorted(rows) == list(range(1, 15))
    for row in rows.values():
        assert row.title == STORIES[row.source, row.path].title
        opening = STORIES[row.source, row.path].body[:250]
        assert re.search("សាកល្បង|គំរូ|បង្ហាញ|ប្រឌិត|demonstration", opening), row.path
    assert rows[2].title == rows[6].title
    assert rows[2].source != rows[6].source


def test_the_truth_is_clean_and_only_coverage_has_queries() -> None:
    for row in TRUTH:
        assert bool(row.queries) == (row.kind in ("coverage", "headline")), row.path
        assert row.queries <= QUERIES
        assert bool(row.why) >= (row.kind in ("trap", "headline"))
        assert bool(row.phrase) == (row.kind != "other")
        assert not set("\u200b\u200c\u200d\u2060\ufeff\u00ad\u17b4\u17b5") & set(row.title + row.phrase), row.path


def test_every_body_is_its_own() -> None:
    paragraphs = Counter(
        paragraph.strip()
        for row in TRUTH
        if row.row != 6 and (row.source, row.path) in STORIES  # row 6 is row 2 again, at a second source
        for paragraph in re.split(r"</?p>|<br><br>|\n", STORIES[row.source, row.path].body)
        if len(paragraph) > 30
    )
    assert not [paragraph for paragraph, times in paragraphs.items() if times > 1]
    assert len(paragraphs) > 250


@pytest.mark.parametrize("row", [row for row in TRUTH if row.disguises], ids=NAMES.get)
def test_a_disguise_is_on_the_page_and_its_clean_form_is_not(newsroom: Newsroom, row: Truth) -> None:
    story = source_of(STORIES[row.source, row.path])
    _, body = ask(newsroom.url(row.source) + row.target)
    for disguise in row.disguises:
        assert disguise.printed != disguise.plain
        assert disguise.printed in body.decode(), disguise.kind
        assert disguise.plain not in story, disguise.kind


def test_every_kind_of_disguise_occurs_and_an_emoji_with_its_joiner() -> None:
    assert {disguise.kind for row in TRUTH for disguise in row.disguises} == DISGUISES
    assert any("\U0001f3f3\ufe0f\u200d\U0001f308" in story.body for story in STORIES.values())


@pytest.mark.parametrize(
    "row", [row for row in TRUTH if re.search("comment|ticker|marquee|related", row.why)], ids=NAMES.get
)
def test_a_trap_in_the_furniture_is_on_the_page_and_not_in_the_story(newsroom: Newsroom, row: Truth) -> None:
    _, body = ask(newsroom.url(row.source) + row.target)
    assert row.phrase in html.unescape(body.decode())
    assert row.phrase not in source_of(STORIES[row.source, row.path])


@pytest.mark.parametrize("row", [row for row in TRUTH if row.weak and row.kind == "coverage"], ids=NAMES.get)
def test_weak_words_stand_outside_headline_and_text(row: Truth) -> None:
    story = STORIES[row.source, row.path]
    assert row.phrase in " ".join([story.summary, story.caption, *story.tags])
    assert row.phrase not in story.title + story.body


@pytest.mark.parametrize("row", [row for row in TRUTH if row.kind == "coverage" and not row.disguises], ids=NAMES.get)
def test_the_phrase_of_an_undisguised_story_is_in_it(row: Truth) -> None:
    story = html.unescape(source_of(STORIES[row.source, row.path])).replace("\u00a0", " ")
    assert row.phrase in story


def test_every_page_carries_other_stories_headlines_and_the_wrong_year(newsroom: Newsroom) -> None:
    for site in OPEN:
        titles = [story.title for story in site.stories]
        for story in (story for story in site.stories if story.status == 200):
            row = next(row for row in TRUTH if (row.source, row.path) == (site.id, story.path))
            text = html.unescape(ask(newsroom.url(site.id) + row.target)[1].decode())
            assert sum(title in text for title in titles if title != story.title) >= 6, story.path
            assert "2015-2024" in text
