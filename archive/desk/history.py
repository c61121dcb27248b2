"""What the desk shows of an article: what is decided about it, what was read, and who decided what, when and why."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.desk.corrections import COLUMNS
from archive.desk.decisions import concerning, surviving
from archive.desk.verdicts import VERDICTS

Names = Mapping[str, tuple[str, str | None]]
"""Id of a source -> its English and its Khmer name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One taking back of a decision, or of its taking back."""

    id: int
    who: str
    at: str
    back: bool
    """Whether the decision was brought back by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision about an article, with what became of it."""

    id: int
    kind: str
    value: Any
    """The corrected value as people read it; the title of the other article of a merge."""
    was: Any
    """What stood there before."""
    other: str
    """Key of the other article of a merge; empty for all other kinds."""
    reason: str
    who: str
    at: str
    holds: bool
    """Whether nobody took it back."""
    counts: bool
    """Whether it is in force: no later one of its kind has taken its place either."""
    turns: tuple[Turn, ...]
    undo: int
    """Number of the decision to take back so that this one no longer holds, or holds again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One article on the desk."""

    key: str
    title: str
    published: str | None
    source: str
    authors: tuple[str, ...]
    decision: str
    hidden: bool
    tone: str | None
    gone_on: str | None
    companions: int
    """Other articles of its story."""
    read: Mapping[str, Any]
    """What was read where people corrected it: field -> value as people read it."""
    sources: Names
    entries: tuple[Entry, ...]
    """The decisions, the newest first."""
    seen: int
    """Number of the newest decision, 0 where there is none: what a form must send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody just decided."""

    key: str
    title: str
    entry: Entry
    seen: int
    sources: Names


def load_desk(connection: sqlite3.Connection, key: str) -> Desk | None:
    """Give what the desk shows of the article with this key, None where there is none."""
    row = connection.execute("select * from article where key = ?", [key]).fetchone()
    if row is None:
        return None
    rows = concerning(connection, row["id"])
    return Desk(
        key=key,
        title=row["title"],
        published=row["published"],
        source=row["source"],
        authors=tuple(json.loads(row["authors"])),
        decision=row["decision"],
        hidden=bool(row["hidden"]),
        tone=row["tone"],
        gone_on=row["gone_on"],
        companions=_companions(connection, row["id"]),
        read=_read(connection, row["id"]),
        sources=_names(connection),
        entries=tuple(_entries(connection, rows, row["id"])),
        seen=max((one["id"] for one in rows), default=0),
    )


def load_done(connection: sqlite3.Connection, number: int, who: str) -> Done | None:
    """Give what this person decided by that number, None for anybody else's; of an undoing, the decision it is about."""
    row = connection.execute(
        "select decision.article, article.key, title from decision join article on article.id = article where decision.id = ? and who = ?",
        [number, who],
    ).fetchone()
    if row is None:
        return None
    rows = concerning(connection, row["article"])
    entries = _entries(connection, rows, row["article"])
    about = next(one for one in entries if number in (one.id, *(turn.id for turn in one.turns)))
    return Done(key=row["key"], title=row["title"], entry=about, seen=rows[0]["id"], sources=_names(connection))


def _names(connection: sqlite3.Connection) -> Names:
    rows = connection.execute("select id, name, name_km from source order by name")
    return {row["id"]: (row["name"], row["name_km"]) for row in rows}


def _companions(connection: sqlite3.Connection, article: int) -> int:
    sql = "select count(*) - 1 from article where story = (select story from article where id = ?)"
    return max(0, int(connection.execute(sql, [article]).fetchone()[0]))


def _read(connection: sqlite3.Connection, article: int) -> dict[str, Any]:
    rows = connection.execute("select field, original from correction where article = ?", [article])
    read = {row["field"]: json.loads(row["original"])[row["field"]] for row in rows}
    return read | ({"authors": json.loads(read["authors"])} if "authors" in read else {})


def _entries(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row], article: int) -> Iterator[Entry]:
    alive = {row["id"] for row in surviving(rows)}
    force = set(in_force(surviving(rows)))
    for row in rows:
        if row["kind"] != "undo":
            turns = tuple(sorted(_turns(rows, row["id"]), key=lambda turn: turn.id))
            undo = next((one["id"] for one in rows if one["undoes"] == row["id"] and one["id"] in alive), row["id"])
            other, title = _other(connection, row, article)
            yield Entry(
                id=row["id"],
                kind=row["kind"],
                value=title if other else json.loads(row["value"] or "null"),
                was=json.loads(row["was"] or "null"),
                other=other,
                reason=row["reason"],
                who=row["who"],
                at=row["at"],
                holds=row["id"] in alive,
                counts=row["id"] in force,
                turns=turns,
                undo=undo,
            )


def in_force(rows: Iterable[sqlite3.Row]) -> Iterator[int]:
    """Give the numbers of those, of decisions that nobody took back, the newest first, which no later one replaces."""
    replaced = set[str]()
    for row in rows:
        group = "verdict" if row["kind"] in VERDICTS else row["kind"]
        if group not in replaced:
            yield row["id"]
        if group in {"verdict", "tone", "gone", *COLUMNS}:
            replaced.add(group)


def _turns(rows: Sequence[sqlite3.Row], number: int, *, back: bool = False) -> Iterator[Turn]:
    for row in rows:
        if row["undoes"] == number:
            yield Turn(id=row["id"], who=row["who"], at=row["at"], back=back)
            yield from _turns(rows, row["id"], back=not back)


def _other(connection: sqlite3.Connection, row: sqlite3.Row, article: int) -> tuple[str, str]:
    """Give key and title of the other article of a merge, whichever of the two is looked at."""
    if row["kind"] != "merge":
        return "", ""
    sql = (
        "select key, title from article where key = ?"
        if row["article"] == article
        else "select key, title from article where id = ?"
    )
    asked = json.loads(row["value"]) if row["article"] == article else row["article"]
    found = connection.execute(sql, [asked]).fetchone()
    return str(found["key"]), str(found["title"])
