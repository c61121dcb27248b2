"""The address at which an article goes on: a following page of the same article, never the next article."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from lxml import html

from archive.khmer import fold
from archive.languages import WORDING
from pipelines.page.blocks import line
from pipelines.page.document import Document

NEXT_LATIN = (
    "next page",
    "next",
    "continue",
    "continue reading",
    "page suivante",
    "suivant",
    "weiter",
    "nächste seite",
)
"""Words of a link to the following page; believed only where its address is this article's own with a number."""

_NEXT = frozenset(map(fold, (*WORDING.next_page, *NEXT_LATIN)))
_ARROWS = " ›»→>…."
_COUNTERS = frozenset({"page", "paged", "pg", "pagenum", "pageno", "part", "seite", "pagina", "trang"})
"""Query parameters that count pages; `page` of some systems counts from 0."""
_OFFSETS = frozenset({"start", "page"})
"""Those that count from 0: Joomla's page breaks and Drupal."""
_COMMENTS = re.compile(r"comment|disqus|respond", re.IGNORECASE)


class _Address(NamedTuple):
    """An address in the parts that tell one article from another."""

    host: str
    path: str
    query: frozenset[tuple[str, str]]


def following(document: Document, first: str, number: int = 1) -> str:
    """Give the address of the page after this one, which is the `number`th of the article at the address `first`; empty where there is none.

    A link counts that is told as the next one or shows the next number, and whose address is the article's own with that number, as
    WordPress (`/2/`, `&page=2`), Drupal (`?page=1`), Joomla (`?start=1`) and plain files (`story-2.html`) write it: on single posts
    WordPress gives the next post as `rel=next`.
    """
    own = _own_addresses(document, first)
    for address in _told(document, number + 1):
        absolute = _absolute(document.page.url, address)
        if absolute and any(_continues(_address(absolute), base, number + 1) for base in own):
            return absolute
    return ""


def _absolute(base: str, address: str) -> str:
    try:
        absolute = urldefrag(urljoin(base, address.strip())).url
        return absolute if urlsplit(absolute).scheme in ("http", "https") and urlsplit(absolute).hostname else ""
    except ValueError:
        return ""


def _own_addresses(document: Document, first: str) -> list[_Address]:
    """Give the addresses of the article's first page: as fetched, and as its canonical link has it where that is on the same host."""
    canonical = _absolute(document.page.url, document.links.get("canonical", ""))
    own = [_address(first)]
    if (
        canonical
        and first == document.page.url
        and _address(canonical).host == own[0].host
        and _address(canonical).path != "/"
    ):
        own.append(_address(canonical))
    return own


def _told(document: Document, number: int) -> Iterator[str]:
    """Give the addresses that the page tells as the next or shows under a page's number, those in its head first."""
    digits = re.compile(rf"(?<!\d)(?:{number}|{number - 1})(?!\d)")
    if "next" in document.links:
        yield document.links["next"]
    for link in document.tree.iter("a"):
        address = link.get("href") or ""
        if digits.search(address) and _leads_on(link, number) and not _of_comments(link):
            yield address


def _leads_on(link: html.HtmlElement, number: int) -> bool:
    if "next" in (link.get("rel") or "").lower().split():
        return True
    words = fold(line(link)).strip(_ARROWS) or fold(link.get("aria-label") or link.get("title") or "").strip(_ARROWS)
    return words == str(number) or words in _NEXT or words in _page_names(number)


def _page_names(number: int) -> Iterator[str]:
    yield f"page {number}"
    for page in map(fold, WORDING.page_words):
        yield f"{page} {number}"
        yield from (f"{page}{nth}{number}" for nth in map(fold, WORDING.nth))


def _of_comments(link: html.HtmlElement) -> bool:
    return any(
        _COMMENTS.search(f"{node.get('class', '')} {node.get('id', '')}")
        for node in (link, *link.iterancestors())
        if node.tag not in ("html", "body")
    )


def _address(url: str) -> _Address:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.") + (f":{parts.port}" if parts.port else "")
    return _Address(
        host, unquote(parts.path).rstrip("/") or "/", frozenset(parse_qsl(parts.query, keep_blank_values=True))
    )


def _continues(found: _Address, base: _Address, number: int) -> bool:
    """Tell whether an address is another's with a page's number."""
    if found.host != base.host:
        return False
    if found.path == base.path:
        return _counts(found.query, base.query, number)
    return found.query == base.query and base.path != "/" and _is_numbered(found.path, base.path, number)


def _counts(found: frozenset[tuple[str, str]], base: frozenset[tuple[str, str]], number: int) -> bool:
    added = found - base
    if len(added) != 1 or base - found:
        return False
    name, value = next(iter(added))
    return (name in _COUNTERS and value == str(number)) or (name in _OFFSETS and value == str(number - 1))


def _is_numbered(found: str, base: str, number: int) -> bool:
    stem, dot, ending = base.rpartition(".")
    if not dot or "/" in ending:
        stem, ending = base, ""
    forms = [f"{base}/{number}", f"{base}/page/{number}", f"{base}/page-{number}", f"{base}/page{number}"]
    if ending:
        forms += [f"{stem}{mark}{number}.{ending}" for mark in "-_,./"] + [
            f"{stem}-page-{number}.{ending}",
            f"{stem}/page/{number}.{ending}",
        ]
    return found in forms
