"""robots.txt read strictly: one that cannot be had means "wait", and its Crawl-delay slows the source down."""

import asyncio

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawlers.guard import Blocked
from crawlers.handler import FAILURES
from crawlers.pace import SourcePaused


class RobotsUnavailable(IgnoreRequest):
    """The site's robots.txt could not be had; the page waits for a later run."""

    outcome = "robots.txt unavailable"


class RobotsForbidden(IgnoreRequest):
    """The site's robots.txt asks us not to fetch this page."""

    outcome = "forbidden by robots.txt"


# The robots.txt is asked for in the page's own slot, and a pace that a person set for it is not adjusted by that either.
_SHARED = ("download_slot", "autothrottle_dont_adjust_delay")


class PoliteRobots(RobotsTxtMiddleware):
    """Scrapy's middleware with RFC 9309's reading of failures: 4xx allows all; 429, 5xx and no answer mean "not now"."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        # A site that wants a page an hour is asked at the slowest pace we know; the rest waits for later runs.
        self._longest = crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        self._rules: dict[str, asyncio.Task[RobotParser]] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules of the request's origin, asked for once per run; raise `RobotsUnavailable` or `Blocked`."""
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._asked(origin, request))
        return await asyncio.shield(self._rules[origin])

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise `RobotsForbidden`, or slow the source down to its Crawl-delay."""
        assert rp is not None
        if not rp.allowed(request.url, self._agent):
            self._stats.inc_value("robotstxt/forbidden")
            raise RobotsForbidden(f"robots.txt of {urlparse_cached(request).netloc} asks not to fetch {request.url}")
        if delay := rp.crawl_delay(self._agent):
            self._slow_down(request, min(delay, self._longest))

    async def _asked(self, origin: str, request: Request) -> RobotParser:
        shared = {key: request.meta[key] for key in _SHARED if key in request.meta}
        meta = {"dont_obey_robotstxt": True, **shared}
        asked = Request(f"{origin}/robots.txt", priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        assert self.crawler.engine
        try:
            answer = await self.crawler.engine.download_async(asked)
        except (Blocked, SourcePaused):
            raise
        except FAILURES as failed:
            raise RobotsUnavailable(f"{asked.url}: {failed}") from failed
        return self._read(answer)

    def _read(self, answer: Response) -> RobotParser:
        self._stats.inc_value(f"robotstxt/response_status_count/{answer.status}")
        if answer.status >= 500 or answer.status == 429:
            raise RobotsUnavailable(f"{answer.url} answered {answer.status}")
        # The body of a 404 is a page, not rules.
        rules = answer.body if answer.status < 300 else b""
        return build_from_crawler(self._parserimpl, self.crawler, rules)

    def _slow_down(self, request: Request, delay: float) -> None:
        """Set the slot's delay, now and for when Scrapy makes the slot anew; jitter and AutoThrottle would go below it."""
        assert self.crawler.engine
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        request.meta["autothrottle_dont_adjust_delay"] = True
        delay = max(delay, downloader.per_slot_settings.get(key, {}).get("delay", 0.0))
        downloader.per_slot_settings[key] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter, slot.concurrency = max(slot.delay, delay), 0.0, 1
