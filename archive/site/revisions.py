"""What changed between two texts: paragraph by paragraph, then sentence by sentence, then word by word, in Khmer cluster by cluster.

Long texts stay quick, since only what differs on one level is compared on the next, and what would take long there is shown as a whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Literal

from archive import khmer

Kind = Literal["same", "deleted", "inserted"]

MOST_COMPARED = 3_000_000
"""Product of two counts of parts above which they are not compared one by one: about a second."""

ISLAND = 4
"""Letters: what stays the same in a piece shorter than this, between two changes, is shown as changed, since single letters tell nobody anything."""

FARTHEST = 400
"""Characters by which a change may be moved to where it reads better."""

SENTENCE_ENDS = khmer.ENDS + ".?!"

PILCROW = "¶"
"""Shown where nothing but the end of a paragraph went or came."""

LIKE = 0.3
"""How much of two passages must be the same for their words to be told apart; else one is shown behind the other."""

PAIRED = 8
"""Changed paragraphs in a row above which the first is compared with the first, the second with the second, where there are as many."""

NEAR = 1
"""Paragraphs without a change that are shown beside one with a change."""

_NO_CLUSTER = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|\s|.", re.DOTALL)  # of what stands between Khmer clusters


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph that stayed, went or came."""

    kind: Kind
    text: str


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs that stand together: those worth reading, or those far from any change."""

    near: bool
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one text became another."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def is_none(self) -> bool:
        """Tell whether nothing changed."""
        return all(piece.kind == "same" for paragraph in self.paragraphs for piece in paragraph)

    def words(self, kind: Kind) -> int:
        """Estimate how many words went or came; a change of signs alone counts as one."""
        text = " ".join(piece.text for paragraph in self.paragraphs for piece in paragraph if piece.kind == kind)
        return max(khmer.words_est(text), int(bool(text.strip())))

    @property
    def changed(self) -> int:
        """Count the paragraphs with a change."""
        return sum(map(_is_changed, self.paragraphs))

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Part what stands near a change from what does not."""
        changed = {index for index, paragraph in enumerate(self.paragraphs) if _is_changed(paragraph)}
        near = {index + step for index in changed for step in range(-NEAR, NEAR + 1)}
        numbered = groupby(enumerate(self.paragraphs), key=lambda pair: pair[0] in near)
        return tuple(Stretch(is_near, tuple(paragraph for _, paragraph in group)) for is_near, group in numbered)


def difference(one: str, other: str) -> Difference:
    """Tell what of one text went and what of another came."""
    pieces = _compared(_lines(one), _lines(other), _by_sentence)
    return Difference(paragraphs=tuple(_paragraphs(_slid(_merged(pieces)))))


def _is_changed(paragraph: Paragraph) -> bool:
    return any(piece.kind != "same" for piece in paragraph)


# ---- levels -----------------------------------------------------------------------------------------------------------------------

Inside = Callable[[str, str], Iterator[Piece]]


def _compared(one: Sequence[str], other: Sequence[str], inside: Inside) -> Iterator[Piece]:
    """Compare two rows of parts; where some differ, look inside them together."""
    start, end = _same_around(one, other)
    yield from _kept("same", one[:start])
    here, there = one[start : len(one) - end], other[start : len(other) - end]
    if len(here) * len(there) > MOST_COMPARED:
        yield from _replaced("".join(here), "".join(there))
    else:
        yield from _matched(here, there, inside)
    yield from _kept("same", one[len(one) - end :])


def _matched(one: Sequence[str], other: Sequence[str], inside: Inside) -> Iterator[Piece]:
    for tag, first, last, its_first, its_last in SequenceMatcher(None, one, other).get_opcodes():
        if tag == "equal":
            yield from _kept("same", one[first:last])
        else:
            yield from inside("".join(one[first:last]), "".join(other[its_first:its_last]))


def _by_sentence(one: str, other: str) -> Iterator[Piece]:
    here, there = one.splitlines(keepends=True), other.splitlines(keepends=True)
    if not one or not other:
        yield from _replaced(one, other)
    elif len(here) == len(there) > PAIRED:
        for line, its_line in zip(here, there, strict=True):
            yield from _compared(_sentences(line), _sentences(its_line), _by_word)
    else:
        yield from _compared(_sentences(one), _sentences(other), _by_word)


