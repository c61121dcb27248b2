"""Reads a whole lunar date, such as ថ្ងៃសៅរ៍ ៧កើត ខែមិគសិរ ឆ្នាំឆ្លូវ ត្រីស័ក ព.ស.២៥៦៥, into the common day.

Only with the weekday, which proves the reckoning: without it, or where it does not fit, the text tells no common day.
"""

import re
from datetime import date

from archive.khmer import fold
from pipelines.lunar import solar_days

LUNAR_MONTHS = {
    fold(name): number
    for number, names in enumerate(
        (
            "មិគសិរ មិគ្គសិរ មាគសិរ មិគសិរ៍", "បុស្ស បុស", "មាឃ មាគ", "ផល្គុន ផាល្គុន", "ចេត្រ ចែត្រ", "ពិសាខ វិសាខ", "ជេស្ឋ ជេឋ ជេស្ធ", "អាសាឍ អាសាធ", "ស្រាពណ៍ ស្រាពណ៌ ស្រាពណ",
            "ភទ្របទ ផទ្របទ ភទ្រប្រទ", "អស្សុជ អាស្សុជ អស្សុច", "កត្តិក កក្តិក កត្ដិក", "បឋមាសាឍ បឋមាសាធ", "ទុតិយាសាឍ ទុតិយាសាធ",
        )
    )
    for name in names.split()
}  # fmt: skip
"""Folded names of the lunar months to their places, as `pipelines.lunar` counts them."""
WAXING, WANING, MONTH = fold("កើត"), fold("រោច"), fold("ខែ")
ERA = fold(r"(?:ព\.?\s*ស\.?|ពុទ្ធសករាជ)")

_LUNAR = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*(?P<half>{WAXING}|{WANING})\s*,?\s*(?:{MONTH})?\s*"
    rf"(?P<month>{'|'.join(sorted(LUNAR_MONTHS, key=len, reverse=True))})"
)
_YEAR = re.compile(rf"{ERA}\s*(?P<year>2[45]\d\d)(?!\d)")


def is_lunar(folded: str) -> bool:
    """Tell whether a folded text holds the day of a lunar month."""
    return bool(_LUNAR.search(folded))


def read_lunar(folded: str, weekday: int | None) -> date | None:
    """Give the common day of a whole lunar date in a folded text, where its weekday (ISO, Monday 1) fits exactly one."""
    told, year = _LUNAR.search(folded), _YEAR.search(folded)
    if told is None or year is None or weekday is None:
        return None
    day = int(told["day"]) + (15 if told["half"] == WANING else 0)
    days = solar_days(day, LUNAR_MONTHS[told["month"]], int(year["year"]))
    fitting = [solar for solar in days if solar.isoweekday() == weekday]
    return fitting[0] if len(fitting) == 1 else None
