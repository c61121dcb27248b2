"""Where digests arrive in tests: a mail server and a webhook on loopback, and a home that tells them."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.controller import Controller

from archive.home import Home
from tests.archives import build_archive

HOST = "127.0.0.1"
CANARY = "c4n4ry-t0ken-0123456789"
SOURCES = """
[[source]]
id = "lotus"
name = "Lotus Daily"
languages = ["km"]
domains = ["lotus.example"]
listing = [{ kind = "feed", url = "https://lotus.example/feed" }]
"""


def free_port() -> int:
    with closing(socket.create_server((HOST, 0))) as listening:
        return int(listening.getsockname()[1])


class Mailbox:
    """Keeps what a mail server is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server(port: int) -> Iterator[list[EmailMessage]]:
    """Run a mail server and give the mails it was sent."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield mailbox.mails
    finally:
        controller.stop()


@contextmanager
def webhook(port: int, status: int = 200, location: str = "") -> Iterator[list[dict[str, Any]]]:
    """Run a webhook and give what it was sent; it answers with a status, and a redirect where a location is given."""
    posted: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            if location:
                self.send_header("location", location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer((HOST, port), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield posted
        finally:
            server.shutdown()
            thread.join()


@cache
def _archive() -> bytes:
    with TemporaryDirectory() as folder:
        build_archive(Path(folder) / "archive.db")
        return (Path(folder) / "archive.db").read_bytes()


def told_home(folder: Path, site: str) -> Home:
    """Make a home with the usual dozen articles and this site.toml."""
    home = Home(folder)
    home.data.mkdir(parents=True)
    home.archive.write_bytes(_archive())
    home.sources_file.write_text(SOURCES, encoding="utf-8")
    home.site_file.write_text(site, encoding="utf-8")
    return home
