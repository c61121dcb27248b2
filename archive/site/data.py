"""Datasette's own pages within the site: its frame around them, its log-in page, and pages of ours for what goes wrong."""

import sys
import traceback
from typing import Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader
from markupsafe import Markup

from archive.site.inside import inside
from archive.site.rendering import page
from archive.site.visit import DATABASE, Visit, visit_of

MESSAGES = (
    "There is no page at this address.",
    "This page is not open to you.",
    "Invalid username or password",
    "This instance does not have any configured accounts",
)
"""What is said here, and what the plugin that knows the accounts says on its page."""


def with_ours(loader: BaseLoader | None) -> BaseLoader:
    """Put our templates before those of Datasette and other plugins."""
    ours = PackageLoader("archive.site", "stock")
    return ChoiceLoader([ours, loader]) if loader else ours


def frame(datasette: Any, request: Request | None) -> dict[str, object]:
    """Give what our templates for Datasette's pages stand on; nothing for an archive that is none of ours."""
    if request is None or DATABASE not in datasette.databases:
        return {}
    visit = visit_of(datasette, request)

    def ours(template: str, **values: object) -> Markup:
        return Markup(_page(template, visit, **values))  # noqa: S704  made by a template that escapes

    return {"language": visit.locale.code, "top": ours("_top.html"), "bottom": ours("_bottom.html"), "ours": ours}


def _page(template: str, visit: Visit, **values: object) -> str:
    return page(template, visit.locale, {"visit": visit, "url": visit.url, **values})


def wanted(query_string: bytes) -> str:
    """Give the page of this site that somebody wanted who was sent to log in; empty where there is none."""
    return inside(dict(parse_qsl(query_string.decode("latin-1"))).get("next", ""))


def led_on(wanted: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Lead who has just logged in to the page that was wanted: the plugin that knows the accounts knows the first page alone."""
    if not wanted:
        return headers
    return [(name, wanted.encode() if name.lower() == b"location" else value) for name, value in headers]


def refused(datasette: Any, request: Request) -> Response | None:
    """Send who is not logged in to where one logs in, and tell anybody else that the page is not open to them."""
    if DATABASE not in datasette.databases or _for_programs(request):
        return None
    visit = visit_of(datasette, request)
    if visit.account is None:
        return visit.redirect(visit.url("/-/login", next=request.full_path))
    return visit.render("refused.html", 403, message=MESSAGES[1])


def answered(datasette: Any, request: Request, error: Exception) -> Response | None:
    """Answer where something went wrong: people with a page of ours, programs with JSON; None for an archive that is none of ours."""
    if DATABASE not in datasette.databases:
        return None
    status = _status(request, error)
    if status >= 500:
        traceback.print_exception(error, file=sys.stderr)
    if _for_programs(request):
        return Response.json({"ok": False, "error": _told(error), "status": status, "title": None}, status=status)
    return _page_of(visit_of(datasette, request), status, _told(error))


def _status(request: Request, error: Exception) -> int:
    """Give the status of an error: some that are the visitor's mistakes Datasette takes for its own."""
    if isinstance(error, Base400):
        return int(error.status)
    if isinstance(error, AssertionError) and request.method == "POST":  # a form sent to a page that takes none
        return 405
    is_asked = isinstance(error, DatasetteError) or (isinstance(error, ValueError) and "_next" in request.args)
    status = getattr(error, "status", 500)
    return 400 if is_asked and status == 500 else int(status)


def _page_of(visit: Visit, status: int, words: str) -> Response:
    if status == 404:
        return visit.render("missing.html", 404, message=MESSAGES[0])
    if status < 500:
        return visit.render("refused.html", status, message=words)
    return visit.render("broken.html", status)


def _for_programs(request: Request) -> bool:
    return str(request.path).endswith((".json", ".csv"))


def _told(error: Exception) -> str:
    """Give the words of an error as text: some of Datasette's are HTML."""
    if not isinstance(error, DatasetteError):
        return str(error)
    return Markup(error.message).striptags() if error.message_is_html else str(error.message)  # noqa: S704  its tags are taken out
