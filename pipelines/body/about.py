"""What a page tells about its article beside the text: summary, keywords, section and lead picture, each with its place."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import html

from archive.khmer import fold
from archive.model import Place
from pipelines.body.pictures import is_file_name
from pipelines.page.blocks import NAMES, is_furniture, line, one_line
from pipelines.page.document import Document
from pipelines.page.layout import Layout
from pipelines.page.structured import article_nodes, texts, types

TAGS = 60
TAG_LENGTH = 120
OWN_KEYWORDS = 0.2
"""Share of keywords that stand in title or text, from which they are the article's own."""
NEAR = 4
"""Elements around a link that may name what it is."""
SHOWN_LENGTH = 1_000
"""Characters of a video's description that are kept."""

_COMMAS = re.compile(r"[,;،、|]")
_TAG_BOX = re.compile(
    r"(?:^|[\s_-])(?i:tags?|tag-?list|tag-?links|post-?tags?|article-?tags?|keywords?|hash-?tags?)(?:$|[\s_-])|[a-z]Tags?(?:Block)?(?:$|\s)"
)
_CATEGORY = re.compile(r"(?:^|\s)category(?:\s|$)|/category/", re.IGNORECASE)
_SECTION = re.compile(r"(?:^|[\s_-])(?i:categor(?:y|ies)|cat-links|kicker|rubric)(?:$|[\s_-])|[a-z]Category(?:$|\s)")
_CRUMBS = re.compile(r"(?:^|[\s_-])(?:bread-?crumbs?|crumbs?|pathway)(?:$|[\s_-])", re.IGNORECASE)
_OWN = re.compile(r"^footer\b|(?:post|entry|article|story)[_-]{1,2}footer|tags?\b", re.IGNORECASE)


class Told(NamedTuple):
    """A value and where it was told; without meaning where the text is empty."""

    text: str
    place: Place


def description(document: Document) -> Told:
    """Give the page's own summary."""
    structured = (text for node in article_nodes(document.json_ld) for text in texts(node.get("description")))
    return _first(
        ("meta", map(document.meta.get, ("og:description", "description", "twitter:description"))),
        ("json-ld", structured),
        ("state", (document.state.description,)),
    )


def section(document: Document, parts: Layout) -> Told:
    """Give the part of the outlet the article stands in."""
    structured = (text for node in article_nodes(document.json_ld) for text in texts(node.get("articleSection")))
    linked = map(line, _own_links(parts, document).sections)
    return _first(
        ("meta", (document.meta.get("article:section"),)),
        ("json-ld", structured),
        ("state", (document.state.section,)),
        ("page", chain(linked, _crumbs(document))),
    )


def _crumbs(document: Document) -> Iterator[str]:
    """Give the last part of the way from the home page to the article, as it is shown above many."""
    here = urlsplit(document.page.url).path
    for way in document.tree.iter("div", "nav", "ul", "ol", "p", "span"):
        if _is_called(way, _CRUMBS) and not _is_called(way, _SECTION):
            links = [link for link in way.iter("a") if urlsplit(link.get("href") or "").path not in ("", "/", here)]
            yield from map(line, links[-1:])
            return


def tags(document: Document, parts: Layout, text: str) -> tuple[tuple[str, ...], Place]:
    """Give the page's keywords in its order, each once, and the first place that tells some; `text` is what they may be of."""
    metas = (told for name, told in document.metas if name in ("article:tag", "news_keywords", "parsely-tags"))
    listed = list(_split(told for name, told in document.metas if name == "keywords"))
    structured = (text for node in article_nodes(document.json_ld) for text in texts(node.get("keywords")))
    linked = map(line, _own_links(parts, document).tags)
    places: tuple[tuple[Place, Iterable[str]], ...] = (
        ("meta", (*(listed if _speak_of(listed, text) else ()), *_split(metas))),
        ("json-ld", _split(structured)),
        ("state", _split(document.state.tags)),
        ("page", linked),
    )
    named: dict[str, tuple[str, Place]] = {}
    for place, told in places:
        for tag in told:
            if 0 < len(tag) <= TAG_LENGTH:
                named.setdefault(fold(tag).lstrip("#"), (tag, place))
    found = list(named.values())[:TAGS]
    return tuple(tag for tag, _ in found), found[0][1] if found else "page"


def _speak_of(keywords: list[str], text: str) -> bool:
    """Tell whether keywords are the article's: many sites give every page the same ones, of which hardly any stands in it."""
    folded = fold(text)
    standing = sum(1 for word in keywords if fold(word) in folded)
    return standing > OWN_KEYWORDS * len(keywords)


def image(document: Document, parts: Layout) -> Told:
    """Give the address of the lead picture, absolute."""
    shared = (
        document.meta.get(name)
        for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
    )
    structured = (address for node in article_nodes(document.json_ld) for address in _addresses(node.get("image")))
    pictures = (
        address for picture in parts.body.iter("img") for address in (picture.get("data-src"), picture.get("src"))
    )
    places: tuple[tuple[Place, Iterable[str | None]], ...] = (
        ("meta", shared),
        ("json-ld", structured),
        ("state", (document.state.image,)),
        ("page", pictures),
    )
    base = document.page.url
    found = (Told(address, place) for place, told in places for text in told if (address := _absolute(text, base)))
    return next(found, Told("", "page"))


