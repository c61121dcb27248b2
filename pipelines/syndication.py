"""By what one story is known at every source that runs it: a hash of its letters, and a sample of its n-grams.

The sample is, of the n-grams that begin with certain letters, the `SAMPLE` whose hashes are the smallest. A copy that was cut keeps its part of them, since what is small in the whole
text is small in each part; so the sample of a text costs the same however long it is, and short texts are sampled whole.
"""

from dataclasses import replace
from hashlib import sha256
from heapq import nsmallest
from zlib import crc32

from archive.khmer import clean
from archive.likeness import GRAM, LONGEST, SHORTEST, letters
from archive.model import Article, Fingerprint

VERSION = 1
"""Raised whenever this stage may make something else of the same page."""

SAMPLE = 64
"""N-grams kept of a text."""

THINNED = 4
"""One n-gram of so many is hashed at all, told by its first letter: that takes a third of the time."""

_WIDTH = 2
"""Bytes of one letter in UTF-16; letters beyond its first plane count as two everywhere alike."""


def syndication(article: Article) -> Article:
    """Set the fingerprint of an article that matched; None where its text is too short to be known again."""
    return replace(article, fingerprint=fingerprint(article.title, article.text) if article.matches else None)


def fingerprint(title: str, text: str) -> Fingerprint | None:
    """Give that by which a text is known again, None where it is too short; the same on every machine."""
    known = letters(clean(title), clean(text))
    if len(known) < SHORTEST:
        return None
    exact = sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Fingerprint(exact=exact, grams=_sample(known[:LONGEST]))


def _sample(known: str) -> tuple[int, ...]:
    """Give the smallest hashes of a text's n-grams, in order, each once."""
    data = known.encode("utf-16-le", "surrogatepass")
    length = GRAM * _WIDTH
    firsts = data[: max(0, len(data) - length + 1) : _WIDTH]
    starts = (place * _WIDTH for place, first in enumerate(firsts) if first % THINNED == 0)
    return tuple(nsmallest(SAMPLE, {crc32(data[start : start + length]) for start in starts}))
