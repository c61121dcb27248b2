"""Reads one text that tells a date, in the Khmer, English and machine forms that outlets print.

What follows ត្រូវនឹង ("which is") counts where a lunar date stands before it. Numbers with slashes are day first, as in Cambodia, unless
the weekday beside them proves the other order. A year of the Buddhist era counts from Visak Bochea; where that leaves two days
open (some days of April and May), the weekday or the moment of reading decides, else the text tells none.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from archive.khmer import CAMNUC, fold
from archive.languages import MONTHS, WEEKDAYS, WORDING
from archive.wording import any_abbreviated, any_folded, any_of
from pipelines.days.ago import read_ago
from pipelines.days.clock import read_clock
from pipelines.days.lunar import buddhist_years
from pipelines.days.lunartext import is_lunar, read_lunar
from pipelines.days.numerals import in_digits
from pipelines.days.timestamps import read_timestamp

TEXT_LENGTH = 300
"""Characters; a longer text is no date."""
BUDDHIST = range(2400, 2700)
"""Years that are counted from the Buddha."""
CENTURY_FROM = 70
"""Years of two digits from here on are of the twentieth century: no page of the web is older than 1990."""
AHEAD = timedelta(days=1)
"""How far beyond now one of two possible days may lie."""

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_MONTH = r"(?P<en>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_MONTH_NAME = f"(?P<name>{any_of(MONTHS)})"
_IN_YEAR, _IN_MONTH, _IN_DAY, _NTH, _OF = map(
    any_folded, (WORDING.year_words, WORDING.month_words, WORDING.day_words, WORDING.nth, WORDING.of_words)
)
_BUDDHIST_ERA = any_abbreviated(WORDING.buddhist_era) + r"|b\.?e\.?"
_COMMON_ERA = any_abbreviated(WORDING.common_era) + r"|a\.?d\.?|c\.?e\.?"
_YEAR = (
    rf"{_IN_YEAR}?\s*(?:(?:{_BUDDHIST_ERA})\s*2[45]\d\d[\s,/(–-]*(?=(?:{_COMMON_ERA}|\d)))?"
    rf"(?:{_BUDDHIST_ERA}|{_COMMON_ERA})?\s*(?P<year>\d{{4}})(?!\d)"
)
_SHORT = rf"(?P<short>\d\d)(?![\d:/.-]|\s*[:{CAMNUC}h])"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_GAP = r"[\s,./\-–—:|·•]*"
_MONTH_WORD = rf"(?:{_OF}\s*)?{_IN_MONTH}?\s*"
_TH = r"(?:st|nd|rd|th)?"

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}{_GAP}{_MONTH_WORD}{_MONTH_NAME}{_GAP}{_YEAR}",
        rf"{_MONTH_WORD}{_MONTH_NAME}{_GAP}{_IN_DAY}?{_NTH}?\s*{_DAY}{_GAP}{_YEAR}",
        rf"{_IN_YEAR}\s*{_YEAR}{_GAP}{_MONTH_WORD}{_MONTH_NAME}{_GAP}{_IN_DAY}?\s*{_NTH}?\s*{_DAY}(?!\d)",
        rf"(?:{_NTH}|{_IN_DAY})\s*{_DAY}{_GAP}{_IN_MONTH}\s*{_NTH}?\s*(?P<month>\d{{1,2}}){_GAP}{_YEAR}",
        rf"{_DAY}{_TH}{_GAP}(?:of\s+)?{_EN_MONTH}{_GAP}{_YEAR}",
        rf"(?<![a-z]){_EN_MONTH}{_GAP}{_DAY}{_TH}{_GAP}{_YEAR}",
        rf"(?<!\d)(?P<year>\d{{4}}){_GAP}{_EN_MONTH}{_GAP}{_DAY}(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})(?!\d)",
        rf"{_DAY}(?P<by>[-/.])(?:{_MONTH_NAME}|{_EN_MONTH})(?P=by){_SHORT}",
        rf"{_DAY}\s(?:{_MONTH_NAME}|{_EN_MONTH}),?\s?['’]{_SHORT}",
        rf"(?<![\d/.:-])(?P<day>\d\d)(?P<by>[-/.])(?P<month>\d\d)(?P=by){_SHORT}",
    )
)
_HOLDS_DATE = re.compile(r"\d[\s\S]*\d")
_WHICH_IS = re.compile(
    rf"{any_folded(WORDING.which_is)}\s*(?:{any_folded(WORDING.which_is_next)}|(?={_IN_DAY}))(.*)", re.DOTALL
)
_WEEKDAY_NAME = rf"{_IN_DAY}\s*(?P<name>{any_of(WEEKDAYS)})"
_NAMED_WEEKDAY = re.compile(_WEEKDAY_NAME)
_WEEKDAY = re.compile(
    r"(?:(?<![a-z])(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?[.,]*\s*(?:the\s+)?"
    rf"|{_WEEKDAY_NAME}[\s,]*{_IN_DAY}?\s*{_NTH}?\s*)$"
)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as read, and where in the folded text it stood."""

    day: date
    at: datetime | None
    """Instant in UTC; None where only the day is told."""
    rest: str
    """The folded text without the date: what else the line says."""
    sure: bool = True
    """Whether the text can mean no other day."""
    counted: bool = False
    """Whether it was counted back from now."""


