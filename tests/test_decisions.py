"""What people decide holds, can be taken back, and survives whatever is read anew."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.database import open_writer
from archive.desk.decisions import Outcome, newest
from archive.errors import UsageError
from archive.index import reindex
from archive.keys import article_key
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive, found
from tests.decided import LOVE, SLOGAN, ask, covered, done, row, undo
from tests.test_store import vocabulary, with_words

LATER = NOW + timedelta(days=1)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db")
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        yield opened


# ---- verdicts -------------------------------------------------------------------------------------------------------------------------


def test_a_rejected_article_leaves_the_coverage_and_comes_back_by_undoing(connection: sqlite3.Connection) -> None:
    before = covered(connection)
    number = done(ask(connection, SLOGAN, "reject"))
    assert covered(connection) == before - {SLOGAN}
    assert connection.execute("select decision from candidate where id = ?", [SLOGAN]).fetchone()[0] == "reject"
    undo(connection, SLOGAN, number)
    assert covered(connection) == before
    assert row(connection, SLOGAN)["decision"] == "new"


def test_of_several_verdicts_the_latest_that_nobody_took_back_counts(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "keep")
    unsure = done(ask(connection, SLOGAN, "unsure"))
    reject = done(ask(connection, SLOGAN, "reject"))
    undo(connection, SLOGAN, unsure)
    assert row(connection, SLOGAN)["decision"] == "reject"
    undone = undo(connection, SLOGAN, reject)
    assert row(connection, SLOGAN)["decision"] == "keep"
    undo(connection, SLOGAN, undone)
    assert row(connection, SLOGAN)["decision"] == "reject"


def test_a_hidden_article_is_in_no_coverage_until_that_is_undone(connection: sqlite3.Connection) -> None:
    first, second = (done(ask(connection, SLOGAN, "hide")) for _ in range(2))
    undo(connection, SLOGAN, first)
    assert SLOGAN not in covered(connection)
    undo(connection, SLOGAN, second)
    assert SLOGAN in covered(connection)


def test_nothing_is_taken_back_twice(connection: sqlite3.Connection) -> None:
    number = done(ask(connection, SLOGAN, "keep"))
    undo(connection, SLOGAN, number)
    with pytest.raises(UsageError, match="taken back already"):
        undo(connection, SLOGAN, number)


def test_a_decision_about_another_article_is_not_taken_back_here(connection: sqlite3.Connection) -> None:
    number = done(ask(connection, SLOGAN, "keep"))
    with pytest.raises(UsageError, match="no such decision"):
        undo(connection, LOVE, number)


def test_the_log_only_grows_and_says_what_was_there(connection: sqlite3.Connection) -> None:
    undo(connection, SLOGAN, done(ask(connection, SLOGAN, "published", "2021-12-11")))
    rows = connection.execute("select kind, value, was, who, at, undoes from decision order by id").fetchall()
    assert [tuple(one) for one in rows] == [
        ("published", '"2021-12-11"', '"2021-12-10"', "sophea", "2024-03-01T06:30:00Z", None),
        ("undo", None, None, "sophea", "2024-03-01T06:30:00Z", 1),
    ]


# ---- forms ----------------------------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_decision_with_the_same_answer(connection: sqlite3.Connection) -> None:
    one, again = (ask(connection, SLOGAN, "note", "ok", token="t") for _ in range(2))
    assert one == again
    assert connection.execute("select count(*) from decision").fetchone()[0] == 1


def test_another_button_of_the_same_form_is_another_decision(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "reject", token="t")
    ask(connection, SLOGAN, "keep", token="t")
    assert row(connection, SLOGAN)["decision"] == "keep"


def test_who_did_not_see_what_another_decided_decides_nothing(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "reject", who="dara")
    assert ask(connection, SLOGAN, "keep", seen=0) == Outcome(decision=None, overtaken=True)
    assert row(connection, SLOGAN)["decision"] == "reject"
    seen = newest(connection, connection.execute("select id from article where key = ?", [SLOGAN]).fetchone()[0])
    assert not ask(connection, SLOGAN, "keep", seen=seen).overtaken
    assert row(connection, SLOGAN)["decision"] == "keep"


def test_ones_own_decisions_and_notes_are_in_nobodys_way(connection: sqlite3.Connection) -> None:
    ask(connection, SLOGAN, "reject", seen=0)
    assert not ask(connection, SLOGAN, "keep", seen=0).overtaken
    assert not ask(connection, SLOGAN, "note", "why?", seen=0, who="dara").overtaken


# ---- corrections ----------------------------------------------------------------------------------------------------------------------


FIELDS = [
    ("title", "ចំណងជើងថ្មី", {"title": "ចំណងជើងថ្មី"}),
    (
        "published",
        "2021-12-11",
        {
            "published": "2021-12-11",
            "published_at": None,
            "published_origin": "person",
            "published_precision": "day",
            "published_reliable": 1,
        },
    ),
    ("source", "delta", {"source": "delta"}),
    ("authors", "Dara, Jr.\r\n ចាន់ សុភា;Dara, Jr.", {"authors": '["Dara, Jr.", "ចាន់ សុភា"]'}),
    ("tone", "negative", {"tone": "negative"}),
    ("gone", "2022-01-01", {"gone_on": "2022-01-01"}),
]


@pytest.mark.parametrize(("kind", "value", "columns"), FIELDS)
def test_a_correction_counts_at_once_and_its_undoing_brings_back_what_was_read(
    kind: str, value: str, columns: dict[str, Any], connection: sqlite3.Connection
) -> None:
    before = row(connection, SLOGAN)
    number = done(ask(connection, SLOGAN, kind, value))
    assert row(connection, SLOGAN) == before | columns
    undo(connection, SLOGAN, number)
    assert row(connection, SLOGAN) == before
    assert connection.execute("select count(*) from correction").fetchone()[0] == 0


@pytest.mark.parametrize("undone", [(0, 1), (1, 0)])
def test_corrections_that_lie_over_each_other_come_off_in_any_order(
    undone: Sequence[int], connection: sqlite3.Connection
) -> None:
    read = row(connection, SLOGAN)["title"]
    numbers = [done(ask(connection, SLOGAN, "title", title)) for title in ("One", "Two")]
    undo(connection, SLOGAN, numbers[undone[0]])
    assert row(connection, SLOGAN)["title"] == ("Two" if undone[0] == 0 else "One")
    undo(connection, SLOGAN, numbers[undone[1]])
    assert row(connection, SLOGAN)["title"] == read


def test_a_page_read_anew_leaves_the_correction_and_becomes_its_original(connection: sqlite3.Connection) -> None:
    number = done(ask(connection, SLOGAN, "title", "Corrected"))
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    store.put(replace(ARTICLES[0], title="ចំណងជើងផ្សេង"), (), LATER)
    assert row(connection, SLOGAN)["title"] == "Corrected"
    assert connection.execute("select original ->> 'title' from correction").fetchone()[0] == "ចំណងជើងផ្សេង"
    undo(connection, SLOGAN, number)
    assert row(connection, SLOGAN)["title"] == "ចំណងជើងផ្សេង"


def test_an_article_is_found_by_what_was_read_and_by_what_was_corrected(connection: sqlite3.Connection) -> None:
    formula = article_key("https://lotus.example/formula")
    title = done(ask(connection, formula, "title", "អង្គរ #WalkTogether"))
    ask(connection, formula, "authors", "កែវ មុនី")
    for words in ("evil", "អង្គរ", "Walk Together", "ចាន់ សុភា", "កែវ មុនី"):
        assert "formula" in with_words(connection, words), words
    undo(connection, formula, title)
    assert "formula" not in with_words(connection, "អង្គរ")
    assert "formula" in with_words(connection, "កែវ មុនី")
    tokens = vocabulary(connection)
    reindex(connection)
    assert vocabulary(connection) == tokens


def test_a_headline_that_is_read_later_keeps_what_was_decided(connection: sqlite3.Connection) -> None:
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    title = "សិទ្ធិនៅភ្នំពេញ"
    listed = article("go/1", None, title, "", found("rights", title, "សិទ្ធិ", "title"), status="headline only")
    key = store.put(listed, (), NOW)
    ask(connection, key, "keep")
    ask(connection, key, "published", "2024-02-01")
    read = article("real", "2024-02-02", title, "អត្ថបទអំពីសិទ្ធិ", addresses=(listed.url, "https://lotus.example/real"))
    assert store.put(read, (), LATER) == key
    now = row(connection, key)
    assert (now["status"], now["decision"], now["published"]) == ("read", "keep", "2024-02-01")
