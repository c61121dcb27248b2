"""An empty ledger, and the source whose listings and links go into it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.database import open_writer
from archive.migrate import migrate
from archive.model import Link, Listing, Source
from crawlers.frontier import Frontier, Validators

NOW = datetime(2024, 3, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Listing(kind="feed", url="https://lotus.example/feed")
SECTION = Listing(kind="section", url="https://lotus.example/news", pages=3)
SITEMAP = Listing(kind="sitemap", url="https://lotus.example/map")
NOTHING = Validators()


def lotus(*listings: Listing) -> Source:
    """Declare the source."""
    return Source(id="lotus", name="Lotus", languages=("km",), domains=("lotus.example",), listing=listings)


def links(*names: object) -> list[Link]:
    """Give the links of pages by these names."""
    return [Link(url=f"https://lotus.example/{name}") for name in names]


@contextmanager
def ledger(folder: Path) -> Iterator[Frontier]:
    """Open an empty one."""
    migrate(folder / "crawl.db", "crawl")
    with closing(open_writer(folder / "crawl.db")) as connection:
        yield Frontier(connection)
