"""Campaign words in an article: spellings are found by one automaton, become hits, and the query's tree says which of them count.

All patterns of all queries run over the folded, flat text of each field at once (Aho-Corasick); only what it finds is looked at more
closely: edges, the longer words of `unless`, exact case. AND, OR and NOT look at the whole article, `"near words"~5` at one field part.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

import ahocorasick

from archive import khmer
from archive.model import WEAK_FIELDS, Article, Campaigns, Field, Match, Term
from archive.query import And, Leaf, Near, Node, Not, Or, Prefix, leaves, parse
from archive.vocabulary import FlatText, Vocabulary, cuts, distance, flatten, key, stands_alone

_CONTEXT = 60  # characters on either side of a quote's words: about one line of print
_LONGEST_WORD = 64  # characters; a gap with more of them for each word it may hold is not even counted
_COENG = "\u17d2"
_QUOTATION = frozenset('«»“”„"')  # what a flat text leaves out between Khmer; a longer word is never parted by them


class Span(NamedTuple):
    """A stretch of a clean text."""

    start: int
    end: int


class Part(NamedTuple):
    """One text of an article: a title, a text, a description, one caption or one tag."""

    field: Field
    number: int
    text: str


class Hit(NamedTuple):
    """One place where a leaf of a query stands."""

    leaf: Leaf
    term: str
    part: Part
    span: Span


Hits = Mapping[Leaf, Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class _Needle:
    """What is looked for as one: a term's patterns, and the longer words a hit must not lie in."""

    name: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    exact: frozenset[str] = frozenset()
    """Where case counts, the spellings as they are to be written, flat."""
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    campaign: str
    query: str
    tree: Node


class Matcher:
    """All queries of all campaigns, compiled. Raises QueryError where a query does not parse; pickles as its campaigns."""

    def __init__(self, campaigns: Campaigns) -> None:
        self._campaigns = campaigns
        self._questions = tuple(
            _Question(campaign.id, query.id, parse(query.find))
            for campaign in campaigns.campaign
            for query in campaign.query
        )
        vocabulary = Vocabulary(campaigns.term)
        self._asked: dict[Leaf, list[int]] = defaultdict(list)
        for number, question in enumerate(self._questions):
            for leaf in dict.fromkeys(leaves(question.tree)):
                self._asked[leaf].append(number)
        self._needles = {leaf: _needles(leaf, vocabulary) for leaf in self._asked}
        self._looked_for: dict[str, list[Leaf]] = defaultdict(list)
        for leaf, needles in self._needles.items():
            for pattern in {pattern for needle in needles for pattern in needle.patterns}:
                self._looked_for[pattern].append(leaf)
        self._automaton = _automaton(needle for needles in self._needles.values() for needle in needles)

    def __reduce__(self) -> tuple[type["Matcher"], tuple[Campaigns]]:
        return Matcher, (self._campaigns,)

    def match(self, article: Article) -> Article:
        """Give the article with a match for each hit by which a query holds; `weak` where it would not hold on title and text alone."""
        hits = self._hits(article)
        strong = {hit.leaf: hits[hit.leaf] for leaf in hits for hit in hits[leaf] if hit.part.field not in WEAK_FIELDS}
        asked = sorted({number for leaf in hits for number in self._asked[leaf]})
        matches = [match for number in asked for match in _matches(self._questions[number], hits, strong)]
        return replace(article, matches=tuple(matches))

    def _hits(self, article: Article) -> Hits:
        hits: dict[Leaf, list[Hit]] = {}
        for part in _parts(article):
            found = self._find(part.text)
            for leaf in dict.fromkeys(leaf for pattern in found.ends for leaf in self._looked_for.get(pattern, ())):
                if here := _leaf_hits(leaf, self._needles[leaf], part, found):
                    hits.setdefault(leaf, []).extend(here)
        return hits

    def _find(self, text: str) -> "_Found":
        """Run the automaton over a text: where each pattern ends in it, at whatever edges."""
        flat = FlatText(text)
        ends: dict[str, list[int]] = defaultdict(list)
        for last, pattern in self._automaton.iter(flat.text) if self._looked_for else ():
            ends[pattern].append(last + 1)
        return _Found(flat, ends)


def _parts(article: Article) -> Iterator[Part]:
    yield Part("title", 0, article.title)
    yield Part("text", 0, article.text)
    yield Part("description", 0, article.description)
    yield from (Part("caption", number, caption) for number, caption in enumerate(article.captions))
    yield from (Part("tag", number, tag) for number, tag in enumerate(article.tags))


# ---- patterns -----------------------------------------------------------------------------------------------------------------------


def _needles(leaf: Leaf, vocabulary: Vocabulary) -> tuple[_Needle, ...]:
    """Give what a leaf looks for: one needle, or for near words one for each of them."""
    if isinstance(leaf, Prefix):
        return (_Needle(f"{leaf.text}*", _keys([leaf.text.rstrip(_COENG)]), open_end=True),)
    texts = vocabulary.parts(leaf.text) if isinstance(leaf, Near) else (leaf.text,)
    return tuple(_needle(vocabulary.term(text), vocabulary.forms(text)) for text in texts)


def _needle(term: Term, forms: Sequence[str]) -> _Needle:
    exact = frozenset(map(_cased, term.spellings)) if term.case == "exact" else frozenset()
    patterns = _keys(forms)
    return _Needle(term.say, patterns, tuple(longer for longer in _keys(term.unless) if longer not in patterns), exact)


def _keys(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(key, texts))))


def _cased(text: str) -> str:
    """Give the letters that have case, as they stand: Khmer has none and may be typed in several ways."""
    return "".join(char for char in flatten(khmer.clean(text)) if not khmer.is_khmer(char)).strip()


