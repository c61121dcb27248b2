"""The languages whose words Tamdan knows as data; English words stand in the patterns of the stages."""

from archive.khmer_wording import KHMER
from archive.wording import Wording, joined, numbered

WORDINGS: tuple[Wording, ...] = (KHMER,)
"""One for each language; another one is added here."""
WORDING = joined(WORDINGS)
"""All of them: what the stages look for."""
MONTHS = numbered(WORDING.months)
"""Folded names of the solar months to 1–12."""
WEEKDAYS = numbered(WORDING.weekdays)
"""Folded names of the days, Monday 1 to Sunday 7 as in ISO 8601."""
