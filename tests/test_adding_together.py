"""Additions beside what else runs: a crawl, and each other."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.desk import additions
from archive.desk.additions import Wish
from archive.home import Home
from newsroom.demo import judge
from tests.crawling import Team, home_with, rows, start, tamdan
from tests.outlets import Outlet, declared, item, rss, xml

WISH = Wish(token="ab" * 16, campaign="i-accept", who="sophea")


class Held(Outlet):
    """An outlet whose feed holds a crawl up until it is let go."""

    def __init__(self) -> None:
        super().__init__({"/feed": xml(rss([item("/story/9")]))})
        self.go = threading.Event()

    def _answer(self, path: str) -> Iterator[bytes]:
        if path == "/feed":
            self.go.wait(60)
        yield from super()._answer(path)


@pytest.mark.xdist_group("crawl")
def test_what_is_added_while_a_crawl_runs_is_kept_and_the_crawl_finds_all(team: Team) -> None:
    with Held() as held:
        sources = f"[crawl]\ntimeout = 60\n\n{team.newsroom.sources_toml()}\n{declared('held', f'{held.root}/feed')}"
        team.home.sources_file.write_text(sources, encoding="utf-8")
        crawling = team.start()
        while crawling.poll() is None and "/feed" not in held.requests:
            time.sleep(0.01)
        done = tamdan(team.home, "add", "--allow-private", f"{held.root}/story/1")
        runs = team.rows("select kind from run where ended_at is null")
        held.go.set()
        _, said = crawling.communicate(timeout=120)
    assert (done.returncode, crawling.returncode) == (0, 0), done.stdout + done.stderr + said
    assert runs == [{"kind": "crawl"}]
    result = judge(team.home, team.newsroom)
    assert (result.found, result.missed) == (result.expected, ())
    added = team.rows("select title, status from coverage where article in (select article from addition)")
    assert added == [{"title": "Story 1", "status": "read"}]
    kinds = team.rows("select kind, exit_code from run order by kind")
    assert kinds == [{"kind": "add", "exit_code": 0}, {"kind": "crawl", "exit_code": 0}]


@pytest.mark.xdist_group("crawl")
def test_a_crawl_works_off_at_its_end_what_waits(team: Team) -> None:
    assert tamdan(team.home, "add", "--title", "x", "--source", "y", "--text", "z").returncode == 0
    with Outlet() as outlet:
        with closing(open_writer(team.home.archive)) as archive:
            wish = Wish(token="ab" * 16, campaign="i-accept", who="sophea", url=f"{outlet.root}/story/2")
            assert additions.put(archive, wish, datetime.now(UTC))
        done = team.crawl()
    assert done.returncode == 0, done.stderr
    assert team.rows("select state, outcome from addition where url is not null") == [
        {"state": "done", "outcome": "added"}
    ]
    assert team.rows("select status from coverage where title = 'Story 2'") == [{"status": "read"}]


@pytest.mark.xdist_group("adding")
def test_two_that_add_at_once_add_both_each_once(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", declared("kirirom", "https://kirirom.example/feed"))
    with Outlet() as outlet:
        both = [start(home, "add", "--allow-private", f"{outlet.root}/story/{number}") for number in range(2)]
        said = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert [out.count("added") for out, _ in said] == [1, 1]
    assert titles(home) == ["Story 0", "Story 1"]
    assert rows(home.archive, "select count(*) as captures from capture") == [{"captures": 2}]
    assert rows(home.archive, "select distinct exit_code from run") == [{"exit_code": 0}]


def titles(home: Home) -> list[str]:
    return [row["title"] for row in rows(home.archive, "select title from coverage order by title")]
