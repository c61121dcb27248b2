"""Whether a page may match at all, told from its parsed text in less than the time of reading it: for back-fills over many pages.

It errs on one side only: a page for which it says no holds no words by which any query could match. AND and OR count; NOT, distance,
case and `unless` do not.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape

from lxml import etree, html

from archive.errors import Dropped
from archive.model import Campaigns, Page
from archive.query import And, Leaf, Node, Not, Or, leaves, parse
from archive.vocabulary import Vocabulary
from pipelines.page.blocks import select
from pipelines.page.document import MAX_BYTES, MAX_TAG_BYTES, MAX_TAGS, Document
from pipelines.page.scripts import MIN_LENGTH
from pipelines.words.needles import Needle, needles
from pipelines.words.skeleton import TAG_EDGE, Marked, Sieve


class Triage:
    """All queries of all campaigns, asked of unread pages. Raises QueryError where a query does not parse; pickles as its campaigns."""

    def __init__(self, campaigns: Campaigns) -> None:
        self._campaigns = campaigns
        self._trees = tuple(parse(query.find) for campaign in campaigns.campaign for query in campaign.query)
        vocabulary = Vocabulary(campaigns.term)
        self._needed = {
            leaf: [_words(needle) for needle in needles(leaf, vocabulary)]
            for tree in self._trees
            for leaf in leaves(tree)
        }
        self._sieve = Sieve(word for needed in self._needed.values() for words in needed for word in words)

    def __reduce__(self) -> tuple[type["Triage"], tuple[Campaigns]]:
        return Triage, (self._campaigns,)

    def may_match(self, page: Page) -> bool:
        """Tell whether reading and matching the page could find anything; True where reading it names an outcome of its own."""
        try:
            return self._may_hold(self._coarsely(page)) and self._may_hold(self._finely(page))
        except (Dropped, etree.LxmlError):
            return True

    def _coarsely(self, page: Page) -> set[str]:
        """Give the words whose skeletons stand there; of those that are to be written just so, which are."""
        texts = (text for one in (page, *page.further) for text in _texts(one, _flowing))
        return {word for text in texts for word in filter(Marked(text).may_hold, self._sieve.found(text))}

    def _finely(self, page: Page) -> set[str]:
        """Give the words that stand there, as far as this can be told without reading the page."""
        texts = (text for one in (page, *page.further) for text in _texts(one, _marked))
        return {word for text in texts for word in filter(Marked(text).holds, self._sieve.found(text))}

    def _may_hold(self, found: set[str]) -> bool:
        """Tell whether any query may hold by these words; of a leaf, one spelling of each of its words must be there."""
        told = {
            leaf
            for leaf, needed in self._needed.items()
            if all(any(word in found for word in words) for words in needed)
        }
        return any(_may(tree, told) for tree in self._trees)


def _words(needle: Needle) -> tuple[str, ...]:
    """Give what is looked for as words, with a star where they may go on, with = before one that is to be written just so."""
    if len(needle.exact) == 1 and not needle.open_end and "" not in needle.exact[0]:
        return tuple(f"={word}" for word in needle.exact[0])
    return tuple(f"{word}*" for word in needle.all_patterns) if needle.open_end else needle.all_patterns


def _may(node: Node, found: set[Leaf]) -> bool:
    if isinstance(node, And | Or):
        return (all if isinstance(node, And) else any)(_may(child, found) for child in node.children)
    return isinstance(node, Not) or node in found


# ---- texts --------------------------------------------------------------------------------------------------------------------------

_TEXTS = etree.XPath("//text()", smart_strings=False)
_ASSIGNED, _ADDED = (re.compile(sign + r"\s{0,9}[{\[]\s{0,99}[\"\[{]") for sign in ("=", r"\.push\("))
_STATE_SIGNS = ("__next_f", "JSON.parse(")
_STATE_ATTRIBUTE = re.compile(rb"data-(?:page|state|props)[\s=]")
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_ESCAPED_BLANKS = ("\\n", "\\t", "\\r", "\\f", "\\b")
_ENTITY = re.compile("&#?[0-9A-Za-z]{2,31}")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _texts(page: Page, text_of: Callable[[html.HtmlElement], str]) -> Iterator[str]:
    """Give every text of a page in which an article's words may stand: whole, and without what readers leave out within a line."""
    document = Document(page, _tree(page))
    yield TAG_EDGE.join((*_listed(page), *map(_unescaped, _attributes(document.tree)), *_data(document)))
    etree.strip_elements(document.tree, "script", "style", with_tail=False)
    yield text_of(document.tree)
    if _mark_asides(document):
        etree.strip_elements(document.tree, _LEFT_OUT, with_tail=False)
        yield text_of(document.tree)


def _flowing(tree: html.HtmlElement) -> str:
    return str(etree.tostring(tree, method="text", encoding="unicode"))


def _marked(tree: html.HtmlElement) -> str:
    return TAG_EDGE.join(_TEXTS(tree))


