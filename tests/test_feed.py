"""What feeds of every kind give."""

import pytest

from archive.model import Link
from crawlers.listings import Listed, feed
from tests.outlets import item, rss

FEED = "https://lotus.example/feed/"
TITLE = "ខ្ញុំទទួលយក៖ យុទ្ធនាការថ្មី"


def read_feed(body: bytes) -> Listed:
    return feed.read(body, FEED)


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
FEEDS = {
    "RSS 0.91": f"""<?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
        <rss version="0.91"><channel><title>Lotus</title><item><title>{TITLE}</title><link>https://lotus.example/1</link>
        <description>ពិធី</description></item></channel></rss>""",
    "RSS 0.92": f"""<rss version="0.92"><channel><item><title>{TITLE}</title><link>https://lotus.example/1</link>
        <description>ពិធី</description><category>សង្គម</category></item></channel></rss>""",
    "RSS 1.0": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC}>
        <channel rdf:about="https://lotus.example/"><title>Lotus</title></channel>
        <item rdf:about="https://lotus.example/1"><title>{TITLE}</title><link>https://lotus.example/1</link>
        <description>ពិធី</description><dc:date>2021-12-10T15:45:00+07:00</dc:date></item></rdf:RDF>""",
    "RSS 2.0": f"""<rss version="2.0" {DC}><channel><item><title>{TITLE}</title><link>https://lotus.example/1</link>
        <description><![CDATA[<p>ពិធី</p>]]></description><pubDate>Fri, 10 Dec 2021 15:45:00 +0700</pubDate></item></channel></rss>""",
    "Atom": f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lotus</title><entry><title type="text">{TITLE}</title>
        <link rel="alternate" href="https://lotus.example/1"/><link rel="edit" href="https://lotus.example/edit/1"/>
        <id>tag:lotus.example,2021:1</id><published>2021-12-10T15:45:00+07:00</published><updated>2022-01-01T00:00:00Z</updated>
        <summary type="html">&lt;p&gt;ពិធី&lt;/p&gt;</summary></entry></feed>""",
    "Atom with a prefix": f"""<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>{TITLE}</a:title>
        <a:link href="https://lotus.example/1"/><a:summary>ពិធី</a:summary></a:entry></a:feed>""",
}
DAYS = {
    "RSS 1.0": "2021-12-10T15:45:00+07:00",
    "RSS 2.0": "Fri, 10 Dec 2021 15:45:00 +0700",
    "Atom": "2021-12-10T15:45:00+07:00",
}


@pytest.mark.parametrize("name", FEEDS)
def test_every_kind_of_feed_gives_address_title_summary_and_day(name: str) -> None:
    listed = read_feed(FEEDS[name].strip().encode())
    assert listed.links == (Link(url="https://lotus.example/1", title=TITLE, summary="ពិធី", date=DAYS.get(name)),)
    assert listed.note == ""


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<![CDATA[ខ្ញុំ\u200bទទួលយក]]>", "ខ្ញុំទទួលយក"),
        ("&lt;b&gt;ខ្ញុំ&lt;/b&gt;ទទួលយក", "ខ្ញុំទទួលយក"),
        ("<![CDATA[<b>ខ្ញុំ</b>ទទួលយក]]>", "ខ្ញុំទទួលយក"),
        ("A &amp;amp; B &amp;lt; C", "A & B < C"),
        ("A &amp; B &lt; C > D", "A & B < C > D"),
        ("\n   Two\n  lines ", "Two lines"),
        ("", None),
    ],
)
def test_a_title_is_clean_words_without_markup(written: str, title: str | None) -> None:
    (link,) = read_feed(rss([item("https://lotus.example/1", written)]).encode()).links
    assert link.title == title


def test_paragraphs_of_a_summary_do_not_run_together_and_words_with_markup_inside_stay_whole() -> None:
    body = rss(
        [
            "<item><link>https://lotus.example/1</link><description><![CDATA[<p>ខ្ញុំ<b>ទទួល</b>យក</p><p>ពិធី</p>]]></description></item>"
        ]
    )
    assert read_feed(body.encode()).links[0].summary == "ខ្ញុំទទួលយក ពិធី"


@pytest.mark.parametrize("path", ["/2021/1", "2021/1", "//lotus.example/2021/1", "https://lotus.example/2021/1"])
def test_relative_links_of_a_feed_are_made_whole(path: str) -> None:
    (link,) = read_feed(rss([item(path)]).encode()).links
    assert link.url in ("https://lotus.example/2021/1", "https://lotus.example/feed/2021/1")


def test_an_entry_without_a_link_is_found_by_its_guid() -> None:
    body = rss(
        ["<item><title>A</title><guid>https://lotus.example/?p=1</guid></item>", "<item><title>B</title></item>"]
    )
    assert [link.url for link in read_feed(body.encode()).links] == ["https://lotus.example/?p=1"]


@pytest.mark.parametrize(
    ("declared", "served", "encoding"),
    [
        ("iso-8859-1", None, "utf-8"),
        ("utf-8", "application/rss+xml; charset=windows-1252", "utf-8"),
        ("utf-16", "text/xml", "utf-8"),
        ("nonsense", "text/xml; charset=nonsense", "utf-8"),
        ("utf-16", None, "utf-16"),
    ],
)
def test_a_feed_is_read_in_the_charset_it_is_in_whatever_it_says(
    declared: str, served: str | None, encoding: str
) -> None:
    body = rss([item("https://lotus.example/1", TITLE)]).replace("?>", f' encoding="{declared}"?>', 1).encode(encoding)
    assert feed.read(body, FEED, served).links[0].title == TITLE


def test_a_feed_in_latin_letters_of_old_is_read() -> None:
    body = (
        '<?xml version="1.0" encoding="windows-1252"?>'
        + rss([item("https://lotus.example/1", "Café – “ouvert”")]).partition("?>")[2]
    )
    assert read_feed(body.encode("windows-1252")).links[0].title == "Café – “ouvert”"


def test_what_precedes_an_error_of_a_feed_is_read_and_the_error_told() -> None:
    body = rss([item("https://lotus.example/1"), item("https://lotus.example/2"), "<item><title>A & B <b></title>"])
    listed = read_feed(body.encode())
    assert {"https://lotus.example/1", "https://lotus.example/2"} <= {link.url for link in listed.links}
    assert listed.note.startswith("broken XML: ")
