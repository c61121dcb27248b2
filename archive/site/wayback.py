"""Links to the Internet Archive's copies of a page. Nothing is asked there: whoever follows one leaves this site."""

from archive.stamp import from_instant

ROOT = "https://web.archive.org/web"


def copy_near(url: str, moment: str) -> str:
    """Give the address of the copy nearest to an instant (ISO 8601, UTC); empty for what is no page of the web."""
    return f"{ROOT}/{from_instant(moment):%Y%m%d%H%M%S}/{url}" if is_web(url) else ""


def all_copies(url: str) -> str:
    """Give the address of the list of all copies; empty for what is no page of the web."""
    return f"{ROOT}/*/{url}" if is_web(url) else ""


def is_web(url: str) -> bool:
    """Tell whether an address may be linked: no other scheme than these two ever is."""
    return url.lower().startswith(("http://", "https://")) and url.isprintable() and " " not in url
