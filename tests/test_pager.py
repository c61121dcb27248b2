import pytest

from archive.model import Page
from pipelines.body.pager import following
from pipelines.page.document import Document
from tests.pages import ENGLISH, KHMER, extracted, markup, page

STORY = "https://news.example/national/2021/story"
PAGER = "<div class='page-links'>Pages: <span>1</span> <a href='{0}'>2</a> <a href='/x'>3</a></div>"


def told(head: str = "", after: str = "", url: str = STORY, number: int = 1, first: str = "") -> str:
    return following(Document.parse(page(markup(head, after=after), url=url)), first or url, number)


@pytest.mark.parametrize(
    ("url", "next_page"),
    [
        (STORY, f"{STORY}/2"),
        (f"{STORY}/", f"{STORY}/2/"),
        (STORY, f"{STORY}/page/2/"),
        (STORY, f"{STORY}?page=2"),
        (STORY, f"{STORY}?page=1"),
        (STORY, f"{STORY}?start=1"),
        ("https://news.example/?p=51", "https://news.example/?p=51&page=2"),
        ("https://news.example/a/story.html", "https://news.example/a/story-2.html"),
        ("https://news.example/a/story.html", "https://news.example/a/story_2.html"),
        ("https://news.example/a/51,1.html", "https://news.example/a/51,1,2.html"),
        ("https://news.example/ផ្លូវ/", "https://news.example/%E1%9E%95%E1%9F%92%E1%9E%9B%E1%9E%BC%E1%9E%9C/2/"),
    ],
)
def test_a_following_page_is_the_articles_own_address_with_a_number(url: str, next_page: str) -> None:
    assert told(head=f"<link rel='next' href='{next_page}'>", url=url) == next_page
    assert told(after=PAGER.format(next_page), url=url) == next_page
    assert told(after=f"<a href='{next_page}'>ទំព័របន្ទាប់ »</a>", url=url) == next_page


@pytest.mark.parametrize(
    "address",
    [
        "/national/2021/another-story",
        "/national/2021/story-of-another",
        "/national/2021/story/3",
        "/national/2021/",
        "/?page=2",
        "https://elsewhere.example/national/2021/story/2",
        "#2",
        "javascript:next()",
        "//[broken",
        f"{STORY}?reply=2",
    ],
)
def test_the_next_article_and_other_addresses_are_no_following_page(address: str) -> None:
    assert told(head=f"<link rel='next' href='{address}'>", after=PAGER.format(address)) == ""


def test_an_article_with_a_number_for_an_address_is_not_followed_by_the_next_number() -> None:
    for url, following_number in (("/detail/51", "/detail/52"), ("/?page=detail&id=51", "/?page=detail&id=52")):
        after = PAGER.format(following_number) + f"<a rel='next' href='{following_number}'>Next</a>"
        assert told(after=after, url=f"https://news.example{url}") == ""


def test_the_pages_of_readers_comments_are_not_the_articles() -> None:
    after = f"<div class='comments'><a href='{STORY}?page=2'>2</a></div>"
    assert told(after=after) == ""


def test_a_later_page_leads_on_from_the_first_address() -> None:
    after = f"<a href='{STORY}/'>1</a> <a href='{STORY}/3/'>3</a>"
    assert told(after=after, url=f"{STORY}/2/", first=STORY, number=2) == f"{STORY}/3/"
    assert told(after=f"<a href='{STORY}/'>1</a>", url=f"{STORY}/2/", first=STORY, number=2) == ""


# ---- what is made of them ----


def several(*parts: str, last_leads_on: bool = False) -> Page:
    """An article on as many pages as there are parts, each with the headline and the first paragraph."""
    pages = []
    for number, part in enumerate(parts, 1):
        more = number < len(parts) or last_leads_on
        after = PAGER.format(f"{STORY}/{number + 1}/").replace(">2<", f">{number + 1}<") if more else ""
        html = markup(before="<h1>ផ្លូវថ្មីទៅផ្សារ</h1>", text=(KHMER[0], part), after=after)
        pages.append(page(html, url=STORY if number == 1 else f"{STORY}/{number}/"))
    first, *further = pages
    return page(first.body, url=STORY, further=tuple(further))


def test_the_pages_of_an_article_are_one_text_without_what_they_repeat() -> None:
    article, _ = extracted(several(*ENGLISH[:3]))
    assert article.text.split("\n") == [KHMER[0], *ENGLISH[:3]]
    assert (article.next_page, "one page of several" in article.flags) == ("", False)


def test_a_following_page_that_is_not_read_yet_is_told() -> None:
    article, _ = extracted(several(ENGLISH[0], last_leads_on=True))
    assert (article.next_page, "one page of several" in article.flags) == (f"{STORY}/2/", True)
    article, _ = extracted(several(*ENGLISH[:2], last_leads_on=True))
    assert article.next_page == f"{STORY}/3/"


@pytest.mark.parametrize("broken", ["", "<html><body></body></html>", "%PDF-1.7"])
def test_a_following_page_that_cannot_be_read_leaves_what_there_is(broken: str) -> None:
    whole = several(ENGLISH[0], ENGLISH[1])
    article, _ = extracted(page(whole.body, url=STORY, further=(*whole.further, page(broken, url=f"{STORY}/3/"))))
    assert article.text.split("\n") == [KHMER[0], *ENGLISH[:2]]
    assert "one page of several" in article.flags
