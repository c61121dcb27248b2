"""Every text of a page, its listing, its address and its lead picture that may tell when the article was published or changed.

Only what stands at the article tells its dates: never a date out of its text (an event), of the footer, of a teaser, or of a clock
that shows today's day in the page's head.
"""

import re
from collections.abc import Iterator
from datetime import tzinfo
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html

from archive.khmer import ENDS, clean
from archive.languages import WORDING
from archive.model import Article, Origin
from archive.wording import any_of
from pipelines.days.datetext import find_date
from pipelines.days.stamps import in_address, in_picture
from pipelines.page.blocks import is_furniture, line, lines, opening, size
from pipelines.page.document import Document
from pipelines.page.layout import Layout, head_lines, layout
from pipelines.page.structured import article_nodes, texts

RAW_LENGTH = 200
BESIDE = 70
"""Letters a line may hold beside its date (a name, a section, a label); with more it is a sentence about an event."""
LINKED = 12
"""Letters beside a date in a link to the article or its day; with more the link is a teaser."""
LEVELS = 5
"""Elements around the text, and before each of them, looked at where no headline was found."""
MARKED = 200
"""Elements whose tag or name says that they hold a date that are looked at; a live page of real outlets has up to a hundred."""
HEAD_LENGTH = 600
"""Letters of such an element, at most; with more it is another part of the page."""
LABEL_LENGTH = 40
"""Letters before a date in which «updated» speaks of it."""

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished", "published_time", "publish_date",
    "publish-date", "publishdate", "published-date", "pubdate", "date.published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date", "rnews:datepublished", "datecreated",
)  # fmt: skip
_CHANGED_META = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:updated_time", "article:modified", "datemodified", "modified_time",
    "updated_time", "last-modified", "lastmod", "date.updated", "dc.date.modified", "dcterms.modified", "dc.modified", "rnews:datemodified", "revised",
)  # fmt: skip
_CHANGE = re.compile(
    rf"updat|modif|last[ -]?edit|edited\s+(?:on|at)|{any_of(WORDING.changed)}|{any_of(WORDING.edited)}(?!\s*{any_of(WORDING.by)})",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"(?={_CHANGE.pattern}|published|posted|{any_of(WORDING.published)})", re.IGNORECASE)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dates|datetime|posted|posted-on|published|pubdate|publish|time|timestamp|created|byline|meta|"
    r"(?:article|post|news|story|entry|create|publish|release)(?:date|time))(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_CLOCK_CLASS = re.compile(
    r"(?:^|[\s_-])(?:clock|today|current|now|weather|live-?(?:date|time))(?:$|[\s_-])|date-?today|current-?(?:date|time|day)",
    re.IGNORECASE,
)
_OWN_FOOTER = re.compile(r"(?:^|\s)(?:post|entry|article|story)[_-]{1,2}footer", re.IGNORECASE)
_TODAY = re.compile(rf"(?<![a-z])today(?![a-z])|{any_of(WORDING.today)}", re.IGNORECASE)
_SENTENCE_END = re.compile(f"[{ENDS}?!]")


class Told(NamedTuple):
    """A text that may tell a date."""

    origin: Origin
    raw: str
    changed: bool = False


def offers(article: Article, document: Document, zone: tzinfo) -> Iterator[Told]:
    """Give every text that may tell a date, the most trusted origin first."""
    parts = layout(article, document)
    yield from _structured(document)
    yield from _state(document)
    yield from _metas(document)
    yield from _time_tags(parts, document, zone)
    yield from _selected(document)
    yield from _by_lines(article, parts, document, zone)
    if document.page.link is not None and document.page.link.date:
        yield Told("listing", document.page.link.date)
    yield from (Told("url", day) for day in in_address(document.page.url))
    yield from (Told("picture", day) for day in in_picture(urlsplit(article.image).path))


# ---- told to machines -------------------------------------------------------------------------------------------------------------


def _structured(document: Document) -> Iterator[Told]:
    nodes = article_nodes(document.json_ld) or document.json_ld
    for key in ("datePublished", "dateCreated", "uploadDate", "dateModified"):
        for node in nodes:
            yield from (Told("json-ld", text, key == "dateModified") for text in texts(node.get(key)))


