from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.keys import article_key
from archive.model import Article
from pipelines.page.document import Document
from pipelines.urls import fetch_url, urls
from tests.pages import markup, page

SLUG = "ខ្ញុំទទួលយក"
ENCODED = quote(SLUG)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("https://news.example:443/a#top", "https://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example/a?utm_source=x&b=2&a=1&fbclid=y", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?UTM_Medium=rss", "https://news.example/a"),
        ("https://news.example/?tag[]=1&tag[]=2&gclid=3", "https://news.example/?tag%5B%5D=1&tag%5B%5D=2"),
        (f"https://news.example/{SLUG}/", f"https://news.example/{ENCODED}/"),
        (f"https://news.example/{ENCODED.lower()}/", f"https://news.example/{ENCODED}/"),
        (f"https://news.example/?s={SLUG}", f"https://news.example/?s={ENCODED}"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("https://ខ្មែរ.example/a", "https://" + "ខ្មែរ".encode("idna").decode() + ".example/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert fetch_url(url) == expected
    assert fetch_url(expected) == expected


@pytest.mark.parametrize(
    "url",
    ["", "news.example/a", "/a", "ftp://news.example/", "javascript:alert(1)", "mailto:a@news.example", "https://", "https:///a", "data:text/html,x",
     "https://user:secret@news.example/", "https://news.example:port/", "https://news.example:99999/", "https://" + "a" * 64 + ".example/",
     "https://news.example/" + "a" * 8_000, "http://[::1", "https://a..b/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        fetch_url(url)


@given(
    st.sampled_from(["http", "https"]),
    st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]\.(?:example|test)", fullmatch=True),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_the_spelling_is_stable_and_keeps_the_host(scheme: str, host: str, path: str, query: str) -> None:
    once = fetch_url(f"{scheme}://{host}/{path}?{query}")
    assert fetch_url(once) == once
    assert urlsplit(once).hostname == host


HERE = "https://news.example/national/2021/story"


@pytest.mark.parametrize(
    ("found", "told", "expected"),
    [
        (HERE, HERE + "/", HERE + "/"),
        (
            HERE + "?ref=home",
            HERE + "?utm_source=x",
            HERE + "?ref=home",
        ),  # the same script without its query: not believed
        (HERE + "/amp/", "/national/2021/story", HERE),
        (HERE + "-of-a-road?ref=share", HERE + "-of-a-road", HERE + "-of-a-road"),
        (HERE + "/2/", HERE + "/", HERE + "/"),
        (HERE, "http://news.example/national/2021/story", HERE),  # https that worked stays
        (HERE.replace("https", "http"), HERE, HERE),  # one row for both schemes
        (
            "https://news.example/?id=12&page=detail",
            "https://news.example/?page=detail",
            "https://news.example/?id=12&page=detail",
        ),
        ("https://news.example/article/12", "https://news.example/home", "https://news.example/article/12"),
        ("https://news.example/article/12", "https://news.example/index.php", "https://news.example/article/12"),
        ("https://news.example/article/12", "https://news.example/kh", "https://news.example/article/12"),
        ("https://news.example/article/12", "https://news.example/category/news", "https://news.example/article/12"),
        (HERE, "https://www.news.example/national/2021/story", "https://www.news.example/national/2021/story"),
        (HERE, "https://news.example/", HERE),
        (HERE, "https://news.example/national/", HERE),
        (HERE, "https://other.example/national/2021/story", HERE),
        (HERE, "https://evilnews.example/national/2021/story", HERE),
        (HERE, "javascript:void(0)", HERE),
        (HERE, "", HERE),
        ("https://news.example/?p=12", "https://news.example/", "https://news.example/?p=12"),
        ("https://news.example/?p=12", "https://news.example/2021/story", "https://news.example/2021/story"),
        ("https://news.example/read.php?id=12", "https://news.example/read.php", "https://news.example/read.php?id=12"),
        ("https://news.example/index.php?option=com&id=3", "https://news.example/?id=3", "https://news.example/?id=3"),
    ],
)
def test_the_pages_own_word_for_its_address_is_believed_only_where_it_can_be(
    found: str, told: str, expected: str
) -> None:
    document = Document.parse(page(markup(f'<link rel="canonical" href="{told}">'), url=found))
    assert urls(Article(url=found, source="news"), document).url == expected


def test_the_shared_address_counts_where_the_canonical_one_is_nonsense() -> None:
    head = '<link rel="canonical" href="https://news.example/"><meta property="og:url" content="https://news.example/national/2021/story-b">'
    document = Document.parse(page(markup(head)))
    assert urls(Article(url=HERE, source="news"), document).url == "https://news.example/national/2021/story-b"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<link rel='canonical' href='/life/2021/a-1'><link rel='canonical' href='/world/2021/b-2'>", HERE),
        ("<link rel='canonical' href='/'><link rel='canonical' href='/world/2021/b-2'>", "https://news.example/world/2021/b-2"),
        ("<link rel='canonical' href='/world/b-2'><link rel='canonical' href='/world/b-2#top'>", "https://news.example/world/b-2"),
        ("<link rel='canonical' href='https://[::1'>", HERE),
        ("<base href='https://other.example/'><link rel='canonical' href='national/2021/story'>", "https://news.example/national/2021/national/2021/story"),
    ],
)  # fmt: skip
def test_canonical_links_that_contradict_each_other_are_not_believed(head: str, expected: str) -> None:
    document = Document.parse(page(markup(head)))
    assert urls(Article(url=HERE, source="news"), document).url == expected


@pytest.mark.parametrize(
    ("found", "told", "believed"),
    [
        ("https://news.example/article/12", "https://news.example/article/13", False),
        ("https://news.example/article/the-old-canal", "https://news.example/article/boats-on-the-lake", False),
        ("https://news.example/article/boats-on-the-lake", "https://news.example/article/the-old-canal", False),
        ("https://news.example/article/draft", "https://news.example/article/a-new-road-to-the-market", True),
        (
            "https://news.example/article/a-new-road-to-the",
            "https://news.example/article/a-new-road-to-the-market",
            True,
        ),
    ],
)
def test_pages_that_name_each_other_stay_themselves_and_a_new_slug_is_believed(
    found: str,
    told: str,
    believed: bool,  # noqa: FBT001  (a table's column)
) -> None:
    head = f"<meta property='og:title' content='A new road to the market'><link rel='canonical' href='{told}'>"
    document = Document.parse(page(markup(head), url=found))
    assert urls(Article(url=found, source="news"), document).url == (told if believed else found)


def test_a_long_address_is_judged_at_once() -> None:
    found = "https://news.example/" + "a-%E1" * 1_500 + ".x?ref=1"
    document = Document.parse(page(markup(f"<link rel='canonical' href='{found[:-6]}'>"), url=found))
    assert urls(Article(url=found, source="news"), document).url == found


def test_a_key_is_stable_and_never_reads_as_a_number() -> None:
    assert article_key(HERE) == article_key(HERE) != article_key(HERE + "/")
    assert article_key(HERE).startswith("a")
    assert len(article_key(HERE)) == 17
