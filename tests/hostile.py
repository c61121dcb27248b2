"""A web server on loopback that behaves as badly as servers can; each behaviour has its own URL.

>>> with HostileServer() as server:
...     server.url("gzip-bomb")          # http://127.0.0.1:40123/gzip-bomb
...     server.to("redirect", "file:///etc/passwd")
...     server.connects                  # how often anybody connected
"""

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

import brotli  # type: ignore[import-untyped]  # ships no types

MIB = 1024 * 1024
ARTICLE = "<!doctype html><html><head><title>{title}</title>{head}</head><body><article>{text}</article></body></html>"
TEXT = "<p>" + "The market of the town opened again on Monday and the sellers came back. " * 20 + "</p>"
DATED = '<meta property="article:published_time" content="{}">'
FEED = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>{}</channel></rss>'


class HostileServer:
    """Listens on `host` until the block ends; `tls` is a file with a certificate and its key."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, tls: Path | None = None, robots: bytes | None = None
    ) -> None:
        self.host = host
        self.robots = robots or reply(404, "text/plain", b"no rules")
        self.connects = 0
        self.requests: list[str] = []
        """Paths asked for, in order, robots.txt included."""
        self.stopping = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=128)
        self._context = _server_context(tls) if tls else None
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        # A thread that sleeps in accept() is only woken by a connection.
        socket.create_connection((self.host, self.port)).close()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self._context else ''}://{host}:{self.port}"

    def url(self, behaviour: str) -> str:
        """Return the URL of a behaviour."""
        assert behaviour in BEHAVIOURS, behaviour
        return f"{self.root}/{behaviour}"

    def to(self, behaviour: str, target: str) -> str:
        """Return the URL of `redirect`, `refresh` or `link` that leads to a target."""
        return f"{self.url(behaviour)}/{quote(target, safe='')}"

    def urls(self) -> dict[str, str]:
        """Return all behaviours with their URLs."""
        return {name: self.url(name) for name in BEHAVIOURS}

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self.stopping.is_set():
                client.close()
                return
            self.connects += 1
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(5)
        try:
            with self._secured(client) as conn:
                path = _asked_path(conn)
                self.requests.append(path)
                for data in self._answer(path):
                    if self.stopping.is_set():
                        return
                    conn.sendall(data)
                _hang_up(conn, reset=path == "/reset")
        except OSError:
            client.close()

    def _secured(self, client: socket.socket) -> socket.socket:
        return self._context.wrap_socket(client, server_side=True) if self._context else client

    def _answer(self, path: str) -> Iterator[bytes]:
        if path == "/robots.txt":
            yield self.robots
            return
        name, _, target = path[1:].partition("?")[0].partition("/")
        behave = BEHAVIOURS.get(name)
        yield from behave(self, unquote(target)) if behave else [reply(404, "text/html", b"<h1>Not found</h1>")]


Behaviour = Callable[[HostileServer, str], Iterator[bytes]]


def reply(status: int, kind: str, body: bytes, *headers: str) -> bytes:
    """Return a whole, honest response that closes the connection."""
    lines = [f"HTTP/1.1 {status} Answer", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def page(title: str = "A page", head: str = "", text: str = TEXT) -> bytes:
    """Return a news page as a response."""
    return reply(200, "text/html; charset=utf-8", ARTICLE.format(title=title, head=head, text=text).encode())


def _once(answer: Callable[[], bytes]) -> Behaviour:
    def behave(server: HostileServer, target: str) -> Iterator[bytes]:
        yield answer()

    return behave


def _forever(start: bytes, again: bytes) -> Behaviour:
    """Send `again` without end, in writes of about 64 KiB."""
    piece = again * max(1, 65536 // len(again))

    def behave(server: HostileServer, target: str) -> Iterator[bytes]:
        yield start
        while True:
            yield piece

    return behave


def _drip(start: bytes) -> Behaviour:
    """Send one byte at a time, ten a second."""

    def behave(server: HostileServer, target: str) -> Iterator[bytes]:
        yield start
        while not server.stopping.wait(0.1):
            yield b"x"

    return behave


def _hang(server: HostileServer, target: str) -> Iterator[bytes]:
    server.stopping.wait(60)
    yield b""


def _redirect(server: HostileServer, target: str) -> Iterator[bytes]:
    yield reply(302, "text/html", b"", f"Location: {target}")


def _refresh(server: HostileServer, target: str) -> Iterator[bytes]:
    yield page(head=f'<meta http-equiv="refresh" content="0; url={target}">')


def _link(server: HostileServer, target: str) -> Iterator[bytes]:
    yield page(text=f'{TEXT}<a href="{target}">more</a>')


def _loop(server: HostileServer, target: str) -> Iterator[bytes]:
    turn = int(target or 0)
    yield reply(302, "text/html", b"", f"Location: {server.url('redirect-loop')}/{turn + 1}")


def _bomb(encoding: str, packed: bytes) -> Behaviour:
    return _once(lambda: reply(200, "text/html", packed, f"Content-Encoding: {encoding}"))


def _fixed_redirect(target: str) -> Behaviour:
    return _once(lambda: reply(302, "text/html", b"", f"Location: {target}"))


def _feed(items: str) -> Behaviour:
    return _once(lambda: reply(200, "application/rss+xml", FEED.format(items).encode()))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
ITEM = "<item><title>Story {0}</title><link>/story/{0}</link></item>"
_ZEROS = b"\0" * (64 * MIB)

BEHAVIOURS: dict[str, Behaviour] = {
    # as it should be
    "good": _once(page),
    "chunked": _once(lambda: CHUNKED + b"6\r\n<p>one\r\n6\r\n<p>two\r\n0\r\n\r\n"),
    "gzip": _once(lambda: reply(200, "text/html", gzip.compress(TEXT.encode()), "Content-Encoding: gzip")),
    "big-head": _once(lambda: OK + b"X-Filler: y\r\n" * 10_000 + b"Content-Length: 2\r\nConnection: close\r\n\r\nok"),
    # leading elsewhere: server.to(behaviour, target)
    "redirect": _redirect,
    "refresh": _refresh,
    "link": _link,
    "redirect-loop": _loop,
    "redirect-file": _fixed_redirect("file:///etc/passwd"),
    "redirect-metadata": _fixed_redirect("http://169.254.169.254/latest/meta-data/"),
    # without end
    "endless-headers": _forever(OK, b"X-Filler: y\r\n"),
    "endless-1xx": _forever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "endless-trailers": _forever(CHUNKED + b"2\r\nok\r\n0\r\n", b"X-Trailer: y\r\n"),
    "endless-chunk-names": _forever(CHUNKED, b"1;" + b"n" * 900 + b"\r\nx\r\n"),
    "endless-body": _forever(OK + b"Content-Type: text/html\r\n\r\n", b"<p>word "),
    "huge-header": _forever(OK + b"X-Huge: ", b"y"),
    "drip": _drip(OK + b"Content-Type: text/html\r\nContent-Length: 100000\r\n\r\n"),
    "drip-headers": _drip(OK + b"X-Slow: "),
    "hang": _hang,
    # too much
    "body-50-mb": _forever(OK + b"Content-Type: text/html\r\nContent-Length: 52428800\r\n\r\n", b"<p>word "),
    "gzip-bomb": _bomb("gzip", gzip.compress(_ZEROS)),
    "br-bomb": _bomb("br", brotli.compress(_ZEROS, quality=1)),
    "links-10000": _once(lambda: page(text="".join(f'<a href="/story/{n}">Story {n}</a>' for n in range(10_000)))),
    "feed-10000": _feed("".join(ITEM.format(n) for n in range(10_000))),
    "attributes-300000": _once(lambda: page(text="<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">")),
    # torn
    "reset": _once(lambda: OK + b"Content-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half"),
    "wrong-length": _once(lambda: OK + b"Content-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half"),
    "nothing": _once(lambda: b""),
    "not-http": _once(lambda: b"220 mail.example ESMTP\r\n"),
    "bad-gzip": _bomb("gzip", b"this is not gzip"),
    # refusing
    "403": _once(lambda: reply(403, "text/html", b"<h1>Forbidden</h1>")),
    "404": _once(lambda: reply(404, "text/html", b"<h1>Not found</h1>")),
    "429": _once(lambda: reply(429, "text/html", b"<h1>Slow down</h1>", "Retry-After: 120")),
    "500": _once(lambda: reply(500, "text/html", b"<h1>Error</h1>")),
    "503": _once(lambda: reply(503, "text/html", b"<h1>Later</h1>", "Retry-After: 30")),
    # listings
    "feed-html": _once(page),
    "feed-empty": _feed(""),
    "feed-zero-bytes": _once(lambda: reply(200, "application/rss+xml", b"")),
    "feed-broken": _once(lambda: reply(200, "application/rss+xml", FEED.format(ITEM.format(1))[:-60].encode())),
    "feed-charset": _once(
        lambda: reply(200, "application/rss+xml; charset=utf-16", FEED.format(ITEM.format("ខ្ញុំ")).encode())
    ),
    # articles
    "article-no-text": _once(lambda: page(text="")),
    "article-no-date": _once(page),
    "article-future": _once(lambda: page(head=DATED.format("2999-01-01T00:00:00Z"))),
    "article-year-1": _once(lambda: page(head=DATED.format("0001-01-01T00:00:00Z"))),
}


def refused_url() -> str:
    """Return a URL on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}/"


def _asked_path(conn: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = conn.recv(65536)
        if not piece:
            raise ConnectionResetError
        head += piece
    return head.split(b" ", 2)[1].decode("ascii")


def _hang_up(conn: socket.socket, *, reset: bool) -> None:
    """Close, by a reset instead of a farewell when asked to."""
    if reset:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
