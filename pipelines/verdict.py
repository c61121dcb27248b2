"""Whether a page is an article at all: what is surely none goes no further, everything doubtful does.

The markers and thresholds are all in `pipelines.page.markers`.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice
from urllib.parse import urlsplit

from lxml import html

from archive.errors import Challenged, ConsentWall, ListingPage, Missing, NotAnArticle, Paywalled, Shell
from archive.model import Article
from pipelines.page import markers
from pipelines.page.blocks import in_furniture, line, lines, one_line, opening, size
from pipelines.page.document import Document
from pipelines.page.structured import article_nodes, texts, types
from pipelines.page.subject import ALIKE, likeness

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""
_HEADINGS = 12
"""First headings of a page that are looked at."""
_TITLE = 1_000
"""Characters of the window's title."""
_TEXTUAL = ("p", "div", "td", "section", "article", "blockquote", "main", "table", "tbody", "tr")
_LINE = 40
"""Characters from which a line may be part of a text."""


def verdict(article: Article, document: Document) -> Article:
    """Let an article pass; raises the kind of NotAnArticle that the page is, with the reason in words."""
    visible = opening(document.tree, markers.WALL_LETTERS)
    _refuse_challenge(document, visible)
    _refuse_home(document)
    _refuse_missing(document, visible)
    _refuse_consent(document, visible)
    _refuse_list(document)
    _refuse_stub(document, visible)
    _refuse_shell(document, visible)
    return article


# ---- what stands before a page ----------------------------------------------------------------------------------------------------


def _refuse_challenge(document: Document, visible: str) -> None:
    body = document.page.body
    if len(visible) >= markers.WALL_LETTERS or _body_in_data(document):
        return
    marked = len(visible) < markers.SENSOR_LETTERS and markers.WALL_MARK.search(body)
    if marked if _says_article(document) else markers.is_wall(_title(document), visible, body):
        raise Challenged("a bot challenge")
    if len(visible) < markers.SHELL_LETTERS and not _says_article(document):
        _refuse_refresh(document)


def _refuse_refresh(document: Document) -> None:
    """Refuse a page that only orders to ask again, here or elsewhere."""
    for tag in document.tree.iter("meta"):
        if tag.get("http-equiv", "").strip().lower() == "refresh":
            target = tag.get("content", "").partition("=")[2].strip(" '\"")
            if target and document.subject.stands_elsewhere(target) and not markers.WALL_WORDS.search(target):
                raise NotAnArticle(f"only sends on to {target[:200]}")
            raise Challenged("nothing but an order to ask again")


def _refuse_consent(document: Document, visible: str) -> None:
    if not markers.CONSENT.search(visible) or _body_in_data(document):
        return
    if len(opening(document.tree, markers.CONSENT_LETTERS)) >= markers.CONSENT_LETTERS:
        return
    rest = sum(len(text) for text in _running(document) if not _is_of_consent(text))
    if rest < (markers.CONSENT_REST_OF_ARTICLE if _says_article(document) else markers.CONSENT_REST):
        raise ConsentWall(f"a question for consent: {visible[:60]}")


def _is_of_consent(text: str) -> bool:
    return bool(markers.CONSENT.search(text) or markers.CONSENT_TOPIC.search(text))


def _refuse_stub(document: Document, visible: str) -> None:
    """Refuse a beginning that is too short to be the article; a whole one passes, whatever the page says of it."""
    if not _is_sold(document, visible):
        return
    length = 0
    for text in _running(document, _offers(document)):
        length += 0 if markers.OFFER.search(text) else len(text)
        if length >= markers.STUB_LETTERS:
            return
    if not _body_in_data(document):
        raise Paywalled(f"{length:,} characters beside an offer to subscribe")


def _offers(document: Document) -> frozenset[html.HtmlElement]:
    """Give the boxes of offers, with what subscribers get and what it costs."""
    told = document.tree.iter("p", "div", "section", "h2", "h3", "h4")
    return frozenset(_offer_box(element) for element in told if markers.OFFER.search(element.text or ""))


