"""What sitemaps, indexes of them and news sitemaps give."""

import gzip
from collections.abc import Callable

import pytest

from archive.model import Link
from crawlers.listings import BadListing, Child, sitemap
from tests.outlets import urlset

TITLE = "ខ្ញុំទទួលយក៖ យុទ្ធនាការថ្មី"


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://lotus.example/old </loc><lastmod>2021-12-01</lastmod></url>
  <url><i:image><i:loc>https://lotus.example/picture.jpg</i:loc><i:title>A picture</i:title></i:image>
    <loc>https://lotus.example/new?a=1&amp;b=2</loc>
    <n:news><n:publication><n:name>Lotus</n:name><n:language>km</n:language></n:publication>
      <n:publication_date>2021-12-10T08:45:00Z</n:publication_date><n:title>{title}</n:title></n:news></url>
  <url><lastmod>2022-01-01</lastmod></url>
</urlset>"""


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_news_sitemap_gives_titles_and_days_newest_first(packed: Callable[[bytes], bytes]) -> None:
    listed = sitemap.read(packed(NEWS.format(title=TITLE).encode()))
    assert listed.links == (
        Link(url="https://lotus.example/new?a=1&b=2", title=TITLE, date="2021-12-10T08:45:00Z"),
        Link(url="https://lotus.example/old"),
    )


def test_a_sitemap_index_gives_its_sitemaps_with_their_days() -> None:
    body = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://lotus.example/1.xml.gz</loc><lastmod>2024-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://lotus.example/2.xml</loc></sitemap><sitemap><loc>http://[/3.xml</loc></sitemap></sitemapindex>"
    )
    listed = sitemap.read(body.encode())
    assert listed.children == (
        Child(url="https://lotus.example/1.xml.gz", lastmod="2024-01-01"),
        Child(url="https://lotus.example/2.xml"),
    )
    assert listed.links == ()


def test_a_sitemap_without_a_namespace_or_with_a_wrong_charset_is_read() -> None:
    body = f'<?xml version="1.0" encoding="utf-16"?><urlset><url><loc>https://lotus.example/{TITLE[0]}</loc></url></urlset>'
    assert [link.url for link in sitemap.read(body.encode()).links] == [f"https://lotus.example/{TITLE[0]}"]


def test_what_precedes_an_error_of_a_sitemap_is_read_and_the_error_told() -> None:
    listed = sitemap.read(urlset(["https://lotus.example/1", "https://lotus.example/2"])[:-30].encode())
    assert [link.url for link in listed.links] == ["https://lotus.example/1"]
    assert listed.note.startswith("broken XML: ")


def test_a_packed_sitemap_may_unpack_to_fifty_megabytes_and_no_more() -> None:
    with pytest.raises(BadListing, match="does not unpack within 50 MB"):
        sitemap.read(gzip.compress(b" " * (sitemap.LARGEST + 1)))


def test_entities_of_a_sitemaps_own_are_resolved() -> None:
    body = '<!DOCTYPE u [<!ENTITY root "https://lotus.example">]><urlset><url><loc>&root;/1</loc></url></urlset>'
    assert [link.url for link in sitemap.read(body.encode()).links] == ["https://lotus.example/1"]
