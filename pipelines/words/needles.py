"""What is looked for as one, and where it stands: every place where a spelling is found is judged by edges, line, case and longer words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, NamedTuple

from archive import khmer
from archive.forms import in_hashtag, is_joint, run_together
from archive.query import Leaf, Near, Prefix
from archive.vocabulary import QUOTATION, FlatText, Vocabulary, cuts, distance, flatten, is_latin, key

LONGEST_WORD = 64
"""Characters; a gap with more of them for each word it may hold is not even counted, a longer word may be cut in a quote."""
_SENTENCE_END = re.compile(
    rf"(?<!{khmer.KHAN}{khmer.ET_CETERA})(?<!{khmer.KHAN} {khmer.ET_CETERA})[{khmer.ENDS}{khmer.KOOMUUT}](?! ?{khmer.ET_CETERA} ?{khmer.KHAN})"
    rf"|[?!](?=\s|[{khmer.BLOCK}])"
    rf"|(?<=[a-z0-9{khmer.BLOCK}”’)]{{2}})\.[\"”’»)]?\s+(?=[\"“‘«(]?[A-Z{khmer.BLOCK}])"  # two: not after an initial or Mr.
)
_INITIALS = re.compile(r"(?:\.[A-Za-z](?![A-Za-z]))+")

Against = Literal["", "edge", "line", "case", "unless"]
"""Why a place where a spelling stands is no hit; empty where it is one."""


class Span(NamedTuple):
    """A stretch of a clean text."""

    start: int
    end: int


class Judged(NamedTuple):
    """One place where a spelling stands, and what speaks against it; `longer` is the word of `unless` in which it lies."""

    span: Span
    against: Against = ""
    longer: Span | None = None


@dataclass(frozen=True, slots=True)
class Needle:
    """A term's patterns, and the longer words a hit must not lie in; all folded and flat."""

    name: str
    patterns: tuple[str, ...]
    joined: tuple[str, ...] = ()
    """Patterns of several words run together, which count in hashtags only."""
    unless: tuple[str, ...] = ()
    exact: tuple[frozenset[str], ...] = ()
    """For each term whose case counts, its spellings as they are to be written, without spaces."""
    open_end: bool = False

    @property
    def all_patterns(self) -> tuple[str, ...]:
        """Give the patterns by which a hit may be found."""
        return (*self.patterns, *self.joined)


class Found(NamedTuple):
    """A flat text and where each pattern that stands in it ends."""

    flat: FlatText
    ends: Mapping[str, Sequence[int]]

    def spans(self, patterns: Iterable[str]) -> Iterator[Span]:
        """Give the spans of the clean text at which patterns stand, at whatever edges."""
        for pattern in patterns:
            for end in self.ends.get(pattern, ()):
                yield Span(*self.flat.span(end - len(pattern), end))


# ---- from a query -------------------------------------------------------------------------------------------------------------------


def needles(leaf: Leaf, vocabulary: Vocabulary) -> tuple[Needle, ...]:
    """Give what a leaf looks for: one needle, or for near words one for each of them."""
    if isinstance(leaf, Prefix):
        begun = leaf.text.rstrip(khmer.COENG)
        needle = _needle(begun, vocabulary.beginnings(begun), vocabulary)
        return (replace(needle, name=f"{leaf.text}*", open_end=True),)
    texts = vocabulary.parts(leaf.text) if isinstance(leaf, Near) else (leaf.text,)
    return tuple(_needle(text, vocabulary.forms(text), vocabulary) for text in texts)


def _needle(text: str, forms: Iterable[str], vocabulary: Vocabulary) -> Needle:
    patterns, term = _keys(forms), vocabulary.term(text)
    return Needle(
        term.say,
        patterns,
        joined=tuple({run: None for pattern in patterns if (run := run_together(pattern)) not in ("", *patterns)}),
        unless=tuple(longer for longer in _keys(term.unless) if longer not in patterns),
        exact=tuple(frozenset(map(_cased, spellings)) for spellings in vocabulary.exact(text)),
    )


def _keys(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(key, texts))))


def _cased(text: str) -> str:
    """Give the letters that have case, as they stand: Khmer has none and may be typed in several ways."""
    return "".join(char for char in flatten(khmer.clean(text)) if not khmer.is_khmer(char) and char != " ")


# ---- in a text ----------------------------------------------------------------------------------------------------------------------


def spans(needle: Needle, found: Found) -> list[Span]:
    """Give the hits of a needle in a text, in order, of those that overlap the longest only."""
    return longest(judged.span for judged in judge(needle, found) if not judged.against)


