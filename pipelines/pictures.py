"""The pictures that belong to an article: their captions and alternative texts, and none of a teaser's."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import html

from archive.khmer import fold
from pipelines.blocks import in_furniture, line, one_line
from pipelines.layout import Layout

CAPTION_LENGTH = 400
"""Characters; more under a picture is text."""

_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])caption(?:[_-]?text)?(?:$|\s)", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)$", re.IGNORECASE)
_FILE_NAME = re.compile(r"[^ ]+\.(?:jpe?g|png|gif|webp)|(?:img|dsc|image|photo|untitled)[-_ ]?\d*", re.IGNORECASE)


def captions(parts: Layout, url: str) -> Iterator[str]:
    """Give captions and alternative texts of the article's own pictures, each once, in the page's order."""
    seen: set[str] = set()
    for element in _up_to_end(parts):
        words = _words(element)
        if (
            words
            and fold(words) not in seen
            and not _is_teaser(element, url)
            and not in_furniture(element, parts.scope)
        ):
            seen.add(fold(words))
            yield words


def is_caption(element: html.HtmlElement) -> bool:
    """Tell whether an element is by tag, name or make a picture's caption; old systems put it in italics below the picture."""
    if element.tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or ""):
        return len(line(element)) <= CAPTION_LENGTH
    if element.tag not in ("em", "i", "small"):
        return False
    holder = element.getparent()
    return holder is not None and holder.find(".//img") is not None and line(holder) == line(element)


def _up_to_end(parts: Layout) -> Iterator[html.HtmlElement]:
    """Give the elements from the headline's part to the end of the body: pictures above the text and in it, none below."""
    inside = set(parts.body.iter())
    begun = False
    for element in parts.scope.iter():
        if begun and element not in inside:
            return
        begun = begun or element is parts.body
        yield element


def _words(element: html.HtmlElement) -> str:
    if element.tag == "img":
        words = one_line(element.get("alt") or "")
        return "" if _FILE_NAME.fullmatch(words) else words
    return line(element) if is_caption(element) else ""


def _is_teaser(element: html.HtmlElement, url: str) -> bool:
    """Tell whether a picture is a link to another page."""
    for link in element.iterancestors("a"):
        target = urlsplit(urljoin(url, link.get("href") or ""))
        return not _PICTURE.search(target.path) and target.path != urlsplit(url).path
    return False
