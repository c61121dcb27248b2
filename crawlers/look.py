"""Takes one page that somebody wants to look at, from the web or a file, and has it read in a worker; nothing is stored."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archive.config import load
from archive.database import open_reader
from archive.errors import Dropped, UsageError
from archive.home import Home
from archive.model import Article, Campaigns, Page, Source, Sources
from archive.query import parse
from crawlers import kept, stored
from crawlers.onepage import fetch, source_of
from pipelines.explain import explain, lines
from pipelines.page.document import MAX_BYTES, Document
from pipelines.trace import Trace, trace
from pipelines.urls import fetch_url
from pipelines.worker import Reader

Done = TypeVar("Done")

_ID = re.compile("[a-z0-9][a-z0-9-]*(?:/[a-z0-9-]+)?")
_KEY = re.compile("[as][0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is looked at."""

    place: str
    """A web address, a file, or the key of an article in the archive."""
    source: str | None = None
    """Id of the source whose page it is; None finds it by the address."""
    url: str | None = None
    """The address of a page that lies in a file; None takes what the page itself tells."""
    allow_private: bool = False


def look(home: Home, target: Target) -> tuple[Trace, int | None]:
    """Take a page through the stages; gives what each made, and the HTTP status where it was fetched.

    Raises UsageError for a target that is none, Unanswered where nothing came, Dropped where a worker was lost on it.
    """
    declared, campaigns = load(home)
    page, status = _page(target, declared)
    return _in_worker(trace, page, campaigns), status


def article_of(home: Home, target: Target) -> Article:
    """Give the article of a target: as the archive or the crawler keeps it, else as it is read now.

    Raises as `look` does, and Dropped where the page is no article.
    """
    known = _known(home, target.place)
    if known is not None:
        return known
    seen, _ = look(home, target)
    if seen.article is None:
        raise seen.dropped or UsageError(f"{target.place}: could not be read")
    return seen.article


def explained(home: Home, query: str, target: Target) -> tuple[bool, list[str]]:
    """Tell whether a query holds for the article of a target, and why, in lines; the query is one of the home's by its id, or a text.

    Raises as `article_of` does, and QueryError where the text does not parse.
    """
    _, campaigns = load(home)
    own = campaigns.finds()
    find = own.get(query, query)
    parse(find)
    article = article_of(home, target)
    seen = explain(article, find, campaigns)
    notes = (
        [f"(no query has the id {query}: it is looked for as a word)"]
        if query not in own and _ID.fullmatch(query)
        else []
    )
    notes += ["(a headline only: the page was never read)"] if article.status == "headline only" else []
    return seen.holds, [article.url, article.title, *notes, "", *lines(seen)]


def _page(target: Target, declared: Sources) -> tuple[Page, int | None]:
    if "://" in target.place:
        return fetch(
            target.place, source_of(target.place, declared, target.source), declared, allow_private=target.allow_private
        )
    return _of_file(target, declared), None


def _of_file(target: Target, declared: Sources) -> Page:
    if _KEY.fullmatch(target.place):
        raise UsageError(f"{target.place}: the archive has no article with this ID. `tamdan export` lists them.")
    if target.url is not None:
        target = replace(target, url=_spelled(target.url))
    file = Path(target.place or "(nothing)")
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise UsageError(
            f"{target.place}: {error.strerror}. Give the path of a file, or a whole address with https://"
        ) from error
    nowhere = Source(id="page", name="page", languages=("und",), domains=("page.invalid",))
    page = Page(url=target.url or f"https://page.invalid/{file.stem}", source=nowhere, body=body, fetched_at=changed)
    url = target.url or _in_worker(own_address, page) or page.url
    return replace(page, url=url, source=source_of(url, declared, target.source))


def _spelled(url: str) -> str:
    try:
        return fetch_url(url)
    except ValueError as error:
        raise UsageError(f"--url: {error}. Write the whole address, as in https://outlet.example/story") from error


def own_address(page: Page) -> str | None:
    """Give the address a page tells as its own; None where it tells none or cannot be parsed."""
    try:
        document = Document.parse(page)
    except Dropped:
        return None
    told = document.links.get("canonical") or document.meta.get("og:url") or ""
    return told if told.startswith(("https://", "http://")) else None


def _in_worker(function: Callable[..., Done], *arguments: object) -> Done:
    async def run() -> Done:
        reader = Reader(Campaigns(), workers=1)
        try:
            return await reader.run(function, *arguments)
        finally:
            reader.close()

    return asyncio.run(run())


def _known(home: Home, place: str) -> Article | None:
    """Find an article in the archive by its key or address, or among the kept pages by its address."""
    if home.archive.is_file():
        archive = open_reader(home.archive)
        row = archive.execute("select id from article where url = ? or key = ?", [place, place]).fetchone()
        if row:
            return stored.load(archive, row["id"]).article
    if home.crawl.is_file():
        ledger = open_reader(home.crawl)
        row = ledger.execute("select page from kept join page on page.id = kept.page where number = 1 and ? in (kept.url, page.url)", [place]).fetchone()  # fmt: skip
        if row:
            return kept.load(ledger, row["page"], {}).article
    return None
