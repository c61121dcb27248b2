"""RSS 0.9 to 2.0, Atom and RDF feeds, read by feedparser."""

import re
from typing import Any

import feedparser
from lxml import html

from archive.khmer import clean
from archive.model import Link
from crawlers.listings import MOST_ENTRIES, BadListing, Listed, is_utf8, looks_like_html, refuse_overloaded

_BLOCK_END = re.compile(r"(?=</(?:p|div|li|h\d|td)\b|<br\b)", re.IGNORECASE)


def read(body: bytes, url: str, content_type: str | None = None) -> Listed:
    """Read a feed; raises BadListing for what is none, or holds no entries."""
    refuse_overloaded(body)
    try:
        feed = feedparser.parse(body, response_headers=_headers(body, url, content_type), sanitize_html=False)
    except (ValueError, OverflowError, LookupError) as error:  # character references and encodings that are none
        raise BadListing(f"broken XML: {error}") from error
    # In RSS, feedparser's "updated" is the dc:date of RDF feeds, the day of publication; in Atom it is that of a later change.
    is_atom = feed.get("version", "").startswith("atom")
    entries = [link for entry in feed.entries[:MOST_ENTRIES] if (link := _link(entry, is_atom=is_atom))]
    if entries:
        return Listed(
            links=tuple(entries), note=f"broken XML: {feed.bozo_exception}" if feed.bozo and _broken(feed) else ""
        )
    raise BadListing(_why_empty(feed, body))


def _headers(body: bytes, url: str, content_type: str | None) -> dict[str, str]:
    """Say the character set truly: a body that is valid UTF-8 is that, whatever the server says."""
    headers = {"content-location": url}
    if is_utf8(body):
        headers["content-type"] = "application/xml; charset=utf-8"
    elif content_type:
        headers["content-type"] = content_type
    return headers


def _link(entry: Any, *, is_atom: bool) -> Link | None:
    url = entry.get("link") or entry.get("id", "")
    if not url.startswith(("http://", "https://")):
        return None
    return Link(
        url=url,
        title=_plain(entry.get("title", "")),
        summary=_plain(entry.get("summary", "")),
        date=entry.get("published") or (None if is_atom else entry.get("updated")) or None,
    )


def _plain(text: str) -> str | None:
    """Give the words of a text that may hold markup."""
    if "<" in text or "&" in text:
        text = str(html.fragment_fromstring(_BLOCK_END.sub(" ", text), create_parent="div").text_content())
    return " ".join(clean(text).split()) or None


def _broken(feed: Any) -> bool:
    return not isinstance(feed.bozo_exception, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def _why_empty(feed: Any, body: bytes) -> str:
    if not body.strip():
        return "an empty answer instead of a feed"
    if looks_like_html(body):
        return "a web page instead of a feed"
    if feed.bozo and _broken(feed):
        return f"broken XML: {feed.bozo_exception}"
    return "a feed without entries" if feed.get("version") else "not a feed"
