"""The page of a story: one text at several sources, which of them is the original and why, and how two of the texts differ."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from datasette.utils.asgi import Response

from archive.errors import UsageError
from archive.localize import Locale
from archive.site import telling
from archive.site.curve import Counted, Curve
from archive.site.revisions import difference
from archive.site.visit import Missing, Visit

MOST = 500
"""Articles of a story that are listed, the earliest first."""

COLOURS = 6
"""Sources that a chart can tell apart."""

_MERGES = 20  # no story was merged so often; without an end a ring would never end


@dataclass(frozen=True, slots=True)
class Name:
    """What a source is called."""

    en: str
    km: str | None

    def told(self, locale: Locale) -> str:
        """Give the name in the language of the page."""
        return self.km if locale.code == "km" and self.km else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are."""

    kind: str
    """exact, contained"""
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a story."""

    key: str
    title: str
    published: str | None
    source: str
    name: Name
    language: str
    status: str
    decision: str
    is_original: bool
    likeness: Likeness | None = None
    """To the article that the others are compared with; None where they are alike through a third one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that speaks for or against an article's being the original, as `archive.original` writes it."""

    article: str
    sign: str
    says: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One text wherever it runs."""

    key: str
    score: float | None
    """How sure it is which one is the original, 0 to 1."""
    signs: tuple[Sign, ...]
    members: tuple[Member, ...]
    names: Mapping[str, Name]
    """Source id -> its names."""

    @property
    def original(self) -> Member | None:
        """Give the original, where it is among those that may be seen."""
        return next((member for member in self.members if member.is_original), None)

    def others(self, key: str) -> tuple[Member, ...]:
        """Give all but one."""
        return tuple(member for member in self.members if member.key != key)

    def why(self, key: str, locale: Locale) -> list[str]:
        """Tell in words what speaks for and against an article's being the original."""
        return [told(sign, self.names, locale) for sign in self.signs if sign.article == key]


# ---- pages ------------------------------------------------------------------------------------------------------------------------


async def show(visit: Visit) -> Response:
    """Show a story; one that turned out to be part of another leads there."""
    key = visit.parts["key"]
    story = await visit.read(load_story, key, whole=bool(visit.account))
    if story is None:
        raise Missing(visit.locale.text("There is no story {key} here, or all of it was rejected.", key=key))
    if story.key != key:
        return visit.redirect(visit.url(f"/story/{story.key}"))
    return visit.render(
        "story.html", story=story, telling=telling, chart=spread(story, visit.locale).drawn(visit.locale)
    )


async def compare(visit: Visit) -> Response:
    """Show how the texts of two articles of a story differ."""
    story = await visit.read(load_story, visit.parts["key"], whole=bool(visit.account))
    found = {member.key: member for member in story.members} if story else {}
    one, other = found.get(visit.asked.get("one", "")), found.get(visit.asked.get("other", ""))
    if not one or not other:
        raise UsageError(visit.locale.text("Name two articles of this story: one=KEY and other=KEY."))
    text, its_text = await visit.read(load_texts, one.key), await visit.read(load_texts, other.key)
    titles = difference(text[0], its_text[0])
    texts = difference(text[1], its_text[1])
    return visit.render(
        "difference.html", story=story, one=one, other=other, telling=telling, titles=titles, texts=texts
    )


# ---- what they show ---------------------------------------------------------------------------------------------------------------


def load_story(connection: sqlite3.Connection, key: str, *, whole: bool, beside: str = "") -> Story | None:
    """Load a story, or the one it was merged into; None where there is none of which anything may be seen.

    `whole` shows what people rejected or hid as well. `beside` is the key of the article the others are compared with; else the original.
    """
    row = _row(connection, key)
    if row is None:
        return None
    original = connection.execute("select key from article where id = ?", [row["original"]]).fetchone()
    names = load_source_names(connection)
    members = _members(connection, row["id"], original["key"] if original else "", names, whole=whole)
    known = _likenesses(connection, beside or (original["key"] if original else ""))
    alike = tuple(replace(member, likeness=known.get(member.key)) for member in members)
    signs = tuple(Sign(**sign) for sign in json.loads(row["evidence"]))
    return Story(key=row["key"], score=row["score"], signs=signs, members=alike, names=names) if alike else None


