"""Coverage over time as a chart: by day, month or year, whatever fits into the span."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from markupsafe import Markup

from archive.charts import Bar, Chart, Mark, Series, columns, table
from archive.localize import Locale

MOST_BARS = 48
"""Columns that can still be told apart and pressed."""

DAYS = 31
"""Days up to which each has a column of its own."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many articles were published on an ISO day, in the series of this number."""

    day: str
    series: int
    articles: int


@dataclass(frozen=True, slots=True)
class _Step:
    """How time is parted: the length of the beginning of an ISO day that names a part, and how the parts follow each other."""

    length: int
    name: str
    told: Callable[[Locale, str], str]


_DAY = _Step(10, "Day", lambda locale, part: locale.day(part, "medium"))
_MONTH = _Step(7, "Month", lambda locale, part: locale.month(part))
_YEAR = _Step(4, "Year", lambda locale, part: locale.digits(part))
MESSAGES = ("Day", "Month", "Year")

Link = Callable[[date, date], str]
"""Gives the address of the articles from a first to a last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Numbers of articles over time, to be drawn."""

    title: str
    series: Sequence[str]
    counted: Sequence[Counted]
    marks: Mapping[str, str] = field(default_factory=dict)
    """ISO day -> what happened on it, in words."""
    link: Link | None = None

    def drawn(self, locale: Locale) -> Markup:
        """Draw it, with the table behind it."""
        chart = self.chart(locale)
        return columns(chart, locale) + table(chart, locale)

    def chart(self, locale: Locale) -> Chart:
        """Give it as a chart, parted so that the columns can be told apart."""
        days = [one.day for one in self.counted]
        step = _step(days)
        parts = list(_parts(days, step))
        bars = tuple(self._bars(parts, step, locale))
        return Chart(
            title=self.title,
            x=locale.text(step.name),
            y=locale.text("Articles"),
            series=tuple(Series(name) for name in self.series),
            bars=bars,
            marks=tuple(_marks(self.marks, parts, step)),
        )

    def _bars(self, parts: Sequence[str], step: _Step, locale: Locale) -> Iterator[Bar]:
        numbers = Counter[tuple[str, int]]()
        for one in self.counted:
            numbers[one.day[: step.length], one.series] += one.articles
        for part in parts:
            values = tuple(numbers[part, place] for place in range(len(self.series)))
            yield Bar(step.told(locale, part), values, _href(part, self.link))


def _step(days: Sequence[str]) -> _Step:
    if not days or _span(days) <= DAYS:
        return _DAY
    return _MONTH if _span(days) <= MOST_BARS * 30 else _YEAR


def _span(days: Sequence[str]) -> int:
    return (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days + 1


def _parts(days: Sequence[str], step: _Step) -> Iterator[str]:
    """Give every part from the first to the last, those without an article too."""
    if days:
        day, last = date.fromisoformat(min(days)), max(days)[: step.length]
        while (part := day.isoformat()[: step.length]) <= last:
            yield part
            day = _last_day(part) + timedelta(days=1)


def _last_day(part: str) -> date:
    if len(part) == _DAY.length:
        return date.fromisoformat(part)
    year, month = int(part[:4]), int(part[5:7] or 12)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _href(part: str, link: Link | None) -> str:
    first = date.fromisoformat(f"{part}-01-01"[:10])
    return link(first, _last_day(part)) if link else ""


def _marks(marks: Mapping[str, str], parts: Sequence[str], step: _Step) -> Iterator[Mark]:
    """Put a mark before the part it falls into; one outside the span says nothing about what is drawn."""
    for day, words in sorted(marks.items()):
        if day[: step.length] in parts:
            yield Mark(parts.index(day[: step.length]), words)