def is_for_payers(document: Document) -> bool:
    """Tell whether the page says of itself that not everybody may read it."""
    told = [node.get("isAccessibleForFree") for node in article_nodes(document.json_ld)]
    return any(value is False or str(value).strip().lower() == "false" for value in told)


def shown(document: Document) -> Iterator[str]:
    """Give what structured data tell of the article's own pictures and video: captions, names and descriptions, clean and on one line."""
    nodes = article_nodes(document.json_ld)
    media = [
        held for node in nodes for key in ("image", "video", "associatedMedia") for held in _objects(node.get(key))
    ]
    videos = [node for node in document.json_ld if "videoobject" in types(node)]
    media += videos if len(videos) == 1 else []
    told = (text for held in media for key in ("caption", "name", "description") for text in texts(held.get(key)))
    for text in (
        *told,
        *document.state.captions,
        document.meta.get("og:image:alt", ""),
        document.meta.get("twitter:image:alt", ""),
    ):
        words = one_line(text)
        if words and not is_file_name(words) and not words.startswith("http"):
            yield words[:SHOWN_LENGTH]


def shows_video(document: Document) -> bool:
    """Tell whether a page says or shows that it is a video's."""
    if document.meta.get("og:type", "").startswith("video") or "og:video" in document.meta:
        return True
    return any("videoobject" in types(node) for node in document.json_ld) or document.tree.find(".//video") is not None


def _first(*places: tuple[Place, Iterable[str | None]]) -> Told:
    """Give the first text that is not empty, clean and on one line."""
    found = (Told(text, place) for place, told in places for raw in told if raw and (text := one_line(raw)))
    return next(found, Told("", "page"))


def _split(listed: Iterable[str]) -> Iterator[str]:
    return (one_line(part) for text in listed for part in _COMMAS.split(text))


def _objects(value: Any) -> list[dict[str, Any]]:
    held = value if isinstance(value, list) else [value]
    return [item for item in held if isinstance(item, dict)]


def _addresses(value: Any) -> Iterator[str]:
    """Give the addresses of a picture, whether written as a text, an object or a list of them."""
    for item in value if isinstance(value, list) else [value]:
        told = item.get("url") or item.get("contentUrl") if isinstance(item, dict) else item
        yield from (text for text in texts(told))


def _absolute(address: str | None, base: str) -> str:
    try:
        absolute = urljoin(base, (address or "").strip()) if address and address.strip() else ""
        return absolute if urlsplit(absolute).scheme in ("http", "https") and urlsplit(absolute).hostname else ""
    except ValueError:
        return ""


def _is_tag(link: html.HtmlElement) -> bool:
    """Tell whether a link names a keyword: by its relation or the box it stands in."""
    if _CATEGORY.search(f"{link.get('rel', '')} {link.get('href', '')}"):
        return False
    if _is_named(link, _TAG_BOX):
        return True
    return "tag" in (link.get("rel") or "").lower().split() and not _is_named(link, _SECTION)


def _is_section(link: html.HtmlElement) -> bool:
    """Tell whether a link names a part of the outlet: by its relation, its address or the box it stands in."""
    return (
        "category" in (link.get("rel") or "")
        or ("/category/" in (link.get("href") or "") and "tag" in (link.get("rel") or ""))
        or _is_named(link, _SECTION)
    )


def _is_named(link: html.HtmlElement, names: re.Pattern[str]) -> bool:
    """Tell whether a link or something close around it has such a name."""
    for number, node in enumerate((link, *link.iterancestors())):
        if number == NEAR or node.tag in ("article", "main", "body"):
            return False
        if _is_called(node, names):
            return True
    return False


def _is_called(node: html.HtmlElement, names: re.Pattern[str]) -> bool:
    told, number = node.get("class"), node.get("id")
    return bool(told or number) and _says(names, f"{told or ''} {number or ''}"[:NAMES])


@lru_cache(maxsize=8_192)
def _says(names: re.Pattern[str], told: str) -> bool:
    return bool(names.search(told))


class _Links(NamedTuple):
    """Links that say what the article is about."""

    tags: tuple[html.HtmlElement, ...]
    sections: tuple[html.HtmlElement, ...]


@lru_cache(maxsize=1)  # both are asked for, one after the other
def _own_links(parts: Layout, document: Document) -> _Links:
    """Give the links around the body and not in it, that are neither in furniture, nor in another article."""
    around = frozenset((parts.body, *parts.body.iterancestors()))
    links = list(document.tree.iter("a"))
    tagged, sections = (
        tuple(link for link in links if told(link) and _is_own(link, around)) for told in (_is_tag, _is_section)
    )
    return _Links(tagged, sections)


def _is_own(link: html.HtmlElement, around: frozenset[html.HtmlElement]) -> bool:
    """Tell whether a link belongs to the article; its own footer is no furniture."""
    for node in (link, *link.iterancestors()):
        if node in around:
            return True
        if node.tag == "article" or (is_furniture(node) and not _OWN.search(f"{node.tag!s} {node.get('class', '')!s}")):
            return False
    return True