def _by_word(one: str, other: str) -> Iterator[Piece]:
    """Compare words where the two passages are alike; else all of one went and all of the other came."""
    pieces = list(_compared(list(_words(one)), list(_words(other)), _replaced)) if one and other else []
    same = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if same < LIKE * max(len(one), len(other)):
        yield from _replaced(one, other)
    else:
        yield from _without_islands(_merged(pieces))


def _replaced(one: str, other: str) -> Iterator[Piece]:
    yield from _kept("deleted", [one])
    yield from _kept("inserted", [other])


def _kept(kind: Kind, parts: Sequence[str]) -> Iterator[Piece]:
    if text := "".join(parts):
        yield Piece(kind, text)


def _same_around(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Count the parts that are the same at the beginning, and of the rest those at the end."""
    shorter = min(len(one), len(other))
    start = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    rest = shorter - start
    end = next((index for index in range(rest) if one[-1 - index] != other[-1 - index]), rest)
    return start, end


# ---- parts ------------------------------------------------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    return f"{text.rstrip()}\n".splitlines(keepends=True) if text.strip() else []


def _sentences(text: str) -> list[str]:
    """Cut a text behind its sentences; the blanks after one belong to it."""
    starts = [start for start, _ in khmer.sentences(text)]
    edges = [0, *starts[1:], len(text)]
    return [text[start:end] for start, end in pairwise(edges) if start < end]


def _words(text: str) -> Iterator[str]:
    """Cut a text into Khmer clusters, other words, numbers and signs."""
    done = 0
    for start, end in khmer.clusters(text):
        yield from _NO_CLUSTER.findall(text, done, start)
        yield text[start:end]
        done = end
    yield from _NO_CLUSTER.findall(text, done)


# ---- putting together -------------------------------------------------------------------------------------------------------------


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Join pieces of one kind, what went before what came wherever nothing stayed between them."""
    merged: list[Piece] = []
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        together = list(group)
        for kind in ("same",) if is_same else ("deleted", "inserted"):
            merged += _kept(kind, [piece.text for piece in together if piece.kind == kind])  # type: ignore[arg-type]
    return merged


def _slid(pieces: Sequence[Piece]) -> list[Piece]:
    """Move what came or went alone between two pieces that stayed to where it is a whole sentence or paragraph, if it can be either."""
    moved = list(pieces)
    for index in range(1, len(moved) - 1):
        before, change, after = moved[index - 1 : index + 2]
        if before.kind == after.kind == "same" != change.kind:
            moved[index - 1 : index + 2] = _best_place(before, change, after)
    return [piece for piece in moved if piece.text]


def _best_place(before: Piece, change: Piece, after: Piece) -> list[Piece]:
    whole = before.text + change.text + after.text
    start, length = len(before.text), len(change.text)
    first, last = start, start
    while first > max(0, start - FARTHEST) and whole[first - 1] == whole[first - 1 + length]:
        first -= 1
    while last < min(len(after.text) + start, start + FARTHEST) and whole[last] == whole[last + length]:
        last += 1
    best = max(range(first, last + 1), key=lambda at: (_edge(whole, at + length), at == start))
    return [
        Piece("same", whole[:best]),
        Piece(change.kind, whole[best : best + length]),
        Piece("same", whole[best + length :]),
    ]


def _edge(text: str, at: int) -> int:
    """Tell how good a place is to end a change: behind a paragraph, a sentence, a word, or anywhere."""
    return 3 if text[at - 1] == "\n" else 2 if text[at - 1] in SENTENCE_ENDS else 1 if text[at - 1] == " " else 0


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """Take what stayed in tiny pieces between two changes as changed."""
    return _merged(part for index, piece in enumerate(pieces) for part in _drowned(pieces, index, piece))


def _drowned(pieces: list[Piece], index: int, piece: Piece) -> Iterator[Piece]:
    between = 0 < index < len(pieces) - 1
    if piece.kind == "same" and between and len(piece.text) < ISLAND and "\n" not in piece.text:
        yield from _replaced(piece.text, piece.text)
    else:
        yield piece


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[Paragraph]:
    """Part pieces where a line ends that is there now, or that went as a whole."""
    paragraph: list[Piece] = []
    for piece in pieces:
        for part in piece.text.splitlines(keepends=True):
            words = part.rstrip("\n")
            paragraph += _kept(piece.kind, [words if words or piece.kind == "same" else PILCROW])
            if part != words:
                yield from [tuple(paragraph)] if paragraph else []
                paragraph = []
    if paragraph:
        yield tuple(paragraph)
