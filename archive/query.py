"""The query language: one grammar, one parser and one tree for a campaign's queries and for the search box.

It is Lucene's: words side by side are all wanted, AND, OR, NOT, -word, "a phrase", "near words"~5, prefix*, brackets. AND binds
closer than OR, and both closer than mere standing side by side: `a b OR c` wants a, and b or c.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from unicodedata import category

from luqum import thread, tree
from luqum.exceptions import ParseError

from archive import khmer
from archive.errors import QueryError

# ---- the tree -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word, or words in this order, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins like this; without the star."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """Words in any order with at most `distance` Khmer clusters and other words between the first and the last of them."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All of these hold."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these holds."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not stand there. In a parsed tree the child is always a leaf: NOT (a OR b) comes as NOT a AND NOT b."""

    child: "Leaf"


Leaf: TypeAlias = Phrase | Prefix | Near
Node: TypeAlias = Leaf | And | Or | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """Give every word, phrase and prefix of a query, those under NOT too."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node.child if isinstance(node, Not) else node


def positive(node: Node) -> Iterator[Leaf]:
    """Give the words, phrases and prefixes that are looked for, not those under NOT."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from positive(child)
    elif not isinstance(node, Not):
        yield node


def joined(kind: type[And] | type[Or], children: Iterable[Node]) -> Node:
    """Join nodes; those of the same kind are taken in, and one alone stands for itself."""
    flat: list[Node] = []
    for child in children:
        flat += child.children if isinstance(child, kind) else (child,)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def negated(node: Node) -> Node:
    """Give what holds where the node does not, with NOT before leaves only."""
    if isinstance(node, And | Or):
        return joined(Or if isinstance(node, And) else And, map(negated, node.children))
    return node.child if isinstance(node, Not) else Not(node)


# ---- from text ----------------------------------------------------------------------------------------------------------------------

