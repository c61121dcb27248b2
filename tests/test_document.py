import json
from typing import Any

import pytest

from archive.errors import NotAnArticle, Quarantined, Unreadable
from pipelines.page.blocks import line
from pipelines.page.document import MAX_BYTES, MAX_TAGS, Document
from pipelines.page.structured import article_nodes
from tests.pages import KHMER, URL, markup, page

WORDS = "ព័ត៌មានថ្មី"
LATIN = "Le café est fermé"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (f"<p>{WORDS}</p>".encode(), "text/html; charset=utf-8", WORDS),
        (f"<p>{WORDS}</p>".encode(), "text/html; charset=iso-8859-1", WORDS),  # the wrong charset declared
        (f"<meta charset='windows-1252'><p>{WORDS}</p>".encode(), None, WORDS),
        (f"<p>{WORDS}</p>".encode("utf-16"), "text/html", WORDS),
        (b"\xef\xbb\xbf" + f"<p>{WORDS}</p>".encode(), "text/html; charset=latin-1", WORDS),
        (f"<p>{LATIN}</p>".encode("cp1252"), "text/html; charset=iso-8859-1", LATIN),
        (f"<meta charset='iso-8859-1'><p>{LATIN}</p>".encode("cp1252"), "text/html", LATIN),
        (f"<p>{WORDS}".encode() + b"\xff\xfe \xc3</p>", "text/html; charset=utf-8", WORDS),
        ("<p>ព័ត៌\x00មាន\x01ថ្មី</p>".encode(), "text/html", WORDS),
    ],
)
def test_the_right_encoding_is_found_whatever_is_declared(body: bytes, content_type: str | None, expected: str) -> None:
    document = Document.parse(page(body, content_type=content_type))
    assert line(document.tree).replace("\ufffd", "").strip() == expected


@pytest.mark.parametrize("codec", ["zlib_codec", "hex", "idna", "undefined", "punycode", "rot13"])
def test_a_declared_codec_that_is_no_charset_is_read_as_utf_8(codec: str) -> None:
    body = f"<meta charset='{codec}'><p>{WORDS}".encode() + b"\xff</p>"
    assert line(Document.parse(page(body)).tree) == f"{WORDS}\ufffd"
    declared = page(body, content_type=f"text/html; charset={codec}")
    assert line(Document.parse(declared).tree) == f"{WORDS}\ufffd"


def test_punycode_is_no_charset_even_where_it_decodes() -> None:
    body = b"<meta charset='punycode'><p>caf\xff-b9</p>"
    assert line(Document.parse(page(body)).tree) == "caf\ufffd-b9"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<p>" + b"a" * MAX_BYTES, "5,000,00"),
        (b"<i>" * (MAX_TAGS + 1), "40,001 tags"),
        (b"<p " + b" ".join(b"a%d=1" % number for number in range(20_000)) + b">text</p>", "one tag"),
        (b"<p " + b" ".join(b'a%d="1"' % number for number in range(20_000)) + b">text</p>", "one tag"),
    ],
)
def test_a_page_that_breaks_a_limit_is_quarantined_before_it_is_parsed(body: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        Document.parse(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "<img src='data:image/png;base64," + "A" * 100_000 + "'><p>text</p>",
        "<script>if(i<b){" + "x=1;" * 30_000 + "}</script><p>text</p>",
    ],
)
def test_long_values_and_scripts_are_no_long_tags(body: str) -> None:
    assert "text" in line(Document.parse(page(body)).tree)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"%PDF-1.7 ...", "text/html"), (b"\x89PNG\r\n", None), (b"{}", "application/json"), (b"GIF89a", "image/gif")],
)
def test_what_is_no_html_is_no_article(body: bytes, content_type: str | None) -> None:
    with pytest.raises(NotAnArticle, match="not HTML"):
        Document.parse(page(body, content_type=content_type))


@pytest.mark.parametrize("body", [b"", b"   \n", b"<!-- only a comment -->"])
def test_an_empty_page_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Document.parse(page(body))


def test_the_head_is_read_by_name_property_and_relation() -> None:
    head = (
        '<meta property="og:Title" content="First"><meta property="og:title" content="Second"><meta name="author" content=" សុខា ">'
        '<meta name="empty" content=""><link rel="canonical nofollow" href="/a"><link rel="canonical" href="/b"><link rel="icon">'
    )
    document = Document.parse(page(markup(head)))
    assert document.meta == {"og:title": "First", "author": "សុខា"}
    assert document.metas[:2] == [("og:title", "First"), ("og:title", "Second")]
    assert document.links == {"canonical": "/a", "nofollow": "/a"}


def test_a_word_break_opportunity_parts_no_word() -> None:
    assert "ភេទដូចគ្នា" in line(Document.parse(page(markup(text=("ភេទ<wbr>ដូច<b>គ្នា</b>", *KHMER)))).tree)


def test_entities_that_multiply_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><p>&c;</p>'
    assert "lollol" not in line(Document.parse(page(bomb)).tree)


@pytest.mark.parametrize(
    ("head", "header", "expected"),
    [
        ("", "", set()),
        ("<meta name='robots' content='index, NOARCHIVE'>", "", {"index", "noarchive"}),
        ("<meta name='ROBOTS' content='noarchive'><meta name='robots' content='nofollow'>", "", {"noarchive", "nofollow"}),
        ("<meta name='googlebot' content='noarchive'>", "", set()),
        ("<meta name='tamdan' content='noarchive'>", "", {"noarchive"}),
        ("", "noindex, noarchive", {"noindex", "noarchive"}),
        ("", "otherbot: noarchive, nosnippet", set()),
        ("", "otherbot: noindex, tamdan: noarchive", {"noarchive"}),
        ("", "max-snippet: -1, unavailable_after: 25 Jun 2030, noarchive", {"max-snippet", "unavailable_after", "noarchive"}),
    ],
)  # fmt: skip
def test_what_is_asked_of_robots_is_read_from_page_and_header(head: str, header: str, expected: set[str]) -> None:
    assert Document.parse(page(markup(head), robots=header)).robots == expected


def test_every_canonical_link_is_told_once() -> None:
    head = "<link rel='canonical' href='/a'><link rel='nofollow canonical' href=' /b '><link rel='canonical' href='/a'><link rel='canonical'>"
    assert Document.parse(page(markup(head))).canonicals == ("/a", "/b")


STORY = {"@type": "NewsArticle", "headline": "A new road to the market"}
OTHER = {"@type": "NewsArticle", "headline": "Boats on the lake are painted", "url": "https://news.example/lake"}


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([OTHER, STORY], [STORY]),
        ([{"@type": "ItemList", "itemListElement": [{"item": OTHER}]}, STORY], [STORY]),
        ([OTHER | {"url": ""}], []),
        ([OTHER | {"url": URL}], [OTHER | {"url": URL}]),
        ([OTHER | {"url": "", "mainEntityOfPage": {"@id": URL}}, STORY], [OTHER | {"url": "", "mainEntityOfPage": {"@id": URL}}, STORY]),
        ([STORY | {"url": "https://news.example/"}], [STORY | {"url": "https://news.example/"}]),
        ([STORY | {"headline": "A road to the new market"}], [STORY | {"headline": "A road to the new market"}]),
    ],
)  # fmt: skip
def test_objects_about_other_articles_are_left_out(nodes: list[Any], expected: list[Any]) -> None:
    head = f"<meta property='og:title' content='A new road to the market'><script type='application/ld+json'>{json.dumps(nodes)}</script>"
    assert article_nodes(Document.parse(page(markup(head))).json_ld) == expected
