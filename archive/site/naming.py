"""How the filters of a search and their values are called for people; the messages are English, their Khmer stands in `locale/km/tamdan.po`."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from archive.localize import Locale
from archive.selection import Selection
from archive.site.shelf import shelf_of

TITLES: Mapping[str, str] = {
    "words": "Words",
    "campaign": "Campaign",
    "query": "Query",
    "source": "Source",
    "language": "Language",
    "since": "From",
    "until": "To",
    "when": "Time",
    "weak": "Weak matches",
    "status": "Opened or headline only",
    "decision": "Decision",
    "changed": "Changed since",
    "gone": "Page gone",
    "kind": "Kind",
    "media": "Earned or owned",
    "tone": "Tone",
    "stories": "Stories",
    "order": "Order",
}
"""What each filter is called."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "weak": {"yes": "Weak matches only", "no": "Without weak matches"},
    "status": {"read": "Opened and read", "headline only": "Headline only"},
    "decision": {
        "new": "Not decided yet",
        "decided": "Decided",
        "keep": "Kept",
        "unsure": "Unsure",
        "reject": "Rejected",
        "hidden": "Hidden",
    },
    "changed": {"yes": "Changed after it was first read", "no": "Never seen to change"},
    "gone": {"yes": "No longer opens", "no": "Still opens, as far as is known"},
    "kind": {"article": "Article", "post": "Post", "radio": "Radio", "TV": "Television", "print": "Print"},
    "media": {"earned": "Earned: by others", "owned": "Owned: by the campaign itself"},
    "tone": {"positive": "Positive", "neutral": "Neutral", "negative": "Negative"},
    "stories": {"one": "One article of each story"},
    "order": {"newest": "Newest first", "oldest": "Oldest first", "relevance": "Most relevant first"},
}
"""What each of their values is called, where only some have a meaning."""

MESSAGES = (*TITLES.values(), *(words for told in VALUES.values() for words in told.values()))

Name = tuple[str, str | None]
"""A name, and the Khmer one where there is one."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people call campaigns, queries and sources, by their ids."""

    campaign: Mapping[str, Name]
    query: Mapping[str, Name]
    source: Mapping[str, Name]
    languages: tuple[str, ...]
    """Those that articles are written in."""

    def of(self, field: str, value: str, locale: Locale) -> str:
        """Give the name of a filter's value."""
        if field in VALUES:
            return locale.text(VALUES[field].get(value, value))
        if field == "language":
            return str(locale.babel.languages.get(value, value))
        if field in ("since", "until"):
            return locale.day(value)
        named: Mapping[str, Name] = getattr(self, field)
        name, name_km = named.get(value, (value, None))
        return name_km if name_km and locale.code == "km" else name

    def told(self, selection: Selection, field: str, locale: Locale) -> str:
        """Give the name of what a selection asks for in a field."""
        value = getattr(selection, field)
        return self.of(field, value.isoformat() if isinstance(value, date) else value, locale)


def load_names(connection: sqlite3.Connection) -> Names:
    """Read the names; a query's is that of its newest version."""
    queries = connection.execute(
        "select campaign || '/' || name, label, label_km from query order by retired_at is null, version"
    )
    return Names(
        campaign=_named(connection.execute("select id, name, name_km from campaign order by since, id")),
        query=_named(queries),
        source=_named(connection.execute("select id, name, name_km from source order by name")),
        languages=tuple(sorted(shelf_of(connection).sets(connection, "language"))),
    )


def _named(rows: sqlite3.Cursor) -> dict[str, Name]:
    return {row[0]: (row[1], row[2]) for row in rows}
