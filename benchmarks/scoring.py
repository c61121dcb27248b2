"""How right a reading is, how sure that is over pages drawn anew, and tables of it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from typing import TypeAlias

from archive.khmer import clean, fold
from benchmarks.cases import Case
from benchmarks.peers import Reading
from tests.golden import nearness

ROUNDS = 2000
"""Times the pages are drawn anew, with replacement."""
SEED = 2026
QUOTES = str.maketrans("‘’", "''")
WORD = re.compile(r"\w+")

Row: TypeAlias = tuple[float, ...]
"""What one page came to: one number, or precision and recall."""
Measure: TypeAlias = Callable[[Case, Reading], Row]


# ---- one page -------------------------------------------------------------------------------------------------------------------------


def text_of_words(case: Case, reading: Reading) -> Row:
    """Precision and recall of the text's 4-grams of words, as the Article Extraction Benchmark counts them."""
    true, found = grams(case.text), grams(reading.text)
    both = (true & found).total()
    return (both / found.total() if found else 0.0), (both / true.total() if true else 1.0)


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Every 4 words that follow each other; one shorter gram for a text of fewer."""
    words = WORD.findall(text)
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(islice(words, start, None) for start in range(4)), strict=False))


def text_of_clusters(case: Case, reading: Reading) -> Row:
    """F1 of the text's 4-grams of Khmer clusters, Latin words and numbers."""
    return (nearness(clean(reading.text), case.text),)


def title(case: Case, reading: Reading) -> Row:
    """Whether the headline is right."""
    return (float(plain(reading.title) == plain(case.title)),)


def day(case: Case, reading: Reading) -> Row:
    """Whether the day is right, as written or in UTC; none is right where the page tells none."""
    found = days(reading.day)
    return (float(bool(found & case.days) or found == case.days),)


def authors(case: Case, reading: Reading) -> Row:
    """Whether all names are right, in order."""
    return (float([plain(name) for name in reading.authors] == [plain(name) for name in case.authors]),)


def strays(case: Case, reading: Reading) -> Row:
    """Whether words that are not the article's stand in its text."""
    text = fold(clean(reading.text))
    return (float(any(fold(phrase) in text for phrase in case.absent)),)


def days(told: str | None) -> frozenset[date]:
    """Give the days a reader may mean: as written and in UTC; none where it tells none or what is no date."""
    for written in (told or "", (told or "")[:10]):
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            continue
        return frozenset({moment.date(), moment.astimezone(UTC).date()} if moment.tzinfo else {moment.date()})
    return frozenset()


def plain(text: str) -> str:
    """Give a text without differences of spaces and single quotes."""
    return " ".join(clean(text).translate(QUOTES).split())


# ---- all pages ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One number over all pages, the 95 % interval it lies in, and its value in each round."""

    value: float
    low: float
    high: float
    rounds: tuple[float, ...] = ()


def figure(rows: Sequence[Row]) -> Figure:
    """Draw the pages anew; the same draws for the same number of pages, so that two readers can be compared round by round."""
    chance = Random(SEED)
    drawn = (chance.choices(rows, k=len(rows)) for _ in range(ROUNDS))
    return interval(joined(rows), tuple(joined(each) for each in drawn))


def joined(rows: Sequence[Row]) -> float:
    """Give the mean; of precision and recall, the F1 of their means."""
    means: list[float] = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    if len(means) == 1:
        return means[0]
    precision, recall = means
    return 2 * precision * recall / ((precision + recall) or 1)


def difference(ours: Figure, theirs: Figure) -> Figure:
    """Give by how much one reader is better than another on the same pages."""
    rounds = tuple(one - other for one, other in zip(ours.rounds, theirs.rounds, strict=True))
    return interval(ours.value - theirs.value, rounds)


def interval(value: float, rounds: tuple[float, ...]) -> Figure:
    """Give the figure with the middle 95 % of its rounds."""
    ordered, edge = sorted(rounds), len(rounds) // 40
    return Figure(value, ordered[edge], ordered[-1 - edge], rounds)


# ---- tables ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table, and the number by which the best of its column is told; None takes no part."""

    shown: str
    rank: float | None = None


def share(found: Figure, *, bare: bool = False) -> Cell:
    """Show a share, with its interval unless bare; equal to the third place is equal."""
    rank = round(found.value, 3)
    return (
        Cell(dotted(rank), rank) if bare else Cell(f"{dotted(rank)} [{dotted(found.low)}–{dotted(found.high)}]", rank)
    )


def dotted(value: float) -> str:
    """Write a share without the nought before its point."""
    return f"{value:.3f}".removeprefix("0")


def table(heads: Sequence[str], rows: Mapping[str, Sequence[Cell]], *, least: frozenset[str] = frozenset()) -> str:
    """Write a Markdown table with the best of each column in bold; `least` names the columns where little is good."""
    best = [
        _best(column, head in least) for head, column in zip(heads[1:], zip(*rows.values(), strict=True), strict=True)
    ]
    lines = [
        [name, *(_marked(cell, top) for cell, top in zip(cells, best, strict=True))] for name, cells in rows.items()
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *lines))


def _best(column: Sequence[Cell], least: bool) -> float | None:  # noqa: FBT001  (told by the column's name)
    ranks = [cell.rank for cell in column if cell.rank is not None]
    return (min(ranks) if least else max(ranks)) if len(ranks) > 1 else None


def _marked(cell: Cell, best: float | None) -> str:
    return f"**{cell.shown}**" if best is not None and cell.rank == best else cell.shown