_MOST_CHARACTERS = 2000  # a list of forty names in both languages has 1,200
_DEEPEST = 30  # brackets within brackets; FTS5 itself gives up at about 100
_FARTHEST = 1000  # words; an article rarely has more
_QUOTES = re.compile("[«»“”„]")
_QUOTED = re.compile(r'\\.|"(?:[^"\\]|\\.)*"|"', re.DOTALL)
_WILDCARD = re.compile(r"(?<!\\)[*?]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SYNTAX = re.compile(r"""[~^][0-9.]*|[\s()\[\]{}:"/\\<>']+""")
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_AS_WRITTEN = 'To look for it as written, put it in quotation marks: "a: b"'

_REFUSED: dict[type[tree.Item], tuple[str, str]] = {
    tree.SearchField: ("a word before a colon would be a field; there are no fields here", _AS_WRITTEN),
    tree.Regex: ("text between slashes would be a regular expression; there are none here", _AS_WRITTEN),
    tree.Range: (
        "square brackets and braces would be a range; there are none here",
        "Use round brackets to group words",
    ),
    tree.From: ("> would be a range; there are none here", _AS_WRITTEN),
    tree.To: ("< would be a range; there are none here", _AS_WRITTEN),
    tree.Fuzzy: (
        "~ after one word would be a fuzzy search; there is none here",
        "Declare every spelling in a [[term]]",
    ),
    tree.Boost: ("^ would be a boost; no word weighs more than another here", "Leave ^ and its number out"),
}


def parse(find: str) -> Node:
    """Read a query. Raises QueryError with the place, counted in the text as given, where it has no meaning or is refused."""
    if len(find) > _MOST_CHARACTERS:
        raise QueryError(
            f"the query has more than {_MOST_CHARACTERS} characters", _MOST_CHARACTERS, "Part it into several"
        )
    if not find.strip():
        raise QueryError("the query is empty", 0, "Write the words to look for")
    return _Reader(find).read()


def read(text: str) -> Node | None:
    """Read what somebody typed into a search box: a query if it is one, else all its words; None if nothing can be looked for."""
    try:
        return parse(text)
    except QueryError:
        return _all_words(text[:_MOST_CHARACTERS])


def _all_words(text: str) -> Node | None:
    """Want every word of a text that is no query, but for those after a minus or NOT."""
    nodes: list[Node] = []
    before = ""
    for word in _SYNTAX.split(_QUOTES.sub(" ", text)):
        plain = word.lstrip("+-!*?").rstrip("*?")
        if searchable(plain) and word not in _OPERATORS:
            leaf: Leaf = Prefix(plain) if word.endswith("*") else Phrase(plain)
            nodes.append(Not(leaf) if word.startswith("-") or before == "NOT" else leaf)
        before = word
    node = joined(And, nodes) if nodes else None
    return node if node and any(positive(node)) else None


def searchable(text: str) -> bool:
    """Tell whether a text holds anything to look for: a letter, a digit, a sign of a script or an emoji."""
    return any(category(char)[0] in "LNM" or category(char) in ("So", "Co") for char in khmer.fold(text))


class _Reader:
    """One query on its way from text to tree; knows where each character of the text that luqum reads stood in the query."""

    def __init__(self, find: str) -> None:
        self._text = _QUOTES.sub('"', find)
        self._places = list(range(len(find) + 1))
        for start in reversed(self._glued_quotes()):
            self._text = f"{self._text[:start]} {self._text[start:]}"
            self._places.insert(start, start)

    def _glued_quotes(self) -> list[int]:
        """Find the quotation marks that open right after a word: luqum would take them into the word."""
        starts = []
        for quoted in _QUOTED.finditer(self._text):
            if quoted[0] == '"':
                raise self._error(quoted.start(), "this quotation mark has no partner", "Close or remove it")
            if quoted[0][0] == '"' and not re.search(r"(?:^|[\s(+-])$", self._text[: quoted.start()]):
                starts.append(quoted.start())
        return starts

    def _error(self, position: int | None, wrong: str, cure: str) -> QueryError:
        return QueryError(wrong, self._places[min(position or 0, len(self._places) - 1)], cure)

    def read(self) -> Node:
        """Parse, turn into our tree, and make sure that something is looked for."""
        node = self._node(self._parsed(), 0)
        if not any(positive(node)):
            raise self._error(0, "the query only says what must not stand there", "Add a word that must")
        return node

    def _parsed(self) -> tree.Item:
        try:
            return thread.parse(self._text)
        except ParseError as error:
            raise self._syntax_error(str(error)) from None
        except (ValueError, ArithmeticError):  # from int() and Decimal() inside luqum
            place = re.search(r"[~^][0-9.]*\.", self._text)
            raise self._error(
                place and place.start(), "the number here is not a whole one", 'Write "near words"~5'
            ) from None

    def _syntax_error(self, told: str) -> QueryError:
        place = re.search(r"at position (\d+)", told)
        if not place:
            return self._error(
                len(self._text), "the query breaks off", "Close brackets, and put a word after AND, OR, NOT, + and -"
            )
        position = int(place[1])
        return self._error(position, f"“{self._text[position : position + 1]}” has no meaning here", _AS_WRITTEN)

    def _node(self, item: tree.Item, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self._error(item.pos, f"brackets stand more than {_DEEPEST} deep", "Write it with fewer")
        if type(item) in _REFUSED:
            raise self._error(item.pos, *_REFUSED[type(item)])
        if isinstance(item, tree.BaseOperation):
            kind = Or if isinstance(item, tree.OrOperation) else And
            return joined(kind, [self._node(child, depth + 1) for child in item.children])
        if isinstance(item, tree.Term | tree.Proximity):
            return self._leaf(item)
        return self._one_sided(item, depth)

    def _one_sided(self, item: tree.Item, depth: int) -> Node:
        """Read brackets, +word, -word and NOT word."""
        inner = item.children[0]
        if isinstance(item, tree.Plus | tree.Prohibit) and self._text[item.pos + 1 : item.pos + 2].isspace():
            raise self._error(
                item.pos, "a sign stands alone before a word", "Write it close to the word, or leave it out"
            )
        node = self._node(inner, depth + 1)
        return negated(node) if isinstance(item, tree.Not | tree.Prohibit) else node

    def _leaf(self, item: tree.Item) -> Leaf:
        if isinstance(item, tree.Word):
            leaf = self._word(item)
        elif isinstance(item, tree.Proximity):
            leaf = self._near(item)
        else:
            leaf = self._phrase(item)
        if not searchable(leaf.text):
            raise self._error(item.pos, f"there is nothing to look for in {item}", "Leave it out")
        return leaf

    def _word(self, item: tree.Word) -> Leaf:
        value = item.value
        if value in ("&&", "||") or value.startswith("!"):
            raise self._error(item.pos, f"{value[:2]} is not part of the language", "Write AND, OR or NOT")
        prefix = value.endswith("*") and not value.endswith("\\*")
        text = value[:-1] if prefix else value
        if value == "*" or _WILDCARD.search(text.rstrip("?")):
            raise self._error(item.pos, "a star or question mark can only stand for the end of a word", "Write LGBT*")
        text = _ESCAPED.sub(r"\1", text)
        return Prefix(text) if prefix else Phrase(text)

    def _phrase(self, item: tree.Phrase) -> Phrase:
        if "*" in _ESCAPED.sub("", item.value):
            raise self._error(item.pos, "a star has no meaning inside quotation marks", "Write LGBT* outside of them")
        return Phrase(_ESCAPED.sub(r"\1", item.value[1:-1]))

    def _near(self, item: tree.Proximity) -> Leaf:
        phrase = self._phrase(item.term)
        if str(item).endswith("~") or item.degree > _FARTHEST:
            raise self._error(
                item.pos, "after ~ a number of words is missing or too large", f"Write a number from 0 to {_FARTHEST}"
            )
        return Near(phrase.text, item.degree)
