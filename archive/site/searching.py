"""The search page: which articles answer, what they have in common, how the words were understood, and the same as JSON."""

import json
import sqlite3
from dataclasses import dataclass
from itertools import islice
from typing import Any

from datasette.utils.asgi import Response

from archive.selection import Meaningless, Selection, read
from archive.site.advice import Hints, Understood, load_hints, understood
from archive.site.asking import Asking, address
from archive.site.clippings import Clipping, load_clippings
from archive.site.facets import Facet, load_facets
from archive.site.naming import Names, load_names
from archive.site.shelf import Bits, Shelf, shelf_of
from archive.site.visit import Visit
from archive.spellings import vocabulary_of

PAGE = 20
"""Articles on one page."""

SHOWN = 8
"""Values of a facet that are seen at once; the others open."""

DOWNLOADS = (
    ("csv", "CSV"),
    ("excel.csv", "CSV for Excel"),
    ("xlsx", "Excel"),
    ("jsonl", "JSON Lines"),
    ("atom", "Atom"),
)
"""Ending of the address -> the name of the format."""

MESSAGES = ("CSV for Excel",)
"""The names of formats that are words."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles a selection finds."""

    articles: int
    """All of them, those known by their headline only among them."""
    stories: int
    """Distinct ones."""
    headlines: int
    """Of which only the headline could be had."""
    undated: int
    """Without a day, and so left out by a range of days."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a selection finds."""

    count: Count
    page: int
    """From 1 to `pages`."""
    pages: int
    clippings: tuple[Clipping, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the search page tells."""

    found: Found
    facets: tuple[Facet, ...]
    understood: Understood
    hints: Hints | None
    """Where nothing was found."""
    names: Names


# ---- what is known ----------------------------------------------------------------------------------------------------------------


def load_found(connection: sqlite3.Connection, selection: Selection, page: int = 1) -> Found:
    """Give a page of what a selection finds; one that is not there is the nearest."""
    shelf = shelf_of(connection)
    found = shelf.found(connection, selection)
    count = _count(connection, shelf, selection, found)
    pages = max(1, -(-count.articles // PAGE))
    page = min(max(1, page), pages)
    rows = islice(shelf.in_order(connection, selection, found), (page - 1) * PAGE, page * PAGE)
    return Found(count, page, pages, load_clippings(connection, rows, selection.words))


def _count(connection: sqlite3.Connection, shelf: Shelf, selection: Selection, found: Bits) -> Count:
    headlines = shelf.sets(connection, "status").get("headline only", 0)
    ranged = selection.since or selection.until
    whenever = shelf.found(connection, selection.without("since", "until")) if ranged else found
    return Count(
        articles=found.bit_count(),
        stories=shelf.one_of_each_story(connection, found).bit_count(),
        headlines=(found & headlines).bit_count(),
        undated=(whenever & ~shelf.dated).bit_count() if ranged else 0,
    )


def load_answer(connection: sqlite3.Connection, selection: Selection, page: int = 1) -> Answer:
    """Give all that the search page tells of a selection."""
    found = load_found(connection, selection, page)
    shelf = shelf_of(connection)
    return Answer(
        found=found,
        facets=load_facets(connection, shelf, selection),
        understood=understood(selection.words, vocabulary_of(connection)),
        hints=None if found.count.articles else load_hints(connection, shelf, selection),
        names=load_names(connection),
    )


# ---- pages ------------------------------------------------------------------------------------------------------------------------


async def search(visit: Visit) -> Response:
    """Show what a search finds; what has no meaning is told above the form, which keeps what was typed."""
    try:
        selection = read(visit.asked)
    except Meaningless as problem:
        told = visit.locale.text(problem.message, **problem.values)
        asking = Asking(visit, Selection(), await visit.read(load_names))
        return visit.render("search.html", 400, asking=asking, answer=None, problem=told)
    answer = await visit.read(load_answer, selection, _number(visit.asked.get("page", "")))
    asking = Asking(visit, selection, answer.names)
    return visit.render("search.html", asking=asking, answer=answer, problem="", shown=SHOWN, downloads=DOWNLOADS)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


async def search_json(visit: Visit) -> Response:
    """Answer with the same page of results for programs."""
    try:
        selection = read(visit.asked)
    except Meaningless as problem:
        return _json({"error": str(problem)}, 400)
    found = await visit.read(load_found, selection, _number(visit.asked.get("page", "")))
    following = address(visit, selection, found.page + 1, "/search.json") if found.page < found.pages else None
    return _json(
        {
            "articles": found.count.articles,
            "stories": found.count.stories,
            "headline_only": found.count.headlines,
            "undated_left_out": found.count.undated,
            "page": found.page,
            "pages": found.pages,
            "next": following,
            "results": [_told(visit, clipping) for clipping in found.clippings],
        }
    )


def _told(visit: Visit, clipping: Clipping) -> dict[str, object]:
    return {
        "id": clipping.id,
        "title": "".join(text for text, _ in clipping.title),
        "url": clipping.url,
        "page": visit.url(f"/article/{clipping.id}"),
        "published": clipping.published,
        "source": clipping.source,
        "source_name": clipping.source_name,
        "language": clipping.language,
        "snippet": "".join(text for text, _ in clipping.snippet),
        "words": [text for text, marked in clipping.snippet if marked],
        "weak": clipping.weak,
        "status": clipping.status,
        "decision": clipping.decision,
        "kind": clipping.kind,
        "media": clipping.media,
        "story": clipping.story,
        "story_articles": clipping.story_size,
    }


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
