"""The words of an article: text, description, captions, tags and section, each clean and nothing of what surrounds them."""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from archive.errors import NotAnArticle, Quarantined, Unreadable
from archive.khmer import fold
from archive.model import Article
from pipelines.blocks import in_furniture, is_furniture, line, lines, one_line, remove
from pipelines.document import Document
from pipelines.layout import layout, selected_bodies
from pipelines.pictures import captions, is_caption
from pipelines.structured import article_nodes, texts
from pipelines.title import headline

MAX_TEXT = 400_000
"""Characters of one article's text; the longest of 282 real ones has 53,000. Above this search and the team's pages grow slow."""
SHORT_TEXT = 600
"""Characters below which trafilatura fills up with teasers and cookie words; then a theme's own body is believed."""
LINK_SHARE = 0.6
"""Share of link text from which a body is a list; the highest of 282 real articles was .47, the next .31."""
TAGS = 60
TAG_LENGTH = 120

_THEME_BODIES = (
    "[itemprop~=articleBody], .entry-content, .post-content, .article-content, .article-body, .item-page .article-fulltext, "
    ".td-post-content, .field-name-body, .field--name-body, .story-body, .single-content, .post-body"
)
_COMMAS = re.compile(r"[,;،、|]")


def extract(article: Article, document: Document) -> Article:
    """Set title, text, description, captions, tags and section.

    Raises Unreadable where no text is found, Quarantined where it is too long, NotAnArticle where what is found is a list of links.
    """
    title = headline(document)
    text = "\n".join(_text(title, document))
    if not text:
        raise Unreadable("no text could be read from the page")
    if len(text) > MAX_TEXT:
        raise Quarantined(f"a text of {len(text):,} characters, more than {MAX_TEXT:,}")
    article = replace(article, title=title, text=text)
    parts = layout(article, document)
    _refuse_links(parts.body)
    return replace(
        article,
        description=_description(document),
        captions=tuple(captions(parts, document.page.url)),
        tags=tuple(_tags(document)),
        section=_section(document),
    )


def _text(title: str, document: Document) -> list[str]:
    """Give the paragraphs: of the source's own body, else by trafilatura, else as the structured data holds them."""
    bodies = selected_bodies(document)
    found = _of_elements(bodies, document) if bodies else _by_trafilatura(document)
    structured = _structured_body(document)
    if (
        not found or " ".join(found).split() == " ".join(structured).split()
    ):  # trafilatura reads it too, as one paragraph
        found = structured
    return found[1:] if found and fold(found[0]) == fold(title) else found


def _of_elements(elements: list[html.HtmlElement], document: Document) -> list[str]:
    return [text for element in elements for text in lines(_bare(element, document))]


def _bare(element: html.HtmlElement, document: Document) -> html.HtmlElement:
    """Give a copy of an element without captions, furniture and what the source names as never text."""
    copy = _without_dropped(element, document)
    remove([child for child in copy.iterdescendants() if is_furniture(child)])
    return copy


def _without_dropped(element: html.HtmlElement, document: Document) -> html.HtmlElement:
    copy = deepcopy(element)
    copy.tail = None
    remove(
        found
        for selector in document.page.source.reading.drop
        for found in copy.cssselect(selector)
        if found is not copy
    )
    remove([child for child in copy.iterdescendants() if is_caption(child)])
    return copy


def _by_trafilatura(document: Document) -> list[str]:
    tree = _without_dropped(document.tree, document)
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    text = lines(found.body) if isinstance(found, Extracted) else []
    themed = _theme_bodies(document)
    if len(themed) != 1:
        return text
    own = _of_elements(themed, document)
    return own if min(_length(own), _length(text)) < SHORT_TEXT else text


def _length(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _theme_bodies(document: Document) -> list[html.HtmlElement]:
    """Give the outermost elements that a common theme names as the body; one that is empty says that the page has no text."""
    bodies = [body for body in document.tree.cssselect(_THEME_BODIES) if not in_furniture(body)]
    return [body for body in bodies if not any(parent in bodies for parent in body.iterancestors())]


def _structured_body(document: Document) -> list[str]:
    for node in article_nodes(document.json_ld):
        for text in texts(node.get("articleBody")):
            found = [one_line(part) for part in text.split("\n")]
            return [part for part in found if part]
    return []


def _refuse_links(body: html.HtmlElement) -> None:
    whole = len(line(body))
    linked = sum(len(line(link)) for link in body.iter("a"))
    if whole and linked / whole > LINK_SHARE:
        raise NotAnArticle("a list of links")


def _description(document: Document) -> str:
    told = [text for node in article_nodes(document.json_ld) for text in texts(node.get("description"))]
    found = (document.meta.get("og:description"), document.meta.get("description"), *told)
    return next((text for text in map(one_line, filter(None, found)) if text), "")


def _tags(document: Document) -> list[str]:
    """Give the page's keywords in its order, each once."""
    listed = [
        content
        for name, content in document.metas
        if name in ("article:tag", "keywords", "news_keywords", "parsely-tags")
    ]
    listed += [text for node in article_nodes(document.json_ld) for text in texts(node.get("keywords"))]
    linked = [
        line(link)
        for link in document.tree.xpath("//a[contains(concat(' ', @rel, ' '), ' tag ')]")
        if not in_furniture(link)
    ]
    named: dict[str, str] = {}
    for tag in (*_split(listed), *linked):
        if 0 < len(tag) <= TAG_LENGTH:
            named.setdefault(fold(tag), tag)
    return list(named.values())[:TAGS]


def _split(listed: Iterable[str]) -> list[str]:
    return [one_line(part) for text in listed for part in _COMMAS.split(text)]


def _section(document: Document) -> str:
    told = [text for node in article_nodes(document.json_ld) for text in texts(node.get("articleSection"))]
    found = (document.meta.get("article:section"), *told)
    return next((text for text in map(one_line, filter(None, found)) if text), "")
