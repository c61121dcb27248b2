"""The switch between Khmer and English."""

from urllib.parse import urlsplit

from datasette.utils.asgi import Response

from archive.site.visit import LANGUAGE_COOKIE, Visit

A_YEAR = 365 * 24 * 3600


async def choose(visit: Visit) -> Response:
    """Remember the language and go back to where the visitor was."""
    response = visit.redirect(_inside(visit.asked.get("next", "")) or visit.url("/"))
    response.set_cookie(LANGUAGE_COOKIE, visit.parts["code"], max_age=A_YEAR, samesite="lax", httponly=True)
    return response


def _inside(address: str) -> str:
    """Give an address of this site; empty for any other, to which nobody may be sent from here."""
    told = urlsplit(address)
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and not told.scheme and not told.netloc
    return address if own and address.isprintable() else ""
