"""What is refused before any page is asked for: methods nobody serves, tools nobody needs, addresses that only cost time."""

from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Request, Response

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Any other one Datasette answers with an error of its own."""

TOOLS = ("/-/password-tool", "/-/allow-debug")
"""Pages of Datasette that strangers may use too; the first hashes what anybody sends, a third of a second of all visitors' time each."""

METADATA = r"^/-/metadata(?:\.json)?$"

MOST_PARAMETERS = 100
"""Parameters of an address: a search has twenty, and each facet of Datasette's costs up to its limit of time."""


def refusal(scope: Mapping[str, Any], root: str) -> Response | None:
    """Give the answer to a request that goes no further, None for all others; `root` is the path below which the site lies."""
    if scope["method"] not in METHODS:
        return _refused("This site answers GET, HEAD, POST and OPTIONS.", status=405)
    if str(scope["path"]) in {f"{root}{tool}" for tool in TOOLS}:
        return _refused("This tool is not part of this site.", status=404)
    if scope["query_string"].count(b"&") >= MOST_PARAMETERS:
        return _refused(f"This address has more than {MOST_PARAMETERS} parameters.", status=400)
    return None


def _refused(words: str, status: int) -> Response:
    """Answer programs in English: no page of the site leads here."""
    return Response(words, status, content_type="text/plain; charset=utf-8")


def closed_to_scripts(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Give a header as it is, the cookie that tells who is logged in so that no script of a page can read it."""
    is_login = name.lower() == b"set-cookie" and value.startswith(b"ds_actor=") and b"httponly" not in value.lower()
    return (name, value + b"; HttpOnly") if is_login else (name, value)


async def metadata(datasette: Any, request: Request) -> Response:
    """Answer with what is said about tables and columns, in place of Datasette's own page, which names the accounts too."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    told = {name: value for name, value in datasette.metadata().items() if name not in _OF_THE_DOOR}
    return Response.json(told)


_OF_THE_DOOR = ("plugins", "allow")
"""Parts of the metadata that tell how the site is entered."""
