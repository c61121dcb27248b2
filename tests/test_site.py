"""The site of the demo as the team uses it, in a real browser: search, read, decide, add, take along, report; wide, on a phone, without scripts."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, expect

from archive.config import load_campaigns, load_sources
from archive.database import open_writer
from archive.home import Home
from archive.localize import Language
from archive.model import DateCandidate
from archive.site.menu import PAGES
from archive.store import Store
from crawlers import stored
from newsroom.truth import load_truth
from pipelines.match import Matcher
from tests.browsing import DESK, PHONE, Visitor, browser, copied, served, visiting
from tests.crawling import Team, rows
from tests.exporting import read_csv

pytestmark = pytest.mark.xdist_group("crawl")

SLOGAN = "ខ្ញុំទទួលយក"
WEEK = (date(2021, 12, 9), date(2021, 12, 16))
CHANGED = "Notaries See More Couples With Family Papers"
"""Headline of the article whose text its source changed."""
DECIDED = "ហាងកាត់សក់ឥតគិតថ្លៃសម្រាប់អ្នកបើករ៉ឺម៉ក"
"""Headline of the article that is rejected and given another day; it has the slogan in its text."""

VISITORS: dict[str, tuple[Language, dict[str, object]]] = {
    "at a desk, in Khmer": ("km", {"viewport": DESK}),
    "on a phone, in English": ("en", {"viewport": PHONE}),
    "on a phone without scripts, in Khmer": ("km", {"viewport": PHONE, "java_script_enabled": False}),
}


@pytest.fixture(scope="module")
def home(crawled: Team, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give a copy of the crawled home with an account, in which a source has changed the text of one article since."""
    home = copied(crawled.home, tmp_path_factory.mktemp("site") / "home")
    _change(home)
    return home


def _change(home: Home) -> None:
    with closing(open_writer(home.archive)) as connection:
        row = connection.execute("select id, language, published from article where title = ?", [CHANGED]).fetchone()
        read = stored.load(connection, row["id"]).article
        day = DateCandidate(origin="meta", raw=row["published"], day=date.fromisoformat(row["published"]), chosen=True)
        first, *others = read.text.splitlines()
        text = "\n".join((f"{first} The bridge was closed all morning.", *others))
        campaigns = load_campaigns(home.campaigns_file)
        changed = Matcher(campaigns).match(replace(read, text=text, published=day, language=row["language"]))
        store = Store(connection)
        store.declare(load_sources(home.sources_file).source, campaigns, datetime.now(UTC))
        store.put(changed, (), datetime.now(UTC))


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[str]:
    with served(home) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as context:
        assert context.browser
        yield context.browser


@pytest.fixture(scope="module", params=VISITORS)
def reader(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visitor]:
    """Give somebody who logged in and stays, once for each kind of visitor."""
    language, options = VISITORS[request.param]
    with visiting(chromium, site, language, **options) as visitor:
        visitor.log_in()
        yield visitor


@pytest.fixture
def officer(chromium: Browser, site: str) -> Iterator[Visitor]:
    """Give somebody who logged in on a phone, in Khmer."""
    with visiting(chromium, site, "km", viewport=PHONE) as visitor:
        visitor.log_in()
        yield visitor


# ---- what the tests look at -------------------------------------------------------------------------------------------------------


def found(visitor: Visitor) -> list[str]:
    """Give the headlines of the results that are shown."""
    return visitor.shown(".clipping h3")


def search(visitor: Visitor, words: str, **filters: str) -> list[str]:
    """Type words into the search page and choose filters, by the names of the fields; gives the headlines that are found."""
    visitor.open("/search")
    form = visitor.page.locator("form.asking")
    form.locator("input[name=q]").fill(words)
    if filters:
        visitor.unfold("Filters and order")
    for name, value in filters.items():
        choose(form.locator(f"[name={name}]"), value)
    visitor.follow(form.get_by_role("button").first)
    return found(visitor)


def choose(field: Locator, value: str) -> None:
    """Fill a field or choose from it."""
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def on_home(visitor: Visitor) -> str:
    """Give the first figure of the home page: how many articles there are."""
    return visitor.open("/").locator(".tile .figure").first.inner_text()


