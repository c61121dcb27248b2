"""The addresses of the site: one line each."""

from archive.site import (
    adding,
    article,
    assets,
    byhand,
    capture,
    changes,
    deciding,
    downloads,
    gate,
    home,
    inbox,
    language,
    method,
    query,
    reporting,
    searching,
    source,
    status,
    story,
)
from archive.site.account import with_account
from archive.site.visit import Page, visited

KEY = "a[0-9a-f]{16}"
"""Public key of an article."""

PAGES: tuple[tuple[str, Page], ...] = (
    (r"^/$", home.home),
    (r"^/search$", searching.search),
    (r"^/search\.json$", searching.search_json),
    (r"^/status$", status.status),
    (r"^/status\.json$", status.status_json),
    (r"^/method$", method.method),
    (r"^/decide$", with_account(deciding.decide)),
    (r"^/inbox$", with_account(inbox.inbox)),
    (r"^/looked$", with_account(inbox.looked)),
    (r"^/add$", with_account(adding.add)),
    (r"^/added/(?P<token>[0-9a-f]{32})$", with_account(adding.added)),
    (r"^/by-hand$", with_account(byhand.by_hand)),
    (rf"^/article/(?P<key>{KEY})$", article.show),
    (rf"^/article/(?P<key>{KEY})/changes$", changes.show),
    (r"^/capture/(?P<number>[0-9]{1,18})$", capture.download),
    (r"^/story/(?P<key>s[0-9a-f]{16})$", story.show),
    (r"^/story/(?P<key>s[0-9a-f]{16})/difference$", story.compare),
    (r"^/sources$", source.every),
    (r"^/source/(?P<source>[^/]+)$", source.show),
    (r"^/queries$", query.every),
    (r"^/query/(?P<campaign>[^/]+)/(?P<query>[^/]+)$", query.show),
    *downloads.pages(),
    *reporting.pages(),
)
"""Pages of ours, each seen only by those who may see the archive."""


def routes() -> list[tuple[str, object]]:
    """Give every route of ours as Datasette wants them; stylesheet, fonts and language are for everybody, the login page needs them."""
    own = ((address, visited(page)) for address, page in PAGES)
    bare = [(assets.ADDRESS, assets.serve), (language.ADDRESS, language.choose), (gate.METADATA, gate.metadata)]
    return [*bare, *own]
