"""Articles as cards: what a reader needs to choose one, with the words that were looked for marked in headline and text."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.khmer import grow_to_clusters
from archive.query import Node, read
from archive.search import Piece, snippet
from archive.selection import Selection
from archive.spellings import vocabulary_of
from archive.vocabulary import Vocabulary

BEGINNING = 1500
"""Characters in which the words are looked for first: to fold a whole article takes longer, and most say early what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """One article as `_clipping.html` shows it."""

    id: str
    """Public key."""
    title: tuple[Piece, ...]
    url: str
    published: str | None
    source: str
    source_name: str
    source_name_km: str | None
    language: str
    snippet: tuple[Piece, ...]
    """Around the words looked for, else the quote of a match; empty for a headline alone."""
    weak: bool
    status: str
    decision: str
    hidden: bool
    kind: str
    media: str
    revision: int
    gone_on: str | None
    story: str | None
    story_size: int
    """How many articles that everybody sees carry this text."""


_SQL = """
select candidate.id, candidate.title, candidate.url, candidate.published, candidate.source, source.name, source.name_km, candidate.language,
    candidate.quote, candidate.words, revision.text, candidate.weak, candidate.status, candidate.decision, candidate.hidden, candidate.kind,
    candidate.media, candidate.revision, candidate.gone_on, candidate.story,
    (
        select count(*) from article as other
        where other.story = (select story from article where id = candidate.article)
            and other.decision != 'reject' and other.hidden = 0
            and (other.added or exists (select 1 from article_query where article_query.article = other.id))
    ),
    candidate.article
from candidate
left join source on source.id = candidate.source
join revision on revision.article = candidate.article and revision.number = candidate.revision
where candidate.article in (select value from json_each(?))
"""


def load_clippings(connection: sqlite3.Connection, articles: Iterable[int], words: str = "") -> tuple[Clipping, ...]:
    """Give the cards of articles by their rows, in that order; those that are no candidates are left out."""
    wanted = list(articles)
    node, vocabulary = read(words) if words else None, vocabulary_of(connection)
    rows = connection.execute(_SQL, [json.dumps(wanted)])
    made = {row[-1]: _clipping(tuple(row), node, vocabulary) for row in rows}
    return tuple(made[article] for article in wanted if article in made)


def load_newest(connection: sqlite3.Connection, selection: Selection, most: int) -> tuple[Clipping, ...]:
    """Give the cards of the newest articles of a selection, those without a day last."""
    sql = f"select article from {selection.view} where {selection.condition()} order by published desc, article desc limit :most"  # noqa: S608  our own words
    rows = connection.execute(sql, {**selection.bound(connection), "most": most})
    return load_clippings(connection, [row["article"] for row in rows])


def _clipping(row: tuple[object, ...], node: Node | None, vocabulary: Vocabulary) -> Clipping:
    (key, title, url, published, source, name, name_km, language, quote, words, text, *others) = row
    weak, status, decision, hidden, kind, media, revision, gone_on, story, story_size, _ = others
    return Clipping(
        id=str(key),
        title=tuple(snippet(str(title), node, vocabulary, len(str(title)))) if node else ((str(title), False),),
        url=str(url),
        published=published,  # type: ignore[arg-type]
        source=str(source),
        source_name=str(name or source),
        source_name_km=name_km,  # type: ignore[arg-type]
        language=str(language),
        snippet=_around(str(text), node, vocabulary) or _marked(str(quote or ""), str(words or "")),
        weak=bool(weak),
        status=str(status),
        decision=str(decision),
        hidden=bool(hidden),
        kind=str(kind),
        media=str(media),
        revision=int(str(revision)),
        gone_on=gone_on,  # type: ignore[arg-type]
        story=story,  # type: ignore[arg-type]
        story_size=int(str(story_size)),
    )


def _around(text: str, node: Node | None, vocabulary: Vocabulary) -> tuple[Piece, ...]:
    """Cut out where the words stand; empty where they do not stand in the text."""
    if not node:
        return ()
    for part in (text[: text.rfind(" ", 0, BEGINNING) + 1], text):
        pieces = tuple(snippet(part, node, vocabulary)) if part else ()
        if any(is_marked for _, is_marked in pieces):
            return pieces
    return ()


def _marked(quote: str, words: str) -> tuple[Piece, ...]:
    """Mark the words in the quote of a match, in whole clusters."""
    start = quote.find(words) if words else -1
    if start < 0:
        return ((quote, False),) if quote else ()
    start, end = grow_to_clusters(quote, start, start + len(words))
    pieces = ((quote[:start], False), (quote[start:end], True), (quote[end:], False))
    return tuple(piece for piece in pieces if piece[0])
