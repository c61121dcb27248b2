"""What people corrected lies over what was read: the article's own row holds what counts, the table `correction` what was read."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "published": ("published", "published_at", "published_origin", "published_precision", "published_reliable"),
    "source": ("source",),
    "authors": ("authors",),
}
"""What can be corrected, and the columns of the article that a correction takes the place of."""


def settle(connection: sqlite3.Connection, article: int) -> None:
    """Lay the corrections in force over what was just read anew into the article's row, which becomes their original."""
    held = connection.execute(
        "select field, value, decision from correction join decision on decision.id = decision where correction.article = ?",
        [article],
    ).fetchall()
    if held:
        connection.execute("delete from correction where article = ?", [article])
    for row in held:
        lay(connection, article, row["field"], row["value"], row["decision"])


def lay(connection: sqlite3.Connection, article: int, field: str, value: str, decision: int) -> None:
    """Write a corrected value, JSON as the decision holds it, over a field that is as it was read; what was read is kept."""
    row = connection.execute("select * from article where id = ?", [article]).fetchone()
    original = {name: row[name] for name in COLUMNS[field]}
    connection.execute(
        "insert into correction (article, field, original, decision) values (?, ?, ?, ?)",
        [article, field, json.dumps(original, ensure_ascii=False), decision],
    )
    _write(connection, article, _corrected(field, json.loads(value)))


def lift(connection: sqlite3.Connection, article: int) -> None:
    """Bring back all that was read of an article."""
    for row in connection.execute("select original from correction where article = ?", [article]).fetchall():
        _write(connection, article, json.loads(row["original"]))
    connection.execute("delete from correction where article = ?", [article])


def _corrected(field: str, value: Any) -> dict[str, Any]:
    """Give the columns of a corrected field; a day that a person gives is as sure as that person."""
    if field == "published":
        return dict(zip(COLUMNS[field], (value, None, "person", "day", 1), strict=True))
    return {field: json.dumps(value, ensure_ascii=False) if field == "authors" else value}


def _write(connection: sqlite3.Connection, article: int, columns: Mapping[str, Any]) -> None:
    names = ", ".join(f"{name} = :{name}" for name in columns)
    connection.execute(f"update article set {names} where id = :article", {**columns, "article": article})  # noqa: S608  our own names
