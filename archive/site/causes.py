"""Why an article is coverage: which terms of which query stand where in it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archive.localize import Locale
from archive.site.marking import Hit

COLOURS = 5
"""Looks of marks that can be told apart; the sixth query looks like the first, its number tells them apart."""

WORDS = 6
"""Ways in which a term stands in the text that are listed."""


@dataclass(frozen=True, slots=True)
class Said:
    """One term of a query, as it stands in the article."""

    term: str
    words: tuple[str, ...]
    """The ways in which it stands there, a few of them."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One query that holds for the article, and which of its terms stand there."""

    number: int
    """As it stands behind each mark, from 1."""
    campaign: str
    query: str
    label: str
    label_km: str | None
    terms: tuple[Said, ...]
    weak: bool
    """Whether the query holds only by a caption, tag or summary."""

    @property
    def colour(self) -> int:
        """Give which of the looks its marks have, from 1."""
        return (self.number - 1) % COLOURS + 1

    def told(self, locale: Locale) -> str:
        """Name the query in the language of the page."""
        return self.label_km if locale.code == "km" and self.label_km else self.label


@dataclass(frozen=True, slots=True)
class Marks:
    """All hits of an article: by what they are caused, and where they are."""

    causes: tuple[Cause, ...]
    hits: Mapping[tuple[str, int], list[Hit]]
    """Field and its part (which caption or tag, from 0) -> hits."""

    def on(self, field: str, part: int = 0) -> list[Hit]:
        """Give the hits in a field."""
        return self.hits.get((field, part), [])


def load_marks(connection: sqlite3.Connection, article: int, revision: int) -> Marks:
    """Load the hits in a revision of an article, those in its headline first."""
    rows = connection.execute(
        "select query.campaign, query.name as query, label, label_km, term, field, part, start, end, match.words, weak"
        " from match join query on query.id = match.query where article = ? and revision = ?"
        " order by field != 'title', field != 'text', field, part, start, end desc, query.id",
        [article, revision],
    ).fetchall()
    told: dict[tuple[str, str], list[sqlite3.Row]] = {}
    for row in rows:
        told.setdefault((row["campaign"], row["query"]), []).append(row)
    numbers = {name: number for number, name in enumerate(told, 1)}
    hits: dict[tuple[str, int], list[Hit]] = {}
    for row in rows:
        hit = Hit(row["start"], row["end"], numbers[row["campaign"], row["query"]])
        hits.setdefault((row["field"], row["part"]), []).append(hit)
    return Marks(tuple(_cause(numbers[name], group) for name, group in told.items()), hits)


def _cause(number: int, rows: list[sqlite3.Row]) -> Cause:
    terms: dict[str, list[str]] = {}
    for row in rows:
        terms.setdefault(row["term"], []).append(row["words"])
    said = tuple(Said(term, tuple(dict.fromkeys(words))[:WORDS], len(words)) for term, words in terms.items())
    fields = {name: rows[0][name] for name in ("campaign", "query", "label", "label_km")}
    return Cause(number=number, terms=said, weak=bool(rows[0]["weak"]), **fields)
