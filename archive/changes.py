"""What queries gained and lost when kept pages were read again."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.stamp import instant

Held = Mapping[tuple[str, str], int]
"""The queries that hold for an article: campaign and query id -> row of the version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One query that holds, or no longer holds, for one article."""

    change: Literal["gained", "withdrawn"]
    campaign: str
    query: str
    key: str
    """Public key of the article."""
    title: str
    url: str
    why: str


def queries_of(connection: sqlite3.Connection, article: int) -> Held:
    """Give the queries that hold for an article now."""
    rows = connection.execute(
        "select campaign, name, query.id as query from article_query join query on query.id = article_query.query where article = ?",
        [article],
    )
    return {(row["campaign"], row["name"]): row["query"] for row in rows}


def note(connection: sqlite3.Connection, article: int, before: Held, why: str, now: datetime) -> None:
    """Write down what an article gained and lost since `before`, inside the caller's transaction; a new version of a query is none."""
    after = queries_of(connection, article)
    gained = [("gained", after[name]) for name in after.keys() - before.keys()]
    lost = [("withdrawn", before[name]) for name in before.keys() - after.keys()]
    connection.executemany(
        "insert into match_change (article, query, change, why, at) values (?, ?, ?, ?, ?)",
        [(article, query, change, why, instant(now)) for change, query in sorted([*gained, *lost])],
    )


def last(connection: sqlite3.Connection) -> int:
    """Give the number of the newest change, 0 where there is none."""
    return int(connection.execute("select coalesce(max(id), 0) from match_change").fetchone()[0])


def since(connection: sqlite3.Connection, number: int) -> list[Change]:
    """List the changes after that number, in order."""
    rows = connection.execute(
        "select change, campaign, query.name as query, key, title, url, why from match_change"
        " join article on article.id = match_change.article join query on query.id = match_change.query"
        " where match_change.id > ? order by match_change.id",
        [number],
    )
    return [Change(**row) for row in rows]
