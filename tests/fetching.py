"""One real crawl in a process of its own, with the project's settings: URLs in, what became of each out.

A Twisted reactor cannot be started twice, so that every crawl of these tests is a program; run as one, this module reads the crawl
as JSON from its standard input.
"""

import json
import os
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import Settings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

from crawlers.guard import Guard, GuardedResolver
from crawlers.handler import GuardedHandler, outcome_of

ROOT = Path(__file__).parent.parent
# The one loopback address that passes for public in the tests of the guard: the page that leads elsewhere lies there.
ENTRY = "127.0.0.5"


@dataclass(frozen=True)
class Fetched:
    """What became of one URL; `status` is 0 where nothing came back."""

    outcome: str
    status: int = 0
    size: int = 0
    sent_size: int = 0
    head: str = ""
    tls: str = ""
    ip: str = ""
    delay: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class Crawled:
    """What became of a crawl: its URLs by name, its largest memory (MB), its seconds, and what it logged."""

    results: dict[str, Fetched]
    peak: float
    seconds: float
    log: str


def crawl(urls: dict[str, str], **settings: Any) -> Crawled:
    """Crawl the URLs, each in a slot of its own unless the setting SAME_SLOT says otherwise."""
    asked = json.dumps({"urls": urls, "settings": settings})
    done = subprocess.run(
        [sys.executable, "-m", "tests.fetching"],
        input=asked,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    results = {name: Fetched(**fields) for name, fields in answer["results"].items()}
    return Crawled(results, answer["peak"], answer["seconds"], done.stderr)


def private(urls: dict[str, str], **settings: Any) -> Crawled:
    """Crawl as tests and the demo do: private addresses allowed, no delay."""
    quick = {
        "TAMDAN_ALLOW_PRIVATE": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": False,
    }
    return crawl(urls, **quick | settings)


class Probe(Spider):
    """Asks for every URL once, follows links one step, and notes what became of each."""

    name = "probe"
    urls: dict[str, str]
    results: dict[str, Fetched]

    async def start(self) -> AsyncIterator[Request]:
        for name, url in self.urls.items():
            meta = {} if self.settings.getbool("SAME_SLOT") else {"download_slot": name}
            yield self.asked(name, url, meta)

    def asked(self, name: str, url: str, meta: dict[str, Any]) -> Request:
        return Request(
            url,
            self.parse,
            errback=self.failed,
            cb_kwargs={"name": name},
            meta=meta,
            dont_filter=True,
            priority=len(url),
        )

    def parse(self, response: Response, name: str = "") -> Iterator[Request]:
        raw = response.meta["raw"]
        slot = self.crawler.engine.downloader.slots[response.meta["download_slot"]] if self.crawler.engine else None
        self.results[name] = Fetched(
            outcome="fetched",
            status=response.status,
            size=len(response.body),
            sent_size=len(raw.body),
            head=raw.head.decode("latin-1")[:2000],
            tls=raw.tls,
            ip=raw.ip,
            delay=slot.delay if slot else 0.0,
            text=response.body[:200].decode("latin-1"),
        )
        if "/link/" in response.url:
            yield self.asked(name, response.css("a::attr(href)").get(""), {})

    def failed(self, failure: Any) -> None:
        self.results[failure.request.cb_kwargs["name"]] = Fetched(outcome_of(failure.value))


class Table(CachingThreadedResolver):
    """Scrapy's resolver, asked of a table instead of DNS; a name's answers come one after the other, the last one for good."""

    table: dict[str, list[str]]

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "Table":
        resolver = super().from_crawler(crawler, reactor)
        resolver.table = defaultdict(list, {name: list(ips) for name, ips in crawler.settings.getdict("TABLE").items()})
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: ARG002, N802
        answers = self.table[name]
        if not answers:
            return fail(DNSLookupError(name))
        return succeed(answers.pop(0) if len(answers) > 1 else answers[0])


class EntryGuard(Guard):
    """The real rule with a door: the address that the leading pages lie at."""

    def check_address(self, ip: str) -> None:
        if ip != ENTRY:
            super().check_address(ip)


class GuardedTable(GuardedResolver, Table):
    """Our resolver over the table."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "GuardedTable":
        resolver = super().from_crawler(crawler, reactor)
        resolver.guard = EntryGuard.from_settings(crawler.settings)
        return resolver


class EntryHandler(GuardedHandler):
    """Our handler with the door open."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = EntryGuard.from_settings(crawler.settings)


def main() -> None:
    """Crawl what the standard input says."""
    asked = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule("crawlers.settings")
    settings.setdict({"SPIDER_MODULES": [], **asked["settings"]}, priority="cmdline")
    results: dict[str, Fetched] = {}
    process, start = CrawlerProcess(settings), monotonic()
    # Scrapy sets these as attributes of the spider it makes.
    process.crawl(Probe, urls=asked["urls"], results=results)
    process.start()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {name: asdict(fetched) for name, fetched in results.items()}
    json.dump({"results": told, "peak": peak, "seconds": monotonic() - start}, sys.stdout)


if __name__ == "__main__":
    main()
