"""What the store promises: an article goes in whole or not at all, once, and its words leave the index when they leave its text."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.database import immediate, open_reader, open_writer
from archive.errors import DiskFull
from archive.home import SHIPPED
from archive.index import reindex
from archive.khmer import index_text
from archive.migrate import migrate, schemas
from archive.model import Article, Campaigns, Capture
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive, found

LATER = NOW + timedelta(days=1)
RIVER = "ទឹកទន្លេឡើងខ្ពស់ ហើយកសិករព្រួយបារម្ភអំពីសិទ្ធិកាន់កាប់ដី។"
FOREST = "ព្រៃឈើត្រូវបានការពារ តាមសិទ្ធិសហគមន៍។"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give an archive that holds nothing but what is declared."""
    build_archive(tmp_path / "archive.db", articles=())
    return tmp_path / "archive.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(path)) as opened:
        yield opened


@pytest.fixture
def store(connection: sqlite3.Connection) -> Store:
    return store_on(connection)


def store_on(connection: sqlite3.Connection, campaigns: Campaigns = CAMPAIGNS) -> Store:
    opened = Store(connection)
    opened.declare(SOURCES, campaigns, NOW)
    return opened


def capture(number: int, url: str = "https://lotus.example/a") -> Capture:
    return Capture(
        url=url,
        file="20240301T063000Z-abcdef.warc.gz",
        offset=number * 1000,
        length=1000,
        sha256="0" * 64,
        fetched_at=NOW,
        tls="verified",
    )


def counts(connection: sqlite3.Connection, *tables: str) -> list[int]:
    return [connection.execute(f"select count(*) from {table}").fetchone()[0] for table in tables]


def contents(connection: sqlite3.Connection) -> list[str]:
    return list(connection.iterdump())


def with_words(connection: sqlite3.Connection, words: str) -> list[str]:
    """Give the paths of the articles in whose index these words stand as a phrase."""
    phrase = '"{}"'.format(index_text(words).replace('"', ""))
    sql = "select url from article_fts join article on article.id = article_fts.rowid where article_fts match ? order by url"
    return [row["url"].rpartition("/")[2] for row in connection.execute(sql, [phrase])]


