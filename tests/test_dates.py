from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Article, DateCandidate, Page, Reading
from pipelines.dates import dates
from tests.pages import FETCHED, KHMER, URL, extracted, listed, markup, page, source

DAY = date(2021, 12, 10)
EIGHT = datetime(2021, 12, 10, 1, 0, tzinfo=UTC)
TITLE = "<h1>ផ្លូវថ្មីទៅផ្សារ</h1>"
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H", %s}</script>'


def dated(fetched: Page) -> Article:
    return dates(*extracted(fetched))


def chosen(fetched: Page) -> tuple[str, date, datetime | None] | None:
    published = dated(fetched).published
    return (published.origin, published.day, published.at) if published else None


@pytest.mark.parametrize(
    ("fetched", "expected"),
    [
        (page(markup(JSON_LD % '"datePublished": "2021-12-10T01:00:00Z"')), ("json-ld", DAY, EIGHT)),
        (page(markup(JSON_LD % '"datePublished": "2021-12-10"')), ("json-ld", DAY, None)),
        (
            page(markup('<meta property="article:published_time" content="2021-12-10T08:00:00+07:00">')),
            ("meta", DAY, EIGHT),
        ),
        (page(markup('<meta name="DC.date.issued" content="2021-12-10">')), ("meta", DAY, None)),
        (page(markup(before=f'{TITLE}<time datetime="2021-12-10T08:00:00">today</time>')), ("time", DAY, EIGHT)),
        (page(markup(before=f'{TITLE}<time class="entry-date published">10 ធ្នូ 2021</time>')), ("time", DAY, None)),
        (
            page(markup(before=f"{TITLE}<b id='d'>10 ធ្នូ 2021, 8:00</b>"), reading=Reading(date="#d")),
            ("selector", DAY, EIGHT),
        ),
        (page(markup(before=f"{TITLE}<p>ដោយ ចាន់ សុភា - ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១ ម៉ោង ៨ ព្រឹក</p>")), ("by-line", DAY, EIGHT)),
        (
            page(markup(before=f"{TITLE}<p>ថ្ងៃសុក្រ ៧កើត ខែមិគសិរ ព.ស.២៥៦៥ ត្រូវនឹងថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១</p>")),
            ("by-line", DAY, None),
        ),
        (page(markup(before=f"{TITLE}<span>Friday, December 10, 2021</span>")), ("by-line", DAY, None)),
        (page(markup(), link=listed("Fri, 10 Dec 2021 01:00:00 +0000")), ("listing", DAY, EIGHT)),
        (page(markup(), link=listed("១០ ធ្នូ ២០២១")), ("listing", DAY, None)),
        (page(markup(), url="https://news.example/2021/12/10/story"), ("url", DAY, None)),
        (page(markup(), url="https://news.example/news/2021-12-10-story"), ("url", DAY, None)),
    ],
)
def test_each_origin_tells_the_date(fetched: Page, expected: tuple[str, date, datetime | None]) -> None:
    assert chosen(fetched) == expected


def test_a_relative_date_of_a_listing_counts_from_when_the_listing_was_read() -> None:
    link = replace(listed("២ ថ្ងៃមុន"), found_at=FETCHED - timedelta(days=10))
    published = dated(page(markup(), link=link)).published
    assert published
    assert published.day == (FETCHED - timedelta(days=12)).date()


def test_every_candidate_is_kept_and_the_most_trusted_chosen() -> None:
    head = (
        JSON_LD % '"datePublished": "2021-12-10T01:00:00Z"'
        + '<meta property="article:published_time" content="2021-12-09">'
    )
    fetched = page(markup(head), url="https://news.example/2021/12/08/story", link=listed("2021-12-07"))
    article = dated(fetched)
    assert [(one.origin, one.raw, one.day.day, one.chosen) for one in article.dates] == [
        ("json-ld", "2021-12-10T01:00:00Z", 10, True),
        ("meta", "2021-12-09", 9, False),
        ("listing", "2021-12-07", 7, False),
        ("url", "2021-12-08", 8, False),
    ]
    assert article.published is article.dates[0]


