"""Who wrote an article: whole names as the page gives them, agencies as such, without «ដោយ», By and the desk's own noise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from archive.khmer import count_khmer, fold
from archive.model import Article, Place
from pipelines import bylines
from pipelines.blocks import line
from pipelines.document import Document
from pipelines.layout import head_lines, layout
from pipelines.names import is_agency, names
from pipelines.sitenames import is_site_name
from pipelines.structured import article_nodes, named

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""

_META = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
)  # fmt: skip
_ADDRESS = re.compile(r"https?:|www\.|@")
_HANDLE = re.compile(r"[a-z0-9._-]+")


class _Told(NamedTuple):
    """The names of one place."""

    names: tuple[str, ...]
    place: Place


def authors(article: Article, document: Document) -> Article:
    """Set the names and where they were told.

    The first place that names people or an agency counts, in this order: the source's selector, structured data, embedded state, meta
    tags, parts of the page marked as the author's, its by-line, the end of the text, a translator or source. What is printed counts
    before a Latin account name on a Khmer page, and completes an agency. The outlet's own name and accounts stay only where nobody signs.
    """
    data = [told for told in _data(document) if told.names]
    printed = [told for told in _printed(article, document) if told.names]
    chosen = _chosen([*data, *printed], printed, document)
    if chosen is None:
        return replace(article, authors=())
    return replace(article, authors=chosen.names, origins={**article.origins, "authors": chosen.place})


def _chosen(told: list[_Told], printed: list[_Told], document: Document) -> _Told | None:
    people = [one for one in told if not all(_is_account(name, document) for name in one.names)]
    if not people:
        own = [one for one in told if one.place != "page"]  # the outlet's name above its article is no signature
        return next((one for one in own if not all(map(_HANDLE.fullmatch, one.names))), next(iter(own), None))
    first = people[0]
    if first.place != "selector":
        first = next((one for one in printed if one in people and _is_khmer(one) > _is_khmer(first)), first)
    return _completed(first, people)


def _completed(first: _Told, people: list[_Told]) -> _Told:
    """Add who signs at the end of a text that is headed by an agency only."""
    last = people[-1]
    if last.place == "page" and all(map(is_agency, first.names)) and not _known(last.names) <= _known(first.names):
        return _Told(tuple(dict.fromkeys(first.names + last.names)), first.place)
    return first


def _is_account(name: str, document: Document) -> bool:
    return is_site_name(name, document) or bool(_HANDLE.fullmatch(name))


def _is_khmer(told: _Told) -> bool:
    return any(map(count_khmer, told.names))


def _known(told: Iterable[str]) -> set[str]:
    return set(map(fold, told))


# ---- places -----------------------------------------------------------------------------------------------------------------------


def _data(document: Document) -> Iterator[_Told]:
    """Give what the source's selector and the data of the page tell."""
    yield _Told(names(_selected(document)), "selector")
    yield _Told(names(_structured(document)), "json-ld")
    yield _Told(names(document.state.authors), "state")
    yield _Told(names(_meta(document)), "meta")


def _printed(article: Article, document: Document) -> Iterator[_Told]:
    """Give what readers see; who translated and who is named as the source only where nobody signs."""
    parts = layout(article, document)
    first, last = head_lines(parts, article.text), bylines.last_lines(parts)
    signed = [
        names(found)
        for found in (bylines.marked(parts, document), bylines.head(first, parts, document), bylines.end(last))
    ]
    if not any(signed):
        short = [words for _, words in first] + last
        signed += map(names, (bylines.writer(parts, last), bylines.translators(short), bylines.sources(short)))
    for found in signed:  # readers see the outlet's name beside the writer's, which signs nothing
        people = tuple(name for name in found if not is_site_name(name, document))
        yield _Told(people or found, "page")


def _selected(document: Document) -> Iterator[str]:
    selector = document.page.source.reading.author
    for found in document.tree.cssselect(selector) if selector else ():
        yield found.get("content") or line(found)


def _structured(document: Document) -> Iterator[str]:
    for node in article_nodes(document.json_ld):
        told = named(node.get("author"), document.json_ld) or named(node.get("creator"), document.json_ld)
        if told:
            yield from told
            return


def _meta(document: Document) -> Iterator[str]:
    for name in _META:
        told = [content for key, content in document.metas if key == name and not _ADDRESS.search(content)]
        if told:
            yield from told
            return
