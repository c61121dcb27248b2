"""Who wrote an article: whole names as the page gives them, agencies as such, without «ដោយ», By and the desk's own noise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from archive.khmer import count_khmer, fold
from archive.model import Article, Place
from pipelines.page.blocks import line
from pipelines.page.document import Document
from pipelines.page.layout import head_lines, layout
from pipelines.page.sitenames import is_site_name
from pipelines.page.structured import article_nodes, named, texts
from pipelines.signed import barenames, bylines
from pipelines.signed.names import is_agency, is_person, names

VERSION = 3
"""Raised whenever this stage may make something else of the same page."""

_META = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
)  # fmt: skip
_ADDRESS = re.compile(r"https?:|www\.|@")
_ADMINISTRATOR = re.compile(r"/author/admin(?:istrator)?/?(?: |$)")
_HANDLE = re.compile(r"[a-z0-9._-]+")


class _Told(NamedTuple):
    """The names of one place."""

    names: tuple[str, ...]
    place: Place


def authors(article: Article, document: Document) -> Article:
    """Set the names and where they were told.

    The first place that names people or an agency counts, in this order: the source's selector, structured data, embedded state, meta
    tags, parts of the page marked as the author's, its by-line, the end of the text, a translator or source. What is printed counts
    before a Latin account name on a Khmer page and before fewer of the same names, and completes an agency. The outlet's own name and
    accounts stay only where nobody signs.
    """
    data = [_without_outlet(told, document) for told in _data(document) if told.names]
    if _is_enough(data, article, document):
        chosen = _chosen(data, [], document)
    else:
        printed = [told for told in _printed(article, document, _people(data, document)) if told.names]
        chosen = _chosen([*data, *printed], printed, document)
    if chosen is None:
        return replace(article, authors=())
    return replace(article, authors=chosen.names, origins={**article.origins, "authors": chosen.place})


def candidates(article: Article, document: Document) -> dict[str, str]:
    """Give the names that each place of a page tells, joined by commas."""
    told = [*_data(document), *_printed(article, document, [])]
    return {place: ", ".join(name for one in told if one.place == place for name in one.names) for _, place in told}


def _is_enough(data: list[_Told], article: Article, document: Document) -> bool:
    """Tell whether nothing that readers see could change what the data tell: people, in the page's own letters, as many as are marked."""
    people = _people(data, document)
    if not people or all(map(is_agency, people[0].names)):
        return False
    if people[0].place == "selector" or (_is_khmer(people[0]) and not bylines.marks_several(document)):
        return True
    return not count_khmer(article.title + article.text) and not bylines.marks_several(document)


def _people(told: list[_Told], document: Document) -> list[_Told]:
    return [one for one in told if not all(_is_account(name, document) for name in one.names)]


def _chosen(told: list[_Told], printed: list[_Told], document: Document) -> _Told | None:
    people = _people(told, document)
    if not people:
        own = [one for one in told if one.place != "page"]  # the outlet's name above its article is no signature
        return next((one for one in own if not all(map(_HANDLE.fullmatch, one.names))), next(iter(own), None))
    first = people[0]
    if first.place != "selector":
        first = next((one for one in printed if one in people and _is_better(one, first)), first)
    return _completed(first, people)


def _is_better(printed: _Told, told: _Told) -> bool:
    """Tell whether what is printed is names in Khmer, which the data have not, or the data's and more people beside them."""
    if _is_khmer(printed) > _is_khmer(told):
        return True
    more = [name for name in printed.names if name not in told.names]
    beside = all(is_person(name) and not any(one in name for one in told.names) for name in more)
    return beside and _known(printed.names) > _known(told.names)


def _completed(first: _Told, people: list[_Told]) -> _Told:
    """Add who signs at the end of a text that is headed by an agency only."""
    last = people[-1]
    if last.place == "page" and all(map(is_agency, first.names)) and not _known(last.names) <= _known(first.names):
        return _Told(tuple(dict.fromkeys(first.names + last.names)), first.place)
    return first


def _is_account(name: str, document: Document) -> bool:
    return is_site_name(name, document) or bool(_HANDLE.fullmatch(name)) or name in _administrators(document)


@lru_cache(maxsize=1)  # asked of every name of one page
def _administrators(document: Document) -> tuple[str, ...]:
    """Give the names that structured data link to the account a system is set up with."""
    told = [node.get("author") for node in article_nodes(document.json_ld)]
    linked = [
        one for one in told if isinstance(one, dict) and _ADMINISTRATOR.search(f"{one.get('@id')} {one.get('url')}")
    ]
    return tuple(name for one in linked for name in texts(one))


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


def _printed(article: Article, document: Document, people: list[_Told]) -> Iterator[_Told]:
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
    if not people and all(_is_account(name, document) for found in signed for name in found):
        signed += map(names, (barenames.beside_date(first, article), barenames.bare(parts, article)))
    yield from (_without_outlet(_Told(found, "page"), document) for found in signed)


def _without_outlet(told: _Told, document: Document) -> _Told:
    """Leave out the outlet's name beside a writer's, where it signs nothing."""
    people = tuple(name for name in told.names if is_agency(name) or not is_site_name(name, document))
    return _Told(people or told.names, told.place)


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
