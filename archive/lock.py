"""The locks of a home: one program at a time crawls or reads again, one at a time works off what people added, tells, or migrates."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import CrawlRunning
from archive.home import Home


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the lock of a home, which dies with this process: the kernel gives it back, no file has to be removed.

    Raises CrawlRunning while a crawl holds it.
    """
    with _opened(home.lock) as handle:
        if not _taken(handle):
            raise CrawlRunning(f"{home.path}: another crawl is running. This one ends; the other goes on.")
        yield


@contextmanager
def locked_to_add(home: Home) -> Iterator[bool]:
    """Hold the lock under which additions are worked off, once whoever holds it is done; gives whether it was had.

    False where somebody waits for it already, who will find everything that was written down before this was called.
    """
    with _opened(home.data / "add.lock") as handle, _opened(home.data / "add.next.lock") as turn:
        if not _taken(turn):
            yield False
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield True


@contextmanager
def locked_to_tell(home: Home) -> Iterator[None]:
    """Hold the lock under which messages are sent, so that none is sent twice; raises CrawlRunning while another digest holds it."""
    with _opened(home.data / "digest.lock") as handle:
        if not _taken(handle):
            raise CrawlRunning(f"{home.path}: another digest is being sent. This one ends; the other goes on.")
        yield


@contextmanager
def locked_to_migrate(database: Path) -> Iterator[None]:
    """Hold the lock under which a database is made or brought up to date, once whoever holds it is done: two would take the same step.

    Raises OSError where nothing can be written beside it.
    """
    with _opened(database.parent / "migrate.lock") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
