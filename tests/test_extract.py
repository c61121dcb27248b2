import json

import pytest

from archive.errors import NotAnArticle, Quarantined, Unreadable
from archive.model import Reading
from pipelines.extract import MAX_TEXT
from tests.pages import ENGLISH, KHMER, extracted, markup, page

TITLE = "<h1>ផ្លូវថ្មីទៅផ្សារ</h1>"
TEXT = "\n".join(KHMER)


def test_the_paragraphs_of_an_article_come_back_whole() -> None:
    article, _ = extracted(page(markup(before=TITLE)))
    assert (article.title, article.text) == ("ផ្លូវថ្មីទៅផ្សារ", TEXT)


@pytest.mark.parametrize(
    "around",
    [
        "<div class='related'><h3>ទាក់ទង</h3><ul><li><a href='/b'>TRAP one of another story</a></li></ul></div>",
        "<div class='ticker'><a href='/b'>TRAP headline</a></div>",
        "<div id='comments'><p>TRAP said by a reader who did not like the road at all and wrote a long comment about it.</p></div>",
        "<aside><p>TRAP in a box beside the story with many words so that it looks like a paragraph of real text.</p></aside>",
        "<script>var x = 'TRAP';</script><style>.TRAP{}</style><noscript>TRAP</noscript>",
        "<div class='cookie-notice'><p>TRAP We use cookies to make this site better for everyone who visits it.</p></div>",
    ],
)
@pytest.mark.parametrize("reading", [Reading(), Reading(body=".text"), Reading(body="article")])
def test_nothing_around_the_text_is_taken_for_it(around: str, reading: Reading) -> None:
    article, _ = extracted(page(markup(before=TITLE, after=around), reading=reading))
    assert "TRAP" not in "".join((article.text, article.description, *article.captions, *article.tags))
    assert KHMER[0] in article.text
    assert KHMER[-1] in article.text


def test_parts_that_the_source_names_are_dropped() -> None:
    html = markup(after="<p class='promo-line'>Read our other paper, which is printed every Friday in the capital.</p>")
    assert "other paper" not in extracted(page(html, reading=Reading(body="article", drop=("p.promo-line",))))[0].text
    assert "other paper" not in extracted(page(html, reading=Reading(drop=("p.promo-line",))))[0].text


@pytest.mark.parametrize("parting", ["<br>", "<br/><br/>", "</div><div>"])
def test_breaks_and_blocks_part_paragraphs(parting: str) -> None:
    html = f"<html><body><div class='story'><div>{parting.join(KHMER)}</div></div></body></html>"
    assert extracted(page(html, reading=Reading(body=".story")))[0].text == TEXT


def test_inline_tags_and_invisible_signs_part_no_word() -> None:
    odd = "អ្នក<b>ស្រ</b>ឡាញ់<wbr>ភេទ\u200bដូច&shy;គ្នា&nbsp;ចង់បានច្បាប់រៀបការ ដែលការពារគ្រួសាររបស់ពួកគេនៅគ្រប់ទីកន្លែងក្នុងប្រទេស។"
    plain = "អ្នកស្រឡាញ់ភេទដូចគ្នា ចង់បានច្បាប់រៀបការ"
    assert plain in extracted(page(markup(before=TITLE, text=(odd, *KHMER))))[0].text
    assert plain in extracted(page(markup(text=(odd, *KHMER)), reading=Reading(body=".text")))[0].text


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("<figure><img src='a.jpg' alt='ស្ពានថ្មី'><figcaption>ស្ពាននៅភូមិ</figcaption></figure>", ("ស្ពានថ្មី", "ស្ពាននៅភូមិ")),
        (
            "<div class='wp-caption'><img src='a.jpg' alt=''><p class='wp-caption-text'>ស្ពាននៅភូមិ</p></div>",
            ("ស្ពាននៅភូមិ",),
        ),
        ("<p><img src='a.jpg'><br><em>ស្ពាននៅភូមិ</em></p>", ("ស្ពាននៅភូមិ",)),
        ("<img src='a.jpg' alt='ស្ពានថ្មី'><img src='b.jpg' alt='ស្ពានថ្មី'>", ("ស្ពានថ្មី",)),
        ("<a href='/big/a.jpg'><img src='a.jpg' alt='ស្ពានថ្មី'></a>", ("ស្ពានថ្មី",)),
        ("<a href='/another-story'><img src='a.jpg' alt='TRAP'></a>", ()),
        ("<div class='related'><img src='a.jpg' alt='TRAP'></div>", ()),
        ("<img src='a.jpg' alt='IMG_2031.jpg'><img src='b.jpg' alt='DSC-0031'><img src='c.jpg'>", ()),
    ],
)
@pytest.mark.parametrize("reading", [Reading(), Reading(body=".text")])
def test_captions_are_those_of_the_articles_own_pictures(
    picture: str, expected: tuple[str, ...], reading: Reading
) -> None:
    article, _ = extracted(page(markup(before=TITLE, text=(picture, *KHMER)), reading=reading))
    assert article.captions == expected
    assert article.text == TEXT


