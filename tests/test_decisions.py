"""What people decide holds, can be taken back in any order, and survives whatever is read anew."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.database import open_writer
from archive.desk.decisions import Decision, Outcome, decide, newest
from archive.desk.verdicts import Wish
from archive.errors import UsageError
from archive.index import reindex
from archive.keys import article_key
from archive.model import Article, DateCandidate
from archive.store import Store
from pipelines.syndication import fingerprint
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive, found
from tests.test_store import vocabulary, with_words
from tests.test_syndication import ENGLISH, KHMER, OTHER, STATEMENT, text

LATER = NOW + timedelta(days=1)
SLOGAN = article_key("https://lotus.example/slogan")
LOVE = article_key("https://lotus.example/love")
RIVER = article_key("https://lotus.example/river")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db")
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        yield opened


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


# ---- stories --------------------------------------------------------------------------------------------------------------------------


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


BODY = text(*KHMER)


def copy_of(path: str, body: str = BODY, source: str = "lotus") -> Article:
    where = f"{'en/' if source == 'delta' else ''}{path}"
    return replace(
        article(where, "2024-01-01", path, body, found("rights", body, body[:8])), fingerprint=fingerprint(path, body)
    )


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


# ---- any order ------------------------------------------------------------------------------------------------------------------------

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
