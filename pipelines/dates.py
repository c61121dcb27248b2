"""When an article was published: every date the page and the listing offer, with its origin, and the one that is believed.

Structured data first, then the source's own selector, the line at the headline, the listing, the address. Never a date out of the
text (an event), of the footer, of a later change, of the future, or the day of the crawl.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lxml import html

from archive.khmer import fold
from archive.model import Article, DateCandidate, Origin, Page
from pipelines.blocks import in_furniture, line, one_line
from pipelines.datetext import find_date, read_date
from pipelines.document import Document
from pipelines.layout import Layout, head_lines, layout
from pipelines.structured import article_nodes, texts

EARLIEST = date(1990, 1, 1)
"""No page of the web is older; what says so is a default of some system."""
TOLERANCE = timedelta(days=1)
"""A page may be dated a day ahead of the crawl: zones, and clocks that run fast."""
RAW_LENGTH = 200
OFFERS = 100
"""Texts looked at for a date; a real page has fewer than twenty."""
BESIDE = 70
"""Letters a line may hold beside its date (a name, a section, a label); with more it is a sentence about an event."""

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished", "published_time", "publish_date",
    "publish-date", "publishdate", "published-date", "pubdate", "date.published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date", "rnews:datepublished", "datecreated",
)  # fmt: skip
_CHANGED = re.compile(rf"updat|modif|last[ -]?edit|{fold('កែប្រែ')}|{fold('ធ្វើបច្ចុប្បន្នភាព')}|{fold('កែសម្រួល')}")
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dates|datetime|posted|posted-on|published|pubdate|publish|time|timestamp|createdate|created|byline|meta)(?:$|[\s_-])",
    re.IGNORECASE,
)
_IN_PATH = re.compile(r"[/-]((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_SENTENCE_END = re.compile("[។៕?!]")


class _Told(NamedTuple):
    origin: Origin
    raw: str


def dates(article: Article, document: Document) -> Article:
    """Set every candidate for the date of publication and choose the first that can be."""
    zone = ZoneInfo(document.page.source.zone)
    now = document.page.fetched_at
    read = (
        _candidate(told, zone, _moment(told, document.page))
        for told in islice(_offers(article, document, zone), OFFERS)
    )
    candidates = list(dict.fromkeys(candidate for candidate in read if candidate))
    chosen = next((candidate for candidate in candidates if _possible(candidate, zone, now)), None)
    if chosen is None:
        return replace(article, published=None, dates=tuple(candidates))
    marked = replace(chosen, chosen=True)
    return replace(
        article, published=marked, dates=tuple(marked if candidate is chosen else candidate for candidate in candidates)
    )


def _moment(told: _Told, page: Page) -> datetime:
    """Give what a relative date counts from: the listing's was written when the listing was read."""
    if told.origin == "listing" and page.link is not None and page.link.found_at:
        return page.link.found_at
    return page.fetched_at


def _candidate(told: _Told, zone: tzinfo, now: datetime) -> DateCandidate | None:
    read = read_date(told.raw, zone, now)
    return (
        DateCandidate(origin=told.origin, raw=one_line(told.raw)[:RAW_LENGTH], day=read[0], at=read[1])
        if read
        else None
    )


def _possible(candidate: DateCandidate, zone: tzinfo, now: datetime) -> bool:
    return EARLIEST <= candidate.day <= (now + TOLERANCE).astimezone(zone).date()


def _offers(article: Article, document: Document, zone: tzinfo) -> Iterator[_Told]:
    """Give every text that may tell the date, the most trusted origin first."""
    page = document.page
    parts = layout(article, document)
    yield from (_Told("json-ld", text) for text in _structured(document))
    yield from (_Told("meta", content) for name in _META for told, content in document.metas if told == name)
    yield from (_Told("time", text) for text in _time_tags(parts))
    yield from (_Told("selector", text) for text in _selected(document))
    yield from (_Told("by-line", text) for text in _by_lines(article, parts, zone, page.fetched_at))
    if page.link is not None and page.link.date:
        yield _Told("listing", page.link.date)
    yield from (_Told("url", "-".join(found.groups())) for found in _IN_PATH.finditer(page.url))


