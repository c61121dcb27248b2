"""Works off what people added: takes in what they wrote down, fetches the pages they named, and has everything read and kept.

It goes beside a crawl, under a lock of its own: its captures lie in a file of its own, and every write is one short transaction.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.settings import Settings

from archive import index, runs
from archive.config import load
from archive.database import open_reader, open_writer, refuse_newer_files, require_space
from archive.desk import additions
from archive.desk.additions import Addition, Wish
from archive.errors import DiskFull
from archive.home import Home
from archive.lock import locked_to_add
from archive.migrate import migrate
from archive.model import Link, Page
from archive.runs import Tally
from archive.store import Store
from crawlers import settings as polite
from crawlers.additions.clerk import Clerk, Office, discard_copy
from crawlers.answers import of_answer, of_failure
from crawlers.capture import CaptureWriter
from crawlers.desk import Fetched
from crawlers.session import folder_errors, settings_of
from crawlers.torn import mend
from pipelines.urls import fetch_url
from pipelines.worker import Reader

Progress = Callable[[int, int], None]
"""Called with how many additions are decided and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """How additions are worked off."""

    allow_private: bool = False
    """Let it connect to loopback and private addresses: for tests and the demo."""
    progress: Progress


def add(home: Home, wishes: Sequence[Wish], how: Adding) -> list[Addition]:
    """Write wishes down and work them off; gives what became of each, in order.

    A wish that failed earlier is tried again, of one that was done earlier it is said that it is known. Raises UsageError, DiskFull and
    NewerArchive.
    """
    with _ready(home) as office:
        before = {
            one.wish.token
            for wish in wishes
            if (one := additions.find(office.archive, wish.token)) and one.state == "done"
        }
        for wish in wishes:
            additions.put(office.archive, wish, datetime.now(UTC))
            additions.again(office.archive, wish.token)
    work_off(home, how)
    with closing(open_reader(home.archive)) as archive:
        found = [addition for wish in wishes if (addition := additions.find(archive, wish.token))]
        for addition in found:
            if addition.state == "done":
                discard_copy(home, archive, addition)
    return [replace(one, outcome=additions.KNOWN) if one.wish.token in before else one for one in found]


def work_off(home: Home, how: Adding) -> int:
    """Work off all that waits, once nobody else does; gives how many additions could not be had.

    Returns at once where another program is about to begin, which will do it. Raises DiskFull and NewerArchive.
    """
    if not home.archive.is_file():
        return 0
    with locked_to_add(home) as is_ours:
        if not is_ours:
            return 0
        with _ready(home) as office:
            additions.give_up(office.archive, datetime.now(UTC))
            todo = additions.waiting(office.archive)
            return _run(office, todo, how) if todo else 0


@contextmanager
def _ready(home: Home) -> Iterator[Office]:
    """Open what additions are worked off with; the archive is made where there is none."""
    declared, campaigns = load(home)
    refuse_newer_files((home.archive, home.crawl))
    with folder_errors(home):
        home.captures.mkdir(parents=True, exist_ok=True)
    require_space(home.data)
    migrate(home.archive, "archive")
    run = f"add-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with ExitStack() as opened:
        archive = opened.enter_context(closing(open_writer(home.archive)))
        if not index.is_current(archive):
            index.reindex(archive)
        store = Store(archive)
        store.declare(declared.source, campaigns, datetime.now(UTC))
        yield Office(
            home=home,
            run=run,
            declared=declared,
            campaigns=campaigns,
            archive=archive,
            store=store,
            captures=opened.enter_context(CaptureWriter(home.captures, run)),
        )


def _run(office: Office, todo: Sequence[Addition], how: Adding) -> int:
    """Work off additions as one run of the archive; gives how many could not be had."""
    _begin(office)
    work = _Work(office, todo, how.progress)
    code = 1  # unless it comes to its end
    try:
        asyncio.run(work.take_in())
        if work.named:
            _fetch(work, how)
        code = int(bool(work.tally.failed))
    finally:
        runs.end_adding(office.archive, office.run, work.tally, code, datetime.now(UTC))
    return work.tally.failed


def _begin(office: Office) -> None:
    now = datetime.now(UTC)
    torn = runs.begin(office.archive, office.run, runs.ADDING, now)
    for file in (office.home.captures / f"{run}.warc.gz" for run in torn):
        if file.exists():
            mend(file)
    runs.close_torn(office.archive, torn, now)


