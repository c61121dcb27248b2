"""The newsroom on loopback: one HTTP/1.1 server per source, the same bytes at every start on the same ports."""

import gzip
import hashlib
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from newsroom.render import Page, key, render
from newsroom.site import Site, load_sites
from newsroom.sources import sources_toml
from newsroom.truth import Truth, load_truth

HOST = "127.0.0.1"
LAST_MODIFIED = "Wed, 15 Jun 2022 03:00:00 GMT"  # later than the newest story, and never the clock's
Request = tuple[str, str, str, int]


class Newsroom:
    """All sources of the newsroom, served while the context is open.

    ports: one per source in the order of sources(), 0 for a free one; None: all free ports.
    """

    def __init__(self, ports: Sequence[int] | None = None) -> None:
        self._sites = {site.id: site for site in load_sites()}
        wanted = list(ports) if ports is not None else [0] * len(self._sites)
        if len(wanted) != len(self._sites):
            raise ValueError(f"the newsroom has {len(self._sites)} sources and was given {len(wanted)} ports")
        self._wanted = dict(zip(self._sites, wanted, strict=True))
        self._servers: dict[str, _SourceServer] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        try:
            for site in self._sites.values():
                self._servers[site.id] = _SourceServer(self, site, self._wanted[site.id])
        except OSError:
            self._stop()
            raise
        for server in self._servers.values():
            server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def sources(self) -> list[str]:
        """Return the ids of all sources, the closed one included, in their fixed order."""
        return list(self._sites)

    def url(self, source: str) -> str:
        """Return the address of a source, no slash at the end; only while the newsroom is open."""
        return self._servers[source].base

    @property
    def requests(self) -> list[Request]:
        """What was asked so far, in order: source, method, request target, status."""
        with self._lock:
            return list(self._requests)

    def note(self, request: Request) -> None:
        """Keep one request; called by the servers' threads."""
        with self._lock:
            self._requests.append(request)

    def sources_toml(self) -> str:
        """Write a sources.toml for the running addresses."""
        return sources_toml(self._sites.values(), {source: self.url(source) for source in self._sites})

    def truth(self) -> list[Truth]:
        """Load what is true of every story, written by hand apart from any code that reads the pages."""
        return load_truth()

    def _stop(self) -> None:
        for server in self._servers.values():
            server.stop()
        self._servers.clear()


class _SourceServer(ThreadingHTTPServer):
    """One source's server; its pages are made when its port is known."""

    daemon_threads = False  # so that server_close() waits for them and no socket is left open
    request_queue_size = 64

    def __init__(self, newsroom: Newsroom, site: Site, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.newsroom = newsroom
        self.source = site.id
        self.base = f"http://{HOST}:{self.server_port}"
        self.pages = render(site, self.base)
        self.connections: set[socket.socket] = set()
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), name=f"newsroom {self.source}")
        self.thread.start()

    def stop(self) -> None:
        """Stop accepting, hang up on idle keep-alive clients, and wait for the threads."""
        if self.thread is not None:
            self.shutdown()
            self.thread.join()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def find(self, target: str) -> Page:
        return self.pages.get(key(target), self.pages["404"])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    server: _SourceServer

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):  # the client hung up first
            super().finish()

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._answer(self.server.find(self.path))

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet: the newsroom counts requests instead."""

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
        """Answer a fixed Date header, so that answers are the same at every start."""
        return LAST_MODIFIED

    def _answer(self, page: Page) -> None:
        etag = f'W/"{hashlib.sha256(page.body).hexdigest()[:20]}"'
        status = 304 if page.validators and self._is_fresh(etag) else page.status
        self.server.newsroom.note((self.server.source, self.command, self.path, status))
        body = b"" if status == 304 else self._encoded(page)
        self.send_response(status)
        self._send_headers(page, status, etag, body)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_headers(self, page: Page, status: int, etag: str, body: bytes) -> None:
        if page.validators:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", LAST_MODIFIED)
        if page.location:
            self.send_header("Location", page.location)
        if status != 304:
            self.send_header("Content-Type", page.type)
            self.send_header("Vary", "Accept-Encoding")
            self.send_header("Content-Length", str(len(body)))
            if self._takes_gzip(page):
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()

    def _encoded(self, page: Page) -> bytes:
        return gzip.compress(page.body, mtime=0) if self._takes_gzip(page) else page.body

    def _takes_gzip(self, page: Page) -> bool:
        return page.type != "application/gzip" and "gzip" in self.headers.get("Accept-Encoding", "")

    def _is_fresh(self, etag: str) -> bool:
        if "If-None-Match" in self.headers:
            return etag in self.headers["If-None-Match"]
        since = self.headers.get("If-Modified-Since", "")
        with suppress(ValueError):
            return parsedate_to_datetime(since) >= parsedate_to_datetime(LAST_MODIFIED)
        return False
