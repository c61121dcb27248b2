"""Fetches one page for somebody who looks at it: with the crawl's own politeness, guard and limits, and nothing is stored."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from scrapy.settings import Settings

from archive.errors import TamdanError, UsageError
from archive.model import Page, Source, Sources
from crawlers import settings as polite
from crawlers.answers import of_failure
from crawlers.session import settings_of
from pipelines.urls import fetch_url, on_source

_CURES = {
    "blocked address": "It is no public address, and --allow-private is for tests and the demo only.",
    "forbidden by robots.txt": "The site asks not to be read there: save the page in a browser and give the file.",
}


class Unanswered(TamdanError):  # noqa: N818  (a state of the page)
    """Nothing came of a page that was asked for."""


class OnePageSpider(scrapy.Spider):
    """Asks for one page and puts what comes into `came`."""

    name = "one page"

    def __init__(self, url: str, source: Source, came: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._url, self._source, self._came = url, source, came

    async def start(self) -> AsyncIterator[Request]:
        """Ask for it."""
        yield Request(self._url, callback=self.took, errback=self.failed, meta={"download_slot": self._source.id})

    def took(self, response: Response) -> None:
        """Take the answer, whatever its status."""
        kind = response.headers.get("Content-Type")
        self._came["status"] = response.status
        self._came["page"] = Page(
            url=fetch_url(response.url),
            source=self._source,
            body=response.body,
            fetched_at=datetime.now(UTC),
            content_type=kind.decode("latin-1") if kind else None,
            robots=", ".join(value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")),
        )

    def failed(self, failure: Any) -> None:
        """Note why nothing came."""
        self._came["outcome"] = of_failure(failure.value).outcome


def fetch(url: str, source: Source, declared: Sources, *, allow_private: bool = False) -> tuple[Page, int]:
    """Fetch a page; gives it with its HTTP status. Raises UsageError for what is no address and Unanswered where nothing came."""
    try:
        address = fetch_url(url)
    except ValueError as error:
        raise UsageError(f"{error}. Write the whole address, as in https://outlet.example/story") from error
    logging.raiseExceptions = False
    settings = Settings()
    settings.setmodule(polite, priority="project")
    settings.setdict({**settings_of(declared), "TAMDAN_ALLOW_PRIVATE": allow_private}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    came: dict[str, Any] = {}
    process.crawl(OnePageSpider, url=address, source=source, came=came)
    process.start()
    if "page" not in came:
        outcome = came.get("outcome", "nothing came")
        raise Unanswered(f"{url}: {outcome}. {_CURES.get(outcome, 'Try it in a browser; is this machine online?')}")
    return came["page"], came["status"]


def source_of(url: str, declared: Sources, wanted: str | None) -> Source:
    """Give the source a page is read for: the one named, else the one whose address it is, else one made up for its host.

    Raises UsageError for a name that is none.
    """
    known = declared.by_id()
    if wanted is not None:
        if wanted not in known:
            raise UsageError(f"sources.toml knows no source {wanted!r}. It knows: {', '.join(known)}")
        return known[wanted]
    host = urlsplit(url).netloc or "page.invalid"
    own = (source for source in declared.source if on_source(url, source))
    return next(own, Source(id="page", name=host.removeprefix("www."), languages=("und",), domains=(host,)))
