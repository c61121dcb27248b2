"""Which source an addition is of: one that sources.toml declares, or one that only people know, such as a radio programme or a page on a network."""

import re
import sqlite3
from hashlib import sha256
from urllib.parse import urlsplit

from archive.desk.additions import Wish
from archive.model import Source, Sources
from pipelines.urls import on_source

BY_HAND = "by-hand-"
"""How the id of a source begins that nobody declared."""

_LONGEST = 40
_NAMELESS = "unknown"


def outlet_of(wish: Wish, url: str | None, declared: Sources, archive: sqlite3.Connection) -> Source:
    """Give the source of an addition that was found at `url`: the one named, else the one whose address it is, else one made up for its name or host."""
    if named := _named(wish.source, declared):
        return named
    host = urlsplit(url or "").netloc
    own = next((source for source in declared.source if url and on_source(url, source)), None)
    if own and not wish.source:
        return own
    return _by_hand(wish.source or host.removeprefix("www.") or _NAMELESS, host, archive)


def _named(name: str | None, declared: Sources) -> Source | None:
    wanted = (name or "").casefold()
    return next(
        (one for one in declared.source if wanted and wanted in _names(one)),
        None,
    )


def _names(source: Source) -> set[str]:
    return {name.casefold() for name in (source.id, source.name, source.name_km) if name}


def _by_hand(name: str, host: str, archive: sqlite3.Connection) -> Source:
    """Give a source that people named, under the id it has where it was named before."""
    known = archive.execute("select id, name from source where ? in (id, name) order by id", [name]).fetchone()
    return Source(
        id=known["id"] if known else BY_HAND + _slug(name),
        name=known["name"] if known else name,
        languages=("und",),
        domains=(host,) if host else (),
    )


def _slug(name: str) -> str:
    """Write a name as an id: in Latin letters and digits where it has no others, else as a hash."""
    plain = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    return plain if plain and name.isascii() and len(plain) <= _LONGEST else sha256(name.encode()).hexdigest()[:8]
