"""What the desk shows: what holds, what replaced what, who took it back, and what was read before people corrected it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.desk.history import Entry, load_desk, load_done
from tests.archives import build_archive
from tests.decided import LOVE, SLOGAN, ask, done, undo


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db")
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        yield opened


def entries(connection: sqlite3.Connection, key: str = SLOGAN) -> list[Entry]:
    desk = load_desk(connection, key)
    assert desk
    return list(desk.entries)


def test_nothing_is_known_of_an_unknown_article(connection: sqlite3.Connection) -> None:
    assert load_desk(connection, "a" + "0" * 16) is None


def test_an_article_nobody_touched_has_no_history(connection: sqlite3.Connection) -> None:
    desk = load_desk(connection, SLOGAN)
    assert desk
    assert (desk.decision, desk.entries, desk.seen, dict(desk.read), desk.companions) == ("new", (), 0, {}, 0)
    assert desk.sources["lotus"] == ("Lotus Daily", "ផ្កាឈូក")


def test_the_newest_stands_first_and_what_it_replaced_no_longer_counts(connection: sqlite3.Connection) -> None:
    for kind, value in (("keep", ""), ("title", "One"), ("note", "a"), ("reject", ""), ("title", "Two"), ("note", "b")):
        ask(connection, SLOGAN, kind, value)
    shown = [(one.kind, one.value, one.holds, one.counts) for one in entries(connection)]
    assert shown == [
        ("note", "b", True, True),
        ("title", "Two", True, True),
        ("reject", None, True, True),
        ("note", "a", True, True),
        ("title", "One", True, False),
        ("keep", None, True, False),
    ]


def test_an_entry_tells_who_took_it_back_and_brought_it_back_and_what_the_next_tap_undoes(
    connection: sqlite3.Connection,
) -> None:
    number = done(ask(connection, SLOGAN, "keep"))
    back = undo(connection, SLOGAN, number)
    (entry,) = entries(connection)
    assert (entry.holds, entry.undo, [(turn.who, turn.back) for turn in entry.turns]) == (
        False,
        back,
        [("sophea", False)],
    )
    undo(connection, SLOGAN, entry.undo)
    (entry,) = entries(connection)
    assert (entry.holds, entry.undo, [turn.back for turn in entry.turns]) == (True, number, [False, True])


def test_what_was_read_stays_beside_what_was_corrected(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "authors", "A. Person")
    ask(connection, SLOGAN, "published", "2021-12-11")
    desk = load_desk(connection, SLOGAN)
    assert desk
    assert (desk.authors, desk.published) == (("A. Person",), "2021-12-11")
    assert dict(desk.read) == {"authors": [], "published": "2021-12-10"}


def test_a_merge_is_told_at_both_articles_with_the_other_one(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "merge", LOVE)
    here, there = load_desk(connection, SLOGAN), load_desk(connection, LOVE)
    assert here
    assert there
    assert (here.entries[0].other, here.entries[0].value) == (LOVE, there.title)
    assert (there.entries[0].other, there.entries[0].value) == (SLOGAN, here.title)
    assert here.companions == there.companions == 1
    assert here.seen == there.seen


def test_only_who_decided_is_told_that_it_is_done(connection: sqlite3.Connection) -> None:
    number = done(ask(connection, SLOGAN, "keep"))
    told = load_done(connection, number, "sophea")
    assert told
    assert (told.key, told.entry.kind, told.entry.holds, told.seen) == (SLOGAN, "keep", True, number)
    assert load_done(connection, number, "dara") is None
    assert load_done(connection, number + 1, "sophea") is None
    after = load_done(connection, undo(connection, SLOGAN, number), "sophea")
    assert after
    assert (after.entry.id, after.entry.holds) == (number, False)
