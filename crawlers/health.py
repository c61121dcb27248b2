"""Is a source silent, blocked or fine? Read from what the crawler remembers; loads nothing of Scrapy, so that `tamdan status` is quick."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.model import Source
from archive.stamp import from_instant


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
    troubles: tuple[str, ...]
    """Outcome of each listing whose last poll failed."""

    @property
    def verdict(self) -> str:
        """Say in words how the source stands."""
        if not self.source.crawled:
            return f"not crawled ({self.source.status})"
        if self.troubles:
            return "; ".join(self.troubles)
        return "fine" if self.answered_at else "never crawled"


def health(connection: sqlite3.Connection | None, sources: Iterable[Source]) -> list[Health]:
    """Judge every source by crawl.db; None where there is no crawl.db yet."""
    return [_of(connection, source) for source in sources]


def _of(connection: sqlite3.Connection | None, source: Source) -> Health:
    if connection is None:
        return Health(source=source, answered_at=None, newest_at=None, waiting=0, troubles=())
    row = connection.execute(
        "select max(answered_at) as answered, max(newest_at) as newest from listing where source = ?", [source.id]
    ).fetchone()
    waiting = connection.execute(
        "select count(*) from page where source = ? and state != 'done'", [source.id]
    ).fetchone()[0]
    failed = connection.execute(
        "select url, outcome from listing where source = ? and polled_at is not null"
        " and (answered_at is null or answered_at < polled_at) and root in (select value from json_each(?)) order by url",
        [source.id, json.dumps([listing.url for listing in source.listing])],
    )
    return Health(
        source=source,
        answered_at=_instant(row["answered"]),
        newest_at=_instant(row["newest"]),
        waiting=waiting,
        troubles=tuple(f"{listing['url']}: {listing['outcome']}" for listing in failed),
    )


def _instant(text: str | None) -> datetime | None:
    return from_instant(text) if text else None
