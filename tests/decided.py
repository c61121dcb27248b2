"""Deciding as one of the team, and asking what came of it: what the tests of decisions stand on."""

import sqlite3
from dataclasses import replace
from itertools import count
from typing import Any

from archive.desk.decisions import Decision, Outcome, decide
from archive.desk.verdicts import Wish
from archive.keys import article_key
from archive.model import Article
from pipelines.syndication import fingerprint
from tests.archives import NOW, article, found
from tests.test_syndication import KHMER, text

SLOGAN = article_key("https://lotus.example/slogan")
LOVE = article_key("https://lotus.example/love")
RIVER = article_key("https://lotus.example/river")

_NUMBERS = count()


def ask(connection: sqlite3.Connection, key: str, kind: str, value: str = "", **more: Any) -> Outcome:
    """Decide as one of the team whose page shows the newest state."""
    given = {"token": f"form {next(_NUMBERS)}", "who": "sophea", "seen": None} | {
        name: more.pop(name) for name in ("token", "who", "seen") if name in more
    }
    if kind == "reject":
        more.setdefault("reason", "wrong page")
    wish = Wish(kind=kind, value=value, **more)
    return decide(connection, Decision(article=key, wish=wish, **given), NOW)


def done(outcome: Outcome) -> int:
    assert outcome.decision is not None
    return outcome.decision


def undo(connection: sqlite3.Connection, key: str, number: int) -> int:
    return done(ask(connection, key, "undo", undoes=number))


def row(connection: sqlite3.Connection, key: str) -> dict[str, Any]:
    return dict(connection.execute("select * from article where key = ?", [key]).fetchone())


def story_of(connection: sqlite3.Connection, key: str) -> set[str]:
    sql = "select key from article where story = (select story from article where key = ?)"
    return {found["key"] for found in connection.execute(sql, [key])}


def covered(connection: sqlite3.Connection) -> set[str]:
    return {found["id"] for found in connection.execute("select id from coverage")}


BODY = text(*KHMER)


def copy_of(path: str, body: str = BODY, source: str = "lotus") -> Article:
    where = f"{'en/' if source == 'delta' else ''}{path}"
    return replace(
        article(where, "2024-01-01", path, body, found("rights", body, body[:8])), fingerprint=fingerprint(path, body)
    )