def judge(needle: Needle, found: Found) -> Iterator[Judged]:
    """Judge every place where a spelling of a needle stands."""
    text = found.flat.clean
    longer = sorted(
        span for span in found.spans(needle.unless) if not _has_any(text, span, QUOTATION) and _runs_on(text, span)
    )
    farthest = [Span(0, 0), *accumulate(longer, _farther)]
    for span in _places(needle, found):
        around = farthest[bisect_right(longer, span.start, key=lambda other: other.start)]
        whole = _to_word_end(text, span) if needle.open_end else span
        if against := _against(needle, text, span):
            yield Judged(whole, against)
        elif around.end >= span.end:
            yield Judged(whole, "unless", around)
        else:
            yield Judged(whole)


def _farther(one: Span, other: Span) -> Span:
    return other if other.end > one.end else one


def _places(needle: Needle, found: Found) -> Iterator[Span]:
    yield from found.spans(needle.patterns)
    yield from (span for span in found.spans(needle.joined) if in_hashtag(found.flat.clean, span.start))


def _against(needle: Needle, text: str, span: Span) -> Against:
    if _cuts(text, span.start) or (not needle.open_end and _cuts(text, span.end)):
        return "edge"
    if needle.exact:
        cased = _cased(text[slice(*span)])
        if not all(any(form in cased if form else not cased for form in spellings) for spellings in needle.exact):
            return "case"
    return "" if _runs_on(text, span, proper=bool(needle.exact)) else "line"


def _cuts(text: str, index: int) -> bool:
    """Tell whether a place lies inside a word; in a hashtag, each capital begins a word."""
    return cuts(text, index) and not (is_joint(text, index) and in_hashtag(text, index))


def _runs_on(text: str, span: Span, *, proper: bool = False) -> bool:
    """Tell whether words are one name where a line ends between them, as where a page broke a line inside a sentence.

    They are not where either line holds nothing else, as in a list, or where the next begins with a capital, unless the name is
    written so (`proper`); and never over two line ends.
    """
    words = text[slice(*span)]
    if "\n" not in words:
        return True
    after = words.split("\n", 1)[1]
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    alone = not text[start : span.start].strip() or not text[span.end : end if end >= 0 else len(text)].strip()
    return not (alone or "\n" in after or (after.lstrip()[:1].isupper() and not proper))


def _has_any(text: str, span: Span, signs: str) -> bool:
    return any(sign in signs for sign in text[slice(*span)])


def _to_word_end(text: str, span: Span) -> Span:
    end = span.end
    while end < len(text) and cuts(text, end):
        end += 1
    if "." in text[slice(*span)] and (more := _INITIALS.match(text, end)):
        end = more.end()
    if text[end : end + 1] == "+" and is_latin(text[end - 1]):
        end += 1
    return Span(span.start, end)


def longest(found: Iterable[Span]) -> list[Span]:
    """Keep of overlapping spans the longest, of equally long ones the first."""
    kept: list[Span] = []
    for span in sorted(set(found), key=lambda span: (span.start, -span.end)):
        if kept and span.start < kept[-1].end:
            if span.end - span.start > kept[-1].end - kept[-1].start:
                kept[-1] = span
        else:
            kept.append(span)
    return kept


# ---- near words ---------------------------------------------------------------------------------------------------------------------


def windows(groups: Sequence[Sequence[Span]]) -> Iterator[tuple[Span, Span]]:
    """Give the closest stretches in which one hit of each group stands, each with the gap from the first's end to the last's start."""
    for first, group in sorted((span, number) for number, spans in enumerate(groups) for span in spans):
        others = [_next(spans, first.end) for number, spans in enumerate(groups) if number != group]
        following = sorted(span for span in others if span)
        if len(following) == len(others):
            last = following[-1] if following else first
            whole = Span(first.start, max(span.end for span in (first, *following)))
            yield whole, Span(first.end, max(first.end, last.start))


def _next(spans: Sequence[Span], start: int) -> Span | None:
    """Give the first span that begins at or after a place."""
    index = bisect_left(spans, start, key=lambda span: span.start)
    return spans[index] if index < len(spans) else None


def are_near(text: str, gap: Span, most: int) -> bool:
    """Tell whether at most so many clusters and words stand in a gap, and no sentence ends there."""
    if gap.end - gap.start > LONGEST_WORD * (most + 1):
        return False
    return distance(text[slice(*gap)]) <= most and not ends_sentence(text, gap)


def ends_sentence(text: str, gap: Span) -> bool:
    """Tell whether a sentence ends in a gap; a line feed alone, or a mark inside quotation marks, ends none."""
    end = _SENTENCE_END.search(text, gap.start, gap.end + 4)  # 4: what tells "and so on" from an end
    return end is not None and end.start() < gap.end
