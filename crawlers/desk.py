"""Where a fetched page is decided: read, kept if it matches, and its link let go, in that order, so that each step can be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import Challenged, Dropped, Quarantined
from archive.model import Article, Page
from crawlers.answers import Verdict
from crawlers.capture import RawResponse
from crawlers.frontier import Lease
from crawlers.kept import Kept
from crawlers.session import Session


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

    async def read(self, lease: Lease, fetched: Fetched) -> None:
        """Read a page in a worker and keep what comes of it; raises DiskFull, and then the link stays leased."""
        try:
            article = await self._session.reader.read(fetched.page)
        except Challenged as wall:
            self.set_aside(lease, Verdict(wall.outcome, "later"))
        except Dropped as dropped:
            # A signal to the whole group ends the workers too: that is no fault of the page, whose link stays leased.
            if not (isinstance(dropped, Quarantined) and self._session.is_ending()):
                self._quarantine(lease, fetched.page, dropped)
        else:
            self._keep(lease, fetched, article)
        self._session.progress()

    def set_aside(self, lease: Lease, verdict: Verdict) -> None:
        """Let a link go whose page cannot be read, or leave it for a later run."""
        now = datetime.now(UTC)
        if verdict.fate == "done":
            self._session.frontier.done(lease, verdict.outcome, now)
        else:
            self._session.frontier.put_back(lease, verdict.outcome, now, blameless=verdict.fate == "later, blameless")
        self._session.tallies[lease.source].failures[verdict.outcome] += 1
        self._session.progress()

    def _keep(self, lease: Lease, fetched: Fetched, article: Article) -> None:
        tally = self._session.tallies[lease.source]
        tally.fetched += 1
        if not article.matches:
            kept = _kept(fetched.page, f"{article.title}\n{article.text}", "no match")
            self._session.frontier.done(lease, "no match", datetime.now(UTC), article=article, kept=kept)
            return
        capture = self._session.captures.write(fetched.raw, fetched.asked)
        self._session.store.put(article, capture, datetime.now(UTC))
        self._session.frontier.done(lease, "matched", datetime.now(UTC), article=article)
        tally.matched += 1

    def _quarantine(self, lease: Lease, page: Page, dropped: Dropped) -> None:
        kept = _kept(page, "", f"{dropped.outcome}: {dropped.reason}")
        self._session.frontier.done(lease, dropped.outcome, datetime.now(UTC), kept=kept)
        self._session.tallies[lease.source].failures[dropped.outcome] += 1


def _kept(page: Page, text: str, reason: str) -> Kept:
    return Kept(
        url=page.url,
        fetched_at=page.fetched_at,
        content_type=page.content_type,
        html=page.body,
        text=text,
        reason=reason,
    )
