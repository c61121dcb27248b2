"""The words of an article: title, text, description, captions, tags and section, each clean and nothing of what surrounds them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from lxml import html

from archive.errors import Dropped, NotAnArticle, Quarantined, Shell, Unreadable
from archive.khmer import fold
from archive.model import Article, Flag, Place
from pipelines.body import about
from pipelines.body.pager import following
from pipelines.body.paragraphs import Body, body
from pipelines.body.pictures import captions, under_headline
from pipelines.page.blocks import line, size
from pipelines.page.document import Document
from pipelines.page.layout import Layout, layout
from pipelines.title import headline

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""
MAX_TEXT = 400_000
"""Characters of one article's text; the longest of 282 real ones has 53,000. Above this search and the team's pages grow slow."""
SHORT = 500
"""Characters below which a text is marked as short."""
LINK_SHARE = 0.6
"""Share of link text from which a body is a list; the highest of 282 real articles was .47, the next .31."""
MANY_LINKS = 0.35
"""Share from which it is an article with many links."""
BIG_PAGE = 5_000
"""Characters that a reader sees on a page, from which it is big."""
LITTLE_TEXT = 0.08
"""Of those characters: a text with fewer is little; two of the 283 real articles have."""
SENTENCE = 40
"""Characters of a caption or summary from which it stands for the text of a page that is a picture or video."""
SEEN = 200
"""Characters on a page without text: with fewer, scripts were to fill it."""


class _Pages(NamedTuple):
    """What the following pages of an article add to its first."""

    paragraphs: list[str]
    captions: list[str]
    next_page: str
    whole: bool


def extract(article: Article, document: Document) -> Article:
    """Set title, text and all that `archive.model` says this stage sets.

    Raises Unreadable or Shell where no text is found, Quarantined where it is too long, NotAnArticle where it is a list of links.
    """
    title, title_place = headline(document)
    found = _body(title, document)
    parts = layout(replace(article, title=title, text="\n".join(found.paragraphs)), document)
    share = _link_share(parts.body)
    if share > LINK_SHARE:
        raise NotAnArticle("a list of links")
    pages = _following_pages(title, found, document)
    read = replace(
        article,
        title=title,
        text=_joined([*found.paragraphs, *pages.paragraphs]),
        captions=_captions(parts, pages, document),
        next_page=pages.next_page,
        link_share=round(share, 3),
    )
    told: Mapping[str, Place] = {"title": title_place, "text": found.place, "captions": "page"}
    read = _with_particulars(read, parts, document, told)
    return replace(read, flags=_flags(read, pages, document))


def _body(title: str, document: Document) -> Body:
    """Give the paragraphs, or what a page says that is a picture or video under a headline."""
    found = body(title, document)
    if not found.paragraphs and title:
        found = _shown(title, document)
    if not found.paragraphs:
        raise _nothing(document)
    return found


def _shown(title: str, document: Document) -> Body:
    parts = layout(Article(url="", source="", title=title), document)
    under, summary = under_headline(parts.headline, document), about.description(document)
    if sum(map(len, under)) >= SENTENCE:
        return Body(under, "page")
    if about.shows_video(document) and len(summary.text) >= SENTENCE:
        return Body([summary.text], summary.place)
    return Body([], "page")


def _nothing(document: Document) -> Dropped:
    """Tell why a page has no text."""
    if size(document.tree) < SEEN and document.tree.find(".//script") is not None:
        return Shell("only scripts fill the page, and its data hold no text")
    return Unreadable("no text could be read from the page")


def _joined(paragraphs: list[str]) -> str:
    text = "\n".join(paragraphs)
    if len(text) > MAX_TEXT:
        raise Quarantined(f"a text of {len(text):,} characters, more than {MAX_TEXT:,}")
    return text


def _link_share(part: html.HtmlElement) -> float:
    whole = len(line(part))
    linked = sum(len(line(link)) for link in part.iter("a"))
    return min(1.0, linked / whole) if whole else 0.0


def _captions(parts: Layout, pages: _Pages, document: Document) -> tuple[str, ...]:
    """Give the captions of all pages, each once."""
    named: dict[str, str] = {}
    for words in (*captions(parts, document), *about.shown(document), *pages.captions):
        named.setdefault(fold(words), words)
    return tuple(named.values())


def _with_particulars(article: Article, parts: Layout, document: Document, told: Mapping[str, Place]) -> Article:
    """Give an article with what the page tells about it, and where each value was told."""
    description, section = about.description(document), about.section(document, parts)
    (tags, tags_place), image = (
        about.tags(document, parts, f"{article.title}\n{article.text}"),
        about.image(document, parts),
    )
    places = {
        **told,
        "description": description.place,
        "section": section.place,
        "tags": tags_place,
        "image": image.place,
    }
    article = replace(article, description=description.text, section=section.text, tags=tags, image=image.text)
    origins = {name: place for name, place in places.items() if getattr(article, name)}
    return replace(article, origins={**article.origins, **origins})


def _flags(article: Article, pages: _Pages, document: Document) -> tuple[Flag, ...]:
    seen = size(document.tree)
    held: tuple[tuple[Flag, bool], ...] = (
        ("short", len(article.text) < SHORT),
        ("many links", article.link_share >= MANY_LINKS),
        ("big page, little text", seen >= BIG_PAGE and len(article.text) < LITTLE_TEXT * seen),
        ("paywalled", about.is_for_payers(document)),
        ("one page of several", bool(article.next_page) or not pages.whole),
        ("noarchive", "noarchive" in document.robots),
    )
    return tuple(flag for flag, holds in held if holds)


def _following_pages(title: str, first: Body, document: Document) -> _Pages:
    """Read the following pages as far as they can be read, without what they repeat."""
    address = document.page.url
    seen = {fold(paragraph) for paragraph in first.paragraphs}
    paragraphs: list[str] = []
    shown: list[str] = []
    last = document
    for page in document.page.further:
        try:
            last = Document.parse(page)
            found = body(title, last).paragraphs
        except Dropped:
            found = []
        if not found:
            return _Pages(paragraphs, shown, "", whole=False)
        new = [paragraph for paragraph in found if fold(paragraph) not in seen]
        paragraphs += new
        seen.update(map(fold, new))
        shown += captions(layout(Article(url=page.url, source="", title=title, text="\n".join(found)), last), last)
    return _Pages(paragraphs, shown, following(last, address, 1 + len(document.page.further)), whole=True)
