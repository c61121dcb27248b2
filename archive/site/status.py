"""How the sources stand, for people and for programs that watch over them."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from datasette.utils.asgi import Response

from archive.config import load_sources
from archive.database import open_reader
from archive.errors import ConfigError
from archive.health import Health, State, health
from archive.home import Home
from archive.localize import Locale
from archive.model import Source
from archive.site.crawled import LastCrawl, load_last_crawl
from archive.site.visit import Visit
from archive.stamp import instant

RUNS = 14
"""So many of the last runs are shown: two weeks of a daily crawl."""

STATES = {
    "fine": "fine",
    "never crawled": "never crawled",
    "not crawled": "not crawled",
    "in trouble": "in trouble",
    "silent": "silent",
}
"""How a source stands -> the message that says it."""

_BADGES: dict[State, str] = {
    "fine": "good",
    "in trouble": "bad",
    "silent": "warn",
    "never crawled": "warn",
    "not crawled": "",
}

RUN_KINDS = {"crawl": "crawl", "reread": "reading again", "add": "adding"}

TROUBLES = (
    "bad certificate",
    "bad listing",
    "blocked address",
    "bot challenge",
    "connection failed",
    "connection refused",
    "cut short",
    "forbidden by robots.txt",
    "ignored",
    "missing",
    "refused",
    "robots.txt unavailable",
    "server error",
    "source paused",
    "timeout",
    "too large",
    "too many redirects",
    "too many requests",
    "unexpected answer",
    "unknown host",
    "unreadable encoding",
)
"""What the crawler calls that which went wrong with a listing; other names are shown as it says them."""

MESSAGES = (*STATES.values(), *RUN_KINDS.values(), *TROUBLES)


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as the archive remembers it."""

    kind: str
    started_at: str
    ended_at: str | None
    exit_code: int | None
    found: int
    fetched: int
    matched: int
    failed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands."""

    crawl: LastCrawl
    sources: tuple[Health, ...]
    runs: tuple[Run, ...]


async def status(visit: Visit) -> Response:
    """Show how each source stands."""
    return visit.render(
        "status.html", standing=await _standing(visit), states=STATES, badges=_BADGES, kinds=RUN_KINDS, trouble=trouble
    )


async def status_json(visit: Visit) -> Response:
    """Tell the same to a program: English words, instants in UTC."""
    standing = await _standing(visit)
    crawl = {"state": standing.crawl.state, "at": _told(standing.crawl.at)}
    return Response.json({"crawl": crawl, "sources": [_source(one) for one in standing.sources]})


async def _standing(visit: Visit) -> Standing:
    crawl = await visit.read(load_last_crawl, datetime.now(UTC))
    declared = await visit.read(load_declared, visit.home)
    return Standing(
        crawl, tuple(await visit.write(lambda: load_health(visit.home, declared))), await visit.read(load_runs)
    )


# ---- what is known ----------------------------------------------------------------------------------------------------------------


def load_runs(connection: sqlite3.Connection) -> tuple[Run, ...]:
    """Give the last runs, the latest first."""
    rows = connection.execute(
        "select kind, started_at, ended_at, exit_code, found, fetched, matched, failed from run order by started_at desc, id desc limit ?",
        [RUNS],
    )
    return tuple(Run(*row) for row in rows)


def load_declared(connection: sqlite3.Connection, home: Home) -> tuple[Source, ...]:
    """Give the sources as sources.toml declares them, or as the archive knows them where that file is missing or holds mistakes."""
    if home.sources_file.is_file():
        with suppress(ConfigError):  # `tamdan crawl` tells the mistakes
            return load_sources(home.sources_file).source
    rows = connection.execute("select id, name, name_km, status from source order by id")
    return tuple(
        Source(id=row[0], name=row[1], name_km=row[2], status=row[3], languages=(), domains=()) for row in rows
    )


def load_health(home: Home, sources: Iterable[Source]) -> list[Health]:
    """Judge the sources by crawl.db, which may be missing."""
    if not home.crawl.is_file():
        return health(None, sources)
    with closing(open_reader(home.crawl)) as connection:
        return health(connection, sources)


# ---- how it is told ---------------------------------------------------------------------------------------------------------------


def trouble(locale: Locale, outcome: str) -> str:
    """Tell what went wrong with a listing: the crawler's name for it, with the number of HTTP behind it."""
    name, stop, detail = outcome.partition(" (")
    return locale.digits(f"{locale.text(name)}{stop}{detail}")


def _source(one: Health) -> dict[str, object]:
    return {
        "id": one.source.id,
        "name": one.source.name,
        "state": one.state,
        "verdict": one.verdict,
        "last_answer": _told(one.answered_at),
        "last_new": _told(one.newest_at),
        "usual_gap_days": one.gap.days if one.gap else None,
        "waiting": one.waiting,
    }


def _told(moment: datetime | None) -> str | None:
    return instant(moment) if moment else None
