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
from archive.desk.additions import KNOWN, Made, Wish
from archive.model import Capture
from tests.archives import NOW, build_archive

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
