"""One crawl from start to exit code."""

import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.desk import errand
from archive.home import Home
from crawlers import settings as polite
from crawlers.progress import Display, summary
from crawlers.session import Session
from crawlers.spiders.coverage import CoverageSpider


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a crawl is run."""

    quiet: bool = False
    """Say nothing unless something went wrong: for cron."""
    allow_private: bool = False
    """Let it connect to loopback and private addresses: for tests and the demo."""


def crawl(home: Home, wanted: Sequence[str], options: Options) -> int:
    """Crawl the sources named, or all that are open, then work off what people added and waits still.

    Gives the exit code: 0 fine, 1 where some source failed or it was cut short; an addition that fails is told to who added it.
    Raises ConfigError, UsageError, CrawlRunning, DiskFull and NewerArchive before anything is fetched.
    """
    # Until Scrapy takes both over, SIGTERM ends as Ctrl-C does: by an exception that lets go of everything.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    session = Session(home, wanted).open()
    try:
        with Display(session, quiet=options.quiet):
            _fetch(session, _settings(session, options))
    except KeyboardInterrupt:
        session.interrupted = True
    finally:
        code = session.close()
    summary(session, quiet=options.quiet)
    if session.broken:
        raise session.broken
    if not session.interrupted:
        errand.run(home, allow_private=options.allow_private)
    return code


def _fetch(session: Session, settings: Settings) -> None:
    # A log that cannot be written, on a full disk, is told by the crawl's own last words.
    logging.raiseExceptions = False
    process = AsyncCrawlerProcess(settings)
    session.interrupted = True  # until the spider says that it came to its end
    process.crawl(CoverageSpider, session=session)
    process.start()


def _settings(session: Session, options: Options) -> Settings:
    settings = Settings()
    settings.setmodule(polite, priority="project")
    settings.setdict(
        {
            "TAMDAN_HOME": str(session.home.path),
            "TAMDAN_ALLOW_PRIVATE": options.allow_private,
            "LOG_FILE": str(session.log),
            "LOG_FILE_APPEND": False,
        },
        priority="cmdline",
    )
    return settings