def _row(connection: sqlite3.Connection, key: str) -> sqlite3.Row | None:
    """Find a story by its key, and follow where it was merged."""
    row: sqlite3.Row | None = connection.execute("select * from story where key = ?", [key]).fetchone()
    for _ in range(_MERGES):
        if row is None or row["merged_into"] is None:
            break
        row = connection.execute("select * from story where id = ?", [row["merged_into"]]).fetchone()
    return row


def _members(
    connection: sqlite3.Connection, story: int, original: str, names: Mapping[str, Name], *, whole: bool
) -> list[Member]:
    rows = connection.execute(
        f"select id, title, published, source, language, status, decision from {'candidate' if whole else 'coverage'}"  # noqa: S608  our own words
        " where article in (select id from article where story = ?)"
        " order by published is null, published, published_at is null, published_at, article limit ?",
        [story, MOST],
    )
    fields = ("title", "published", "source", "language", "status", "decision")
    return [
        Member(
            key=row["id"],
            name=names[row["source"]],
            is_original=row["id"] == original,
            **{field: row[field] for field in fields},
        )
        for row in rows
    ]


def _likenesses(connection: sqlite3.Connection, key: str) -> dict[str, Likeness]:
    """Give how alike an article's text is to others': key -> likeness, told of whichever of the two was found later."""
    rows = connection.execute(
        "with one (id) as (select id from article where key = :key), pair (other, kind, score) as ("
        " select other, kind, score from syndication where article = (select id from one)"
        " union all select article, kind, score from syndication where other = (select id from one))"
        " select key, pair.kind, score from pair join article on article.id = pair.other",
        {"key": key},
    )
    return {row["key"]: Likeness(kind=row["kind"], score=row["score"]) for row in rows}


def load_source_names(connection: sqlite3.Connection) -> dict[str, Name]:
    """Load what the sources are called: id -> names."""
    return {
        row["id"]: Name(row["name"], row["name_km"])
        for row in connection.execute("select id, name, name_km from source")
    }


def load_texts(connection: sqlite3.Connection, key: str) -> tuple[str, str]:
    """Load title and text of an article as they were read last; empty where there are none."""
    row = connection.execute(
        "select revision.title, text from article join revision on revision.article = article.id and number = revision"
        " where key = ?",
        [key],
    ).fetchone()
    return (row["title"], row["text"]) if row else ("", "")


def spread(story: Story, locale: Locale) -> Curve:
    """Draw on which days which sources carried a story; sources beyond those that can be told apart are one."""
    sources = list(dict.fromkeys(member.source for member in story.members if member.published))
    own = sources if len(sources) <= COLOURS else sources[: COLOURS - 1]
    series = [story.names[source].told(locale) for source in own]
    counted = [
        Counted(member.published, own.index(member.source) if member.source in own else len(own), 1)
        for member in story.members
        if member.published
    ]
    if len(sources) > len(own):
        series.append(locale.text("Other sources"))
    title = locale.text("The story day by day, by source")
    return Curve(title=title, series=series, counted=counted)


def told(sign: Sign, names: Mapping[str, Name], locale: Locale) -> str:
    """Tell in words what was weighed; what stands in the archive as an id, an instant or a number is told as people say it."""
    if sign.sign in ("credited", "credits"):
        ids = sign.says.split(", ")
        says = ", ".join(names[source].told(locale) if source in names else source for source in ids)
    elif sign.sign == "earliest":
        says = locale.instant(sign.says)
    elif sign.sign == "earlier day":
        says = locale.day(sign.says)
    else:
        says = locale.number(int(sign.says)) if sign.sign == "fullest" else sign.says
    return locale.text(telling.SIGNS[sign.sign], says=says)