@pytest.mark.parametrize(
    "head",
    [
        JSON_LD % '"datePublished": "2031-01-01T00:00:00Z"',
        JSON_LD % '"datePublished": "0001-01-01T00:00:00Z"',
        JSON_LD % '"datePublished": "1970-01-01T00:00:00Z"',
        JSON_LD % '"datePublished": "2021"',
        JSON_LD % '"datePublished": "soon"',
        JSON_LD % '"datePublished": null',
        JSON_LD % '"dateModified": "2022-05-01T00:00:00Z"',
        '<meta property="article:modified_time" content="2022-05-01">',
        '<meta name="date" content="2022-06-03">',
    ],
)
def test_what_cannot_be_the_date_gives_way_to_the_next_origin(head: str) -> None:
    assert chosen(page(markup(head), link=listed("2021-12-10"))) == ("listing", DAY, None)


@pytest.mark.parametrize(
    "html",
    [
        markup(after="<footer>© 2015-2024 News of the Example. 1 January 2020</footer>"),
        markup(text=("សង្គ្រាមបានចប់នៅថ្ងៃទី៧ ខែមករា ឆ្នាំ១៩៧៩ ហើយមនុស្សជាច្រើនបានត្រឡប់ទៅភូមិកំណើតវិញដោយថ្មើរជើង។", *KHMER)),
        markup(before=f"<header class='clock'>1 May 2022</header>{TITLE}"),
        markup(before=f"{TITLE}<p>ថ្ងៃនេះ ថ្ងៃអាទិត្យ ទី១ ខែឧសភា ឆ្នាំ២០២២</p>"),
        markup(
            before=f"{TITLE}<figure><img src='/a.jpg'><figcaption>The old bridge on 1 May 2022</figcaption></figure>"
        ),
        markup(before=f'{TITLE}<div class="related"><a href="/b">B</a> <time datetime="2022-05-01">1 May</time></div>'),
        markup(after='<article><a href="/b"><h3>B</h3></a><time datetime="2022-05-01">1 May</time></article>'),
        markup(after='<div class="comments"><p>សុខ <time datetime="2022-05-01">1 May</time></p></div>'),
    ],
)
def test_a_footer_an_event_a_clock_or_another_story_is_never_a_date(html: str) -> None:
    article = dated(page(html))
    assert article.published is None
    assert article.dates == ()


CHANGED_ON = date(2022, 5, 1)


@pytest.mark.parametrize(
    "html",
    [
        markup(before=f"{TITLE}<p>Updated: 1 May 2022</p>"),
        markup(before=f"{TITLE}<p>Updated by Sok Dara on 1 May 2022</p>"),
        markup(before=f"{TITLE}<p>កែប្រែចុងក្រោយ៖ ថ្ងៃទី១ ខែឧសភា ឆ្នាំ២០២២</p>"),
        markup(before=f"{TITLE}<p>ធ្វើបច្ចុប្បន្នភាព ១ ឧសភា ២០២២ ម៉ោង ៨ ព្រឹក</p>"),
        markup(before=f'{TITLE}<time class="updated" datetime="2022-05-01">1 May</time>'),
        markup(before=f'{TITLE}<span>Updated</span> on <time datetime="2022-05-01">1 May</time>').replace(
            "> on", "> updated"
        ),
        markup(before=f'{TITLE}<p><b>Last modified:</b> <span class="date">1 May 2022</span></p>'),
        markup(JSON_LD % '"dateModified": "2022-05-01T01:00:00Z"'),
        markup('<meta property="article:modified_time" content="2022-05-01">'),
        markup('<meta property="og:updated_time" content="2022-05-01">'),
    ],
)
def test_a_change_is_kept_apart_and_never_the_date(html: str) -> None:
    article = dated(page(html))
    assert article.published is None
    assert article.modified
    assert article.modified.day == CHANGED_ON
    assert all(one.changed for one in article.dates)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Published: 10 December 2021 | Updated: 1 May 2022</p>",
        "<p>Updated 1 May 2022 - Published 10 December 2021</p>",
        "<p>ចុះផ្សាយ៖ ១០ ធ្នូ ២០២១ កែប្រែ៖ ១ ឧសភា ២០២២</p>",
        "<p>10 December 2021 (updated 1 May 2022)</p>",
        '<p>Published: <b class="date">10 December 2021</b> | Updated: <b class="date">1 May 2022</b></p>',
        '<time class="entry-date published" datetime="2021-12-10">x</time><time class="updated" datetime="2022-05-01">y</time>',
    ],
)
def test_a_line_may_tell_both_days(lines: str) -> None:
    article = dated(page(markup(before=TITLE + lines)))
    assert article.published
    assert article.modified
    assert (article.published.day, article.modified.day) == (DAY, CHANGED_ON)
    assert {one.day for one in article.dates if not one.changed} == {DAY}


