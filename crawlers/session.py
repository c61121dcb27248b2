"""One crawl of one home: its lock, its databases, its reader, and what it did; opened before Scrapy starts, closed whatever happens."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from scrapy.http import Response

from archive import index, runs
from archive.config import load
from archive.database import checkpoint, disk_errors, open_writer, refuse_newer_files, require_space
from archive.errors import DiskFull, TamdanError, UsageError
from archive.home import Home
from archive.lock import locked
from archive.migrate import migrate
from archive.model import Source, Sources
from archive.runs import Tally
from archive.store import Store
from crawlers.capture import CaptureWriter
from crawlers.frontier import Answer, Frontier
from crawlers.kept import expire
from crawlers.settings import user_agent
from crawlers.torn import mend
from pipelines.worker import Reader

MANY_FAILURES = 5
"""So many failed pages, when they are most of them, are a source in trouble; fewer are the dead links that every site has."""


class Session:
    """Everything a crawl works with. `open` takes the lock; `close` gives it back and writes down what was done."""

    def __init__(self, home: Home, wanted: Sequence[str] = (), kind: Literal["crawl", "reread"] = "crawl") -> None:
        """Read the two files and choose the sources, all of them to reread; creates nothing. Raises ConfigError and UsageError."""
        self.home = home
        self.kind = kind
        self.declared, self.campaigns = load(home)
        self.sources = choose(self.declared, wanted) if kind == "crawl" else self.declared.source
        self.tallies = {source.id: Tally(source=source.id) for source in self.sources}
        self.left = dict.fromkeys(self.tallies, self.declared.crawl.pages_per_run)
        """How many articles each source may still be asked for in this run."""
        self.run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        self.broken: TamdanError | None = None
        self.interrupted = False
        self.put_back = 0
        """Articles to be fetched again because the archive they were kept in is gone."""
        self.exit_code: int | None = None
        self.standing: runs.Standing | None = None
        """What the coverage holds at the end."""
        self.progress: Callable[[], None] = _silent
        """Called after every page; `run` puts its display here."""
        self.is_ending: Callable[[], bool] = _never
        """Whether the crawl is being cut short, when workers may die of it; the spider's `Ending` puts its own here."""
        self.log = home.data / "crawl.log"

    def open(self) -> Self:
        """Take the lock, mend what a killed run left and start the reader.

        Raises CrawlRunning while another crawl is alive, DiskFull and NewerArchive.
        """
        refuse_newer_files((self.home.archive, self.home.crawl))
        with ExitStack() as opened:
            self._open(opened)
            self._opened = opened.pop_all()
        return self

    def _open(self, opened: ExitStack) -> None:
        """Open everything; what was opened is closed again where the rest cannot be."""
        with disk_errors(self.home.data), folder_errors(self.home):
            self.home.captures.mkdir(parents=True, exist_ok=True)
            opened.enter_context(locked(self.home))
            self.log.open("ab").close()
        require_space(self.home.data)
        self.archive = opened.enter_context(closing(_migrated(self.home.archive, "archive")))
        self.ledger = opened.enter_context(closing(_migrated(self.home.crawl, "crawl")))
        self.store, self.frontier = Store(self.archive), Frontier(self.ledger, self.declared.by_id())
        self.put_back = self.frontier.belongs_to(self.store.id())
        self._recover()
        if not index.is_current(self.archive):
            index.reindex(self.archive)
        self.store.declare(self.declared.source, self.campaigns, datetime.now(UTC))
        self.captures = CaptureWriter(self.home.captures, self.run)
        self.reader = Reader(self.campaigns, workers=self.declared.crawl.workers)

    def source(self, name: str) -> Source:
        """Give a source of this crawl by its id."""
        return self.declared.by_id()[name]

    def trouble(self, source: str, words: str) -> None:
        """Note why a source counts as failed; said once in the summary and in the archive."""
        troubles = self.tallies[source].troubles
        if words not in troubles:
            troubles.append(words)

    def note(self, source: str, url: str, response: Response | None, outcome: str) -> None:
        """Note an answer in the ledger."""
        status, size = (response.status, len(response.body)) if response else (None, 0)
        self.frontier.fetched(
            Answer(
                run=self.run, source=source, url=url, at=datetime.now(UTC), status=status, outcome=outcome, bytes=size
            )
        )

    def close(self) -> int:
        """Count, write down and let go; gives the exit code: 0 fine, 1 where a source failed or the crawl was cut short."""
        self.reader.close()
        self.captures.close()
        with self._opened:
            self.exit_code = self._written_down()
        return self.exit_code

    def _recover(self) -> None:
        now = datetime.now(UTC)
        torn = runs.begin(self.archive, self.run, self.kind, now)
        self.frontier.release()
        for run in torn:
            file = self.home.captures / f"{run}.warc.gz"
            if file.exists():
                mend(file)
        runs.close_torn(self.archive, torn, now)

    def _written_down(self) -> int:
        now = datetime.now(UTC)
        for tally in self.tallies.values():
            tally.left_over = self.frontier.waiting(tally.source)
            if tally.failed >= MANY_FAILURES and tally.failed > tally.fetched:
                self.trouble(tally.source, f"most pages failed ({tally.failures.most_common(1)[0][0]})")
        code = self._code()
        try:
            self.store.count_days(self.frontier.days())
            expire(self.ledger, self.declared.crawl, now)
            self.standing = runs.standing(self.archive)
            runs.end(self.archive, self.run, self.tallies.values(), code, now)
            checkpoint(self.archive)
            checkpoint(self.ledger)
        except DiskFull as full:
            self.broken = self.broken or full
            code = full.exit_code
        return code

    def _code(self) -> int:
        if self.broken:
            return self.broken.exit_code
        return int(self.interrupted or any(tally.troubles for tally in self.tallies.values()))


