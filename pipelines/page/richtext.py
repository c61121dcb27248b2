"""Paragraphs of an article's body as data hold it: HTML, plain text, or the blocks of an editor, whichever editor it was.

ProseMirror, Slate, Draft, EditorJS, Lexical, Portable Text, StreamField and others differ in the names of three things: the kind of a
block, its text, and what is inside it. So all are read by one walk that knows those names.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree, html

from pipelines.page.blocks import lines

MAX_NODES = 20_000
"""Objects, lists and texts of one body; the longest real bodies have some thousands."""
_CHARACTERS = 100
"""Of a text that count as much as one part."""
MAX_DEPTH = 24
"""Of objects in objects; editors nest a list's words about ten deep."""
MAX_MARKUP = 1_000_000
"""Characters of HTML in one text."""
MAX_TAGS = 5_000
"""Tags of one text; written as `\\u003c` they passed the gate of the page."""

_KINDS = ("type", "_type", "nodeType", "kind", "blockType", "__typename", "name")
_INSIDE = (  # noqa: SIM905
    "text value content children blocks data attributes model items paragraphs elements innerBlocks fields rendered processed basic "
    "default html body root document json originalContent innerHTML content_elements"
).split()
"""Names of what a block holds, the likelier first; of several that hold text the first counts, since the others repeat it."""
_INLINE = frozenset(
    "text span link hyperlink entry-hyperlink inlinelink a b i u strong em bold italic underline mark emphasis mention autolink".split()  # noqa: SIM905
)
_BREAKS = frozenset("br hardbreak linebreak break".split())  # noqa: SIM905
_NEVER = re.compile(
    r"image|picture|photo|video|audio|gallery|embed|iframe|script|\bads?\b|advert|related|recommend|newsletter|promo|caption|teaser|"
    r"slideshow|social|tweet|map\b|chart|poll|quiz|podcast|button|divider|separator|interstitial|comments?$|signup|subscri",
    re.IGNORECASE,
)
"""Kinds of blocks that are no words of the article."""
_MARKUP = re.compile(r"<(?:/?[A-Za-z]|!--)")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000}")
_NOT_TEXT = ("script", "style", "figure", "figcaption", "iframe", "aside", "form", "button")


def paragraphs(body: Any) -> list[str]:
    """Give the clean paragraphs of a body; none where nothing is known for text, or it is more than any article."""
    if isinstance(body, str):
        return _of_text(body)
    walk = _Walk()
    joined = "".join(walk.of(body, inside=False, depth=0))
    return _lines(joined) if walk.left > 0 else []


def _of_text(text: str) -> list[str]:
    """Give the paragraphs of plain text or HTML, which may be escaped once."""
    if "<" not in text and "&lt;" in text:
        text = unescape(text)
    if _MARKUP.search(text):
        return _of_markup(text)
    return _lines(unescape(text))


def _lines(text: str) -> list[str]:
    return [piece for line in text.split("\n") if (piece := " ".join(line.split()))]


def _of_run(text: str) -> str:
    """Give a part of a line, with the blanks around it."""
    if not _MARKUP.search(text):
        return unescape(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return before + " ".join(_of_markup(text)) + after


def _of_markup(text: str) -> list[str]:
    if len(text) > MAX_MARKUP or text.count("<") > MAX_TAGS or _LONG_TAG.search(text):
        return []
    try:
        tree = html.fragment_fromstring(_FORBIDDEN.sub("", text), create_parent="div")
    except etree.ParserError:
        return []
    etree.strip_elements(tree, *_NOT_TEXT, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    etree.strip_tags(tree, "wbr")
    return lines(tree)


_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ud800-\udfff\ufffe\uffff]")


class _Walk:
    """One walk through a body; `left` is how many more of its parts are looked at, each once, since revived data may hold themselves."""

    def __init__(self) -> None:
        self.left = MAX_NODES
        self.seen: set[int] = set()

    def of(self, value: Any, *, inside: bool, depth: int) -> Iterator[str]:
        """Give the pieces of text in order, with a line feed where a block begins or ends; `inside` a paragraph nothing does."""
        self.left -= 1 + (len(value) // _CHARACTERS if isinstance(value, str) else 0)
        if self.left <= 0 or depth > MAX_DEPTH:
            return
        if isinstance(value, str):
            yield _of_run(value) if inside else "\n".join(["", *_of_text(value), ""])
        elif isinstance(value, list | dict) and id(value) not in self.seen:
            self.seen.add(id(value))
            walk = self._of_list if isinstance(value, list) else self._of_block
            yield from walk(value, inside=inside, depth=depth)

    def _of_list(self, items: Any, *, inside: bool, depth: int) -> Iterator[str]:
        for item in items:
            yield from self.of(item, inside=inside, depth=depth + 1)

    def _of_block(self, block: Any, *, inside: bool, depth: int) -> Iterator[str]:
        kind = _kind(block)
        if kind in _BREAKS:
            yield "\n"
        elif not _NEVER.search(kind):
            flows = inside and (kind in _INLINE or not kind)
            held = self._held(block, inside=flows or _holds_words(block), depth=depth)
            yield held if flows else f"\n{held}\n"

    def _held(self, block: dict[str, Any], *, inside: bool, depth: int) -> str:
        """Give the text of the first part that holds any."""
        for name in _INSIDE:
            if name in block:
                held = "".join(self.of(block[name], inside=inside, depth=depth + 1))
                if held.strip():
                    return held
        return ""


def _kind(block: dict[str, Any]) -> str:
    """Give the kind of a block in lower case without a vocabulary's prefix; empty where none is told."""
    told = next((block[name] for name in _KINDS if isinstance(block.get(name), str)), "")
    return str(told)[:60].lower().replace("_", "").rpartition("/")[2]


def _holds_words(block: dict[str, Any]) -> bool:
    """Tell whether what is directly inside flows on one line: a leaf of text, or something inline, is among it."""
    for name in _INSIDE:
        held = block.get(name)
        if isinstance(held, list):
            return any(isinstance(item, dict) and (_kind(item) in _INLINE or _is_leaf(item)) for item in held)
    return False


def _is_leaf(item: dict[str, Any]) -> bool:
    return not _kind(item) and isinstance(item.get("text"), str)
