"""The lock of a home: one program at a time writes to it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from archive.errors import CrawlRunning
from archive.home import Home


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the lock of a home, which dies with this process: the kernel gives it back, no file has to be removed.

    Raises CrawlRunning while a crawl holds it.
    """
    handle = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CrawlRunning(f"{home.path}: another crawl is running. This one ends; the other goes on.") from error
    finally:
        os.close(handle)
