"""Is a source silent, blocked or fine? Read from what the crawler remembers in crawl.db; loads nothing of the crawler's, so it is quick."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from archive.model import Source
from archive.stamp import from_instant

State = Literal["not crawled", "never crawled", "in trouble", "silent", "fine"]

PATIENCE = 3
"""A source is called silent after this many of its usual gaps without anything new: weekends and holidays are shorter."""

DAYS_SEEN = 31
"""So many of the last days with articles tell the usual gap: a month of a daily."""

DAYS_NEEDED = 5
"""Fewer days with articles tell no usual gap."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A listing whose last poll failed."""

    url: str
    outcome: str

    def __str__(self) -> str:
        """Tell it in a line."""
        return f"{self.url}: {self.outcome}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one source stands; instants in UTC, None for never."""

    source: Source
    answered_at: datetime | None
    """Last time a listing could be read."""
    newest_at: datetime | None
    """Last time a listing held a link that was new."""
    waiting: int
    """Links that wait to be fetched."""
    troubles: tuple[Trouble, ...]
    """The listings whose last poll failed."""
    gap: timedelta | None = None
    """Usual time between two days on which it published; None where too few are known."""

    @property
    def silent_for(self) -> timedelta | None:
        """Tell how long it answered and had nothing new; None unless that is longer than its usual gaps allow.

        It counts to the last answer and not to now, so that a crawl that did not run is not blamed on the source.
        """
        if not (self.gap and self.answered_at and self.newest_at):
            return None
        quiet = self.answered_at - self.newest_at
        return quiet if quiet > PATIENCE * self.gap else None

    @property
    def state(self) -> State:
        """Name how the source stands."""
        if not self.source.crawled:
            return "not crawled"
        if self.troubles:
            return "in trouble"
        if self.silent_for:
            return "silent"
        return "fine" if self.answered_at else "never crawled"

    @property
    def verdict(self) -> str:
        """Say in words how the source stands."""
        if self.state == "not crawled":
            return f"not crawled ({self.source.status})"
        if self.state == "silent" and self.silent_for and self.gap:
            return f"silent for {self.silent_for.days} days, usually {self.gap.days}"
        return "; ".join(map(str, self.troubles)) if self.troubles else self.state


def health(connection: sqlite3.Connection | None, sources: Iterable[Source]) -> list[Health]:
    """Judge every source by crawl.db; None where there is no crawl.db yet."""
    return [_of(connection, source) for source in sources]


def _of(connection: sqlite3.Connection | None, source: Source) -> Health:
    if connection is None:
        return Health(source=source, answered_at=None, newest_at=None, waiting=0, troubles=())
    row = connection.execute(
        "select max(answered_at) as answered, max(newest_at) as newest from listing where source = ?", [source.id]
    ).fetchone()
    return Health(
        source=source,
        answered_at=_instant(row["answered"]),
        newest_at=_instant(row["newest"]),
        waiting=_waiting(connection, source),
        troubles=_troubles(connection, source),
        gap=_usual_gap(connection, source),
    )


def _waiting(connection: sqlite3.Connection, source: Source) -> int:
    counted = "select count(*) from page where source = ? and state in ('found', 'leased')"
    return int(connection.execute(counted, [source.id]).fetchone()[0])


def _troubles(connection: sqlite3.Connection, source: Source) -> tuple[Trouble, ...]:
    failed = connection.execute(
        "select url, outcome from listing where source = ? and polled_at is not null"
        " and (answered_at is null or answered_at < polled_at) and root in (select value from json_each(?)) order by url",
        [source.id, json.dumps([listing.url for listing in source.listing])],
    )
    return tuple(Trouble(listing["url"], listing["outcome"]) for listing in failed)


def _usual_gap(connection: sqlite3.Connection, source: Source) -> timedelta | None:
    """Take the middle one of the gaps between the last days on which the source published."""
    published = connection.execute(
        "select distinct published from page where source = ? and published is not null order by published desc limit ?",
        [source.id, DAYS_SEEN],
    )
    days = [date.fromisoformat(day) for (day,) in published]
    if len(days) < DAYS_NEEDED:
        return None
    return timedelta(days=median((later - earlier).days for later, earlier in pairwise(days)))


def _instant(text: str | None) -> datetime | None:
    return from_instant(text) if text else None
