"""The words of a campaign: how any text is made comparable with them, where one stands alone, and what all its spellings are.

Matching and search both ask here, so that a query means the same words on either side.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from unicodedata import category, combining

from archive import khmer
from archive.forms import abbreviations, other_number
from archive.model import Term

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212-"  # the plain one last, as it must be inside brackets
QUOTATION = '"«»“”„‟‹›'
_GAP = " \t\n_" + QUOTATION + _DASHES  # what may stand between two words of one name
_AROUND = _GAP + ",;.?!" + khmer.ENDS + khmer.CAMNUC  # what may stand around it; # and + may belong to a name
_DASH = re.compile(f"[{_DASHES}]")
_OTHERWISE = re.compile("[’‘ʼ\uff01-\uff5e]")  # curly apostrophes, and the wide letters and signs of East Asian fonts
_KHMER = khmer.BLOCK
# A single space between two words that are not Khmer is passed over: it is already what it would become.
_JOINT = re.compile(f"[{_GAP}]++(?<![^{_KHMER}{_GAP}] (?=[^{_KHMER}{_GAP}]))")
_WORD = re.compile(r"[^\W_]+")  # used where Khmer was told apart before
_MOST_VARIANTS = 64  # of one phrase; three notions of four spellings each


# ---- flat text ----------------------------------------------------------------------------------------------------------------------


def flatten(text: str) -> str:
    """Take out what may vary inside a name: spaces and quotation marks beside Khmer go, other gaps become one space.

    A dash goes between Khmer and another script, becomes a space elsewhere; a line feed and an underscore are spaces. Curly apostrophes
    become straight, wide letters (ＬＧＢＴ) narrow ones.
    """
    return _JOINT.sub(_joined, _narrow(text))


def _narrow(text: str) -> str:
    return _OTHERWISE.sub(lambda char: chr(ord(char[0]) - 0xFEE0) if char[0] > "\uff00" else "'", text)


def _joined(gap: re.Match[str]) -> str:
    text, start, end = gap.string, gap.start(), gap.end()
    sides = khmer.is_khmer(text[start - 1 : start] or " ") + khmer.is_khmer(text[end : end + 1] or " ")
    if sides == 2 and _DASH.search(gap[0]):
        return " "
    return "" if sides else " "


class FlatText:
    """A clean text, folded and flat in `text`; knows from which characters of the clean text each part of it came."""

    def __init__(self, clean: str) -> None:
        self.clean = clean
        self._folded, self._folded_starts = khmer.fold_with_offsets(clean)
        self.text = flatten(self._folded)
        self._starts: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the clean text from which a span of the flat text came."""
        if self._starts is None:
            self._starts = _starts(self._folded)
        first, last = self._starts[start], self._starts[end - 1]
        return self._folded_starts[first], max(self._folded_starts[last + 1], self._folded_starts[last] + 1)


def _starts(folded: str) -> Sequence[int]:
    """Give for each character of the flat text the index in the folded text it came from."""
    starts = array("L")
    done = 0
    for gap in _JOINT.finditer(_narrow(folded)):
        starts.extend(range(done, gap.start() + len(_joined(gap))))
        done = gap.end()
    starts.extend(range(done, len(folded)))
    return starts


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Give the form by which a word is looked up and looked for: folded, flat, without blanks, dashes and stops around it."""
    return flatten(khmer.fold(text)).strip(_AROUND)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a span cuts neither a Khmer cluster nor a Latin word nor a number; a Khmer neighbour ends a Latin word."""
    return not (cuts(text, start) or cuts(text, end))


def cuts(text: str, index: int) -> bool:
    """Tell whether a place lies inside a Khmer cluster, a Latin word or a number."""
    if not 0 < index < len(text):
        return False
    left, right = text[index - 1], text[index]
    if (left.isdigit() and right.isdigit()) or (is_latin(left) and is_latin(right)):
        return True
    return not khmer.starts_cluster(text, index)


