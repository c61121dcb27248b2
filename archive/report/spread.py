"""How the coverage of a report lies over its days: by day, by week or by month."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from babel.dates import format_skeleton

from archive.charts import Bar, Chart, Series
from archive.localize import Locale
from archive.report.blocks import Table, line
from archive.report.figures import Report

BY_DAY, BY_WEEK = 31, 371
"""Days up to which a chart has a column for each day, or for each week: more would be too thin to read on paper."""

_FIRST = ("km", "en")


def spread(report: Report, locale: Locale) -> Chart:
    """Make the chart: a column for each day, week or month, its parts by language."""
    languages = _languages(report)
    counted = _counted(report)
    return Chart(
        title=_title(report, locale),
        x=_span_name(report, locale),
        y=locale.text("Articles"),
        series=tuple(Series(_language_name(code, locale)) for code in languages),
        bars=tuple(
            Bar(
                _short(first, report, locale),
                tuple(counted[first, code] for code in languages),
                title=_long(first, report, locale),
            )
            for first in _firsts(report)
        ),
    )


def spread_table(report: Report, locale: Locale) -> Table:
    """Make the table behind the chart."""
    languages = _languages(report)
    counted = _counted(report)
    return Table(
        caption=_title(report, locale),
        head=(
            _span_name(report, locale),
            *(_language_name(code, locale) for code in languages),
            locale.text("Total"),
        ),
        rows=tuple(
            tuple(map(line, (_long(first, report, locale), *map(locale.number, (*counts, sum(counts))))))
            for first in _firsts(report)
            if any(counts := tuple(counted[first, code] for code in languages))
        ),
        numbers=1,
    )


def _title(report: Report, locale: Locale) -> str:
    if report.asked.days <= BY_DAY:
        return locale.text("Articles by day and language")
    if report.asked.days <= BY_WEEK:
        return locale.text("Articles by week and language")
    return locale.text("Articles by month and language")


def _span_name(report: Report, locale: Locale) -> str:
    if report.asked.days <= BY_DAY:
        return locale.text("Day")
    return locale.text("Week from") if report.asked.days <= BY_WEEK else locale.text("Month")


def _languages(report: Report) -> list[str]:
    found = {clipping.language for clipping in report.clippings}
    return sorted(found, key=lambda code: (_FIRST.index(code) if code in _FIRST else len(_FIRST), code))


def _language_name(code: str, locale: Locale) -> str:
    if code == "und":
        return locale.text("Unknown language")
    return str(locale.babel.languages.get(code, code))


def _counted(report: Report) -> Counter[tuple[date, str]]:
    days = ((date.fromisoformat(one.published), one.language) for one in report.clippings if one.published)
    return Counter((_first(day, report), language) for day, language in days)


def _firsts(report: Report) -> Iterator[date]:
    """Give the first day of every day, week or month from the first to the last."""
    day = report.asked.since
    while day <= min(report.asked.until, date.max - timedelta(1)):
        if _first(day, report) == day:
            yield day
        day += timedelta(1)


def _first(day: date, report: Report) -> date:
    """Give the first day of the column to which a day belongs; weeks begin on Monday, the first column with the report."""
    if report.asked.days <= BY_DAY:
        return day
    first = day - timedelta(day.weekday()) if report.asked.days <= BY_WEEK else day.replace(day=1)
    return max(first, report.asked.since)


def _short(first: date, report: Report, locale: Locale) -> str:
    if report.asked.days > BY_WEEK:
        return locale.month(f"{first:%Y-%m}")
    return locale.digits(format_skeleton("MMMd", first, locale=locale.babel))


def _long(first: date, report: Report, locale: Locale) -> str:
    return locale.month(first.isoformat()[:7]) if report.asked.days > BY_WEEK else locale.day(first)
