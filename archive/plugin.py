"""The Datasette plugin: its search, its cells and its answers speak Khmer and are safe to read. One function per hook."""

import json
import re
import sqlite3
from base64 import b64encode
from collections.abc import Awaitable, Callable, Collection, Generator, Iterator
from contextlib import closing
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest, Request, Response
from jinja2 import Environment
from markupsafe import Markup
from pluggy import HookimplMarker

from archive import khmer, query, search
from archive.errors import QueryError
from archive.site import assets, data, gate
from archive.site.rendering import marked, spoken
from archive.site.routes import routes
from archive.spellings import vocabulary_of
from archive.vocabulary import Vocabulary

hookimpl = HookimplMarker("datasette")  # datasette.hookimpl itself, with its types

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

ROW_BYTES = 16 * 2**20
"""The longest value a query may build: three times the largest page that is fetched. Without a limit one query can take all memory."""

LISTS = frozenset({"languages", "authors", "tags", "captions", "campaigns", "queries", "terms"})
"""Columns that hold a JSON array of words."""

ADDRESSES = frozenset({"url", "captured_from", "homepage"})


# ---- SQL functions ----------------------------------------------------------------------------------------------------------------


@hookimpl(trylast=True)  # the last one registered counts: without this Datasette's own escape_fts would
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give every connection the functions `escape_fts`, `clean`, `fold` and `khmer_snippet`."""
    spellings = _Spellings(conn)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, ROW_BYTES)
    conn.create_function("clean", 1, _of_text(khmer.clean), deterministic=True)
    conn.create_function("fold", 1, _of_text(khmer.fold), deterministic=True)
    conn.create_function("escape_fts", 1, lambda words: search.escape_fts(_text(words), spellings()))
    conn.create_function("khmer_snippet", 2, lambda text, words: _snippet(_text(text), _text(words), spellings()))


class _Spellings:
    """The vocabulary in force in a database, which a crawl may change at any moment; read on a connection of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        path = next((file for _, name, file in connection.execute("pragma database_list") if name == "main"), "")
        self._uri = f"{Path(path).resolve().as_uri()}?mode=ro" if path else None

    def __call__(self) -> Vocabulary:
        if self._uri is None:
            return Vocabulary()
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            return vocabulary_of(connection)


def _of_text(function: Callable[[str], str]) -> Callable[[Any], Any]:
    """Make an SQL function that leaves what is no text as it is."""
    return lambda value: function(value) if isinstance(value, str) else value


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _snippet(text: str, words: str, vocabulary: Vocabulary) -> str:
    """Cut out where the words stand, between ⟦ and ⟧."""
    return "".join(f"⟦{piece}⟧" if marked else piece for piece, marked in search.snippet(text, words, vocabulary))


# ---- what a reader searches -------------------------------------------------------------------------------------------------------


_NO_QUERY = "it was not understood as typed (មិនអាចយល់ដូចដែលបានវាយទេ សូមកែសំណួរស្វែងរក)"
_SHORT = "it is very short, so it stands inside many other words (ពាក្យនេះខ្លីពេក សូមសរសេរឱ្យវែងជាងនេះ)"


@hookimpl
def filters_from_request(request: Request, table: str) -> FilterArguments | None:
    """Say in the heading of the results when what was typed is no query, or too short to find something by.

    Raises BadRequest for a search in one column of the view, in which Datasette would find nothing without a word.
    """
    if "_through" in request.args:  # asks another table what it may not be asked: Datasette leaves out its check
        raise BadRequest("Rows are not chosen through another table here; SQL can do that.")
    typed = {name: value for name, value in parse_qsl(request.query_string) if name.startswith("_search")}
    if table == "coverage" and typed.keys() - {"_search"}:
        raise BadRequest("Headlines alone are searched in the table: /archive/article?_search_title=…")
    advice = _advice(typed.values())
    return FilterArguments([], human_descriptions=[advice]) if advice else None


def _advice(typed: Collection[str]) -> str | None:
    """Tell a reader how to type better; the cure of what does not parse comes before all else."""
    for text in typed:
        try:
            query.parse(text)
        except QueryError as error:
            return f"{_NO_QUERY}: {error.wrong}. {error.cure}"
    return _SHORT if typed and all(map(search.too_short, typed)) else None


def _query_string(sent: bytes) -> bytes:
    """Drop an empty search, which would find nothing, and `_searchmode`: raw FTS5 is not Khmer and most of it is an error."""
    if b"_search" not in sent:
        return sent
    pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if _asked(name, value)]).encode()


def _asked(name: str, value: str) -> bool:
    return name != "_searchmode" and not (name.startswith("_search") and not value.strip())


