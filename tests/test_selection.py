import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.database import open_reader, open_writer
from archive.model import Fingerprint
from archive.selection import CHOICES, Meaningless, Selection, read
from archive.site.shelf import Shelf, counts, shelf_of
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive

REPEATABLE = settings(derandomize=True, database=None, deadline=None, max_examples=150)
SHARED = Fingerprint(exact="one text", grams=())
COPIES = tuple(
    replace(article(path, day, "សិទ្ធិ", "អត្ថបទដូចគ្នាអំពីសិទ្ធិ ដែលចុះផ្សាយនៅប្រភពច្រើន។"), fingerprint=SHARED)
    for path, day in (("copy-1", "2022-03-02"), ("en/copy-2", "2022-03-01"), ("copy-3", None))
)
HEADLINE = replace(article("closed", "2022-04-01", "ចំណងជើងអំពីសិទ្ធិ", "សិទ្ធិ"), text="", status="headline only")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path, (*ARTICLES, *COPIES, HEADLINE))
    with closing(open_writer(path)) as connection:
        connection.executescript(
            "update article set decision = 'keep', tone = 'neutral' where id % 3 = 0; update article set decision = 'reject' where id in (1, 11);"
            " update article set hidden = 1 where id in (5, 7); update article set gone_on = '2024-01-01' where id = 4;"
            " update article set kind = 'post', media = 'owned' where id = 2; update article set revision = 2 where id = 6"
        )
    return path


@pytest.fixture(scope="module")
def connection(archive: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(archive)) as connection:
        yield connection


def chosen(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", "", *CHOICES[name]))


def some(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", "", *values))


WORDS = st.one_of(
    st.text(max_size=30),
    some("សិទ្ធិ", "rights OR ខ្ញុំទទួលយក", "LGBT*", '"a b"~3', "(", "NOT x", "'; drop table article; --", ":match"),
)
SELECTIONS = st.builds(
    Selection,
    words=WORDS,
    campaign=some("i-accept", "rivers", "none"),
    query=some("i-accept/slogan", "i-accept/rights", "rivers/water", "x"),
    source=some("lotus", "delta", "' or 1 --"),
    language=some("km", "en"),
    since=st.sampled_from((None, None, date(2022, 1, 5), date(2023, 1, 1))),
    until=st.sampled_from((None, None, date(2023, 8, 1), date(2022, 1, 5))),
    **{name: chosen(name) for name in CHOICES if name != "order"},
    order=st.sampled_from(CHOICES["order"]),
)


def rows(connection: sqlite3.Connection, selection: Selection) -> list[int]:
    sql = f"select article from {selection.view} where {selection.condition()} order by {selection.ordering()}"
    return [row[0] for row in connection.execute(sql, selection.bound(connection))]


# ---- as a URL ---------------------------------------------------------------------------------------------------------------------


@REPEATABLE
@given(SELECTIONS)
@example(Selection(words="x" * 10_000))
def test_a_selection_is_read_from_what_it_writes(selection: Selection) -> None:
    given_ = selection.parameters()
    if selection.since and selection.until and selection.since > selection.until:
        with pytest.raises(Meaningless):
            read(given_)
        return
    known = read(given_)
    assert read(known.parameters()) == known
    assert replace(known, words="") == replace(selection, words="")


def test_nothing_asked_writes_nothing_and_shows_the_newest_first() -> None:
    assert Selection().parameters() == {}
    assert read({"q": " ", "unknown": "x", "page": "3"}) == Selection()
    assert Selection().is_broad
    assert replace(Selection(), order="oldest").is_broad


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"from": "yesterday"}, "from=yesterday: this is no day"),
        ({"to": "2021-02-30"}, "to=2021-02-30"),
        ({"weak": "maybe"}, "It may be: yes, no"),
        ({"order": "best"}, "newest, oldest, relevance"),
        ({"from": "2022-01-02", "to": "2022-01-01"}, "comes after"),
    ],
)
def test_what_has_no_meaning_is_told(parameters: dict[str, str], told: str) -> None:
    with pytest.raises(Meaningless, match=told):
        read(parameters)


# ---- as SQL and as bits -----------------------------------------------------------------------------------------------------------


