"""Outlets of a test's own: each a server on loopback that says what the test wants, and the sources.toml that names them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from newsroom.server import Newsroom
from newsroom.site import load_sites
from newsroom.sources import sources_toml
from newsroom.truth import Truth
from pipelines.urls import fetch_url
from tests.hostile import HostileServer, page, reply

GOOD = "kirirom-news"
"""The newsroom's source that stands beside the bad ones; it has a feed."""

Pages = Mapping[str, bytes]
"""Path -> the whole response; `{root}` in it becomes the server's address."""


class Outlet(HostileServer):
    """Serves its own pages, a plain article at /story/…, and the behaviours of HostileServer beside them."""

    def __init__(self, pages: Pages | None = None) -> None:
        super().__init__()
        self.pages = dict(pages or {})

    def _answer(self, path: str) -> Iterator[bytes]:
        if path in self.pages:
            yield self.pages[path]
        elif path.startswith("/story/"):
            yield page(f"Story {path.removeprefix('/story/')}")
        else:
            yield from super()._answer(path)


@contextmanager
def outlets(sites: Mapping[str, Pages]) -> Iterator[dict[str, Outlet]]:
    """Open a server for each name."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(Outlet(pages)) for name, pages in sites.items()}


def declared(name: str, url: str, kind: str = "feed", *more: str) -> str:
    """Write the table of a source with one listing; `more` are lines of the listing."""
    host = urlsplit(url).netloc
    return "\n".join(
        (
            "[[source]]",
            f'id = "{name}"',
            f'name = "{name}"',
            'languages = ["en"]',
            f"domains = {json.dumps([host])}",
            "  [[source.listing]]",
            f'  kind = "{kind}"',
            f'  url = "{url}"',
            *(f"  {line}" for line in more),
            "",
        )
    )


def good_source(newsroom: Newsroom, delay: float = 0.0) -> str:
    """Write the table of the newsroom's good source."""
    sites = [site for site in load_sites() if site.id == GOOD]
    text = sources_toml(sites, {GOOD: newsroom.url(GOOD)})
    return "\n".join(f"delay = {delay}" if line.startswith("delay =") else line for line in text.splitlines()) + "\n"


def good_coverage(newsroom: Newsroom) -> set[str]:
    """Give the addresses of the good source's articles that belong to the campaign, by the newsroom's truth."""
    return {address(newsroom, row) for row in newsroom.truth() if row.source == GOOD and row.kind == "coverage"}


def address(newsroom: Newsroom, row: Truth) -> str:
    """Give the address under which an article of the newsroom is kept."""
    return fetch_url(newsroom.url(row.source) + row.target)


def xml(text: str, kind: str = "application/xml") -> bytes:
    """Return a response with XML in UTF-8."""
    return reply(200, kind, text.encode())


def rss(items: Iterable[str]) -> str:
    """Write an RSS 2.0 feed."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'


def item(path: str, title: str = "A story") -> str:
    """Write an item of a feed."""
    return f"<item><title>{title}</title><link>{path}</link></item>"


def urlset(addresses: Iterable[str]) -> str:
    """Write a sitemap."""
    rows = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
