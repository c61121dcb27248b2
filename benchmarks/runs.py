"""What the crawl's benchmarks share: the press in its own process, a home that follows it, and what a run of a command cost."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.database import open_reader
from archive.home import Home, init_home

FOLDER = Path(__file__).parent
SOURCES = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor and wall time in seconds of a process and all its children."""

    cpu: float
    wall: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu - other.cpu, self.wall - other.wall)


@contextmanager
def press(folder: str | None = None) -> Iterator[list[int]]:
    """Serve the press of 20 sources, or the pages of a folder, from another process; gives the ports."""
    command = [sys.executable, str(FOLDER / "press.py"), str(SOURCES), *([folder] if folder else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())


def make_home(folder: Path, ports: Sequence[int], pages: int, workers: int) -> Home:
    """Make a home that finds `pages` articles at the press, the same number at each source; politeness off."""
    init_home(folder)
    home = Home(folder)
    share = pages // len(ports)
    lines = ["[crawl]", "delay = 0.0", f"pages_per_run = {share}", f"workers = {workers}"]
    for number, port in enumerate(ports):
        lines += [
            "[[source]]",
            f'id = "press-{number}"',
            f'name = "Press {number}"',
            f'languages = ["{"en" if number % 3 == 2 else "km"}"]',
            f'domains = ["127.0.0.1:{port}"]',
            "delay = 0.0",
            "[[source.listing]]",
            'kind = "sitemap"',
            f'url = "http://127.0.0.1:{port}/sitemap-{share}.xml"',
        ]
    home.sources_file.write_text("\n".join(lines), encoding="utf-8")
    return home


def crawling(home: Home) -> list[str]:
    """Give the command that crawls a home of the press."""
    return [sys.executable, "-m", "tamdan", "--home", str(home.path), "crawl", "--quiet", "--allow-private"]


def fetching(ports: Sequence[int], pages: int) -> list[str]:
    """Give the command by which plain Scrapy fetches the same pages."""
    return [sys.executable, str(FOLDER / "plain_spider.py"), str(pages // len(ports)), *map(str, ports)]


def run(command: Sequence[str], allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end; raises RuntimeError for an exit code that is not allowed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began)


@contextmanager
def processors(number: int) -> Iterator[None]:
    """Let what is started meanwhile run on so many of the processors that this program may use."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(own)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


def done(home: Home) -> tuple[int, int]:
    """Count the pages of a home that are done, and those that matched."""
    with closing(open_reader(home.crawl)) as connection:
        row = connection.execute("select count(*), sum(matched) from page where state = 'done'").fetchone()
    return int(row[0]), int(row[1] or 0)
