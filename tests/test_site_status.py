"""How the sources stand, as a page and for programs."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.database import open_reader, open_writer
from archive.health import PATIENCE, health
from archive.home import Home
from archive.localize import locale_of
from archive.migrate import migrate
from archive.model import Source
from archive.site.status import load_declared, load_health, load_runs, trouble
from archive.stamp import instant
from tests.archives import build_archive
from tests.served import Site

NOW = datetime(2024, 3, 10, 6, tzinfo=UTC)
SOURCES = """
[crawl]
contact = "desk@tamdan.example"

[[source]]
id        = "lotus"
name      = "Lotus Daily"
name_km   = "ផ្កាឈូក"
languages = ["km"]
domains   = ["lotus.example"]

  [[source.listing]]
  kind = "feed"
  url  = "https://lotus.example/feed"
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    build_archive(made.archive)
    made.sources_file.write_text(SOURCES, encoding="utf-8")
    return made


@pytest.fixture
def crawl(home: Home) -> Iterator[sqlite3.Connection]:
    migrate(home.crawl, "crawl")
    with closing(open_writer(home.crawl)) as connection:
        yield connection


def polled(
    crawl: sqlite3.Connection, answered: datetime | None, newest: datetime | None, outcome: str = "fine"
) -> None:
    url = "https://lotus.example/feed"
    row = [url, "lotus", url, instant(NOW), answered and instant(answered), outcome, newest and instant(newest)]
    crawl.execute(
        "insert into listing (url, source, kind, root, page, polled_at, answered_at, outcome, newest_at)"
        " values (?, ?, 'feed', ?, 1, ?, ?, ?, ?)",
        row,
    )


def published(crawl: sqlite3.Connection, *days: date) -> None:
    for number, day in enumerate(days):
        crawl.execute(
            "insert into page (url, source, state, found_at, published) values (?, 'lotus', 'done', ?, ?)",
            [f"https://lotus.example/{number}", instant(NOW), day.isoformat()],
        )


def asked(home: Home, path: str, **arguments: str) -> str:
    site = Site(home.archive)
    answer = site.get(path, **arguments)
    site.close()
    assert answer.status_code == 200, answer.text
    return str(answer.text)


EVERY_OTHER_DAY = [date(2024, 2, 1) + timedelta(days=2 * number) for number in range(10)]


@pytest.mark.parametrize(
    ("quiet", "state"),
    [(timedelta(days=2 * PATIENCE), "fine"), (timedelta(days=2 * PATIENCE, hours=1), "silent")],
)
def test_a_source_is_silent_after_three_of_its_usual_gaps(
    quiet: timedelta, state: str, home: Home, crawl: sqlite3.Connection
) -> None:
    published(crawl, *EVERY_OTHER_DAY)
    polled(crawl, NOW, NOW - quiet)
    told = json.loads(asked(home, "/status.json"))["sources"][0]
    assert (told["state"], told["usual_gap_days"]) == (state, 2)


def test_a_crawl_that_did_not_run_is_not_blamed_on_the_source(home: Home, crawl: sqlite3.Connection) -> None:
    published(crawl, *EVERY_OTHER_DAY)
    polled(crawl, NOW - timedelta(days=90), NOW - timedelta(days=91))
    crawl.execute("update listing set polled_at = answered_at")
    assert load_health(home, declared(home))[0].state == "fine"


def test_too_few_days_tell_no_usual_gap(home: Home, crawl: sqlite3.Connection) -> None:
    published(crawl, *EVERY_OTHER_DAY[:4])
    polled(crawl, NOW, NOW - timedelta(days=300))
    (one,) = load_health(home, declared(home))
    assert (one.gap, one.state) == (None, "fine")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Lotus Daily", "in trouble", "refused (403)")), ("km", ("ផ្កាឈូក", "មានបញ្ហា", "ត្រូវបានបដិសេធ (៤០៣)"))],
)
def test_trouble_is_told_in_both_languages(
    language: str, words: tuple[str, ...], home: Home, crawl: sqlite3.Connection
) -> None:
    polled(crawl, None, None, "refused (403)")
    page = asked(home, "/status", lang=language)
    assert all(one in page for one in words)
    assert "https://lotus.example/feed" in page


def test_a_name_that_the_site_does_not_know_is_shown_as_the_crawler_says_it() -> None:
    assert trouble(locale_of("km"), "http 418") == "http ៤១៨"
    assert trouble(locale_of("en"), "robots.txt unavailable (timeout)") == "robots.txt unavailable (timeout)"


def test_without_a_crawl_every_source_is_never_crawled(home: Home) -> None:
    told = json.loads(asked(home, "/status.json"))
    assert told["crawl"] == {"state": "never", "at": None}
    assert [one["state"] for one in told["sources"]] == ["never crawled"]


@pytest.mark.parametrize("words", [None, "[[source]]\nid = 3"])
def test_without_a_readable_sources_file_the_archive_tells_its_sources(words: str | None, home: Home) -> None:
    home.sources_file.unlink()
    if words:
        home.sources_file.write_text(words, encoding="utf-8")
    assert [one.name for one in declared(home)] == ["Delta Post", "Lotus Daily"]
    assert "Delta Post" in asked(home, "/status", lang="en")


def test_the_last_runs_come_first_and_are_not_too_many(home: Home) -> None:
    with closing(open_writer(home.archive)) as connection:
        for number in range(20):
            connection.execute(
                "insert into run (id, started_at, ended_at, exit_code, software, found) values (?, ?, ?, 0, 'tamdan', ?)",
                [f"r{number:02}", instant(NOW + timedelta(days=number)), instant(NOW), number],
            )
        runs = load_runs(connection)
    assert [run.found for run in runs] == list(range(19, 5, -1))
    assert "has not ended" not in asked(home, "/status", lang="en")


def test_the_usual_gap_is_the_middle_one(home: Home, crawl: sqlite3.Connection) -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4), date(2024, 1, 30)]
    published(crawl, *days)
    assert health(crawl, declared(home))[0].gap == timedelta(days=1)


def declared(home: Home) -> tuple[Source, ...]:
    with closing(open_reader(home.archive)) as connection:
        return load_declared(connection, home)
