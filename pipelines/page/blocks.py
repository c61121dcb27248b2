"""Text of a part of a page as a reader sees it: one line per block, inline tags without a trace; and which parts are furniture."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from cssselect import HTMLTranslator
from lxml import etree, html

from archive.khmer import clean

NAMES = 500
"""Characters of an element's names that are looked at; the longest of real pages that name something have 300."""
INVISIBLE = tuple("script style noscript template svg iframe object select button input textarea".split())  # noqa: SIM905

_TEXTS = etree.XPath(
    ".//text()[not(parent::script or parent::style or parent::noscript or parent::template)]", smart_strings=False
)
_BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "head",
        "item",
        "lb",
        "list",
        "quote",
        "row",
    ]  # what trafilatura calls them
)
_BREAK = "\x1e"  # no page holds it once it is parsed
_PARTING = dict.fromkeys(_BREAKING, _BREAK) | dict.fromkeys(("td", "th", "cell"), " ")

_FURNITURE = re.compile(  # names that themes give to what surrounds an article
    r"(?:^|[\s_-])(?:related|recommend\w*|popular|trending|most[_-]?(?:read|viewed|popular)|ticker|breaking|sidebar|(?<!elementor-)widget|comments?|respond|"
    r"share|sharing|sharedaddy|social|newsletter|subscribe|subscription|promo|advert\w*|ads?|cookie\w*|consent|nav|navbar|navigation|menu|breadcrumbs?|"
    r"teasers?|outbrain|taboola|read[_-]?(?:more|next|also)|more[_-](?:news|stories)|next[_-]?post|prev(?:ious)?[_-]?post|author[_-]?(?:box|bio)|"
    r"latest|footer|tagcloud|tag-cloud|colophon|jp-relatedposts|yarpp\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"aside", "nav", "footer"})
_BODY = re.compile(
    r"(?:^|[\s_-])(?:entry|post|article|story|single|main|page)[_-]?(?:content|body|text|fulltext)(?:$|[\s_-])",
    re.IGNORECASE,
)


def lines(element: etree._Element) -> list[str]:
    """Give the clean, non-empty lines of an element's text; a break or a block begins a new one, a table's row is one."""
    found = map(one_line, "".join(_pieces(element)).split(_BREAK))
    return [line for line in found if line]


def line(element: html.HtmlElement) -> str:
    """Give an element's text as one clean line."""
    if not len(element):
        return one_line(element.text or "")
    return " ".join(lines(element))


def size(element: etree._Element) -> int:
    """Give about how many characters of text an element has, blanks at the ends of its pieces and scripts left out; quickly."""
    return sum(len(text.strip()) for text in _TEXTS(element))


def opening(element: html.HtmlElement, length: int) -> str:
    """Give the visible text of an element up to about this length, quickly."""
    found, size = [], 0
    for piece in _pieces(element):
        found.append(piece)
        size += len(piece.strip())
        if size >= length:
            break
    return " ".join("".join(found).replace(_BREAK, " ").split())


def one_line(text: str) -> str:
    """Give a text clean and on one line."""
    for blank in "\n\t\r":  # without them nearly all Latin texts are clean as they are
        text = text.replace(blank, " ")
    return " ".join(clean(text).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    """Give the text of an element in order, with signs where a line or a cell begins and ends."""
    yield element.text or ""
    path = [(element, iter(element))]
    while path:
        node, children = path[-1]
        child = next(children, None)
        if child is None:
            path.pop()
            yield _PARTING.get(str(node.tag), "") if path else ""
            yield node.tail or "" if path else ""
        elif child.tag in INVISIBLE:
            yield child.tail or ""
        else:
            yield _PARTING.get(str(child.tag), "")
            yield child.text or ""
            path.append((child, iter(child)))


def is_furniture(element: html.HtmlElement) -> bool:
    """Tell whether an element is by its tag or name a menu, related box, ticker, comment area or the like."""
    if element.tag in _FURNITURE_TAGS:
        return True
    if element.tag in ("html", "body", "article", "main"):  # themes put the names of everything into these
        return False
    name, number = element.get("class"), element.get("id")
    return bool(name or number) and _names_furniture(f"{name or ''} {number or ''}"[:NAMES])


@lru_cache(maxsize=8_192)  # a page's elements bear the same few hundred names, and each is asked for many times
def _names_furniture(names: str) -> bool:
    return bool(_FURNITURE.search(names)) and not is_body(names)


@lru_cache(maxsize=8_192)
def is_body(names: str) -> bool:
    """Tell whether an element's classes and id, joined by a space, name the article's body, whatever else they name."""
    return bool(_BODY.search(names))


def in_furniture(element: html.HtmlElement, within: html.HtmlElement | None = None) -> bool:
    """Tell whether an element is furniture or lies in some, looking up to `within`."""
    node: html.HtmlElement | None = element
    while node is not None and node is not within:
        if is_furniture(node):
            return True
        node = node.getparent()
    return False


def remove(elements: Iterable[html.HtmlElement]) -> None:
    """Take elements out of their tree, keeping the text that follows them."""
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def select(tree: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """Give what a CSS selector names below an element, never that element itself."""
    return [found for found in _path(selector)(tree) if found is not tree]


@cache  # a few dozen selectors: those of the sources and of common themes
def _path(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))
