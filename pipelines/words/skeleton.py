"""What of a text no spelling, mark, tag, blank or escape moves or hides, and looking for words by it: much faster than by folding.

A word's skeleton is found wherever the word may stand; what it finds is to be looked for once more, as `Marked` does.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

import ahocorasick

from archive import khmer
from archive.vocabulary import flatten, key

TAG_EDGE = "\x01"
"""Stands in a text wherever a tag does: it may part two words or lie inside one."""

_TWICE, _ONCE = khmer.COENG * 2, khmer.COENG
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOREIGN = re.compile(f"[^\x00-\x7f{khmer.BLOCK}]+")
_FOREIGN_PIECES = re.compile(f"({_FOREIGN.pattern})")
_HIDDEN_ASCII = re.compile("[ßİŉſẚẞ\u212a\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")  # what folds to ASCII
_UNSEEN = re.compile(
    f"[{khmer.INHERENT}\x00\x02-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
)
_MARKED_LATIN = re.compile(
    "[\u00aa\u00b5\u00ba\u00c0-\u036f\u1d00-\u1fff\u212a\u212b\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06]"
)
_BETWEEN = re.compile("[\\s_\"'«»“”„‟‹›.+#@\u2010-\u2015\u2212-]+")
_HASHTAG = re.compile("[#@＃＠]\\S{2,140}")


# ---- skeletons ----------------------------------------------------------------------------------------------------------------------


def _bytes(chars: Iterable[str]) -> bytes:
    """Give the lower bytes of characters, by which ASCII and Khmer letters differ."""
    return bytes(ord(char) & 0xFF for char in chars)


_KEPT = _bytes([*"0123456789", *_UPPER, *_UPPER.lower(), *khmer.KHMER_LETTERS, *khmer.DIGITS])
_DELETED = bytes(byte for byte in range(256) if byte not in _KEPT)
_FOLDED = bytes.maketrans(
    _bytes([*_UPPER, *khmer.SAME_LETTERS, *khmer.DIGITS]),
    _bytes([*_UPPER.lower(), *khmer.SAME_LETTERS.values(), *"0123456789"]),
)


def skeleton(text: str) -> str:
    """Give the Khmer base letters, Latin letters and digits of a text, folded, each as one character below 256; nothing else."""
    text = text.replace("\u200b", "").replace(TAG_EDGE, "")
    if not text.isascii():
        text = _without_foreign(text)
    while _TWICE in text:
        text = text.replace(_TWICE, _ONCE)
    told = text.replace(khmer.SUBSCRIPT_RO, "").encode("utf-16-le")[::2].translate(_FOLDED, _DELETED)
    return told.decode("latin-1")


def _without_foreign(text: str) -> str:
    pieces = _FOREIGN_PIECES.split(text)  # every second one is foreign
    if _HIDDEN_ASCII.search("".join(pieces[1::2])):
        return _FOREIGN.sub(_as_ascii, text)
    return "".join(pieces[::2])


def _as_ascii(foreign: re.Match[str]) -> str:
    return _ascii_of(foreign[0])


@lru_cache(maxsize=4096)
def _ascii_of(foreign: str) -> str:
    """Give the ASCII letters and digits that a run of other letters is folded to: of wide letters, ligatures, ß."""
    return "".join(char for char in key(foreign) if char.isascii() and char.isalnum())


def squeezed(text: str) -> str:
    """Give the folded text without anything that may stand between the letters of a name."""
    return _BETWEEN.sub("", key(text))


# ---- words --------------------------------------------------------------------------------------------------------------------------


class Sieve:
    """Folded words, or beginnings of words (word*), that are looked for together by their skeletons; one that has none is taken as found."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            self._words.setdefault(_skeleton_of(word), []).append(word)
        self._bare = frozenset(self._words.pop("", ()))
        self._automaton = ahocorasick.Automaton()
        for told in self._words:
            self._automaton.add_word(told, told)
        self._automaton.make_automaton()

    def found(self, text: str) -> frozenset[str]:
        """Give the words that may stand in a text."""
        seen = {told for _, told in self._automaton.iter(skeleton(text))} if self._words else ()
        return self._bare.union(*(self._words[told] for told in seen))


def _skeleton_of(word: str) -> str:
    """Give a word's skeleton; empty where its letters may be written so that no skeleton tells them."""
    return "" if _MARKED_LATIN.search(word) else skeleton(word)


class Marked:
    """A text with its tags marked, in the forms in which a word is looked for once more."""

    def __init__(self, text: str) -> None:
        self._text = text

    def may_hold(self, word: str) -> bool:
        """Tell of a word whose skeleton is there whether its capitals may be; True of every other. No mark of tags is needed for it."""
        return not word.startswith("=") or bool(_pattern(word).search(self._cased))

    def holds(self, word: str) -> bool:
        """Tell whether a folded word may stand in the text, or one that begins so (word*), or just as it is written (=Word).

        Of Latin letters it is to be a word, or to stand in a hashtag.
        """
        begun = squeezed(word.strip("*="))
        if word.startswith("="):
            return bool(_pattern(word).search(self._cased))
        if word.isascii() and any(map(str.isalnum, word)):
            return bool(_pattern(word).search(self._plain)) or begun in self._hashtags
        return begun in self._squeezed

    @cached_property
    def _cased(self) -> str:
        """Latin words as they stand, other letters a blank."""
        text = _UNSEEN.sub("", self._text)
        return _FOREIGN.sub(_narrow if _HIDDEN_ASCII.search(text) else " ", text)

    @cached_property
    def _plain(self) -> str:
        return self._cased.lower()

    @cached_property
    def _hashtags(self) -> str:
        return squeezed("".join(_HASHTAG.findall(self._text.replace(TAG_EDGE, ""))))

    @cached_property
    def _squeezed(self) -> str:
        return f"{squeezed(self._text.replace(TAG_EDGE, ''))}\n{squeezed(self._text.replace(TAG_EDGE, ' '))}"


def _narrow(foreign: re.Match[str]) -> str:
    wide = "".join(char for char in flatten(khmer.clean(foreign[0])) if char.isascii() and char.isalnum())
    return wide or _ascii_of(foreign[0]) or " "


@lru_cache(maxsize=65_536)
def _pattern(word: str) -> re.Pattern[str]:
    """Give the pattern of an English word or phrase with marks of tags anywhere in it, and anything but letters between its words."""
    if word.startswith("="):
        return re.compile(
            "[^A-Za-z0-9]*".join(re.findall("[A-Za-z0-9]", word))
        )  # spaces and tags may lie anywhere in it
    words = (f"{TAG_EDGE}*".join(part) for part in re.findall("[a-z0-9]+", word))
    return re.compile(f"(?<![a-z0-9]){'[^a-z0-9]*'.join(words)}{'' if word.endswith('*') else '(?![a-z0-9])'}")
