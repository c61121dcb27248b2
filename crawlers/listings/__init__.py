"""How a source lists its news: a page in, links out. Each kind is one module with a function `read`."""

import re
from dataclasses import dataclass

from archive.errors import Dropped
from archive.model import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that a sitemap index names."""

    url: str
    lastmod: str | None = None
    """As written there; None where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one listing page holds, newest first where it tells."""

    links: tuple[Link, ...] = ()
    children: tuple[Child, ...] = ()
    next: str | None = None
    """Address of the following page."""
    note: str = ""
    """What was odd about it, in words."""


MOST_ENTRIES = 50_000
"""Links taken from one listing: as many as the protocol lets a sitemap have (sitemaps.org)."""


class BadListing(Dropped):
    """The answer is not the listing it is declared to be; the text says what it is instead."""

    outcome = "bad listing"


MOST_ATTRIBUTES = 2000
"""Attributes of one tag; parsers take quadratic time over them, and no listing is worth minutes of a crawl."""

_OVERLOADED = re.compile(rb"<[A-Za-z](?:[^<>\s]*+\s++){%d}" % MOST_ATTRIBUTES)


def refuse_overloaded(body: bytes) -> None:
    """Raise BadListing for a body with a tag of thousands of attributes."""
    if _OVERLOADED.search(body):
        raise BadListing(f"a tag with more than {MOST_ATTRIBUTES:,} attributes, which no listing has")


def is_utf8(body: bytes) -> bool:
    """Tell whether a body is UTF-8, whatever it or its server says; UTF-16 of Latin letters would decode, but has zeros."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in body


def looks_like_html(body: bytes) -> bool:
    """Tell whether a body begins as a web page."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith((b"<!doctype html", b"<html"))