def is_latin(char: str) -> bool:
    """Tell whether a character carries on a Latin word: a Latin letter, an ASCII digit, or a mark that combines with one."""
    return (char.isascii() and char.isalnum()) or (
        not khmer.is_khmer(char) and (khmer.count_latin(char) > 0 or combining(char) > 0)
    )


def distance(between: str) -> int:
    """Count what stands between two words: a Khmer cluster is one, and so is any other run of letters or digits."""
    pieces = khmer.index_text(between).split()
    return sum(1 if _is_cluster(piece) else len(_WORD.findall(piece)) for piece in pieces)


def _is_cluster(piece: str) -> bool:
    return khmer.is_khmer(piece[0]) and category(piece[0])[0] in "LM"


# ---- the words ----------------------------------------------------------------------------------------------------------------------


class Vocabulary:
    """The declared terms, found by any of their spellings, however it is spaced or typed."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            for spelling in filter(key, term.spellings):
                self._terms.setdefault(key(spelling), term)
        longest_first = sorted(self._terms, key=len, reverse=True)
        self._declared = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def term(self, text: str) -> Term:
        """Give the declared term of a word or phrase; else one made of it, into which the terms it contains bring their spellings.

        A contained term also brings the longer words it must not be part of; whether case counts is told by `exact`.
        """
        return self._terms.get(key(text)) or self._composed(text)

    def spellings(self, text: str) -> tuple[str, ...]:
        """Give every spelling of a word or phrase, itself among them."""
        return self.term(text).spellings

    def forms(self, text: str) -> tuple[str, ...]:
        """Give every spelling, and of English ones the singular or plural and abbreviations with full stops, unless case counts."""
        term = self.term(text)
        if term.case == "exact":
            return term.spellings
        rules = (lambda spelling: (spelling,), other_number, abbreviations)
        return tuple(dict.fromkeys(form for spelling in term.spellings for rule in rules for form in rule(spelling)))

    def beginnings(self, text: str) -> tuple[str, ...]:
        """Give how a word may begin that is asked for by its beginning: as any spelling of the term that it is, if it is one."""
        term = self._terms.get(key(text)) or Term(say=text)
        begun = [form for spelling in term.spellings for form in (spelling, *abbreviations(spelling))]
        return tuple(dict.fromkeys(begun)) if term.case == "any" else term.spellings

    def exact(self, text: str) -> tuple[tuple[str, ...], ...]:
        """Give for each term in a word or phrase whose case counts its spellings, of which one is to stand there."""
        if term := self._terms.get(key(text)):
            return (term.spellings,) if term.case == "exact" else ()
        inside = (term for _, _, term in self._contained(key(text)) if term.case == "exact")
        return tuple(term.spellings for term in inside if not any(map(khmer.cluster_count, term.spellings)))

    def parts(self, text: str) -> tuple[str, ...]:
        """Part a phrase into the words that are to stand near each other; a declared term stays one part, however many words it has."""
        flat = FlatText(khmer.clean(text))
        parts: list[str] = []
        done = 0
        for start, end, term in self._contained(flat.text):
            first, last = flat.span(start, end)
            parts += [*_words(flat.clean[done:first]), term.say]
            done = last
        return (*parts, *_words(flat.clean[done:]))

    def _contained(self, flat: str) -> Iterator[tuple[int, int, Term]]:
        """Give where declared terms stand in a flat text, the longest first at each place."""
        found = self._declared.finditer(flat) if self._declared else ()
        for hit in found:
            if stands_alone(flat, hit.start(), hit.end()):
                yield hit.start(), hit.end(), self._terms[hit[0]]

    def _composed(self, text: str) -> Term:
        flat = key(text)
        choices: list[list[str]] = []
        unless: list[str] = []
        done = 0
        for start, end, term in self._contained(flat):
            choices += [[flat[done:start]], [key(spelling) for spelling in term.spellings]]
            unless += [flat[:start] + key(longer) + flat[end:] for longer in term.unless]
            done = end
        variants = ("".join(variant) + flat[done:] for variant in islice(product(*choices), _MOST_VARIANTS))
        return Term(say=text, also=tuple(variant for variant in variants if variant != flat), unless=tuple(unless))


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(key, text.split()))
