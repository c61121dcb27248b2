"""Which listing pages the ledger has asked, asked again, and left alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawlers.frontier import DEEPEST_INDEX, Frontier, Poll, Validators
from crawlers.listings import Child, Listed
from tests.ledgers import FEED, HOUR, NOTHING, NOW, SECTION, SITEMAP, ledger, links, lotus


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    with ledger(tmp_path) as opened:
        yield opened


def urls(polls: list[Poll]) -> list[str]:
    return [poll.url.removeprefix("https://lotus.example/") for poll in polls]


def test_a_listing_is_asked_with_what_its_server_gave(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(FEED))
    assert (poll.etag, poll.last_modified) == (None, None)
    frontier.record(poll, Listed(), (), Validators(etag='"1"', last_modified="Fri"), NOW)
    frontier.unchanged(poll, NOW + HOUR)
    (again,) = frontier.polls(lotus(FEED))
    assert (again.etag, again.last_modified) == ('"1"', "Fri")


def test_a_listing_that_failed_keeps_what_its_server_gave(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(FEED))
    frontier.record(poll, Listed(), (), Validators(etag='"1"'), NOW)
    frontier.unanswered(poll, "timeout", NOW + HOUR)
    assert [again.etag for again in frontier.polls(lotus(FEED))] == ['"1"']


def test_a_following_page_is_asked_while_its_page_brings_something_new(frontier: Frontier) -> None:
    (first,) = frontier.polls(lotus(SECTION))
    listed = Listed(next="https://lotus.example/news?p=2")
    assert urls(frontier.record(first, listed, links(1), NOTHING, NOW)[1]) == ["news?p=2"]
    assert frontier.record(first, listed, links(1), NOTHING, NOW)[1] == []


def test_following_pages_end_where_the_declaration_says(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(SECTION))
    pages = [poll]
    while pages[-1].page < 10:
        number = pages[-1].page + 1
        listed = Listed(next=f"https://lotus.example/news?p={number}")
        further = frontier.record(pages[-1], listed, links(number), NOTHING, NOW)[1]
        if not further:
            break
        pages += further
    assert [page.page for page in pages] == [1, 2, 3]


@pytest.mark.parametrize("outcome", [None, "timeout"])
def test_a_following_page_that_was_not_read_is_asked_again_even_when_the_first_is_unchanged(
    outcome: str | None, frontier: Frontier
) -> None:
    (first,) = frontier.polls(lotus(SECTION))
    (second,) = frontier.record(
        first, Listed(next="https://lotus.example/news?p=2"), links(1), Validators(etag='"1"'), NOW
    )[1]
    if outcome:
        frontier.unanswered(second, outcome, NOW)
    again = frontier.polls(lotus(SECTION))
    assert [(poll.url, poll.page) for poll in again] == [(first.url, 1), (second.url, 2)]
    frontier.unchanged(first, NOW + HOUR)
    frontier.record(second, Listed(), links(2), NOTHING, NOW + HOUR)
    assert urls(frontier.polls(lotus(SECTION))) == ["news"]


def children(*pairs: tuple[str, str | None]) -> Listed:
    return Listed(
        children=tuple(Child(url=f"https://lotus.example/{name}", lastmod=lastmod) for name, lastmod in pairs)
    )


def test_a_sitemap_of_an_index_is_asked_when_its_day_changed(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    further = frontier.record(index, children(("a", "2024-01-01"), ("b", "2024-01-01")), (), NOTHING, NOW)[1]
    assert urls(further) == ["a", "b"]
    for poll in further:
        frontier.record(poll, Listed(), links(poll.url[-1]), NOTHING, NOW)
    assert urls(frontier.polls(lotus(SITEMAP))) == ["map"]
    changed = children(("a", "2024-01-01"), ("b", "2024-02-01"))
    assert urls(frontier.record(index, changed, (), NOTHING, NOW)[1]) == ["b"]


@pytest.mark.parametrize(
    ("lastmod", "asked"), [("2024-02-29", []), ("2024-03-01", ["a"]), ("2024-03-01T05:00:00+00:00", [])]
)
def test_a_sitemap_dated_by_the_day_is_asked_again_until_that_day_is_over(
    lastmod: str, asked: list[str], frontier: Frontier
) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    (child,) = frontier.record(index, children(("a", lastmod)), (), NOTHING, NOW)[1]
    frontier.record(child, Listed(), links(1), NOTHING, NOW)
    assert urls(frontier.record(index, children(("a", lastmod)), (), NOTHING, NOW + HOUR)[1]) == asked


def test_a_hung_on_page_that_is_gone_is_forgotten(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    (child,) = frontier.record(index, children(("a", None)), (), NOTHING, NOW)[1]
    frontier.unanswered(child, "missing (404)", NOW)
    assert urls(frontier.polls(lotus(SITEMAP))) == ["map"]


@pytest.mark.parametrize("changed", [{"domains": ("lotus.example", "old.example")}, {"id": "lily"}])
def test_a_source_declared_otherwise_is_not_told_that_nothing_changed(
    changed: dict[str, Any], frontier: Frontier
) -> None:
    (poll,) = frontier.polls(lotus(FEED))
    frontier.record(poll, Listed(), (), Validators(etag='"1"'), NOW)
    assert [again.etag for again in frontier.polls(replace(lotus(FEED), **changed))] == [None]
    assert [again.etag for again in frontier.polls(lotus(FEED))] == ['"1"']


def test_links_that_wait_go_with_a_source_to_its_new_id(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(FEED))
    frontier.record(poll, Listed(), links(1, 2), NOTHING, NOW)
    (renamed,) = frontier.polls(replace(lotus(FEED), id="lily"))
    frontier.record(renamed, Listed(), links(1, 2), NOTHING, NOW)
    assert (frontier.waiting("lotus"), frontier.waiting("lily")) == (0, 2)


def test_a_sitemap_whose_index_tells_no_day_is_asked_every_time(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    (child,) = frontier.record(index, children(("a", None)), (), NOTHING, NOW)[1]
    frontier.record(child, Listed(), links(1), Validators(etag='"a"'), NOW)
    again = frontier.polls(lotus(SITEMAP))
    assert [(poll.url, poll.etag) for poll in again] == [(index.url, None), (child.url, '"a"')]


def test_a_sitemap_that_failed_is_asked_again_although_its_day_did_not_change(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    told = children(("a", "2024-01-01"))
    (child,) = frontier.record(index, told, (), NOTHING, NOW)[1]
    frontier.unanswered(child, "server error (500)", NOW)
    assert urls(frontier.polls(lotus(SITEMAP))) == ["map", "a"]
    assert urls(frontier.record(index, told, (), NOTHING, NOW)[1]) == ["a"]


def test_a_sitemap_that_changed_and_then_failed_is_asked_again_when_the_index_is_unchanged(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    (child,) = frontier.record(index, children(("a", "2024-01-01")), (), NOTHING, NOW)[1]
    frontier.record(child, Listed(), links(1), NOTHING, NOW)
    (child,) = frontier.record(index, children(("a", "2024-02-01")), (), Validators(etag='"i"'), NOW)[1]
    frontier.unanswered(child, "timeout", NOW)
    assert urls(frontier.polls(lotus(SITEMAP))) == ["map", "a"]


def test_indexes_of_indexes_end_somewhere(frontier: Frontier) -> None:
    (poll,) = frontier.polls(lotus(SITEMAP))
    for depth in range(1, DEEPEST_INDEX):
        (poll,) = frontier.record(poll, children((f"deeper-{depth}", None)), (), NOTHING, NOW)[1]
    assert frontier.record(poll, children(("too-deep", None)), (), NOTHING, NOW)[1] == []


def test_an_index_that_names_itself_is_asked_once(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    frontier.record(index, children(("map", "2024-01-01")), (), NOTHING, NOW)
    assert urls(frontier.polls(lotus(SITEMAP))) == ["map"]


def test_what_one_source_was_told_of_a_listing_hides_nothing_from_another(frontier: Frontier) -> None:
    (index,) = frontier.polls(lotus(SITEMAP))
    (child,) = frontier.record(index, children(("feed", None)), (), NOTHING, NOW)[1]
    frontier.record(child, Listed(), (), Validators(etag='"1"'), NOW)
    (own,) = frontier.polls(replace(lotus(FEED), id="lily"))
    assert (own.url, own.page, own.etag) == (child.url, 1, None)
