"""The switch between Khmer and English."""

from datasette.utils.asgi import Response

from archive.site.inside import inside
from archive.site.visit import LANGUAGE_COOKIE, Visit

A_YEAR = 365 * 24 * 3600


async def choose(visit: Visit) -> Response:
    """Remember the language and go back to where the visitor was."""
    response = visit.redirect(inside(visit.asked.get("next", "")) or visit.url("/"))
    response.set_cookie(LANGUAGE_COOKIE, visit.parts["code"], max_age=A_YEAR, samesite="lax", httponly=True)
    return response