def _state(document: Document) -> Iterator[Told]:
    if document.state.published:
        yield Told("state", document.state.published)
    if document.state.modified:
        yield Told("state", document.state.modified, changed=True)


def _metas(document: Document) -> Iterator[Told]:
    for names, changed in ((_PUBLISHED_META, False), (_CHANGED_META, True)):
        for name in names:
            yield from (Told("meta", content, changed) for told, content in document.metas if told == name)


# ---- marked as dates --------------------------------------------------------------------------------------------------------------


def _time_tags(parts: Layout, document: Document, zone: tzinfo) -> Iterator[Told]:
    """Give what the time tags of the article say: those marked by their names, then those between headline and text."""
    found = (tag for tag in parts.scope.iter("time", "abbr", "meta", "span") if tag.tag == "time" or _is_marked(tag))
    tags = list(islice(found, MARKED))
    own = [tag for tag in tags if not _in_furniture(tag, parts) and not _in_teaser(tag, parts) and not _is_clock(tag)]
    marked = [tag for tag in own if _is_marked(tag)]
    others = [tag for tag in own if tag.tag == "time" and parts.body not in tag.iterancestors()]
    for tag in dict.fromkeys((*marked, *others)):
        yield Told("time", _value(tag, document, zone), _is_change(tag, line(tag)))


def _value(tag: html.HtmlElement, document: Document, zone: tzinfo) -> str:
    """Give the first that tells a date: what a tag says to machines, its title or its words."""
    told = [text for text in (tag.get("datetime"), tag.get("content"), tag.get("title"), line(tag)) if text]
    readable = (text for text in told if find_date(text, zone, document.page.fetched_at))
    return next(readable, "")


def _is_marked(tag: html.HtmlElement) -> bool:
    names = _names(tag)
    timed = tag.tag in ("time", "abbr")
    return tag.get("pubdate") is not None or not names.isdisjoint(
        {"datepublished", "datemodified", *(("published", "updated") if timed else ())}
    )


def _names(tag: html.HtmlElement) -> frozenset[str]:
    return frozenset(f"{tag.get('itemprop', '')} {tag.get('class', '')}".lower().split())


def _is_change(tag: html.HtmlElement, words: str) -> bool:
    """Tell whether a tag's names, or what is said before it and in its words, tell a change."""
    names = _names(tag)
    if not names.isdisjoint({"published", "datepublished", "entry-date", "post-date"}):
        return "datemodified" in names
    said = f"{_said_before(tag)[-LABEL_LENGTH:]} {words[:LABEL_LENGTH]}"
    return bool(_CHANGE.search(" ".join(names)) or _CHANGE.search(_LABEL.split(clean(said))[-1]))


def _said_before(tag: html.HtmlElement) -> str:
    """Give the words directly before a tag: of its parent, or of the label beside it."""
    parent = tag.getparent()
    for node in (tag,) if parent is None else (tag, parent):
        before = node.getprevious()
        if before is not None:
            label = "" if before.tag in ("time", "br", "h1", "h2") else line(before)[-LABEL_LENGTH:]
            return (before.tail or "") if (before.tail or "").strip() else label
        holder = node.getparent()
        if holder is None or (holder.text or "").strip():
            return (holder.text or "") if holder is not None else ""
    return ""


def _in_furniture(element: html.HtmlElement, parts: Layout) -> bool:
    """Tell whether an element lies in furniture; what holds the text itself is none, nor is the footer of the article."""
    around = takewhile(lambda node: node not in _holders(parts), (element, *element.iterancestors()))
    return any(is_furniture(node) and not _OWN_FOOTER.search(_named_as(node)) for node in around)


@lru_cache(maxsize=1)
def _holders(parts: Layout) -> frozenset[html.HtmlElement]:
    return frozenset((parts.body, *parts.body.iterancestors()))


def _in_teaser(tag: html.HtmlElement, parts: Layout) -> bool:
    """Tell whether a tag belongs to another article shown inside this one's part of the page."""
    for parent in takewhile(lambda node: node is not parts.scope, tag.iterancestors()):
        if parent.tag == "a" and _is_longer(parent, sum(len(line(one)) for one in _dated(parent, tag)) + LINKED):
            return not _holds_article(parent, parts)
        if parent.tag in ("article", "li") and not _holds_article(parent, parts):
            return parent.tag != "li" or (parent.find(".//a") is not None and _is_longer(parent, BESIDE))
    return False