class _Work:
    """The additions of one run; those whose page is to be fetched are `named`."""

    def __init__(self, office: Office, todo: Sequence[Addition], progress: Progress) -> None:
        self.office = office
        self.tally = Tally(source="")
        self.named = [one for one in todo if _is_fetched(one.wish)]
        self._typed = [one for one in todo if not _is_fetched(one.wish)]
        self._total = len(todo)
        self._done = 0
        self._progress = progress

    async def take_in(self) -> None:
        """Decide all for which nothing is fetched, and those whose address is known."""
        with self.clerk() as clerk:
            for addition in self._typed:
                await clerk.take(addition)
                self.one_more()
            settled = {addition.row for addition in self.named if clerk.is_settled(addition)}
            self.named = [addition for addition in self.named if addition.row not in settled]
            for _ in settled:
                self.one_more()

    @contextmanager
    def clerk(self) -> Iterator[Clerk]:
        """Open a clerk, whose worker belongs to the loop that runs."""
        reader = Reader(self.office.campaigns, workers=1)
        try:
            yield Clerk(self.office, reader, self.tally)
        finally:
            reader.close()

    def one_more(self) -> None:
        """Show that one more is decided."""
        self._done += 1
        self._progress(self._done, self._total)


def _is_fetched(wish: Wish) -> bool:
    """Tell whether an addition is nothing but a link: what somebody attached or typed is taken for what stands there."""
    return bool(wish.url) and not wish.file and not wish.text


def _fetch(work: _Work, how: Adding) -> None:
    logging.raiseExceptions = False
    settings = Settings()
    settings.setmodule(polite, priority="project")
    own = {"TAMDAN_ALLOW_PRIVATE": how.allow_private, "LOG_FILE": str(work.office.home.data / "add.log")}
    settings.setdict({**settings_of(work.office.declared), **own}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    broken: list[DiskFull] = []
    with work.clerk() as clerk:
        process.crawl(AddingSpider, work=work, clerk=clerk, broken=broken)
        process.start()
    if broken:
        raise broken[0]


class AddingSpider(scrapy.Spider):
    """Asks for the pages that people named, one after the other at each source."""

    name = "adding"

    def __init__(self, work: _Work, clerk: Clerk, broken: list[DiskFull], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._work, self._clerk, self._broken = work, clerk, broken

    async def start(self) -> AsyncIterator[Request]:
        """Ask for them."""
        for addition in self._work.named:
            url = fetch_url(addition.wish.url or "")
            yield Request(
                url,
                callback=self.took,
                errback=self.failed,
                cb_kwargs={"addition": addition},
                meta={"download_slot": self._clerk.source(addition.wish, url).id},
                dont_filter=True,
            )

    async def took(self, response: Response, addition: Addition) -> None:
        """Take an answer: read it where it is a page."""
        headers = {name.decode("latin-1"): values[0].decode("latin-1") for name, values in response.headers.items()}
        verdict = of_answer(response.status, headers, response.body)
        if verdict.fate == "read":
            await self._decided(self._clerk.fetched(addition, lambda: self._fetched(response, addition.wish)))
        else:
            await self._decided(self._clerk.unread(addition, verdict.outcome))

    async def failed(self, failure: Any) -> None:
        """Note why nothing came."""
        addition = failure.request.cb_kwargs["addition"]
        await self._decided(self._clerk.unread(addition, of_failure(failure.value).outcome))

    async def _decided(self, decision: Awaitable[None]) -> None:
        try:
            await decision
        except DiskFull as full:
            self._broken.append(full)
            raise CloseSpider("disk full") from full
        self._work.one_more()

    def _fetched(self, response: Response, wish: Wish) -> Fetched:
        request = response.request
        assert request
        url = fetch_url(response.url)
        page = Page(
            url=url,
            source=self._clerk.source(wish, url),
            body=response.body,
            fetched_at=request.meta["raw"].started_at,
            content_type=_header(response, "Content-Type"),
            robots=", ".join(value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")),
            link=Link(url=fetch_url(wish.url or url)),
        )
        asked = {
            name.decode("latin-1"): values[0].decode("latin-1") for name, values in request.headers.items() if values
        }
        return Fetched(page, request.meta["raw"], asked)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
