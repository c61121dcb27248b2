"""Reads again what is kept, with the queries, terms and stages of today; nothing is fetched.

Coverage is read again from its captures, pages without a match from what the crawler kept of them: their HTML while it is there, else the
article as it was read. Where no stage has changed, an article is only matched anew.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from archive import changes
from archive.changes import Change
from archive.errors import Dropped, NothingYet
from archive.home import Home
from archive.model import Article, Link, Page
from archive.runs import Standing, standing
from crawlers import kept, stored
from crawlers.additions.given import told_by_people
from crawlers.frontier import Lease
from crawlers.kept import Kept, KeptRow
from crawlers.session import Session
from crawlers.stored import Stored
from pipelines.stages import outdated, versions

NEW_WORDS = "the queries changed"

AT_ONCE = 4
"""Pages under way at a time: two for each of two workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be read again."""

    since: date | None = None
    """Only what was fetched on this day (UTC) or later."""
    quarantined: bool = False
    """Also what could not be read and no stage has changed since."""


@dataclass(slots=True, kw_only=True)
class Reread:
    """What came of it; counted up while it goes."""

    total: int = 0
    done: int = 0
    read: int = 0
    """Read again from the page itself; the others were only matched anew."""
    added: int = 0
    """Pages that became coverage, for the first time or again."""
    interrupted: bool = False
    failures: Counter[str] = field(default_factory=Counter)
    """Pages that could not be read this time, by outcome."""
    lost: list[str] = field(default_factory=list)
    """Captures that were not found where the archive says."""
    changes: list[Change] = field(default_factory=list)
    standing: Standing | None = None
    """What the coverage holds afterwards."""


def reread(home: Home, wanted: Wanted, progress: Callable[[Reread], None]) -> Reread:
    """Read again what is kept in a home; `progress` is called after each page.

    Can be repeated and broken off: each page is done or not. Raises NothingYet, CrawlRunning, ConfigError, DiskFull and NewerArchive.
    """
    if not home.archive.is_file():
        raise NothingYet(f"{home.archive}: there is nothing to read again yet. Run `tamdan --home FOLDER crawl` first.")
    session = Session(home, kind="reread").open()
    try:
        newest = changes.last(session.archive)
        rereading = _Rereading(session, wanted, progress)
        rereading.run()
        done = rereading.done
        done.changes, done.standing = changes.since(session.archive, newest), standing(session.archive)
    finally:
        session.close()
    return done


class _Rereading:
    def __init__(self, session: Session, wanted: Wanted, progress: Callable[[Reread], None]) -> None:
        self._session = session
        self._wanted = wanted
        self._progress = progress
        self._sources = session.declared.by_id()
        self._since = datetime.combine(wanted.since, time(), UTC) if wanted.since else None
        self.done = Reread()

    def run(self) -> None:
        """Do it all, or what can be done until Ctrl-C."""
        try:
            asyncio.run(self._run())
        except KeyboardInterrupt:
            self.done.interrupted = self._session.interrupted = True

    async def _run(self) -> None:
        articles = stored.rows(self._session.archive, self._since)
        pages = kept.rows(self._session.ledger, self._since)
        self.done.total = len(articles) + len(pages)
        works = [(self._article, row) for row in articles] + [(self._page, row) for row in pages]
        for start in range(0, len(works), AT_ONCE):
            await asyncio.gather(*(self._one(work, row) for work, row in works[start : start + AT_ONCE]))

    async def _one(self, work: Callable[[int], object], row: int) -> None:
        await work(row)  # type: ignore[misc]
        self.done.done += 1
        self._progress(self.done)

    # ---- coverage

    async def _article(self, row: int) -> None:
        """Read an article of the archive again, from its captures where a stage has changed."""
        known = stored.load(self._session.archive, row)
        page = self._captured(known)
        if page is None:
            await self._match(known)
            return
        self.done.read += 1
        try:
            article = await self._session.reader.read(page)
        except Dropped as dropped:
            self.done.failures[dropped.outcome] += 1
            withdrawn = replace(known.article, matches=(), fingerprint=None)
            self._session.store.rematch(row, withdrawn, f"{dropped.outcome}: {dropped.reason}", datetime.now(UTC))
        else:
            self.done.added += bool(article.matches) and not known.covered
            article = told_by_people(replace(article, url=known.article.url), known.wishes)
            self._session.store.put(article, (), datetime.now(UTC), cause="read again")

    async def _match(self, known: Stored) -> None:
        article = await self._session.reader.match(known.article)
        self.done.added += bool(article.matches) and not known.covered
        article = told_by_people(article, known.wishes)
        self._session.store.rematch(known.row, article, NEW_WORDS, datetime.now(UTC))

    def _captured(self, known: Stored) -> Page | None:
        """Give the page an article was read from, where a stage has changed since and its captures can be read."""
        source = self._sources.get(known.article.source)
        if source is None or not known.captures or not outdated(known.article.versions, versions(source)):
            return None
        link = stored.link(self._session.ledger, known.article.url)
        try:
            pages = [stored.page(self._session.home.captures, one, source, link) for one in known.captures]
        except (OSError, ValueError, StopIteration):
            self.done.lost.append(f"{known.article.url}: {known.captures[0].file}")
            return None
        return replace(pages[0], further=tuple(pages[1:]))

    # ---- kept pages

    async def _page(self, row: int) -> None:
        """Read a kept page again, or match what was read of it; one that matches now goes into the archive."""
        known = kept.load(self._session.ledger, row, self._sources)
        try:
            article = await self._read(known)
        except Dropped as dropped:
            self.done.failures[dropped.outcome] += 1
            self._keep(known, None, dropped)
            return
        if article is None:
            return
        if article.matches:
            self._add(known, article)
        elif article is not known.article and known.pages:
            self._keep(known, article, None)

    async def _read(self, known: KeptRow) -> Article | None:
        """Give the article of a kept page as it is read or matched now; None where nothing is to be done."""
        if known.pages and self._is_stale(known):
            self.done.read += 1
            return await self._session.reader.read(replace(known.pages[0], further=known.pages[1:]))
        if known.article is None:
            return None
        article = await self._session.reader.match(known.article)
        return article if article.matches else None

    def _is_stale(self, known: KeptRow) -> bool:
        changed = outdated(known.versions, versions(known.pages[0].source))
        return changed or (known.article is None and self._wanted.quarantined)

    def _add(self, known: KeptRow, article: Article) -> None:
        captures = [self._session.captures.write_copy(page) for page in known.pages]
        now = datetime.now(UTC)
        why = None if article.versions != known.versions else NEW_WORDS
        self._session.store.put(article, captures, now, cause="read again", why=why)
        self._session.frontier.done(_lease(known), "matched", now, article=article)
        self.done.added += 1

    def _keep(self, known: KeptRow, article: Article | None, dropped: Dropped | None) -> None:
        """Note how a page was read this time; it is kept no longer for it."""
        page = replace(known.pages[0], further=known.pages[1:])
        outcome, reason = (dropped.outcome, dropped.reason) if dropped else ("no match", "no query holds")
        again = Kept(page=page, article=article, outcome=outcome, reason=reason, versions=versions(page.source))
        self._session.frontier.done(_lease(known), outcome, datetime.now(UTC), article=article, kept=again)


def _lease(known: KeptRow) -> Lease:
    return Lease(page=known.row, source=known.source, attempts=0, link=Link(url=known.url))
