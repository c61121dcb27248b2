"""Section pages: the cards of a web page on which an outlet shows its newest articles."""

from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector

from archive.khmer import clean
from archive.model import Link
from archive.model import Listing as Declared
from crawlers.listings import BadListing, Listed, is_utf8, refuse_overloaded

HEADLINES = "article a[href], h1 a[href], h2 a[href], h3 a[href], h4 a[href]"
"""Where a page without a selector of its own is taken to show its articles."""

MOST_LINKS = 2000
"""Links taken from one page; more is a page that lists everything it has, furniture included."""


def read(body: bytes, url: str, declared: Declared) -> Listed:
    """Read a section page by the selectors of its declaration; raises BadListing when no article is found on it."""
    tree = _parse(body)
    cards = CSSSelector(declared.card)(tree) if declared.card else [tree]
    links: dict[str, Link] = {}
    for card in cards:
        for link in _links(card, url, declared):
            known = links.get(link.url)
            links[link.url] = link if known is None or not known.title else known
    if not links:
        raise BadListing("a page on which no article link is found; has its layout changed?")
    return Listed(links=tuple(links.values())[:MOST_LINKS], next=_next(tree, url, declared))


def _parse(body: bytes) -> html.HtmlElement:
    refuse_overloaded(body)
    try:
        return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8" if is_utf8(body) else None))
    except etree.ParserError as error:
        raise BadListing("an empty page") from error


def _links(card: html.HtmlElement, url: str, declared: Declared) -> list[Link]:
    anchors = CSSSelector(declared.link or HEADLINES)(card)
    if declared.card:
        anchors = anchors[:1]
    found = (_link(anchor, card if declared.card else anchor, url, declared) for anchor in anchors)
    return [link for link in found if link]


def _link(anchor: html.HtmlElement, around: html.HtmlElement, url: str, declared: Declared) -> Link | None:
    address = _address(url, anchor)
    if address is None or address.partition("#")[0] == url.partition("#")[0]:
        return None
    title = _text(around, declared.title) if declared.card else ""
    return Link(
        url=address,
        title=title or clean(" ".join(anchor.text_content().split())) or None,
        date=(_text(around, declared.date) if declared.card else "") or None,
    )


def _text(element: html.HtmlElement, selector: str | None) -> str:
    found = CSSSelector(selector)(element) if selector else []
    return clean(" ".join(found[0].text_content().split())) if found else ""


def _next(tree: html.HtmlElement, url: str, declared: Declared) -> str | None:
    found = CSSSelector(declared.next)(tree) if declared.next else []
    return _address(url, found[0]) if found else None


def _address(url: str, anchor: html.HtmlElement) -> str | None:
    """Give where a link leads; None where that is no page of the web."""
    try:
        address = urljoin(url, anchor.get("href", "").strip())
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:  # http://[ and the like
        return None
