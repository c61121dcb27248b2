"""When an article was published: every date the page and the listing offer, with its origin, and the one that is believed.

The first possible one is believed, the most trusted origin first: structured data, the time tags, the source's own selector, the line at
the headline, the listing, the address, the lead picture. Three things overrule that order:

- Two other origins that tell one and the same day, more than a day earlier: a page generator wrote the day of its own run, or the
  day of a change, as the day of publication. (A by-line alone that differs is often an unlabelled change: it overrules nothing.)
- The instant of the fetch itself, unless another origin tells that day too: some pages write "now", and it would be the crawl's day.
- The first of January at midnight where a better origin tells another day: what a system writes when it knows only the year.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from archive.model import Article, DateCandidate, Origin, Page
from pipelines.days.datetext import find_date
from pipelines.days.offers import RAW_LENGTH, Told, offers
from pipelines.page.blocks import one_line
from pipelines.page.document import Document

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""

EARLIEST = date(1990, 1, 1)
"""No page of the web is older; what says so is a default of some system."""
TOLERANCE = timedelta(days=1)
"""A page may be dated a day ahead of the crawl, and two origins a day apart: zones, and clocks that run fast."""
OFFERS = 100
"""Texts looked at for a date; a real page has fewer than twenty."""
NOW = timedelta(minutes=2)
"""Nearer to the fetch than this is a page that writes the moment it was made; few articles are fetched so soon."""
WITNESSES = 2
"""Origins that together overrule a more trusted one."""

HINTS: frozenset[Origin] = frozenset({"url", "picture"})
"""Origins that alone are not reliable, and whose disagreement says nothing."""
MACHINE: frozenset[Origin] = frozenset({"json-ld", "state", "meta", "time"})
"""Origins that a system fills in by itself."""


def dates(article: Article, document: Document) -> Article:
    """Set every candidate, the one that is believed, and the last change the page tells of."""
    page = document.page
    zone = ZoneInfo(page.source.zone)
    told = islice(offers(article, document, zone), OFFERS)
    found = dict.fromkeys(candidate for one in told if (candidate := _candidate(one, zone, _moment(one, page))))
    candidates = _unrepeated(found)
    believable = _believable([one for one in candidates if _possible(one, zone, page.fetched_at)], page.fetched_at)
    first = _chosen([one for one in believable if not one.changed])
    chosen = replace(first, chosen=True, reliable=first.reliable and _agreed(first, believable)) if first else None
    kept = tuple(
        chosen if chosen and one is first else one if one in believable else replace(one, reliable=False)
        for one in candidates
    )
    return replace(article, published=chosen, dates=kept, modified=_modified(believable, chosen))


def _moment(told: Told, page: Page) -> datetime:
    """Give what a relative date counts from: the listing's was written when the listing was read."""
    if told.origin == "listing" and page.link is not None and page.link.found_at:
        return page.link.found_at
    return page.fetched_at


def _candidate(told: Told, zone: tzinfo, now: datetime) -> DateCandidate | None:
    read = find_date(told.raw, zone, now)
    if read is None:
        return None
    raw = one_line(told.raw)[:RAW_LENGTH]
    reliable = read.sure and told.origin not in HINTS
    return DateCandidate(origin=told.origin, raw=raw, day=read.day, at=read.at, changed=told.changed, reliable=reliable)


def _unrepeated(candidates: Iterable[DateCandidate]) -> tuple[DateCandidate, ...]:
    """Leave out what an origin says again in other words."""
    found: dict[object, DateCandidate] = {}
    for one in candidates:
        found.setdefault((one.origin, one.day, one.at, one.changed), one)
    return tuple(found.values())


def _possible(candidate: DateCandidate, zone: tzinfo, now: datetime) -> bool:
    return EARLIEST <= candidate.day <= (now + TOLERANCE).astimezone(zone).date()


def _believable(candidates: list[DateCandidate], now: datetime) -> list[DateCandidate]:
    """Leave out what tells the moment of the fetch, unless something else tells that day, and what a system writes by default."""
    others = [one for one in candidates if not _is_now(one, now)]
    supported = [one for one in candidates if one in others or any(_is_near(one, other) for other in others)]
    return [
        one
        for one in supported
        if not (_is_default(one) and any(other.origin not in HINTS and not _is_near(one, other) for other in supported))
    ]


def _is_now(candidate: DateCandidate, now: datetime) -> bool:
    return candidate.origin in MACHINE and candidate.at is not None and abs(candidate.at - now) <= NOW


def _is_default(candidate: DateCandidate) -> bool:
    return candidate.origin in MACHINE and candidate.at is None and (candidate.day.month, candidate.day.day) == (1, 1)


def _is_near(one: DateCandidate, other: DateCandidate) -> bool:
    return abs(one.day - other.day) <= TOLERANCE


def _chosen(candidates: list[DateCandidate]) -> DateCandidate | None:
    """Give the first, or one of an earlier day that two other origins tell before anything else."""
    if not candidates:
        return None
    firsts = _firsts(candidates)
    earlier = [one for one in firsts if one.origin != "picture" and one.day < firsts[0].day - TOLERANCE]
    days = Counter(one.day for one in earlier)
    return next((one for one in earlier if days[one.day] >= WITNESSES), firsts[0])


def _firsts(candidates: Iterable[DateCandidate]) -> list[DateCandidate]:
    """Give what each origin tells first: what it tells after that may be of another story or kind."""
    found: dict[Origin, DateCandidate] = {}
    for one in candidates:
        found.setdefault(one.origin, one)
    return list(found.values())


def _agreed(chosen: DateCandidate, candidates: list[DateCandidate]) -> bool:
    """Tell whether each trusted origin tells the chosen day first, or else a day on which the page says it was changed."""
    changes = [one for one in candidates if one.changed]
    told = _firsts(one for one in candidates if not one.changed and one.origin not in HINTS)
    return all(_is_near(one, chosen) or any(_is_near(one, change) for change in changes) for one in told)


def _modified(candidates: list[DateCandidate], published: DateCandidate | None) -> DateCandidate | None:
    """Give the last change that is no earlier than the publication and not the publication itself."""
    changes = [one for one in candidates if one.changed and not (published and _is_same(one, published))]
    later = [one for one in changes if published is None or one.day >= published.day - TOLERANCE]
    return max(later, key=lambda one: (one.day, one.at.timestamp() if one.at else 0.0), default=None)


def _is_same(one: DateCandidate, other: DateCandidate) -> bool:
    """Tell whether two dates are one as far as both tell."""
    return one.day == other.day and (one.at == other.at or one.at is None or other.at is None)