def counted(home: Home) -> int:
    """Count the articles of the coverage that were read."""
    return len(rows(home.archive, "select id from coverage where status = 'read'"))


def exported(visitor: Visitor) -> dict[str, dict[str, str]]:
    """Give the rows of the CSV of the whole coverage, by headline."""
    visitor.open("/search")
    return {row["title"]: row for row in read_csv(visitor.download(visitor.link("CSV")))}


def open_article(visitor: Visitor, title: str) -> None:
    """Search for a headline and open it from the results."""
    assert title in search(visitor, f'"{title}"')
    visitor.follow(visitor.page.locator(".clipping h3 a").nth(found(visitor).index(title)))
    assert visitor.shown("h1") == [title]


# ---- reading and deciding ---------------------------------------------------------------------------------------------------------


def test_a_khmer_search_is_narrowed_by_source_language_and_days_and_an_article_opened(reader: Visitor) -> None:
    right = {
        one.title
        for one in load_truth()
        if one.kind == "coverage" and one.source == "kirirom-news" and one.language == "km"
        and one.published and WEEK[0] <= one.published <= WEEK[1] and "slogan" in one.queries
    }  # fmt: skip
    everything = search(reader, SLOGAN)
    days = {"from": WEEK[0].isoformat(), "to": WEEK[1].isoformat()}
    narrowed = search(reader, SLOGAN, source="kirirom-news", language="km", **days)
    assert set(narrowed) == right
    assert 0 < len(narrowed) < len(everything)
    told = reader.locale.count("{number} article", "{number} articles", len(right))
    assert reader.page.locator("h2.result").inner_text() == told
    assert SLOGAN in "".join(reader.shown(".snippet mark"))
    reader.follow(reader.page.locator(".clipping h3 a").first)
    assert reader.shown("h1") == narrowed[:1]
    assert reader.page.locator(".body mark").count()
    expect(reader.page.locator("header nav [aria-current=page]")).to_have_text(reader.locale.text("Search"))


def test_a_rejected_article_leaves_search_figures_and_files_until_that_is_undone(reader: Visitor, home: Home) -> None:
    before = counted(home)
    assert on_home(reader) == reader.locale.number(before)
    open_article(reader, DECIDED)
    address = reader.page.url
    reader.unfold("Reject")
    reader.follow(reader.button("not about the campaign"))
    expect(reader.page.get_by_role("status")).to_contain_text(reader.locale.text("Done."))
    assert search(reader, f'"{DECIDED}"') == []
    assert on_home(reader) == reader.locale.number(before - 1)
    assert DECIDED not in exported(reader)
    reader.page.goto(address)
    expect(reader.page.locator(".decisions")).to_contain_text(reader.locale.text("not about the campaign"))
    reader.follow(reader.button("Undo").first)
    expect(reader.page.get_by_role("status")).to_contain_text(reader.locale.text("Taken back."))
    assert search(reader, f'"{DECIDED}"') == [DECIDED]
    assert on_home(reader) == reader.locale.number(before)
    assert exported(reader)[DECIDED]["decision"] == "new"


def test_a_corrected_day_counts_and_what_was_read_stays_to_be_seen(reader: Visitor) -> None:
    read = exported(reader)[DECIDED]
    open_article(reader, DECIDED)
    address = reader.page.url
    reader.unfold("Correct title, day, source or authors")
    reader.page.get_by_label(reader.locale.text("Day of publication")).fill("2022-05-03")
    reader.follow(reader.button("Correct the day"))
    reader.page.goto(address)
    assert reader.page.locator(".article-head time").get_attribute("datetime") == "2022-05-03"
    expect(reader.page.locator(".corrections s")).to_have_text(reader.locale.day(read["published"]))
    row = exported(reader)[DECIDED]
    assert (row["published"], row["published_origin"], row["corrected"]) == ("2022-05-03", "person", "published")
    assert DECIDED in search(reader, SLOGAN, **{"from": "2022-05-03", "to": "2022-05-03"})
    reader.page.goto(address)
    reader.follow(reader.button("Undo").first)
    assert exported(reader)[DECIDED] == read


