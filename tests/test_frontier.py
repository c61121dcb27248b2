"""The ledger: what is leased, what comes back, what is given up."""

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.migrate import _steps
from archive.model import Article, DateCandidate, Link, Match, Page
from crawlers.frontier import MOST_ATTEMPTS, WAITS, Answer, Frontier, Lease
from crawlers.kept import Kept
from crawlers.listings import Listed
from tests.ledgers import FEED, HOUR, NOTHING, NOW, ledger, links, lotus


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    with ledger(tmp_path) as opened:
        yield opened


def found(frontier: Frontier, *names: object, now: datetime = NOW) -> int:
    """Let the feed hold these links; gives how many are new."""
    (poll,) = frontier.polls(lotus(FEED))
    return frontier.record(poll, Listed(), links(*names), NOTHING, now)[0]


def leased(frontier: Frontier, limit: int = 100, now: datetime = NOW, run: str = "run") -> list[Lease]:
    return frontier.lease("lotus", run, limit, now)


def names(leases: list[Lease]) -> list[str]:
    return [lease.link.url.rpartition("/")[2] for lease in leases]


# ---- pages ------------------------------------------------------------------------------------------------------------------------


def test_a_link_is_new_once(frontier: Frontier) -> None:
    assert [found(frontier, 1, 2), found(frontier, 2, 3), found(frontier, 1, 2, 3)] == [2, 1, 0]


def test_a_link_keeps_what_its_listing_says(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(FEED))
    said = Link(url="https://lotus.example/1", title="ខ្ញុំទទួលយក", summary="ពិធី", date="Fri, 10 Dec 2021", found_at=NOW)
    frontier.record(poll, Listed(), [said], NOTHING, NOW)
    assert [lease.link for lease in leased(frontier)] == [said]


def test_a_link_is_leased_once(frontier: Frontier) -> None:
    found(frontier, 1, 2, 3)
    assert names(leased(frontier, 2)) == ["1", "2"]
    assert names(leased(frontier, run="other")) == ["3"]
    assert leased(frontier) == []


def test_only_the_links_of_a_source_are_leased_for_it(frontier: Frontier) -> None:
    found(frontier, 1)
    assert frontier.lease("delta", "run", 10, NOW) == []


def test_what_was_found_today_comes_before_what_is_left_of_earlier_finds(frontier: Frontier) -> None:
    found(frontier, 1, 2, 3)
    found(frontier, 4, 5, now=NOW + HOUR)
    assert names(leased(frontier, 3, NOW + HOUR)) == ["4", "5", "1"]


def test_leases_of_a_run_that_died_come_back(frontier: Frontier) -> None:
    found(frontier, 1, 2, 3)
    frontier.done(leased(frontier)[0], "no match", NOW)
    assert frontier.release() == 2
    assert names(leased(frontier)) == ["2", "3"]


def test_what_is_leased_still_waits_and_what_is_done_does_not(frontier: Frontier) -> None:
    found(frontier, 1, 2, 3)
    first, *_ = leased(frontier, 2)
    assert frontier.waiting("lotus") == 3
    frontier.done(first, "no match", NOW)
    assert frontier.waiting("lotus") == 2


def test_what_is_done_is_never_leased_again(frontier: Frontier) -> None:
    found(frontier, 1)
    frontier.done(leased(frontier)[0], "no match", NOW)
    found(frontier, 1)
    frontier.release()
    assert leased(frontier, now=NOW + timedelta(days=365)) == []


def test_a_failed_link_rests_longer_each_time_and_is_given_up_after_the_fifth(frontier: Frontier) -> None:
    found(frontier, 1)
    now = NOW
    for wait in WAITS:
        (lease,) = leased(frontier, now=now)
        frontier.put_back(lease, "timeout", now)
        assert leased(frontier, now=now + wait - timedelta(seconds=1)) == []
        now += wait
    (lease,) = leased(frontier, now=now)
    assert lease.attempts == MOST_ATTEMPTS - 1
    frontier.put_back(lease, "timeout", now)
    assert leased(frontier, now=now + timedelta(days=365)) == []
    assert frontier.waiting("lotus") == 0
    row = frontier._db.execute("select state, outcome, done_at is not null as ended from page").fetchone()
    assert dict(row) == {"state": "done", "outcome": "gave up: timeout", "ended": 1}