def _automaton(needles: Iterable[_Needle]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for needle in needles:
        for pattern in (*needle.patterns, *needle.unless):
            automaton.add_word(pattern, pattern)
    automaton.make_automaton()
    return automaton


# ---- hits ---------------------------------------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A flat text and where each pattern that stands in it ends."""

    flat: FlatText
    ends: Mapping[str, Sequence[int]]

    def spans(self, patterns: Iterable[str]) -> Iterator[Span]:
        """Give the spans of the clean text at which patterns stand, at whatever edges."""
        for pattern in patterns:
            for end in self.ends.get(pattern, ()):
                yield Span(*self.flat.span(end - len(pattern), end))


def _leaf_hits(leaf: Leaf, needles: Sequence[_Needle], part: Part, found: _Found) -> list[Hit]:
    if isinstance(leaf, Near):
        spans = _windows([_spans(needle, found) for needle in needles], leaf.distance, part.text)
        return [Hit(leaf, leaf.text, part, span) for span in spans]
    return [Hit(leaf, needle.name, part, span) for needle in needles for span in _spans(needle, found)]


def _spans(needle: _Needle, found: _Found) -> list[Span]:
    """Give the hits of a needle in a text, in order, of those that overlap the longest only."""
    text = found.flat.clean
    spans = found.spans(needle.patterns)
    if needle.open_end:
        alone = [_to_word_end(text, span) for span in spans if not cuts(text, span.start)]
    else:
        alone = [span for span in spans if stands_alone(text, *span)]
    if needle.exact:
        alone = [span for span in alone if _cased(text[slice(*span)]) in needle.exact]
    longer = sorted(span for span in found.spans(needle.unless) if _QUOTATION.isdisjoint(text[slice(*span)]))
    return _longest(_outside(alone, longer))


def _to_word_end(text: str, span: Span) -> Span:
    end = span.end
    while end < len(text) and cuts(text, end):
        end += 1
    return Span(span.start, end)


def _outside(spans: Iterable[Span], longer: Sequence[Span]) -> Iterator[Span]:
    """Give the spans that lie in none of the longer ones, which come in order."""
    farthest = [0, *accumulate((span.end for span in longer), max)]
    for span in spans:
        if farthest[bisect_right(longer, span.start, key=lambda other: other.start)] < span.end:
            yield span


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Keep of overlapping spans the longest, of equally long ones the first."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start, -span.end)):
        if kept and span.start < kept[-1].end:
            if span.end - span.start > kept[-1].end - kept[-1].start:
                kept[-1] = span
        else:
            kept.append(span)
    return kept


def _windows(groups: Sequence[Sequence[Span]], most: int, text: str) -> list[Span]:
    """Give the spans in which one hit of each group stands, with at most so much between the first's end and the last's start."""
    windows = []
    for first, group in sorted((span, number) for number, spans in enumerate(groups) for span in spans):
        others = [_next(spans, first.end) for number, spans in enumerate(groups) if number != group]
        following = sorted(span for span in others if span)
        if len(following) < len(others):
            continue
        if not following or _are_near(text, first.end, following[-1].start, most):
            windows.append(Span(first.start, max(span.end for span in (first, *following))))
    return _longest(windows)


def _next(spans: Sequence[Span], start: int) -> Span | None:
    """Give the first span that begins at or after a place."""
    index = bisect_left(spans, start, key=lambda span: span.start)
    return spans[index] if index < len(spans) else None


def _are_near(text: str, end: int, start: int, most: int) -> bool:
    return start - end <= _LONGEST_WORD * (most + 1) and distance(text[end:start]) <= most


# ---- the tree -----------------------------------------------------------------------------------------------------------------------


def _matches(question: _Question, hits: Hits, strong: Hits) -> Iterator[Match]:
    """Give the matches by which a query holds; none where it holds only by what does not stand there."""
    reasons = _reasons(question.tree, hits, hits)
    if reasons:
        weak = not _reasons(question.tree, strong, hits)
        for hit in dict.fromkeys(reasons):
            yield _match(question, hit, weak=weak)


def _reasons(node: Node, hits: Hits, all_hits: Hits) -> list[Hit] | None:
    """Give the hits by which a node holds, or None where it does not; NOT looks at all hits, so its reasons are none."""
    if isinstance(node, Not):
        return None if node.child in all_hits else []
    if not isinstance(node, And | Or):
        return list(hits[node]) if node in hits else None
    children = [_reasons(child, hits, all_hits) for child in node.children]
    holding = [reasons for reasons in children if reasons is not None]
    if len(holding) < (len(children) if isinstance(node, And) else 1):
        return None
    return [hit for reasons in holding for hit in reasons]


def _match(question: _Question, hit: "Hit", *, weak: bool) -> Match:
    return Match(
        campaign=question.campaign,
        query=question.query,
        term=hit.term,
        field=hit.part.field,
        part=hit.part.number,
        start=hit.span.start,
        end=hit.span.end,
        words=hit.part.text[slice(*hit.span)],
        quote=_quote(hit.part.text, hit.span),
        weak=weak,
    )


def _quote(text: str, span: Span) -> str:
    """Give the words with their context, in one line: what stands around them in the paragraph, in whole clusters and words."""
    paragraph = text.rfind("\n", 0, span.start) + 1
    paragraph_end = text.find("\n", span.end)
    last = min(len(text) if paragraph_end < 0 else paragraph_end, span.end + _CONTEXT)
    start, end = khmer.grow_to_clusters(text, max(paragraph, span.start - _CONTEXT), last)
    return " ".join(text[start:end].split())
