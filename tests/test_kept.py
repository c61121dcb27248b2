import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from backports import zstd

from archive.database import open_writer
from archive.migrate import migrate
from archive.model import Crawl
from crawlers.kept import Kept, expire, put
from tests.ledgers import NOW

DAY = timedelta(days=1)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    migrate(tmp_path / "crawl.db", "crawl")
    with closing(open_writer(tmp_path / "crawl.db")) as opened:
        opened.execute(
            "insert into page (id, url, source, state, found_at) values (1, 'https://lotus.example/1', 'lotus', 'done', '')"
        )
        page = Kept(
            url="https://lotus.example/1",
            fetched_at=NOW,
            content_type="text/html",
            html=b"<p>x",
            text="x",
            reason="no match",
        )
        put(opened, 1, page)
        yield opened


def held(connection: sqlite3.Connection) -> tuple[bool, bool] | None:
    row = connection.execute("select html, text from kept").fetchone()
    return (row["html"] is not None, row["text"] is not None) if row else None


def test_a_page_comes_back_as_it_was(connection: sqlite3.Connection) -> None:
    row = connection.execute("select * from kept").fetchone()
    assert (zstd.decompress(row["html"]), zstd.decompress(row["text"])) == (b"<p>x", b"x")


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
