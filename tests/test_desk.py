"""What becomes of a page: articles of several pages, and headlines whose pages cannot be opened, until they can."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.home import Home
from crawlers.capture import read as read_capture
from tests.crawling import Rows, home_with, rows, tamdan
from tests.hostile import reply
from tests.outlets import Outlet, declared, item, rss, xml
from tests.pages import ENGLISH, markup

pytestmark = pytest.mark.xdist_group("reread")

PATH = "/2021/12/10/canal/"
PLEDGE = ("Under the tamarind tree an LGBT group from Cambodia had set a table with tea, and the diggers sat down with them until the rain came.",)  # fmt: skip
TITLE = "LGBT families join the digging in Cambodia"


class Desk:
    """A home that follows one outlet of the test's own."""

    def __init__(self, folder: Path, outlet: Outlet) -> None:
        self.outlet = outlet
        self.home: Home = home_with(folder, "[crawl]\ndelay = 0\n" + declared("good", f"{outlet.root}/feed"))

    def serve(self, path: str, html: str, status: int = 200) -> None:
        self.outlet.pages[path] = reply(status, "text/html; charset=utf-8", html.encode())

    def list(self, title: str) -> None:
        self.outlet.pages["/feed"] = xml(rss([item(self.outlet.root + PATH, title)]))

    def crawl(self) -> str:
        done = tamdan(self.home, "crawl", "--allow-private")
        assert "Traceback" not in done.stderr
        return done.stderr

    def crawl_later(self) -> str:
        """Crawl when the wait of every failed page is over."""
        with closing(open_writer(self.home.crawl)) as connection:
            connection.execute("update page set not_before = null")
        return self.crawl()

    def archived(self, sql: str) -> Rows:
        return rows(self.home.archive, sql)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Outlet() as outlet:
        yield Desk(tmp_path / "home", outlet)


# ---- several pages ----------------------------------------------------------------------------------------------------------------


def numbered(desk: Desk, number: int, text: tuple[str, ...]) -> str:
    """Write one page of an article of two, with a pager as WordPress prints it."""
    root = desk.outlet.root
    links = "".join(
        f'<a class="post-page-numbers" href="{root}{PATH}{"" if one == 1 else f"{one}/"}">{one}</a> '
        if one != number
        else f'<span class="post-page-numbers current" aria-current="page">{one}</span> '
        for one in (1, 2)
    )
    head = f'<link rel="canonical" href="{root}{PATH}{"" if number == 1 else "2/"}"><meta property="og:type" content="article">'
    return markup(head, "<h1>The canal that comes back</h1>", f'<div class="page-links">Pages: {links}</div>', text)


def test_words_on_the_second_page_of_an_article_count_and_both_pages_are_captured(desk: Desk) -> None:
    desk.list("The canal that comes back")
    desk.serve(PATH, numbered(desk, 1, ENGLISH))
    desk.serve(PATH + "2/", numbered(desk, 2, PLEDGE))
    desk.crawl()
    (found,) = desk.archived("select * from coverage")
    assert (found["url"], found["status"], found["flags"]) == (desk.outlet.root + PATH, "read", "[]")
    (text,) = desk.archived("select text from revision")
    assert text["text"].split("\n") == [*ENGLISH, *PLEDGE]
    captures = desk.archived("select * from capture order by page")
    assert [(one["page"], one["url"]) for one in captures] == [
        (1, desk.outlet.root + PATH),
        (2, desk.outlet.root + PATH + "2/"),
    ]
    bodies = [read_capture(desk.home.captures / one["file"], one["offset"]).body.decode() for one in captures]
    assert PLEDGE[0] not in bodies[0]
    assert PLEDGE[0] in bodies[1]
    again = tamdan(desk.home, "reread")
    assert "gained" not in again.stdout
    assert "withdrawn" not in again.stdout


def test_an_article_whose_second_page_is_gone_is_kept_as_far_as_it_goes(desk: Desk) -> None:
    desk.list("The canal that comes back")
    desk.serve(PATH, numbered(desk, 1, ENGLISH + PLEDGE))
    desk.serve(PATH + "2/", "<h1>Gone</h1>", status=404)
    desk.crawl()
    (found,) = desk.archived("select * from coverage")
    assert found["flags"] == '["one page of several"]'


# ---- headlines --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "html", "outcome"),
    [
        (403, "<h1>Forbidden</h1>", "refused (403)"),
        (202, "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "bot challenge"),
        (404, "<h1>Not found</h1>", "missing (404)"),
        (500, "<h1>Error</h1>", "server error (500)"),
        (200, "<title>Just a moment...</title><script>window._cf_chl_opt={}</script><h1>One moment</h1>", "bot challenge"),
        (200, "<title>404</title><h1>Page not found</h1>", "missing page"),
        (200, markup("", "", "", ()), "no text"),
    ],
)  # fmt: skip
def test_a_matching_headline_is_kept_when_its_page_cannot_be_opened(
    status: int, html: str, outcome: str, desk: Desk
) -> None:
    desk.list(TITLE)
    desk.serve(PATH, html, status)
    told = desk.crawl()
    assert f"1 by headline only, 1 failed (1 {outcome})" in told
    (found,) = desk.archived("select * from coverage")
    assert (found["title"], found["status"], found["url"]) == (TITLE, "headline only", desk.outlet.root + PATH)
    assert (found["published"], found["published_origin"]) == ("2021-12-10", "url")


def test_a_headline_that_does_not_match_leaves_nothing(desk: Desk) -> None:
    desk.list("The canal that comes back")
    desk.serve(PATH, "<h1>Forbidden</h1>", 403)
    assert "by headline only" not in desk.crawl()
    assert desk.archived("select * from article") == []


def test_a_headline_gives_way_to_its_article_and_its_key_stays(desk: Desk) -> None:
    desk.list(TITLE)
    desk.serve(PATH, "<h1>Forbidden</h1>", 403)
    desk.crawl()
    (before,) = desk.archived("select * from coverage")
    canonical = desk.outlet.root + "/canal"
    desk.serve(PATH, markup(f'<link rel="canonical" href="{canonical}">', f"<h1>{TITLE}</h1>", "", ENGLISH))
    desk.crawl_later()
    (after,) = desk.archived("select * from coverage")
    assert (after["id"], after["status"], after["revision"]) == (before["id"], "read", 2)
    assert after["url"] in (canonical, desk.outlet.root + PATH)
    assert len(desk.archived("select * from capture")) == 1


def test_an_article_that_was_read_never_becomes_a_headline(desk: Desk) -> None:
    desk.list(TITLE)
    own = desk.outlet.root + PATH.rstrip("/")
    desk.serve(PATH, markup(f'<link rel="canonical" href="{own}">', f"<h1>{TITLE}</h1>", "", ENGLISH))
    desk.crawl()
    with closing(open_writer(desk.home.crawl)) as connection:
        connection.execute("update page set state = 'found', done_at = null")
    desk.serve(PATH, "<h1>Not found</h1>", 404)
    desk.crawl()
    (found,) = desk.archived("select * from coverage")
    assert (found["url"], found["status"], found["revision"]) == (own, "read", 1)
