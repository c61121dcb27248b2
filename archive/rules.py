"""Rules of the configuration files that hold between values: ids told twice, spellings that terms share, keys that need another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from archive import khmer, query
from archive.errors import Problem
from archive.model import Campaigns, Term
from archive.values import Fault, Loc, Mistake, shown, suggestion
from archive.vocabulary import key

Row = tuple[Loc, Mapping[str, Any]]
"""A table as written, with its place."""

SECTION_ONLY = ("card", "link", "title", "date", "next")
"""Keys of a listing that only a page of HTML has a use for."""


OPERATORS = frozenset({"and", "or", "not"})
"""Words that join the others when they are written in capitals."""


def of_sources(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find what is wrong between the tables of sources.toml."""
    yield from repeated(rows(data, "source"))
    for loc, listing in rows(data, "source", "listing"):
        kind = listing.get("kind")
        for name in SECTION_ONLY if kind in ("feed", "sitemap") else ():
            if name in listing:
                yield (*loc, name), Fault(f"has no meaning for a {kind}", 'Take it out, or write kind = "section"')


def of_campaigns(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find what is wrong between the tables of campaigns.toml."""
    campaigns = rows(data, "campaign")
    if not campaigns and not data.get("campaign"):
        yield ("campaign",), Fault("is missing", "Add a [[campaign]] table")
    yield from repeated(campaigns)
    for loc, campaign in campaigns:
        if not campaign.get("query"):
            yield loc, Fault("asks nothing", "Add a [[campaign.query]] table")
        yield from (((*loc, *inner), fault) for inner, fault in repeated(rows(campaign, "query")))
    terms = rows(data, "term")
    yield from shared(terms)
    yield from useless(terms)


def of_site(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find what is wrong between the tables of site.toml."""
    channels, digests = rows(data, "channel"), rows(data, "digest")
    yield from repeated(channels)
    yield from repeated(digests)
    known = [str(channel.get("id")) for _, channel in channels]
    for loc, digest in digests:
        for place, name in texts(digest.get("channels"), (*loc, "channels")):
            if name not in known:
                yield place, Fault(f"is {shown(name)}, which is no channel", suggestion(name, known) if known else ADD)


ADD = "Add a [[channel]] table"


def doubts(campaigns: Campaigns, today: date) -> Iterator[Problem]:
    """Find what is allowed in campaigns.toml but hardly meant; `today` is the day by which the future is told."""
    for term in campaigns.term:
        yield from term_doubts(term)
    for campaign in campaigns.campaign:
        place = f'campaigns.toml, [[campaign]] "{campaign.id}"'
        if campaign.since > today:
            cure = "See that this day is meant: it is told in the archive, and nothing is left out because of it"
            yield Problem(f"{place}, since", f"{campaign.since} is in the future", cure)
        for asked in campaign.query:
            yield from query_doubts(f'{place}, query "{asked.id}", find', asked.find)


def query_doubts(place: str, find: str) -> Iterator[Problem]:
    """Find words that stand in many other words, and operators in small letters, which are only words."""
    node = query.parse(find)
    for leaf in query.positive(node):
        yield from too_short(place, leaf.text)
    words = {leaf.text for leaf in query.leaves(node)} if isinstance(node, query.And | query.Or) else set()
    for word in sorted(words):
        if word.lower() in OPERATORS and f'"{word}"' not in find:
            cure = f'Write {word.upper()} in capitals, or "{word}" in quotation marks where the word itself is meant'
            yield Problem(place, f"{shown(word)} in small letters is a word to look for", cure)


def term_doubts(term: Term) -> Iterator[Problem]:
    """Find spellings that stand in many other words, and spellings told twice."""
    place = f"campaigns.toml, [[term]] {shown(term.say)}"
    seen: dict[str, str] = {}
    for spelling in term.spellings:
        if not term.unless:
            yield from too_short(place, spelling)
        compared = spelling if term.case == "exact" else key(spelling)
        if other := seen.get(compared):
            wrong = f"{shown(spelling)} is compared just as {shown(other)} is"
            yield Problem(place, wrong, "Take one of the two out: spaces and same-looking signs never count")
        seen.setdefault(compared, spelling)


def too_short(place: str, text: str) -> Iterator[Problem]:
    """Find Khmer of one cluster, of whose hits about a third are other words."""
    if khmer.cluster_count(text) == 1 and not khmer.count_latin(text):
        cure = "Write a longer word, or say under unless which longer words are not meant"
        yield Problem(place, f"{shown(text)} is only one Khmer cluster and stands in many other words", cure)


def repeated(tables: Iterable[Row]) -> Iterator[Mistake]:
    """Find ids that an earlier table of the same row has."""
    seen: dict[str, int] = {}
    for number, (loc, table) in enumerate(tables, 1):
        name = table.get("id")
        if isinstance(name, str) and seen.setdefault(name, number) != number:
            yield (*loc, "id"), Fault(f"is the id of {loc[-2]} {seen[name]} already", "Give each an id of its own")


def shared(terms: Iterable[Row]) -> Iterator[Mistake]:
    """Find spellings that an earlier term has."""
    owners: dict[str, Loc] = {}
    for term, table in terms:
        for loc, spelling in spellings(term, table):
            if owners.setdefault(key(spelling), term) != term:
                yield loc, Fault(f"{shown(spelling)} belongs to an earlier term already", "Keep it in one of the two")


def useless(terms: Iterable[Row]) -> Iterator[Mistake]:
    """Find longer words under `unless` that hold no spelling of their term, or are one."""
    for term, table in terms:
        known = {key(spelling) for _, spelling in spellings(term, table)}
        for loc, word in texts(table.get("unless"), (*term, "unless")):
            if not any(spelling in key(word) for spelling in known - {key(word)}):
                wrong = f"{shown(word)} is no longer word around a spelling of this term, so it shuts out nothing"
                yield loc, Fault(wrong, "Write the whole longer word, or take it out")


def spellings(loc: Loc, term: Mapping[str, Any]) -> Iterator[tuple[Loc, str]]:
    """Give every spelling of a term as written, with its place."""
    if isinstance(say := term.get("say"), str):
        yield (*loc, "say"), say
    yield from texts(term.get("also"), (*loc, "also"))


def texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Give the texts of a list with their places; blank ones are another check's."""
    for at, text in enumerate(value if isinstance(value, list) else ()):
        if isinstance(text, str) and text.strip():
            yield (*loc, at), text


def rows(data: Mapping[str, Any], *names: str) -> list[Row]:
    """Give every table of a row of tables, or of rows inside rows; what is no table is left to the check of the shape."""
    found: list[Row] = [((), data)]
    for name in names:
        found = [
            ((*loc, name, at), row)
            for loc, table in found
            for at, row in enumerate(listed(table, name))
            if isinstance(row, dict)
        ]
    return found


def listed(table: Mapping[str, Any], name: str) -> list[Any]:
    """Give a list of a table, empty where it is none."""
    value = table.get(name)
    return value if isinstance(value, list) else []
