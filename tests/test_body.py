"""What is text of an article and what only stands around it, page by page."""

import json

import pytest

from archive.errors import Shell, Unreadable
from pipelines.body.paragraphs import without_last_links
from pipelines.extract import SHORT
from pipelines.page.document import Document
from tests.pages import ENGLISH, KHMER, extracted, markup, page

TITLE = "<h1>ផ្លូវថ្មីទៅផ្សារ</h1>"
TEXT = "\n".join(KHMER)


def text_with(between: str, title: str = TITLE) -> str:
    """The text read of an article that has something else between its paragraphs."""
    parts = "".join(f"<p>{part}</p>" for part in KHMER[:2]) + between + "".join(f"<p>{part}</p>" for part in KHMER[2:])
    html = f"<html><body><article>{title}<div class='entry-content'>{parts}</div></article></body></html>"
    return extracted(page(html))[0].text


@pytest.mark.parametrize(
    "between",
    [
        "<p>អានបន្ត៖ <a href='/b'>TRAP រឿងផ្សេងមួយទៀត ដែលមិនមែនអំពីផ្លូវថ្មី</a></p>",
        "<p><strong>អត្ថបទពាក់ព័ន្ធ</strong></p><ul><li><a href='/b'>TRAP រឿងផ្សេងមួយទៀត</a></li><li><a href='/c'>TRAP រឿងទីពីរទៀត</a></li></ul>",
        "<p>Read more: <a href='/b'>TRAP another story of the very same day</a></p>",
        "<p><a href='/b'>TRAP another story of the very same day</a></p>",
        "<div class='insert'><h3>TRAP archive:</h3><a href='/b'><h4>TRAP another story of the very same day</h4></a></div>",
        "<div class='moduletable_ad'><p>TRAP cow dung, brought to the field</p></div>",
        "<div class='shop'><p>TRAP four issues of the magazine a year</p><a class='btn' href='/shop'>TRAP subscribe</a></div>",
        "<div class='inline-related'><h4>Related</h4><p>TRAP another story in a few words</p></div>",
        "<div class='box'><h4>TRAP in your inbox</h4><p>Every Friday the TRAP news.</p><form><input type='email'></form></div>",
        (
            "<div><div class='c'><h4><a href='/b'>TRAP headline of a story</a></h4><p>TRAP beginning of it.</p></div>"
            "<div class='c'><h4><a href='/c'>TRAP headline of another</a></h4><p>TRAP beginning of that.</p></div></div>"
        ),
    ],
)
def test_what_leads_elsewhere_between_the_paragraphs_is_no_text(between: str) -> None:
    assert text_with(between) == TEXT


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("<ul><li>ផ្លូវប្រវែងបីគីឡូម៉ែត្រ</li><li>ស្ពានពីរ</li></ul>", "ស្ពានពីរ"),
        ("<table><tr><td>ភូមិទី១</td><td>៤២ គ្រួសារ</td></tr></table>", "ភូមិទី១ ៤២ គ្រួសារ"),
        ("<table><tr><td><p>ភូមិទី១</p></td><td><p>៤២ គ្រួសារ</p></td></tr></table>", "ភូមិទី១ ៤២ គ្រួសារ"),
        ("<blockquote class='twitter-tweet'><p>ខ្ញុំទទួលយក #IAccept</p>— Sok <a href='https://x.example/1'>May 1</a></blockquote>", "ខ្ញុំទទួលយក #IAccept"),
        ("<p>See the <a href='/law.pdf'>whole declaration of family relationship</a></p>", "whole declaration"),
        ("<h3>ការងារបន្ទាប់</h3>", "ការងារបន្ទាប់"),
    ],
)  # fmt: skip
def test_lists_tables_quoted_posts_and_subheadings_are_text(between: str, kept: str) -> None:
    assert kept in text_with(between)


def test_words_of_farewell_at_the_end_are_no_text_and_the_same_words_inside_are() -> None:
    asked = "Follow us on Facebook and Telegram"
    end = "".join(f"<p>{line}</p>" for line in (asked, "Subscribe to our newsletter", "© 2022 News of the Example"))
    html = f"<html><body><article>{TITLE}<div class='text'>{''.join(f'<p>{part}</p>' for part in KHMER)}{end}</div></article></body></html>"
    assert extracted(page(html))[0].text == TEXT
    assert asked in text_with(f"<p>{asked}</p>")


def test_of_two_articles_the_one_with_the_pages_headline_is_read() -> None:
    one, other = (
        f"<div class='story'><h1>{title}</h1>{''.join(f'<p>{part}</p>' for part in parts)}</div>"
        for title, parts in (("ផ្លូវថ្មីទៅផ្សារ", KHMER), ("Water for three communes", ENGLISH))
    )
    for head, wanted in (("ផ្លូវថ្មីទៅផ្សារ", KHMER), ("Water for three communes", ENGLISH)):
        told = f"<meta property='og:title' content='{head}'><script type='application/ld+json'>" + json.dumps(
            {"@type": "NewsArticle", "headline": head}
        )
        for bodies in (one + other, other + one):
            html = f"<html><head>{told}</script></head><body>{bodies}</body></html>"
            assert extracted(page(html))[0].text.split("\n") == list(wanted)


def test_paragraphs_that_advertising_parts_from_the_others_are_found() -> None:
    pieces = "".join(
        f"<div class='row'><div class='body'><p>{part}</p></div></div><div class='row ad'></div>"
        for part in (*KHMER, *ENGLISH)
    )
    html = f"<html><body><article>{TITLE}{pieces}</article></body></html>"
    assert set(KHMER + ENGLISH) <= set(extracted(page(html))[0].text.split("\n"))


