"""All that people may decide about, in the order of its days, and any set of it as one number, a bit for each article.

Counting by SQL what tens of thousands of articles have in common takes longer than a reader waits. Here each value of each column is a set
that is made once for each state of the archive; what a selection finds is their intersection, and a count the number of its bits. The
columns and values are those of `archive.selection`, whose SQL gives the same articles.
"""

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from itertools import chain, groupby
from operator import and_
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from archive.search import escape_fts
from archive.selection import COLUMNS, MEMBERS, Selection
from archive.spellings import vocabulary_of

Bits = int
"""A set of articles: the bit of a place is set where the article there is in it."""

Kept = TypeVar("Kept")

MOST_WORDS = 64
"""Searches whose articles are remembered, 12 kB each for 100,000 articles: the pages and filters of a search ask for them again."""

_COLUMNS = {**COLUMNS, "decision": "decision", "hidden": "hidden"}
_DAYS = "select published, group_concat(id) from article group by published order by published"
_CANDIDATES = "select group_concat(id) from (select distinct article as id from article_query union select id from article where added)"
_RANKED = "select rowid from article_fts where article_fts match ? order by bm25(article_fts, 4.0, 1.0), rowid desc"
"""Words in the headline count four times those in the text."""
_SHARED = "select story from article group by story having count(*) > 1"
_STORIES = (
    "select article.id, article.story from article join story on story.id = article.story"  # noqa: S608  our own words
    f" where article.story in ({_SHARED})"
    " order by original is not article.id, article.status = 'headline only', published is null, published, article.id"
)
"""The order is that of `selection.FIRST_OF_A_STORY`."""


