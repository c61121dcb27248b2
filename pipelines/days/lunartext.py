"""Reads a whole lunar date, such as ថ្ងៃសៅរ៍ ៧កើត ខែមិគសិរ ឆ្នាំឆ្លូវ ត្រីស័ក ព.ស.២៥៦៥, into the common day.

Only with the weekday, which proves the reckoning: without it, or where it does not fit, the text tells no common day.
"""

import re
from datetime import date

from archive.khmer import fold
from archive.languages import WORDING
from archive.wording import any_abbreviated, any_folded, any_of, numbered
from pipelines.days.lunar import solar_days

LUNAR_MONTHS = numbered(WORDING.lunar_months, first=0)
"""Folded names of the lunar months to their places, as `pipelines.days.lunar` counts them."""
WANING = frozenset(map(fold, WORDING.waning))

_LUNAR = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*(?P<half>{any_folded((*WORDING.waxing, *WORDING.waning))})\s*,?\s*{any_folded(WORDING.month_words)}?\s*"
    rf"(?P<month>{any_of(LUNAR_MONTHS)})"
)
_YEAR = re.compile(rf"{any_abbreviated(WORDING.buddhist_era)}\s*(?P<year>2[45]\d\d)(?!\d)")


def is_lunar(folded: str) -> bool:
    """Tell whether a folded text holds the day of a lunar month."""
    return bool(_LUNAR.search(folded))


def read_lunar(folded: str, weekday: int | None) -> date | None:
    """Give the common day of a whole lunar date in a folded text, where its weekday (ISO, Monday 1) fits exactly one."""
    told, year = _LUNAR.search(folded), _YEAR.search(folded)
    if told is None or year is None or weekday is None:
        return None
    day = int(told["day"]) + (15 if told["half"] in WANING else 0)
    days = solar_days(day, LUNAR_MONTHS[told["month"]], int(year["year"]))
    fitting = [solar for solar in days if solar.isoweekday() == weekday]
    return fitting[0] if len(fitting) == 1 else None
