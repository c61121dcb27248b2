"""How the figures come about: what is followed, how it is found, matched and counted, and what they leave out."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import dedent

from datasette.utils.asgi import Response

from archive.site.remembered import remembered
from archive.site.telling import STATUSES
from archive.site.visit import Visit
from archive.stamp import software


@dataclass(frozen=True, slots=True)
class Followed:
    """A source: days are those of publication, ISO, None where nothing is dated or counted."""

    id: str
    name: str
    name_km: str
    status: str
    articles: int
    first: str | None
    last: str | None
    counted: int
    """Days on which it is known how many articles the source published in all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in force."""

    campaign: str
    name: str
    label: str
    label_km: str
    version: int
    find: str
    since: str
    """Instant at which this version was first used."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A term with its spellings, and the longer words it must not be part of."""

    say: str
    also: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the coverage does not know."""

    headlines: int
    undated: int
    unsure: int
    """Articles whose day is told by an address or picture only, or differently by different places of the page."""
    weak: int
    gone: int


@dataclass(frozen=True, slots=True)
class Method:
    """Everything the page tells of this archive."""

    sources: tuple[Followed, ...]
    queries: tuple[Asked, ...]
    terms: tuple[Spelled, ...]
    gaps: Gaps
    first: str | None
    last: str | None
    software: str
    """The program that read the newest article."""
    stages: tuple[tuple[str, int], ...]
    """Stages that read it, with their versions."""


async def method(visit: Visit) -> Response:
    """Show the method."""
    told = await remembered(visit, load_method)
    return visit.render("method.html", told=told, statuses=STATUSES, program=software())


def load_method(connection: sqlite3.Connection) -> Method:
    """Read what the archive knows of how it came about; two passes over the coverage."""
    sources = tuple(Followed(*row) for row in connection.execute(_SOURCES))
    read_by, stages = _read_by(connection)
    return Method(
        sources=sources,
        queries=tuple(_asked(row) for row in connection.execute(_QUERIES)),
        terms=tuple(_terms(connection)),
        gaps=Gaps(*connection.execute(_GAPS).fetchone()),
        first=min((one.first for one in sources if one.first), default=None),
        last=max((one.last for one in sources if one.last), default=None),
        software=read_by,
        stages=stages,
    )


_SOURCES = """
with found as (
    select source, sum(status = 'read') as articles, min(published) as first, max(published) as last from coverage group by source
),
counted as (select source, count(*) as days from source_day group by source)
select source.id, source.name, coalesce(source.name_km, ''), source.status, coalesce(found.articles, 0), found.first, found.last,
    coalesce(counted.days, 0)
from source left join found on found.source = source.id left join counted on counted.source = source.id
order by source.status not in ('open', 'unconfirmed'), source.name
"""
_QUERIES = """
select campaign, name, label, coalesce(label_km, ''), version, find, first_used from query where retired_at is null
order by campaign, id
"""
_GAPS = """
select coalesce(sum(status != 'read'), 0), coalesce(sum(published is null), 0), coalesce(sum(published_reliable = 0), 0),
    coalesce(sum(weak), 0), coalesce(sum(gone_on is not null), 0)
from coverage
"""
_TERMS = "select words from query where retired_at is null order by first_used desc, id desc limit 1"
_READ_BY = "select software, versions from revision order by id desc limit 1"


def _asked(row: sqlite3.Row) -> Asked:
    asked = Asked(*row)
    return replace(asked, find=dedent(asked.find).strip())


def _terms(connection: sqlite3.Connection) -> Iterator[Spelled]:
    row = connection.execute(_TERMS).fetchone()
    for say, also, unless, _ in json.loads(row[0]) if row else ():
        yield Spelled(say, tuple(also), tuple(unless))


def _read_by(connection: sqlite3.Connection) -> tuple[str, tuple[tuple[str, int], ...]]:
    row = connection.execute(_READ_BY).fetchone()
    if row is None:
        return "", ()
    # `source` among them is no stage but stands for the entry in sources.toml by which the page was read
    return row[0], tuple((name, number) for name, number in json.loads(row[1]).items() if name != "source")
