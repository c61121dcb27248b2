"""Pages that did not match or could not be read, kept for some days so that a new query or a mended stage can read them again."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from backports import zstd

from archive.database import immediate
from archive.model import Crawl
from archive.stamp import instant

LEVEL = 3
"""zstd's own default: as small as gzip's best here at a sixth of its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page without a match."""

    url: str
    fetched_at: datetime
    content_type: str | None
    html: bytes
    """As fetched, content encoding undone."""
    text: str
    """Title and text as they were read; empty where they were not."""
    reason: str
    """No match, or why it could not be read."""


def put(connection: sqlite3.Connection, page: int, kept: Kept) -> None:
    """Write a page beside its row of the ledger, inside the caller's transaction."""
    connection.execute(
        "insert into kept (page, url, fetched_at, content_type, html, text, reason) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (page) do update set url = excluded.url, fetched_at = excluded.fetched_at, content_type = excluded.content_type,"
        " html = excluded.html, text = excluded.text, reason = excluded.reason",
        [
            page,
            kept.url,
            instant(kept.fetched_at),
            kept.content_type,
            zstd.compress(kept.html, LEVEL),
            zstd.compress(kept.text.encode(), LEVEL) if kept.text else None,
            kept.reason,
        ],
    )


def expire(connection: sqlite3.Connection, crawl: Crawl, now: datetime) -> int:
    """Let go of HTML, text and answers whose days are over; gives the number of pages that are gone whole."""
    last_html, last_text = (instant(now - timedelta(days=days)) for days in (crawl.html_days, crawl.text_days))
    with immediate(connection):
        connection.execute("update kept set html = null where fetched_at < ?", [last_html])
        connection.execute("update kept set text = null where fetched_at < ?", [last_text])
        connection.execute("delete from fetch where at < ?", [min(last_html, last_text)])
        return connection.execute("delete from kept where fetched_at < ?", [min(last_html, last_text)]).rowcount
