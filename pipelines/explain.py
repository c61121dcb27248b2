"""Why a query finds an article or does not: its tree, node by node, with every hit, and every place that nearly was one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from archive import khmer
from archive.model import WEAK_FIELDS, Article, Campaign, Campaigns, Field, Query
from archive.query import And, Leaf, Near, Node, Not, Or, Phrase, Prefix, parse
from archive.vocabulary import distance
from pipelines.match import Hit, Hits, Matcher, Part, quote
from pipelines.words.needles import Found, Judged, Needle, Span, ends_sentence, judge, spans, windows

Kind = Literal["AND", "OR", "NOT", "phrase", "prefix", "near"]

MOST_PLACES = 5
"""Hits and near misses told of each word; a long article may hold hundreds."""
_FEWEST_CLUSTERS, _FEWEST_TO_MISS = 3, 5
"""A shorter word is one cluster away from too many others; one with a cluster more or less is told from five on."""
_WHY = {
    "edge": "inside a longer word or cluster",
    "line": "a line ends between the words",
    "case": "capitals count here, and it is written otherwise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Some words of the article; `why` tells why they are no hit and is empty for a hit."""

    field: Field
    part: int
    start: int
    end: int
    words: str
    quote: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One node of a query: whether it holds in an article and why."""

    kind: Kind
    written: str
    """As the query has it; for AND, OR and NOT, the operator."""
    holds: bool
    weak: bool = False
    """Whether it holds only by captions, tags or the description."""
    note: str = ""
    """Of the whole query, why it does not hold though its parts do."""
    children: tuple["Explanation", ...] = ()
    spellings: tuple[str, ...] = ()
    """For a leaf, what is looked for, folded; of near words, each word's first spelling."""
    hits: tuple[Place, ...] = ()
    misses: tuple[Place, ...] = ()
    hints: tuple[Place, ...] = ()
    """Where nothing is found, words that differ from a Khmer spelling by one cluster."""


def explain(article: Article, query: Query | str, campaigns: Campaigns) -> Explanation:
    """Tell why a query holds in an article or not, by the declared terms. Raises QueryError where it does not parse."""
    find = query if isinstance(query, str) else query.find
    asked = Campaign(id="asked", name="asked", since=date.min, query=(Query(id="asked", label="asked", find=find),))
    matcher = Matcher(replace(campaigns, campaign=(asked,)))
    texts = tuple(matcher.look(article))
    told = _Explainer(matcher.needles, matcher.hits(article), texts).explain(parse(find))
    found = matcher.match(article).matches
    if told.holds and not found:
        return replace(told, holds=False, note="nothing that is looked for stands there")
    return replace(told, weak=any(match.weak for match in found))


class _Explainer(NamedTuple):
    """What is known of one article and one query."""

    needles: Mapping[Leaf, tuple[Needle, ...]]
    hits: Hits
    texts: Sequence[tuple[Part, Found]]

    def explain(self, node: Node) -> Explanation:
        if isinstance(node, And | Or):
            children = tuple(map(self.explain, node.children))
            all_of = isinstance(node, And)
            holding = [child.weak for child in children if child.holds]
            return Explanation(
                kind="AND" if all_of else "OR",
                written="AND" if all_of else "OR",
                holds=len(holding) == len(children) if all_of else bool(holding),
                weak=bool(holding) and (any(holding) if all_of else all(holding)),
                children=children,
            )
        if isinstance(node, Not):
            inner = self._leaf(node.child)
            return Explanation(kind="NOT", written="NOT", holds=not inner.holds, children=(inner,))
        return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Explanation:
        hits, needles = self.hits.get(leaf, ()), self.needles[leaf]
        misses = [*self._judged(needles, hits), *(self._apart(leaf, needles) if isinstance(leaf, Near) else ())]
        return Explanation(
            kind=_kind(leaf),
            written=written(leaf),
            holds=bool(hits),
            weak=bool(hits) and all(hit.part.field in WEAK_FIELDS for hit in hits),
            spellings=tuple(needle.patterns[0] for needle in needles)
            if isinstance(leaf, Near)
            else needles[0].patterns,
            hits=tuple(_place(hit.part, hit.span) for hit in hits),
            misses=tuple(misses),
            hints=() if hits or misses else tuple(self._hints(needles)),
        )

    def _judged(self, needles: Sequence[Needle], hits: Sequence[Hit]) -> Iterator[Place]:
        """Give the places where a spelling stands that are no hits, but for those inside one."""
        for part, found in self.texts:
            taken = [hit.span for hit in hits if hit.part == part]
            for judged in dict.fromkeys(judged for needle in needles for judged in judge(needle, found)):
                if judged.against and not any(_overlap(judged.span, span) for span in taken):
                    yield _place(part, judged.span, _reason(part.text, judged))

    def _apart(self, near: Near, needles: Sequence[Needle]) -> Iterator[Place]:
        """Give for each text in which all words stand, but not near enough, the closest such place."""
        for part, found in self.texts:
            if any(hit.part == part for hit in self.hits.get(near, ())):
                continue
            groups = [spans(needle, found) for needle in needles]
            stretches = [(distance(part.text[slice(*gap)]), whole, gap) for whole, gap in windows(groups)]
            if stretches:
                apart, whole, gap = min(stretches)
                yield _place(part, whole, _distance(part.text, gap, apart, near.distance))
            elif any(groups):
                yield from self._alone(part, needles, groups)

    def _alone(self, part: Part, needles: Sequence[Needle], groups: Sequence[Sequence[Span]]) -> Iterator[Place]:
        missing = ", ".join(needle.name for needle, group in zip(needles, groups, strict=True) if not group)
        first = min(span for group in groups for span in group)
        yield _place(part, first, f"no {missing} in the same text" if missing else "they overlap or stand once only")

    def _hints(self, needles: Sequence[Needle]) -> Iterator[Place]:
        patterns = {pattern for needle in needles for pattern in needle.patterns}
        for part, found in self.texts:
            for pattern in sorted(patterns):
                for start, end in _close(pattern, found.flat.text):
                    span = Span(*found.flat.span(start, end))
                    yield _place(part, span, f"one cluster differs from {pattern}")


