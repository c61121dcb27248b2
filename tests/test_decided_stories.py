"""Which articles are one story by what people decided, whatever their texts tell."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.store import Store
from tests.archives import CAMPAIGNS, NOW, SOURCES, build_archive
from tests.decided import LOVE, RIVER, SLOGAN, ask, copy_of, done, story_of, undo
from tests.test_syndication import KHMER, STATEMENT, text

LATER = NOW + timedelta(days=1)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db")
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        yield opened


def test_two_articles_become_one_story_and_part_again(connection: sqlite3.Connection) -> None:
    number = done(ask(connection, LOVE, "merge", f"https://desk.example/article/{SLOGAN}?lang=km"))
    assert story_of(connection, LOVE) == {SLOGAN, LOVE}
    undo(connection, SLOGAN, number)  # at the other article
    assert story_of(connection, LOVE) == {LOVE}
    ask(connection, LOVE, "merge", "https://lotus.example/river")
    ask(connection, SLOGAN, "merge", RIVER)
    assert story_of(connection, LOVE) == {SLOGAN, LOVE, RIVER}
    parted = done(ask(connection, RIVER, "split"))
    assert [story_of(connection, key) for key in (SLOGAN, LOVE, RIVER)] == [{SLOGAN}, {LOVE}, {RIVER}]
    undo(connection, RIVER, parted)
    assert story_of(connection, LOVE) == {SLOGAN, LOVE, RIVER}


def test_a_later_copy_of_its_text_does_not_bring_a_parted_article_back(connection: sqlite3.Connection) -> None:
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    one, two = (store.put(copy_of(f"copy{number}"), (), NOW) for number in range(2))
    assert story_of(connection, one) == {one, two}
    ask(connection, two, "split")
    third = store.put(copy_of("copy2"), (), NOW)
    assert [story_of(connection, key) for key in (one, two)] == [{one, third}, {two}]
    ask(connection, two, "merge", third)
    assert story_of(connection, one) == {one, two, third}


def test_a_corrected_source_weighs_the_links_of_its_text_anew(connection: sqlite3.Connection) -> None:
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    one = store.put(copy_of("one"), (), NOW)
    two = store.put(copy_of("two", text(*STATEMENT, *KHMER[:5]), "delta"), (), NOW)  # within one source it takes more
    assert story_of(connection, one) == {one, two}
    number = done(ask(connection, two, "source", "lotus"))
    assert story_of(connection, one) == {one}
    undo(connection, two, number)
    assert story_of(connection, one) == {one, two}


def test_the_original_of_a_story_follows_a_corrected_day(connection: sqlite3.Connection) -> None:
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    one = store.put(copy_of("one"), (), NOW)
    two = store.put(copy_of("two", source="delta"), (), NOW)
    for earlier in (one, two):
        number = done(ask(connection, earlier, "published", "2023-12-25"))
        sql = "select original.key from article join story on story.id = article.story join article as original on original.id = original where article.key = ?"
        assert connection.execute(sql, [one]).fetchone()[0] == earlier
        undo(connection, earlier, number)
