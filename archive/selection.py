"""Which articles somebody asks for: one notion for the search page, its downloads and feed, exports, reports and digests.

A selection is a URL: `parameters` writes what `read` reads. Its SQL is made of our own words only; what people typed is bound.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

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

COLUMNS: Mapping[str, str] = {
    "source": "source",
    "language": "language",
    "weak": "iif(weak, 'yes', 'no')",
    "status": "status",
    "changed": "iif(revision > 1, 'yes', 'no')",
    "gone": "iif(gone_on is null, 'no', 'yes')",
    "kind": "kind",
    "media": "media",
    "tone": "tone",
}
"""What an article has one of, as SQL on the columns of its view; a selection asks for one value of it."""

_OF_CAMPAIGN = (
    "select article from article_query where query in (select id from query where campaign = :campaign)"
    " union select article from addition where campaign = :campaign and article is not null"
)
_CAMPAIGNS = (
    "select query.campaign, group_concat(article) from query join article_query on article_query.query = query.id group by query.id"
    " union all select campaign, group_concat(article) from addition where article is not null group by campaign"
)
_OF_QUERY = (
    "select article from article_query where query in (select id from query where campaign || '/' || name = :query)"
)
_QUERIES = (
    "select query.campaign || '/' || query.name, group_concat(article)"
    " from query join article_query on article_query.query = query.id group by query.id"
)
MEMBERS: Mapping[str, tuple[str, str]] = {"campaign": (_OF_CAMPAIGN, _CAMPAIGNS), "query": (_OF_QUERY, _QUERIES)}
"""What an article may have several of: SQL for the articles of one value, and for each value with the articles that have it, in parts."""

LONGEST = 2001
"""Characters of words that are taken: one more than the query language reads, so that it says so."""

FIRST_OF_A_STORY = (
    "article is not (select original from story where story.key = story),"
    " status = 'headline only', published is null, published, article"
)
"""Which of the articles of one story stands for it: the original where it is among them, else the earliest that was read."""

_DAYS = {"since": "from", "until": "to"}
"""How the days are called in a URL, where `from` is no word of Python's."""


class Meaningless(UsageError):  # noqa: N818  (a state of what was asked)
    """A parameter of a selection has no meaning; `message` and `values` tell it in any language."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values))


NO_CHOICE = "{name}={given}: this means nothing here. It may be: {allowed}."
NO_DAY = "{name}={given}: this is no day. Write it as 2021-12-09."
WRONG_ORDER = "from {since} comes after to {until}. Give the earlier day to from."
MESSAGES = (
    "{name}={given}: this means nothing here. It may be: {allowed}.",
    "{name}={given}: this is no day. Write it as 2021-12-09.",
    "from {since} comes after to {until}. Give the earlier day to from.",
)
"""The messages of Meaningless."""


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

    def asked(self) -> tuple[str, ...]:
        """Name the fields that leave articles out."""
        return tuple(field.name for field in fields(self) if field.name != "order" and getattr(self, field.name))

    def without(self, *names: str) -> "Selection":
        """Give the selection that does not ask for these fields."""
        default = Selection()
        return replace(self, **{name: getattr(default, name) for name in names})

    def parameters(self) -> dict[str, str]:
        """Give what is asked as the parameters of a URL, what is not left out."""
        default = Selection()
        names = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            url_name(name): str(value) for name, value in names.items() if value and value != getattr(default, name)
        }

    def condition(self) -> str:
        """Give the SQL condition on the columns of its view; `true` where nothing is asked."""
        asked = " and ".join(self._conditions()) or "true"
        return f"{asked} and {self._one_of_a_story(asked)}" if self.stories else asked

    def _conditions(self) -> Iterator[str]:
        if self.words:
            yield "article in (select rowid from article_fts where article_fts match :match)"
        yield from (f"article in ({MEMBERS[name][0]})" for name in MEMBERS if getattr(self, name))
        yield from (f"{sql} = :{name}" for name, sql in COLUMNS.items() if getattr(self, name))
        if self.since:
            yield "published >= :since"
        if self.until:
            yield "published <= :until"
        if self.decision:
            yield _DECIDED.get(self.decision, "decision = :decision")

    def _one_of_a_story(self, asked: str) -> str:
        place = f"row_number() over (partition by coalesce(story, id) order by {FIRST_OF_A_STORY})"
        first = f"select article as first, {place} as place from {self.view} where {asked}"  # noqa: S608  our own words
        return f"article in (select first from ({first}) where place = 1)"  # noqa: S608  the same

    def ordering(self) -> str:
        """Give the SQL order on the columns of its view, those without a day last; rows of a file have no relevance and come newest first."""
        way = "published, article" if self.order == "oldest" else "published desc, article desc"
        return f"published is null, {way}"

    def bound(self, connection: sqlite3.Connection) -> dict[str, Any]:
        """Give the values its condition binds; the words become an FTS5 expression by the spellings in force in the archive."""
        names = (*MEMBERS, *COLUMNS, "decision")
        return {
            **{name: getattr(self, name) for name in names},
            "match": escape_fts(self.words, vocabulary_of(connection)) if self.words else None,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }


_DECIDED: Mapping[str, str] = {"decided": "decision != 'new'", "hidden": "hidden = 1"}
"""What is asked of decisions but is none of them."""


def read(parameters: Mapping[str, str]) -> Selection:
    """Read a selection from the parameters of a URL; unknown names are passed over, `q` is another name of `words`.

    Raises Meaningless for a day that is none, a word that has no meaning, and days in the wrong order.
    """
    given = {name: parameters.get(url_name(name), "").strip() for name in (field.name for field in fields(Selection))}
    for name, allowed in CHOICES.items():
        if given[name] and given[name] not in allowed:
            raise Meaningless(NO_CHOICE, name=name, given=given[name], allowed=", ".join(allowed))
    days = {name: _day(url_name(name), given.pop(name)) for name in _DAYS}
    given["order"] = given["order"] or "newest"
    given["words"] = given["words"][:LONGEST].strip()
    selection = Selection(**given, **days)  # type: ignore[arg-type]
    if selection.since and selection.until and selection.since > selection.until:
        raise Meaningless(WRONG_ORDER, since=selection.since, until=selection.until)
    return selection


def selection_of(search: str, given: Mapping[str, object]) -> Selection:
    """Read a selection from a search's own address, or what stands behind its `?`, and from values by their names, which count where both do.

    Raises UsageError for words that mean nothing.
    """
    parameters = dict(parse_qsl(search.partition("?")[2] or search.partition("#")[0]))
    if search and not parameters:
        raise UsageError(
            f"{search}: this is no search. Copy its address from the site, or give what stands behind its ?."
        )
    for name in parameters.keys() - _URL_NAMES:
        raise UsageError(
            f"{name}={parameters[name]}: a search has no {name}. It may have: {', '.join(sorted(_URL_NAMES))}."
        )
    return read(parameters | {name: str(value) for name, value in given.items() if value})


def url_name(name: str) -> str:
    """Give the name of a field as a URL has it."""
    return {"words": "q", **_DAYS}.get(name, name)


_URL_NAMES = {url_name(field.name) for field in fields(Selection)} | {"page", "text"}
"""What stands in the address of a search; the page and the texts are no part of what it asks."""


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Meaningless(NO_DAY, name=name, given=text) from error