def _dated(link: html.HtmlElement, tag: html.HtmlElement) -> tuple[html.HtmlElement, ...]:
    """Give what tells dates in a link: WordPress puts the day of publication and that of the last change into one."""
    return tuple(link.iter("time", "abbr")) or (tag,)


def _is_longer(element: html.HtmlElement, length: int) -> bool:
    return len(opening(element, 2 * length)) > length


def _holds_article(element: html.HtmlElement, parts: Layout) -> bool:
    headline = parts.headline
    return element in _holders(parts) or (headline is not None and element in (headline, *headline.iterancestors()))


def _is_clock(element: html.HtmlElement) -> bool:
    """Tell whether the names of an element say that it shows today's day."""
    return bool(_CLOCK_CLASS.search(_named_as(element)))


def _named_as(element: html.HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _selected(document: Document) -> Iterator[Told]:
    selector = document.page.source.reading.date
    for found in document.tree.cssselect(selector)[:3] if selector else ():
        value = found.get("datetime") or found.get("content")
        yield from [Told("selector", value)] if value else _labelled("selector", line(found), changed=False)


# ---- printed for readers ----------------------------------------------------------------------------------------------------------


def _by_lines(article: Article, parts: Layout, document: Document, zone: tzinfo) -> Iterator[Told]:
    """Give the lines at the headline that tell a date and little else."""
    now = document.page.fetched_at
    today = now.astimezone(zone).date()
    head = ((element, words, False) for element, words in head_lines(parts, article.text))
    for element, words, above in (*head, *_before_body(parts), *islice(_named(parts), MARKED)):
        if _SENTENCE_END.search(words) or _is_clock(element) or _in_caption(element):
            continue
        for told in _labelled("by-line", words, changed=_is_change(element, "")):
            found = find_date(told.raw, zone, now)
            stands_alone = found is not None and len(found.rest.strip()) <= BESIDE
            ticks = found is not None and not found.counted and (_TODAY.search(words) or (above and found.day == today))
            if stands_alone and not ticks:
                yield told


def _in_caption(element: html.HtmlElement) -> bool:
    return any(node.tag in ("figure", "figcaption") for node in (element, *element.iterancestors()))


def _labelled(origin: Origin, words: str, *, changed: bool) -> Iterator[Told]:
    """Give the parts of a line that each begin with a label such as «Updated», as one line may tell both dates."""
    parts = [part for part in _LABEL.split(words) if part.strip()]
    for part in parts:
        own = bool(_LABEL.match(part))
        yield Told(origin, part[:RAW_LENGTH].strip(), bool(_CHANGE.match(part)) if own else changed)


def _before_body(parts: Layout) -> Iterator[tuple[html.HtmlElement, str, bool]]:
    """Give the short lines directly before the text of a page whose headline was not found."""
    if parts.headline is not None:
        return
    for node in islice((parts.body, *parts.body.iterancestors()), LEVELS):
        for before in islice(node.itersiblings(preceding=True), LEVELS):
            if not is_furniture(before) and size(before) <= HEAD_LENGTH:
                yield from ((before, words, True) for words in lines(before) if len(words) <= RAW_LENGTH)


def _named(parts: Layout) -> Iterator[tuple[html.HtmlElement, str, bool]]:
    """Give the short lines of elements whose name says that a date stands there, and whether above the headline."""
    above = parts.headline is not None and parts.scope.tag not in ("article", "main")
    for element in parts.scope.iter():
        above = above and element is not parts.headline
        names = _named_as(element)
        if element.tag in ("body", "html") or len(names) < 2 or not _DATE_CLASS.search(_CAMEL.sub("-", names)):
            continue
        if _is_outside(element, parts):
            words = line(element)
            if 0 < len(words) <= 2 * RAW_LENGTH:
                yield element, words[:RAW_LENGTH], above


def _is_outside(element: html.HtmlElement, parts: Layout) -> bool:
    """Tell whether an element belongs to the article but not to its text."""
    return not (parts.body in element.iterancestors() or _in_furniture(element, parts) or _in_teaser(element, parts))
