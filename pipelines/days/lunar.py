"""The Khmer lunar calendar: which solar day a lunar date is, and when a year of the Buddhist era begins.

The reckoning is the traditional one (ចន្ទគតិ) by which Cambodia's calendars are printed: mean sun and mean moon in whole numbers,
a month added in some years and a day in others. It is not astronomy, and gives the printed day where that would be one off.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

VISAK, JESH, ASADH = 5, 6, 7
"""Places of ពិសាខ, ជេស្ឋ and អាសាឍ among the twelve months, from មិគសិរ as 0."""
FIRST_ASADH, SECOND_ASADH = 12, 13
"""The two months that stand for អាសាឍ in a year with an added month."""
YEARS = range(1900, 2101)
"""Common years for which days are reckoned."""
FULL_MOON = 15
"""Day of Visak Bochea in its month."""

_EPOCH = date(1899, 12, 3)
"""First day of the month មិគសិរ before 1900: 1 January 1900 was the first day of បុស្ស, 29 days later."""
_ERA = 544
"""The reckoning of the year that begins in April numbers it so far ahead of the common era."""


def solar_days(day: int, month: int, year: int) -> tuple[date, ...]:
    """Give the solar days on which a lunar day (1 to 30, the waning half from 16) of a Buddhist year falls: none, one or two.

    Months count from មិគសិរ as 0 to កត្តិក as 11, the two halves of a doubled អាសាឍ are 12 and 13. A year of the era begins on the day
    after Visak Bochea; documents of Visak Bochea itself are seen with either year.
    """
    found = (_solar(day, month, common) for common in (year - 544, year - 543))
    return tuple(solar for solar in found if solar and year in buddhist_years(solar))


def buddhist_years(solar: date) -> tuple[int, ...]:
    """Give the Buddhist year of a day, and both on Visak Bochea; none outside the reckoned years."""
    visak = visak_bochea(solar.year) if solar.year in YEARS else None
    if visak is None:
        return ()
    before, after = solar.year + 543, solar.year + 544
    return (before, after) if solar == visak else (before,) if solar < visak else (after,)


def visak_bochea(year: int) -> date | None:
    """Give the day of Visak Bochea of a common year."""
    return _solar(FULL_MOON, VISAK, year)


def _solar(day: int, month: int, year: int) -> date | None:
    """Give the day of a lunar date whose month falls, for the larger part, in this common year."""
    # មិគសិរ and បុស្ស that begin late in a common year belong to the lunar year whose other months follow in the next
    for lunar_year in (year, year + 1):
        begins = _first_days().get((lunar_year, month))
        solar = begins[0] + timedelta(days=day - 1) if begins and 0 < day <= begins[1] else None
        if solar and solar.year == year:
            return solar
    return None


@cache
def _first_days() -> dict[tuple[int, int], tuple[date, int]]:
    """Give first day and length of every month by the common year in which most of its lunar year lies, and its place."""
    found: dict[tuple[int, int], tuple[date, int]] = {}
    begins = _EPOCH
    for year in YEARS:
        for month, length in _months(year):
            found[year, month] = (begins, length)
            begins += timedelta(days=length)
    return found


def _months(year: int) -> Iterator[tuple[int, int]]:
    """Give the months of a lunar year with their lengths: 29 and 30 days in turn, with what is added in the year."""
    added = _added(year + _ERA)
    for month in range(12):
        if month == ASADH and added == "month":
            yield from ((FIRST_ASADH, 30), (SECOND_ASADH, 30))
        else:
            yield month, 30 if month % 2 or (month == JESH and added == "day") else 29


def _added(era: int) -> str:
    """Tell what a year gets beyond its 354 days: a month, a day or nothing; of both it gets the month, the next year the day."""
    if _wants_month(era):
        return "month"
    both_before = _wants_month(era - 1) and _wants_day(era - 1)
    return "day" if _wants_day(era) or both_before else ""


def _wants_month(era: int) -> bool:
    """Tell whether the moon is so old at the year's beginning that a month is added."""
    age = _age(era)
    if age == 25:
        return _age(era + 1) != 5
    if age == 24:
        return _age(era + 1) == 6
    return age > 25 or age <= 5


def _wants_day(era: int) -> bool:
    """Tell whether the moon's remainder is so small that a day is added."""
    rest = _rest(era)
    if _is_long(era):
        return rest <= 126
    return rest <= 137 and _rest(era + 1) != 0


def _elapsed(era: int) -> int:
    """Give the days elapsed at the year's beginning, of which 292,207 are 800 years."""
    return (era * 292207 + 499) // 800 + 4


def _is_long(era: int) -> bool:
    """Tell whether the solar year has 366 days."""
    return 800 - (era * 292207 + 499) % 800 <= 207


def _rest(era: int) -> int:
    """Give what remains of the lunar days, in parts of 692."""
    return (11 * _elapsed(era) + 25) % 692


def _age(era: int) -> int:
    """Give the age of the moon in days at the year's beginning, 0 to 29."""
    elapsed = _elapsed(era)
    return ((11 * elapsed + 25) // 692 + elapsed + 29) % 30
