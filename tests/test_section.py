"""What section pages give, by selectors and without."""

import pytest

from archive.model import Link, Listing
from crawlers.listings import Listed, section

TITLE = "ខ្ញុំទទួលយក៖ យុទ្ធនាការថ្មី"


def read_section(body: bytes) -> Listed:
    return section.read(body, "https://lotus.example/news/", Listing(kind="section", url="https://lotus.example/news/"))


PAGE = """<html><head><meta charset="utf-8"></head><body><nav><a href="/about">About</a></nav>
  <div class="card"><a class="more" href="/1"><img></a><h3><a href="/1">{title}</a></h3><time>10 December 2021</time></div>
  <div class="card"><h3><a href="/2#comments">Second</a></h3><a href="/other">Other</a></div>
  <div class="card"><h3>Without a link</h3></div>
  <h2><a href="mailto:a@lotus.example">Mail</a></h2><h2><a href="#top">Top</a></h2><h2><a href="http://[">Broken</a></h2>
  <a class="next" href="?page=2">Next</a></body></html>"""


def declared(**selectors: str) -> Listing:
    return Listing(kind="section", url="https://lotus.example/news/", **selectors)  # type: ignore[arg-type]


def read_by(**selectors: str) -> Listed:
    return section.read(PAGE.format(title=TITLE).encode(), "https://lotus.example/news/", declared(**selectors))


def test_a_section_without_selectors_gives_the_links_of_its_headlines() -> None:
    assert read_by() == Listed(
        links=(
            Link(url="https://lotus.example/1", title=TITLE),
            Link(url="https://lotus.example/2#comments", title="Second"),
        )
    )


def test_a_card_gives_one_link_with_the_title_and_day_beside_it() -> None:
    first, *_ = read_by(card="div.card", link="a", title="h3", date="time").links
    assert first == Link(url="https://lotus.example/1", title=TITLE, date="10 December 2021")
    assert [link.url for link in read_by(card="div.card", link="a").links] == [
        "https://lotus.example/1",
        "https://lotus.example/2#comments",
    ]


def test_a_link_without_cards_has_its_own_words_as_title() -> None:
    assert [(link.url, link.title) for link in read_by(link="nav a").links] == [
        ("https://lotus.example/about", "About")
    ]


def test_a_link_that_stands_twice_has_the_title_of_the_one_that_says_something() -> None:
    links = read_by(link="div.card a").links
    assert [(link.url, link.title) for link in links if link.url.endswith("/1")] == [("https://lotus.example/1", TITLE)]


@pytest.mark.parametrize(
    ("selector", "found"),
    [("a.next", "https://lotus.example/news/?page=2"), ("a.none", None), ("h2:last-of-type a", None)],
)
def test_the_following_page_is_where_its_selector_says(selector: str, found: str | None) -> None:
    assert read_by(next=selector).next == found


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_section_in_another_charset_than_it_says_is_read(encoding: str) -> None:
    body = '<meta charset="windows-1252"><h2><a href="/1">Café</a></h2>'.encode(encoding)
    assert read_section(body).links[0].title == "Café"


def test_of_a_section_two_thousand_links_are_taken() -> None:
    body = "".join(f'<h2><a href="/{n}">Story</a></h2>' for n in range(10_000))
    links = read_section(body.encode()).links
    assert [len(links), links[0].url, links[-1].url] == [
        section.MOST_LINKS,
        "https://lotus.example/0",
        "https://lotus.example/1999",
    ]
