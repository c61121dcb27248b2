"""What is new: polls every source's listings and reads the articles they name.

One download slot per source, so that its listings, aliases and articles share one pace. Every link is in the ledger before it is fetched,
and leaves it after its article is kept.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

from archive.config import load_sources
from archive.errors import DiskFull, Dropped
from archive.home import Home
from archive.model import Link, Page, Source
from crawlers import answers
from crawlers.desk import Desk, Fetched
from crawlers.ending import CutShort, Ending
from crawlers.frontier import Lease, Poll, Validators
from crawlers.listings import Listed, kinds
from crawlers.session import Session, settings_of
from pipelines.urls import fetch_url, on_source

LISTINGS_PER_RUN = 100
"""Listing pages asked of one source in one run; what a large or hostile index names beyond them waits for the next."""

PORTION = 60
"""Pages of one source under way at a time: a run's whole share would lie in memory for hours."""


class CoverageSpider(scrapy.Spider):
    """Follows the open sources of a home; `scrapy crawl coverage` takes the home from the setting TAMDAN_HOME."""

    name = "coverage"
    session: Session
    is_own: bool
    """Whether the session was opened here, and so is closed here."""
    desk: Desk
    ending: Ending
    sources: dict[str, Source]
    is_whole = False
    """Whether every source was begun with; Scrapy only logs what goes wrong in `start`."""
    asked: defaultdict[str, set[str]]
    """Listing pages asked for in this run, by source: an index names again what is asked for anyway."""
    under_way: Counter[str]
    """Pages leased and not decided yet, by source."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Take the pace and what else a home says about crawling; raises ConfigError."""
        super().update_settings(settings)
        settings.setdict(settings_of(load_sources(_home(settings).sources_file)), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, session: Session | None = None, **kwargs: Any) -> Self:
        """Build it as Scrapy does; opens a session of its own where none is given."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.is_own = session is None
        spider.session = session or Session(_home(crawler.settings)).open()
        spider.desk, spider.ending = Desk(spider.session), Ending(crawler, spider.session)
        spider.sources = {source.id: source for source in spider.session.sources}
        spider.asked, spider.under_way = defaultdict(set), Counter()
        return spider

    def closed(self, reason: str) -> None:
        """Tell the session whether the crawl came to its end, and close it where nobody else will."""
        self.session.interrupted = reason != "finished" or not self.is_whole
        if self.is_own:
            self.session.close()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what an earlier run left, and for every listing."""
        self.ending.watch()
        try:
            for source in self.sources.values():
                for request in (*self._ask_listings(self.session.frontier.polls(source)), *self._ask_pages(source.id)):
                    yield request
            self.is_whole = True
        except DiskFull as full:
            self.ending.end(full)

    # ---- listings

    async def parse_listing(self, response: Response, poll: Poll) -> AsyncIterator[Request]:
        """Put a listing's links into the ledger, then ask for them and for the pages that hang on it."""
        verdict = answers.of_answer(response.status, _headers(response), response.body)
        self._note(response.request, response, verdict.outcome)
        if response.status == 304:
            self.session.frontier.unchanged(poll, _now())
            self.session.tallies[poll.source].unchanged += 1
            self.session.tallies[poll.source].listings += 1
        elif verdict.fate == "read":
            for request in await self._read_listing(response, poll):
                yield request
        else:
            self._listing_failed(poll, verdict.outcome)

    def listing_unanswered(self, failure: Any) -> None:
        """Note why nothing came of a listing; `failure` is Twisted's, with Scrapy's request on it."""
        if isinstance(failure.value, CutShort):
            return
        poll = failure.request.cb_kwargs["poll"]
        outcome = answers.of_failure(failure.value).outcome
        self._note(failure.request, None, outcome)
        self._listing_failed(poll, outcome)

    async def _read_listing(self, response: Response, poll: Poll) -> list[Request]:
        """Have a listing read in a worker, commit its links, and give what to ask next."""
        told = (response.body, response.url, _header(response, "Content-Type"), poll.declared)
        try:
            listed = await self.session.reader.run(kinds.read, *told)
        except Dropped as dropped:
            if not self.session.is_ending():
                self._listing_failed(poll, str(dropped))
            return []
        links = self._own(poll, listed, response.url)
        new, further = self.session.frontier.record(poll, listed, links, _validators(response), _now())
        tally = self.session.tallies[poll.source]
        tally.listings, tally.found = tally.listings + 1, tally.found + new
        if listed.note:
            self.session.trouble(poll.source, f"{poll.url}: {listed.note}")
        return [*self._ask_listings(further), *self._ask_pages(poll.source)]

    def _own(self, poll: Poll, listed: Listed, url: str) -> list[Link]:
        """Keep the links that lead to the source itself, in the ledger's spelling; told when none does."""
        source = self.sources[poll.source]
        spelled = [replace(link, url=address) for link in listed.links if (address := _spelled(link.url))]
        own = [link for link in spelled if on_source(link.url, source)]
        if spelled and not own:
            self.session.trouble(poll.source, f"{url}: every link leads away from {', '.join(source.domains)}")
        return own

    def _listing_failed(self, poll: Poll, outcome: str) -> None:
        self.session.frontier.unanswered(poll, outcome, _now())
        self.session.trouble(poll.source, f"{poll.url}: {outcome}")

    def _ask_listings(self, polls: Iterable[Poll]) -> Iterator[Request]:
        for poll in polls:
            asked = self.asked[poll.source]
            if poll.url in asked:
                continue
            if len(asked) == LISTINGS_PER_RUN:
                self.session.tallies[poll.source].held_back += 1
                continue
            asked.add(poll.url)
            yield self._ask_listing(poll)

    def _ask_listing(self, poll: Poll) -> Request:
        headers = {"If-None-Match": poll.etag, "If-Modified-Since": poll.last_modified}
        return Request(
            poll.url,
            callback=self.parse_listing,
            errback=self.listing_unanswered,
            cb_kwargs={"poll": poll},
            headers={name: value for name, value in headers.items() if value},
            priority=1,
            dont_filter=True,
            meta=self._meta(poll.source),
        )

    # ---- pages

    async def parse_page(
        self, response: Response, lease: Lease, before: tuple[Fetched, ...] = ()
    ) -> AsyncIterator[Request]:
        """Read a page, keep it if it matches, and only then let its link go; then ask for more where too few are under way.

        `before` holds the pages of the same article that were fetched already, and then this one is asked for as its next.
        """
        verdict = answers.of_answer(response.status, _headers(response), response.body)
        self._note(response.request, response, verdict.outcome)
        if verdict.fate == "read":
            verdict = self._judged(response, lease) or verdict
        for request in await self._decided(lease, before, verdict, response):
            yield request

    async def page_unanswered(self, failure: Any) -> AsyncIterator[Request]:
        """Note why nothing came of a page, and leave it for later where that may change."""
        if isinstance(failure.value, CutShort):
            return
        lease, before = failure.request.cb_kwargs["lease"], failure.request.cb_kwargs.get("before", ())
        verdict = answers.of_failure(failure.value)
        self._note(failure.request, None, verdict.outcome)
        for request in await self._decided(lease, before, verdict, None):
            yield request

    async def _decided(
        self, lease: Lease, before: tuple[Fetched, ...], verdict: answers.Verdict, response: Response | None
    ) -> list[Request]:
        """Have the desk decide; gives what to ask next: the article's following page, or other pages of the source."""
        following = None
        if verdict.fate == "read" and response is not None:
            before = (*before, self._fetched(response, lease))
            following = await self.desk.read(lease, before)
        elif before:
            await self.desk.read(lease, before, whole=True)
        else:
            await self.desk.set_aside(lease, verdict)
        if following:
            return [self._ask_page(lease, following, before)]
        return list(self._ask_more(lease.source))

    def _judged(self, response: Response, lease: Lease) -> answers.Verdict | None:
        """Judge where a page was found in the end; None where it may be read."""
        if _spelled(response.url) is None:
            return answers.Verdict("unreadable address", "done")
        if not on_source(response.url, self.sources[lease.source]):
            return answers.Verdict("leads away from the source", "done")
        return None

    def _ask_more(self, source: str) -> Iterator[Request]:
        self.under_way[source] -= 1
        if self.under_way[source] <= PORTION // 2:
            yield from self._ask_pages(source)

    def _ask_pages(self, source: str) -> Iterator[Request]:
        """Lease what waits, a portion at a time and as far as this run's share goes."""
        wanted = min(self.session.left[source], PORTION - self.under_way[source])
        leases = self.session.frontier.lease(source, self.session.run, wanted, _now()) if wanted > 0 else []
        self.session.left[source] -= len(leases)
        self.under_way[source] += len(leases)
        for lease in leases:
            yield self._ask_page(lease, lease.link.url)

    def _ask_page(self, lease: Lease, url: str, before: tuple[Fetched, ...] = ()) -> Request:
        return Request(
            url,
            callback=self.parse_page,
            errback=self.page_unanswered,
            cb_kwargs={"lease": lease, "before": before},
            dont_filter=True,
            meta=self._meta(lease.source),
        )

    def _fetched(self, response: Response, lease: Lease) -> Fetched:
        request = response.request
        assert request
        raw = request.meta["raw"]
        page = Page(
            url=fetch_url(response.url),
            source=self.sources[lease.source],
            body=response.body,
            fetched_at=raw.started_at,
            content_type=_header(response, "Content-Type"),
            robots=", ".join(value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")),
            link=lease.link,
        )
        return Fetched(
            page,
            raw,
            {key.decode("latin-1"): values[0].decode("latin-1") for key, values in request.headers.items() if values},
        )

    # ---- both

    def _meta(self, source: str) -> dict[str, Any]:
        """One slot per source; a pace that a person set is not adjusted."""
        return {"download_slot": source, "autothrottle_dont_adjust_delay": self.sources[source].delay is not None}

    def _note(self, request: Request | None, response: Response | None, outcome: str) -> None:
        assert request
        self.session.note(request.meta["download_slot"], request.url, response, outcome)


def _home(settings: BaseSettings) -> Home:
    return Home(Path(settings.get("TAMDAN_HOME", ".")))


def _validators(response: Response) -> Validators:
    return Validators(etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"))


def _headers(response: Response) -> dict[str, str]:
    return {str(name): str(value) for name, value in response.headers.to_unicode_dict().items()}


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _spelled(url: str) -> str | None:
    """Give an address in the ledger's spelling; None for what is none."""
    try:
        return fetch_url(url)
    except ValueError:
        return None


def _now() -> datetime:
    return datetime.now(UTC)
