"""What counts of one article, for the pages that show it."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from archive.khmer import clean
from archive.site.story import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What counts of an article: what was read, with what people corrected laid over it."""

    key: str
    url: str
    source: str
    name: Name
    """Of the source."""
    title: str
    description: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    captions: tuple[str, ...]
    flags: tuple[str, ...]
    published: str | None
    published_at: str | None
    published_origin: str | None
    published_precision: str | None
    published_reliable: int | None
    modified: str | None
    language: str
    words_est: int
    weak: int
    status: str
    revision: int
    first_seen: str
    last_seen: str
    kind: str
    media: str
    added: int
    decision: str
    hidden: int
    tone: str | None
    gone_on: str | None
    counts: bool
    """Whether a query holds for it or a person added it: False where a changed query let go of it."""

    @property
    def shown_url(self) -> str:
        """Give its address as people read it."""
        return clean(unquote(self.url))


def row_of(connection: sqlite3.Connection, key: str, *, whole: bool) -> sqlite3.Row | None:
    """Find an article with its text as it was read last, the names of its source and the key of its story.

    None where there is none, or where it was rejected or hidden and `whole` is not asked for.
    """
    row: sqlite3.Row | None = connection.execute(_SELECT, [key]).fetchone()
    seen = row is not None and (whole or (row["decision"] != "reject" and not row["hidden"]))
    return row if seen else None


def facts_of(row: sqlite3.Row) -> Facts:
    """Read what counts from a row that `row_of` gave."""
    values: dict[str, Any] = {name: row[name] for name in Facts.__dataclass_fields__ if name not in _MADE}
    values |= {name: tuple(json.loads(row[name])) for name in _LISTS}
    return Facts(**values, name=Name(row["name"], row["name_km"]), counts=bool(row["counts"]))


_SELECT = (
    "select article.*, source.name, source.name_km, coalesce(revision.title, article.title) as read_title,"
    " coalesce(revision.text, '') as text, story.key as story_key,"
    " added or exists (select 1 from article_query where article = article.id) as counts"
    " from article join source on source.id = article.source left join story on story.id = article.story"
    " left join revision on revision.article = article.id and revision.number = article.revision where article.key = ?"
)
_LISTS = ("authors", "tags", "captions", "flags")
_MADE = ("name", "counts", *_LISTS)
