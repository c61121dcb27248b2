"""One request to a page of ours: who asks, in which language, over which archive; and how a page is answered."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from datasette.utils.asgi import Forbidden, Request, Response

from archive.config import load_site
from archive.errors import ConfigError, TamdanError, UsageError
from archive.home import Home
from archive.localize import LANGUAGES, Language, Locale, locale_of
from archive.model import Site
from archive.selection import Meaningless
from archive.site.rendering import page

Known = ParamSpec("Known")
Told = TypeVar("Told")

DATABASE = "archive"
LANGUAGE_COOKIE = "tamdan_language"

OWN_STYLES = "style-src 'self'"
"""Beside the policy that every answer has: only Datasette's own pages need styles within the page."""


class Missing(TamdanError):  # noqa: N818  (a state of the address)
    """There is no page of ours at this address; the message says what is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, as far as a page needs to know it."""

    datasette: Any
    request: Request
    locale: Locale
    account: str | None
    """Who is logged in."""
    home: Home
    site: Site

    @property
    def asked(self) -> Mapping[str, str]:
        """Give the parameters of the URL, the first of each name."""
        given = self.request.args  # Datasette parses the address anew each time it is asked
        return {name: given.get(name) or "" for name in given}

    @property
    def parts(self) -> Mapping[str, str]:
        """Give the named groups of the route."""
        return cast("Mapping[str, str]", self.request.url_vars)

    def url(self, path: str, **parameters: object) -> str:
        """Give the address of a page of ours; empty parameters are left out."""
        given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
        return str(self.datasette.urls.path(f"{path}?{urlencode(given)}" if given else path))

    async def read(
        self,
        function: Callable[Concatenate[sqlite3.Connection, Known], Told],
        *known: Known.args,
        **named: Known.kwargs,
    ) -> Told:
        """Run a function over a reading connection in a thread, at one moment of the archive; it has no limit of time."""

        def reading(connection: sqlite3.Connection) -> Told:
            connection.execute("begin")
            try:
                return function(connection, *known, **named)
            finally:
                connection.execute("rollback")

        return cast("Told", await self.datasette.get_database(DATABASE).execute_fn(reading))

    async def write(self, function: Callable[[], Told]) -> Told:
        """Run a function that writes, with a connection it opens and closes itself, in a thread of its own."""
        return await asyncio.to_thread(function)

    def render(self, template: str, status: int = 200, **values: object) -> Response:
        """Answer with a page of ours in the visitor's language."""
        body = page(template, self.locale, {"visit": self, "url": self.url, **values})
        headers = {"content-language": self.locale.code, "content-security-policy": OWN_STYLES}
        return Response.html(body, status=status, headers=headers)

    def redirect(self, path: str) -> Response:
        """Send the visitor on after a form, so that going back or reloading sends nothing twice."""
        return Response("", status=303, headers={"location": path})

    def told(self, error: UsageError) -> str:
        """Tell what is wrong with what was asked, in the visitor's language where the error can be told in any."""
        return self.locale.text(error.message, **error.values) if isinstance(error, Meaningless) else str(error)

    def csrf(self) -> str:
        """Give the token that a form must send back."""
        return str(self.request.scope["csrftoken"]())


Page = Callable[[Visit], Awaitable[Response]]


def visited(page: Page) -> Callable[[Any, Request], Awaitable[Response]]:
    """Make a route of Datasette's of a page of ours: who may see it, its language, and what is answered where something is wrong."""

    async def answer(datasette: Any, request: Request) -> Response:
        visit = visit_of(datasette, request)
        try:
            await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
            return await page(visit)
        except Forbidden:
            return visit.redirect(visit.url("/-/login", next=request.full_path))
        except Missing as missing:
            return visit.render("missing.html", 404, message=str(missing))
        except UsageError as error:
            return visit.render("refused.html", 400, message=visit.told(error))

    return answer


def visit_of(datasette: Any, request: Request) -> Visit:
    """Tell who asks for what, for any page of the archive."""
    home = Home(Path(datasette.get_database(DATABASE).path).resolve().parent.parent)
    actor = request.actor or {}
    return Visit(
        datasette=datasette,
        request=request,
        locale=locale_of(_language(request)),
        account=str(actor["id"]) if "id" in actor else None,
        home=home,
        site=_site(home.site_file),
    )


def _language(request: Request) -> Language:
    """Take the language the address names, else the one chosen before, else the first."""
    chosen = SimpleCookie(request.headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    for wanted in (request.args.get("lang"), chosen.value if chosen else None):
        for known in LANGUAGES:
            if wanted == known:
                return known
    return LANGUAGES[0]


_sites: dict[Path, tuple[float, Site]] = {}
"""What each site.toml said when it was read last, and when it had been changed."""


def _site(file: Path) -> Site:
    """Give what site.toml says; as long as there is a mistake in it, what it said before."""
    changed = file.stat().st_mtime if file.is_file() else 0.0
    known = _sites.get(file)
    if known is None or known[0] != changed:
        known = _sites[file] = (changed, _read_anew(file, known[1] if known else Site()))
    return known[1]


def _read_anew(file: Path, before: Site) -> Site:
    try:
        return load_site(file)
    except ConfigError as error:
        print(f"tamdan: {error}\nThe site goes on with what was read before.", file=sys.stderr)  # noqa: T201  into the log of the site
        return before
