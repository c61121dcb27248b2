"""Pages that did not match or could not be read, kept for some days so that a new query or a mended stage can read them again."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backports import zstd
from pydantic import TypeAdapter

from archive.database import immediate
from archive.model import Article, Crawl, Link, Page, Source
from archive.stamp import from_instant, instant

LEVEL = 3
"""zstd's own default: as small as gzip's best here at a sixth of its work."""

_ARTICLE = TypeAdapter(Article)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page without a match, with the following pages of its article in `page.further`."""

    page: Page
    article: Article | None
    """As it was read; None where it could not be."""
    outcome: str
    """No match, or the short name of why it could not be read."""
    reason: str
    """The same in a sentence."""
    versions: Mapping[str, int]
    """Which version of each stage read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A kept page as it is found again."""

    row: int
    """Of the ledger."""
    source: str
    url: str
    fetched_at: datetime
    pages: tuple[Page, ...]
    """The pages of the article; none once the days of their HTML are over."""
    article: Article | None
    outcome: str
    reason: str
    versions: Mapping[str, int]


def put(connection: sqlite3.Connection, row: int, kept: Kept) -> None:
    """Write a page beside its row of the ledger, inside the caller's transaction."""
    connection.execute("delete from kept where page = ?", [row])
    for number, page in enumerate((kept.page, *kept.page.further), 1):
        article = kept.article if number == 1 else None
        connection.execute(
            "insert into kept (page, number, url, fetched_at, content_type, robots, html, article, outcome, reason, versions)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row,
                number,
                page.url,
                instant(page.fetched_at),
                page.content_type,
                page.robots,
                zstd.compress(page.body, LEVEL),
                zstd.compress(_ARTICLE.dump_json(article), LEVEL) if article else None,
                kept.outcome,
                kept.reason,
                json.dumps(dict(kept.versions)),
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A kept page that could not be read."""

    source: str
    url: str
    fetched_at: datetime
    outcome: str
    reason: str


def unread(connection: sqlite3.Connection) -> list[Unread]:
    """List the kept pages that could not be read, the latest first."""
    found = connection.execute(
        "select source, kept.url, fetched_at, kept.outcome, reason from kept join page on page.id = kept.page"
        " where number = 1 and kept.outcome != 'no match' order by fetched_at desc, page",
    )
    return [Unread(**{**dict(row), "fetched_at": from_instant(row["fetched_at"])}) for row in found]


def forget(connection: sqlite3.Connection, row: int) -> None:
    """Let a page go whose article is in the archive now, inside the caller's transaction."""
    connection.execute("delete from kept where page = ?", [row])


def rows(connection: sqlite3.Connection, since: datetime | None = None) -> list[int]:
    """List the kept pages by their rows of the ledger, the latest first; only those fetched at or after `since`."""
    found = connection.execute(
        "select page from kept where number = 1 and fetched_at >= ? order by fetched_at desc, page",
        [instant(since) if since else ""],
    )
    return [row["page"] for row in found]


def load(connection: sqlite3.Connection, row: int, sources: Mapping[str, Source]) -> KeptRow:
    """Read a kept page back; its HTML only where its source is still known."""
    parts = connection.execute(
        "select kept.*, source, title, summary, listed_date, found_at, page.url as listed from kept"
        " join page on page.id = kept.page where kept.page = ? order by number",
        [row],
    ).fetchall()
    first = parts[0]
    source = sources.get(first["source"])
    return KeptRow(
        row=row,
        source=first["source"],
        url=first["url"],
        fetched_at=from_instant(first["fetched_at"]),
        pages=tuple(_pages(parts, source)) if source else (),
        article=_article(first["article"]),
        outcome=first["outcome"],
        reason=first["reason"],
        versions=json.loads(first["versions"]),
    )


def _pages(parts: Sequence[sqlite3.Row], source: Source) -> Iterator[Page]:
    for part in parts:
        if part["html"] is None:
            return
        link = Link(
            url=part["listed"],
            title=part["title"],
            summary=part["summary"],
            date=part["listed_date"],
            found_at=from_instant(part["found_at"]),
        )
        yield Page(
            url=part["url"],
            source=source,
            body=zstd.decompress(part["html"]),
            fetched_at=from_instant(part["fetched_at"]),
            content_type=part["content_type"],
            robots=part["robots"],
            link=link,
        )


def _article(packed: bytes | None) -> Article | None:
    return _ARTICLE.validate_json(zstd.decompress(packed)) if packed else None


def expire(connection: sqlite3.Connection, crawl: Crawl, now: datetime) -> int:
    """Let go of HTML, articles and answers whose days are over; gives the number of pages that are gone whole."""
    last_html, last_text = (instant(now - timedelta(days=days)) for days in (crawl.html_days, crawl.text_days))
    with immediate(connection):
        connection.execute("update kept set html = null where fetched_at < ?", [last_html])
        connection.execute("update kept set article = null where fetched_at < ?", [last_text])
        connection.execute("delete from fetch where at < ?", [min(last_html, last_text)])
        return connection.execute("delete from kept where fetched_at < ?", [min(last_html, last_text)]).rowcount
