"""The stylesheet, the font and the pictures of the site, each known by a hash in its address."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

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
        sheets = sorted((file for file in folder.iterdir() if file.name.endswith(".css")), key=lambda file: file.name)
        return b"\n".join(sheet.read_bytes() for sheet in sheets)
    file = folder / name
    return file.read_bytes() if file.is_file() and not name.endswith(".css") else None


def address(name: str) -> str:
    """Give the path of a file with its hash."""
    return f"/-/tamdan/{name}?{sha256(asset(name) or b'').hexdigest()[:8]}"