def read_date(text: str, zone: tzinfo, now: datetime) -> tuple[date, datetime | None] | None:
    """Give the local day and, where a time is told, the instant in UTC; None where the text tells no whole date.

    A time without a zone is local to `zone`. Words such as "2 days ago" count back from `now` and give the day only.
    """
    found = find_date(text, zone, now)
    return (found.day, found.at) if found else None


@lru_cache(maxsize=64)  # a line is read when it is looked for and again when it is kept
def find_date(text: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    """Do what `read_date` does and tell also what else the text says, and how sure it is."""
    if len(text) > TEXT_LENGTH:
        return None
    moment = read_timestamp(text.strip())
    found = _of_moment(moment, zone, "") if moment else None
    if found:
        return found
    folded = in_digits(fold(text).strip())
    return _written(folded, zone, now) or _counted(folded, zone, now)


def _of_moment(moment: datetime, zone: tzinfo, rest: str) -> ReadDate | None:
    """Turn a moment into a local day and an instant; midnight to the second, there or here, is how machines write a bare day."""
    moment = moment.replace(microsecond=0)
    if moment.time() == time(0):
        return ReadDate(moment.date(), None, rest)
    try:
        local = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(zone)
        return ReadDate(local.date(), None if local.time() == time(0) else local.astimezone(UTC), rest)
    except OverflowError:  # the first or last day there is
        return None


def _counted(folded: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    back = read_ago(folded, zone, now)
    return ReadDate(back.day, back.at, back.rest, sure=back.sure, counted=True) if back else None


# ---- as printed for readers -------------------------------------------------------------------------------------------------------


def _written(folded: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    if not _HOLDS_DATE.search(folded):
        return None
    which_is = _WHICH_IS.search(folded)
    after = _common(which_is[1], zone, now) if which_is else None
    return after or _common(folded, zone, now) or _lunar(folded)


def _lunar(folded: str) -> ReadDate | None:
    if not is_lunar(folded):
        return None
    told = _NAMED_WEEKDAY.search(folded)
    day = read_lunar(folded, WEEKDAYS[told["name"]] if told else None)
    return ReadDate(day, None, "") if day else None


def _common(folded: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    """Read a date of the solar calendar with the time beside it."""
    for form in _FORMS:
        match = form.search(folded)
        found = _day(match, folded, (now + AHEAD).astimezone(zone).date()) if match else None
        if match and found:
            day, sure = found
            return replace(_with_clock(day, f"{folded[: match.start()]} {folded[match.end() :]}", zone), sure=sure)
    return None


def _with_clock(day: date, rest: str, zone: tzinfo) -> ReadDate:
    clock = read_clock(rest)
    if clock is None:
        return ReadDate(day, None, rest)
    return _of_moment(datetime.combine(day, clock.time), zone, clock.rest) or ReadDate(day, None, clock.rest)


def _day(match: re.Match[str], folded: str, latest: date) -> tuple[date, bool] | None:
    """Give the day that a form tells and whether it can be no other; None where it is no day or the era leaves two open."""
    told = {name: value for name, value in match.groupdict().items() if value}
    weekday = _weekday(folded[: match.start()])
    buddhist = int(told.get("year", 0)) in BUDDHIST
    days = _buddhist_days(told) if buddhist else _common_days(told, weekday)
    fitting = [day for day in days if day.isoweekday() == weekday] or days
    possible = [day for day in fitting if day <= latest] or fitting
    if not possible or (buddhist and len(possible) > 1):
        return None
    return possible[0], weekday in (None, possible[0].isoweekday()) and not _year_may_be_first(told, latest)


def _buddhist_days(told: Mapping[str, str]) -> list[date]:
    """Give the days of a year of the Buddhist era that have this day and month: none, one or two."""
    era = int(told["year"])
    days = _valid((year, _month(told), int(told["day"])) for year in (era - 544, era - 543))
    return [day for day in days if era in buddhist_years(day)]


def _common_days(told: Mapping[str, str], weekday: int | None) -> list[date]:
    """Give the day, and the one of the month-first order where the weekday speaks for it."""
    year, month, day = _year(told), _month(told), int(told["day"])
    turned = _valid([(year, day, month)]) if "month" in told else []
    return _valid([(year, month, day)]) + [other for other in turned if other.isoweekday() == weekday]


def _valid(parts: Iterable[tuple[int, int, int]]) -> list[date]:
    days = []
    for year, month, day in parts:
        with suppress(ValueError):
            days.append(date(year, month, day))
    return days


def _year_may_be_first(told: Mapping[str, str], latest: date) -> bool:
    """Tell whether a date of three short numbers might as well begin with the year."""
    if "short" not in told or "month" not in told:
        return False
    turned = _valid([(2000 + int(told["day"]), _month(told), int(told["short"]))])
    return any(day <= latest for day in turned)


def _year(told: Mapping[str, str]) -> int:
    if "year" in told:
        return int(told["year"])
    short = int(told["short"])
    return short + (1900 if short >= CENTURY_FROM else 2000)


def _month(told: Mapping[str, str]) -> int:
    if "name" in told:
        return MONTHS[told["name"]]
    return _ENGLISH.index(told["en"][:3]) + 1 if "en" in told else int(told["month"])


def _weekday(before: str) -> int | None:
    """Give the weekday that stands directly before a date, Monday 1 to Sunday 7."""
    told = _WEEKDAY.search(before)
    if told is None:
        return None
    return WEEKDAYS[told["name"]] if told["name"] else _ENGLISH_DAYS.index(told["en"]) + 1
