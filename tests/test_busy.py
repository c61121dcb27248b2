"""The site answers whole while a crawl writes, while the index is built anew, and when a migration comes under it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from archive.database import open_writer
from archive.home import Home
from archive.index import reindex
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES
from tests.browsing import a_home, served

WORDS = quote("សិទ្ធិ")
PATHS = ("/", f"/search?q={WORDS}", f"/search.json?q={WORDS}", "/sources", "/status", "/archive/coverage")
MOST = 150
"""Articles written at most while the site is asked."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return a_home(tmp_path / "home")


def meanwhile(work: Callable[[threading.Event], None], address: str, rounds: int) -> list[tuple[int, str]]:
    """Ask every page some rounds while `work` goes on; gives the status and body of each answer."""
    stop = threading.Event()
    worker = threading.Thread(target=work, args=[stop])
    worker.start()
    try:
        return [asked(f"{address}{path}") for _ in range(rounds) for path in PATHS]
    finally:
        stop.set()
        worker.join()


def asked(url: str) -> tuple[int, str]:
    with urlopen(url, timeout=30) as answer:
        return answer.status, answer.read().decode()


def numbered() -> Iterator[int]:
    yield from range(MOST)


def writing(home: Home, stop: threading.Event) -> None:
    """Store one article after the other, as a crawl does."""
    with closing(open_writer(home.archive)) as connection:
        store = Store(connection)
        store.declare(SOURCES, CAMPAIGNS, NOW)
        for number in numbered():
            if stop.is_set():
                return
            one = ARTICLES[0]
            store.put(replace(one, url=f"{one.url}-{number}", title=f"{one.title} {number}"), (), NOW)


def indexing(home: Home, stop: threading.Event) -> None:
    """Build the index anew again and again."""
    with closing(open_writer(home.archive)) as connection:
        while not stop.is_set():
            reindex(connection)


@pytest.mark.parametrize("work", [writing, indexing])
def test_every_answer_is_whole_while_the_archive_is_written(
    home: Home, work: Callable[[Home, threading.Event], None]
) -> None:
    with served(home) as address:
        before = json.loads(asked(f"{address}/search.json?q={WORDS}")[1])
        answers = meanwhile(lambda stop: work(home, stop), address, rounds=4)
        after = json.loads(asked(f"{address}/search.json?q={WORDS}")[1])
    assert {status for status, _ in answers} == {200}
    found = [json.loads(body)["articles"] for _, body in answers if body.startswith("{")]
    assert len(found) == 4
    assert all(before["articles"] <= number <= after["articles"] for number in found)


def test_a_step_of_a_later_version_does_not_break_the_site_that_runs(home: Home) -> None:
    with served(home) as address:
        assert asked(f"{address}/")[0] == 200
        with closing(open_writer(home.archive)) as connection:
            connection.execute("create table later (id integer primary key) strict")
            connection.execute("alter table article add column later text")
        assert [asked(f"{address}{path}")[0] for path in PATHS] == [200] * len(PATHS)
