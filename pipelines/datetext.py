"""Reads one text that tells a date, in the Khmer, English and machine forms that outlets print.

What follows ត្រូវនឹង ("which is") counts where a lunar date stands before it. Numbers with slashes are day first, as in Cambodia.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from archive.khmer import MONTHS, fold

TEXT_LENGTH = 300
"""Characters; a longer text is no date."""
BUDDHIST = range(2400, 2700)
"""Years that are counted from the Buddha."""

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EN_MONTH = r"(?P<en>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_KM_MONTH = "(?P<km>{})".format("|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)))
_ERA = fold(r"(?:ព\.?\s*ស\.?|ពុទ្ធសករាជ|គ\.?\s*ស\.?|គ្រិស្តសករាជ)?")
_YEAR = rf"(?:{fold('ឆ្នាំ')})?\s*{_ERA}\s*(?P<year>\d{{4}})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_GAP = r"[\s,./\-–—:]*"
_MONTH_WORD = rf"(?:{fold('ខែ')})?\s*"

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}{_GAP}{_MONTH_WORD}{_KM_MONTH}{_GAP}{_YEAR}",
        rf"{_MONTH_WORD}{_KM_MONTH}{_GAP}(?:{fold('ថ្ងៃ')})?(?:{fold('ទី')})?\s*{_DAY}{_GAP}{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?{_GAP}(?:of\s+)?{_EN_MONTH}{_GAP}{_YEAR}",
        rf"\b{_EN_MONTH}{_GAP}{_DAY}(?:st|nd|rd|th)?{_GAP}{_YEAR}",
        r"(?<!\d)(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})(?!\d)",
    )
)
_WHICH_IS = re.compile(fold("ត្រូវ") + r"\s*" + f"(?:{fold('នឹង')}|{fold('និង')}|{fold('ជា')})" + "(.*)", re.DOTALL)

_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[0-2]?\d)\s?[:៖.h]\s?(?P<minute>[0-5]\d)(?![\d.])(?::(?P<second>[0-5]\d)(?:\.\d+)?)?"
    rf"\s*(?P<half>[ap]\.?m\b|{'|'.join(map(fold, ('ព្រឹក', 'ថ្ងៃត្រង់', 'រសៀល', 'ល្ងាច', 'យប់', 'អធ្រាត្រ')))})?"
)
_HOUR = re.compile(
    rf"{fold('ម៉ោង')}\s*(?P<hour>[0-2]?\d)(?:\s*(?:{fold('និង')})?\s*(?P<minute>[0-5]?\d)\s*{fold('នាទី')})?(?P<second>)"
    rf"\s*(?P<half>{'|'.join(map(fold, ('ព្រឹក', 'ថ្ងៃត្រង់', 'រសៀល', 'ល្ងាច', 'យប់', 'អធ្រាត្រ')))})?"
)
_AFTERNOON = frozenset({fold("រសៀល"), fold("ល្ងាច"), "pm", "p.m"})
_NIGHT = frozenset({fold("យប់"), fold("អធ្រាត្រ")})
_MORNING = frozenset({fold("ព្រឹក"), "am", "a.m"})

_AGO_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    fold("នាទី"): timedelta(minutes=1),
    fold("ម៉ោង"): timedelta(hours=1),
    fold("ថ្ងៃ"): timedelta(days=1),
    fold("សប្តាហ៍"): timedelta(weeks=1),
    fold("អាទិត្យ"): timedelta(weeks=1),
}
_AGO = re.compile(rf"(?<!\d)(\d{{1,3}})\s*({'|'.join(_AGO_UNITS)})s?\s*(?:ago|{fold('មុន')})")
_YESTERDAY = re.compile(rf"yesterday|{fold('ម្សិលមិញ')}")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as read, and where in the folded text it stood."""

    day: date
    at: datetime | None
    """Instant in UTC; None where only the day is told."""
    rest: str
    """The folded text without the date: what else the line says."""


def read_date(text: str, zone: tzinfo, now: datetime) -> tuple[date, datetime | None] | None:
    """Give the local day and, where a time is told, the instant in UTC; None where the text tells no whole date.

    A time without a zone is local to `zone`. Words such as "2 days ago" count back from `now` and give the day only.
    """
    found = find_date(text, zone, now)
    return (found.day, found.at) if found else None


