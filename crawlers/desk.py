"""Where a fetched page is decided: read, kept if it matches, and its link let go, in that order, so that each step can be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.errors import Challenged, Dropped, Quarantined
from archive.model import Article, Page
from crawlers.answers import Verdict
from crawlers.capture import RawResponse
from crawlers.frontier import Lease
from crawlers.kept import Kept
from crawlers.session import Session
from pipelines.stages import versions

MOST_PAGES = 10
"""Pages that are read of one article; longer ones were seen nowhere but in galleries."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, the response it came in, and the headers it was asked for with."""

    page: Page
    raw: RawResponse
    asked: Mapping[str, str]


class Desk:
    """Takes the pages of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def read(self, lease: Lease, fetched: Sequence[Fetched], *, whole: bool = False) -> str | None:
        """Read the pages of an article, the first one first, in a worker and keep what comes of them.

        Gives the address at which the article goes on, and then nothing is kept yet; `whole` says that no further page can be had.
        Raises DiskFull, and then the link stays leased.
        """
        page = replace(fetched[0].page, further=tuple(other.page for other in fetched[1:]))
        try:
            article = await self._session.reader.read(page)
        except Challenged as wall:
            await self.set_aside(lease, Verdict(wall.outcome, "later"))
        except Dropped as dropped:
            # A signal to the whole group ends the workers too: that is no fault of the page, whose link stays leased.
            if not (isinstance(dropped, Quarantined) and self._session.is_ending()):
                await self._quarantine(lease, page, dropped)
        else:
            known = {other.page.url for other in fetched}
            if article.next_page and article.next_page not in known and not whole and len(fetched) < MOST_PAGES:
                return article.next_page
            self._keep(lease, fetched, page, article)
        self._session.progress()
        return None

    async def set_aside(self, lease: Lease, verdict: Verdict) -> None:
        """Let a link go whose page cannot be read, or leave it for a later run; its headline is kept where it matches."""
        if verdict.fate != "later, blameless":
            await self._keep_headline(lease)
        now = datetime.now(UTC)
        if verdict.fate == "done":
            self._session.frontier.done(lease, verdict.outcome, now)
        else:
            self._session.frontier.put_back(lease, verdict.outcome, now, blameless=verdict.fate == "later, blameless")
        self._session.tallies[lease.source].failures[verdict.outcome] += 1
        self._session.progress()

    def _keep(self, lease: Lease, fetched: Sequence[Fetched], page: Page, article: Article) -> None:
        tally = self._session.tallies[lease.source]
        tally.fetched += 1
        if not article.matches:
            kept = Kept(
                page=page, article=article, outcome="no match", reason="no query holds", versions=article.versions
            )
            self._session.frontier.done(lease, "no match", datetime.now(UTC), article=article, kept=kept)
            return
        captures = [self._session.captures.write(one.raw, one.asked) for one in fetched]
        self._session.store.put(article, captures, datetime.now(UTC))
        self._session.frontier.done(lease, "matched", datetime.now(UTC), article=article)
        tally.matched += 1

    async def _quarantine(self, lease: Lease, page: Page, dropped: Dropped) -> None:
        await self._keep_headline(lease)
        kept = Kept(
            page=page, article=None, outcome=dropped.outcome, reason=dropped.reason, versions=versions(page.source)
        )
        self._session.frontier.done(lease, dropped.outcome, datetime.now(UTC), kept=kept)
        self._session.tallies[lease.source].failures[dropped.outcome] += 1

    async def _keep_headline(self, lease: Lease) -> None:
        """Keep what a listing said of a page that cannot be opened, where it matches."""
        if not (lease.link.title or lease.link.summary):
            return
        page = Page(
            url=lease.link.url,
            source=self._session.source(lease.source),
            body=b"",
            fetched_at=datetime.now(UTC),
            link=lease.link,
        )
        try:
            article = await self._session.reader.headline(page)
        except Dropped as dropped:
            if not self._session.is_ending():
                self._session.trouble(lease.source, f"{lease.link.url}: its headline could not be read ({dropped})")
            return
        if article.matches:
            self._session.store.put(article, (), datetime.now(UTC))
            self._session.tallies[lease.source].headlines += 1
