"""Text of a part of a page as a reader sees it: one line per block, inline tags without a trace; and which parts are furniture."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree, html

from archive.khmer import clean

INVISIBLE = tuple("script style noscript template svg iframe object select button input textarea".split())  # noqa: SIM905

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
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "cell",
        "head",
        "item",
        "lb",
        "list",
        "quote",
        "row",
    ]  # what trafilatura calls them
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")

_FURNITURE = re.compile(  # names that themes give to what surrounds an article
    r"(?:^|[\s_-])(?:related|recommend\w*|popular|trending|most[_-]?(?:read|viewed|popular)|ticker|breaking|sidebar|widget|comments?|respond|"
    r"share|sharing|sharedaddy|social|newsletter|subscribe|subscription|promo|advert\w*|ads|cookie\w*|consent|nav|navbar|navigation|menu|breadcrumbs?|"
    r"teasers?|outbrain|taboola|read[_-]?(?:more|next|also)|more[_-](?:news|stories)|next[_-]?post|prev(?:ious)?[_-]?post|author[_-]?(?:box|bio)|"
    r"latest|footer|tagcloud|tag-cloud|colophon|jp-relatedposts|yarpp\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"aside", "nav", "footer"})


def lines(element: etree._Element) -> list[str]:
    """Give the clean, non-empty lines of an element's text; a break or a block begins a new one."""
    joined = "".join(_pieces(element))
    found = (_BLANKS.sub(" ", clean(piece)).strip() for piece in joined.split("\n"))
    return [line for line in found if line]


def line(element: html.HtmlElement) -> str:
    """Give an element's text as one clean line."""
    return " ".join(lines(element))


def opening(element: html.HtmlElement, length: int) -> str:
    """Give the visible text of an element up to about this length, quickly."""
    found, size = [], 0
    for piece in _pieces(element):
        found.append(piece)
        size += len(piece.strip())
        if size >= length:
            break
    return _BLANKS.sub(" ", " ".join("".join(found).split()))


def one_line(text: str) -> str:
    """Give a text clean and on one line."""
    return _BLANKS.sub(" ", clean(text)).strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    skipped: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if skipped is None and event == "start":
            yield "\n" if node.tag in _BREAKING else ""
            if node.tag in INVISIBLE and node is not element:
                skipped = node
            else:
                yield _BLANKS.sub(" ", node.text or "")
        elif event == "end" and skipped in (None, node):
            skipped = None
            yield "\n" if node.tag in _BREAKING else ""
            yield _BLANKS.sub(" ", node.tail or "") if node is not element else ""


def is_furniture(element: html.HtmlElement) -> bool:
    """Tell whether an element is by its tag or name a menu, related box, ticker, comment area or the like."""
    if element.tag in _FURNITURE_TAGS:
        return True
    if element.tag in ("html", "body", "article", "main"):  # themes put the names of everything into these
        return False
    return bool(_FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}"))


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
