"""What `tamdan status` says of a source, from what the ledger remembers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.database import open_reader, open_writer
from archive.health import Health, health
from archive.migrate import migrate
from archive.model import Link, Listing, Source
from crawlers.frontier import Frontier, Poll, Validators
from crawlers.listings import Child, Listed

NOW = datetime(2024, 3, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = Listing(kind="feed", url="https://lotus.example/feed")
MAP = Listing(kind="sitemap", url="https://lotus.example/map")
LOTUS = Source(id="lotus", name="Lotus", languages=("km",), domains=("lotus.example",), listing=(FEED, MAP))
CLOSED = replace(LOTUS, id="shut", status="closed")
NOWHERE = replace(LOTUS, id="nowhere", listing=())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    migrate(tmp_path / "crawl.db", "crawl")
    return tmp_path / "crawl.db"


@pytest.fixture
def frontier(path: Path) -> Iterator[Frontier]:
    with closing(open_writer(path)) as connection:
        yield Frontier(connection)


def judged(path: Path, source: Source = LOTUS) -> Health:
    with closing(open_reader(path)) as connection:
        return health(connection, [source])[0]


def polls(frontier: Frontier) -> tuple[Poll, Poll]:
    feed, sitemap = frontier.polls(LOTUS)[:2]
    return feed, sitemap


def answered(frontier: Frontier, poll: Poll, now: datetime, *names: int) -> None:
    frontier.record(poll, Listed(), [Link(url=f"https://lotus.example/{name}") for name in names], Validators(), now)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [(LOTUS, "never crawled"), (CLOSED, "not crawled (closed)"), (NOWHERE, "not crawled (open)")],
)
def test_before_any_crawl_a_source_is_judged_by_its_declaration(source: Source, verdict: str, path: Path) -> None:
    unknown = Health(source=source, answered_at=None, newest_at=None, waiting=0, troubles=())
    assert [health(None, [source]), judged(path, source)] == [[unknown], unknown]
    assert unknown.verdict == verdict


def test_a_source_that_answers_is_fine(path: Path, frontier: Frontier) -> None:
    for poll in polls(frontier):
        answered(frontier, poll, NOW, 1, 2)
    assert judged(path) == Health(source=LOTUS, answered_at=NOW, newest_at=NOW, waiting=2, troubles=())
    assert judged(path).verdict == "fine"


def test_the_last_new_link_is_told_apart_from_the_last_answer(path: Path, frontier: Frontier) -> None:
    feed, sitemap = polls(frontier)
    answered(frontier, feed, NOW, 1)
    answered(frontier, sitemap, NOW)
    answered(frontier, feed, NOW + DAY, 1)
    frontier.unchanged(feed, NOW + 2 * DAY)
    assert (judged(path).newest_at, judged(path).answered_at) == (NOW, NOW + 2 * DAY)


def test_what_is_done_or_given_up_no_longer_waits(path: Path, frontier: Frontier) -> None:
    feed, _ = polls(frontier)
    answered(frontier, feed, NOW, 1, 2, 3)
    first, second, _ = frontier.lease("lotus", "run", 3, NOW)
    frontier.done(first, "no match", NOW)
    frontier.put_back(second, "timeout", NOW)
    assert judged(path).waiting == 2


def test_a_listing_that_fails_is_named_until_it_answers_again(path: Path, frontier: Frontier) -> None:
    feed, sitemap = polls(frontier)
    answered(frontier, feed, NOW, 1)
    answered(frontier, sitemap, NOW)
    frontier.unanswered(feed, "refused (403)", NOW + DAY)
    frontier.unanswered(sitemap, "timeout", NOW + DAY)
    assert judged(path).verdict == "https://lotus.example/feed: refused (403); https://lotus.example/map: timeout"
    assert judged(path).answered_at == NOW
    frontier.unchanged(feed, NOW + 2 * DAY)
    answered(frontier, sitemap, NOW + 2 * DAY)
    assert judged(path).verdict == "fine"


def test_a_listing_that_never_answered_is_named(path: Path, frontier: Frontier) -> None:
    frontier.unanswered(polls(frontier)[0], "connection refused", NOW)
    assert judged(path).verdict == "https://lotus.example/feed: connection refused"


def test_a_listing_that_was_taken_out_is_no_trouble(path: Path, frontier: Frontier) -> None:
    frontier.unanswered(polls(frontier)[0], "missing (404)", NOW)
    answered(frontier, polls(frontier)[1], NOW)
    assert judged(path, replace(LOTUS, listing=LOTUS.listing[1:])).verdict == "fine"


def test_a_sitemap_that_was_not_asked_yet_is_no_trouble(path: Path, frontier: Frontier) -> None:
    _, sitemap = polls(frontier)
    frontier.record(sitemap, Listed(children=(Child(url="https://lotus.example/map-1"),)), (), Validators(), NOW)
    assert judged(path).verdict == "fine"


def test_other_sources_do_not_count(path: Path, frontier: Frontier) -> None:
    answered(frontier, polls(frontier)[0], NOW, 1)
    assert judged(path, replace(LOTUS, id="delta")) == Health(
        source=replace(LOTUS, id="delta"), answered_at=None, newest_at=None, waiting=0, troubles=()
    )
