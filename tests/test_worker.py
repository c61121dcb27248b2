import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from archive.errors import Challenged, Dropped, Quarantined, Unreadable
from archive.model import Article, Campaign, Campaigns, Listing, Query
from crawlers.listings import kinds
from pipelines import worker
from pipelines.worker import Reader
from tests.hostile_pages import HOSTILE, OUTCOMES, SLOW
from tests.pages import markup, page

Read = TypeVar("Read")
DEADLINE = 1.5
CAMPAIGNS = Campaigns(
    campaign=(
        Campaign(id="road", name="Road", since=date(2021, 1, 1), query=(Query(id="q", label="Q", find="ផ្លូវថ្មី"),)),
    )
)
GOOD = page(markup(before="<h1>ផ្លូវថ្មីទៅផ្សារ</h1>"))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as started:
        yield started


@pytest.fixture(scope="module")
def reader(runner: asyncio.Runner) -> Iterator[Reader]:
    started = Reader(CAMPAIGNS, workers=2, deadline=DEADLINE)
    runner.run(started.read(GOOD))  # the first page waits until the workers are up
    yield started
    started.close()


async def outcome(reading: Awaitable[Read]) -> Read | Dropped:
    try:
        return await reading
    except Dropped as dropped:
        return dropped


def test_there_are_hostile_pages_enough() -> None:
    assert len(HOSTILE) >= 40
    assert OUTCOMES.keys() <= HOSTILE.keys()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_time_with_its_name_and_the_next_page_is_read(
    name: str, reader: Reader, runner: asyncio.Runner
) -> None:
    async def both() -> tuple[Article | Dropped, float, Article]:
        began = time.monotonic()
        first = await outcome(reader.read(page(HOSTILE[name])))
        return first, time.monotonic() - began, await reader.read(GOOD)

    first, took, second = runner.run(both())
    assert took < DEADLINE + 0.5
    assert (first.outcome if isinstance(first, Dropped) else "read") in OUTCOMES.get(name, "read").split("|")
    assert "root:" not in str(first)
    assert second.matches


def test_what_stages_say_of_a_page_travels_whole(reader: Reader, runner: asyncio.Runner) -> None:
    for body, kind, reason in (
        ("<title>Just a moment...</title>", Challenged, "a bot challenge"),
        ("", Unreadable, "the page is empty"),
        (SLOW, Quarantined, "took longer than 1.5 s"),
        (HOSTILE["300,000 attributes"], Quarantined, "one tag of more than 65,536 bytes"),
    ):
        told = runner.run(outcome(reader.read(page(body))))
        assert type(told) is kind
        assert isinstance(told, Dropped)
        assert told.reason == reason


def test_pages_read_at_once_do_not_wait_for_the_one_that_hangs(reader: Reader, runner: asyncio.Runner) -> None:
    async def together() -> list[Article | Dropped]:
        pages = [page(SLOW), *[GOOD] * 30]
        return await asyncio.gather(*(outcome(reader.read(each)) for each in pages))

    first, *others = runner.run(together())
    assert isinstance(first, Quarantined)
    assert all(isinstance(other, Article) and other.matches for other in others)


def test_an_error_in_a_stage_quarantines_the_page(reader: Reader, runner: asyncio.Runner) -> None:
    told = runner.run(outcome(reader.read(page(markup(), url="http://[::1"))))
    assert isinstance(told, Quarantined)
    assert told.reason.startswith("ValueError: ")


def test_a_worker_that_dies_costs_one_page(reader: Reader, runner: asyncio.Runner) -> None:
    async def killed() -> Article | Dropped:
        reading = asyncio.ensure_future(outcome(reader.read(page(SLOW))))
        await asyncio.sleep(0.5)
        for pid in children(os.getpid(), busy=True):
            os.kill(pid, signal.SIGKILL)
        return await reading

    told = runner.run(killed())
    assert isinstance(told, Quarantined)
    assert told.reason == "its worker died (Killed)"
    assert runner.run(reader.read(GOOD)).matches


def test_workers_killed_between_two_pages_are_replaced(reader: Reader, runner: asyncio.Runner) -> None:
    for pid in children(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    assert runner.run(reader.read(GOOD)).matches


def test_a_pool_whose_lock_died_with_a_worker_is_replaced(
    monkeypatch: pytest.MonkeyPatch, runner: asyncio.Runner
) -> None:
    monkeypatch.setattr(worker, "START_UP", 1.0)
    lost = Reader(CAMPAIGNS, workers=1, deadline=0.5)
    try:
        assert runner.run(lost.read(GOOD)).matches
        channel = lost._pool._pool_manager.worker_manager.workers_channel
        assert channel is not None
        channel.mutex.acquire()  # as if a worker had been killed holding it
        assert runner.run(lost.read(GOOD)).matches
    finally:
        lost.close()


def test_a_reading_that_is_given_up_frees_its_worker(reader: Reader, runner: asyncio.Runner) -> None:
    async def given_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(page(SLOW)), 0.3)

    runner.run(given_up())
    assert runner.run(reader.read(GOOD)).matches


