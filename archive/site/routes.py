"""The addresses of the site: one line each."""

from archive.site import assets, language
from archive.site.visit import Page, visited

KEY = "a[0-9a-f]{16}"
"""Public key of an article."""

PAGES: tuple[tuple[str, Page], ...] = ((r"^/-/language/(?P<code>km|en)$", language.choose),)
"""Pages of ours, each seen only by those who may see the archive."""


def routes() -> list[tuple[str, object]]:
    """Give every route of ours as Datasette wants them; stylesheet and fonts are for everybody, the login page needs them."""
    return [(assets.ADDRESS, assets.serve), *((address, visited(page)) for address, page in PAGES)]
