import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.database import open_writer
from archive.migrate import migrate
from archive.model import Article, Crawl, DateCandidate, Link, Page, Source
from archive.stamp import instant
from crawlers.kept import Kept, expire, forget, load, put, rows, unread
from tests.ledgers import NOW

DAY = timedelta(days=1)
SOURCE = Source(id="lotus", name="Lotus", languages=("km",), domains=("lotus.example",))
LINK = Link(url="https://lotus.example/1", title="ភ្លៀង", date="2024-02-28", found_at=NOW)
SECOND = Page(url="https://lotus.example/1/2", source=SOURCE, body=b"<p>y", fetched_at=NOW, link=LINK)
PAGE = Page(url="https://lotus.example/1", source=SOURCE, body=b"<p>x", fetched_at=NOW, content_type="text/html", robots="noarchive", link=LINK, further=(SECOND,))  # fmt: skip
DATE = DateCandidate(origin="listing", raw="2024-02-28", day=date(2024, 2, 28), at=NOW, chosen=True)
ARTICLE = Article(
    url="https://lotus.example/1",
    source="lotus",
    title="ភ្លៀង",
    text="x\ny",
    authors=("ចាន់ សុភា",),
    published=DATE,
    dates=(DATE,),
    flags=("short",),
    origins={"title": "json-ld"},
    versions={"dates": 2},
)
KEPT = Kept(page=PAGE, article=ARTICLE, outcome="no match", reason="no query holds", versions={"dates": 2})


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    migrate(tmp_path / "crawl.db", "crawl")
    with closing(open_writer(tmp_path / "crawl.db")) as opened:
        opened.execute(
            "insert into page (id, url, source, state, title, listed_date, found_at)"
            " values (1, 'https://lotus.example/1', 'lotus', 'done', 'ភ្លៀង', '2024-02-28', ?)",
            [instant(NOW)],
        )
        put(opened, 1, KEPT)
        yield opened


def held(connection: sqlite3.Connection) -> tuple[bool, bool] | None:
    row = connection.execute("select html, article from kept where number = 1").fetchone()
    return (row["html"] is not None, row["article"] is not None) if row else None


def test_an_article_and_its_pages_come_back_as_they_were(connection: sqlite3.Connection) -> None:
    assert rows(connection) == [1]
    kept = load(connection, 1, {"lotus": SOURCE})
    assert kept.article == ARTICLE
    assert kept.pages == (replace(PAGE, further=()), SECOND)
    assert (kept.outcome, kept.versions, kept.source) == ("no match", {"dates": 2}, "lotus")


def test_without_its_html_the_article_is_still_there(connection: sqlite3.Connection) -> None:
    connection.execute("update kept set html = null")
    kept = load(connection, 1, {"lotus": SOURCE})
    assert (kept.pages, kept.article) == ((), ARTICLE)


def test_a_page_of_a_source_that_is_no_longer_declared_cannot_be_read_again(connection: sqlite3.Connection) -> None:
    assert load(connection, 1, {}).pages == ()


def test_only_pages_fetched_since_a_moment_are_listed(connection: sqlite3.Connection) -> None:
    assert rows(connection, NOW) == [1]
    assert rows(connection, NOW + DAY) == []


def test_what_could_not_be_read_is_listed_with_its_reason(connection: sqlite3.Connection) -> None:
    assert unread(connection) == []
    put(connection, 1, replace(KEPT, article=None, outcome="no text", reason="nothing in it"))
    (page,) = unread(connection)
    assert (page.url, page.outcome, page.reason) == (PAGE.url, "no text", "nothing in it")


def test_a_page_can_be_forgotten(connection: sqlite3.Connection) -> None:
    forget(connection, 1)
    assert rows(connection) == []


@pytest.mark.parametrize(
    ("html_days", "text_days", "after", "expected"),
    [
        (14, 90, 14, (True, True)),
        (14, 90, 15, (False, True)),
        (14, 90, 90, (False, True)),
        (14, 90, 91, None),
        (14, 5, 6, (True, False)),
        (14, 5, 15, None),
    ],
)
def test_html_and_text_go_when_their_days_are_over(
    html_days: int, text_days: int, after: int, expected: tuple[bool, bool] | None, connection: sqlite3.Connection
) -> None:
    expire(connection, Crawl(html_days=html_days, text_days=text_days), NOW + after * DAY)
    assert held(connection) == expected
