"""Sitemaps, sitemap indexes and news sitemaps, plain or gzipped.

Read by lxml directly: Scrapy's reader leaves out the news extension, whose titles and days are what a listing is for.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

from lxml import etree

from archive.khmer import clean
from archive.model import Link
from crawlers.listings import MOST_ENTRIES, BadListing, Child, Listed, is_utf8, looks_like_html

LARGEST = 50 * 1024 * 1024
"""Bytes unpacked: the protocol's own limit (sitemaps.org)."""

Entry = dict[str, str]


def read(body: bytes) -> Listed:
    """Read a sitemap or an index of sitemaps; raises BadListing for what is neither."""
    body = _unpacked(body)
    if looks_like_html(body) or not body.strip():
        raise BadListing("a web page instead of a sitemap" if body.strip() else "an empty answer instead of a sitemap")
    kinds: dict[str, list[Entry]] = {"url": [], "sitemap": []}
    broken = ""
    try:
        for kind, entry in _entries(body):
            kinds[kind].append(entry)
    except etree.XMLSyntaxError as error:
        broken = f"broken XML: {error}"
    return _listed(kinds["url"], kinds["sitemap"], broken)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, LARGEST)
    except zlib.error as error:
        raise BadListing(f"a gzip file that does not unpack: {error}") from error
    if not unpacker.eof:
        raise BadListing(f"a gzip file that does not unpack within {LARGEST // 2**20} MB, or is cut short")
    return unpacked


def _listed(pages: list[Entry], maps: list[Entry], broken: str) -> Listed:
    if not pages and not maps:
        raise BadListing(broken or "a sitemap without entries")
    pages.sort(key=lambda entry: entry.get("publication_date") or entry.get("lastmod") or "", reverse=True)
    return Listed(
        links=tuple(
            Link(
                url=entry["loc"],
                title=clean(entry.get("title", "")).strip() or None,
                date=entry.get("publication_date"),
            )
            for entry in pages[:MOST_ENTRIES]
        ),
        children=tuple(Child(url=entry["loc"], lastmod=entry.get("lastmod")) for entry in maps),
        note=broken,
    )


def _entries(body: bytes) -> Iterator[tuple[str, Entry]]:
    parsed = etree.iterparse(
        BytesIO(body),
        events=("end",),
        resolve_entities="internal",  # type: ignore[call-overload]  # its stubs know booleans only
        encoding="utf-8" if is_utf8(body) else None,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    for _, element in parsed:
        kind = _name(element)
        if kind in ("url", "sitemap"):
            entry = dict(reversed(list(_told(element))))
            if _is_address(entry.get("loc", "")):
                yield kind, entry
            element.clear()


def _told(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Give what an entry says, the outermost first; what it says about its pictures and films is not about the article."""
    for child in element.iterchildren(etree.Element):
        if _name(child) not in ("image", "video"):
            yield _name(child), (child.text or "").strip()
            yield from _told(child)


def _is_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