def _structured(document: Document) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for node in article_nodes(document.json_ld) or document.json_ld:
            yield from texts(node.get(key))


def _time_tags(parts: Layout) -> Iterator[str]:
    """Give what the time tags of the article say: those marked as publication, then those between headline and text."""
    tags = [
        tag
        for tag in parts.scope.iter("time", "abbr", "meta", "span")
        if _tells_time(tag) and not in_furniture(tag, parts.scope)
    ]
    marked = [tag for tag in tags if _is_publication(tag)]
    others = [tag for tag in tags if tag.tag == "time" and parts.body not in tag.iterancestors()]
    for tag in (*marked, *others):
        if not _is_change(tag) and not _in_teaser(tag, parts):
            yield tag.get("datetime") or tag.get("content") or tag.get("title") or line(tag)


def _tells_time(tag: html.HtmlElement) -> bool:
    return tag.tag == "time" or _is_publication(tag)


def _is_publication(tag: html.HtmlElement) -> bool:
    names = f"{tag.get('itemprop', '')} {tag.get('class', '')}".lower().split()
    return (
        tag.get("pubdate") is not None
        or "datepublished" in names
        or ("published" in names and tag.tag in ("time", "abbr"))
    )


def _is_change(tag: html.HtmlElement) -> bool:
    words = f"{tag.get('itemprop', '')} {tag.get('class', '')}".lower()
    return (
        ("updated" in words.split() and "published" not in words.split())
        or bool(_CHANGED.search(words.replace("updated", "")))
        or _says_changed(tag)
    )


def _says_changed(tag: html.HtmlElement) -> bool:
    before = tag.getprevious()
    said = (before.tail if before is not None else getattr(tag.getparent(), "text", "")) or ""
    return bool(_CHANGED.search(fold(f"{said[-40:]} {line(tag)[:40]}")))


def _in_teaser(tag: html.HtmlElement, parts: Layout) -> bool:
    """Tell whether a tag belongs to another article shown inside this one's part of the page."""
    for parent in tag.iterancestors():
        if parent is parts.scope:
            return False
        if parent.tag in ("a", "article", "li") and not _holds_article(parent, parts):
            return parent.tag != "li" or (parent.find(".//a") is not None and len(line(parent)) > BESIDE)
    return False


def _holds_article(element: html.HtmlElement, parts: Layout) -> bool:
    return any(node is parts.body or node is parts.headline for node in element.iter())


def _selected(document: Document) -> Iterator[str]:
    selector = document.page.source.reading.date
    for found in document.tree.cssselect(selector)[:3] if selector else ():
        yield found.get("datetime") or found.get("content") or line(found)


def _by_lines(article: Article, parts: Layout, zone: tzinfo, now: datetime) -> Iterator[str]:
    """Give the lines at the headline that tell a date and little else."""
    for _, words in head_lines(parts, article.text):
        if _is_by_line(words, zone, now):
            yield words
    for words in _named(parts):
        if _is_by_line(words, zone, now):
            yield words


def _named(parts: Layout) -> Iterator[str]:
    """Give the short lines of elements whose name says that a date stands there, outside the text."""
    for element in parts.scope.iter():
        if element.tag not in ("body", "html") and _DATE_CLASS.search(
            f"{element.get('class', '')} {element.get('id', '')}"
        ):
            inside = (
                parts.body in element.iterancestors()
                or in_furniture(element, parts.scope)
                or _in_teaser(element, parts)
            )
            words = "" if inside else line(element)
            if 0 < len(words) <= 2 * RAW_LENGTH:
                yield words[:RAW_LENGTH]


def _is_by_line(words: str, zone: tzinfo, now: datetime) -> bool:
    found = find_date(words, zone, now)
    if found is None or _SENTENCE_END.search(words):
        return False
    before = _CHANGED.search(found.rest)
    return len(found.rest.strip()) <= BESIDE and not before