def test_a_picture_above_the_text_belongs_to_it_and_one_below_does_not() -> None:
    above = f"{TITLE}<figure><img src='a.jpg' alt='lead'></figure>"
    assert extracted(page(markup(before=above, after="<img src='b.jpg' alt='TRAP'>")))[0].captions == ("lead",)


def test_summary_tags_and_section_come_from_head_structured_data_and_links() -> None:
    told = {"@type": "NewsArticle", "headline": "H", "keywords": ["Road", "market"], "articleSection": "ជាតិ"}
    head = (
        '<meta property="og:description" content="ផ្លូវ\u200bថ្មី &amp; ផ្សារ"><meta name="keywords" content="ផ្លូវ, road,, ផ្សារ">'
        '<meta property="article:tag" content="ស្ពាន"><script type="application/ld+json">'
        + json.dumps(told)
        + "</script>"
    )
    after = '<p><a rel="tag" href="/t/1">ឃុំ</a></p><div class="widget tagcloud"><a rel="tag" href="/t/2">TRAP</a></div>'
    article, _ = extracted(page(markup(head, TITLE, after)))
    assert article.description == "ផ្លូវថ្មី & ផ្សារ"
    assert article.tags == ("ផ្លូវ", "road", "ផ្សារ", "ស្ពាន", "market", "ឃុំ")
    assert article.section == "ជាតិ"


def test_a_page_without_text_is_unreadable() -> None:
    nothing = "<html><body><h1>Pictures</h1><div class='entry-content'><iframe></iframe></div><div class='related'>%s</div></body></html>"
    links = "".join(
        f"<p><a href='/{number}'>Another story of the day, number {number}, with a long headline</a></p>"
        for number in range(9)
    )
    for html, reading in (
        (nothing % links, Reading()),
        (nothing % "", Reading()),
        (markup(text=()), Reading(body=".text")),
    ):
        with pytest.raises(Unreadable):
            extracted(page(html, reading=reading))


@pytest.mark.parametrize("more", [0, 1])
def test_a_text_longer_than_any_article_is_quarantined(more: int) -> None:
    html = markup(before=TITLE, text=("ក" * (MAX_TEXT + more),))
    fetched = page(html, reading=Reading(body=".text"))
    if more:
        with pytest.raises(Quarantined, match="400,001 characters"):
            extracted(fetched)
    else:
        assert len(extracted(fetched)[0].text) == MAX_TEXT


def test_a_list_of_links_is_no_article() -> None:
    links = "".join(f"<div><a href='/{number}'>{part}</a></div>" for number, part in enumerate(ENGLISH + KHMER))
    with pytest.raises(NotAnArticle, match="list of links"):
        extracted(page(f"<html><body><div id='list'>{links}</div></body></html>", reading=Reading(body="#list")))


def test_a_body_that_stands_in_structured_data_only_is_read_from_there() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "H", "articleBody": "\n\n".join(KHMER)})
    html = (
        f'<html><head><script type="application/ld+json">{told}</script></head><body><div id="app"></div></body></html>'
    )
    assert extracted(page(html))[0].text == TEXT


def test_a_short_post_takes_no_teasers() -> None:
    teasers = "".join(
        f"<div class='card'><a href='/{number}'>{part}</a><p>{part}</p></div>" for number, part in enumerate(ENGLISH)
    )
    html = f"<html><body><h1>ខ្លី</h1><div class='entry-content'><p>{KHMER[0]}</p></div><section>{teasers}</section></body></html>"
    assert extracted(page(html))[0].text == KHMER[0]


def test_reading_one_page_again_and_again_gives_the_same() -> None:
    fetched = page(markup(before=TITLE))
    assert len({repr(extracted(fetched)[0]) for _ in range(8)}) == 1
