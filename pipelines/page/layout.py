"""Where on a page the article stands: its headline, its body, and the short lines around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree, html

from archive.khmer import fold
from archive.model import Article
from pipelines.page.blocks import INVISIBLE, in_furniture, is_furniture, line, one_line, select
from pipelines.page.document import Document

CHUNK_FROM = 20
"""Characters from which a piece of text tells where the body is; shorter ones stand anywhere."""
BODY_SHARE = 0.7
"""Of the text's characters that the body must hold; what remains stands in boxes beside it."""
BYLINE_LENGTH = 160
"""Characters; a longer line is a sentence of the text."""
PARAGRAPH_LENGTH = 90
"""Characters from which a line of the text is a paragraph and ends the head of the article."""
LINES = 40
"""Short lines looked at in the head of an article."""
_LONG_TEXTS = etree.XPath(f".//text()[string-length() >= {CHUNK_FROM}]")
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one page that belong to its article."""

    headline: html.HtmlElement | None
    body: html.HtmlElement
    scope: html.HtmlElement
    """The part of the page that holds headline and body."""


def layout(article: Article, document: Document) -> Layout:
    """Find the parts of an article whose title and text were extracted."""
    return _layout(article.title, article.text, document)


@lru_cache(maxsize=1)  # three stages ask for the same page, one after the other
def _layout(title: str, text: str, document: Document) -> Layout:
    headline = _headline(title, document.tree)
    body = body_of(text, document)
    return Layout(headline, body, _scope(headline, body))


def body_of(text: str, document: Document) -> html.HtmlElement:
    """Give the smallest element that holds nearly all of a text; the whole page where there is none."""
    selected = selected_bodies(document)
    if selected:
        return selected[0]
    flat = one_line(text)
    weights: dict[html.HtmlElement, int] = {}
    for element, chunk in _chunks(document.tree):
        if chunk in flat or one_line(chunk) in flat:
            for holder in (element, *element.iterancestors()):
                weights[holder] = weights.get(holder, 0) + len(chunk)
    enough = BODY_SHARE * max(weights.values(), default=0)
    holders = [holder for holder, weight in weights.items() if weight >= enough]
    return max(holders, key=_depth, default=document.tree)


def selected_bodies(document: Document) -> list[html.HtmlElement]:
    """Give the elements that the source's own selector names as the body, outermost only."""
    selector = document.page.source.reading.body
    found = select(document.tree, selector) if selector else []
    return [element for element in found if not any(parent in found for parent in element.iterancestors())]


@lru_cache(maxsize=1)  # a page is asked once for its body and once for its parts
def _chunks(tree: html.HtmlElement) -> tuple[tuple[html.HtmlElement, str], ...]:
    """Give every longer piece of text with the element it stands in, on one line, as sent."""
    return tuple(_long_texts(tree))


def _long_texts(tree: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    for text in _LONG_TEXTS(tree):
        owner = text.getparent()
        element = owner.getparent() if text.is_tail else owner
        if element is not None and element.tag not in INVISIBLE and len(chunk := " ".join(text.split())) >= CHUNK_FROM:
            yield element, chunk


def _depth(element: html.HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _headline(title: str, tree: html.HtmlElement) -> html.HtmlElement | None:
    """Give the element that shows the title: a heading before anything else, never a link to it."""
    wanted = fold(title)
    shows = (element for element in _shows(tree, wanted) if not _in_link(element) and not in_furniture(element))
    return next(shows, next(iter(tree.iter("h1")), None))


def _shows(tree: html.HtmlElement, wanted: str) -> Iterator[html.HtmlElement]:
    """Give what shows a folded title, higher headings first; the rest of the page is walked only when no heading will do."""
    for tag in _HEADINGS:
        yield from (heading for heading in tree.iter(tag) if wanted and fold(line(heading)) == wanted)
    for element, chunk in _chunks(tree):
        if element.tag not in ("title", *_HEADINGS) and len(chunk) < 2 * len(wanted) and fold(chunk) == wanted:
            yield element


def _in_link(element: html.HtmlElement) -> bool:
    return element.tag not in _HEADINGS and any(node.tag == "a" for node in (element, *element.iterancestors()))


def _scope(headline: html.HtmlElement | None, body: html.HtmlElement) -> html.HtmlElement:
    """Give the smallest element that holds headline and body."""
    above = {headline, *headline.iterancestors()} if headline is not None else set()
    for holder in (body, *body.iterancestors()):
        if holder in above or (not above and holder.tag in ("article", "main")):
            return holder
    return body


def head_lines(parts: Layout, text: str) -> list[tuple[html.HtmlElement, str]]:
    """Give the short lines between the headline and the first paragraph, each with its element, in the page's order."""
    found: list[tuple[html.HtmlElement, str]] = []
    flat = one_line(text)
    begun = parts.headline is None or parts.headline is parts.scope
    for element in _visible(parts.scope):
        begun = begun or element is parts.headline
        if not begun or element is parts.headline:
            continue
        words = one_line("".join((element.text or "", *(child.tail or "" for child in element))))
        if len(words) >= PARAGRAPH_LENGTH and words[:CHUNK_FROM] in flat:
            break
        whole = line(element) if words else ""
        if whole and len(whole) <= BYLINE_LENGTH:
            found.append((element, whole))
        if len(found) >= LINES:
            break
    return found


def _visible(scope: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give the elements of a part in order without those of furniture and of what is never shown."""
    stack = [scope]
    while stack:
        element = stack.pop()
        if element is not scope and (element.tag in INVISIBLE or is_furniture(element)):
            continue
        yield element
        stack.extend(reversed(element))
