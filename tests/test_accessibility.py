"""The pages in a real browser: nothing that axe-core calls serious, nothing from elsewhere, nothing that runs off a phone's side."""

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from archive.home import Home
from archive.keys import article_key
from tests.archives import ARTICLES
from tests.browsing import DESK, PHONE, a_home, browser, served

ARTICLE = f"/article/{article_key(ARTICLES[0].url)}"
REPORT = "/report?campaign=i-accept&from=2022-01-01&to=2022-12-31"
PAGES = (f"{ARTICLE}/changes", "/sources", "/source/delta", "/queries", "/query/i-accept/rights", "/status", "/method")
WRONG = ("/nothing", "/search?q=nowhere", "/search?from=never", "/search.csv?from=never", "/inbox")
PATHS = ("/", "/search?q=rights", ARTICLE, *PAGES, REPORT, *WRONG, "/-/login")
FINGER = 43.5
"""Pixels that a finger needs, but for a rounding."""
KINDS = {
    "wide, light, English": ("en", {"viewport": DESK, "color_scheme": "light"}),
    "phone, dark, Khmer": ("km", {"viewport": PHONE, "color_scheme": "dark"}),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(a_home(tmp_path_factory.mktemp("team"))) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as context:
        assert context.browser
        yield context.browser


@pytest.fixture(params=KINDS)
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[tuple[str, Page]]:
    language, options = KINDS[request.param]
    context = chromium.new_context(**options)  # type: ignore[arg-type]
    yield language, context.new_page()
    context.close()


def with_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def grave(page: Page) -> list[tuple[str, str]]:
    """Give the name and place of every finding of axe-core, but for minor ones; what can be unfolded is unfolded."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = Axe().run(page)["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] != "minor"]


def too_small(page: Page) -> list[str]:
    """Give what is to be tapped and lower than a finger."""
    tapped = (
        "main :is(button, .button, .chip, summary, select, input:not([type=hidden], [type=radio], [type=checkbox]))"
    )
    lower = f"all => all.filter(one => 0 < one.offsetHeight && one.offsetHeight < {FINGER}).map(one => one.outerHTML)"
    return list(page.eval_on_selector_all(tapped, lower))


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_shut_out(path: str, page: tuple[str, Page], site: str) -> None:
    language, shown = page
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(site + with_language(path, language))
    assert shown.get_attribute("html", "lang") == language
    assert not [url for url in asked if not url.startswith(site)]
    assert shown.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert grave(shown) == []
    if language == "km":
        assert too_small(shown) == []


def test_what_is_printed_is_dark_on_light_whatever_the_screen_is(site: str, chromium: Browser) -> None:
    context = chromium.new_context(color_scheme="dark")
    shown = context.new_page()
    shown.goto(f"{site}/search?q=rights&lang=en")
    shown.emulate_media(media="print")
    assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not shown.locator("form.searchbox").first.is_visible()
    context.close()


def test_what_shuts_people_out_is_found(site: str, chromium: Browser) -> None:
    context = chromium.new_context()
    shown = context.new_page()
    shown.goto(f"{site}/method?lang=en")
    shown.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=x>')")
    assert {name for name, _ in grave(shown)} == {"label", "image-alt"}
    context.close()


def test_the_font_is_asked_for_once(site: str, chromium: Browser) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    shown = context.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(f"{site}/?lang=km")
    shown.wait_for_load_state("networkidle")
    context.close()
    assert len([url for url in asked if ".woff2" in url]) == 1


def test_the_keyboard_reaches_the_content_first(site: str, chromium: Browser) -> None:
    context = chromium.new_context()
    shown = context.new_page()
    shown.goto(f"{site}/?lang=en")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.getAttribute('href')") == "#main"
    context.close()


def test_every_page_of_the_menu_can_be_reached_on_a_phone_without_scripts(site: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    shown = context.new_page()
    shown.goto(f"{site}/?lang=en")
    for words in ("Search", "Sources", "Method", "Data"):
        shown.goto(f"{site}/?lang=en")
        shown.locator("footer").get_by_role("link", name=words, exact=True).click()
        assert shown.url != f"{site}/"
    context.close()


def test_an_empty_archive_is_for_everybody_too(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> None:
    empty = Home(tmp_path_factory.mktemp("empty"))
    a_home(empty.path, ())
    context = chromium.new_context()
    shown = context.new_page()
    with served(empty) as address:
        for path in ("/", "/status", "/method"):
            shown.goto(address + path)
            assert grave(shown) == []
    context.close()
