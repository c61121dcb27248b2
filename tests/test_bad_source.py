"""Sources and articles as bad as they come, all in one crawl beside a good one: each gets a clear word, and nothing is lost."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.home import Home
from crawlers.spiders.coverage import LISTINGS_PER_RUN
from newsroom.server import Newsroom
from tests.crawling import home_with, rows, start, tamdan
from tests.hostile import DATED, TEXT, page, refused_url, reply
from tests.outlets import GOOD, Outlet, declared, good_coverage, good_source, item, outlets, rss, urlset, xml

pytestmark = pytest.mark.xdist_group("crawl")

MANY = 10_000
SHARE = 20
"""Articles fetched from one source in this run."""

ABOUT = f"{TEXT}<p>The LGBT groups of the town came too.</p>"
KHMER = f"{TEXT}<p>សមភាពអាពាហ៍ពិពាហ៍ ជាសិទ្ធិរបស់មនុស្សគ្រប់រូប</p>"


class Bad(NamedTuple):
    """A source whose listing is bad, and the word that names what is."""

    id: str
    path: str
    word: str
    kind: str = "feed"


BAD = (
    Bad("hangs", "hang", "timeout"),
    Bad("forbids", "403", "refused (403)"),
    Bad("too-many", "429", "too many requests (429)"),
    Bad("breaks", "500", "server error (500)"),
    Bad("missing", "404", "missing (404)"),
    Bad("cut-short", "wrong-length", "cut short"),
    Bad("no-http", "not-http", "connection failed"),
    Bad("bad-packing", "bad-gzip", "unreadable encoding"),
    Bad("packing-bomb", "gzip-bomb", "too large"),
    Bad("fifty-mb", "body-50-mb", "too large"),
    Bad("loops", "redirect-loop", "too many redirects"),
    Bad("page-for-feed", "feed-html", "a web page instead of a feed"),
    Bad("empty-feed", "feed-empty", "a feed without entries"),
    Bad("no-bytes", "feed-zero-bytes", "an empty answer instead of a feed"),
    Bad("broken-feed", "broken", "broken XML"),
    Bad("half-feed", "half", "broken XML"),
    Bad("lead-away", "away", "every link leads away from"),
    Bad("page-for-map", "feed-html", "a web page instead of a sitemap", "sitemap"),
    Bad("empty-map", "empty-map", "a sitemap without entries", "sitemap"),
    Bad("broken-map", "broken-map", "broken XML", "sitemap"),
    Bad("half-map", "half-map", "broken XML", "sitemap"),
    Bad("packed-wrong", "map-gz", "a gzip file that does not unpack", "sitemap"),
    Bad("bare-page", "good", "no article link is found", "section"),
    Bad("overloaded", "attributes-300000", "more than 2,000 attributes", "section"),
)

LISTINGS = {
    "/broken": xml("<rss version='2.0'><channel><item><title>No"),
    "/half": xml(rss([item("/story/1"), item("/story/2")])[:-18]),
    "/away": xml(rss([item("https://elsewhere.example/1")])),
    "/empty-map": xml(urlset(())),
    "/broken-map": xml("<urlset><url><loc>http://"),
    "/map-gz": reply(200, "application/gzip", b"\x1f\x8b this is not gzip"),
}

ARTICLES = {
    "missing": reply(404, "text/html", b"<h1>Not found</h1>"),
    "no-text": page("A title", text=""),
    "wall": page("Just a moment...", text=""),
    "no-date": page("Of no day", text=ABOUT),
    "future": page("Of tomorrow", DATED.format("2999-01-01T00:00:00Z"), ABOUT),
    "year-1": page("Of old", DATED.format("0001-01-01T00:00:00Z"), ABOUT),
    "charset": reply(
        200,
        "text/html; charset=windows-1252",
        f"<html><head><title>Of letters</title></head><body><article><h1>Of letters</h1>{KHMER}</article></body></html>".encode(),
    ),
}


@dataclass(frozen=True)
class Crawled:
    """What a crawl of all of them said and left."""

    home: Home
    servers: dict[str, Outlet]
    code: int
    err: str
    seconds: float
    peak: int
    """Bytes of memory the crawl's own process took at most."""

    def line(self, source: str) -> str:
        """Give what the summary says about a source."""
        return next(line for line in self.err.splitlines() if line.split(" ")[0] == source)

    def ledger(self, source: str, column: str = "outcome") -> list[str]:
        """Give a column of a source's links."""
        return [
            row[column] for row in rows(self.home.crawl, "select * from page order by id") if row["source"] == source
        ]


