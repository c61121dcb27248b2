"""The form of a search as it is shown: what was typed, what may be chosen, and the links to other searches."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from archive.selection import CHOICES, Selection, url_name
from archive.site.naming import TITLES, Names
from archive.site.visit import Visit

CHOSEN = ("decision", "status", "weak", "changed", "gone", "kind", "media", "tone")
"""Fields with few values, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One search on its way into the template."""

    visit: Visit
    selection: Selection
    names: Names

    @property
    def filters(self) -> tuple[str, ...]:
        """Name the fields that are asked beside the words."""
        return tuple(name for name in self.selection.asked() if name != "words")

    @property
    def fields(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give the fields to choose from, before the days: name, and each value with what it is called."""
        named: Mapping[str, Mapping[str, object]] = {
            "campaign": self.names.campaign,
            "query": self.names.query,
            "source": self.names.source,
        }
        told = [(name, [(value, self.told(name, value)) for value in values]) for name, values in named.items()]
        return [*told, ("language", [(value, self.told("language", value)) for value in self.names.languages])]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give the fields with few values: name, and each value with what it is called."""
        return [(name, [(value, self.told(name, value)) for value in CHOICES[name]]) for name in CHOSEN]

    def orders(self) -> list[tuple[str, str, Selection]]:
        """Give each order that makes sense, what it is called, and the search that has it."""
        orders = [one for one in CHOICES["order"] if one != "relevance" or self.selection.words]
        return [(one, self.told("order", one), replace(self.selection, order=one)) for one in orders]

    @property
    def of_each_story(self) -> Selection:
        """Give the search for distinct stories only."""
        return replace(self.selection, stories="one")

    def told(self, field: str, value: str) -> str:
        """Say what a value is called; of `when` a month or a year."""
        locale = self.visit.locale
        if field == "when":
            return locale.month(value) if "-" in value else locale.digits(value)
        return self.names.of(field, value, locale)

    def title(self, field: str) -> str:
        """Say what a field is called."""
        return self.visit.locale.text(TITLES[field])

    def typed(self, field: str) -> str:
        """Give what was typed or chosen in a field, meaningless or not."""
        return self.visit.asked.get(url_name(field), "")

    def parameter(self, field: str) -> str:
        """Give the name of a field in the address."""
        return url_name(field)

    def to(self, selection: Selection, page: int = 0, path: str = "/search") -> str:
        """Give the address of a search, or of a file of it; `page` from 2 on."""
        return address(self.visit, selection, page, path)


def address(visit: Visit, selection: Selection, page: int = 0, path: str = "/search") -> str:
    """Give the address of a search; `page` from 2 on."""
    return visit.url(path, **selection.parameters(), **({"page": page} if page > 1 else {}))
