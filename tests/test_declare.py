"""What is declared is written down, and a query whose words changed is another version of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.model import Campaigns, Term
from archive.store import Store
from tests.archives import CAMPAIGNS, NOW, SOURCES, article, build_archive
from tests.test_store import FOREST, RIVER, capture, store_on


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db", articles=())
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        yield opened


@pytest.fixture
def store(connection: sqlite3.Connection) -> Store:
    return store_on(connection)


def versions(connection: sqlite3.Connection) -> list[tuple[str, int, bool]]:
    rows = connection.execute(
        "select name, version, retired_at from query where name in ('rights', 'water') order by name, version"
    )
    return [(row["name"], row["version"], row["retired_at"] is None) for row in rows]


def changed_query(campaigns: Campaigns, **changes: str) -> Campaigns:
    first, second = campaigns.campaign
    queries = tuple(replace(query, **changes) if query.id == "rights" else query for query in first.query)
    return replace(campaigns, campaign=(replace(first, query=queries), second))


def test_a_query_whose_words_changed_gets_a_new_version_and_old_matches_keep_theirs(
    store: Store, connection: sqlite3.Connection
) -> None:
    store.put(article("a", None, "ទន្លេ", RIVER), [capture(1)], NOW)
    newer = store_on(connection, changed_query(CAMPAIGNS, find="សិទ្ធិ OR ច្បាប់"))
    assert versions(connection) == [("rights", 1, False), ("rights", 2, True), ("water", 1, True)]
    newer.put(article("b", None, "ព្រៃ", FOREST), [capture(2)], NOW)
    rows = connection.execute(
        "select article.url, version from match join article on article.id = article join query on query.id = query"
    )
    assert {(row["url"].rpartition("/")[2], row["version"]) for row in rows} == {("a", 1), ("b", 2)}


LAW = Term(say="ច្បាប់", also=("ច្បាប",))


@pytest.mark.parametrize(
    ("changed", "rights"),
    [
        (CAMPAIGNS, [1]),
        (changed_query(CAMPAIGNS, label="Human rights"), [1]),
        (replace(CAMPAIGNS, term=(*CAMPAIGNS.term, LAW)), [1, 2]),
    ],
)
def test_a_label_makes_no_new_version_but_a_spelling_does(
    changed: Campaigns, rights: list[int], store: Store, connection: sqlite3.Connection
) -> None:
    store_on(connection, changed)
    assert [version for name, version, _ in versions(connection) if name == "rights"] == rights


def test_a_query_that_was_taken_out_is_retired_and_in_force_again_when_it_comes_back(
    store: Store, connection: sqlite3.Connection
) -> None:
    store_on(connection, replace(CAMPAIGNS, campaign=CAMPAIGNS.campaign[:1]))
    assert versions(connection) == [("rights", 1, True), ("water", 1, False)]
    store_on(connection)
    assert versions(connection) == [("rights", 1, True), ("water", 1, True)]


def test_a_new_name_of_a_source_is_written_down(store: Store, connection: sqlite3.Connection) -> None:
    store.declare((replace(SOURCES[0], name="Lotus Weekly"),), CAMPAIGNS, NOW)
    assert [row["name"] for row in connection.execute("select name from source order by id")] == [
        "Delta Post",
        "Lotus Weekly",
    ]


def test_days_are_counted_anew_and_those_of_a_source_never_declared_here_are_left_out(
    store: Store, connection: sqlite3.Connection
) -> None:
    store.count_days({("lotus", "2024-01-01"): 3})
    store.count_days({("lotus", "2024-01-01"): 4, ("gone", "2024-01-01"): 9})
    store.count_days({("lotus", "2024-01-01"): 1})  # a ledger begun anew knows fewer
    days = connection.execute("select source, articles from source_day where day = '2024-01-01'")
    assert [tuple(row) for row in days] == [("lotus", 4)]
