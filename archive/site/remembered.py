"""Figures that take a while at a hundred thousand articles, remembered until the archive changes."""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from archive.site.visit import Visit

Known = ParamSpec("Known")
Told = TypeVar("Told")

ROOM = 64
"""So many figures are kept: those of every page for some days. Each is a few kilobytes."""

_kept: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()


async def remembered(
    visit: Visit,
    function: Callable[Concatenate[sqlite3.Connection, Known], Told],
    *known: Known.args,
    **named: Known.kwargs,
) -> Told:
    """Do what `visit.read` does, or give what came of it before where the archive is still the same."""
    archive = visit.home.archive
    asked = (function, archive, known, tuple(sorted(named.items())))
    state = state_of(archive)  # before it is read, so that what changes meanwhile is read the next time
    if asked in _kept and _kept[asked][0] == state:
        _kept.move_to_end(asked)
        return _kept[asked][1]  # type: ignore[no-any-return]  # what this function told before
    told = await visit.read(function, *known, **named)
    _kept[asked] = (state, told)
    while len(_kept) > ROOM:
        _kept.popitem(last=False)
    return told


def state_of(archive: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """Tell the state of a database file and of its log: each commit writes to one of both."""
    return tuple(_stamp(file) for file in (archive, archive.with_name(f"{archive.name}-wal")))


def _stamp(file: Path) -> tuple[int, int, int] | None:
    if not file.exists():
        return None
    told = file.stat()
    return told.st_ino, told.st_mtime_ns, told.st_size
