"""Which articles a digest has not told yet, and what of them it tells; corrected by people, and never what they rejected or hid."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.model import Digest
from archive.selection import Selection, selection_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One article as it ran at one source."""

    key: str
    title: str
    source: str
    """Name, in the language of the digest where it has one there."""
    day: str | None
    url: str
    quote: str
    headline_only: bool

    @property
    def is_linked(self) -> bool:
        """Tell whether it has an address of the web: what people added from radio or print has none."""
        return self.url.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story, or an article that is in none: everywhere it ran, the first day first."""

    story: str | None
    """Key of the story, where it ran more than once."""
    runs: tuple[Run, ...]

    @property
    def path(self) -> str:
        """Give its page on the site."""
        return f"/story/{self.story}" if self.story else f"/article/{self.runs[0].key}"

    @property
    def told(self) -> Run:
        """Give the run whose headline and quote stand for it: the first that was read."""
        return next((run for run in self.runs if not run.headline_only), self.runs[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one edition tells: items, the newest first, and how many articles there are in all."""

    items: tuple[Item, ...]
    articles: int

    @property
    def more(self) -> int:
        """Count the articles that are not shown."""
        return self.articles - sum(len(item.runs) for item in self.items)


def selection_for(digest: Digest) -> Selection:
    """Give the articles that a digest follows."""
    return selection_of(digest.search, {"campaign": digest.campaign})


def untold(connection: sqlite3.Connection, digest: Digest) -> list[int]:
    """Find the articles that a digest follows and has not told."""
    selection = selection_for(digest)
    sql = (
        f"select article from coverage where {selection.condition()}"  # noqa: S608  our own words
        " and article not in (select article from told where digest = :digest)"
    )
    return [row[0] for row in connection.execute(sql, {**selection.bound(connection), "digest": digest.id})]


def news(connection: sqlite3.Connection, digest: Digest, articles: Sequence[int]) -> News:
    """Read what is told of these articles; those that were rejected or hidden meanwhile are left out."""
    rows = connection.execute(_RUNS, {"articles": json.dumps(articles), "language": digest.lang}).fetchall()
    stories: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        stories.setdefault(row["story"] or row["key"], []).append(row)
    items = tuple(_item(found) for found in list(stories.values())[: digest.most])
    return News(items=items, articles=len(rows))


_RUNS = """
select
    coverage.id as key, coverage.title, coalesce(iif(:language = 'km', source.name_km, null), coverage.source_name) as source,
    coverage.published as day, coverage.url, coverage.quote, coverage.status, coverage.story
from coverage left join source on source.id = coverage.source
where coverage.article in (select value from json_each(:articles))
order by coverage.published is null, coverage.published desc, coverage.article desc
"""


def _item(rows: Sequence[sqlite3.Row]) -> Item:
    story = rows[0]["story"] if len(rows) > 1 else None
    return Item(story=story, runs=tuple(_run(row) for row in reversed(rows)))


def _run(row: sqlite3.Row) -> Run:
    return Run(
        key=row["key"],
        title=" ".join(row["title"].split()),
        source=row["source"],
        day=row["day"],
        url=row["url"],
        quote=" ".join((row["quote"] or "").split()),
        headline_only=row["status"] == "headline only",
    )
