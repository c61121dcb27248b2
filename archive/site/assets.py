"""The stylesheet, the font and the pictures of the site, each known by a hash in its address."""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from datasette.utils.asgi import NotFound, Request, Response

ADDRESS = r"^/-/tamdan/(?P<name>[a-z0-9-]+\.(?:css|woff2|svg|png|js))$"
TYPES = {
    "css": "text/css; charset=utf-8",
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
    "png": "image/png",
    "js": "text/javascript; charset=utf-8",
}
STYLESHEET = "tamdan.css"
STOCK = "data.css"
"""The stylesheet of Datasette's own pages: our colours and frame, and what makes them readable in Khmer."""
_NAMED = re.compile(r'url\("([a-z0-9-]+\.(?:woff2|svg|png))"\)')
A_YEAR = 365 * 24 * 3600


async def serve(request: Request) -> Response:
    """Answer with a file; its address changes with its content, so that browsers may keep it."""
    name = request.url_vars["name"]
    content = asset(name)
    if content is None:
        raise NotFound(name)
    headers = {"cache-control": f"public, max-age={A_YEAR}, immutable"}
    return Response(content, headers=headers, content_type=TYPES[name.rpartition(".")[2]])


@cache
def asset(name: str) -> bytes | None:
    """Give a file of the folder `static` by its name; the stylesheet is all its .css files in order."""
    folder = files("archive.site") / "static"
    if name == STYLESHEET:
        return _joined(sorted((file for file in folder.iterdir() if file.name.endswith(".css")), key=_name))
    if name == STOCK:
        return _joined([folder / "00-base.css", files("archive.site") / "stock" / "tamdan.css"])
    file = folder / name
    return file.read_bytes() if file.is_file() and not name.endswith(".css") else None


def _name(file: Traversable) -> str:
    return file.name


def _joined(sheets: Iterable[Traversable]) -> bytes:
    return _NAMED.sub(_with_hash, "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)).encode()


def _with_hash(named: re.Match[str]) -> str:
    """Name a file in a stylesheet as pages name it, so that a browser that was told of it before fetches it once."""
    return f'url("{address(named[1]).rpartition("/")[2]}")'


def address(name: str) -> str:
    """Give the path of a file with its hash."""
    return f"/-/tamdan/{name}?{sha256(asset(name) or b'').hexdigest()[:8]}"
