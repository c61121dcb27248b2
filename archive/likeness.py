"""How much of one text stands in another, whatever its spelling, spacing and punctuation.

Texts are compared by their letters alone. Every run of `GRAM` letters is one n-gram; a letter is covered where an n-gram over it stands in
the other text too. So a changed word costs its own letters and no more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.khmer import PUNCTUATION, fold_clean

GRAM = 16
"""Letters: long enough that unrelated texts share few (three Khmer or English words), short enough to stand between two changed words."""

LONGEST = 60_000
"""Letters that are compared; a longer text is known by its beginning."""

SHORTEST = 64
"""Letters that two texts of one story share at least: more than an agency's credit or a stock sentence has, which stand before many texts."""

OTHERS = (0.7, 0.5)
"""How much of the smaller text must stand in that of another source: wherever it stands, and where both begin alike."""

OWN = (0.95, 0.8)
"""The same for two texts of one source."""

LEAD = 0.5
"""How much of the beginnings is shared where two texts begin alike."""

LEAD_LETTERS = 96
"""How long the beginning of a text is at least, so that an agency's credit or the place before it is less than half."""

SHARE = 0.25
"""How much of the larger text a copy makes that was cut out of it in one piece: in a round-up an item makes less."""

REACH = 0.4
"""How far over the larger text a copy is spread of which only sentences are left."""

CUT_SHARE = 0.1
"""How much of the larger text is left in a copy that begins like it, or of which only sentences are left."""

_NO_LETTERS = re.compile(
    f"[{PUNCTUATION}\x00-/:-@\\[-`{{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb-\xbf\xd7\xf7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff"
    "\u3000-\u3004\u3007-\u3020\u3030\ufe00-\ufe6f\uff00-\uff0f\uff1a-\uff20\U0001f000-\U0001faff\ud800-\udfff]+"
)
"""White space, controls, punctuation and pictures; the Khmer sign of repetition is a letter."""


def letters(title: str, text: str) -> str:
    """Give what is compared of a clean text: its fold without white space and punctuation, nor the headline where the text begins with it."""
    bare = _NO_LETTERS.sub("", fold_clean(text))
    return bare.removeprefix(_NO_LETTERS.sub("", fold_clean(title)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two texts share by their letters; each figure but the first from 0 to 1."""

    shared: int
    """Letters of the smaller text that stand in the larger."""

    kept: float
    """How much of the smaller text stands in the larger."""
    share: float
    """How much of the larger text stands in the smaller."""
    reach: float
    """How far over the larger text that is spread, but for the first and the last tenth of it: a stray phrase is no spread."""
    lead: float
    """How much of the beginnings is shared, that of the text with less of it."""

    def is_one_story(self, *, same_source: bool) -> bool:
        """Tell whether one of the texts is a copy of the other.

        A copy holds most of a text, wherever, or begins like it and goes on for at least half of itself. A round-up that holds a short item
        is a copy of nothing, nor are two reports that quote one statement. What one source prints twice is mostly its own standing
        paragraph, opening or form: there it takes more.
        """
        whole, begun = OWN if same_source else OTHERS
        alike = self.lead >= LEAD
        part = CUT_SHARE if alike or self.reach >= REACH else SHARE
        return self.shared >= SHORTEST and self.share >= part and self.kept >= (begun if alike else whole)


def likeness(one: str, other: str) -> Likeness:
    """Compare two texts by their letters, as `letters` gives them; the order of the two makes no difference."""
    smaller, larger = sorted((one[:LONGEST], other[:LONGEST]), key=lambda text: (len(text), text))
    around = list(_covered(larger, _grams(smaller, [(0, len(smaller))])))
    inside = list(_covered(smaller, _grams(larger, around)))  # what both have lies in those spans
    if not (inside and around):
        return Likeness(shared=0, kept=0.0, share=0.0, reach=0.0, lead=0.0)
    beginning = min(len(smaller), max(LEAD_LETTERS, len(smaller) // 5))
    return Likeness(
        shared=_length(inside),
        kept=_length(inside) / len(smaller),
        share=_length(around) / len(larger),
        reach=(_place(around, 0.9) - _place(around, 0.1)) / len(larger),
        lead=min(_length(inside, beginning), _length(around, beginning)) / beginning,
    )


def _grams(text: str, spans: list[tuple[int, int]]) -> set[str]:
    """Give every n-gram in some spans of a text."""
    return {text[start : start + GRAM] for begin, end in spans for start in range(begin, end - GRAM + 1)}


def _covered(text: str, known: set[str]) -> Iterator[tuple[int, int]]:
    """Give the spans of a text that are covered by known n-grams, in order and apart from each other."""
    place = 0
    while place <= len(text) - GRAM:
        if text[place : place + GRAM] not in known:
            place += 1
            continue
        begin = place
        while (further := _further(text, place, known)) > place:
            place = further
        yield begin, place + GRAM
        place += GRAM + 1  # all up to there were looked at


def _further(text: str, place: int, known: set[str]) -> int:
    """Give the last place at which a known n-gram begins that overlaps or touches the one here; this place where there is none."""
    for further in range(place + GRAM, place, -1):  # what is copied goes on for long: mostly the first look is enough
        if text[further : further + GRAM] in known:
            return further
    return place


def _place(spans: list[tuple[int, int]], part: float) -> int:
    """Give where so much of what spans cover is passed."""
    left = int(part * _length(spans))
    for start, end in spans:
        if left < end - start:
            return start + left
        left -= end - start
    return spans[-1][1]


def _length(spans: list[tuple[int, int]], until: int = LONGEST) -> int:
    """Count the letters that spans cover before a place."""
    return sum(min(end, until) - start for start, end in spans if start < until)
