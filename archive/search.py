"""The search box's side of the query language: queries as FTS5 expressions, and snippets.

Search is broader than matching: English words are found by their stem (`accept` finds "acceptance"), case never counts, and `unless`
is not asked. So it finds whatever a campaign's query matches, and more; what NOT takes away is as broad. One thing the index cannot
say is "everything but x": where NOT would mean that, only the words that are looked for count (`a OR NOT b` finds what has a).
A hashtag of several words, #IAcceptCambodia, is found by itself and by each of its words: the index holds them too.
Of a phrase the first 64 tokens are looked for, a Khmer cluster being one: a longer quotation is found by its beginning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple
from unicodedata import category

from archive import khmer
from archive.forms import run_together
from archive.query import And, Leaf, Near, Node, Not, Or, Phrase, Prefix, positive, read
from archive.vocabulary import FlatText, Vocabulary, cuts, key

NOTHING = '""'
"""A match expression that FTS5 accepts and that matches no row."""

_MOST_NEAR = 256  # combinations of spellings in one "near words"~5
_MOST_TOKENS = 64  # of one phrase; a sentence has fewer, and FTS5 needs most of a minute for thousands in a long text
# How English words may go on after the stem under which the Porter stemmer files them.
_ENDINGS = (
    *(
        "ational",
        "ations",
        "ating",
        "ated",
        "atively",
        "ators",
        "ities",
        "icate",
        "ically",
        "iveness",
        "fulness",
        "ousness",
        "izations",
    ),
    *(
        "ances",
        "ences",
        "ements",
        "ments",
        "antly",
        "ently",
        "ables",
        "ibles",
        "ings",
        "isms",
        "ists",
        "ers",
        "ively",
        "ously",
        "nesses",
    ),
)
_INFLECTION = re.compile("(?<=[a-z]{4})(?:ies|ing|ed|es|s|e|y)$")
_SHORTEST_STEM = 4  # letters; under that every ending would bring in other words


# ---- expressions --------------------------------------------------------------------------------------------------------------------


def escape_fts(text: str, vocabulary: Vocabulary) -> str:
    """Turn what somebody typed into a valid FTS5 expression; never raises. What is no query is searched as all its words."""
    node = read(text)
    return expression(node, vocabulary) if node else NOTHING


def expression(node: Node, vocabulary: Vocabulary) -> str:
    """Give the FTS5 expression of a query, every spelling in it, every operator in brackets of its own."""
    clause = _clause(node, vocabulary)
    if clause and clause.negative:
        clause = _any([_leaf_clause(leaf, vocabulary) for leaf in positive(node)])
    return clause.match if clause else NOTHING


class _Clause(NamedTuple):
    """An FTS5 expression, or, where negative, all rows but those it matches: FTS5 has no such expression of its own."""

    match: str
    negative: bool = False


def _clause(node: Node, vocabulary: Vocabulary) -> _Clause | None:
    """Give the clause of a node; None where the index holds nothing of it, such as an emoji."""
    if isinstance(node, And):
        return _all([_clause(child, vocabulary) for child in node.children])
    if isinstance(node, Or):
        return _any([_clause(child, vocabulary) for child in node.children])
    if isinstance(node, Not):
        return _opposite(_clause(node.child, vocabulary))
    return _leaf_clause(node, vocabulary)


def _opposite(clause: _Clause | None) -> _Clause | None:
    return clause and _Clause(clause.match, negative=not clause.negative)


def _all(clauses: Iterable[_Clause | None]) -> _Clause | None:
    """Join by AND: what is wanted, NOT any of what is not."""
    known = [clause for clause in clauses if clause]
    wanted = [clause.match for clause in known if not clause.negative]
    unwanted = [clause.match for clause in known if clause.negative]
    if wanted and unwanted:
        return _Clause(f"({_bracketed('AND', wanted)} NOT {_bracketed('OR', unwanted)})")
    if wanted:
        return _Clause(_bracketed("AND", wanted))
    return _Clause(_bracketed("OR", unwanted), negative=True) if unwanted else None


def _any(clauses: Iterable[_Clause | None]) -> _Clause | None:
    """Join by OR, as the opposite of AND over opposites."""
    return _opposite(_all(map(_opposite, clauses)))


def _bracketed(operator: str, matches: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(matches))
    return f"({f' {operator} '.join(distinct)})" if len(distinct) > 1 else distinct[0]


def _leaf_clause(leaf: Leaf, vocabulary: Vocabulary) -> _Clause | None:
    if isinstance(leaf, Phrase):
        forms = vocabulary.forms(leaf.text)
        matches = [
            *map(_quoted, forms),
            *(f'"{run}"*' for run in dict.fromkeys(map(run_together, map(key, forms))) if run),
        ]
    elif isinstance(leaf, Prefix):
        matches = [
            match for form in vocabulary.beginnings(leaf.text.rstrip(khmer.COENG)) for match in _beginnings(form)
        ]
    else:
        matches = list(_nears(leaf, vocabulary))
    known = [match for match in matches if match]
    return _Clause(_bracketed("OR", known)) if known else None


def _quoted(text: str) -> str:
    """Give the FTS5 phrase of a text's first tokens, each Khmer cluster one; empty where the index holds nothing of it."""
    told = "".join(char if _indexed(char) else " " for char in khmer.index_text(text))
    tokens = told.split()[:_MOST_TOKENS]
    return f'"{" ".join(tokens)}"' if tokens else ""


