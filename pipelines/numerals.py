"""Numbers written in Khmer words, such as ដប់ or ពីរពាន់ម្ភៃមួយ, as they stand in solemn dates."""

import re

from archive.khmer import fold

UNITS = {
    fold(word): number
    for number, words in enumerate(("មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ ប្រាំពិល", "ប្រាំបី", "ប្រាំបួន"), 1)
    for word in words.split()
}
TENS = {
    fold(word): 10 * number
    for number, words in enumerate(("ដប់", "ម្ភៃ មៃ្ភ", "សាមសិប", "សែសិប", "ហាសិប", "ហុកសិប", "ចិតសិប ចិតសឹប", "ប៉ែតសិប", "កៅសិប"), 1)
    for word in words.split()
}
HUNDRED, THOUSAND = fold("រយ"), fold("ពាន់")
AFTER = "|".join(map(fold, ("ទី", "ឆ្នាំ", "សករាជ")))
"""Only after these is a word a number of a date."""

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_TEN = "|".join(sorted(TENS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<after>{AFTER})\s*(?=(?:{_UNIT}|{_TEN}))(?:(?P<thousands>{_UNIT}){THOUSAND}\s*)?(?:(?P<hundreds>{_UNIT}){HUNDRED}\s*)?"
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