def _listed(page: Page) -> Iterator[str]:
    yield from (part for link in (page.link,) if link for part in (link.title, link.summary) if part)


def _attributes(tree: html.HtmlElement) -> Iterator[str]:
    for element in tree.iter("meta", "img"):
        if told := element.get("content") or element.get("alt"):
            yield told


def _data(document: Document) -> Iterator[str]:
    """Give what JSON-LD tells as it is written, and what an article in the data behind the page does."""
    for script in document.tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield _decoded(script.text or "")
    if _may_hold_state(document):
        told = document.state
        yield from (told.title, told.description, *told.tags, *told.paragraphs)


def _may_hold_state(document: Document) -> bool:
    scripts = ((script.get("type") or "", script.text or "") for script in document.tree.iter("script"))
    return bool(_STATE_ATTRIBUTE.search(document.page.body)) or any(_may_hold_data(*script) for script in scripts)


def _may_hold_data(kind: str, text: str) -> bool:
    if "ld+json" in kind.lower() or (len(text) < MIN_LENGTH and "__next_f" not in text):
        return False
    return (
        "json" in kind.lower()
        or any(sign in text for sign in _STATE_SIGNS)
        or bool(_ASSIGNED.search(text) or _ADDED.search(text))
    )


def _decoded(data: str) -> str:
    """Give the texts of JSON, however often it was escaped, with and without the tags in them."""
    for blank in _ESCAPED_BLANKS:
        data = data.replace(blank, " ")
    if "\\u" in data:
        data = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), data)
    text = _unescaped(data.replace("\\", ""))
    return f"{text}{TAG_EDGE}{_TAG.sub(TAG_EDGE, text)}" if "</" in text else text


def _unescaped(text: str) -> str:
    return unescape(unescape(text)) if "&" in text and _ENTITY.search(text) else text


# ---- parsing ------------------------------------------------------------------------------------------------------------------------

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d}" % MAX_TAG_BYTES)
_STRIDE = MAX_TAG_BYTES // 2
"""Bytes; a tag that is too long fills one such stretch of the page whole."""


def _tree(page: Page) -> html.HtmlElement:
    """Parse a page: quickly where it is plain UTF-8 within limits, else as the stages do."""
    if not _is_plain(page.body):
        return Document.parse(page).tree
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return html.document_fromstring(page.body, parser=parser)


def _is_plain(body: bytes) -> bool:
    if len(body) > MAX_BYTES or body.count(b"<") > MAX_TAGS or b"\x00" in body or body.startswith(b"\xef\xbb\xbf"):
        return False
    gaps = (body.find(b">", start, start + _STRIDE) < 0 for start in range(0, len(body) - _STRIDE, _STRIDE))
    if any(gaps) and _LONG_TAG.search(body):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


# ---- what readers leave out ---------------------------------------------------------------------------------------------------------

_INLINE = tuple("a abbr b cite code em font i mark q s small span strong sub sup time u".split())  # noqa: SIM905
_UNREAD = tuple(
    "aside audio button canvas dialog figure form iframe ins label noscript object picture rp rt select svg template textarea video".split()  # noqa: SIM905
)
_ASIDE = re.compile(
    r"ad(?:s|vert\w*)?(?=$|[\s_-])|also|author|bio|box|button|byline|caption|comment|consent|cookie|credit|disqus|embed|foot|hidden|hide|icon"
    r"|menu|meta|nav|newsletter|note|outbrain|popular|print|promo|read|recommend|related|respond|rollover|shar|sidebar|social|source|sr-only"
    r"|subscri|taboola|tag|teaser|ticker|tool|trending|visually|widget|yarpp",
    re.IGNORECASE,
)
"""Names of what may be left out, wider than any reader's: the page is looked at with it, too."""
_TEXT_AFTER_BLOCK = re.compile(rb"</(?:article|div|ol|p|section|table|ul)>\s{0,99}[^<\s]")
_LEFT_OUT = "left-out"


def _mark_asides(document: Document) -> bool:
    """Rename what readers may leave out, joining the words before and after it; False where there is nothing of it."""
    tags = () if _TEXT_AFTER_BLOCK.search(document.page.body) else (*_INLINE, *_UNREAD)
    found = [element for element in document.tree.iter(*tags) if _is_inside_line(element) and _is_unread(element)]
    found += [one for selector in document.page.source.reading.drop for one in select(document.tree, selector)]
    for element in found:
        element.tag = _LEFT_OUT
    return bool(found)


def _is_unread(element: html.HtmlElement) -> bool:
    if element.tag in _UNREAD:
        return True
    name, number = element.get("class"), element.get("id")
    return bool((name and _is_aside(name)) or (number and _is_aside(number)))


def _is_inside_line(element: html.HtmlElement) -> bool:
    """Tell whether words follow: text, or an inline element."""
    tail = element.tail
    if tail and not tail.isspace():
        return True
    following = element.getnext()
    return following is not None and following.tag in _INLINE


@lru_cache(maxsize=65_536)
def _is_aside(name: str) -> bool:
    return bool(_ASIDE.search(name[:2000]))