def test_the_editor_named_beside_a_date_makes_it_no_change() -> None:
    assert chosen(page(markup(before=f"{TITLE}<p>កែសម្រួលដោយ សុខ ដារ៉ា - ១០ ធ្នូ ២០២១</p>"))) == ("by-line", DAY, None)


def test_the_last_change_that_is_possible_counts() -> None:
    head = '<meta name="date" content="2021-12-10"><meta property="article:modified_time" content="%s">'
    for told, expected in (
        ("2021-12-01", None),
        ("2031-01-01", None),
        ("2021-12-10", None),
        ("2022-05-01", CHANGED_ON),
    ):
        modified = dated(page(markup(head % told))).modified
        assert (modified and modified.day) == expected, told


BY_LINE = f"{TITLE}<p>ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១</p>"
OF_10TH = "https://news.example/2021/12/10/story"


@pytest.mark.parametrize(
    ("fetched", "origin", "day", "reliable"),
    [
        (page(markup(JSON_LD % '"datePublished": "2021-12-10"', before=BY_LINE)), "json-ld", DAY, True),
        (page(markup(JSON_LD % '"datePublished": "2021-12-09T10:00:00Z"', before=BY_LINE)), "json-ld", date(2021, 12, 9), True),
        (page(markup(JSON_LD % '"datePublished": "2022-03-03T10:00:00Z"', before=BY_LINE)), "json-ld", date(2022, 3, 3), False),
        (page(markup(JSON_LD % '"datePublished": "2022-03-03T10:00:00Z"', before=BY_LINE), link=listed("2021-12-10")), "by-line", DAY, False),
        (page(markup(JSON_LD % '"datePublished": "2022-03-03T10:00:00Z"', before=BY_LINE), url=OF_10TH), "by-line", DAY, False),
        (page(markup(JSON_LD % '"datePublished": "2021-11-03T10:00:00Z"', before=BY_LINE), link=listed("2021-12-10")), "json-ld", date(2021, 11, 3), False),
        (page(markup(JSON_LD % '"datePublished": "2021-11-03", "dateModified": "2021-12-10"', before=BY_LINE)), "json-ld", date(2021, 11, 3), True),
        (page(markup(JSON_LD % '"datePublished": "2022-06-01T05:00:30Z"', before=BY_LINE)), "by-line", DAY, True),
        (page(markup(JSON_LD % '"datePublished": "2022-06-01T04:59:30Z"'), url=OF_10TH), "url", DAY, False),
        (page(markup(JSON_LD % '"datePublished": "2022-06-01T04:59:30Z"'), link=listed("2022-06-01")), "json-ld", FETCHED.date(), True),
        (page(markup(JSON_LD % '"datePublished": "2021-01-01T00:00:00Z"', before=BY_LINE)), "by-line", DAY, True),
        (page(markup(JSON_LD % '"datePublished": "2021-01-01T00:00:00Z"')), "json-ld", date(2021, 1, 1), True),
        (page(markup(), url=OF_10TH), "url", DAY, False),
        (page(markup(before=f"{TITLE}<p>២ ថ្ងៃមុន</p>")), "by-line", date(2022, 5, 30), False),
        (page(markup(before=f"{TITLE}<p>20 minutes ago</p>")), "by-line", FETCHED.date(), True),
        (page(markup('<meta property="og:image" content="https://news.example/up/IMG_20211210_1.jpg">')), "picture", DAY, False),
    ],
)  # fmt: skip
def test_what_speaks_against_a_date_is_weighed(fetched: Page, origin: str, day: date, *, reliable: bool) -> None:
    published = dated(fetched).published
    assert published
    assert (published.origin, published.day, published.reliable) == (origin, day, reliable)


