"""What stands at the top of every page: the name of the site and the way to its pages."""

from typing import Any

PAGES = (
    ("/", "Home"),
    ("/search", "Search"),
    ("/inbox", "Inbox"),
    ("/add", "Add"),
    ("/report", "Report"),
    ("/sources", "Sources"),
    ("/queries", "Queries"),
    ("/status", "Status"),
    ("/method", "Method"),
    ("/archive", "Data"),
)
"""Address -> its name, which is a message; the desk's own are for people with an account."""

MESSAGES = tuple(words for _, words in PAGES)
_PARTS = {
    "/sources": ("/source",),
    "/queries": ("/query",),
    "/search": ("/article", "/story"),
    "/add": ("/added", "/by-hand"),
}
"""Address of the menu -> where the pages that hang on it lie."""

_DESK = frozenset({"/inbox", "/add"})


def menu(visit: Any) -> list[tuple[str, str]]:
    """Give the pages that this visitor can use."""
    return [(address, words) for address, words in PAGES if visit.account or address not in _DESK]


def is_current(visit: Any, address: str) -> bool:
    """Tell whether the visitor is on this page of the menu, or on one that hangs on it."""
    path = visit.request.path
    below = (visit.url(start) for start in (address, *_PARTS.get(address, ())))
    return path == visit.url(address) or (address != "/" and any(path.startswith(f"{start}/") for start in below))


def site_name(visit: Any) -> str:
    """Give the name of the site in the visitor's language."""
    own = visit.site.name_km if visit.locale.code == "km" else visit.site.name
    return str(own or visit.site.name or visit.locale.text("Tamdan"))
