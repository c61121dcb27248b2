"""What a crawl did, run by run and source by source."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from archive.database import immediate
from archive.stamp import instant, software

ADDING = "add"
"""Kind of a run that works off what people added."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one run did at one source; counted up while it goes."""

    source: str
    listings: int = 0
    """Listing pages that answered and could be read."""
    unchanged: int = 0
    """Listing pages that answered 304; counted in `listings` too."""
    held_back: int = 0
    """Listing pages that wait for the next run because this one asked enough of them."""
    found: int = 0
    """Links that were new."""
    fetched: int = 0
    """Articles that answered and were read."""
    matched: int = 0
    headlines: int = 0
    """Headlines that match and whose page could not be opened."""
    failures: Counter[str] = field(default_factory=Counter)
    """Pages that could not be fetched or read, by outcome."""
    left_over: int = 0
    """Links that wait for the next run."""
    troubles: list[str] = field(default_factory=list)
    """Why the source counts as failed, in words; empty where it does not."""

    @property
    def failed(self) -> int:
        """Count the pages that could not be fetched or read."""
        return self.failures.total()

    @property
    def verdict(self) -> str:
        """Say in words how the source fared."""
        return "; ".join(self.troubles) or "fine"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the coverage holds: articles that were read, distinct stories among them, and headlines whose pages could not be opened."""

    articles: int
    stories: int
    headlines: int

    def __str__(self) -> str:
        return f"The coverage: {self.articles:,} articles, {self.stories:,} distinct stories, {self.headlines:,} headlines only."


def standing(connection: sqlite3.Connection) -> Standing:
    """Count the coverage."""
    counted = "coalesce(sum(status = 'read'), 0), count(distinct iif(status = 'read', story, null)), coalesce(sum(status != 'read'), 0)"
    return Standing(*connection.execute(f"select {counted} from coverage").fetchone())  # noqa: S608  our own words


def begin(connection: sqlite3.Connection, run: str, kind: str, now: datetime) -> list[str]:
    """Write down that a run begins; gives the ids of earlier runs of its sort that never ended.

    Additions are worked off beside a crawl, under a lock of their own: neither takes the other, which is alive, for one that was killed.
    """
    with immediate(connection):
        unended = connection.execute(
            "select id from run where ended_at is null and (kind = ?) = (? = ?)", [ADDING, kind, ADDING]
        )
        torn = [row["id"] for row in unended]
        connection.execute(
            "insert into run (id, kind, started_at, software) values (?, ?, ?, ?)",
            [run, kind, instant(now), software()],
        )
    return torn


def close_torn(connection: sqlite3.Connection, runs: Iterable[str], now: datetime) -> None:
    """Write down that earlier runs were killed: ended now, with no exit code."""
    with immediate(connection):
        connection.executemany("update run set ended_at = ? where id = ?", [(instant(now), run) for run in runs])


def end(connection: sqlite3.Connection, run: str, tallies: Iterable[Tally], exit_code: int, now: datetime) -> None:
    """Write down what a run did."""
    rows = list(tallies)
    with immediate(connection):
        _total(connection, run, rows, exit_code, now)
        connection.executemany(
            "insert into run_source (run, source, verdict, listings, found, fetched, matched, headlines, failed, left_over)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run,
                    r.source,
                    r.verdict,
                    r.listings,
                    r.found,
                    r.fetched,
                    r.matched,
                    r.headlines,
                    r.failed,
                    r.left_over,
                )
                for r in rows
            ],
        )


def end_adding(connection: sqlite3.Connection, run: str, tally: Tally, exit_code: int, now: datetime) -> None:
    """Write down what a run that worked off additions did; it asked no source for its listings, so it tells nothing of any."""
    with immediate(connection):
        _total(connection, run, [tally], exit_code, now)


def _total(connection: sqlite3.Connection, run: str, rows: list[Tally], exit_code: int, now: datetime) -> None:
    connection.execute(
        "update run set ended_at = ?, exit_code = ?, found = ?, fetched = ?, matched = ?, failed = ? where id = ?",
        [
            instant(now),
            exit_code,
            sum(row.found for row in rows),
            sum(row.fetched for row in rows),
            sum(row.matched for row in rows),
            sum(row.failed for row in rows),
            run,
        ],
    )