def test_a_page_that_only_tells_the_moment_of_its_fetch_has_no_date() -> None:
    article = dated(page(markup(JSON_LD % '"datePublished": "2022-06-01T05:00:01Z"')))
    assert article.published is None
    assert [(one.origin, one.reliable) for one in article.dates] == [("json-ld", False)]


def test_a_clock_above_the_headline_is_no_date_on_its_own_day() -> None:
    clock = '<div><div class="date">Wednesday, 1 June 2022</div></div>'
    html = markup(before=BY_LINE).replace("<body>", f"<body>{clock}").replace("article>", "div>")
    assert chosen(page(html)) == ("by-line", DAY, None)
    assert chosen(page(html.replace(BY_LINE, TITLE))) is None


def test_the_lines_before_a_text_without_a_headline_tell_its_date() -> None:
    rows = "".join(f"{part}<br><br>" for part in KHMER)
    top = "<tr><td>ថ្ងៃពុធ ទី១ ខែមិថុនា ឆ្នាំ២០២២</td></tr>"
    html = f"<table>{top}<tr><td>ចុះផ្សាយ៖ ១០/១២/២០២១ អ្នកនិពន្ធ៖ នី ចាន់ណា</td></tr><tr><td>{rows}</td></tr></table>"
    assert chosen(page(f"<html><head><meta charset='utf-8'><title>ផ្លូវថ្មី</title></head><body>{html}</body></html>")) == (
        "by-line",
        DAY,
        None,
    )


def test_embedded_data_tell_a_date_after_json_ld_and_before_meta_tags() -> None:
    fetched, other = page(markup('<meta name="date" content="2021-12-10">')), page(markup())
    article, document = extracted(fetched)
    vars(document)["state"] = replace(document.state, published="2021-12-10T01:00:00Z", modified="2022-05-01")
    read = dates(article, document)
    assert [(one.origin, one.day, one.changed) for one in read.dates] == [
        ("state", DAY, False),
        ("state", CHANGED_ON, True),
        ("meta", DAY, False),
    ]
    assert dated(other).dates == ()


def test_a_time_in_a_link_to_its_own_day_or_in_the_footer_of_the_article_counts() -> None:
    marked = (
        '<a href="/2021/12/" rel="bookmark"><time class="published" datetime="2021-12-10T01:00:00Z">10 Dec</time></a>'
    )
    for html in (markup(before=TITLE + marked), markup(before=TITLE, after=f'<div class="post-footer">{marked}</div>')):
        assert chosen(page(html)) == ("time", DAY, EIGHT)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_gives_a_day_out_of_bounds(meta: str, line: str, told: str) -> None:
    html = markup(f'<meta name="date" content="{escape(meta)}">', before=f"{TITLE}<p>{escape(line)}</p>")
    published = dated(page(html, link=listed(told))).published
    assert published is None or date(1990, 1, 1) <= published.day <= FETCHED.date() + timedelta(days=1)


def test_days_counted_back_give_the_day_only() -> None:
    assert chosen(page(markup(before=f"{TITLE}<span>២ ថ្ងៃមុន</span>"))) == ("by-line", date(2022, 5, 30), None)


def test_the_day_is_local_to_the_source() -> None:
    head = JSON_LD % '"datePublished": "2021-12-10T01:00:00Z"'
    published = dated(page(markup(head), source=source(zone="America/New_York"))).published
    assert published == DateCandidate(
        origin="json-ld", raw="2021-12-10T01:00:00Z", day=date(2021, 12, 9), at=EIGHT, chosen=True
    )


def test_a_page_dated_by_a_clock_that_runs_fast_is_believed() -> None:
    assert chosen(page(markup('<meta name="date" content="2022-06-02">'), url=URL)) == ("meta", date(2022, 6, 2), None)
