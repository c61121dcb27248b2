"""Articles of the archive as they can be read again: what is stored of them, and the captures they were read from."""

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.desk import additions
from archive.desk.additions import Wish
from archive.index import stored_article
from archive.model import Article, Capture, Link, Page, Source
from archive.stamp import from_instant, instant
from crawlers import capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One article of the archive; of `article` only what is matched and its versions are filled."""

    row: int
    covered: bool
    """Whether it is coverage now: an article that no query held for any more stays in the archive."""
    article: Article
    captures: tuple[Capture, ...]
    """Of the pages of the newest revision that has any, in order; never a file that a person added."""
    wishes: tuple[Wish, ...] = ()
    """With what people told where they added it."""


def rows(archive: sqlite3.Connection, since: datetime | None = None) -> list[int]:
    """List the articles, the latest first; only those fetched at or after `since`."""
    found = archive.execute(
        "select id from article where coalesce((select max(fetched_at) from capture where article = article.id), first_seen) >= ?"
        " order by id desc",
        [instant(since) if since else ""],
    )
    return [row["id"] for row in found]


def load(archive: sqlite3.Connection, row: int) -> Stored:
    """Read an article back."""
    told = archive.execute(
        "select status, versions, exists (select 1 from article_query where article = article.id) as covered from article join revision on revision.article = article.id and number = article.revision"
        " where article.id = ?",
        [row],
    ).fetchone()
    captures = archive.execute(
        "select url, file, offset, length, sha256, fetched_at, tls, kind from capture where article = :row and kind != 'file'"
        " and revision = (select max(revision) from capture where article = :row and kind != 'file') order by page",
        {"row": row},
    )
    article = replace(stored_article(archive, row), status=told["status"], versions=json.loads(told["versions"]))
    return Stored(
        row=row,
        covered=bool(told["covered"]),
        article=article,
        captures=tuple(_capture(one) for one in captures),
        wishes=tuple(addition.wish for addition in additions.of_article(archive, row)),
    )


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{**dict(row), "fetched_at": from_instant(row["fetched_at"])})


def page(folder: Path, one: Capture, source: Source, link: Link | None) -> Page:
    """Read a page back from its capture in `folder`; raises OSError, ValueError or StopIteration where it is not there or damaged."""
    response = capture.read(folder / one.file, one.offset)
    headers = [(name.lower(), value) for name, value in response.headers]
    return Page(
        url=one.url,
        source=source,
        body=response.body,
        fetched_at=one.fetched_at,
        content_type=next((value for name, value in headers if name == "content-type"), None),
        robots=", ".join(value for name, value in headers if name == "x-robots-tag"),
        link=link,
    )


def link(ledger: sqlite3.Connection, url: str) -> Link | None:
    """Give the link by which a listing named an article, where the ledger remembers it."""
    row = ledger.execute(
        "select url, title, summary, listed_date, found_at from page where canonical = ? or url = ? order by id limit 1",
        [url, url],
    ).fetchone()
    if row is None:
        return None
    return Link(
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        date=row["listed_date"],
        found_at=from_instant(row["found_at"]),
    )