def _indexed(char: str) -> bool:
    return category(char)[0] in "LN" or category(char) in ("Co", "Mn", "Mc")


def _beginnings(text: str) -> Iterator[str]:
    """Give the expressions for words that begin like this; the stems that are shorter than what was typed are words of their own."""
    begun = khmer.fold(text).rstrip(khmer.COENG)
    if prefix := _quoted(begun):
        yield f"{prefix}*"
    word = re.search("[a-z]*$", begun)
    for length in range(_SHORTEST_STEM, len(word[0]) if word else 0):
        cut = len(begun) - len(word[0]) + length if word else 0
        if any(ending.startswith(begun[cut:]) for ending in _ENDINGS):
            yield _quoted(begun[:cut])


def _nears(near: Near, vocabulary: Vocabulary) -> Iterator[str]:
    choices = [list(filter(None, map(_quoted, vocabulary.forms(part)))) for part in vocabulary.parts(near.text)]
    for phrases in islice(product(*filter(None, choices)), _MOST_NEAR):
        if phrases:
            yield f"NEAR({' '.join(phrases)}, {near.distance})" if len(phrases) > 1 else phrases[0]


def too_short(text: str) -> bool:
    """Tell whether nothing typed is long enough to find something by: two Khmer clusters, or two other letters or digits."""
    node = read(text)
    return node is None or all(map(_is_short, positive(node)))


def _is_short(leaf: Leaf) -> bool:
    other = sum(char.isdigit() or (char.isalpha() and not khmer.is_khmer(char)) for char in leaf.text)
    return khmer.cluster_count(leaf.text) < 2 and other < 2


# ---- snippets -----------------------------------------------------------------------------------------------------------------------

Piece = tuple[str, bool]
"""A piece of text, and whether it is marked."""


def snippet(text: str, query: Node | str, vocabulary: Vocabulary, width: int = 240) -> list[Piece]:
    """Cut about `width` characters around the first hit out of a clean text, the hits marked and no cluster or word cut.

    Without a hit it is the beginning. An ellipsis stands where the text goes on.
    """
    marks = hits(text, query, vocabulary)
    start = max(0, min(marks[0][0] - width // 3, len(text) - width)) if marks else 0
    start, end = khmer.grow_to_clusters(text, start, min(len(text), start + width))
    pieces = list(_pieces(text, marks, start, end))
    before: list[Piece] = [("…", False)] if start else []
    after: list[Piece] = [("…", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _pieces(text: str, marks: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    done = start
    for first, last in marks:
        if first < done or last > end:
            continue
        if first > done:
            yield text[done:first], False
        yield text[first:last], True
        done = last
    if done < end:
        yield text[done:end], False


def hits(text: str, query: Node | str, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Give the spans of a clean text to mark for a query: whole clusters, whole English words from their stem on; none overlap."""
    node = read(query) if isinstance(query, str) else query
    flat = FlatText(text)
    spans = {span for leaf in positive(node) for span in _leaf_hits(flat, leaf, vocabulary)} if node else ()
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _leaf_hits(flat: FlatText, leaf: Leaf, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    for pattern in _patterns(leaf, vocabulary):
        for hit in re.finditer(pattern, flat.text):
            start, end = flat.span(hit.start(), hit.end())
            if not cuts(flat.clean, start) and (isinstance(leaf, Prefix) or not cuts(flat.clean, end)):
                yield khmer.grow_to_clusters(flat.clean, start, end)


def _patterns(leaf: Leaf, vocabulary: Vocabulary) -> Iterator[str]:
    """Give regular expressions for a flat text; English words may end otherwise, as the index knows only their stems."""
    if isinstance(leaf, Prefix):
        yield from map(re.escape, filter(None, map(key, vocabulary.beginnings(leaf.text.rstrip(khmer.COENG)))))
        return
    texts = vocabulary.parts(leaf.text) if isinstance(leaf, Near) else (leaf.text,)
    forms = [key(form) for text in texts for form in vocabulary.forms(text)]
    for needle in dict.fromkeys(filter(None, (*forms, *map(run_together, forms)))):
        yield re.sub("[a-z]{5,}", lambda word: f"{_INFLECTION.sub('', word[0])}[a-z]*", re.escape(needle))
