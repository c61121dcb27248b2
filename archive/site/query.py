"""The pages of the queries: what a campaign asks of every article, since when, and what it finds."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from datasette.utils.asgi import Response

from archive.khmer import fold
from archive.localize import ZONE, Locale
from archive.selection import Selection
from archive.site import telling
from archive.site.newest import Part, load_part
from archive.site.source import curve_of
from archive.site.visit import Missing, Visit
from archive.stamp import from_instant

CHANGED = 20
"""Articles gained or withdrawn by reading again that are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class Notion:
    """One notion of a query: how it is said, and what it must not be part of."""

    say: str
    also: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A query as it was asked for some time."""

    version: int
    find: str
    first_used: str
    retired_at: str | None
    notions: tuple[Notion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question of a campaign."""

    campaign: str
    campaign_name: str
    campaign_name_km: str | None
    id: str
    label: str
    label_km: str | None
    versions: tuple[Version, ...]
    """The newest first."""

    @property
    def is_asked(self) -> bool:
        """Tell whether it is still asked."""
        return self.versions[0].retired_at is None

    def told(self, locale: Locale) -> str:
        """Give its label in the language of the page."""
        return self.label_km if locale.code == "km" and self.label_km else self.label

    def campaign_told(self, locale: Locale) -> str:
        """Give the campaign's name in the language of the page."""
        return self.campaign_name_km if locale.code == "km" and self.campaign_name_km else self.campaign_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An article that the query gained, or let go of, when kept pages were read again."""

    change: str
    key: str
    title: str
    why: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query finds."""

    query: Query
    part: Part
    weak: int
    """Articles in which this query holds in captions, tags and summaries only."""
    gained: int
    withdrawn: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A query in the list of all."""

    query: Query
    articles: int
    last: str | None


# ---- pages ------------------------------------------------------------------------------------------------------------------------


async def every(visit: Visit) -> Response:
    """List the queries of every campaign."""
    return visit.render("queries.html", queries=await visit.read(load_queries))


async def show(visit: Visit) -> Response:
    """Show one query."""
    campaign, name = visit.parts["campaign"], visit.parts["query"]
    found = await visit.read(load_found, campaign, name)
    if found is None:
        key = f"{campaign}/{name}"
        raise Missing(visit.locale.text("There is no query {key} here.", key=key))
    marks = {local_day(one.first_used): _since(one, visit.locale) for one in found.query.versions}
    chart = curve_of(found.part, visit, _selection(found.query), marks)
    return visit.render("query.html", query=found.query, telling=telling, found=found, part=found.part, chart=chart)


def _since(version: Version, locale: Locale) -> str:
    day = locale.day(local_day(version.first_used), "medium")
    if version.version == 1:
        return locale.text("Watched since {day}", day=day)
    return locale.text("Other words since {day}", day=day)


def local_day(moment: str) -> str:
    """Give the day on which an instant fell in Cambodia."""
    return from_instant(moment).astimezone(ZONE).date().isoformat()


# ---- what they show ---------------------------------------------------------------------------------------------------------------


def load_queries(connection: sqlite3.Connection) -> tuple[Listed, ...]:
    """Load every query with how many articles it found; those that are asked no more come last."""
    rows = connection.execute("select distinct campaign, name from query order by id").fetchall()
    listed = [_listed(connection, row["campaign"], row["name"]) for row in rows]
    return tuple(sorted(listed, key=lambda one: not one.query.is_asked))


def _listed(connection: sqlite3.Connection, campaign: str, name: str) -> Listed:
    query = load_query(connection, campaign, name)
    selection = _selection(query)
    row = connection.execute(
        f"select count(*) as articles, max(published) as last from coverage where {selection.condition()}",  # noqa: S608  our own words
        selection.bound(connection),
    ).fetchone()
    return Listed(query=query, articles=row["articles"], last=row["last"])


def load_found(connection: sqlite3.Connection, campaign: str, name: str) -> Found | None:
    """Load a query with its coverage; None where no campaign asks it, nor ever did."""
    if not connection.execute("select 1 from query where campaign = ? and name = ?", [campaign, name]).fetchone():
        return None
    query = load_query(connection, campaign, name)
    rows = "from match_change join query on query.id = match_change.query where query.campaign = ? and query.name = ?"
    numbers = connection.execute(
        f"select coalesce(sum(change = 'gained'), 0), coalesce(sum(change = 'withdrawn'), 0) {rows}",
        [campaign, name],
    ).fetchone()
    weak = connection.execute(
        "select count(*) from article_query join query on query.id = article_query.query where query.campaign = ?"
        " and query.name = ? and article_query.weak and article_query.article in (select article from coverage)",
        [campaign, name],
    ).fetchone()
    return Found(
        query=query,
        part=load_part(connection, _selection(query)),
        weak=weak[0],
        gained=numbers[0],
        withdrawn=numbers[1],
        changes=_changes(connection, campaign, name),
    )


def load_query(connection: sqlite3.Connection, campaign: str, name: str) -> Query:
    """Load a query that is known, with all its versions."""
    rows = connection.execute(
        "select query.*, campaign.name as campaign_name, campaign.name_km as campaign_name_km from query"
        " join campaign on campaign.id = query.campaign where query.campaign = ? and query.name = ? order by version desc",
        [campaign, name],
    ).fetchall()
    fields = ("campaign", "campaign_name", "campaign_name_km", "label", "label_km")
    return Query(id=name, versions=tuple(map(_version, rows)), **{field: rows[0][field] for field in fields})


def _version(row: sqlite3.Row) -> Version:
    notions = tuple(_notions(row["find"], row["words"]))
    return Version(notions=notions, **{name: row[name] for name in ("version", "find", "first_used", "retired_at")})


def _notions(find: str, words: str) -> Iterator[Notion]:
    """Give the notions, of all that were in force, of which a spelling stands in the query."""
    asked = fold(find)
    for say, also, unless, *_ in json.loads(words):
        if any(fold(spelling) in asked for spelling in (say, *also)):
            yield Notion(say, tuple(also), tuple(unless))


def _changes(connection: sqlite3.Connection, campaign: str, name: str) -> tuple[Change, ...]:
    rows = connection.execute(
        "select change, key, title, why, at from match_change join article on article.id = match_change.article"
        " join query on query.id = match_change.query where query.campaign = ? and query.name = ? and decision != 'reject'"
        " and not hidden order by match_change.id desc limit ?",
        [campaign, name, CHANGED],
    )
    return tuple(Change(**row) for row in rows)


def _selection(query: Query) -> Selection:
    return Selection(query=f"{query.campaign}/{query.id}")
