"""The site in a real browser: an archive served in a process of its own, and a page of the system's Chromium."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, sync_playwright

from archive.accounts import put_account
from archive.home import SHIPPED, Home
from archive.localize import Language, Locale, locale_of
from archive.model import Article
from archive.serve import HOST, command, door
from tests.archives import ARTICLES, build_archive
from tests.served import free_port

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ACCOUNT, PASSWORD = "sophea", "four words and more"
PATIENCE = 40_000
"""Milliseconds in which anything must happen: a busy machine takes many seconds for a page."""


def a_home(folder: Path, articles: Iterable[Article] = ARTICLES) -> Home:
    """Make a home whose archive holds the dozen articles of tests/archives.py, or those given."""
    home = Home(folder)
    build_archive(home.archive, articles)
    return home


def copied(home: Home, folder: Path) -> Home:
    """Copy a home that others look at, and give the copy an account, so that its site is for people who log in."""
    shutil.copytree(home.path, folder)
    put_account(Home(folder).data, ACCOUNT, PASSWORD)
    return Home(folder)


@contextmanager
def served(home: Home) -> Iterator[str]:
    """Serve a home's archive as `tamdan serve` does, with its accounts; gives its address without a stroke at the end."""
    port = free_port()
    entered = door(home.data, SHIPPED / "datasette-metadata.json")
    line = command(home.archive, entered.metadata, port)
    environment = {**os.environ, **entered.environment}
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as server:
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


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser, who goes by the words on the pages; notes what a page asks of others and what goes wrong."""

    page: Page
    site: str
    locale: Locale
    elsewhere: list[str] = field(default_factory=list)
    """Addresses outside the site that the browser asked."""
    wrong: list[str] = field(default_factory=list)
    """Errors of the console and answers that are errors."""

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def log_in(self, account: str = ACCOUNT, password: str = PASSWORD) -> None:
        """Go to the site, be led to the login, choose the language and fill the form in."""
        self.open("/")
        self.speak()
        self.page.get_by_label(self.locale.text("Account")).fill(account)
        self.page.get_by_label(self.locale.text("Password")).fill(password)
        self.follow(self.button("Log in"))

    def speak(self) -> None:
        """Choose the visitor's language at the top, where the page has another one."""
        if self.page.get_attribute("html", "lang") != self.locale.code:
            self.follow(self.page.locator(f"header a[hreflang={self.locale.code}]"))

    def follow(self, way: Locator) -> None:
        """Click a link or the button of a form, and wait for the page it leads to."""
        with self.page.expect_navigation():
            way.click()

    def button(self, words: str) -> Locator:
        """Find a button by what is written on it, told in English."""
        return self.page.get_by_role("button", name=self.locale.text(words), exact=True)

    def link(self, words: str, **values: object) -> Locator:
        """Find a link by what is written on it, told in English."""
        return self.page.get_by_role("link", name=self.locale.text(words, **values), exact=True)

    def unfold(self, words: str) -> None:
        """Open what lies folded under a line that begins with these words."""
        self.page.locator("summary", has_text=self.locale.text(words)).first.click()

    def download(self, link: Locator) -> bytes:
        """Follow a link to a file and give what comes."""
        with self.page.expect_download() as coming:
            link.click()
        return Path(coming.value.path()).read_bytes()

    def width(self) -> int:
        """Tell how wide the page is, in CSS pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def shown(self, place: str) -> list[str]:
        """Give the texts of what the selector finds, without the zero-width spaces by which lines of Khmer are broken."""
        return [words.replace("\u200b", "") for words in self.page.locator(place).all_inner_texts()]

    def _ask(self, url: str) -> None:
        if not url.startswith((f"{self.site}/", "data:", "blob:")):
            self.elsewhere.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status} {response.url}")

    def watch(self) -> None:
        """Note from now on what the browser asks, is answered and says."""
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("response", lambda answer: self._answered(answer))  # noqa: PLW0108  Playwright writes into what it calls
        self.page.on("console", lambda message: self._said(message))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))


@contextmanager
def visiting(chromium: Browser, site: str, language: Language, **options: object) -> Iterator[Visitor]:
    """Let somebody visit a site in a context of its own; at the end nothing was asked of others and nothing went wrong."""
    context = chromium.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    visitor = Visitor(context.new_page(), site, locale_of(language))
    visitor.watch()
    try:
        yield visitor
    finally:
        context.close()
    assert not visitor.elsewhere, visitor.elsewhere
    assert not visitor.wrong, visitor.wrong
