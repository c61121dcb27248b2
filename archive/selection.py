"""Which articles somebody asks for: one notion for the search page, its downloads and feed, exports, reports and digests.

A selection is a URL: `parameters` writes what `read` reads. Its SQL is made of our own words only; what people typed is bound.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from archive.errors import UsageError
from archive.search import escape_fts
from archive.spellings import vocabulary_of

YES_NO = ("yes", "no")
DECISIONS = ("new", "decided", "keep", "unsure", "reject", "hidden")
ORDERS = ("newest", "oldest", "relevance")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "weak": YES_NO,
    "status": ("read", "headline only"),
    "decision": DECISIONS,
    "changed": YES_NO,
    "gone": YES_NO,
    "kind": ("article", "post", "radio", "TV", "print"),
    "media": ("earned", "owned"),
    "tone": ("positive", "neutral", "negative"),
    "stories": ("one",),
    "order": ORDERS,
}
"""What a parameter may be, where only some words have a meaning."""

_DAYS = {"since": "from", "until": "to"}
"""How the days are called in a URL, where `from` is no word of Python's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles that somebody asks for; empty fields ask nothing, and all that are given must hold."""

    words: str = ""
    """In the query language; broader than matching, as `archive.search` tells."""
    campaign: str = ""
    query: str = ""
    """Campaign and query id, as in i-accept/slogan."""
    source: str = ""
    language: str = ""
    since: date | None = None
    """First day of publication."""
    until: date | None = None
    """Last day of publication."""
    weak: str = ""
    status: str = ""
    decision: str = ""
    """What people decided; the rejected and the hidden are only seen by asking for them."""
    changed: str = ""
    """Whether there is more than one revision."""
    gone: str = ""
    kind: str = ""
    media: str = ""
    tone: str = ""
    stories: str = ""
    """`one` shows one article of each story."""
    order: str = "newest"

    @property
    def view(self) -> str:
        """Name the view that is asked: what everybody sees, unless what was rejected or hidden is asked for."""
        return "candidate" if self.decision in ("reject", "hidden") else "coverage"

    @property
    def is_broad(self) -> bool:
        """Tell whether nothing but an order is asked."""
        return replace(self, order="newest") == Selection()

    def parameters(self) -> dict[str, str]:
        """Give what is asked as the parameters of a URL, what is not left out."""
        default = Selection()
        names = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            _url_name(name): str(value) for name, value in names.items() if value and value != getattr(default, name)
        }

    def condition(self) -> str:
        """Give the SQL condition on the columns of its view; `true` where nothing is asked."""
        held = [sql for name, sql in _CONDITIONS.items() if getattr(self, name)]
        held += [_CHOSEN[name, value] for name in _CHOICE_NAMES if (value := getattr(self, name))]
        asked = " and ".join(held) or "true"
        return f"{asked} and {self._one_of_a_story(asked)}" if self.stories else asked

    def _one_of_a_story(self, asked: str) -> str:
        return (
            "article in (select first from (select article as first, row_number() over (partition by coalesce(story, id)"
            " order by status = 'headline only', published is null, published, article) as place"
            f" from {self.view} where {asked}) where place = 1)"  # noqa: S608  our own words
        )

    def bound(self, connection: sqlite3.Connection) -> dict[str, Any]:
        """Give the values its condition binds; the words become an FTS5 expression by the spellings in force in the archive."""
        campaign, _, query = self.query.partition("/")
        return {
            "match": escape_fts(self.words, vocabulary_of(connection)) if self.words else None,
            "campaign": self.campaign,
            "query_campaign": campaign,
            "query_name": query,
            "source": self.source,
            "language": self.language,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }


_CONDITIONS: Mapping[str, str] = {
    "words": "article in (select rowid from article_fts where article_fts match :match)",
    "campaign": (
        "(article in (select article_query.article from article_query join query on query.id = article_query.query"
        " where query.campaign = :campaign) or article in (select addition.article from addition where addition.campaign = :campaign))"
    ),
    "query": (
        "article in (select article_query.article from article_query join query on query.id = article_query.query"
        " where query.campaign = :query_campaign and query.name = :query_name)"
    ),
    "source": "source = :source",
    "language": "language = :language",
    "since": "published >= :since",
    "until": "published <= :until",
}

_CHOSEN: Mapping[tuple[str, str], str] = {
    ("weak", "yes"): "weak = 1",
    ("weak", "no"): "weak = 0",
    ("changed", "yes"): "revision > 1",
    ("changed", "no"): "revision = 1",
    ("gone", "yes"): "gone_on is not null",
    ("gone", "no"): "gone_on is null",
    ("decision", "decided"): "decision != 'new'",
    ("decision", "hidden"): "hidden = 1",
    **{("decision", value): f"decision = '{value}'" for value in ("new", "keep", "unsure", "reject")},
    **{(name, value): f"{name} = '{value}'" for name in ("status", "kind", "media", "tone") for value in CHOICES[name]},
}
_CHOICE_NAMES = tuple(dict.fromkeys(name for name, _ in _CHOSEN))


def read(parameters: Mapping[str, str]) -> Selection:
    """Read a selection from the parameters of a URL; unknown names are passed over, `q` is another name of `words`.

    Raises UsageError for a day that is none, a word that has no meaning, and days in the wrong order.
    """
    given = {name: parameters.get(_url_name(name), "").strip() for name in (field.name for field in fields(Selection))}
    for name, allowed in CHOICES.items():
        if given[name] and given[name] not in allowed:
            raise UsageError(f"{name}={given[name]}: this means nothing here. It may be: {', '.join(allowed)}.")
    days = {name: _day(_url_name(name), given.pop(name)) for name in _DAYS}
    given["order"] = given["order"] or "newest"
    selection = Selection(**given, **days)  # type: ignore[arg-type]
    if selection.since and selection.until and selection.since > selection.until:
        raise UsageError(f"from {selection.since} comes after to {selection.until}. Give the earlier day to from.")
    return selection


def _url_name(name: str) -> str:
    return {"words": "q", **_DAYS}.get(name, name)


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{name}={text}: this is no day. Write it as 2021-12-09.") from error
