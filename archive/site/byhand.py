"""What waits to be opened by hand: coverage of which only a headline is known, since its page could not be read."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from datasette.utils.asgi import Response

from archive.localize import ZONE
from archive.site.deciding import done_values
from archive.site.unopened import why_unopened
from archive.site.visit import Visit

MOST = 200
"""Headlines shown at a time; the newest first, the others come when these are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One article that nobody has opened yet."""

    key: str
    title: str
    url: str
    source: str
    source_km: str | None
    published: str | None
    seen: int
    """The newest decision about it."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The headlines to be opened, and how many there are."""

    headlines: tuple[Headline, ...]
    total: int


_UNOPENED = "coverage.status = 'headline only' and gone_on is null"


def count_by_hand(connection: sqlite3.Connection) -> int:
    """Count what `load_by_hand` lists."""
    return int(connection.execute(f"select count(*) from coverage where {_UNOPENED}").fetchone()[0])  # noqa: S608  our own words


def load_by_hand(connection: sqlite3.Connection) -> ByHand:
    """Read the headlines of the coverage whose page nobody has called gone."""
    rows = connection.execute(
        "select coverage.id, title, url, name, name_km, published,"  # noqa: S608  our own words
        " (select coalesce(max(id), 0) from decision where decision.article = coverage.article)"
        " from coverage join source on source.id = coverage.source"
        f" where {_UNOPENED} order by published desc, coverage.id limit ?",
        [MOST],
    ).fetchall()
    names = Headline.__dataclass_fields__
    return ByHand(tuple(Headline(**dict(zip(names, row, strict=True))) for row in rows), count_by_hand(connection))


async def by_hand(visit: Visit) -> Response:
    """Show them, each with what stood in the way and the way to add the page."""
    found = await visit.read(load_by_hand)
    whys = {one.key: why_unopened(visit.home.crawl, one.url) for one in found.headlines}
    today = datetime.now(ZONE).date().isoformat()
    return visit.render("byhand.html", found=found, whys=whys, today=today, **await done_values(visit))
