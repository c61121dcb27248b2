"""What people decide about an article: appended to a log that nothing is ever taken from, and laid over the article's own row.

What counts is told by the log alone: of the decisions that nobody took back, the latest of each kind. So a decision and its undoing leave
the article as if neither had been.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from archive import index, stories
from archive.database import immediate
from archive.desk import corrections
from archive.desk.verdicts import VERDICTS, Wish, checked
from archive.errors import UsageError
from archive.stamp import instant

MESSAGES = (
    "There is no such article.",
    "There is no such decision about this article.",
    "This was taken back already.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody wants to be so, as a form sends it."""

    token: str
    """Made with the form: the same form sent twice with the same words is one decision."""
    article: str
    """Public key."""
    wish: Wish
    who: str
    seen: int | None = 0
    """Number of the newest decision about the article when the form was made; None decides whatever came since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it: the decision's number, or None where somebody else was quicker."""

    decision: int | None
    overtaken: bool = False
    """Whether others decided since the form was made, so that nothing was written."""


def decide(connection: sqlite3.Connection, decision: Decision, now: datetime) -> Outcome:
    """Append a decision and lay what is in force over the article; one transaction, which can be repeated.

    Raises UsageError for an unknown article and for what cannot be decided; nothing is written then.
    """
    with immediate(connection):
        article = _row_of(connection, decision.article)
        token = _token(decision)
        known = connection.execute("select id from decision where token = ?", [token]).fetchone()
        if known:
            return Outcome(decision=known["id"])
        if decision.wish.kind != "note" and _overtaken(connection, article, decision):
            return Outcome(decision=None, overtaken=True)
        return Outcome(decision=_append(connection, article, decision, token, now))


def newest(connection: sqlite3.Connection, article: int) -> int:
    """Give the number of the newest decision that concerns an article, 0 where there is none."""
    return max((row["id"] for row in concerning(connection, article)), default=0)


def concerning(connection: sqlite3.Connection, article: int) -> list[sqlite3.Row]:
    """List the decisions about an article, with those that joined another one to it, the newest first."""
    sql = (
        "with joined as (select id from decision where kind = 'merge' and value = (select json_quote(key) from article where id = :id))"
        " select * from decision where article = :id or id in joined or undoes in joined order by id desc"
    )
    return connection.execute(sql, {"id": article}).fetchall()


def surviving(rows: Sequence[sqlite3.Row]) -> Iterator[sqlite3.Row]:
    """Give those decisions, of some that are the newest first, which nobody took back; an undoing can be taken back too."""
    undone = set[int]()
    for row in rows:
        if row["id"] in undone:
            continue
        if row["kind"] == "undo":
            undone.add(row["undoes"])
        yield row


# ---- writing --------------------------------------------------------------------------------------------------------------------------


def _row_of(connection: sqlite3.Connection, key: str) -> int:
    row = connection.execute("select id from article where key = ?", [key]).fetchone()
    if row is None:
        raise UsageError("There is no such article.")
    return int(row["id"])


def _token(decision: Decision) -> str:
    """Make one of the form's token and of what was chosen in it: another button of the same form is another decision."""
    wish = decision.wish
    parts = (decision.token, decision.article, decision.who, wish.kind, wish.value, wish.reason, wish.undoes)
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def _overtaken(connection: sqlite3.Connection, article: int, decision: Decision) -> bool:
    seen = decision.seen
    rows = concerning(connection, article)
    return seen is not None and any(row["id"] > seen and row["who"] != decision.who for row in rows)


def _append(connection: sqlite3.Connection, article: int, decision: Decision, token: str, now: datetime) -> int:
    wish = decision.wish
    if wish.undoes is not None:
        article = _undone(connection, article, wish.undoes)
    value = checked(connection, article, wish, now)
    before = stories.members(connection, article)
    sql = (
        "insert into decision (token, article, kind, value, was, reason, who, at, undoes)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id"
    )
    entry = [token, article, wish.kind, value, _was(connection, article, wish.kind), wish.reason, decision.who, instant(now), wish.undoes]  # fmt: skip
    number = int(connection.execute(sql, entry).fetchone()["id"])
    _lay(connection, article, before, now)
    return number