def test_what_a_source_changed_is_read_beside_what_it_was(reader: Visitor) -> None:
    open_article(reader, CHANGED)
    reader.follow(reader.link("What changed from revision {one} to {other}", one=1, other=2))
    assert "The bridge was closed all morning." in " ".join(reader.shown(".diff ins"))
    assert reader.page.locator(".diff del").count() == 0
    reader.follow(reader.link("Back to the article"))
    expect(reader.page.locator("h1")).to_have_text(CHANGED)
    assert CHANGED in search(reader, "bridge", changed="yes")


# ---- the language -----------------------------------------------------------------------------------------------------------------


def test_the_language_is_switched_both_ways_and_stays(officer: Visitor) -> None:
    officer.open(f"/search?q={SLOGAN}&source=champei")
    in_khmer = found(officer)
    for code, link, words in (("en", "English", "Sources"), ("km", "ខ្មែរ", "ប្រភព")):
        officer.follow(officer.page.get_by_role("link", name=link, exact=True))
        assert officer.page.get_attribute("html", "lang") == code
        assert officer.page.locator("input[name=q]").input_value() == SLOGAN
        assert found(officer) == in_khmer != []
        officer.follow(officer.page.locator("header nav a[href='/sources']"))
        assert officer.page.get_attribute("html", "lang") == code
        expect(officer.page.locator("h1")).to_have_text(words)
        officer.page.go_back()
        assert officer.page.get_attribute("html", "lang") == code


# ---- adding -----------------------------------------------------------------------------------------------------------------------


def picture() -> bytes:
    image = Image.new("RGB", (320, 200), "#1f6f5c")
    ImageDraw.Draw(image).ellipse((60, 40, 260, 160), fill="#f2c14e")
    made = BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("reader", [next(iter(VISITORS)), list(VISITORS)[-1]], indirect=True)
def test_a_post_with_a_picture_is_added_found_and_shown(reader: Visitor, home: Home) -> None:
    title = f"រូបភាពពីផ្សារ {len(rows(home.archive, 'select id from addition'))}"
    reader.open("/add")
    reader.unfold("Or paste a text, attach a picture, PDF or saved page")
    page = reader.page
    page.locator("[name=file]").set_input_files({"name": "post.png", "mimeType": "image/png", "buffer": picture()})
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill(f"អ្នកលក់ផ្កានៅផ្សារដាក់ផ្លាក {SLOGAN} នៅមុខតូបរបស់គាត់។")
    page.locator("[name=kind]").select_option("post")
    page.locator("[name=day]").fill("2022-06-20")
    page.locator("[name=source]").fill("អ្នកលក់ផ្កានៅផ្សារ")
    reader.follow(page.locator("form.add button"))
    reader.link("See the article").wait_for(timeout=60_000)
    reader.follow(reader.link("See the article"))
    shown = page.locator("figure img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 320)
    assert title in search(reader, "តូបរបស់គាត់", kind="post")
    assert title in exported(reader)


# ---- every page on a phone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["km", "en"])
def test_no_page_is_wider_than_a_phone(language: Language, chromium: Browser, site: str, home: Home) -> None:
    (row,) = rows(home.archive, "select id, story from coverage where revision > 1")
    hanging = (f"/article/{row['id']}", f"/article/{row['id']}/changes", f"/story/{row['story']}")
    week = f"/report?campaign=i-accept&from={WEEK[0]}&to={WEEK[1]}&language={language}"
    others = ("/by-hand", "/source/champei", "/query/i-accept/slogan", "/archive/coverage", "/search?q=&weak=yes", week)
    with visiting(chromium, site, language, viewport=PHONE) as visitor:
        visitor.log_in()
        menu = [link.get_attribute("href") for link in visitor.page.locator("header nav a").all()]
        assert len(menu) == len(PAGES)
        wide = {}
        for path in (*menu, *hanging, *others):
            visitor.open(str(path))
            assert visitor.page.get_attribute("html", "lang") == language, path
            if visitor.width() > PHONE["width"]:
                wide[path] = visitor.width()
        assert wide == {}


def test_what_a_page_asks_of_others_is_noted(chromium: Browser, site: str) -> None:
    visit = visiting(chromium, site, "km")
    page = visit.__enter__().open("/-/login")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://other.example/x.png'}))")
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match=r"other\.example"):
        visit.__exit__(None, None, None)
