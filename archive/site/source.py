"""The pages of the sources: who publishes, and how much of it is coverage."""

import json
import sqlite3
from dataclasses import dataclass
from urllib.parse import unquote

from datasette.utils.asgi import Response
from markupsafe import Markup

from archive.localize import Locale
from archive.selection import Selection
from archive.site import telling
from archive.site.curve import Curve
from archive.site.newest import Part, load_part
from archive.site.story import Name
from archive.site.visit import Missing, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet as people read of it."""

    id: str
    name: Name
    status: str
    languages: tuple[str, ...]
    homepage: str
    verified_on: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Coverage as a part of all that a source published on the days that were counted."""

    articles: int
    published: int
    """All articles of the source on these days."""
    days: int
    first: str | None
    last: str | None

    @property
    def share(self) -> float | None:
        """Give it, 0 to 1; None where nothing was counted, or where more coverage is known than was counted."""
        return self.articles / self.published if self.published >= max(1, self.articles) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A source in the list of all."""

    source: Source
    articles: int
    last: str | None
    share: Share


async def every(visit: Visit) -> Response:
    """List the sources."""
    return visit.render("sources.html", telling=telling, sources=await visit.read(load_sources))


async def show(visit: Visit) -> Response:
    """Show one source."""
    source = unquote(visit.parts["source"])
    found = await visit.read(load_source, source)
    if found is None:
        raise Missing(visit.locale.text("There is no source {key} here.", key=source))
    about, share, part = found
    chart = curve_of(part, visit, Selection(source=source))
    return visit.render("source.html", source=about, telling=telling, share=share, part=part, chart=chart)


def load_sources(connection: sqlite3.Connection) -> tuple[Listed, ...]:
    """Load all sources, those with most coverage first."""
    counted = {
        row["source"]: row
        for row in connection.execute(
            "select source, count(*) as articles, max(published) as last from coverage group by source"
        )
    }
    listed = [
        Listed(
            source=_source(row),
            articles=counted[row["id"]]["articles"] if row["id"] in counted else 0,
            last=counted[row["id"]]["last"] if row["id"] in counted else None,
            share=load_share(connection, row["id"]),
        )
        for row in connection.execute("select * from source").fetchall()
    ]
    return tuple(sorted(listed, key=lambda one: (-one.articles, one.source.id)))


def load_source(connection: sqlite3.Connection, source: str) -> tuple[Source, Share, Part] | None:
    """Load a source and its coverage; None where there is none of this id."""
    row = connection.execute("select * from source where id = ?", [source]).fetchone()
    if row is None:
        return None
    return _source(row), load_share(connection, source), load_part(connection, Selection(source=source))


def load_share(connection: sqlite3.Connection, source: str) -> Share:
    """Count coverage beside all that a source published, on the days on which the latter was counted."""
    row = connection.execute(
        "with counted as (select day, articles from source_day where source = :source and articles > 0)"
        " select (select count(*) from coverage where source = :source and published in (select day from counted)) as articles,"
        " (select coalesce(sum(articles), 0) from counted) as published, (select count(*) from counted) as days,"
        " (select min(day) from counted) as first, (select max(day) from counted) as last",
        {"source": source},
    ).fetchone()
    return Share(**row)


def curve_of(part: Part, visit: Visit, selection: Selection, marks: dict[str, str] | None = None) -> Markup:
    """Draw the days of a part of the coverage by language, each column leading to its articles."""
    locale = visit.locale
    return Curve(
        title=locale.text("Articles over time, by language"),
        series=[language(code, locale) for code in part.languages],
        counted=part.days,
        marks=marks or {},
        link=lambda first, last: visit.url("/search", **selection.parameters() | {"from": str(first), "to": str(last)}),
    ).drawn(locale)


def language(code: str, locale: Locale) -> str:
    """Name a language in the language of the page."""
    return (
        locale.text(telling.LANGUAGES[code])
        if code in telling.LANGUAGES
        else str(locale.babel.languages.get(code, code))
    )


def _source(row: sqlite3.Row) -> Source:
    return Source(
        name=Name(row["name"], row["name_km"]),
        languages=tuple(json.loads(row["languages"])),
        **{name: row[name] for name in ("id", "status", "homepage", "verified_on", "note")},
    )
