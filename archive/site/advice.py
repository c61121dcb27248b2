"""What a search made of the words typed, and what to try where it found nothing."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce
from operator import and_

from archive.errors import QueryError
from archive.khmer import SPELLING
from archive.localize import Locale
from archive.query import Leaf, Near, Node, Prefix, leaves, parse, positive, read
from archive.search import escape_fts, too_short
from archive.selection import LONGEST, Selection
from archive.site.shelf import Shelf
from archive.spellings import spellings_of, vocabulary_of
from archive.vocabulary import Vocabulary, key

MOST_WORDS = 12
"""Words of which each is looked for alone; a longer list is not read."""

SHORTEST_OFFERED = 0.6
"""How like a spelling must be to be offered, 0 to 1: the standard library's own measure and default."""

_VARYING = (
    (re.compile("“(?P<sign>.*)” has no meaning here", re.DOTALL), "“{sign}” has no meaning here"),
    (re.compile("there is nothing to look for in (?P<sign>.*)", re.DOTALL), "there is nothing to look for in {sign}"),
    (re.compile("(?P<sign>[&|!]+.?) is not part of the language", re.DOTALL), "{sign} is not part of the language"),
)

MESSAGES = (
    "a word before a colon would be a field; there are no fields here",
    "text between slashes would be a regular expression; there are none here",
    "square brackets and braces would be a range; there are none here",
    "> would be a range; there are none here",
    "< would be a range; there are none here",
    "~ after one word would be a fuzzy search; there is none here",
    "^ would be a boost; no word weighs more than another here",
    'To look for it as written, put it in quotation marks: "a: b"',
    "Use round brackets to group words",
    "Declare every spelling in a [[term]]",
    "Leave ^ and its number out",
    "the query has more than 2000 characters",
    "Part it into several",
    "the query is empty",
    "Write the words to look for",
    "this quotation mark has no partner",
    "Close or remove it",
    "the query only says what must not stand there",
    "Add a word that must",
    "the number here is not a whole one",
    'Write "near words"~5',
    "the query breaks off",
    "Close brackets, and put a word after AND, OR, NOT, + and -",
    "“{sign}” has no meaning here",
    "brackets stand more than 30 deep",
    "Write it with fewer",
    "a sign stands alone before a word",
    "Write it close to the word, or leave it out",
    "there is nothing to look for in {sign}",
    "Leave it out",
    "{sign} is not part of the language",
    "Write AND, OR or NOT",
    "a star or question mark can only stand for the end of a word",
    "Write LGBT*",
    "a star has no meaning inside quotation marks",
    "Write LGBT* outside of them",
    "after ~ a number of words is missing or too large",
    "Write a number from 0 to 1000",
)
"""What `archive.query` says is wrong, and the cures."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Words that are no query: what is wrong, the cure, and the text before, at and behind the place."""

    error: QueryError
    before: str
    at: str
    after: str

    def told(self, locale: Locale) -> str:
        """Say what is wrong."""
        for pattern, message in _VARYING:
            if found := pattern.fullmatch(self.error.wrong):
                return locale.text(message, **found.groupdict())
        return locale.text(self.error.wrong)


