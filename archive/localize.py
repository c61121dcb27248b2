"""Khmer and English for people: messages, dates, numbers. The messages are English in the code, their Khmer stands in `locale/km/tamdan.po`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale as Babel
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from archive.khmer import native_digits

Language = Literal["km", "en"]
LANGUAGES: tuple[Language, ...] = ("km", "en")
"""The languages of the site, the first one where nobody chose."""

FOLDER = Path(__file__).parent / "locale"
ZONE = ZoneInfo("Asia/Phnom_Penh")
"""In which instants are told to people."""


@dataclass(frozen=True, slots=True)
class Locale:
    """One language as people read it; digits are those of the language."""

    code: Language
    babel: Babel
    messages: Mapping[str, tuple[str, ...]]
    """English message -> its translations: one, or one for each plural form."""

    def text(self, message: str, **values: object) -> str:
        """Give a message in this language, `{name}` in it replaced by the values; one that nobody translated stays English."""
        told = self.messages.get(message, (message,))[0]
        return told.format(**self._localized(values)) if values else told

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Give the message for a number of things, which stands in it as `{number}`."""
        told = self.messages.get(one, (one if number == 1 else many,))
        return told[0].format(**self._localized({"number": number, **values}))

    def _localized(self, values: Mapping[str, object]) -> dict[str, object]:
        return {name: self._written(value) for name, value in values.items()}

    def _written(self, value: object) -> object:
        if isinstance(value, date):
            return self.day(value)
        return self.number(value) if isinstance(value, int) else value

    def number(self, value: float) -> str:
        """Write a number with the digits and separators of the language."""
        return self.digits(format_decimal(value, locale=self.babel))

    def percent(self, share: float) -> str:
        """Write a share of 0 to 1 as a percentage with one digit behind the point."""
        return self.digits(format_percent(share, format="#,##0.#%", locale=self.babel))

    def day(self, day: date | str | None, form: Literal["long", "medium", "short"] = "long") -> str:
        """Write a day, or an ISO day; empty for None."""
        return self.digits(format_date(_as_day(day), format=form, locale=self.babel)) if day else ""

    def month(self, month: str) -> str:
        """Write an ISO month (2021-12)."""
        return self.digits(format_skeleton("yMMM", _as_day(f"{month}-01"), locale=self.babel))

    def instant(self, moment: datetime | str | None) -> str:
        """Write an instant as people in Cambodia read their clock; empty for None."""
        if not moment:
            return ""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return self.digits(format_datetime(moment, "d MMM y, HH:mm", tzinfo=ZONE, locale=self.babel))

    def digits(self, text: str) -> str:
        """Write the digits of a text with those of the language."""
        return native_digits(text) if self.code == "km" else text


@cache
def locale_of(code: Language) -> Locale:
    """Give the locale of a language; its messages are read once."""
    return Locale(code=code, babel=Babel.parse(code), messages=_messages(code))


def _messages(code: Language) -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for file in sorted((FOLDER / code).glob("*.po")):
        told |= {_id(entry.id): _forms(entry.string) for entry in _catalog(file, code) if entry.id and entry.string}
    return told


def _catalog(file: Path, code: Language) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=code, abort_invalid=True)


def _id(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _forms(told: str | Sequence[str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told)


def _as_day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
