"""Where the words of queries stand in a text: the text cut into pieces, each with what marks it. Hits may overlap; no cluster is cut."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from archive.khmer import grow_to_clusters


@dataclass(frozen=True, slots=True)
class Hit:
    """A span of a clean text, in characters, end exclusive, and the number of what marks it."""

    start: int
    end: int
    cause: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text without a line feed; empty `causes` where nothing marks it."""

    text: str
    causes: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    """The causes whose hit ends with this piece, where their numbers are to stand."""


def paragraphs(text: str, hits: Iterable[Hit]) -> list[list[Piece]]:
    """Cut a text into its paragraphs and these into pieces; hits that do not lie in the text are passed over, empty paragraphs too."""
    found: list[list[Piece]] = [[]]
    for piece in _pieces(text, [_whole(text, hit) for hit in hits if 0 <= hit.start < hit.end <= len(text)]):
        if piece.text == "\n":
            found.append([])
        elif piece.text:
            found[-1].append(piece)
    return [paragraph for paragraph in found if paragraph]


def line(text: str, hits: Iterable[Hit] = ()) -> list[Piece]:
    """Cut a text of one line into pieces; line feeds in it are taken for spaces."""
    return [piece for paragraph in paragraphs(text.replace("\n", " "), hits) for piece in paragraph]


def _whole(text: str, hit: Hit) -> Hit:
    return Hit(*grow_to_clusters(text, hit.start, hit.end), hit.cause)


def _pieces(text: str, hits: list[Hit]) -> Iterator[Piece]:
    """Sweep over the text once, however many hits overlap."""
    begun, ended = _by_edge(hits)
    open_now = Counter[int]()
    for start, end in pairwise(sorted({0, len(text), *begun, *ended, *_line_feeds(text)})):
        open_now.update(begun[start])
        open_now.subtract(ended[start])
        causes = tuple(sorted(cause for cause, times in open_now.items() if times > 0))
        yield Piece(text[start:end], causes, tuple(sorted(set(ended[end]))))


def _by_edge(hits: list[Hit]) -> tuple[defaultdict[int, list[int]], defaultdict[int, list[int]]]:
    begun, ended = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for hit in hits:
        begun[hit.start].append(hit.cause)
        ended[hit.end].append(hit.cause)
    return begun, ended


def _line_feeds(text: str) -> Iterator[int]:
    at = text.find("\n")
    while at >= 0:
        yield from (at, at + 1)
        at = text.find("\n", at + 1)
