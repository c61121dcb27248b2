"""Where an addition is decided: a page, a file or what somebody typed in, an article of the archive out."""

import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

from archive.declare import declare_by_hand
from archive.desk import additions, uploads
from archive.desk.additions import Addition, Made, Wish
from archive.errors import Dropped
from archive.home import Home
from archive.model import Article, Campaigns, Capture, Link, Page, Source, Sources
from archive.runs import Tally
from archive.store import Store
from crawlers.additions.attached import take_in, unfolded
from crawlers.additions.given import told_by_people, typed
from crawlers.additions.outlet import outlet_of
from crawlers.capture import CaptureWriter
from crawlers.desk import Fetched
from crawlers.look import own_address
from pipelines.urls import fetch_url
from pipelines.worker import Reader

URN = "urn:tamdan:"
"""How the address begins of what has none on the web; never a link."""

_log = logging.getLogger(__name__)

Captured = Callable[[], list[Capture]]
"""Writes the evidence of an article that is to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What additions are worked off with."""

    home: Home
    run: str
    declared: Sources
    campaigns: Campaigns
    archive: sqlite3.Connection
    store: Store
    captures: CaptureWriter


class Clerk:
    """Takes additions one after the other; each is decided whole or waits on. Raises DiskFull and TamdanError for the archive itself."""

    def __init__(self, office: Office, reader: Reader, tally: Tally) -> None:
        self._office = office
        self._reader = reader
        self._tally = tally

    def is_settled(self, addition: Addition) -> bool:
        """Settle an addition whose address is none, or was read already; tells whether it did."""
        url = spelled(addition.wish.url)
        if url is None:
            if addition.wish.url:
                self.fail(addition, additions.NO_LINK)
            return addition.wish.url is not None
        before = self._before(Article(url=url, source=""))
        if before is None or before["status"] != "read":
            return False
        files = self._files(addition.wish, url)
        self._finish(addition, Made(article=before["key"], outcome=_known(before), files=files))
        return True

    def source(self, wish: Wish, url: str | None) -> Source:
        """Give the source of an addition."""
        return outlet_of(wish, url, self._office.declared, self._office.archive)

    async def take(self, addition: Addition) -> None:
        """Decide an addition for which nothing is fetched: a saved page, a file, or what somebody typed."""
        await self._decided(addition, self._taken(addition))

    async def fetched(self, addition: Addition, made: Callable[[], Fetched]) -> None:
        """Decide an addition whose page was fetched; `made` gives the page."""
        await self._decided(addition, self._read(addition, made))

    async def unread(self, addition: Addition, outcome: str) -> None:
        """Keep the headline that somebody typed of a page that could not be fetched or read; without one the addition fails."""
        await self._decided(addition, self._unread(addition, outcome))

    async def _decided(self, addition: Addition, decision: Awaitable[None]) -> None:
        """Have an addition decided; what is wrong with this one alone lets it fail, in words, and the others go on."""
        additions.begin(self._office.archive, addition)
        try:
            await decision
        except FileNotFoundError:
            self.fail(addition, additions.NO_FILE)
        except OSError:
            _log.warning("%s: its file cannot be read", addition.wish.token, exc_info=True)
            self.fail(addition, additions.SHUT_FILE)
        except (ValueError, sqlite3.IntegrityError, sqlite3.DataError):
            # an address that cannot be parted, half a sign of UTF-16, a campaign that is declared no more
            _log.warning("%s: it cannot be written down", addition.wish.token, exc_info=True)
            self.fail(addition, additions.UNFIT)

    # ---- what becomes of it

    async def _taken(self, addition: Addition) -> None:
        is_page = addition.wish.file_type in (uploads.PAGE, uploads.WHOLE_PAGE)
        if addition.wish.file and not is_page and not await self._is_whole(addition):
            return
        if not self.is_settled(addition):
            await (self._saved(addition) if is_page else self._typed(addition))

    async def _read(self, addition: Addition, made: Callable[[], Fetched]) -> None:
        one = made()
        try:
            article = await self._reader.read(one.page)
        except Dropped as dropped:
            await self._unread(addition, dropped.outcome)
            return
        await self._keep(addition, one.page.source, article, lambda: [self._office.captures.write(one.raw, one.asked)])

    async def _unread(self, addition: Addition, outcome: str) -> None:
        if not addition.wish.title:
            self.fail(addition, outcome)
            return
        source, article = await self._made(addition.wish)
        await self._keep(addition, source, replace(article, status="headline only"), list)

    def fail(self, addition: Addition, outcome: str) -> None:
        """Note that nothing came of an addition; the file stays for another try."""
        self._tally.failures[outcome] += 1
        additions.fail(self._office.archive, addition, outcome, datetime.now(UTC))

    # ---- saved pages

    async def _saved(self, addition: Addition) -> None:
        try:
            page = await self._page(addition.wish)
            if page is None:
                self.fail(addition, additions.NO_ADDRESS)
                return
            article = await self._reader.read(page)
        except Dropped as dropped:
            await self._unread(addition, dropped.outcome)
            return
        await self._keep(addition, page.source, article, lambda: [self._office.captures.write_copy(page)])

    async def _page(self, wish: Wish) -> Page | None:
        """Make the page out of a saved file; None where nothing tells its address. Raises Dropped and FileNotFoundError."""
        data = self._path(wish).read_bytes()
        told, kind, body = None, None, data
        if wish.file_type == uploads.WHOLE_PAGE:
            saved = await self._reader.run(unfolded, data)
            told, kind, body = saved.url, saved.content_type, saved.body
        nowhere = Source(id="page", name="page", languages=("und",), domains=("page.invalid",))
        page = Page(
            url="https://page.invalid/", source=nowhere, body=body, fetched_at=datetime.now(UTC), content_type=kind
        )
        url = spelled(wish.url or told or await self._reader.run(own_address, page))
        if url is None:
            return None
        return replace(page, url=url, source=self.source(wish, url), link=Link(url=url))

    # ---- what is typed

    async def _typed(self, addition: Addition) -> None:
        await self._keep(addition, *await self._made(addition.wish), list)

    async def _is_whole(self, addition: Addition) -> bool:
        """Tell whether a picture or PDF can be opened; of a picture a copy to be shown is made. Raises OSError where there is no file."""
        path = self._path(addition.wish)
        path.open("rb").close()
        shown = self._office.home.captures / uploads.copy_to_show(addition.wish.file or "")
        try:
            await self._reader.run(take_in, path, addition.wish.file_type, shown)
        except Dropped:
            self.fail(addition, additions.BROKEN_FILE)
            return False
        return True

    async def _made(self, wish: Wish) -> tuple[Source, Article]:
        """Make an article of what somebody typed, with its source."""
        url = spelled(wish.url) or self._urn(wish)
        source = self.source(wish, spelled(wish.url))
        return source, await self._reader.match(await self._reader.run(typed, wish, url, source))

    def _urn(self, wish: Wish) -> str:
        file = sha256(self._path(wish).read_bytes()).hexdigest() if wish.file else ""
        told = (wish.kind, wish.source, wish.published and wish.published.isoformat(), wish.title, wish.text, file)
        return URN + sha256("\x1f".join(part or "" for part in told).encode()).hexdigest()[:32]

    # ---- keeping

    async def _keep(self, addition: Addition, source: Source, article: Article, captured: Captured) -> None:
        """Keep the article of an addition, unless the archive has read it already."""
        before = self._before(article)
        if before and (before["status"] == "read" or article.status != "read"):
            key, outcome = before["key"], _known(before)
        else:
            article = told_by_people(article, [addition.wish])
            declare_by_hand(self._office.archive, source)
            key = self._office.store.put(article, captured(), datetime.now(UTC))
            outcome = _outcome(article, opened=before is not None)
            self._tally.found += 1
        self._tally.fetched += article.status == "read"
        self._tally.matched += bool(article.matches)
        self._finish(addition, Made(article=key, outcome=outcome, files=self._files(addition.wish, article.url)))

    def _before(self, article: Article) -> sqlite3.Row | None:
        """Give what the archive knows of an article under any of its addresses, what was read before a headline."""
        addresses = json.dumps([article.url, *article.addresses])
        found = self._office.archive.execute(
            "select key, status, decision from article where url in (select value from json_each(:met))"
            " or id in (select article from capture where url in (select value from json_each(:met)))"
            " order by status = 'read' desc, id",
            {"met": addresses},
        ).fetchone()
        return cast("sqlite3.Row | None", found)

    def _files(self, wish: Wish, url: str) -> list[Capture]:
        """Give the file of an addition that stays as it is; a saved page lies in the captures anyway."""
        if not wish.file or wish.file_type == uploads.PAGE:
            return []
        data = self._path(wish).read_bytes()
        return [
            Capture(
                url=url,
                file=wish.file,
                offset=0,
                length=len(data),
                sha256=sha256(data).hexdigest(),
                fetched_at=datetime.now(UTC),
                tls="none",
                kind="file",
            )
        ]

    def _finish(self, addition: Addition, made: Made) -> None:
        additions.finish(self._office.archive, addition, made, datetime.now(UTC))
        discard_copy(self._office.home, self._office.archive, addition)

    def _path(self, wish: Wish) -> Path:
        return self._office.home.captures / (wish.file or "")


def discard_copy(home: Home, archive: sqlite3.Connection, addition: Addition) -> None:
    """Delete the file of an addition that is done, where it is kept otherwise: as a capture, or as another that holds the same."""
    if addition.wish.file and not additions.is_kept(archive, addition):
        uploads.discard(home, addition.wish.file)


def spelled(url: str | None) -> str | None:
    """Give the one spelling of an address; None where it is none."""
    try:
        return fetch_url(url) if url else None
    except ValueError:
        return None


def _known(before: sqlite3.Row) -> str:
    return additions.REJECTED if before["decision"] == "reject" else additions.KNOWN


def _outcome(article: Article, *, opened: bool) -> str:
    if article.status != "read":
        return additions.HEADLINE
    return additions.OPENED if opened else additions.ADDED