def find_date(text: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    """Do what `read_date` does and tell also what else the text says."""
    if len(text) > TEXT_LENGTH:
        return None
    return _machine(text.strip(), zone) or _written(fold(text).strip(), zone) or _relative(fold(text), zone, now)


# ---- ISO 8601 and RFC 5322 --------------------------------------------------------------------------------------------------------


def _machine(text: str, zone: tzinfo) -> ReadDate | None:
    for reader in (_iso, _rfc):
        moment = reader(text)
        if moment is not None:
            return _of_moment(moment, zone, "")
    return None


def _iso(text: str) -> datetime | None:
    # Seen besides what Python knows: "2021-12-10T08:00:00 +0700", "2021-12-10 08:00:00 UTC", nine digits of a second
    text = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)|\s*(?:UTC|GMT)$", lambda gap: "Z" if gap[0].strip() else "", text)
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    if not re.match(r"\d{4}-\d\d-\d\d|\d{8}T", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    if not re.match(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d.*[A-Z+\-]", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _of_moment(moment: datetime, zone: tzinfo, rest: str) -> ReadDate | None:
    """Turn a moment into a local day and an instant; midnight to the second is how machines write a bare day."""
    if moment.time() == time(0):
        return ReadDate(moment.date(), None, rest)
    try:
        local = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(zone)
        return ReadDate(local.date(), local.astimezone(UTC), rest)
    except OverflowError:  # the first or last day there is
        return None


# ---- as printed for readers -------------------------------------------------------------------------------------------------------


def _written(folded: str, zone: tzinfo) -> ReadDate | None:
    which_is = _WHICH_IS.search(folded)
    if which_is:
        return _written_plainly(which_is[1], zone) or _written_plainly(folded, zone)
    return _written_plainly(folded, zone)


def _written_plainly(folded: str, zone: tzinfo) -> ReadDate | None:
    for form in _FORMS:
        match = form.search(folded)
        day = _day(match) if match else None
        if match and day:
            rest = f"{folded[: match.start()]} {folded[match.end() :]}"
            clock = _clock(rest)
            if clock is None:
                return ReadDate(day, None, rest)
            return _of_moment(datetime.combine(day, clock[0]), zone, clock[1]) or ReadDate(day, None, clock[1])
    return None


def _day(match: re.Match[str]) -> date | None:
    try:
        return _in_common_era(int(match["year"]), _month(match), int(match["day"]))
    except ValueError:
        return None


def _month(match: re.Match[str]) -> int:
    told = match.groupdict()
    if told.get("km"):
        return MONTHS[told["km"]]
    if told.get("en"):
        return _ENGLISH.index(told["en"][:3]) + 1
    return int(told["month"])


def _in_common_era(year: int, month: int, day: int) -> date:
    """Turn a year of the Buddhist era, which begins on Visak Bochea, into the common one."""
    if year not in BUDDHIST:
        return date(year, month, day)
    later = date(year - 543, month, day)
    earlier = date(year - 544, month, day)
    return earlier if earlier >= _visak(earlier.year) else later


def _visak(year: int) -> date:
    """Give Visak Bochea: the first full moon from 26 April on, by the mean length of a month; right to a day or two."""
    full_moon, month = datetime(2021, 4, 27, 4, tzinfo=UTC), timedelta(days=29.530588)
    first = datetime(year, 4, 26, tzinfo=UTC)
    return (full_moon + -((full_moon - first) // month) * month).date()


def _clock(text: str) -> tuple[time, str] | None:
    """Give the time a text tells and the text without it."""
    match = _CLOCK.search(text) or _HOUR.search(text)
    if match is None:
        return None
    hour = _hour(int(match["hour"]), match["half"] or "")
    if hour > 23:
        return None
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0)), rest


def _hour(hour: int, half: str) -> int:
    """Turn an hour of half a day into one of the whole; ១២ យប់ is midnight, ២ យប់ two in the morning, ៩ យប់ nine in the evening."""
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    if half in _NIGHT:
        return hour + 12 if 6 <= hour < 12 else hour % 12 if hour <= 12 else hour
    return 0 if half in _MORNING and hour == 12 else hour


# ---- counted back -----------------------------------------------------------------------------------------------------------------


def _relative(folded: str, zone: tzinfo, now: datetime) -> ReadDate | None:
    ago = _AGO.search(folded)
    match = ago or _YESTERDAY.search(folded)
    if match is None:
        return None
    back = int(ago[1]) * _AGO_UNITS[ago[2]] if ago else timedelta(days=1)
    return ReadDate((now - back).astimezone(zone).date(), None, folded[: match.start()] + folded[match.end() :])
