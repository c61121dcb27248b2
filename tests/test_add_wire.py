"""The form by which people add, sent to the server as it really runs: files that are far too large, and a link that is fetched."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette

from archive.home import Home
from archive.serve import HOST
from tests.archives import build_archive
from tests.browsing import answered
from tests.crawling import home_with, rows
from tests.outlets import Outlet, declared
from tests.served import free_port

pytestmark = pytest.mark.xdist_group("adding")

SECRET = "of this test"
EDGE = "edge-of-the-form"
FORM = "application/x-www-form-urlencoded"
MIB = 2**20
FILE = 200 * MIB


@dataclass(frozen=True, slots=True)
class Server:
    """A site that runs in a process of its own, and a browser's cookies for it."""

    home: Home
    process: int
    port: int
    cookies: dict[str, str]

    def ask(self, method: str, path: str, body: Iterable[bytes] | None = None, **headers: str) -> tuple[int, str, str]:
        """Send a request; gives status, address to go on to, and page."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection(HOST, self.port, timeout=60)) as connection:
            chunked = "Transfer-Encoding" in sent
            connection.request(method, path, body, {"Cookie": cookie, **sent}, encode_chunked=chunked)
            answer: HTTPResponse = connection.getresponse()
            return answer.status, answer.getheader("location") or "", answer.read().decode()

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Send a form as a browser does."""
        body = b"".join([*parts({"csrftoken": self.cookies["ds_csrftoken"], **fields}), f"--{EDGE}--\r\n".encode()])
        return self.ask(
            "POST", path, [body], Content_Type=f"multipart/form-data; boundary={EDGE}", Content_Length=str(len(body))
        )

    def log_in(self, account: str, password: str) -> None:
        """Log in as people do."""
        form = urlencode({"csrftoken": self.cookies["ds_csrftoken"], "username": account, "password": password})
        sent = {"Cookie": f"ds_csrftoken={self.cookies['ds_csrftoken']}", "Content-Type": FORM}
        with closing(HTTPConnection(HOST, self.port, timeout=60)) as connection:
            connection.request("POST", "/-/login", form, sent)
            answer = connection.getresponse()
            answer.read()
        found = re.search('ds_actor="?([^;"]+)', answer.getheader("set-cookie") or "")
        assert found, answer.status
        self.cookies["ds_actor"] = found[1]

    def memory(self) -> int:
        """Give the most bytes the process ever held."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024


def parts(fields: dict[str, str]) -> Iterator[bytes]:
    for name, value in fields.items():
        yield f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    home = home_with(tmp_path / "home", declared("kirirom", "https://kirirom.example/feed"))
    build_archive(home.archive, ())
    port = free_port()
    line = [sys.executable, "-m", "tamdan", "--home", str(home.path), "serve", "--port", str(port)]
    environment = {**os.environ, "DATASETTE_SECRET": SECRET, "TAMDAN_ALLOW_PRIVATE": "1"}
    account = Datasette(secret=SECRET).sign({"a": {"id": "sophea"}}, "actor")
    with subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            answered(f"http://{HOST}:{port}")
            yield Server(home, process.pid, port, {"ds_actor": account, "tamdan_language": "en", **csrf(port)})
        finally:
            process.terminate()


def csrf(port: int) -> dict[str, str]:
    """Get the token that pages with forms hold."""
    with closing(HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request("GET", "/-/login")
        answer = connection.getresponse()
        answer.read()
        found = re.search("ds_csrftoken=([^;]+)", answer.getheader("set-cookie") or "")
    assert found
    return {"ds_csrftoken": found[1]}


def large(server: Server) -> Iterator[bytes]:
    """Write a form whose file has 200 MB, piece by piece."""
    yield from parts({"csrftoken": server.cookies["ds_csrftoken"], "token": "ab" * 16, "title": "x", "source": "y"})
    yield f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'.encode()
    yield b"\x89PNG\r\n\x1a\n"
    yield from (bytes(MIB) for _ in range(FILE // MIB))
    yield f"\r\n--{EDGE}--\r\n".encode()


@pytest.mark.parametrize("length", ["declared", "chunked"])
def test_a_file_of_200_mb_is_refused_on_a_page_and_takes_neither_memory_nor_disk(server: Server, length: str) -> None:
    assert server.ask("GET", "/add")[0] == 200
    before = server.memory()
    size = sum(map(len, large(server)))
    told = {"Content_Length": str(size)} if length == "declared" else {"Transfer_Encoding": "chunked"}
    status, _, page = server.ask("POST", "/add", large(server), Content_Type=f"multipart/form-data; boundary={EDGE}", **told)  # fmt: skip
    assert (status, "The file is larger than 20 MB" in page) == (413, True)
    assert '<form class="fields add"' in page
    assert server.memory() - before < 40 * MIB
    assert list((server.home.captures / "added").iterdir()) == []
    assert rows(server.home.archive, "select * from addition") == []
    assert server.ask("GET", "/add")[0] == 200


def test_a_link_sent_by_the_form_is_fetched_and_becomes_an_article(server: Server) -> None:
    with Outlet() as outlet:
        url = f"{outlet.root}/story/7"
        status, onward, _ = server.send(
            "/add", {"token": "ab" * 16, "url": url, "campaign": "i-accept", "note": "heard"}
        )
        assert (status, onward) == (303, f"/added/{'ab' * 16}")
        page = decided(server, onward)
    assert "It is in the archive." in page
    (article,) = rows(server.home.archive, "select id, title, url, published_origin from coverage")
    assert (article["title"], article["url"]) == ("Story 7", url)
    status, _, shown = server.ask("GET", f"/article/{article['id']}")
    assert (status, "Story 7" in shown) == (200, True)


def decided(server: Server, path: str) -> str:
    """Look at the page of an addition until it no longer waits."""
    for _ in range(300):
        status, _, page = server.ask("GET", path)
        assert status == 200
        if "http-equiv" not in page:
            return page
        time.sleep(0.2)
    raise AssertionError("it waits still")
