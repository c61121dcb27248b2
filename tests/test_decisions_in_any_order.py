"""Decisions in any order, among readings in any order, leave what the surviving ones make of a fresh reading."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.database import open_writer
from archive.errors import UsageError
from archive.index import reindex
from archive.model import Article, DateCandidate
from archive.store import Store
from tests.archives import CAMPAIGNS, NOW, SOURCES, build_archive
from tests.decided import ask, copy_of, row, story_of
from tests.test_store import vocabulary
from tests.test_syndication import ENGLISH, KHMER, OTHER, text

LATER = NOW + timedelta(days=1)


READINGS = {
    path: [
        copy_of(path, text(*KHMER), source),
        replace(copy_of(path, text(*ENGLISH), source), authors=("Dara",)),
        replace(copy_of(path, text(*OTHER), source), title="ផ្សេង", published=DateCandidate(origin="meta", raw="", day=date(2024, 2, 2))),
    ]
    for path, source in (("one", "lotus"), ("two", "delta"), ("three", "delta"))
}  # fmt: skip
PATHS = list(READINGS)
VALUES = [
    *(("keep", ""), ("reject", ""), ("unsure", ""), ("hide", ""), ("note", "words"), ("split", "")),
    *(("title", "Corrected"), ("title", "ថ្មី"), ("published", "2023-05-05"), ("source", "lotus"), ("source", "delta")),
    *(("authors", "A. Person"), ("authors", ""), ("tone", "positive"), ("tone", ""), ("gone", "2024-02-02")),
    *(("merge", path) for path in PATHS),
]
STEPS = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(PATHS), st.sampled_from(VALUES)),
    st.tuples(st.just("undo"), st.sampled_from(PATHS), st.integers(0, 5)),
    st.tuples(st.just("put"), st.sampled_from(PATHS), st.integers(0, 2)),
    st.tuples(st.just("rematch"), st.sampled_from(PATHS), st.just(0)),
)


@dataclass
class Desk:
    """An archive of three articles on which steps are done."""

    connection: sqlite3.Connection
    store: Store
    keys: dict[str, str]
    now: dict[str, Article]

    def step(self, what: str, path: str, how: Any) -> None:
        if what == "put":
            self.now[path] = READINGS[path][how]
            self.store.put(self.now[path], (), LATER)
        elif what == "rematch":
            number = row(self.connection, self.keys[path])["id"]
            self.store.rematch(number, self.now[path], "new words", LATER)
        elif what == "undo":
            made = self.connection.execute("select id from decision where article = (select id from article where key = ?) order by id desc", [self.keys[path]]).fetchall()  # fmt: skip
            if how < len(made):
                self.decide(path, "undo", undoes=made[how]["id"])
        else:
            kind, value = how
            self.decide(path, kind, self.keys[value] if kind == "merge" else value)

    def decide(self, path: str, kind: str, value: str = "", **more: Any) -> None:
        try:
            ask(self.connection, self.keys[path], kind, value, **more)
        except UsageError:
            assert not self.connection.in_transaction

    def state(self) -> list[object]:
        apart = ("id", "first_seen", "last_seen", "revision", "story")
        rows = [row(self.connection, key) for key in self.keys.values()]
        stories = [story_of(self.connection, key) for key in self.keys.values()]
        columns = [{name: value for name, value in one.items() if name not in apart} for one in rows]
        original = (
            "select article.key, field, original from correction join article on article.id = article order by 1, 2"
        )
        return [columns, stories, [tuple(one) for one in self.connection.execute(original)]]


def desk(folder: Path, empty: Path, readings: dict[str, Article]) -> Desk:
    copyfile(empty, folder / "archive.db")
    connection = open_writer(folder / "archive.db")
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    keys = {path: store.put(one, (), NOW) for path, one in readings.items()}
    return Desk(connection, store, keys, dict(readings))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    build_archive(path, ())
    return path


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(STEPS, max_size=14))
def test_any_steps_leave_what_the_surviving_decisions_make_of_a_fresh_reading(
    empty: Path, steps: list[tuple[str, str, Any]]
) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        lived = desk(Path(one), empty, {path: readings[0] for path, readings in READINGS.items()})
        for step in steps:
            lived.step(*step)
        fresh = desk(Path(other), empty, lived.now)
        for path, kind, value in surviving_of(lived):
            fresh.decide(path, kind, value)
        assert lived.state() == fresh.state()
        tokens = vocabulary(lived.connection)
        reindex(lived.connection)
        assert vocabulary(lived.connection) == tokens
        lived.connection.execute("insert into article_fts (article_fts) values ('integrity-check')")
        for opened in (lived, fresh):
            opened.connection.close()


def surviving_of(lived: Desk) -> list[tuple[str, str, str]]:
    """Give what was decided and never taken back, as it was typed, told from the log without the code that is tried."""
    rows = lived.connection.execute("select decision.*, article.url from decision join article on article.id = article order by decision.id").fetchall()  # fmt: skip
    counts = {one["id"]: True for one in rows}
    for one in reversed(rows):
        if one["kind"] == "undo" and counts[one["id"]]:
            counts[one["undoes"]] = False
    kept = [one for one in rows if counts[one["id"]] and one["kind"] != "undo"]
    return [(one["url"].rpartition("/")[2], one["kind"], typed(one["value"])) for one in kept]


def typed(value: str | None) -> str:
    if value in (None, "null"):
        return ""
    assert value
    return value.strip('[]"')
