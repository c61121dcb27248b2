import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from archive.database import open_reader
from archive.exports.export import Choice, Export
from archive.exports.feed import ATOM, NEWEST, Masthead, atom, masthead_of
from archive.model import Site
from archive.selection import Selection
from tests.archives import ARTICLES, build_archive
from tests.exporting import CANARY, build_worked

MASTHEAD = Masthead(
    title="តាមដាន & <co>",
    site="https://coverage.example/tamdan",
    address="https://coverage.example/tamdan/search.atom?q=%E1%9E%80&text=yes",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_worked(path)
    return path


def feed(archive: Path, masthead: Masthead = MASTHEAD, *, text: bool = False, **asked: Any) -> Any:
    with closing(open_reader(archive)) as connection:
        made = atom(connection, Selection(**asked), masthead, text=text)
    etree.fromstring(made)
    assert CANARY not in made.decode()
    read = feedparser.parse(made)
    assert not read.bozo
    assert read.version == "atom10"
    return read


def test_a_feed_tells_what_it_is_and_where_it_is_read(archive: Path) -> None:
    read = feed(archive).feed
    assert (read.title, read.language) == (MASTHEAD.title, "km")
    assert {(link.rel, link.href) for link in read.links} == {
        ("self", MASTHEAD.address),
        ("alternate", "https://coverage.example/tamdan/search?q=%E1%9E%80&text=yes"),
    }
    assert read.updated == "2024-03-01T06:30:00Z"


def test_an_entry_leads_to_our_page_and_to_the_original(archive: Path) -> None:
    entries = feed(archive, words="ខ្ញុំទទួលយក").entries
    entry = next(one for one in entries if one.title.startswith("យុទ្ធនាការ"))
    links = {link.rel: link.href for link in entry.links}
    assert links["via"] == "https://lotus.example/slogan"
    assert links["alternate"].startswith("https://coverage.example/tamdan/article/a")
    assert entry.title_detail.language == "km"
    assert "ខ្ញុំទទួលយក" in entry.summary
    assert entry.author == "Lotus Daily"
    assert entry.published == "2021-12-10T12:00:00Z"
    assert [tag.term for tag in entry.tags] == ["slogan", "rights"]
    assert "content" not in entry
    for moment in (entry.published, entry.updated):
        assert datetime.fromisoformat(moment).tzinfo


def test_the_texts_are_there_when_asked_for(archive: Path) -> None:
    texts = {one.content[0].value for one in feed(archive, text=True).entries}
    assert ARTICLES[0].text in {text.strip() for text in texts}


def test_ids_stay_and_are_no_ones_else(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "archive.db"
    build_archive(again)
    ids = {link_of(one): one.id for one in feed(archive).entries}
    later = {
        link_of(one): one.id for one in feed(again, Masthead(title="renamed", site="https://moved.example")).entries
    }
    assert ids.items() <= later.items()
    assert len(set(later.values())) == len(later) == len(ARTICLES)
    assert all(one.startswith("urn:uuid:") for one in ids.values())
    assert feed(archive, source="lotus").feed.id != feed(archive).feed.id == feed(archive, Masthead()).feed.id


def link_of(entry: Any) -> str:
    return str(next(link.href for link in entry.links if link.rel == "via"))


def test_without_a_site_an_entry_leads_to_the_original(archive: Path) -> None:
    for entry in feed(archive, masthead_of(Site(name="Coverage"))).entries:
        assert [(link.rel, "example/" in link.href) for link in entry.links] == [("alternate", True)]


def test_no_character_breaks_a_feed(archive: Path) -> None:
    titles = [entry.title for entry in feed(archive).entries]
    assert any("bell" in title for title in titles)


def test_an_empty_feed_is_valid(archive: Path) -> None:
    read = feed(archive, words="nothing-has-this")
    assert read.entries == []
    assert read.feed.updated


def test_the_newest_come_first_and_no_more_than_fifty(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [ARTICLES[0]])
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [
            row[1]
            for row in connection.execute("pragma table_info(article)")
            if row[1] not in ("id", "key", "url", "first_seen")
        ]
        copied = ", ".join(names)
        connection.execute(
            "with recursive n (i) as (select 2 union all select i + 1 from n where i < 80)"
            f" insert into article (id, key, url, first_seen, {copied})"
            f" select i, 'k' || i, url || i, '2024-04-01T00:00:' || i || 'Z', {copied} from article, n"
        )
        connection.execute("insert into article_query select id, 1, 0 from article where id > 1")
        connection.execute(
            "update article set first_seen = '2024-04-01T00:' || printf('%02d', id % 60) || ':00Z' where id > 1"
        )
    entries = feed(path).entries
    assert len(entries) == NEWEST
    moments = [entry.updated for entry in entries]
    assert moments == sorted(moments, reverse=True)
    with Export(path, Choice(format="atom")) as export:
        assert export.rows == NEWEST
        assert str(export.done) == f"{NEWEST} rows"


def test_every_entry_has_what_the_standard_asks_for(archive: Path) -> None:
    with closing(open_reader(archive)) as connection:
        root = etree.fromstring(atom(connection, Selection(), MASTHEAD))
    for element in (root, *root.findall(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{{{ATOM}}}{name}")) == 1
    assert all(entry.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None for entry in root.findall(f"{{{ATOM}}}entry"))
