"""The site in a real browser: an archive served in a process of its own, and a page of the system's Chromium."""

import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, sync_playwright

from archive.home import SHIPPED, Home
from archive.model import Article
from archive.serve import HOST, command
from tests.archives import ARTICLES, build_archive
from tests.served import free_port

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def a_home(folder: Path, articles: Iterable[Article] = ARTICLES) -> Home:
    """Make a home whose archive holds the dozen articles of tests/archives.py, or those given."""
    home = Home(folder)
    build_archive(home.archive, articles)
    return home


@contextmanager
def served(home: Home, metadata: Path = SHIPPED / "datasette-metadata.json") -> Iterator[str]:
    """Serve a home's archive as `tamdan serve` does; gives its address without a stroke at the end."""
    port = free_port()
    line = command(home.archive, metadata, port)
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield answered(f"http://{HOST}:{port}")
        finally:
            server.terminate()


def answered(address: str, seconds: int = 30) -> str:
    """Wait until somebody answers there."""
    for _ in range(seconds * 20):
        try:
            with urlopen(f"{address}/-/versions.json"):
                return address
        except HTTPError as refused:
            refused.close()
            return address
        except URLError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


@contextmanager
def browser(**options: object) -> Iterator[BrowserContext]:
    """Open the system's Chromium, else the one Playwright brought; `options` are Playwright's of a context, as viewport and color_scheme."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=which("chromium"), args=CHROMIUM)
        try:
            yield chromium.new_context(**{"viewport": DESK, **options})  # type: ignore[arg-type]
        finally:
            chromium.close()