def test_a_listing_that_hangs_its_parser_ends_in_time(reader: Reader, runner: asyncio.Runner) -> None:
    tag = "&lt;p " + " ".join(f"a{number}=1" for number in range(300_000)) + "&gt;"
    feed = f"<rss version='2.0'><channel><item><title>{tag}</title><link>https://news.example/1</link></item></channel></rss>"
    declared = Listing(kind="feed", url="https://news.example/feed")
    began = time.monotonic()
    told = runner.run(outcome(reader.run(kinds.read, feed.encode(), declared.url, "text/xml", declared)))
    assert isinstance(told, Quarantined)
    assert time.monotonic() - began < DEADLINE + 1
    assert isinstance(runner.run(outcome(reader.read(GOOD))), Article)


def test_memory_has_a_ceiling() -> None:
    small = Reader(CAMPAIGNS, workers=1, deadline=DEADLINE * 4, memory=140_000_000)
    try:
        assert asyncio.run(small.read(GOOD)).matches
        told = asyncio.run(outcome(small.read(page("<p>" + "<b>a</b> word and " * 19_000 + "x" * 4_000_000 + "</p>"))))
        assert isinstance(told, Quarantined | Unreadable)
        assert asyncio.run(small.read(GOOD)).matches
    finally:
        small.close()


def test_closing_ends_a_hung_worker_at_once() -> None:
    async def closed_while_hung() -> float:
        reader = Reader(CAMPAIGNS, workers=1, deadline=60)
        await reader.read(GOOD)
        reading = asyncio.ensure_future(outcome(reader.read(page(SLOW))))
        await asyncio.sleep(0.4)
        began = time.monotonic()
        reader.close()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return time.monotonic() - began

    assert asyncio.run(closed_while_hung()) < 1.5


PARENT = """
import asyncio, fcntl, sys
from pipelines.worker import Reader
from tests.test_worker import CAMPAIGNS, GOOD, SLOW
from tests.hostile_pages import HOSTILE, OUTCOMES, SLOW
from tests.pages import page

lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)

async def main():
    reader = Reader(CAMPAIGNS, workers=2, deadline=60)
    await reader.read(GOOD)
    asyncio.ensure_future(reader.read(page(SLOW)))
    await asyncio.sleep(0.4)
    print("hung", flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_parent_leaves_no_worker_and_no_lock(tmp_path: Path) -> None:
    program, lock = tmp_path / "parent.py", tmp_path / "lock"
    program.write_text(PARENT)
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, program, lock], cwd=root, env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"hung\n"
        workers = children(parent.pid)
        assert len(workers) == 2
        parent.kill()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert subprocess.run(["flock", "--nonblock", lock, "true"], check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_workers_load_neither_scrapy_nor_the_main_program(tmp_path: Path) -> None:
    program = tmp_path / "main.py"
    program.write_text(
        "import asyncio, os, scrapy\n"
        "from pathlib import Path\n"
        "Path('loaded').open('a').write('once ')\n"
        "from pipelines.worker import Reader\n"
        "from tests.test_worker import CAMPAIGNS, GOOD\n"
        "if __name__ == '__main__':\n"
        "    reader = Reader(CAMPAIGNS, workers=1)\n"
        "    asyncio.run(reader.read(GOOD))\n"
        "    reader.close()\n"
    )
    root = str(Path(__file__).parent.parent)
    subprocess.run([sys.executable, program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}, check=True)
    assert (tmp_path / "loaded").read_text() == "once "
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pipelines.worker; print({'scrapy', 'twisted'} & sys.modules.keys())"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert loaded.stdout == "set()\n"


def children(parent: int, *, busy: bool = False) -> list[int]:
    """The worker processes of a process; only those that are on a processor now."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except FileNotFoundError:  # it ended meanwhile
            continue
        if int(facts[1]) == parent and b"--multiprocessing-fork" in command and (not busy or facts[0] == "R"):
            found.append(int(folder.name))
    return found


def until(true: Callable[[], bool], seconds: float = 3) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()