class Shelf:
    """What one state of the archive holds, read from it as it is asked for; every connection it is given must see that state."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        candidates = set(_numbers(_rows(connection, _CANDIDATES)[0][0]))
        days = [(day, candidates.intersection(_numbers(ids))) for day, ids in _rows(connection, _DAYS)]
        days.sort(key=lambda one: one[0] or "", reverse=True)
        self.articles = array("q", (article for _, ids in days for article in sorted(ids, reverse=True)))
        """The row of the article at each place, the newest first, those without a day last."""
        self._days = [day for day, ids in reversed(days) if day for _ in ids]
        self._places = _places(self.articles, _rows(connection, "select coalesce(max(id), 0) from article")[0][0])
        self._months: dict[str, Bits] = {}
        self._sets: dict[str, Mapping[str, Bits]] = {}
        self._matching: dict[str, Bits] = {}
        self._ranked: dict[str, list[int]] = {}
        self._stories: list[tuple[int, int]] | None = None

    # ---- sets

    @property
    def everything(self) -> Bits:
        """All articles."""
        return (1 << len(self.articles)) - 1

    @property
    def dated(self) -> Bits:
        """Those whose day is known."""
        return (1 << len(self._days)) - 1

    def days(self, since: str | None = None, until: str | None = None) -> Bits:
        """Those published from one ISO day to another, both included."""
        first = bisect_left(self._days, since) if since else 0
        last = max(first, bisect_right(self._days, until) if until else len(self._days))
        return ((1 << (last - first)) - 1) << (len(self._days) - last)

    def months(self) -> Mapping[str, Bits]:
        """Give for each month (2021-12) that has any the articles published in it."""
        if not self._months:
            months = groupby(self._days, lambda day: day[:7])
            self._months = {month: self.days(f"{month}-00", f"{month}-99") for month, _ in months}
        return self._months

    def seen(self, connection: sqlite3.Connection) -> Bits:
        """Give what everybody sees: the view coverage."""
        rejected = self.sets(connection, "decision").get("reject", 0)
        return self.everything & ~rejected & ~self.sets(connection, "hidden").get(1, 0)

    def sets(self, connection: sqlite3.Connection, name: str) -> Mapping[Any, Bits]:
        """Give for each value of a field of a selection the articles that have it."""
        if name not in self._sets:
            column = _COLUMNS.get(name)
            sql = f"select {column}, group_concat(id) from article group by 1" if column else MEMBERS[name][1]  # noqa: S608  our own
            told: dict[Any, Bits] = {}
            for value, articles in _rows(connection, sql):
                if value is not None:
                    told[value] = told.get(value, 0) | self._bits(_numbers(articles))
            self._sets[name] = {value: articles for value, articles in told.items() if articles}
        return self._sets[name]

    def matching(self, connection: sqlite3.Connection, match: str) -> Bits:
        """Those in which an FTS5 expression is found."""
        sql = "select group_concat(rowid) from article_fts where article_fts match ?"

        def found() -> Bits:
            return self._bits(_numbers(_rows(connection, sql, match)[0][0]))

        return _remembered(self._matching, match, found)

    def _bits(self, articles: Iterable[int]) -> Bits:
        """Give the set of articles by their rows; those that are no candidates are left out."""
        digits = bytearray(b"0") * (len(self.articles) + 1)
        for place in map(self._places.__getitem__, articles):
            digits[place] = ord("1")
        digits.pop()  # where what is no candidate has its place
        digits.reverse()
        return int(digits or b"0", 2)

    # ---- selections

    def found(self, connection: sqlite3.Connection, selection: Selection) -> Bits:
        """Give what a selection finds."""
        found = reduce(and_, self.parts(connection, selection).values())
        return self.one_of_each_story(connection, found) if selection.stories else found

    def parts(self, connection: sqlite3.Connection, selection: Selection) -> dict[str, Bits]:
        """Give for each field that is asked, but for `stories`, what has it, and under `view` what may be seen."""
        parts = {"view": self.seen(connection) if selection.view == "coverage" else self.everything}
        for name in selection.asked():
            if name != "stories":
                parts[name] = self._part(connection, selection, name)
        return parts

    def _part(self, connection: sqlite3.Connection, selection: Selection, name: str) -> Bits:
        value = getattr(selection, name)
        if name == "words":
            return self.matching(connection, escape_fts(value, vocabulary_of(connection)))
        if name in ("since", "until"):
            return self.days(**{name: value.isoformat()})
        if value == "decided":
            return self.everything & ~self.sets(connection, "decision").get("new", 0)
        if value == "hidden":
            return self.sets(connection, "hidden").get(1, 0)
        return self.sets(connection, name).get(value, 0)

    def one_of_each_story(self, connection: sqlite3.Connection, found: Bits) -> Bits:
        """Keep one article of each story: the original where it was found, else the earliest that was read."""
        if self._stories is None:
            self._stories = [(self._places[article], story) for article, story in _rows(connection, _STORIES)]
        digits = _digits(found, len(self.articles))
        firsts: dict[int, int] = {}
        spare = bytearray(b"0") * len(self.articles)
        for place, story in self._stories:
            if digits[place] == "1" and firsts.setdefault(story, place) != place:
                spare[place] = ord("1")
        spare.reverse()
        return found & ~int(spare or b"0", 2)

    # ---- looking

    def in_order(self, connection: sqlite3.Connection, selection: Selection, found: Bits) -> Iterator[int]:
        """Give the rows of articles in the order a selection asks for; without words nothing is more relevant than newer."""
        if selection.order == "relevance" and selection.words:
            ranked = self._by_relevance(connection, escape_fts(selection.words, vocabulary_of(connection)))
            digits = _digits(found, len(self.articles) + 1)
            return (article for article in ranked if digits[self._places[article]] == "1")
        if selection.order == "oldest":
            digits = _digits(found, len(self.articles))
            dated, undated = digits[: len(self._days)][::-1], digits[len(self._days) :][::-1]
            last = len(self.articles) - 1
            places = chain((len(dated) - 1 - one for one in _ones(dated)), (last - one for one in _ones(undated)))
            return (self.articles[place] for place in places)
        return (self.articles[place] for place in _set(found))

    def _by_relevance(self, connection: sqlite3.Connection, match: str) -> list[int]:
        return _remembered(self._ranked, match, lambda: [row[0] for row in _rows(connection, _RANKED, match)])


def counts(sets: Mapping[str, Bits], found: Bits) -> list[tuple[str, int]]:
    """Count what was found by the value it has, the most frequent first."""
    counted = [(value, (articles & found).bit_count()) for value, articles in sets.items()]
    return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))


def _places(articles: "array[int]", last: int) -> "array[int]":
    """Give the place of each row up to the last; one that is no candidate has the place behind all."""
    places = array("q", [len(articles)]) * (last + 1)
    for place, article in enumerate(articles):
        places[article] = place
    return places


def _numbers(joined: str | None) -> Iterator[int]:
    return map(int, joined.split(",") if joined else ())


def _digits(found: Bits, length: int) -> str:
    """Write a set as zeros and ones, the first place first."""
    return f"{found:b}"[::-1].ljust(length, "0")


def _set(found: Bits) -> Iterator[int]:
    return _ones(_digits(found, 0))


def _ones(digits: str) -> Iterator[int]:
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def _remembered(kept: dict[str, Kept], name: str, made: Callable[[], Kept]) -> Kept:
    if name not in kept:
        kept[name] = made()
        for oldest in list(kept)[:-MOST_WORDS]:
            kept.pop(oldest, None)
    return kept[name] if name in kept else made()


def _rows(connection: sqlite3.Connection, sql: str, *values: str) -> list[Any]:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples take a third of the time
    return cursor.execute(sql, values).fetchall()


# ---- states ------------------------------------------------------------------------------------------------------------------------

_shelves: dict[str, tuple[tuple[int, str], Shelf]] = {}
_making = Lock()


def shelf_of(connection: sqlite3.Connection) -> Shelf:
    """Give the shelf of the state that a connection sees, within its transaction; made when the state is a new one."""
    file = next(row[2] for row in connection.execute("pragma database_list") if row[1] == "main")
    row = connection.execute("select value from meta where name = 'state'").fetchone()
    if not file or not row:
        return Shelf(connection)
    state = (Path(file).stat().st_ino, row[0])
    with _making:
        known = _shelves.get(file)
        if known is None or known[0] != state:
            known = _shelves[file] = (state, Shelf(connection))
        return known[1]