def _undone(connection: sqlite3.Connection, article: int, number: int) -> int:
    """Give the article of the decision that is to be taken back; one that joined two articles may be taken back at either."""
    rows = concerning(connection, article)
    found = next((row for row in rows if row["id"] == number), None)
    if found is None:
        raise UsageError("There is no such decision about this article.")
    if number not in {row["id"] for row in surviving(rows)}:
        raise UsageError("This was taken back already.")
    return int(found["article"])


def _was(connection: sqlite3.Connection, article: int, kind: str) -> str | None:
    """Tell as JSON what stood there before."""
    column = {
        "authors": "json(authors)",
        "gone": "json_quote(gone_on)",
        **dict.fromkeys(VERDICTS, "json_quote(decision)"),
    }
    column |= {name: f"json_quote({name})" for name in ("title", "published", "source", "tone")}
    if kind not in column:
        return None
    sql = f"select {column[kind]} as was from article where id = ?"  # noqa: S608  our own names
    return str(connection.execute(sql, [article]).fetchone()["was"])


# ---- laying over ----------------------------------------------------------------------------------------------------------------------


def _lay(connection: sqlite3.Connection, article: int, before: list[int], now: datetime) -> None:
    """Write what is in force over an article's row, and its story; `before` are the articles that were its story."""
    held = list(surviving(_decisions(connection, article)))
    latest = {row["kind"]: row for row in reversed(held)}
    verdict = next((row["kind"] for row in held if row["kind"] in VERDICTS), "new")
    told = {name: json.loads(latest[name]["value"]) if name in latest else None for name in ("tone", "gone")}
    connection.execute(
        "update article set decision = ?, hidden = ?, tone = ?, gone_on = ? where id = ?",
        [verdict, int("hide" in latest), told["tone"], told["gone"], article],
    )
    _correct(connection, article, {field: latest[field] for field in corrections.COLUMNS if field in latest})
    _bind(connection, article, held)
    stories.gather(connection, before, now)


def _decisions(connection: sqlite3.Connection, article: int) -> list[sqlite3.Row]:
    return connection.execute("select * from decision where article = ? order by id desc", [article]).fetchall()


def _correct(connection: sqlite3.Connection, article: int, latest: dict[str, sqlite3.Row]) -> None:
    """Let exactly these corrections be in force, in the index too."""
    sql = "select field, decision from correction where article = ?"
    there = {row["field"]: row["decision"] for row in connection.execute(sql, [article])}
    if there == {field: row["id"] for field, row in latest.items()}:
        return
    source = _source(connection, article)
    index.remove(connection, article)
    corrections.lift(connection, article)
    for field, row in latest.items():
        corrections.lay(connection, article, field, row["value"], row["id"])
    index.add(connection, article, index.stored_article(connection, article), index.corrected(connection, article))
    if _source(connection, article) != source:
        stories.compare(connection, article)


def _source(connection: sqlite3.Connection, article: int) -> str:
    return str(connection.execute("select source from article where id = ?", [article]).fetchone()["source"])


def _bind(connection: sqlite3.Connection, article: int, held: list[sqlite3.Row]) -> None:
    """Write which articles people hold to be one story with this one; parting it later undoes every earlier joining."""
    connection.execute("delete from bond where ? in (article, other)", [article])
    parted = max((row["id"] for row in held if row["kind"] == "split"), default=0)
    if parted:
        _bond(connection, (article, article), parted, joined=False)
    joined = dict(sorted(_joined(connection, article), key=lambda pair: pair[1]))  # the newest of each
    for other, number in joined.items():
        rows = surviving(_decisions(connection, other))
        if number > max(parted, *(row["id"] for row in rows if row["kind"] == "split"), 0):
            _bond(connection, (max(article, other), min(article, other)), number, joined=True)


def _joined(connection: sqlite3.Connection, article: int) -> Iterator[tuple[int, int]]:
    """Give the articles that decisions in force join to this one, with the number of the decision."""
    for row in surviving(concerning(connection, article)):
        if row["kind"] == "merge" and row["article"] != article:
            yield row["article"], row["id"]
        elif row["kind"] == "merge":
            yield _row_of(connection, json.loads(row["value"])), row["id"]


def _bond(connection: sqlite3.Connection, pair: tuple[int, int], decision: int, *, joined: bool) -> None:
    connection.execute(
        "insert into bond (article, other, joined, decision) values (?, ?, ?, ?)", [*pair, int(joined), decision]
    )
