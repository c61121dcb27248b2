"""How an article is passed on: the address that stays, three citations, and a text for Telegram."""

from datetime import date
from typing import Any

from archive.localize import ZONE, locale_of
from archive.site.citation import Cited, apa, bibtex, chicago
from archive.site.facts import Facts
from archive.site.menu import site_name
from archive.site.visit import Visit
from archive.site.wayback import is_web
from archive.stamp import from_instant


def ways(visit: Visit, facts: Facts, archived: str) -> dict[str, Any]:
    """Give every way to pass an article on; `archived` is the instant of its first capture."""
    cited = _cited(visit, facts, archived)
    return {
        "address": address(visit, facts.key),
        "apa": apa(cited),
        "chicago": chicago(cited),
        "bibtex": bibtex(cited),
        "telegram": telegram(visit, facts),
    }


def address(visit: Visit, key: str) -> str:
    """Give the address that stays: whole where the site says where it is reached, else its path."""
    path = visit.url(f"/article/{key}")
    return f"{visit.site.url.rstrip('/')}{path}" if visit.site.url else path


def telegram(visit: Visit, facts: Facts) -> str:
    """Give a text in Khmer for a channel: headline, source, day, and a link that its readers can open."""
    khmer = locale_of("km")
    told = (facts.name.told(khmer), khmer.day(facts.published))
    opens = is_web(facts.url) and not facts.gone_on
    link = facts.url if opens else address(visit, facts.key)
    return "\n".join(line for line in (facts.title, " · ".join(filter(None, told)), link) if line)


def _cited(visit: Visit, facts: Facts, archived: str) -> Cited:
    return Cited(
        key=facts.key,
        title=facts.title,
        authors=facts.authors,
        source=facts.name.km if facts.language == "km" and facts.name.km else facts.name.en,
        day=date.fromisoformat(facts.published) if facts.published else None,
        reliable=facts.published_reliable != 0,
        url=facts.url if is_web(facts.url) else "",
        archive=site_name(visit),
        address=address(visit, facts.key) if visit.site.url else "",
        archived=from_instant(archived).astimezone(ZONE).date(),
        kind=facts.kind,
        language=facts.language,
    )
