"""What a query would find among the kept pages and the coverage, before it is saved."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.config import load
from archive.database import open_reader
from archive.errors import NothingYet
from archive.home import Home
from archive.model import Article, Campaign, Campaigns, Match, Query
from crawlers import kept, stored
from pipelines.match import Matcher

Progress = Callable[[int, int], None]
"""Called with how many pages are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One kept page that a query would add."""

    source: str
    day: str
    """Local day it was published, ISO; empty where unknown."""
    title: str
    url: str
    match: Match
    """The first place where its words stand."""


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a query would find."""

    kept: int
    """Kept pages whose article could be looked at, and articles that left the coverage."""
    unread: int
    """Kept pages that could never be read."""
    coverage: int
    """Articles in the coverage."""
    known: int
    """How many of those it holds for."""
    added: tuple[Sample, ...]
    """The kept pages it would add, the latest first."""

    @property
    def weak(self) -> int:
        """Count those it would add only by a caption, tag or description."""
        return sum(sample.match.weak for sample in self.added)


def preview(home: Home, find: str, progress: Progress) -> Preview:
    """Match a query, one of the home's own by its id or a text, with the home's terms against all that is kept.

    Raises QueryError where it does not parse, NothingYet where nothing is kept, ConfigError, NewerArchive.
    """
    matcher = _matcher(home, find)
    if not home.crawl.is_file():
        raise NothingYet(f"{home.crawl}: nothing is kept yet. Run `tamdan --home FOLDER crawl` first.")
    with closing(open_reader(home.crawl)) as ledger, closing(open_reader(home.archive)) as archive:
        return _looked(matcher, ledger, archive, progress)


def _matcher(home: Home, find: str) -> Matcher:
    _, campaigns = load(home)
    find = campaigns.finds().get(find, find)
    asked = Campaign(id="preview", name="Preview", since=datetime.now(UTC).date(), query=(Query(id="preview", label="Preview", find=find),))  # fmt: skip
    return Matcher(Campaigns(term=campaigns.term, campaign=(asked,)))


def _looked(matcher: Matcher, ledger: sqlite3.Connection, archive: sqlite3.Connection, progress: Progress) -> Preview:
    pages, articles = kept.rows(ledger), stored.rows(archive)
    total = len(pages) + len(articles)
    seen = Preview(kept=0, unread=0, coverage=0, known=0, added=())
    added: list[Sample] = []
    for done, row in enumerate(pages, 1):
        page = kept.load(ledger, row, {})
        seen.kept += page.article is not None
        seen.unread += page.article is None
        added += _samples(matcher, page.article)
        progress(done, total)
    for done, row in enumerate(articles, len(pages) + 1):
        known = stored.load(archive, row)
        if known.covered:
            seen.coverage += 1
            seen.known += bool(matcher.match(known.article).matches)
        else:
            seen.kept += 1
            added += _samples(matcher, known.article)
        progress(done, total)
    seen.added = tuple(sorted(added, key=lambda sample: sample.day, reverse=True))
    return seen


def _samples(matcher: Matcher, article: Article | None) -> Iterator[Sample]:
    matches = matcher.match(article).matches if article else ()
    if article and matches:
        yield Sample(
            source=article.source,
            day=article.published.day.isoformat() if article.published else "",
            title=article.title,
            url=article.url,
            match=matches[0],
        )
