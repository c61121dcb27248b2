"""The coverage of one selection, for the pages that show a part of it: its newest articles, its numbers, its days."""

import sqlite3
from dataclasses import dataclass

from archive.selection import Selection
from archive.site.clippings import Clipping, load_newest
from archive.site.curve import Counted

NEWEST = 20
"""Articles that a page lists before it leads to the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a page shows of a selection."""

    articles: int
    stories: int
    weak: int
    undated: int
    first: str | None
    last: str | None
    days: tuple[Counted, ...]
    """Per day and language."""
    languages: tuple[str, ...]
    newest: tuple[Clipping, ...]


def load_part(connection: sqlite3.Connection, selection: Selection) -> Part:
    """Load the numbers, days and newest articles of a selection."""
    bound = selection.bound(connection)
    condition = f"{selection.view} where {selection.condition()}"
    rows = connection.execute(
        f"select published, language, count(*) as articles, sum(weak) as weak from {condition} group by 1, 2",  # noqa: S608  our own words
        bound,
    ).fetchall()
    stories = connection.execute(
        f"select count(distinct coalesce(story, -id)) from article where id in (select article from {condition})",  # noqa: S608
        bound,
    ).fetchone()
    dated = [row for row in rows if row["published"]]
    days = [row["published"] for row in dated]
    languages = tuple(sorted({row["language"] for row in dated}, key=lambda code: (code != "km", code)))
    return Part(
        articles=sum(row["articles"] for row in rows),
        stories=stories[0],
        weak=sum(row["weak"] for row in rows),
        undated=sum(row["articles"] for row in rows if not row["published"]),
        first=min(days, default=None),
        last=max(days, default=None),
        days=tuple(Counted(row["published"], languages.index(row["language"]), row["articles"]) for row in dated),
        languages=languages,
        newest=load_newest(connection, selection, NEWEST),
    )