def vocabulary(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Give every token of the index with every place where it stands."""
    connection.execute("create virtual table if not exists temp.tokens using fts5vocab(main, article_fts, instance)")
    return [tuple(row) for row in connection.execute("select * from temp.tokens order by 1, 2, 3, 4")]


# ---- once -------------------------------------------------------------------------------------------------------------------------


def test_an_article_put_again_adds_nothing(store: Store, connection: sqlite3.Connection) -> None:
    tables = ("article", "revision", "date_candidate", "match", "article_query", "capture")
    first = [store.put(one, [capture(number)], NOW) for number, one in enumerate(ARTICLES)]
    before, tokens = counts(connection, *tables), vocabulary(connection)
    again = [store.put(one, [capture(100 + number)], LATER) for number, one in enumerate(ARTICLES)]
    assert (again, counts(connection, *tables), vocabulary(connection)) == (first, before, tokens)
    assert before[0] == before[1] == before[5] == len(ARTICLES)


def test_an_article_put_again_says_when_it_was_last_seen(store: Store, connection: sqlite3.Connection) -> None:
    store.put(ARTICLES[0], [capture(1)], NOW)
    store.put(ARTICLES[0], [capture(2)], LATER)
    row = connection.execute("select first_seen, last_seen from article").fetchone()
    assert tuple(row) == ("2024-03-01T06:30:00Z", "2024-03-02T06:30:00Z")


def test_a_new_day_of_the_same_text_is_kept_with_the_candidates_it_was_chosen_from(
    store: Store, connection: sqlite3.Connection
) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        told = article("a", day, "ទន្លេ", RIVER)
        assert told.published
        store.put(replace(told, dates=(told.published,)), [capture(1)], NOW)
    (row,) = connection.execute(
        "select published, day from article join date_candidate on article = article.id"
    ).fetchall()
    assert tuple(row) == ("2024-01-02", "2024-01-02")


def test_two_articles_that_claim_one_address_stay_two(store: Store, connection: sqlite3.Connection) -> None:
    store.put(article("a", None, "ទន្លេ", RIVER), [capture(1)], NOW)
    store.put(
        article("a", None, "ព្រៃ", FOREST, addresses=("https://lotus.example/b",)),
        [capture(2, "https://lotus.example/b")],
        NOW,
    )
    store.put(
        article("a", None, "ព្រៃ", FOREST, addresses=("https://lotus.example/b",)),
        [capture(3, "https://lotus.example/b")],
        LATER,
    )
    rows = connection.execute("select url, title, revision from article order by url").fetchall()
    assert [row["title"] for row in rows] == ["ទន្លេ", "ព្រៃ"]
    assert rows[1]["url"] == "https://lotus.example/b"
    assert {row["revision"] for row in rows} == {1}


# ---- changed text -----------------------------------------------------------------------------------------------------------------


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(store: Store, connection: sqlite3.Connection) -> None:
    store.put(article("a", "2024-01-01", "ទន្លេ", RIVER), [capture(1)], NOW)
    store.put(article("a", "2024-01-01", "ព្រៃ", FOREST), [capture(2)], LATER)
    revisions = connection.execute("select number, title, text from revision order by number")
    assert [tuple(row) for row in revisions] == [(1, "ទន្លេ", RIVER), (2, "ព្រៃ", FOREST)]
    (row,) = connection.execute("select title, revision from coverage").fetchall()
    assert tuple(row) == ("ព្រៃ", 2)
    assert counts(connection, "article", "capture", "match") == [1, 2, 2]


def test_words_that_left_the_text_leave_the_index(store: Store, connection: sqlite3.Connection) -> None:
    store.put(article("a", None, "ទន្លេ", RIVER, captions=("ទូកមួយ",)), [capture(1)], NOW)
    store.put(article("b", None, "ទន្លេ", RIVER), [capture(2)], NOW)
    assert (with_words(connection, "កសិករព្រួយបារម្ភ"), with_words(connection, "ទូកមួយ")) == (["a", "b"], ["a"])
    store.put(article("a", None, "ព្រៃ", FOREST, captions=("ផ្លូវ",)), [capture(3)], LATER)
    assert (with_words(connection, "កសិករព្រួយបារម្ភ"), with_words(connection, "ទូកមួយ")) == (["b"], [])
    assert with_words(connection, "ព្រៃឈើត្រូវបានការពារ") == ["a"]


@pytest.mark.parametrize("field", ["title", "text", "description", "captions", "tags", "authors"])
def test_after_any_change_the_index_is_what_one_built_anew_would_be(
    field: str, store: Store, connection: sqlite3.Connection
) -> None:
    first = article(
        "a", None, "ទន្លេ", RIVER, description="សង្ខេប", captions=("រូប",), tags=("ស្លាក",), authors=("ចាន់ សុភា",)
    )
    value = getattr(first, field)
    other: Any = "ផ្សេង" + value if isinstance(value, str) else ("ផ្សេង", *value)
    changed = replace(first, **{field: other})
    store.put(first, [capture(1)], NOW)
    store.put(changed, [capture(2)], LATER)
    assert counts(connection, "revision") == [2]
    tokens = vocabulary(connection)
    assert reindex(connection) == 1
    assert vocabulary(connection) == tokens
    connection.execute("insert into article_fts (article_fts) values ('integrity-check')")


def test_matches_of_an_older_text_no_longer_speak_for_the_article(store: Store, connection: sqlite3.Connection) -> None:
    both = article(
        "a", None, "ទន្លេ", RIVER, found("rights", RIVER, "សិទ្ធិ"), found("water", RIVER, "ទន្លេ", campaign="rivers")
    )
    store.put(both, [capture(1)], NOW)
    store.put(article("a", None, "ព្រៃ", FOREST), [capture(2)], LATER)
    (row,) = connection.execute("select queries, campaigns, quote from coverage").fetchall()
    assert (row["queries"], row["campaigns"]) == ('["rights"]', '["i-accept"]')
    assert "ទន្លេ" not in row["quote"]


# ---- whole or not at all ----------------------------------------------------------------------------------------------------------


def test_an_article_that_fails_half_way_leaves_nothing(store: Store, connection: sqlite3.Connection) -> None:
    store.put(ARTICLES[0], [capture(1)], NOW)
    before = contents(connection)
    of_no_query = found("rights", RIVER, "សិទ្ធិ", campaign="unknown")
    with pytest.raises(KeyError):
        store.put(article("a", "2024-01-01", "ទន្លេ", RIVER, of_no_query), [capture(2)], NOW)
    with pytest.raises(sqlite3.IntegrityError):
        store.put(article("b", "2024-01-01", "ទន្លេ", RIVER), [capture(1)], NOW)  # two articles in one capture
    assert contents(connection) == before


def test_a_disk_that_is_full_at_any_page_of_an_article_takes_nothing_of_it(
    store: Store, connection: sqlite3.Connection, path: Path
) -> None:
    store.put(ARTICLES[0], [capture(1)], NOW)
    large = article("large", "2024-01-01", "ទន្លេ", RIVER * 400)
    before, refused = contents(connection), 0
    pages = connection.execute("pragma page_count").fetchone()[0]
    while "disk is full" in (told := put_within(store, connection, large, pages + refused)):
        assert told.startswith(str(path))
        assert contents(connection) == before
        refused += 1
    assert refused > 10
    assert counts(connection, "article", "capture") == [2, 2]


def put_within(store: Store, connection: sqlite3.Connection, one: Article, pages: int) -> str:
    """Put an article into an archive that may not grow over so many pages; gives what it said, nothing where it went in."""
    connection.execute(f"pragma max_page_count = {pages}")
    try:
        store.put(one, [capture(2)], NOW)
    except DiskFull as full:
        return str(full)
    return ""


def test_each_word_of_a_hashtag_is_found_and_leaves_with_its_text(store: Store, connection: sqlite3.Connection) -> None:
    store.put(article("a", None, "ទន្លេ", RIVER + " #IAcceptCambodia"), [capture(1)], NOW)
    assert with_words(connection, "Cambodia") == with_words(connection, "I Accept") == ["a"]
    store.put(article("a", None, "ទន្លេ", RIVER), [capture(2)], LATER)
    assert with_words(connection, "Cambodia") == []


# ---- together ---------------------------------------------------------------------------------------------------------------------

EACH = 40


def write(path: str, name: str) -> None:
    """Put many articles into an archive, as one of several processes."""
    with closing(open_writer(Path(path))) as connection:
        store = store_on(connection)
        for number in range(EACH):
            store.put(
                article(f"{name}-{number}", "2024-01-01", "ទន្លេ", RIVER), [replace(capture(number), file=name)], NOW
            )
            if number % 10 == 0:
                reindex(connection)


def test_processes_that_write_at_once_wait_for_each_other(path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"from tests.test_store import write; write({str(path)!r}, 'w{number}')"],
            stderr=subprocess.PIPE,
            text=True,
            cwd=SHIPPED,
        )
        for number in range(3)
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert errors == ["", "", ""]
    with closing(open_writer(path)) as connection:
        assert counts(connection, "article", "capture") == [3 * EACH, 3 * EACH]
        assert len(with_words(connection, "កសិករព្រួយបារម្ភ")) == 3 * EACH
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_a_reader_sees_the_old_archive_until_an_article_is_whole(path: Path, connection: sqlite3.Connection) -> None:
    with closing(open_reader(path)) as reader:
        with immediate(connection):
            connection.execute("delete from source_day")
            assert counts(reader, "source_day") == [2]
        assert counts(reader, "source_day") == [0]


# ---- the schema -------------------------------------------------------------------------------------------------------------------


def test_schema_sql_is_what_the_migrations_make() -> None:
    assert (SHIPPED / "archive" / "schema.sql").read_text(encoding="utf-8") == schemas(), "run `make schema`"


def test_migrating_twice_changes_nothing(path: Path) -> None:
    with closing(open_reader(path)) as reader:
        before = contents(reader)
        migrate(path, "archive")
        assert contents(reader) == before


def test_an_article_comes_back_from_the_archive_as_it_went_in(store: Store, connection: sqlite3.Connection) -> None:
    full: Article = next(one for one in ARTICLES if one.captions)
    store.put(full, [capture(1)], NOW)
    row = connection.execute("select * from article join revision on revision.article = article.id").fetchone()
    assert (row["url"], row["title"], row["text"], row["weak"]) == (full.url, full.title, full.text, 1)
    assert row["captions"] == f'["{full.captions[0]}"]'
    assert (
        connection.execute("select name from query join article_query on query = query.id").fetchone()["name"]
        == "slogan"
    )
