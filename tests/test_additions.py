import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive import runs
from archive.database import open_writer
from archive.desk import additions
from archive.desk.additions import GIVEN_UP, KNOWN, MOST_TRIES, Made, Wish
from archive.desk.decisions import Decision, decide
from archive.desk.verdicts import Wish as Verdict
from archive.model import Capture, DateCandidate
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, build_archive

WISH = Wish(
    token="0" * 32, campaign="i-accept", url="https://page.example/1", published=date(2021, 12, 9), who="sophea"
)
FILE = Capture(
    url="urn:tamdan:1",
    file="added/1.png",
    offset=0,
    length=3,
    sha256="1" * 64,
    fetched_at=NOW,
    tls="none",
    kind="file",
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    build_archive(tmp_path / "archive.db")
    with closing(open_writer(tmp_path / "archive.db")) as connection:
        yield connection


def first(archive: sqlite3.Connection) -> tuple[str, int]:
    return tuple(archive.execute("select key, id from article order by id limit 1").fetchone())


def test_a_wish_waits_once_however_often_it_is_sent(archive: sqlite3.Connection) -> None:
    assert [additions.put(archive, WISH, NOW) for _ in range(3)] == [True, False, False]
    (waiting,) = additions.waiting(archive)
    assert (waiting.wish, waiting.state, waiting.outcome, waiting.article) == (WISH, "waiting", "", None)


def test_what_is_done_is_coverage_with_its_kind_and_file_once(archive: sqlite3.Connection) -> None:
    key, row = first(archive)
    for token in ("1" * 32, "2" * 32):
        additions.put(archive, replace(WISH, token=token, kind="radio", media="owned"), NOW)
    for addition in additions.waiting(archive):
        additions.finish(archive, addition, Made(article=key, outcome=KNOWN, files=[FILE]), NOW)
    told = archive.execute("select added, kind, media from article where id = ?", [row]).fetchone()
    assert tuple(told) == (1, "radio", "owned")
    assert archive.execute("select count(*) from capture where kind = 'file'").fetchone()[0] == 1
    assert [one.article for one in additions.of_article(archive, row)] == [key, key]
    assert not additions.is_waiting(archive)


def test_what_is_usual_changes_nothing_that_was_said_before(archive: sqlite3.Connection) -> None:
    key, row = first(archive)
    for token, kind in (("1" * 32, "TV"), ("2" * 32, "article")):
        additions.put(archive, replace(WISH, token=token, kind=kind), NOW)  # type: ignore[arg-type]
        additions.finish(archive, additions.waiting(archive)[0], Made(article=key, outcome=KNOWN), NOW)
    assert archive.execute("select kind from article where id = ?", [row]).fetchone()[0] == "TV"


def test_what_failed_waits_again_only_when_asked(archive: sqlite3.Connection) -> None:
    additions.put(archive, WISH, NOW)
    additions.fail(archive, additions.waiting(archive)[0], "timeout", NOW)
    assert not additions.put(archive, WISH, NOW)
    assert not additions.is_waiting(archive)
    additions.again(archive, WISH.token)
    assert additions.is_waiting(archive)


@pytest.mark.parametrize(
    ("outcome", "cure"),
    [
        ("timeout", additions.LATER),
        ("robots.txt unavailable (unknown host)", additions.LATER),
        ("missing (404)", additions.CHECK_IT),
        ("bot challenge", additions.SAVE_IT),
        ("anything else", additions.SAVE_IT),
    ],
)
def test_every_failure_has_a_cure(outcome: str, cure: str) -> None:
    assert additions.cure(outcome) == cure


@pytest.mark.parametrize(("torn", "beginning", "mended"), [("add", "crawl", []), ("crawl", "add", []), ("add", "add", ["1"]), ("crawl", "reread", ["1"])])  # fmt: skip
def test_additions_and_crawls_never_take_each_other_for_killed(
    archive: sqlite3.Connection, torn: str, beginning: str, mended: list[str]
) -> None:
    runs.begin(archive, "1", torn, NOW)
    assert runs.begin(archive, "2", beginning, NOW) == mended


# ---- a crawl that meets what was added -------------------------------------------------------------------------------------------------

UNDATED = next(one for one in ARTICLES if one.published is None)
READ = DateCandidate(origin="meta", raw="2021-12-08", day=date(2021, 12, 8), chosen=True)


def added_with_day(archive: sqlite3.Connection) -> Store:
    """Let a person have added the undated article with its day."""
    store = Store(archive)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    additions.put(archive, WISH, NOW)
    key = store.put(UNDATED, (), NOW)
    additions.finish(archive, additions.waiting(archive)[0], Made(article=key, outcome=KNOWN), NOW)
    return store


def dated(archive: sqlite3.Connection) -> tuple[str | None, str | None]:
    sql = "select published, published_origin from article where url = ?"
    return tuple(archive.execute(sql, [UNDATED.url]).fetchone())


def test_a_page_that_tells_no_day_keeps_the_persons_until_it_tells_one(archive: sqlite3.Connection) -> None:
    store = added_with_day(archive)
    for text in (UNDATED.text, UNDATED.text + " More rights."):
        store.put(replace(UNDATED, text=text), (), NOW)
        assert dated(archive) == ("2021-12-09", "person")
    told = archive.execute("select origin, chosen from date_candidate order by id desc limit 1").fetchone()
    assert tuple(told) == ("person", 1)
    store.put(replace(UNDATED, published=READ, dates=(READ,)), (), NOW)
    assert dated(archive) == ("2021-12-08", "meta")


@pytest.mark.parametrize(("added", "original"), [(False, None), (True, "2021-12-09")])
def test_a_correction_is_no_such_day_and_its_original_stays_what_was_read(
    archive: sqlite3.Connection,
    added: bool,  # noqa: FBT001
    original: str | None,
) -> None:
    store = Store(archive)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    if added:
        added_with_day(archive)
    key = store.put(UNDATED, (), NOW)
    correction = Verdict(kind="published", value="2022-02-02")
    number = decide(archive, Decision(token="t", article=key, wish=correction, who="dara", seen=None), NOW).decision
    store.put(replace(UNDATED, text=UNDATED.text + " More rights."), (), NOW)
    assert dated(archive) == ("2022-02-02", "person")
    assert archive.execute("select original ->> 'published' from correction").fetchone()[0] == original
    undo = Verdict(kind="undo", undoes=number)
    decide(archive, Decision(token="u", article=key, wish=undo, who="dara", seen=None), NOW)
    assert dated(archive)[0] == original


# ---- what breaks off -------------------------------------------------------------------------------------------------------------------


def test_what_ends_the_program_goes_behind_the_others_and_is_given_up_at_last(archive: sqlite3.Connection) -> None:
    tokens = ["1" * 32, "2" * 32]
    for token in tokens:
        additions.put(archive, replace(WISH, token=token), NOW)
    for _ in range(MOST_TRIES):
        first, *_ = (one for one in additions.waiting(archive) if one.wish.token == tokens[0])
        additions.begin(archive, first)
        assert [one.wish.token for one in additions.waiting(archive)] == tokens[::-1]
    additions.give_up(archive, NOW)
    assert [one.wish.token for one in additions.waiting(archive)] == tokens[1:]
    given_up = additions.find(archive, tokens[0])
    assert given_up
    assert (given_up.state, given_up.outcome, additions.cure(GIVEN_UP)) == ("failed", GIVEN_UP, additions.TELL_US)
    additions.again(archive, tokens[0])
    additions.give_up(archive, NOW)
    assert len(additions.waiting(archive)) == 2
