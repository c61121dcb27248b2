"""Campaign words in an article: spellings are found by one automaton, become hits, and the query's tree says which of them count.

All patterns of all queries run over the folded, flat text of each field at once (Aho-Corasick); only what it finds is looked at more
closely: edges, the longer words of `unless`, exact case. AND, OR and NOT look at the whole article, `"near words"~5` at one field part.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import ahocorasick

from archive import khmer
from archive.model import WEAK_FIELDS, Article, Campaigns, Field, Match
from archive.query import And, Leaf, Near, Node, Not, Or, leaves, parse
from archive.vocabulary import FlatText, Vocabulary
from pipelines.words.needles import LONGEST_WORD, Found, Needle, Span, are_near, longest, needles, spans, windows

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""

_CONTEXT = 60  # characters on either side of a quote's words: about one line of print
_TO_BLANK = 15  # characters within which a quote rather ends at a blank or a sentence's end: two or three Khmer words
_BLANK = re.compile(rf"[\s{khmer.ENDS}]")


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
        self.needles: Mapping[Leaf, tuple[Needle, ...]] = {leaf: needles(leaf, vocabulary) for leaf in self._asked}
        self._looked_for: dict[str, list[Leaf]] = defaultdict(list)
        for leaf, told in self.needles.items():
            for pattern in {pattern for needle in told for pattern in needle.all_patterns}:
                self._looked_for[pattern].append(leaf)
        self._automaton = _automaton(needle for told in self.needles.values() for needle in told)

    def __reduce__(self) -> tuple[type["Matcher"], tuple[Campaigns]]:
        return Matcher, (self._campaigns,)

    def match(self, article: Article) -> Article:
        """Give the article with a match for each hit by which a query holds; `weak` where it would not hold on title and text alone."""
        hits = self.hits(article)
        strong = {hit.leaf: hits[hit.leaf] for leaf in hits for hit in hits[leaf] if hit.part.field not in WEAK_FIELDS}
        asked = sorted({number for leaf in hits for number in self._asked[leaf]})
        matches = [match for number in asked for match in _matches(self._questions[number], hits, strong)]
        return replace(article, matches=tuple(matches))

    def hits(self, article: Article) -> Hits:
        """Give where the leaves of the queries stand, whether the queries hold or not."""
        hits: dict[Leaf, list[Hit]] = {}
        for part, found in self.look(article):
            for leaf in dict.fromkeys(leaf for pattern in found.ends for leaf in self._looked_for.get(pattern, ())):
                if here := _leaf_hits(leaf, self.needles[leaf], part, found):
                    hits.setdefault(leaf, []).extend(here)
        return hits

    def look(self, article: Article) -> Iterator[tuple[Part, Found]]:
        """Run the automaton over each text of an article: where each pattern ends in it, at whatever edges."""
        for part in _parts(article):
            flat = FlatText(part.text)
            ends: dict[str, list[int]] = defaultdict(list)
            for last, pattern in self._automaton.iter(flat.text) if self._looked_for else ():
                ends[pattern].append(last + 1)
            yield part, Found(flat, ends)


def _parts(article: Article) -> Iterator[Part]:
    yield Part("title", 0, article.title)
    yield Part("text", 0, article.text)
    yield Part("description", 0, article.description)
    yield from (Part("caption", number, caption) for number, caption in enumerate(article.captions))
    yield from (Part("tag", number, tag) for number, tag in enumerate(article.tags))


# ---- hits ---------------------------------------------------------------------------------------------------------------------------


def _automaton(needles: Iterable[Needle]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for needle in needles:
        for pattern in (*needle.all_patterns, *needle.unless):
            automaton.add_word(pattern, pattern)
    automaton.make_automaton()
    return automaton


def _leaf_hits(leaf: Leaf, needles: Sequence[Needle], part: Part, found: Found) -> list[Hit]:
    if isinstance(leaf, Near):
        groups = [spans(needle, found) for needle in needles]
        near = (whole for whole, gap in windows(groups) if are_near(part.text, gap, leaf.distance))
        return [Hit(leaf, leaf.text, part, span) for span in longest(near)]
    return [Hit(leaf, needle.name, part, span) for needle in needles for span in spans(needle, found)]


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
        quote=quote(hit.part.text, hit.span),
        weak=weak,
    )


def quote(text: str, span: Span) -> str:
    """Give the words with their context, in one line: what stands around them in the paragraph, in whole clusters and words.

    It begins and ends at a blank or a sentence's end where one is near.
    """
    paragraph, paragraph_end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    last = len(text) if paragraph_end < 0 else paragraph_end
    start, end = span.start - _CONTEXT, span.end + _CONTEXT
    start = paragraph if start <= paragraph else _cut(text, start, Span(paragraph, span.start))[0]
    end = last if end >= last else _cut(text, end, Span(span.end, last))[1]
    return " ".join(text[start:end].split())


def _cut(text: str, place: int, within: Span) -> Span:
    """Give where a quote may begin and end that were to be cut at a place: the nearest blank, else around what it would cut."""
    first, last = max(within.start, place - _TO_BLANK), min(within.end, place + _TO_BLANK)
    blanks = [blank.end() for blank in _BLANK.finditer(text, first, last)]
    if blanks:
        nearest = min(blanks, key=lambda blank: abs(blank - place))
        return Span(nearest, nearest)
    floor = max(within.start, place - LONGEST_WORD)
    start, end = khmer.grow_to_clusters(
        text[floor : min(within.end, place + LONGEST_WORD)], place - floor, place - floor
    )
    return Span(floor + start, floor + end)