def test_a_picture_with_a_caption_under_a_headline_is_an_article_of_that_caption() -> None:
    caption = "អ្នកភូមិឈរនៅលើស្ពានថ្មីក្នុងថ្ងៃសម្ពោធ ដោយមានទង់ឥន្ទធនូនៅគ្រប់ដៃ"
    picture = f"<figure><img src='/a.jpg' alt=''><figcaption>{caption}</figcaption></figure>"
    article, _ = extracted(page(f"<html><body><article>{TITLE}{picture}</article></body></html>"))
    assert (article.text, article.captions, "short" in article.flags) == (caption, (caption,), True)
    with pytest.raises(Unreadable):
        extracted(page(f"<html><body><article>{TITLE}<img src='/a.jpg'></article></body></html>"))


def test_a_page_that_scripts_fill_is_a_shell() -> None:
    with pytest.raises(Shell):
        extracted(page("<html><body><div id='app'></div><script src='/app.js'></script></body></html>"))


def test_flags_image_and_origins_are_told() -> None:
    told = json.dumps(
        {"@type": "NewsArticle", "headline": "H", "isAccessibleForFree": "False", "articleSection": "ជាតិ"}
    )
    head = (
        "<meta property='og:image' content='/lead.jpg'><meta name='description' content='ផ្លូវ'>"
        f"<script type='application/ld+json'>{told}</script>"
    )
    article, _ = extracted(page(markup(head, TITLE, text=KHMER[:1])))
    assert len(article.text) < SHORT
    assert article.image == "https://news.example/lead.jpg"
    assert set(article.flags) == {"short", "paywalled"}
    assert {name: article.origins[name] for name in ("text", "description", "section", "image")} == {
        "text": "page", "description": "meta", "section": "json-ld", "image": "meta",
    }  # fmt: skip
    assert "tags" not in article.origins


@pytest.mark.parametrize("address", ["data:image/png;base64,AAAA", "javascript:x()", "http://[broken", ""])
def test_a_lead_picture_without_a_web_address_is_none(address: str) -> None:
    assert extracted(page(markup(f"<meta property='og:image' content='{address}'>", TITLE)))[0].image == ""


def test_keywords_that_a_site_gives_every_page_are_not_the_articles() -> None:
    head = "<meta name='keywords' content='{0}'>"
    assert extracted(page(markup(head.format("khmer news,cambodia,hot video"), TITLE)))[0].tags == ()
    assert extracted(page(markup(head.format("ផ្លូវថ្មី,ផ្សារ,ខ្ញុំទទួលយក"), TITLE)))[0].tags == ("ផ្លូវថ្មី", "ផ្សារ", "ខ្ញុំទទួលយក")


def test_a_short_last_paragraph_after_one_long_is_kept() -> None:
    for last in ("<p>អ្នកស្រឡាញ់ភេទដូចគ្នាក៏មកដែរ។</p>", "<p>សមភាពអាពាហ៍ពិពាហ៍ ជាសិទ្ធិរបស់មនុស្សគ្រប់រូប</p>"):
        html = f"<html><body><article>{TITLE}<p>{' '.join(KHMER)}</p>{last}</article></body></html>"
        assert extracted(page(html))[0].text.split("\n")[-1] == last[3:-4]


def test_headings_of_entries_stand_above_their_paragraphs() -> None:
    entries = [(f"ម៉ោង {number} ព្រឹក", part) for number, part in enumerate(KHMER)]
    shown = "".join(
        f"<article class='e'><div><time>0{number}:00</time></div><h3>{entry}</h3><p>{part}</p></article>"
        for number, (entry, part) in enumerate(entries)
    )
    html = f"<html><body><main>{TITLE}{shown}</main><aside><h3>អានបន្ត</h3></aside></body></html>"
    assert extracted(page(html))[0].text == "\n".join(line for entry in entries for line in entry)


def test_links_with_their_days_at_the_end_are_no_text() -> None:
    link = "<a href='/b'>TRAP landlord loses case over a branch</a>"
    document = Document.parse(page(f"<html><body>{TITLE}<p>{KHMER[0]}</p>{link} (07 October 2008)</body></html>"))
    last = ["ALSO IN COURTS", "TRAP landlord loses case over a branch (07 October 2008)"]
    assert without_last_links([*KHMER, *last], document) == list(KHMER)
    assert without_last_links([*KHMER, last[0]], document) == [*KHMER, last[0]]


def test_margins_of_a_page_laid_out_in_a_table_are_no_text() -> None:
    margin = "<td><b>POLL</b><br>TRAP elephants on the riverside?<br>TRAP rooms to let, cat included</td>"
    paragraphs = "".join(f"<p>{part}</p>" for part in (*KHMER, *ENGLISH))
    html = f"<html><body><table><tr>{margin}<td>{TITLE}{paragraphs}</td>{margin}</tr></table></body></html>"
    assert extracted(page(html))[0].text == "\n".join((*KHMER, *ENGLISH))


def test_a_body_kept_in_two_parts_is_read_whole() -> None:
    rest = "".join(f"<p>{part}</p>" for part in KHMER[1:])
    halves = f"<div class='itemIntroText'><p>{KHMER[0]}</p></div><div class='itemFullText'>{rest}</div>"
    assert extracted(page(f"<html><body>{TITLE}<div>{halves}</div></body></html>"))[0].text == TEXT


def test_the_way_from_the_home_page_tells_the_section() -> None:
    way = "<div class='breadcrumb'><a href='/'>Home</a> » <a href='/opinion'>Opinion</a></div>"
    assert extracted(page(markup(before=way + TITLE)))[0].section == "Opinion"


def test_a_button_of_the_page_is_no_picture() -> None:
    button = "<a title='Video'><img src='/static/video.gif' alt='TRAP Player Close'></a>"
    assert extracted(page(markup(before=TITLE + button)))[0].captions == ()
