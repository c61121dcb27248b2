"""Numbers written in words, such as ដប់ or ពីរពាន់ម្ភៃមួយ, as they stand in solemn dates."""

import re

from archive.languages import WORDING
from archive.wording import any_folded, any_of, numbered

UNITS = numbered(WORDING.ones)
TENS = {word: 10 * number for word, number in numbered(WORDING.tens).items()}
AFTER = any_folded((*WORDING.nth, *WORDING.year_words, *WORDING.era_words))
"""Only after these is a word a number of a date."""

_UNIT, _TEN = any_of(UNITS), any_of(TENS)
_HUNDRED, _THOUSAND = any_folded(WORDING.hundred), any_folded(WORDING.thousand)
_NUMBER = re.compile(
    rf"(?P<after>{AFTER})\s*(?={_UNIT}|{_TEN})(?:(?P<thousands>{_UNIT}){_THOUSAND}\s*)?(?:(?P<hundreds>{_UNIT}){_HUNDRED}\s*)?"
    rf"(?P<tens>{_TEN})?\s?(?P<units>{_UNIT})?"
)


def in_digits(folded: str) -> str:
    """Give a folded text with the numbers of its dates in digits."""
    return _NUMBER.sub(_digits, folded)


def _digits(match: re.Match[str]) -> str:
    told = match.groupdict(default="")
    thousands, hundreds = UNITS.get(told["thousands"], 0), UNITS.get(told["hundreds"], 0)
    number = 1000 * thousands + 100 * hundreds + TENS.get(told["tens"], 0) + UNITS.get(told["units"], 0)
    return f"{told['after']}{number} "
