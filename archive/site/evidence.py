"""What an article rests on: its captures, the days that were told, its revisions, what people corrected, and who added it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from archive.khmer import clean
from archive.site import wayback
from archive.site.capture import Place

SHOWN = 200
"""Captures, revisions and days that are listed, the newest first: no article has more but by mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One capture."""

    number: int
    url: str
    place: Place
    sha256: str
    fetched_at: str
    tls: str
    kind: str
    revision: int
    page: int

    @property
    def is_added(self) -> bool:
        """Tell whether it is a file that somebody added."""
        return not self.place.is_record

    @property
    def shown_url(self) -> str:
        """Give its address as people read it."""
        return clean(unquote(self.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One day that a page or listing told."""

    origin: str
    raw: str
    day: str
    at: str | None
    chosen: bool
    changed: bool
    reliable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of the text."""

    number: int
    seen_at: str
    title: str
    cause: str
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was read where a person's word counts now."""

    field: str
    """title, published, source, authors"""
    original: str
    """As it was read: a title, an ISO day, the id of a source, names; empty where nothing was."""
    who: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """That a person added it."""

    campaign: str
    kind: str
    media: str
    note: str
    file_name: str
    who: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it."""

    captures: tuple[Kept, ...]
    candidates: tuple[Candidate, ...]
    revisions: tuple[Revision, ...]
    corrections: tuple[Correction, ...]
    added: tuple[Added, ...]
    archived: str
    """Instant of the first capture, or at which the article was first seen."""
    copy: str
    """Address of the Internet Archive's copy nearest to the first capture; empty where there can be none."""
    copies: str

    @property
    def pictures(self) -> list[Kept]:
        """Give the pictures that people added."""
        return [kept for kept in self.captures if kept.place.is_picture]

    def correction(self, field: str) -> Correction | None:
        """Give what was read of a field that was corrected."""
        return next((one for one in self.corrections if one.field == field), None)


def load_evidence(connection: sqlite3.Connection, article: sqlite3.Row) -> Evidence:
    """Load what an article rests on, from its row."""
    captures = tuple(_captures(connection, article["id"], article["key"]))
    moment = captures[-1].fetched_at if captures else article["first_seen"]
    return Evidence(
        captures=captures,
        candidates=tuple(_candidates(connection, article["id"], article["revision"])),
        revisions=load_revisions(connection, article["id"]),
        corrections=tuple(_corrections(connection, article["id"])),
        added=tuple(_added(connection, article["id"])),
        archived=moment,
        copy=wayback.copy_near(article["url"], moment),
        copies=wayback.all_copies(article["url"]),
    )


def _captures(connection: sqlite3.Connection, article: int, key: str) -> Iterator[Kept]:
    rows = connection.execute("select * from capture where article = ? order by id desc limit ?", [article, SHOWN])
    for row in rows:
        yield Kept(
            number=row["id"],
            place=Place(key, row["file"], row["offset"], row["length"]),
            **{name: row[name] for name in ("url", "sha256", "fetched_at", "tls", "kind", "revision", "page")},
        )


def _candidates(connection: sqlite3.Connection, article: int, revision: int) -> Iterator[Candidate]:
    rows = connection.execute(
        "select origin, raw, day, at, chosen, changed, reliable from date_candidate where article = ? and revision = ?"
        " order by chosen desc, changed, id limit ?",
        [article, revision, SHOWN],
    )
    for row in rows:
        yield Candidate(
            chosen=bool(row["chosen"]),
            changed=bool(row["changed"]),
            reliable=bool(row["reliable"]),
            **{name: row[name] for name in ("origin", "raw", "day", "at")},
        )


def load_revisions(connection: sqlite3.Connection, article: int) -> tuple[Revision, ...]:
    """Load the states of an article's text, the newest first, without the texts."""
    rows = connection.execute(
        "select number, seen_at, title, cause, software from revision where article = ? order by number desc limit ?",
        [article, SHOWN],
    )
    return tuple(Revision(**row) for row in rows)


def _corrections(connection: sqlite3.Connection, article: int) -> Iterator[Correction]:
    rows = connection.execute(
        "select field, original, who, at, reason from correction join decision on decision.id = decision"
        " where correction.article = ? order by field",
        [article],
    )
    for row in rows:
        original = _as_read(row["field"], json.loads(row["original"])[row["field"]])
        yield Correction(field=row["field"], original=original, who=row["who"], at=row["at"], reason=row["reason"])


def _as_read(field: str, value: str | None) -> str:
    return "; ".join(json.loads(value or "[]")) if field == "authors" else value or ""


def _added(connection: sqlite3.Connection, article: int) -> Iterator[Added]:
    rows = connection.execute(
        "select coalesce(campaign.name, '') as campaign, addition.kind, media, coalesce(addition.note, '') as note,"
        " coalesce(file_name, '') as file_name, who, at from addition left join campaign on campaign.id = addition.campaign"
        " where article = ? order by addition.id limit ?",
        [article, SHOWN],
    )
    yield from (Added(**row) for row in rows)
