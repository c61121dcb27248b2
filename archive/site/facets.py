"""What the articles that were found have in common: each value with its number of articles, as a link that adds or takes away a filter."""

import sqlite3
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from archive.selection import Selection
from archive.site.shelf import Bits, Shelf, counts

FACETS = ("campaign", "query", "source", "language", "kind", "decision")
"""Fields of a selection that are counted; beside them the months or years."""

WHEN = 4
"""Before which of them the months or years stand."""

MOST_MONTHS = 24
"""Above so many months years are counted: a list of sixty is not read."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: how many were found with it, and the selection its link leads to."""

    value: str
    articles: int
    chosen: bool
    leads_to: Selection


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field, most frequent first; of `when` the newest first. Counted as if this field asked for nothing."""

    field: str
    values: tuple[Value, ...]

    @property
    def is_chosen(self) -> bool:
        """Tell whether one of the values is asked for."""
        return any(value.chosen for value in self.values)


def load_facets(connection: sqlite3.Connection, shelf: Shelf, selection: Selection) -> tuple[Facet, ...]:
    """Count what a selection finds; a field with one value only tells nothing and is left out."""
    counting = _Counting(connection, shelf, selection)
    facets = [counting.facet(name) for name in FACETS]
    facets.insert(WHEN, counting.when())
    return tuple(facet for facet in facets if len(facet.values) > 1 or facet.is_chosen)


class _Counting:
    """What one selection finds, and would find if one of its fields asked for nothing."""

    def __init__(self, connection: sqlite3.Connection, shelf: Shelf, selection: Selection) -> None:
        self._db, self._shelf, self._selection = connection, shelf, selection
        self._parts = shelf.parts(connection, selection)
        self._found = self._without()

    def _without(self, *names: str) -> Bits:
        parts = (articles for name, articles in self._parts.items() if name not in names)
        found = reduce(and_, parts, self._shelf.everything)
        return self._shelf.one_of_each_story(self._db, found) if self._selection.stories else found

    def facet(self, name: str) -> Facet:
        found = self._without(name) if name in self._parts else self._found
        if name == "decision":
            return Facet(name, tuple(self._value(name, *one) for one in self._decisions()))
        return Facet(name, tuple(self._value(name, *one) for one in counts(self._shelf.sets(self._db, name), found)))

    def _decisions(self) -> Iterator[tuple[str, int]]:
        """Count what everybody sees by its decision, and what is only seen by asking for it."""
        seen = self._shelf.seen(self._db)
        candidates = self._without("view", "decision")
        sets = self._shelf.sets(self._db, "decision")
        apart = {"reject": sets.get("reject", 0), "hidden": self._shelf.sets(self._db, "hidden").get(1, 0)}
        shown = {name: articles & seen for name, articles in sets.items() if name not in apart}
        yield from counts({**shown, **apart}, candidates)

    def _value(self, name: str, value: str, number: int) -> Value:
        chosen = getattr(self._selection, name) == value
        asked: dict[str, Any] = {name: value}
        leads_to = self._selection.without(name) if chosen else replace(self._selection, **asked)
        return Value(value, number, chosen, leads_to)

    def when(self) -> Facet:
        """Count by month, by year where there are too many months."""
        months = dict(counts(self._shelf.months(), self._found))
        if len(months) > MOST_MONTHS:
            months = _by_year(months)
        return Facet("when", tuple(_span(self._selection, part, months[part]) for part in sorted(months, reverse=True)))


def _by_year(months: Mapping[str, int]) -> dict[str, int]:
    years = Counter[str]()
    for month, number in months.items():
        years[month[:4]] += number
    return dict(years)


def _span(selection: Selection, part: str, number: int) -> Value:
    """Make the value of a month (2021-12) or a year (2021)."""
    year, month = int(part[:4]), int(part[5:] or 0)
    since = date(year, month or 1, 1)
    until = date(year, month or 12, monthrange(year, month or 12)[1])
    chosen = (selection.since, selection.until) == (since, until)
    leads_to = selection.without("since", "until") if chosen else replace(selection, since=since, until=until)
    return Value(part, number, chosen, leads_to)