def _offer_box(element: html.HtmlElement) -> html.HtmlElement:
    """Give the largest part around an offer that is too small to hold an article."""
    box = element
    for holder in element.iterancestors():
        if holder.tag in ("article", "main", "body") or size(holder) >= markers.STUB_LETTERS:
            break
        box = holder
    return box


def _is_sold(document: Document, visible: str) -> bool:
    body = document.page.body
    if b"ccessibleForFree" in body and markers.NOT_FREE.search(body):
        return True
    if document.meta.get("article:content_tier", "").lower() in markers.LOCKED_TIERS or markers.OFFER.search(visible):
        return True
    told = accumulate(len(str(paragraph.text_content())) for paragraph in document.tree.iter("p"))
    if any(length >= markers.OFFER_PARAGRAPHS for length in told):
        return False
    return bool(markers.OFFER.search(opening(document.tree, markers.OFFER_LETTERS)))


# ---- what is no article -----------------------------------------------------------------------------------------------------------


def _refuse_home(document: Document) -> None:
    address = urlsplit(document.page.url)
    if address.query or not markers.HOME.fullmatch(address.path) or _names_itself(document):
        return
    link = document.page.link
    if link and not markers.HOME.fullmatch(urlsplit(link.url).path):
        raise Missing("the home page in the place of an article")
    raise NotAnArticle("the home page")


def _refuse_missing(document: Document, visible: str) -> None:
    if _says_article(document):
        return
    body = document.tree.find("body")
    marked = body is not None and not markers.MISSING_CLASSES.isdisjoint(body.get("class", "").lower().split())
    if (
        marked
        or document.meta.get("prerender-status-code") in ("404", "410")
        or any(map(markers.says_missing, _said(document, visible)))
    ):
        raise Missing(f"the page says that there is none: {visible[:60]}")


def _said(document: Document, visible: str) -> Iterator[str]:
    """Give the words that could say what page this is: title, headings and, on a small page, every line."""
    for heading in (_title(document), *_headings(document)):
        yield from map(one_line, markers.pieces(heading))
    if len(visible) < markers.MISSING_LETTERS:
        yield from lines(document.tree)


def _refuse_list(document: Document) -> None:
    """Refuse a page of many entries and no article; one that says it is an article passes, whatever surrounds it.

    Some systems call every page an article in `og:type`: against the page's own data or theme that alone says nothing.
    """
    told, called = _list_told(document), _says_article(document)
    if _is_surely_article(document) or (called and not (told and _most_cards(document) >= markers.CARDS_BY_ADDRESS)):
        return
    seen = "" if called else _list_seen(document)
    if (told or seen) and _densest(document) < (
        markers.TEXT_IN_LIST if told and not called else markers.TEXT_BESIDE_CARDS
    ):
        raise ListingPage(told or seen)


def _densest(document: Document) -> int:
    """Give the characters of the paragraphs that stand together in one place; the summaries of entries stand apart."""
    found: Counter[html.HtmlElement] = Counter()
    for paragraph in document.tree.iter(*_TEXTUAL):
        parent = paragraph.getparent()
        if parent is not None and not any(child.tag in _TEXTUAL for child in paragraph) and not in_furniture(paragraph):
            linked = sum(len(line(link)) for link in paragraph.iter("a"))
            found[parent] += max(sum(len(text) for text in lines(paragraph) if len(text) >= _LINE) - linked, 0)
    return max(found.values(), default=0)


def _list_told(document: Document) -> str:
    kinds = {kind for node in document.json_ld for kind in types(node)}
    body = document.tree.find("body")
    classes = set() if body is None else set(body.get("class", "").lower().split())
    if kinds & markers.LIST_TYPES:
        return "its data say that it lists articles"
    return "its theme says that it lists articles" if classes & markers.LIST_CLASSES else ""


def _list_seen(document: Document) -> str:
    listing = bool(markers.LIST_ADDRESS.search(document.page.url))
    cards = _most_cards(document)
    if cards < (markers.CARDS_BY_ADDRESS if listing else markers.CARDS) or (
        not listing and _is_named_by_address(document)
    ):
        return ""
    return f"{cards} entries and no article"