def written(leaf: Leaf) -> str:
    """Give a leaf as one writes it in a query."""
    if isinstance(leaf, Prefix):
        return f"{leaf.text}*"
    return f'"{leaf.text}"~{leaf.distance}' if isinstance(leaf, Near) else f'"{leaf.text}"'


def _kind(leaf: Leaf) -> Kind:
    return "phrase" if isinstance(leaf, Phrase) else "prefix" if isinstance(leaf, Prefix) else "near"


def _place(part: Part, span: Span, why: str = "") -> Place:
    words, around = part.text[slice(*span)], quote(part.text, span)
    return Place(field=part.field, part=part.number, start=span.start, end=span.end, words=words, quote=around, why=why)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _reason(text: str, judged: Judged) -> str:
    if judged.longer:
        return f"unless: it is part of {text[slice(*judged.longer)]}"
    return _WHY[judged.against]


def _distance(text: str, gap: Span, apart: int, most: int) -> str:
    if apart > most:
        return f"too far apart: {apart} between them, at most {most} may be"
    return "a sentence ends between them" if ends_sentence(text, gap) else "too long a gap between them"


# ---- close spellings ----------------------------------------------------------------------------------------------------------------


def _close(pattern: str, flat: str) -> Iterator[tuple[int, int]]:
    """Give where a flat text holds a Khmer word that differs by one cluster: another, one more or one less.

    One half of the word is then there unchanged: only around such halves is looked.
    """
    clusters = [pattern[slice(*span)] for span in khmer.clusters(pattern)]
    if len(clusters) < _FEWEST_CLUSTERS or "".join(clusters) != pattern:
        return
    middle = len(clusters) // 2
    found = [span for half in (clusters[:middle], clusters[middle:]) for span in _around(half, clusters, flat)]
    if found:
        yield min(found, key=lambda span: (abs(span[1] - span[0] - len(pattern)), span))


def _around(half: Sequence[str], clusters: Sequence[str], flat: str) -> Iterator[tuple[int, int]]:
    sought, begins = "".join(half), half == clusters[: len(half)]
    place = flat.find(sought)
    while place >= 0:
        first = place if begins else max(0, place - 12 * (len(clusters) - len(half)))
        near = list(khmer.clusters(flat[first : place + len(sought) + 60]))[: 3 * len(clusters)]
        for start in range(len(near)):
            for count in (len(clusters), len(clusters) - 1, len(clusters) + 1):
                one = [flat[first + begin : first + end] for begin, end in near[start : start + count]]
                if len(one) == count and _differ_by_one(one, clusters):
                    yield first + near[start][0], first + near[start + count - 1][1]
        place = flat.find(sought, place + 1)


def _differ_by_one(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two rows of clusters differ by one: otherwise signed or with a letter that is mixed up with its own, or missing."""
    shorter, longer = sorted((one, other), key=len)
    at = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) < len(longer):
        return len(shorter) >= _FEWEST_TO_MISS and longer[at + 1 :] == shorter[at:]
    if at == len(one) or one[at + 1 :] != other[at + 1 :]:
        return False
    return one[at][0].translate(khmer.MIXED_UP) == other[at][0].translate(khmer.MIXED_UP)


# ---- as text ------------------------------------------------------------------------------------------------------------------------


def lines(explanation: Explanation, indent: int = 0) -> Iterator[str]:
    """Write an explanation for a terminal, two spaces deeper for each level."""
    yield " " * indent + _head(explanation)
    for child in explanation.children:
        yield from lines(child, indent + 2)
    if len(explanation.spellings) > 1:
        yield " " * (indent + 4) + "looked for: " + " · ".join(explanation.spellings)
    for title, places in (("", explanation.hits), ("not ", explanation.misses), ("close: ", explanation.hints)):
        yield from (" " * (indent + 4) + line for line in _told(title, places))


def _head(explanation: Explanation) -> str:
    answer = "yes" if explanation.holds else "no"
    weak = ", weakly: only in a caption, tag or the description" if explanation.weak else ""
    note = f", as {explanation.note}" if explanation.note else ""
    return f"{answer:3} {explanation.written}{weak}{note}"


def _told(title: str, places: Sequence[Place]) -> Iterator[str]:
    for place in places[:MOST_PLACES]:
        words = " ".join(place.words.split())
        yield " · ".join(filter(None, (f"{title}{_where(place)}: {words}", place.why, f"in: {place.quote}")))
    if len(places) > MOST_PLACES:
        yield f"{title}and {len(places) - MOST_PLACES} more"


def _where(place: Place) -> str:
    return f"{place.field} {place.part + 1}" if place.field in ("caption", "tag") else place.field