@REPEATABLE
@given(SELECTIONS)
@example(Selection(stories="one"))
@example(Selection(decision="hidden"))
@example(Selection(decision="reject", stories="one"))
@example(Selection(words="សិទ្ធិ", order="oldest"))
def test_sql_and_bits_find_the_same_articles_in_the_same_order(
    connection: sqlite3.Connection, selection: Selection
) -> None:
    shelf = shelf_of(connection)
    found = shelf.found(connection, selection)
    listed = list(shelf.in_order(connection, selection, found))
    expected = rows(connection, selection)
    assert found.bit_count() == len(listed) == len(expected)
    assert sorted(listed) == sorted(expected)
    if selection.order != "relevance":
        assert listed == expected


@REPEATABLE
@given(SELECTIONS)
def test_the_counts_of_a_field_agree_with_the_rows_of_its_values(
    connection: sqlite3.Connection, selection: Selection
) -> None:
    shelf = shelf_of(connection)
    for name in (
        "campaign",
        "query",
        "source",
        "language",
        "kind",
        "weak",
        "changed",
        "gone",
        "media",
        "status",
        "tone",
    ):
        plain = selection.without(name, "stories")
        for value, number in counts(shelf.sets(connection, name), shelf.found(connection, plain)):
            asked: dict[str, Any] = {name: value}
            assert number == len(rows(connection, replace(plain, **asked)))


def test_the_original_stands_for_its_story_where_it_is_found_else_the_earliest(connection: sqlite3.Connection) -> None:
    def shown(selection: Selection) -> list[str]:
        keys = {row["article"]: row["url"] for row in connection.execute("select article, url from candidate")}
        return [keys[row].rpartition("/")[2] for row in rows(connection, selection) if "copy" in keys[row]]

    (original,) = connection.execute(
        "select url from article where id = (select original from story where id = (select story from article where url like '%copy-1'))"
    ).fetchone()
    assert shown(Selection(stories="one", decision="")) == [original.rpartition("/")[2]]
    assert len(shown(Selection(stories="one", source="lotus"))) == 1
    assert len(shown(Selection(source="lotus"))) == 2


def test_months_hold_every_dated_article_once(connection: sqlite3.Connection) -> None:
    shelf = shelf_of(connection)
    assert sum(articles.bit_count() for articles in shelf.months().values()) == shelf.dated.bit_count()
    assert shelf.months()["2021-12"].bit_count() == 2


def test_the_most_relevant_has_the_word_in_its_headline(connection: sqlite3.Connection) -> None:
    shelf = shelf_of(connection)
    asked = Selection(words="rights", order="relevance")
    first = next(islice(shelf.in_order(connection, asked, shelf.found(connection, asked)), 1))
    (title,) = connection.execute("select title from article where id = ?", [first]).fetchone()
    assert title == "Activists call for equal rights"


# ---- states -----------------------------------------------------------------------------------------------------------------------


def state(path: Path) -> Shelf:
    with closing(open_reader(path)) as connection:
        return shelf_of(connection)


def test_a_shelf_is_kept_until_something_that_is_counted_changes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path)
    first = state(path)
    assert state(path) is first
    with closing(open_writer(path)) as connection:
        connection.execute("update article set last_seen = '2024-03-02'")
        assert state(path) is first
        for change in (
            "update article set decision = 'reject' where id = 1",
            "update article set hidden = 1 where id = 2",
            "delete from article_query where article = 3",
        ):
            before = state(path)
            connection.execute(change)
            after = state(path)
            assert after is not before
            with closing(open_reader(path)) as reader:
                assert after.seen(reader).bit_count() == before_seen(reader)
        store = Store(connection)
        store.declare(SOURCES, CAMPAIGNS, NOW)
        store.put(article("newest", "2024-03-01", "សិទ្ធិ", "អត្ថបទថ្មីអំពីសិទ្ធិ។"), [], NOW)
    assert len(state(path).articles) == len(ARTICLES)


def before_seen(reader: sqlite3.Connection) -> int:
    return int(reader.execute("select count(*) from coverage").fetchone()[0])


def test_an_empty_archive_has_an_empty_shelf(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, ())
    with closing(open_reader(path)) as connection:
        shelf = shelf_of(connection)
        for selection in (Selection(), Selection(words="x", stories="one"), Selection(decision="hidden")):
            assert shelf.found(connection, selection) == 0
            assert rows(connection, selection) == []