@dataclass(frozen=True, slots=True)
class Looked:
    """One word or phrase, and the other spellings and forms of it that were looked for too."""

    text: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of the words."""

    wrong: Wrong | None
    short: bool
    """Nothing in them is long enough to find something by."""
    looked: tuple[Looked, ...]
    excluded: tuple[str, ...]
    """What must not stand there."""


NOTHING_TYPED = Understood(None, False, (), ())


def understood(words: str, vocabulary: Vocabulary) -> Understood:
    """Tell what a search makes of words."""
    node = read(words) if words else None
    if not node:
        return replace(NOTHING_TYPED, wrong=_wrong(words), short=bool(words)) if words else NOTHING_TYPED
    looked = dict.fromkeys(_looked(leaf, vocabulary) for leaf in positive(node))
    return Understood(_wrong(words), too_short(words), tuple(looked), tuple(dict.fromkeys(_excluded(node))))


def _wrong(words: str) -> Wrong | None:
    try:
        parse(words)
    except QueryError as error:
        place = min(error.position, LONGEST - 1)
        return Wrong(error, words[max(0, place - 60) : place], words[place : place + 1], words[place + 1 : place + 61])
    return None


def _looked(leaf: Leaf, vocabulary: Vocabulary) -> Looked:
    if isinstance(leaf, Prefix):
        return Looked(
            f"{leaf.text}*", tuple(f"{form}*" for form in _others(leaf.text, vocabulary.beginnings(leaf.text)))
        )
    if isinstance(leaf, Near):
        forms = [form for part in vocabulary.parts(leaf.text) for form in _others(part, vocabulary.forms(part))]
        return Looked(f'"{leaf.text}"~{leaf.distance}', tuple(dict.fromkeys(forms)))
    return Looked(leaf.text, _others(leaf.text, vocabulary.forms(leaf.text)))


def _others(text: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Give the forms that the index holds to be other words than the text."""
    others = {key(form): form for form in forms if key(form) != key(text)}
    return tuple(others.values())


def _excluded(node: Node) -> Iterator[str]:
    wanted = set(positive(node))
    yield from (leaf.text for leaf in leaves(node) if leaf not in wanted)


# ---- nothing found ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Try:
    """Another search, what it changes, and how many articles it finds."""

    field: str
    """The filter it does without; `words` where it looks for one of the words alone, or for a spelling near to one."""
    text: str
    articles: int
    selection: Selection


@dataclass(frozen=True, slots=True)
class Hints:
    """What to try where nothing was found."""

    without: tuple[Try, ...]
    alone: tuple[Try, ...]
    """Each word alone, in all coverage; those that find nothing too."""
    near: tuple[Try, ...]


def load_hints(connection: sqlite3.Connection, shelf: Shelf, selection: Selection) -> Hints:
    """Count what would be found otherwise."""
    node = read(selection.words)
    words = [_written(leaf) for leaf in positive(node)][:MOST_WORDS] if node else []
    alone = [_alone(connection, shelf, word) for word in dict.fromkeys(words)]
    several = len(alone) > 1 or len(selection.asked()) > 1
    return Hints(
        tuple(_without(connection, shelf, selection)),
        tuple(alone) if several else (),
        tuple(_near(connection, shelf, [one.text for one in alone if not one.articles])),
    )


def _without(connection: sqlite3.Connection, shelf: Shelf, selection: Selection) -> Iterator[Try]:
    parts = shelf.parts(connection, selection)
    for name in selection.asked():
        others = (articles for part, articles in parts.items() if part != name)
        number = reduce(and_, others, shelf.everything).bit_count()
        if number and len(selection.asked()) > 1 and name != "stories":
            yield Try(name, "", number, selection.without(name))


def _alone(connection: sqlite3.Connection, shelf: Shelf, word: str) -> Try:
    found = shelf.matching(connection, escape_fts(word, vocabulary_of(connection))) & shelf.seen(connection)
    return Try("words", word, found.bit_count(), Selection(words=word))


def _near(connection: sqlite3.Connection, shelf: Shelf, words: list[str]) -> Iterator[Try]:
    """Offer the campaign's own spellings that are near to words that find nothing."""
    spellings = {key(spelling): spelling for spelling in spellings_of(connection)}
    for word in words:
        for found in get_close_matches(key(word), spellings, 3, SHORTEST_OFFERED):
            offered = _alone(connection, shelf, f'"{spellings[found]}"')
            if offered.articles:
                yield offered


def _written(leaf: Leaf) -> str:
    """Write a word or phrase so that it is read as itself."""
    if isinstance(leaf, Prefix):
        return f"{leaf.text}*"
    plain = leaf.text.replace("\\", "\\\\").replace('"', '\\"')
    if isinstance(leaf, Near):
        return f'"{plain}"~{leaf.distance}'
    return plain if _PLAIN.fullmatch(plain.lower()) and plain not in _OPERATORS else f'"{plain}"'


_OPERATORS = ("AND", "OR", "NOT")
_PLAIN = re.compile(f"[a-z0-9{SPELLING}]+")
