"""What is no listing is told by what it is, and a hostile one neither takes long nor reaches outside."""

import time
from collections.abc import Callable

import pytest

from archive.model import Listing
from crawlers.listings import MOST_ATTRIBUTES, BadListing, Listed, feed, section, sitemap
from tests.outlets import item, rss, urlset

FEED = "https://lotus.example/feed/"
TITLE = "ខ្ញុំទទួលយក៖ យុទ្ធនាការថ្មី"
LONGEST = 5.0
"""Seconds in which ten thousand links are read on a busy machine; alone it takes one."""

Read = Callable[[bytes], Listed]


def read_feed(body: bytes) -> Listed:
    return feed.read(body, FEED)


def read_section(body: bytes) -> Listed:
    return section.read(body, "https://lotus.example/news/", Listing(kind="section", url="https://lotus.example/news/"))


# ---- what is no listing -----

HTML = b"<!DOCTYPE html><html><body><h1>Log in</h1></body></html>"
NO_LISTING: list[tuple[Read, bytes, str]] = [
    (read_feed, b"", "an empty answer instead of a feed"),
    (read_feed, HTML, "a web page instead of a feed"),
    (read_feed, b"\xef\xbb\xbf\n<HTML><body>", "a web page instead of a feed"),
    (read_feed, rss(()).encode(), "a feed without entries"),
    (read_feed, b"<rss version='2.0'><channel><item><title>No", "broken XML: "),
    (read_feed, rss([item("/1", "&#x110000;")]).encode(), "broken XML: "),
    (read_feed, b'{"items": []}', "broken XML: "),
    (sitemap.read, b"", "an empty answer instead of a sitemap"),
    (sitemap.read, HTML, "a web page instead of a sitemap"),
    (sitemap.read, urlset(()).encode(), "a sitemap without entries"),
    (sitemap.read, b"<urlset><url><loc>https://lotus.exa", "broken XML: "),
    (sitemap.read, rss([item("https://lotus.example/1")]).encode(), "a sitemap without entries"),
    (sitemap.read, b"\x1f\x8b\x08 torn", "a gzip file that does not unpack"),
    (read_section, b"", "an empty page"),
    (read_section, b"<!-- nothing -->", "an empty page"),
    (read_section, HTML, "no article link is found"),
]


@pytest.mark.parametrize(("read", "body", "words"), NO_LISTING)
def test_what_is_no_listing_is_told_by_what_it_is(read: Read, body: bytes, words: str) -> None:
    with pytest.raises(BadListing, match=words):
        read(body)


# ---- hostile ones -----

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "{"ha" * 50}">{_LAUGHS}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
@pytest.mark.parametrize(
    ("read", "rest"),
    [
        (read_feed, rss([item("https://lotus.example/1", "&a9;")]).partition("?>")[2]),
        (sitemap.read, "<urlset><url><loc>https://lotus.example/&a9;</loc></url></urlset>"),
    ],
)
def test_entities_neither_grow_nor_reach_outside(read: Read, rest: str, head: str) -> None:
    began = time.monotonic()
    try:
        links = read((head + rest).encode()).links
    except BadListing:
        links = ()
    assert "root:" not in str(links)
    assert len(str(links)) < 10_000
    assert time.monotonic() - began < LONGEST


@pytest.mark.parametrize("read", [read_feed, read_section])
def test_a_tag_with_thousands_of_attributes_is_refused_at_once(read: Read) -> None:
    body = f"<rss version='2.0'><item {' '.join(f'a{n}=1' for n in range(300_000))}></item></rss>"
    began = time.monotonic()
    with pytest.raises(BadListing, match=f"more than {MOST_ATTRIBUTES:,} attributes"):
        read(body.encode())
    assert time.monotonic() - began < 1


def test_a_long_text_without_tags_is_no_tag_of_many_attributes() -> None:
    body = rss(
        [f"<item><link>https://lotus.example/1</link><description><![CDATA[{'word ' * 50_000}]]></description></item>"]
    )
    assert len(read_feed(body.encode()).links) == 1


def test_links_that_are_none_are_left_out() -> None:
    paths = ("javascript:alert(1)", "mailto:a@lotus.example", "ftp://lotus.example/1", "file:///etc/passwd", "data:,x")
    entries = [*(item(path) for path in paths), item("https://lotus.example/1")]
    assert [link.url for link in read_feed(rss(entries).encode()).links] == ["https://lotus.example/1"]
    assert [link.url for link in sitemap.read(urlset((*paths, "https://lotus.example/1")).encode()).links] == [
        "https://lotus.example/1"
    ]


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (read_feed, rss(item(f"https://lotus.example/{n}", TITLE) for n in range(10_000))),
        (sitemap.read, urlset(f"https://lotus.example/{n}" for n in range(10_000))),
    ],
)
def test_ten_thousand_links_are_read_in_seconds(read: Read, body: str) -> None:
    began = time.monotonic()
    assert len(read(body.encode()).links) == 10_000
    assert time.monotonic() - began < LONGEST