# ---- answers ----------------------------------------------------------------------------------------------------------------------


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Send the headers that keep an answer from harm with every one, and mend the search before Datasette sees it."""
    root = str(datasette.urls.path("/")).rstrip("/")
    return lambda app: _guarded(app, root)


def _guarded(app: App, root: str) -> App:
    async def guarded(scope: Scope, receive: Any, send: Send) -> None:
        is_login = scope["type"] == "http" and scope["path"] == f"{root}/-/login"
        wanted = data.wanted(scope["query_string"]) if is_login else ""

        async def send_safely(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = [gate.closed_to_scripts(*pair) for pair in message.get("headers", ()) if not _replaced(pair[0])]
                others = data.led_on(wanted, kept)
                message = {**message, "headers": [*others, *_safety_headers().items()]}
            await send(message)

        if scope["type"] == "http":
            if refusal := gate.refusal(scope, root):
                await refusal.asgi_send(send_safely)
                return
            scope = {**scope, "query_string": _query_string(scope["query_string"])}
        await app(scope, receive, send_safely)

    return guarded


def _replaced(name: bytes) -> bool:
    """Tell whether ours takes the place of a header; a page's own policy holds beside ours, and can only be narrower than both."""
    return name.lower() in _safety_headers() and name.lower() != b"content-security-policy"


@cache
def _safety_headers() -> dict[bytes, bytes]:
    """Nothing from elsewhere, in no frame, no address of a search told to the sites that are linked."""
    policy = (
        "default-src 'none'",
        f"script-src 'self' {' '.join(dict.fromkeys(_script_hashes()))}",
        "style-src 'self' 'unsafe-inline'",  # Datasette colours its headings in style attributes
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        b"content-security-policy": "; ".join(policy).encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
    }


def _script_hashes() -> Iterator[str]:
    """Name the few scripts in Datasette's own templates by their hash, so that no other script in a page runs."""
    for template in ("_close_open_menus.html", "_codemirror_foot.html", "table.html"):
        source = (files("datasette") / "templates" / template).read_text(encoding="utf-8")
        for script in re.findall(r"<script>(.*?)</script>", source, re.DOTALL):
            for allowed in ("true", "false"):
                filled = script.replace("{{ datasette_allow_facet }}", allowed)
                yield f"'sha256-{b64encode(sha256(filled.encode()).digest()).decode()}'"


@hookimpl
def skip_csrf(datasette: Any, scope: Scope) -> bool:
    """Leave the token of the one form that carries a file to its page: the library cannot read such a form with today's parser."""
    return bool(scope["path"] == datasette.urls.path("/add"))


@hookimpl
def register_routes() -> list[tuple[str, object]]:
    """Serve the pages of the site; Datasette's own stay beside them."""
    return routes()


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Let Datasette's own pages read Khmer well, in the frame of the site."""
    return [str(datasette.urls.path(assets.address(assets.STOCK)))]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Let Datasette find our templates before its own."""
    env.loader = data.with_ours(env.loader)


@hookimpl
def extra_template_vars(datasette: Any, request: Request | None) -> dict[str, object]:
    """Give Datasette's pages the top and foot of the site."""
    return data.frame(datasette, request)


@hookimpl
def forbidden(datasette: Any, request: Request) -> Response | None:
    """Say who may not see a page what to do."""
    return data.refused(datasette, request)


@hookimpl(wrapper=True)
def handle_exception(datasette: Any, request: Request, exception: Exception) -> Generator[None, list[Any], list[Any]]:
    """Answer in both languages, with a way on, where a page is missing or something went wrong.

    Around the others and not beside them: Datasette's own writes every variable into the log, passwords among them.
    """
    others = yield
    answer = data.answered(datasette, request, exception)
    return [answer] if answer else others


# ---- cells ------------------------------------------------------------------------------------------------------------------------


@hookimpl
def render_cell(row: Any, value: object, column: str, datasette: Any) -> Markup | None:
    """Show lists as words, the words of a match marked in their quote, and Khmer as Khmer; anything else is Datasette's."""
    if not isinstance(value, str) or len(value) > datasette.setting("truncate_cells_html"):
        return None
    if column in LISTS:
        return _list(value)
    if column in ADDRESSES:
        return _link(value, khmer.clean(unquote(value)))
    if column == "title" and value:
        return _link(row["url"] if "url" in row.keys() else "", value)  # noqa: SIM118  a row gives its values when looped over
    if column == "quote" and "words" in row.keys():  # noqa: SIM118  a row gives its values when it is looped over
        return marked(value, row["words"])
    return spoken(value) if khmer.count_khmer(value) and "://" not in value else None


@hookimpl(specname="render_cell")
def render_key(row: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Link the key of coverage to its article, whose page leads to the kept text."""
    if column != "id" or table != "coverage" or "article" not in row.keys():  # noqa: SIM118  a row gives its values when looped over
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, "article", str(row["article"])), row["id"])


def _link(address: str, words: str) -> Markup | None:
    """Link words to an address of the web; any other is left to Datasette."""
    if not address.startswith(("http://", "https://")):
        return None
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, spoken(words))


def _list(value: str) -> Markup | None:
    try:
        words = json.loads(value)
    except ValueError:
        return None
    shown = Markup("; ").join(spoken(word) for word in words) if isinstance(words, list) else None
    return shown or (Markup("&nbsp;") if words == [] else None)
