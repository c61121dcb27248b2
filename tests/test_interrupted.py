"""A crawl that is cut short keeps what it fetched and says so; one that meets another goes away at once."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.home import Home
from newsroom.server import Newsroom
from pipelines.urls import fetch_url
from tests.crawling import home_with, rows, start, tamdan
from tests.outlets import GOOD, declared, good_coverage, good_source, outlets

pytestmark = pytest.mark.xdist_group("crawl")

SLOW = 0.3
"""Seconds between two pages: so that a crawl is still under way when it is interrupted."""


def wait_for(done: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something has happened while a process runs."""
    until = time.monotonic() + 30
    while not done():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


def asked(newsroom: Newsroom) -> list[str]:
    """Give the good source's articles that were answered, as the ledger spells them."""
    paths = [target for source, _, target, status in newsroom.requests if source == GOOD and status == 200]
    return [fetch_url(newsroom.url(GOOD) + path) for path in paths if path not in ("/feed/", "/robots.txt")]


def stored(home: Home) -> set[str]:
    return {row["url"] for row in rows(home.archive, "select url from coverage where status = 'read'")}


def done(home: Home) -> set[str]:
    """Give the addresses that the ledger calls done, as listed and as they were found to be behind a redirect."""
    return {
        url for row in rows(home.crawl, "select url, canonical from page where state = 'done'") for url in row.values()
    }


def interrupted(
    home: Home, newsroom: Newsroom, pages: int, stop: Callable[[subprocess.Popen[str]], None]
) -> tuple[int, str, float]:
    """Start a crawl and stop it after some pages, its workers at work; gives exit code, stderr, and the seconds that its end took."""
    process = start(home, "crawl", "--allow-private")
    wait_for(lambda: len(asked(newsroom)) >= pages and len(done(home)) >= 4, process)
    began = time.monotonic()
    stop(process)
    _, err = process.communicate(timeout=60)
    return process.returncode, err, time.monotonic() - began


def ctrl_c(process: subprocess.Popen[str]) -> None:
    """Do as a terminal does: the whole group gets it, workers too."""
    os.killpg(process.pid, signal.SIGINT)


def service_stop(process: subprocess.Popen[str]) -> None:
    """Do as systemd does: every process of the service gets it."""
    os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.parametrize(("stop", "pages"), [(ctrl_c, 4), (service_stop, 6)])
def test_an_interrupted_crawl_stores_what_it_fetched_and_the_next_one_does_the_rest(
    stop: Callable[[subprocess.Popen[str]], None], pages: int, tmp_path: Path
) -> None:
    with Newsroom() as newsroom:
        home = home_with(tmp_path / "home", good_source(newsroom, SLOW))
        code, err, seconds = interrupted(home, newsroom, pages, stop)
        assert code == 1, err
        assert "The crawl was cut short; what was fetched is stored" in err
        assert "Traceback" not in err
        assert seconds < 10
        given_back = set(asked(newsroom)) - done(home)
        assert len(given_back) <= (2 if stop is service_stop else 0)  # the pages of two workers that were killed
        assert stored(home) == good_coverage(newsroom) & done(home)
        assert [row["exit_code"] for row in rows(home.archive, "select exit_code from run")] == [1]
        home.sources_file.write_text(good_source(newsroom), encoding="utf-8")
        final = tamdan(home, "crawl", "--allow-private")
        assert final.returncode == 0, final.stderr
        assert stored(home) == good_coverage(newsroom)
        assert rows(home.crawl, "select url from page where state != 'done' or outcome = 'quarantined'") == []


def test_neither_a_server_that_hangs_nor_a_long_queue_holds_up_the_end(tmp_path: Path) -> None:
    with Newsroom() as newsroom, outlets({"hangs": {}}) as servers:
        slow = good_source(newsroom, 60.0)
        home = home_with(tmp_path / "home", slow + declared("hangs", servers["hangs"].url("hang")))
        process = start(home, "crawl", "--allow-private")
        wait_for(lambda: "/hang" in servers["hangs"].requests, process)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert time.monotonic() - began < 20
        assert (process.returncode, "cut short" in err, "Traceback" in err) == (1, True, False), err


@pytest.mark.parametrize("later", [0, 0.3, 0.7, 1.1])
def test_ctrl_c_while_a_crawl_begins_leaves_no_traceback(later: float, newsroom: Newsroom, tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", good_source(newsroom, SLOW))
    process = start(home, "crawl", "--allow-private")
    wait_for(home.lock.exists, process)
    time.sleep(later)
    ctrl_c(process)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode == 1


def test_a_second_crawl_at_the_same_time_ends_at_once_and_the_first_is_unharmed(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        home = home_with(tmp_path / "home", good_source(newsroom, SLOW))
        first = start(home, "crawl", "--allow-private")
        wait_for(lambda: len(asked(newsroom)) >= 2, first)
        began = time.monotonic()
        second = tamdan(home, "crawl", "--allow-private")
        assert time.monotonic() - began < 4
        assert second.returncode == 75
        assert second.stderr == f"tamdan: {home.path}: another crawl is running. This one ends; the other goes on.\n"
        _, err = first.communicate(timeout=60)
        assert first.returncode == 0, err
        assert stored(home) == good_coverage(newsroom)
        assert len(rows(home.archive, "select * from run")) == 1
