"""How a crawl ends before its time, by Ctrl-C, SIGTERM or a full disk: soon, and with what was fetched stored.

Scrapy waits for everything it has taken on, and a source asked once in a minute has half an hour of it waiting in its slot.
"""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import DiskFull
from crawlers.pace import SourcePaused
from crawlers.session import Session

GRACE = 10.0
"""Seconds in which answers under way may come and be read; a page may take a worker 8."""
GLANCE = 0.1
"""Seconds between two looks at whether the crawl ends."""


class CutShort(SourcePaused):
    """The crawl ends; the link stays leased, and goes back when the next run begins."""

    outcome = "cut short"


class Ending:
    """Watches one crawl. Connected to Scrapy's signals, which hold it weakly: somebody must keep it."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self._crawler = crawler
        self._session = session
        self._tasks: list[asyncio.Task[None]] = []
        """Kept, because the loop holds them weakly; the first one watches."""
        session.is_ending = self._is_ending
        crawler.signals.connect(self.failed, signals.spider_error)
        crawler.signals.connect(self._closed, signals.spider_closed)

    def watch(self) -> None:
        """Begin to watch, once the engine runs."""
        self._do(self._watched())

    def failed(self, failure: Failure, response: Response | Failure) -> None:
        """Note an error that no callback answered: a full disk ends the crawl, anything else is the source's trouble."""
        if isinstance(failure.value, DiskFull):
            self.end(failure.value)
            return
        request: Any = getattr(response, "request", None)
        words = f"{request.url}: {type(failure.value).__name__}: {failure.value} (data/crawl.log has the whole)"
        self._session.trouble(request.meta["download_slot"], words)

    def end(self, why: DiskFull) -> None:
        """End the crawl, because nothing can be written any more."""
        self._session.broken = self._session.broken or why
        self._do(self._crawler.stop_async())

    def _is_ending(self) -> bool:
        return self._crawler.engine is None or not self._crawler.engine.running

    async def _watched(self) -> None:
        left = GRACE
        while left > 0:
            await asyncio.sleep(GLANCE)
            if self._is_ending():
                self._let_go()
                left -= GLANCE
        # Scrapy's own rule: the second signal does not wait.
        signal.raise_signal(signal.SIGTERM)

    def _let_go(self) -> None:
        """Answer the requests that only wait for their turn."""
        assert self._crawler.engine
        for slot in self._crawler.engine.downloader.slots.values():
            while slot.queue:
                slot.queue.popleft()[1].errback(CutShort("the crawl ends"))

    def _closed(self) -> None:
        self._tasks[0].cancel()

    def _do(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(coroutine))
