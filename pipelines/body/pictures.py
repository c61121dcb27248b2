"""The pictures that belong to an article: their captions and alternative texts, and none of a teaser's."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from archive.khmer import fold
from pipelines.page.blocks import NAMES, is_body, is_furniture, line, one_line
from pipelines.page.document import Document
from pipelines.page.layout import Layout

CAPTION_LENGTH = 400
"""Characters; more under a picture is text."""
LINE_LENGTH = (20, 150)
"""Characters of a plain paragraph or cell that is alone with a picture; fewer is a label, more a short article with a picture."""
FEW = 4
"""Elements beside each other, of which a picture and its caption are two."""
NEAR = 3
"""Elements that may hold both: a cell, its row and the table."""

_HOLDS_PICTURE = etree.XPath("boolean(.//img)")
_STRING = etree.XPath("string()", smart_strings=False)
_SMALL = frozenset({"em", "i", "small"})
_BESIDE = frozenset({"p", "div", "td", "span", "font"})
_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])cap(?:tion)?(?:[_-]?text)?(?:$|\s)", re.IGNORECASE)
_PICTURES = ("img", "amp-img")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)$", re.IGNORECASE)
_FILE_NAME = re.compile(r"[^ ]+\.(?:jpe?g|png|gif|webp)|(?:img|dsc|image|photo|untitled)[-_ ]?\d*", re.IGNORECASE)


def captions(parts: Layout, document: Document) -> Iterator[str]:
    """Give captions and alternative texts of the article's own pictures, each once, in the page's order."""
    seen: set[str] = set()
    around = frozenset((parts.body, *parts.body.iterancestors()))
    for element in _up_to_end(parts):
        words = _words(element)
        if (
            words
            and fold(words) not in seen
            and not _is_teaser(element, document.page.url)
            and not _in_furniture(element, around)
        ):
            seen.add(fold(words))
            yield words


def under_headline(headline: html.HtmlElement | None, document: Document) -> list[str]:
    """Give the captions nearest to a headline: all that a page with one picture and no text says."""
    for holder in headline.iterancestors() if headline is not None else ():
        if found := list(captions(Layout(headline, holder, holder), document)):
            return found
    return []


def is_caption(element: html.HtmlElement) -> bool:
    """Tell whether an element is by tag, name or make a picture's caption; old systems put it below the picture, in italics or a cell."""
    name = element.get("class")
    if element.tag == "figcaption" or (name and _CAPTION_CLASS.search(name)):
        return len(line(element)) <= CAPTION_LENGTH
    if element.tag not in _SMALL and element.tag not in _BESIDE:
        return False
    for holder in islice(element.iterancestors(), NEAR):
        if len(holder) > FEW or is_body(f"{holder.get('class', '')} {holder.get('id', '')}"[:NAMES]):
            return False
        if _HOLDS_PICTURE(holder):
            words = _words_of(element)
            return _may_caption(element, words) and _words_of(holder) == words
    return False


def _words_of(element: html.HtmlElement) -> str:
    return "".join(str(_STRING(element)).split())


def _may_caption(element: html.HtmlElement, words: str) -> bool:
    """Tell whether words alone with a picture may be its caption: any small ones, others of some length that lead nowhere."""
    if element.tag in _SMALL:
        return len(words) <= CAPTION_LENGTH
    return LINE_LENGTH[0] <= len(words) <= LINE_LENGTH[1] and element.find(".//a") is None


def is_file_name(words: str) -> bool:
    """Tell whether an alternative text is only the name of a file."""
    return bool(_FILE_NAME.fullmatch(words))


def _up_to_end(parts: Layout) -> Iterator[html.HtmlElement]:
    """Give the elements from the headline's part to the end of the body: pictures above the text and in it, none below."""
    inside = set(parts.body.iter())
    begun = False
    for element in parts.scope.iter():
        if begun and element not in inside:
            return
        begun = begun or element is parts.body
        yield element


def _in_furniture(element: html.HtmlElement, around: frozenset[html.HtmlElement]) -> bool:
    """Tell whether an element lies in furniture; what holds the text itself is none, whatever its name."""
    for node in (element, *element.iterancestors()):
        if node in around:
            return False
        if is_furniture(node):
            return True
    return False


def _words(element: html.HtmlElement) -> str:
    if element.tag in _PICTURES:
        words = "" if _is_sign(element) else one_line(element.get("alt") or "")
        return "" if is_file_name(words) else words
    return line(element) if is_caption(element) else ""


def _is_sign(picture: html.HtmlElement) -> bool:
    """Tell whether a picture is a button or sign of the page's make: a GIF that no other file is loaded for, linked to no address."""
    link = next(picture.iterancestors("a"), None)
    loads = any(picture.get(name) for name in ("srcset", "data-src", "data-lazy-src", "data-original"))
    drawn = urlsplit(picture.get("src") or "").path.lower().endswith(".gif")
    return drawn and not loads and link is not None and not link.get("href")


def _is_teaser(element: html.HtmlElement, url: str) -> bool:
    """Tell whether a picture is a link to another page."""
    for link in element.iterancestors("a"):
        target = urlsplit(urljoin(url, link.get("href") or ""))
        return not _PICTURE.search(target.path) and target.path != urlsplit(url).path
    return False
