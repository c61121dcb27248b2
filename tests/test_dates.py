from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

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
        markup(before=f"{TITLE}<p>Updated: 1 May 2022</p>"),
        markup(before=f"{TITLE}<p>កែប្រែចុងក្រោយ៖ ថ្ងៃទី១ ខែឧសភា ឆ្នាំ២០២២</p>"),
        markup(before=f'{TITLE}<time class="updated" datetime="2022-05-01">1 May</time>'),
        markup(before=f'{TITLE}<span>Updated</span> on <time datetime="2022-05-01">1 May</time>').replace(
            "</span> on", "</span> updated"
        ),
        markup(before=f'{TITLE}<div class="related"><a href="/b">B</a> <time datetime="2022-05-01">1 May</time></div>'),
        markup(after='<article><a href="/b"><h3>B</h3></a><time datetime="2022-05-01">1 May</time></article>'),
        markup(after='<div class="comments"><p>សុខ <time datetime="2022-05-01">1 May</time></p></div>'),
    ],
)
def test_a_footer_an_event_a_change_or_another_story_is_never_the_date(html: str) -> None:
    article = dated(page(html))
    assert article.published is None
    assert article.dates == ()


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
