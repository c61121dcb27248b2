"""A team's folder beside a running newsroom, crawled as people crawl: by the command line, in a process of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from resource import RLIMIT_FSIZE, prlimit
from typing import Any

from click.testing import CliRunner

from archive.database import open_reader
from archive.home import Home, init_home
from crawlers.capture import read as read_capture
from newsroom.server import Newsroom
from tamdan import tamdan as command_line

Rows = list[dict[str, Any]]


class Team:
    """A home in `folder` that follows the sources of a newsroom; nothing in it is shared with other tests."""

    def __init__(self, folder: Path, newsroom: Newsroom) -> None:
        init_home(folder)
        self.home = Home(folder)
        self.newsroom = newsroom
        self.home.sources_file.write_text(newsroom.sources_toml(), encoding="utf-8")

    def crawl(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Crawl to the end."""
        return tamdan(self.home, "crawl", "--allow-private", *words)

    def start(self) -> subprocess.Popen[str]:
        """Start a crawl and give its process, in a group of its own."""
        return start(self.home, "crawl", "--allow-private")

    def killed_after(self, requests: int) -> None:
        """Start a crawl and kill it with all its workers alive, once the newsroom was asked so often."""
        before = len(self.newsroom.requests)
        process = self.start()
        while process.poll() is None and len(self.newsroom.requests) - before < requests:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def rows(self, sql: str) -> Rows:
        """Ask the archive."""
        return rows(self.home.archive, sql)

    def ledger(self, sql: str) -> Rows:
        """Ask the ledger."""
        return rows(self.home.crawl, sql)

    def evidence(self) -> dict[str, tuple[str, ...]]:
        """Give what the archive holds for each address, moments, row numbers and the key that hashes it left out, its capture read back whole."""
        return {row["url"]: (*self._kept(row), *self._captured(row)) for row in self.rows("select * from article")}

    def _kept(self, row: dict[str, Any]) -> tuple[str, ...]:
        own = [
            str(value) for name, value in row.items() if name not in ("id", "key", "story", "first_seen", "last_seen")
        ]
        matched = self.rows(
            "select query.name, term, field, part, start, end, match.words, quote, weak from match"
            f" join query on query.id = match.query where article = {row['id']} order by 1, 2, 3, 4, 5"
        )
        texts = self.rows(f"select number, title, text from revision where article = {row['id']}")
        dates = self.rows(f"select origin, raw, day, at, chosen from date_candidate where article = {row['id']}")
        return (*own, *map(str, matched), *map(str, texts), *map(str, dates))

    def _captured(self, row: dict[str, Any]) -> tuple[str, ...]:
        captures = self.rows(f"select file, offset, url from capture where article = {row['id']}")
        responses = [read_capture(self.home.captures / kept["file"], kept["offset"]) for kept in captures]
        return tuple(f"{kept['url']} {response.body!r}" for kept, response in zip(captures, responses, strict=True))


def rows(path: Path, sql: str) -> Rows:
    """Ask a database."""
    connection: sqlite3.Connection = open_reader(path)
    try:
        return [dict(row) for row in connection.execute(sql)]
    finally:
        connection.close()


def home_with(folder: Path, sources: str) -> Home:
    """Make a home with a sources.toml of the test's own and the shipped campaigns."""
    init_home(folder)
    home = Home(folder)
    home.sources_file.write_text(sources, encoding="utf-8")
    return home


def start(home: Home, *words: str, largest_file: int | None = None) -> subprocess.Popen[str]:
    """Start `tamdan --home … words`, its output caught; with `largest_file` no file it writes may grow over so many bytes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tamdan", "--home", str(home.path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
    )
    if largest_file:
        prlimit(process.pid, RLIMIT_FSIZE, (largest_file, largest_file))
    return process


def tamdan(home: Home, *words: str, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run `tamdan --home … words` to its end."""
    with start(home, *words, largest_file=largest_file) as process:
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.kill()
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def refused(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `tamdan --home … words` inside this process, which is quicker: for what ends before anything is fetched."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        done = CliRunner().invoke(command_line, ["--home", str(home.path), *words])
    finally:
        signal.signal(signal.SIGTERM, before)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)