def test_a_link_that_is_not_to_blame_comes_back_in_the_next_run_and_is_never_given_up(frontier: Frontier) -> None:
    found(frontier, 1)
    for _ in range(MOST_ATTEMPTS + 2):
        (lease,) = leased(frontier)
        assert lease.attempts == 0
        frontier.put_back(lease, "source paused", NOW, blameless=True)


Step = st.sampled_from(["find", "lease", "done", "fail", "die"])


@given(st.lists(Step, max_size=30))
def test_whatever_happens_no_link_is_lost_or_handed_out_twice(steps: list[str]) -> None:
    database = Database(memory=True)
    _steps("crawl").apply(database)
    database.conn.row_factory = sqlite3.Row
    database.conn.isolation_level = None
    frontier = Frontier(database.conn)
    now, every, out, ended = NOW, 0, [], 0
    for step in steps:
        now += timedelta(days=4)
        if step == "find":
            every += found(frontier, every, every + 1, now=now)
        elif step == "lease":
            out += leased(frontier, 1, now)
        elif step == "die":
            assert frontier.release() == len(out)
            out = []
        elif out and step == "done":
            frontier.done(out.pop(), "no match", now)
            ended += 1
        elif out:
            lease = out.pop()
            frontier.put_back(lease, "timeout", now)
            ended += lease.attempts + 1 == MOST_ATTEMPTS
        assert len({lease.page for lease in out}) == len(out)
        assert frontier.waiting("lotus") == every - ended
    assert len(leased(frontier, 1000, now + timedelta(days=4))) == every - ended - len(out)
    database.close()


# ---- what is noted ----------------------------------------------------------------------------------------------------------------


def read(day: str | None, url: str = "https://lotus.example/1", *, matched: bool = False) -> Article:
    told = DateCandidate(origin="meta", raw=day, day=date.fromisoformat(day), chosen=True) if day else None
    hit = Match(
        campaign="c", query="q", term="t", field="text", part=0, start=0, end=1, words="t", quote="t", weak=False
    )
    return Article(url=url, source="lotus", published=told, matches=(hit,) if matched else ())


def test_a_sources_days_count_every_article_once_matched_or_not(frontier: Frontier) -> None:
    found(frontier, *range(5))
    articles = (
        read("2024-02-29", "https://lotus.example/1", matched=True),
        read("2024-02-29", "https://lotus.example/2"),
        read("2024-02-29", "https://lotus.example/1"),  # its AMP page
        read("2024-03-01", "https://lotus.example/4"),
        read(None, "https://lotus.example/5"),
    )
    for lease, article in zip(leased(frontier), articles, strict=True):
        frontier.done(lease, "no match", NOW, article=article)
    assert frontier.days() == {("lotus", "2024-02-29"): 2, ("lotus", "2024-03-01"): 1}


def test_a_page_without_a_match_is_kept_beside_its_link_once(frontier: Frontier) -> None:
    found(frontier, 1)
    (lease,) = leased(frontier)
    for reason in ("no text", "no match"):
        page = Page(url=lease.link.url, source=lotus(FEED), body=b"<p>", fetched_at=NOW)
        kept = Kept(page=page, article=None, outcome=reason, reason=reason, versions={})
        frontier.done(lease, reason, NOW, kept=kept)
    assert [row["reason"] for row in frontier._db.execute("select reason from kept")] == ["no match"]


def test_every_answer_is_noted(frontier: Frontier) -> None:
    for status in (200, None):
        frontier.fetched(
            Answer(
                run="run", source="lotus", url="https://lotus.example/1", at=NOW, status=status, outcome="o", bytes=3
            )
        )
    assert [row["status"] for row in frontier._db.execute("select status from fetch order by id")] == [200, None]
