"""The sources.toml that points a crawl at the running newsroom."""

import json
from collections.abc import Iterable, Iterator, Mapping

from newsroom.site import Listing, Site

TEXTS = ("link", "title", "date", "card", "next")


def sources_toml(sites: Iterable[Site], addresses: Mapping[str, str]) -> str:
    """One [[source]] table per site, closed ones too; addresses: source id -> base address."""
    return "\n".join(line for site in sites for line in _source(site, addresses[site.id]))


def _source(site: Site, base: str) -> Iterator[str]:
    yield "[[source]]"
    yield _pair("id", site.id)
    yield _pair("name", site.name)
    yield _pair("name_km", site.name_km)
    yield _pair("languages", list(site.languages))
    yield _pair("status", site.status)
    yield _pair("domains", [base.removeprefix("http://")])
    yield _pair("zone", "Asia/Phnom_Penh")
    yield f"verified_on = {site.verified_on.isoformat()}"
    if site.note:
        yield _pair("note", site.note)
    yield _pair("delay", site.delay)
    for listing in site.listing:
        yield from _listing(listing, base)
    if site.reading:
        yield "  [source.reading]"
        yield from (f"  {_pair(name, value)}" for name, value in site.reading.items())
    yield ""


def _listing(listing: Listing, base: str) -> Iterator[str]:
    yield "  [[source.listing]]"
    yield f"  {_pair('kind', listing.kind)}"
    yield f"  {_pair('url', base + listing.path)}"
    yield from (f"  {_pair(name, value)}" for name in TEXTS if (value := getattr(listing, name)))
    if listing.pages:
        yield f"  {_pair('pages', listing.pages)}"


def _pair(name: str, value: str | float | list[str]) -> str:
    """JSON's strings, numbers and lists of strings are TOML's too."""
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"
