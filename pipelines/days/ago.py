"""Dates told by counting back from the moment of reading: "3 hours ago", ២ ថ្ងៃមុន, ម្សិលមិញ, "today at 10:30"."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from archive.khmer import SPELLING
from archive.languages import WORDING
from archive.wording import any_folded, any_of, numbered
from pipelines.days.clock import Clock, read_clock

SECOND, MINUTE, HOUR, DAY, WEEK = (
    timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1),
)  # fmt: skip
_LENGTHS = (SECOND, MINUTE, HOUR, DAY, WEEK, None)
UNITS = {
    "second": SECOND, "sec": SECOND, "minute": MINUTE, "min": MINUTE, "hour": HOUR, "hr": HOUR, "h": HOUR, "day": DAY, "d": DAY, "week": WEEK,
    "wk": WEEK, "w": WEEK, "month": None, "mo": None, "year": None, "yr": None,
    **{word: _LENGTHS[number] for word, number in numbered(WORDING.ago_units, first=0).items()},
}  # fmt: skip
"""None for what is no fixed number of days: no day can be counted back from it."""
YESTERDAY = any_folded(("yesterday", *WORDING.yesterday))
TODAY = any_folded(("today", "just now", *WORDING.today, *WORDING.just_now))
LABELS = any_folded(("published", "posted", "updated", "date", "last", "on", "at", "in", "by", *WORDING.date_labels))

_COUNT = rf"\d{{1,3}}|an?|one|{any_folded(WORDING.ones[0])}"
_UNIT = any_of(UNITS)
_SPANS = re.compile(rf"({_COUNT})\s*({_UNIT})s?(?![a-z])")
_AGO = re.compile(
    rf"(?<![\da-z])((?:(?:{_COUNT})\s*{_UNIT}s?(?![a-z])[\s,]*(?:and\s|{any_folded(WORDING.and_words)})?\s*){{1,3}})(?:ago\b|{any_folded(WORDING.ago)})"
)
_NAMED_DAY = re.compile(rf"(?P<yesterday>{YESTERDAY})|(?<![a-z]){TODAY}(?![a-z])")
_NOTHING_ELSE = re.compile(rf"(?:{LABELS}|[^a-z{SPELLING}\d])*")


@dataclass(frozen=True, slots=True)
class CountedBack:
    """A day counted back from now."""

    day: date
    at: datetime | None
    """Instant in UTC where a time of day is told beside the day."""
    rest: str
    sure: bool
    """Whether all moments that the words may mean lie on one local day."""


def read_ago(folded: str, zone: tzinfo, now: datetime) -> CountedBack | None:
    """Give the day that a folded text counts back to from `now`; None for months and years, of which the day is unknown."""
    return _ago(folded, zone, now) or _named_day(folded, zone, now)


def _ago(folded: str, zone: tzinfo, now: datetime) -> CountedBack | None:
    match = _AGO.search(folded)
    if match is None:
        return None
    spans = [(int(count) if count.isdigit() else 1, UNITS[unit]) for count, unit in _SPANS.findall(match[1])]
    known = [(count, unit) for count, unit in spans if unit]
    if len(known) < len(spans):
        return None
    back = sum((count * unit for count, unit in known), timedelta())
    latest = (now - back).astimezone(zone).date()
    earliest = (now - back - min(unit for _, unit in known)).astimezone(zone).date()
    return CountedBack(latest, None, folded[: match.start()] + folded[match.end() :], earliest == latest)


def _named_day(folded: str, zone: tzinfo, now: datetime) -> CountedBack | None:
    """Read yesterday and today where a time or nothing else is told: both words also name newspapers and sections."""
    match = _NAMED_DAY.search(folded)
    if match is None:
        return None
    rest = f"{folded[: match.start()]} {folded[match.end() :]}"
    clock = read_clock(rest)
    if clock is None and not _NOTHING_ELSE.fullmatch(rest):
        return None
    day = (now.astimezone(zone) - (DAY if match["yesterday"] else timedelta())).date()
    return CountedBack(day, _instant(day, clock, zone), clock.rest if clock else rest, sure=True)


def _instant(day: date, clock: Clock | None, zone: tzinfo) -> datetime | None:
    if clock is None:
        return None
    moment = datetime.combine(day, clock.time)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
