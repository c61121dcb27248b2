"""Where a line of Khmer may end, for a program that lays out pages and knows no Khmer words.

Khmer has no spaces between words. Browsers, Word and LibreOffice bring a dictionary; Pango has none and would break only at spaces,
or, pressed, in the middle of a cluster. So lines may end between syllables, which readers of narrow columns know.
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast
from unicodedata import name

from archive.khmer import clusters

T = TypeVar("T")

BREAK = "\u200b"
_UNTOUCHED = frozenset({"href", "language", "kind"})
_SILENT = frozenset({"BANTOC", "TOANDAKHIAT", "KAKABAT", "AHSDA", "SAMYOK SANNYA", "VIRIAM", "BATHAMASAT", "ROBAT"})
"""Signs over a consonant that has no vowel of its own."""


def broken(told: T) -> T:
    """Give anything made of dataclasses, tuples and texts with the places in its texts at which a Khmer line may end."""
    if isinstance(told, str):
        return cast("T", breakable(told))
    if isinstance(told, tuple):
        return cast("T", tuple(map(broken, told)))
    if is_dataclass(told) and not isinstance(told, type):
        kept = {field.name: getattr(told, field.name) for field in fields(told) if field.name not in _UNTOUCHED}
        return cast("T", replace(cast("Any", told), **{key: broken(value) for key, value in kept.items()}))
    return told


def breakable(text: str) -> str:
    """Put a zero-width space before each Khmer syllable that follows another."""
    parts, done, last = [], 0, -1
    for start, end in clusters(text):
        if start == last and not _ends_a_syllable(text[start:end]):
            parts += [text[done:start], BREAK]
            done = start
        last = end
    return "".join([*parts, text[done:]])


def _ends_a_syllable(cluster: str) -> bool:
    """Tell whether a cluster is a consonant without vowel or subscript: mostly the last sound of the syllable before it."""
    return all(name(char, "").removeprefix("KHMER SIGN ") in _SILENT for char in cluster[1:])