def choose(declared: Sources, wanted: Sequence[str]) -> tuple[Source, ...]:
    """Choose the sources to crawl: those named, else all that are open; raises UsageError for a name that is none or is not crawled."""
    known = declared.by_id()
    for name in wanted:
        if name not in known:
            raise UsageError(f"sources.toml knows no source {name!r}. It knows: {', '.join(known)}")
        if not known[name].crawled:
            raise UsageError(
                f"{name} is not crawled: it is {known[name].status} or lists no page. Change its entry in sources.toml."
            )
    chosen = tuple(source for source in declared.source if source.crawled and (not wanted or source.id in wanted))
    if not chosen:
        raise UsageError("sources.toml has no open source with a listing. Add one (docs/configuration.md).")
    return chosen


def settings_of(declared: Sources) -> dict[str, Any]:
    """Give the Scrapy settings that a sources.toml decides: who asks, how often, how patiently, and whom it trusts."""
    crawl, crawled = declared.crawl, [source for source in declared.source if source.crawled]
    return {
        "USER_AGENT": user_agent(crawl.contact or "see the operator"),
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_SLOTS": {
            source.id: {"delay": crawl.delay if source.delay is None else source.delay, "concurrency": 1}
            for source in crawled
        },
        "TAMDAN_TLS_UNVERIFIED": [
            domain for source in crawled if source.tls == "unverified" for domain in source.domains
        ],
    }


def _migrated(path: Path, name: str) -> sqlite3.Connection:
    migrate(path, name)
    return open_writer(path)


@contextmanager
def folder_errors(home: Home) -> Iterator[None]:
    """Tell that the folder of a home cannot be written as DiskFull."""
    try:
        yield
    except OSError as error:
        raise DiskFull(
            f"{home.data}: cannot be written ({error.strerror}). Mend the rights of the folder or free some space."
        ) from error


def _silent() -> None:
    """Show nothing."""


def _never() -> bool:
    return False
