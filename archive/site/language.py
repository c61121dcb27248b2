"""The switch between Khmer and English."""

from typing import Any

from datasette.utils.asgi import Request, Response

from archive.site.inside import inside
from archive.site.visit import LANGUAGE_COOKIE, visit_of

ADDRESS = r"^/-/language/(?P<code>km|en)$"

A_YEAR = 365 * 24 * 3600


async def choose(datasette: Any, request: Request) -> Response:
    """Remember the language and go back to where the visitor was; for everybody, since the login page has this switch too."""
    visit = visit_of(datasette, request)
    response = visit.redirect(inside(visit.asked.get("next", "")) or visit.url("/"))
    response.set_cookie(LANGUAGE_COOKIE, visit.parts["code"], max_age=A_YEAR, samesite="lax", httponly=True)
    return response
