"""Times of day as outlets print them, in Khmer and English, with the zone where one is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from archive.khmer import COLONS, REAHMUK, fold
from archive.languages import WORDING
from archive.wording import any_folded

MORNING, MIDDAY, AFTERNOON, NIGHT, DAYTIME = (
    frozenset(map(fold, words))
    for words in (WORDING.morning, WORDING.midday, WORDING.afternoon, WORDING.night, WORDING.daytime)
)

_AHEAD = {"utc": 0, "gmt": 0, "ict": 7, "est": -5, "edt": -4, "pst": -8, "pdt": -7, "cet": 1, "cest": 2}
ZONES: Mapping[str, tzinfo] = {name: timezone(timedelta(hours=hours)) for name, hours in _AHEAD.items()} | {
    "et": ZoneInfo("America/New_York"),
    "pt": ZoneInfo("America/Los_Angeles"),
}
"""The abbreviations that mean one zone only."""

_HOUR, _MINUTES, _AND, _HALF_PAST = map(
    any_folded, (WORDING.hour_words, WORDING.minute_words, WORDING.and_words, WORDING.half_past)
)
_PART = any_folded((*WORDING.morning, *WORDING.midday, *WORDING.afternoon, *WORDING.night))
_DAYTIME = rf"{any_folded(WORDING.daytime)}(?!\s*{any_folded(WORDING.after_day)})"
_HALF = rf"\s*(?P<half>[ap]\.?\s?m\b\.?|{_PART}|{_DAYTIME})?"
_ZONE = (
    rf"\s*\(?(?:(?P<zone>{'|'.join(ZONES)})(?![a-z])\s?(?P<beyond>[+\-−]\s?\d{{1,2}}(?::?\d\d)?(?!\d))?"
    r"|(?P<offset>(?:\+|[-−](?=0))\d\d:?\d\d(?!\d))|(?P<zulu>z\b))?\)?"
)
_FORMS = tuple(
    re.compile(form + _HALF + _ZONE)
    for form in (
        rf"{_HOUR}\s*(?P<hour>[0-2]?\d)\s?[:{COLONS}{REAHMUK}.h]\s?(?P<minute>[0-5]\d)(?!\d)(?::(?P<second>[0-5]\d))?(?:\s*{_MINUTES})?",
        rf"{_HOUR}\s*(?P<hour>[0-2]?\d)(?!\d)(?:\s*{_AND}?\s*(?P<minute>[0-5]?\d)\s*{_MINUTES}|\s*(?P<later>{_HALF_PAST}))?",
        rf"(?<![\d:.])(?P<hour>[0-2]?\d)\s?[:{COLONS}h]\s?(?P<minute>[0-5]\d)(?!\d|\.\d\d(?!\d))(?::(?P<second>[0-5]\d)(?:\.\d+)?)?",
        r"(?<![\d:.])(?P<hour>[01]?\d)\.(?P<minute>[0-5]\d)(?=\s?[ap]\.?m\b)",
        r"(?<![\d:.])(?P<hour>[01]?\d)(?=\s?[ap]\.?m\b)",
    )
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as read, and the text without it."""

    time: time
    """With a zone only where one is told."""
    rest: str


def read_clock(folded: str) -> Clock | None:
    """Give the first time of day that a folded text tells; None where there is none."""
    for form in _FORMS:
        match = form.search(folded)
        if match:
            return _clock(match, folded)
    return None


def _clock(match: re.Match[str], folded: str) -> Clock | None:
    told = match.groupdict()
    hour = hour_of_day(int(told["hour"]), (told["half"] or "").replace(".", "").replace(" ", ""))
    if hour > 23:
        return None
    minute = 30 if told.get("later") else int(told.get("minute") or 0)
    moment = time(hour, minute, int(told.get("second") or 0), tzinfo=_zone(told))
    return Clock(moment, f"{folded[: match.start()]} {folded[match.end() :]}")


def hour_of_day(hour: int, half: str) -> int:
    """Turn an hour of half a day into one of the whole; ១២ យប់ is midnight, ២ យប់ two in the morning, ៩ យប់ nine in the evening."""
    if half in AFTERNOON or half == "pm" or (half in DAYTIME | MIDDAY and hour < 6):
        return hour + 12 if hour < 12 else hour
    if half in NIGHT:
        return hour + 12 if 6 <= hour < 12 else hour % 12 if hour <= 12 else hour
    return 0 if hour == 12 and (half in MORNING or half == "am") else hour


def _zone(told: dict[str, str | None]) -> tzinfo | None:
    if told["zulu"]:
        return UTC
    offset = told["beyond"] or told["offset"]
    if offset is None:
        return ZONES[told["zone"]] if told["zone"] else None
    ahead = _ahead(offset)
    return timezone(ahead) if abs(ahead) < timedelta(days=1) else None


def _ahead(offset: str) -> timedelta:
    """Read +7, +07, +0700 or +07:00."""
    digits = re.sub(r"\D", "", offset)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return ahead if offset.startswith("+") else -ahead