def _is_named_by_address(document: Document) -> bool:
    """Tell whether a heading says what the address says, at the length of a headline."""
    slug = document.subject.hints[-1]
    return len(slug) >= markers.LONG_SLUG and any(likeness(slug, told) >= ALIKE for told in document.subject.headlines)


def _most_cards(document: Document) -> int:
    """Count the linked headings of entries that are called the same: entries that stand for one thing look alike."""
    found: Counter[tuple[str, str]] = Counter()
    for heading in document.tree.iter("h2", "h3", "h4"):
        parent = heading.getparent()
        if parent is not None and (heading.find(".//a") is not None or parent.tag == "a"):
            found[str(heading.tag), heading.get("class") or parent.get("class") or ""] += 1
    return max(found.values(), default=0)


def _refuse_shell(document: Document, visible: str) -> None:
    if len(visible) >= markers.SHELL_LETTERS or _body_in_data(document):
        return
    tree = document.tree
    if tree.find(".//script") is not None and (_asks_for_scripts(tree) or _is_mount(tree) or _only_scripts(document)):
        raise Shell("nearly no text beside scripts")


def _asks_for_scripts(tree: html.HtmlElement) -> bool:
    return any(markers.ASKS_FOR_SCRIPTS.search(str(hint.text_content())) for hint in tree.iter("noscript"))


def _is_mount(tree: html.HtmlElement) -> bool:
    """Tell whether an element that scripts fill is still empty."""
    found = (
        element
        for element in tree.iter("div", "main", "section", "app-root")
        if (element.get("id") or element.tag) in markers.MOUNTS
    )
    return any(len(element) < 3 and len(line(element)) < 40 and element.find(".//img") is None for element in found)


def _only_scripts(document: Document) -> bool:
    return not _says_article(document) and document.tree.xpath("count(//script) > 2") is True


# ---- what a page says of itself ---------------------------------------------------------------------------------------------------


def _says_article(document: Document) -> bool:
    """Tell whether the page's data, head or theme name it an article."""
    called = document.meta.get("og:type", "").lower() in ("article", "news", "video.other")
    return called or _is_surely_article(document)


def _is_surely_article(document: Document) -> bool:
    """Tell the same by what no system puts into every page."""
    body = document.tree.find("body")
    named = body is not None and markers.ARTICLE_CLASSES.search(body.get("class", ""))
    return bool(named) or "article:published_time" in document.meta or _names_itself(document)


def _names_itself(document: Document) -> bool:
    """Tell whether the data hold one article; those of several entries are a list's."""
    return (
        0
        < len({text for node in article_nodes(document.json_ld) for text in texts(node.get("headline"))})
        < markers.CARDS_BY_ADDRESS
    )


def _body_in_data(document: Document) -> bool:
    """Tell whether an article's text stands in the data of the page."""
    told = (text for node in article_nodes(document.json_ld) for text in texts(node.get("articleBody")))
    return any(len(text) >= markers.BODY_LETTERS for text in told) or bool(document.state.paragraphs)


def _running(document: Document, without: frozenset[html.HtmlElement] = frozenset()) -> Iterator[str]:
    """Give the lines that could be an article's, without those of what surrounds it and of some boxes."""
    for element in document.tree.iter(*_TEXTUAL):
        if len(str(element.text_content())) >= _LINE and not in_furniture(element):
            if without and not without.isdisjoint((element, *element.iterancestors())):
                continue
            holds = any(child.tag in _TEXTUAL for child in element)
            found = _beside(element) if holds else lines(element)
            yield from (text for text in found if len(text) >= _LINE)


def _beside(element: html.HtmlElement) -> Iterator[str]:
    """Give the texts that stand in an element beside its blocks."""
    return map(one_line, filter(None, (element.text, *(child.tail for child in element))))


def _headings(document: Document) -> list[str]:
    return [line(heading) for heading in islice(document.tree.iter("h1", "h2", "h3"), _HEADINGS)]


def _title(document: Document) -> str:
    return one_line((document.tree.findtext(".//title") or "")[:_TITLE])
