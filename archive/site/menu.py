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

_DESK = frozenset({"/inbox", "/add"})


def menu(visit: Any) -> list[tuple[str, str]]:
    """Give the pages that this visitor can use."""
    return [(address, words) for address, words in PAGES if visit.account or address not in _DESK]


def site_name(visit: Any) -> str:
    """Give the name of the site in the visitor's language."""
    own = visit.site.name_km if visit.locale.code == "km" else visit.site.name
    return str(own or visit.site.name or visit.locale.text("Tamdan"))
