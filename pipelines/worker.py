"""The killable processes in which pages are read: no page can hang, crash or swell the crawl.

A page may take seconds of C code that no signal of Python stops, or gigabytes. So stages run in processes that are started by spawn
(they share no lock and no descriptor with the crawl), have a deadline, a ceiling for memory and for processor time, and die with
the process that started them.
"""

import asyncio
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as Late
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from trafilatura.meta import reset_caches

from archive.errors import Dropped, Quarantined
from archive.model import Article, Campaigns, Page
from pipelines.match import Matcher
from pipelines.stages import headline, matched, read

DEADLINE = 8.0
"""Seconds one page may take; a real one takes .02, the slowest seen .4."""
MEMORY = 1_500_000_000
"""Bytes of address space of one worker: ten times the most that 283 real pages took it to."""
PAGES_PER_WORKER = 2_000
"""A worker is replaced after so many pages, so that nothing it leaks adds up."""
PAGES_PER_RESET = 200
"""trafilatura remembers words of earlier pages in caches; they are emptied this often."""
PAGES_AHEAD = 2
"""Pages handed to the pool for each worker: one that is read and one that waits, so that none idles."""
START_UP = 20.0
"""Seconds in which new workers are surely up, even on a small and busy machine; they take about one."""

_PR_SET_PDEATHSIG = 1

Done = TypeVar("Done")


class Reader:
    """Reads pages in worker processes; start it once, await `read` for each page, then `close` it."""

    def __init__(
        self, campaigns: Campaigns, workers: int = 2, deadline: float = DEADLINE, memory: int = MEMORY
    ) -> None:
        self._workers = workers
        self._deadline = deadline
        self._setup = (campaigns, memory, deadline, os.getpid())
        self._places = asyncio.Semaphore(PAGES_AHEAD * workers)
        self._reading: set[ProcessFuture[Any]] = set()
        self._closed = False
        self._pool = self._new_pool()

    async def read(self, page: Page) -> Article:
        """Read one page in a worker; raises Dropped: the kinds that stages raise, and Quarantined as `run` does."""
        return await self._have_done(_read, page)

    async def headline(self, page: Page) -> Article:
        """Make an article of what a listing says of a page, in a worker; raises Dropped as `read` does."""
        return await self._have_done(_headline, page)

    async def match(self, article: Article) -> Article:
        """Match an article that was read before, in a worker; raises Quarantined as `run` does."""
        return await self._have_done(_match, article)

    async def run(self, function: Callable[..., Done], *arguments: object) -> Done:
        """Run a function of a module that knows no Scrapy in a worker, within the limits of a page.

        Work whose workers are lost through no fault of its own is tried once more. Raises Dropped: the kinds that the function
        raises, and Quarantined where it broke its deadline, its worker or itself.
        """
        return await self._have_done(_run, function, *arguments)

    async def _have_done(self, work: Callable[..., Done], *arguments: object) -> Done:
        async with self._places:
            try:
                return await self._attempt(work, *arguments)
            except BrokenProcessPool:
                pass
            try:
                return await self._attempt(work, *arguments)
            except BrokenProcessPool as error:
                raise Quarantined(f"its workers died ({error})") from error

    def close(self) -> None:
        """End all workers at once, whatever they do; pages still being read are given up as cancelled."""
        self._closed = True
        _end(self._pool)
        for future in tuple(self._reading):
            future.cancel()  # type: ignore[no-untyped-call]  # pebble types half of itself

    async def _attempt(self, work: Callable[..., Done], *arguments: object) -> Done:
        """Have work done; raises Dropped, or BrokenProcessPool where all workers were lost."""
        if self._closed:
            raise asyncio.CancelledError
        pool = self._working_pool()
        future: ProcessFuture[Done] = pool.schedule(work, args=list(arguments), timeout=self._deadline)
        self._reading.add(future)
        waiting = asyncio.wrap_future(future)
        try:
            await asyncio.wait([waiting], timeout=PAGES_AHEAD * self._deadline + START_UP)
        finally:
            self._reading.discard(future)
            if not waiting.done():
                future.cancel()  # type: ignore[no-untyped-call]
        if not waiting.done():
            await self._give_up(pool)
        error = waiting.exception()
        if error is None:
            return waiting.result()
        raise self._outcome(error) from error

    async def _give_up(self, pool: ProcessPool) -> None:
        """Replace a pool that answers no more: a worker was killed while it held the lock of the pool's pipe."""
        if pool is self._pool and not self._closed:
            self._pool = self._new_pool()
            await asyncio.to_thread(_end, pool)
        raise BrokenProcessPool("no worker answered")

    def _working_pool(self) -> ProcessPool:
        if not self._pool.active:  # a worker died between two pages, and pebble gave up on the pool
            _end(self._pool)
            self._pool = self._new_pool()
        return self._pool

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=_start,
            initargs=self._setup,
            context=_Context(),
        )

    def _outcome(self, error: BaseException) -> BaseException:
        """Name what became of a page whose reading failed; a lost pool and a cancelled reading stay themselves."""
        if isinstance(error, Dropped | BrokenProcessPool | asyncio.CancelledError):
            return error
        if isinstance(error, Late):
            return Quarantined(f"took longer than {self._deadline:g} s")
        if isinstance(error, MemoryError):
            return Quarantined("needs more memory than a worker may have")
        if isinstance(error, ProcessExpired):
            return Quarantined(f"its worker died ({_ending(error.exitcode)})")
        return Quarantined(f"{type(error).__name__}: {error}")


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _ending(code: int) -> str:
    """Tell in words how a process ended: negative codes are signals."""
    return signal.strsignal(-code) or f"signal {-code}" if code < 0 else f"exit code {code}"


class _Process(SpawnProcess):
    """A process that loads this module and no more; by default it would load the main program too, and Scrapy with it."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802  (its name in the library)
        program = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        # Ctrl-C reaches the whole group, also a worker that is still importing; a new process inherits what is blocked here.
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return SpawnProcess._Popen(process_obj)  # noqa: SLF001
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
            sys.modules["__main__"] = program


class _Context(SpawnContext):
    """Spawn with processes of that kind."""

    Process = _Process


# ---- inside the worker ------------------------------------------------------------------------------------------------------------


class _Worker:
    """What one worker process keeps between pages."""

    def __init__(self, campaigns: Campaigns, deadline: float) -> None:
        self.matcher = Matcher(campaigns)
        self.seconds = int(deadline) + 2
        self.pages = 0


_worker: list[_Worker] = []


def _start(campaigns: Campaigns, memory: int, deadline: float, parent: int) -> None:
    """Make a fresh process a worker: it dies with its parent, knows its limits, and leaves Ctrl-C to the parent."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's own handler would wait for the end of a hung call
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _worker.append(_Worker(campaigns, deadline))


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _read(page: Page) -> Article:
    """Read one page."""
    worker = _limited()
    worker.pages += 1
    if worker.pages % PAGES_PER_RESET == 0:
        reset_caches()
    return read(page, worker.matcher)


def _headline(page: Page) -> Article:
    """Make an article of a listing's words."""
    return headline(page, _limited().matcher)


def _match(article: Article) -> Article:
    """Match an article."""
    return matched(article, _limited().matcher)


def _run(function: Callable[..., Done], *arguments: object) -> Done:
    """Run a function."""
    _limited()
    return function(*arguments)


def _limited() -> _Worker:
    """Let the processor time that this worker may use grow by one deadline."""
    worker = _worker[0]
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + worker.seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    return worker
