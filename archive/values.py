"""What single values of the configuration files must be: ids, addresses, zones, CSS selectors, numbers, queries."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cssselect import HTMLTranslator, SelectorError

from archive import query, selection
from archive.errors import QueryError, UsageError

Loc = tuple[str | int, ...]
"""Where a value stands: names of keys and numbers of list entries (from 0), from the file's top."""


class Fault(NamedTuple):
    """What is wrong with a value, and the cure."""

    wrong: str
    cure: str


Mistake = tuple[Loc, Fault]


def mistakes(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find every value that is of the right type and yet cannot be meant; other types are left to the check of the shape."""
    for loc, value in leaves(data):
        path = ".".join(step for step in loc if isinstance(step, str))
        if found := fault(path, value):
            yield loc, found


def leaves(node: Any, loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    """Walk a document: every text, number, day and empty list with its place."""
    if isinstance(node, dict):
        steps: Iterator[tuple[str | int, Any]] = iter(node.items())
    elif isinstance(node, list) and node:
        steps = iter(enumerate(node))
    else:
        yield loc, node
        return
    for step, value in steps:
        yield from leaves(value, (*loc, step))


def fault(path: str, value: Any) -> Fault | None:
    """Check one value by the path of its key, such as `source.listing.url`."""
    if isinstance(value, str):
        return TEXTS[path](value) if path in TEXTS else None
    if isinstance(value, int | float) and path in LEAST:
        return number(value, LEAST[path])
    if value == [] and path in FILLED:
        return Fault("is empty", FILLED[path])
    return None


# ---- words for a message ----------------------------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """Write a value as it stands in the file, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def suggestion(given: Any, allowed: Sequence[str]) -> str:
    """Name the nearest of what is allowed, and all of it."""
    near = get_close_matches(str(given), allowed, n=1)
    asked = f"Did you mean {near[0]}? " if near else ""
    return f"{asked}Allowed are {', '.join(allowed)}"


# ---- checks -----------------------------------------------------------------------------------------------------------------------

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?")
LANGUAGE = re.compile(r"[a-z]{2}")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def identifier(text: str) -> Fault | None:
    """Take lower-case letters, digits and single hyphens: ids stand in addresses and file names."""
    if SLUG.fullmatch(text):
        return None
    proposal = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    cure = "Use lower-case letters, digits and hyphens" + (f', as "{proposal}"' if proposal else "")
    return Fault(f"is {shown(text)}, which is no id", cure)


def written(text: str) -> Fault | None:
    """Take any text that says something."""
    return None if text.strip() else Fault("is empty", "Write something between the quotes")


def optional_address(text: str) -> Fault | None:
    """Take an address of the web, or nothing."""
    return address(text) if text else None


def address(text: str) -> Fault | None:
    """Take an address of the web, whole."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if whole and not re.search(r"\s", text):
        return None
    return Fault(
        f"is {shown(text)}, which is no address of the web", "Write it whole, with https:// or http:// before it"
    )


def host(text: str) -> Fault | None:
    """Take a host name without scheme and path; a port may follow."""
    if HOST.fullmatch(text):
        return None
    proposal = re.sub("^[a-z]+://|/.*", "", text.lower())
    cure = "Write the host name only, in lower case" + (f', as "{proposal}"' if HOST.fullmatch(proposal) else "")
    return Fault(f"is {shown(text)}, which is no host name", cure)


def variable(text: str) -> Fault | None:
    """Take the name of an environment variable; anything else may be the secret itself and is not repeated."""
    if VARIABLE.fullmatch(text):
        return None
    cure = 'Put the address into the environment, and its name here, as "TAMDAN_TEAM_MAIL"'
    return Fault("is no name of an environment variable", cure)


def search(text: str) -> Fault | None:
    """Take a search of the site that has a meaning and does not ask for what nobody is told."""
    try:
        wanted = selection.selection_of(text, {})
    except UsageError as error:
        return Fault(f"is no search: {str(error).rstrip('.')}", "Copy the address of a search from the browser")
    if wanted.view != "coverage":
        return Fault("asks for what was rejected or hidden", "Take decision= out: a digest never tells those")
    return None


def language(text: str) -> Fault | None:
    """Take the shape of an ISO 639-1 code."""
    if LANGUAGE.fullmatch(text):
        return None
    return Fault(f"is {shown(text)}, which is no language code", 'Write two small letters, as "km" or "en"')


def zone(text: str) -> Fault | None:
    """Take a name of the IANA time zone list."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(text, sorted(available_timezones()), n=1)
        cure = f'Did you mean "{near[0]}"?' if near else 'Write area and city, as "Asia/Phnom_Penh"'
        return Fault(f"is {shown(text)}, which is no known time zone", cure)
    return None


def selector(text: str) -> Fault | None:
    """Take a CSS selector of elements that lxml can run."""
    try:
        HTMLTranslator().css_to_xpath(text)
    except SelectorError as error:
        return Fault(
            f"is {shown(text)}, which is no CSS selector: {str(error).rstrip('.')}", "Try it in a browser first"
        )
    return None


def question(text: str) -> Fault | None:
    """Take a query that parses and uses nothing refused."""
    try:
        query.parse(text)
    except QueryError as error:
        return Fault(f"is no query: at character {error.position + 1}, {error.wrong}", error.cure)
    return None


def number(value: float, least: int) -> Fault | None:
    """Take a finite number that is not too small."""
    if math.isfinite(value) and value >= least:
        return None
    return Fault(f"is {value}", f"Write {least} or more")


TEXTS: Mapping[str, Callable[[str], Fault | None]] = {
    "source.id": identifier,
    "source.name": written,
    "source.languages": language,
    "source.domains": host,
    "source.zone": zone,
    "source.listing.url": address,
    "source.listing.card": selector,
    "source.listing.link": selector,
    "source.listing.title": selector,
    "source.listing.date": selector,
    "source.listing.next": selector,
    "source.reading.body": selector,
    "source.reading.title": selector,
    "source.reading.author": selector,
    "source.reading.date": selector,
    "source.reading.drop": selector,
    "term.say": written,
    "term.also": written,
    "term.unless": written,
    "campaign.id": identifier,
    "campaign.name": written,
    "campaign.query.id": identifier,
    "campaign.query.label": written,
    "campaign.query.find": question,
    "site.url": optional_address,
    "channel.id": identifier,
    "channel.env": variable,
    "channel.hosts": host,
    "digest.id": identifier,
    "digest.search": search,
}
LEAST: Mapping[str, int] = {
    "crawl.delay": 0,
    "crawl.pages_per_run": 1,
    "crawl.workers": 1,
    "crawl.timeout": 1,
    "crawl.html_days": 0,
    "crawl.text_days": 0,
    "source.delay": 0,
    "source.listing.pages": 1,
    "digest.most": 1,
}
FILLED: Mapping[str, str] = {
    "source": "Add a [[source]] table",
    "source.languages": 'Name at least one, the main one first, as ["km"]',
    "source.domains": 'Name at least the present one, as ["dap-news.com"]',
    "campaign": "Add a [[campaign]] table",
    "channel.hosts": 'Name at least one, as ["smtp.example.org"]',
    "digest.channels": 'Name at least one [[channel]], as ["team"]',
}