@pytest.fixture(scope="module")
def crawled_all(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Crawl every bad source and the good one, once."""
    names = [bad.id for bad in BAD] + ["feed-10000", "map-10000", "articles", "robots-500", "fans-out"]
    with outlets(dict.fromkeys(names, LISTINGS)) as servers:
        home = home_of_all(tmp_path_factory.mktemp("bad") / "home", newsroom, servers)
        began = time.monotonic()
        process = start(home, "crawl", "--allow-private")
        peak = watched(process.pid)
        _, err = process.communicate(timeout=60)
        yield Crawled(home, servers, process.returncode, err, time.monotonic() - began, peak)


def home_of_all(folder: Path, newsroom: Newsroom, servers: dict[str, Outlet]) -> Home:

    servers["half-map"].pages["/half-map"] = xml(urlset([f"{servers['half-map'].root}/story/1"])[:-5])
    servers["map-10000"].pages["/map"] = xml(urlset(f"{servers['map-10000'].root}/story/{n}" for n in range(MANY)))
    servers["articles"].pages |= {f"/a/{name}": answer for name, answer in ARTICLES.items()}
    servers["articles"].pages["/feed"] = xml(rss([*(item(f"/a/{name}") for name in ARTICLES), item("/body-50-mb")]))
    servers["fans-out"].pages |= fan(servers["fans-out"].root)
    servers["robots-500"].robots = reply(500, "text/plain", b"")
    tables = [
        f"[crawl]\ndelay = 0\ntimeout = 2\npages_per_run = {SHARE}\n",
        good_source(newsroom),
        declared("refuses", refused_url()),
        *(declared(bad.id, f"{servers[bad.id].root}/{bad.path}", bad.kind) for bad in BAD),
        declared("feed-10000", servers["feed-10000"].url("feed-10000")),
        declared("map-10000", f"{servers['map-10000'].root}/map", "sitemap"),
        declared("fans-out", f"{servers['fans-out'].root}/index", "sitemap"),
        declared("articles", f"{servers['articles'].root}/feed"),
        declared("robots-500", f"{servers['robots-500'].root}/feed"),
    ]
    return home_with(folder, "\n".join(tables))


def watched(pid: int) -> int:
    """Wait until a process has ended; gives the most memory it took, 0 where the system does not tell."""
    peak = 0
    status = Path(f"/proc/{pid}/status")
    while status.exists():
        told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        if "VmHWM" not in told:  # it ended
            break
        peak = int(told["VmHWM"].split()[0]) * 1024
        time.sleep(0.05)
    return peak


# ---- the crawl as a whole ---------------------------------------------------------------------------------------------------------


def test_the_crawl_ends_with_exit_code_1_without_a_traceback_and_in_time(crawled_all: Crawled) -> None:
    assert crawled_all.code == 1, crawled_all.err
    assert "Traceback" not in crawled_all.err
    assert crawled_all.seconds < 45


def test_the_log_has_no_error_of_our_own(crawled_all: Crawled) -> None:
    log = crawled_all.home.data / "crawl.log"
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_the_good_source_beside_them_is_crawled_whole(crawled_all: Crawled, newsroom: Newsroom) -> None:
    kept = rows(crawled_all.home.archive, f"select url from coverage where status = 'read' and source = '{GOOD}'")
    assert {row["url"] for row in kept} == good_coverage(newsroom)
    assert crawled_all.line(GOOD).split()[1] == "fine:"
    assert set(crawled_all.ledger(GOOD, "state")) == {"done"}


# ---- listings ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", BAD, ids=[bad.id for bad in BAD])
def test_a_bad_listing_is_named_with_its_address_and_what_is_wrong(bad: Bad, crawled_all: Crawled) -> None:
    line = crawled_all.line(bad.id)
    assert f"{crawled_all.servers[bad.id].root}/{bad.path}" in line
    assert bad.word in line


def test_a_source_that_refuses_connections_is_named(crawled_all: Crawled) -> None:
    assert "connection refused" in crawled_all.line("refuses")


def test_a_source_whose_robots_txt_is_broken_is_not_asked_for_anything_else(crawled_all: Crawled) -> None:
    assert "robots.txt unavailable" in crawled_all.line("robots-500")
    assert set(crawled_all.servers["robots-500"].requests) == {"/robots.txt"}


def test_what_the_summary_says_is_in_the_archive_too(crawled_all: Crawled) -> None:
    verdicts = {row["source"]: row["verdict"] for row in rows(crawled_all.home.archive, "select * from run_source")}
    assert [bad.id for bad in BAD if bad.word not in verdicts[bad.id]] == []
    assert verdicts[GOOD] == "fine"


@pytest.mark.parametrize(("source", "found"), [("half-feed", 2), ("half-map", 1)])
def test_what_can_be_read_of_broken_xml_is_read(source: str, found: int, crawled_all: Crawled) -> None:
    assert f"{found} new links, {found} read" in crawled_all.line(source)


def test_a_source_that_answers_429_is_asked_once_and_then_left_alone(crawled_all: Crawled) -> None:
    assert crawled_all.servers["too-many"].requests == ["/robots.txt", "/429"]


@pytest.mark.parametrize("source", ["feed-10000", "map-10000"])
def test_of_ten_thousand_links_all_are_in_the_ledger_and_a_runs_share_is_fetched(
    source: str, crawled_all: Crawled
) -> None:
    server = crawled_all.servers[source]
    states = crawled_all.ledger(source, "state")
    assert (len(states), states.count("done")) == (MANY, SHARE)
    assert len([path for path in server.requests if path.startswith("/story/")]) == SHARE
    assert f"{SHARE} read" in crawled_all.line(source)
    assert f"{MANY - SHARE} left for the next run" in crawled_all.line(source)


def test_memory_stays_sane(crawled_all: Crawled) -> None:
    assert crawled_all.peak < 400 * 1024 * 1024


def fan(root: str) -> dict[str, bytes]:
    """Give an index of 130 sitemaps, each with a story of its own."""
    names = [f"map-{number}" for number in range(130)]
    index = (
        "<sitemapindex>" + "".join(f"<sitemap><loc>{root}/{name}</loc></sitemap>" for name in names) + "</sitemapindex>"
    )
    return {"/index": xml(index)} | {f"/{name}": xml(urlset([f"{root}/story/{name}"])) for name in names}


def test_an_index_of_many_sitemaps_is_read_over_several_runs_and_that_is_said(crawled_all: Crawled) -> None:
    asked = [path for path in crawled_all.servers["fans-out"].requests if path.startswith("/map-")]
    assert len(asked) == len(set(asked)) == LISTINGS_PER_RUN - 1
    assert "31 listing pages left for the next run" in crawled_all.line("fans-out")


# ---- articles ---------------------------------------------------------------------------------------------------------------------


def outcomes(crawled: Crawled) -> dict[str, str]:
    urls = crawled.ledger("articles", "url")
    return {url.rpartition("/")[2]: outcome for url, outcome in zip(urls, crawled.ledger("articles"), strict=True)}


def test_every_article_has_its_outcome_in_the_ledger(crawled_all: Crawled) -> None:
    assert outcomes(crawled_all) == {
        "missing": "missing (404)",
        "no-text": "no text",
        "no-date": "matched",
        "future": "matched",
        "year-1": "matched",
        "charset": "matched",
        "body-50-mb": "too large",
        "wall": "bot challenge",
    }
    assert crawled_all.ledger("articles", "state").count("found") == 1  # the one behind the wall is asked for again


def test_the_summary_counts_what_could_not_be_read(crawled_all: Crawled) -> None:
    line = crawled_all.line("articles")
    assert "4 read, 4 matched, 4 failed" in line
    assert [
        word for word in ("1 missing (404)", "1 no text", "1 too large", "1 bot challenge") if word not in line
    ] == []


@pytest.mark.parametrize("name", ["no-date", "future", "year-1"])
def test_a_date_that_cannot_be_is_none(name: str, crawled_all: Crawled) -> None:
    url = f"{crawled_all.servers['articles'].root}/a/{name}"
    kept = rows(crawled_all.home.archive, f"select published, published_origin from coverage where url = '{url}'")
    assert kept == [{"published": None, "published_origin": None}]


def test_an_article_in_another_charset_than_it_says_is_read_in_the_right_one(crawled_all: Crawled) -> None:
    url = f"{crawled_all.servers['articles'].root}/a/charset"
    kept = rows(crawled_all.home.archive, f"select quote, queries from coverage where url = '{url}'")
    assert "សមភាពអាពាហ៍ពិពាហ៍" in kept[0]["quote"]


# ---- the run after it -------------------------------------------------------------------------------------------------------------


def test_a_mended_listing_is_read_in_the_next_run_and_the_sitemaps_of_an_index_once_in_each(tmp_path: Path) -> None:
    with outlets({"mends": {"/story/1": reply(503, "text/html", b"")}, "maps": {}}) as servers:
        mends, maps = servers["mends"], servers["maps"]
        maps.pages |= indexed(maps.root)
        mends.pages["/feed"] = reply(500, "text/html", b"")
        tables = (declared("mends", f"{mends.root}/feed"), declared("maps", f"{maps.root}/index", "sitemap"))
        home = home_with(tmp_path / "home", "\n".join(("[crawl]", "delay = 0", *tables)))
        assert "server error (500)" in tamdan(home, "crawl", "--allow-private").stderr
        mends.pages["/feed"] = xml(rss([item("/story/1"), item("/story/2")]))
        second = tamdan(home, "crawl", "--allow-private")
        assert second.returncode == 0, second.stderr
        assert (
            "2 new links, 1 read, 0 matched, 1 failed (1 server error (503)), 1 left for the next run" in second.stderr
        )
        assert [maps.requests.count(f"/map-{number}") for number in range(3)] == [2, 2, 2]
        assert [maps.requests.count(f"/story/{number}") for number in range(3)] == [1, 1, 1]


def indexed(root: str) -> dict[str, bytes]:
    """Give a sitemap index that tells no days, and its three sitemaps with a story each."""
    children = "".join(f"<sitemap><loc>{root}/map-{number}</loc></sitemap>" for number in range(3))
    maps = {f"/map-{number}": xml(urlset([f"{root}/story/{number}"])) for number in range(3)}
    return {"/index": xml(f"<sitemapindex>{children}</sitemapindex>"), **maps}
