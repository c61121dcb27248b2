"""The first page: what was published about the campaign, at a glance."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from datasette.utils.asgi import Response

from archive.charts import Bar, Chart, Mark, Series, columns, rows, table
from archive.localize import ZONE
from archive.selection import Selection
from archive.site.clippings import load_newest
from archive.site.crawled import load_last_crawl
from archive.site.naming import Name, load_names
from archive.site.remembered import remembered
from archive.site.rendering import called
from archive.site.shelf import Bits, Shelf, counts, shelf_of
from archive.site.visit import Visit

RECENT = timedelta(days=30)
MONTHS = 36
"""So many months, up to the last with an article, can be told apart in one chart."""

LONGEST = 12
"""So many bars of sources or queries; the others are on the pages of sources and queries."""

NEWEST = 8
"""So many cards of the newest coverage: two screens of a phone."""

LANGUAGES = ("km", "en")
"""Languages with a colour of their own; all others share one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A source or query and the number of its articles; `label_km` is None where nobody gave it a Khmer name."""

    key: str
    label: str
    label_km: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A campaign."""

    id: str
    name: str
    name_km: str
    since: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the coverage comes to; only articles that were read count, but for `headlines`."""

    articles: int
    stories: int
    headlines: int
    recent: int
    """Published in the last thirty days."""
    before: int
    """Published in the thirty days before those."""
    undated: int
    months: tuple[tuple[str, str, int], ...]
    """ISO month, language and articles."""
    sources: tuple[Named, ...]
    queries: tuple[Named, ...]
    campaigns: tuple[Followed, ...]


async def home(visit: Visit) -> Response:
    """Show the first page."""
    now = datetime.now(UTC)
    today = now.astimezone(ZONE).date()
    figures = await remembered(visit, load_figures, today)
    return visit.render(
        "home.html",
        figures=figures,
        months=_drawn(by_month(visit, figures), visit),
        sources=_bars(visit, visit.locale.text("Articles by source"), figures.sources, "source"),
        queries=_bars(visit, visit.locale.text("Articles by query"), figures.queries, "query"),
        newest=await remembered(visit, load_newest, Selection(), NEWEST),
        change=_change(visit, figures),
        since=today - RECENT + timedelta(days=1),
        today=today,
        crawl=await visit.read(load_last_crawl, now),
    )


def _change(visit: Visit, figures: Figures) -> str:
    more = figures.recent - figures.before
    if not more:
        return visit.locale.text("as many as in the 30 days before") if figures.recent else ""
    if more > 0:
        return visit.locale.count(
            "{number} more than in the 30 days before", "{number} more than in the 30 days before", more
        )
    return visit.locale.count(
        "{number} fewer than in the 30 days before", "{number} fewer than in the 30 days before", -more
    )


# ---- what is known ----------------------------------------------------------------------------------------------------------------


def load_figures(connection: sqlite3.Connection, today: date) -> Figures:
    """Count the coverage by the sets that the search counts by, so that a figure and the search it leads to agree."""
    shelf, names = shelf_of(connection), load_names(connection)
    seen = shelf.seen(connection)
    read = seen & shelf.sets(connection, "status").get("read", 0)
    return Figures(
        articles=read.bit_count(),
        stories=shelf.one_of_each_story(connection, read).bit_count(),
        headlines=(seen & ~read).bit_count(),
        recent=_published(shelf, read, today),
        before=_published(shelf, read, today - RECENT),
        undated=(read & ~shelf.dated).bit_count(),
        months=tuple(sorted(_months(shelf, shelf.sets(connection, "language"), read))),
        sources=_named(shelf.sets(connection, "source"), read, names.source),
        queries=_named(shelf.sets(connection, "query"), read, names.query),
        campaigns=tuple(Followed(*row) for row in connection.execute(_CAMPAIGNS)),
    )


_CAMPAIGNS = "select id, name, coalesce(name_km, ''), since from campaign order by since, id"


def _published(shelf: Shelf, read: Bits, until: date) -> int:
    since = until - RECENT + timedelta(days=1)
    return (read & shelf.days(since.isoformat(), until.isoformat())).bit_count()


def _months(shelf: Shelf, languages: Mapping[str, Bits], read: Bits) -> Iterator[tuple[str, str, int]]:
    for month, published in shelf.months().items():
        yield from ((month, language, number) for language, number in counts(languages, published & read))


def _named(sets: Mapping[str, Bits], read: Bits, names: Mapping[str, Name]) -> tuple[Named, ...]:
    return tuple(Named(key, *names.get(key, (key, None)), number) for key, number in counts(sets, read))


# ---- as charts --------------------------------------------------------------------------------------------------------------------


def by_month(visit: Visit, figures: Figures) -> Chart:
    """Make the chart of articles by month and language, every bar leading to its month."""
    locale = visit.locale
    shown = months_until(max((month for month, _, _ in figures.months), default=""), figures)
    counted = Counter[tuple[str, str]]()
    for month, language, number in figures.months:
        counted[month, language if language in LANGUAGES else ""] += number
    kinds = [kind for kind in (*LANGUAGES, "") if any(counted[month, kind] for month in shown)]
    names = {"": locale.text("other languages"), **{kind: locale.babel.languages[kind] for kind in LANGUAGES}}
    return Chart(
        title=locale.text("Articles by month and language"),
        x=locale.text("Month of publication"),
        y=locale.text("Articles"),
        series=tuple(Series(names[kind]) for kind in kinds),
        bars=tuple(_month(visit, month, tuple(counted[month, kind] for kind in kinds)) for month in shown),
        marks=tuple(_since(visit, shown, figures.campaigns)),
    )


def months_until(last: str, figures: Figures) -> list[str]:
    """Give every month in order up to the last with an article, those without any among them."""
    first = min((month for month, _, _ in figures.months), default="")
    shown: list[str] = []
    while last and last >= first and len(shown) < MONTHS:
        shown.append(last)
        last = (date.fromisoformat(f"{last}-01") - timedelta(days=1)).isoformat()[:7]
    return shown[::-1]


def _month(visit: Visit, month: str, values: tuple[int, ...]) -> Bar:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Bar(visit.locale.month(month), values, href=visit.url("/search", **{"from": first, "to": last}))


def _since(visit: Visit, shown: list[str], campaigns: Iterable[Followed]) -> Iterable[Mark]:
    for one in campaigns:
        month = one.since[:7]
        if month in shown:
            name = called(visit.locale, one.name, one.name_km)
            yield Mark(shown.index(month), visit.locale.text("{campaign}: watched since", campaign=name))


def _bars(visit: Visit, title: str, named: tuple[Named, ...], parameter: str) -> str:
    bars = tuple(
        Bar(
            called(visit.locale, one.label, one.label_km),
            (one.articles,),
            href=visit.url("/search", **{parameter: one.key}),
        )
        for one in named[:LONGEST]
    )
    words = visit.locale.text("Articles")
    chart = Chart(title=title, x=title, y=words, series=(Series(words),), bars=bars)
    return rows(chart, visit.locale) + table(chart, visit.locale)


def _drawn(chart: Chart, visit: Visit) -> str:
    return columns(chart, visit.locale) + table(chart, visit.locale)
