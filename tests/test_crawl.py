"""A whole crawl of the newsroom: what it finds, what it leaves, what a second one does, and what a killed one loses (nothing)."""

import html
import json
import random
import re
from collections import Counter
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from archive.khmer import clean, fold
from newsroom.demo import judge
from newsroom.server import Newsroom
from newsroom.truth import Disguise, Truth
from pipelines.urls import fetch_url
from tests.crawling import Team

pytestmark = pytest.mark.xdist_group("crawl")

KILLS = 20
"""Random moments at which a crawl is killed in these tests; more by hand."""


def stored(team: Team) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in team.rows("select * from coverage")}


def address(newsroom: Newsroom, row: Truth) -> str:
    return fetch_url(newsroom.url(row.source) + row.target)


def test_every_expected_article_is_found_and_no_trap(crawled: Team) -> None:
    result = judge(crawled.home, crawled.newsroom)
    assert (result.missed, result.trapped, result.misjudged) == ((), (), ())
    assert result.found == result.expected >= 36
    headlines = [row for row in crawled.newsroom.truth() if row.kind == "headline"]
    assert result.headline_only == len(headlines) >= 3


def test_one_text_at_two_sources_is_one_story_and_nothing_else_is(crawled: Team) -> None:
    result = judge(crawled.home, crawled.newsroom)
    assert result.mistold == ()
    assert result.stories == result.expected - 1
    told = {
        row.row: stored(crawled)[address(crawled.newsroom, row)]["story"] for row in crawled.newsroom.truth() if row.row
    }
    assert told[2] == told[6]
    assert len(set(told.values())) == 13


def test_a_headline_whose_page_cannot_be_opened_is_kept_as_such(crawled: Team) -> None:
    rows = crawled.rows("select * from coverage where status = 'headline only'")
    truth = {address(crawled.newsroom, row): row for row in crawled.newsroom.truth() if row.kind == "headline"}
    assert {row["url"]: (row["title"], row["published"]) for row in rows} == {
        url: (row.title, str(row.published)) for url, row in truth.items()
    }
    assert {row["captured_from"] for row in rows} == {None}
    assert {row["published_origin"] for row in rows} <= {"listing", "url"}


def test_the_teams_own_list_is_found_whole(crawled: Team) -> None:
    result = judge(crawled.home, crawled.newsroom)
    assert (result.listed, result.with_page) == (14, 14)
    expected = sum(row.matches_in_title for row in crawled.newsroom.truth() if row.row)
    assert result.headlines >= expected


def test_title_day_authors_language_and_weakness_are_what_a_careful_reader_says(crawled: Team) -> None:
    found = stored(crawled)
    wrong = []
    for row in crawled.newsroom.truth():
        if row.kind != "coverage":
            continue
        article = found[address(crawled.newsroom, row)]
        says = (row.title, str(row.published), list(row.authors), row.language, int(row.weak))
        is_kept = (
            article["title"],
            article["published"],
            json.loads(article["authors"]),
            article["language"],
            article["weak"],
        )
        if says != is_kept:
            wrong.append((row.path, says, is_kept))
    assert not wrong


def test_every_date_has_its_origin_and_the_minute_only_where_the_page_says_it(crawled: Team) -> None:
    found = stored(crawled)
    wrong = [
        (row.path, article["published_origin"], article["published_precision"], article["published_at"])
        for row in crawled.newsroom.truth()
        if row.kind == "coverage"
        for article in [found[address(crawled.newsroom, row)]]
        if article["published_origin"]
        not in (row.published_origin, "selector" if row.published_origin == "by-line" else "")
        or (article["published_precision"] == "minute") != bool(row.minute)
    ]
    assert not wrong


def printed(disguise: Disguise) -> str:
    """Give a disguise as a browser shows it; a spelling of its own folds to something else and is the terms' business."""
    return html.unescape(re.sub(r"<[^>]*>", "", disguise.printed))


def test_disguised_words_are_kept_clean(crawled: Team) -> None:
    texts = {
        row["url"]: clean("\n".join((row["title"], row["text"], row["description"], row["captions"], row["tags"])))
        for row in crawled.rows(
            "select url, revision.title, text, description, captions, tags from article join revision on revision.article = article.id"
        )
    }
    missing = [
        (row.path, disguise.kind)
        for row in crawled.newsroom.truth()
        if row.kind == "coverage"
        for disguise in row.disguises
        if fold(printed(disguise)) == fold(disguise.plain)
        and fold(disguise.plain) not in fold(texts[address(crawled.newsroom, row)])
    ]
    assert not missing


def test_a_closed_source_and_a_forbidden_folder_are_never_asked(crawled: Team) -> None:
    asked = {(source, unquote(target)) for source, _, target, _ in crawled.newsroom.requests}
    closed = {row.source for row in crawled.newsroom.truth() if row.status == 410}
    forbidden = {(row.source, row.path) for row in crawled.newsroom.truth() if row.forbidden}
    assert closed
    assert forbidden
    assert not [source for source, _ in asked if source in closed]
    assert not asked & forbidden


def test_a_page_that_did_not_match_is_kept_beside_the_ledger_and_not_in_the_archive(crawled: Team) -> None:
    kept = {row["url"] for row in crawled.ledger("select url from kept where html is not null")}
    other = [address(crawled.newsroom, row) for row in crawled.newsroom.truth() if row.kind == "other"]
    assert other
    assert set(other) <= kept
    assert not set(other) & {row["url"] for row in crawled.rows("select url from article")}


def test_the_days_of_a_source_count_everything_it_published(crawled: Team) -> None:
    counted = {(row["source"], row["day"]): row["articles"] for row in crawled.rows("select * from source_day")}
    read = {row["canonical"] for row in crawled.ledger("select canonical from page where published is not null")}
    expected = Counter(
        (row.source, str(row.published))
        for row in crawled.newsroom.truth()
        if row.published and address(crawled.newsroom, row) in read
    )
    assert counted == expected


def test_every_match_stands_where_its_offsets_say(crawled: Team) -> None:
    rows = crawled.rows(
        "select field, part, start, end, match.words, quote, revision.title, text, description, captions, tags from match"
        " join article on article.id = match.article join revision on revision.article = article.id and revision.number = match.revision"
    )
    assert rows
    for row in rows:
        parts = {"caption": json.loads(row["captions"]), "tag": json.loads(row["tags"])}
        field = parts.get(row["field"], [row["title"] if row["field"] == "title" else row.get(row["field"])])
        assert field[row["part"]][row["start"] : row["end"]] == row["words"]
        assert " ".join(row["words"].split()) in row["quote"]


def test_a_second_crawl_fetches_no_article_again_and_is_told_that_nothing_changed(team: Team) -> None:
    assert team.crawl().returncode == 0
    before, asked = team.evidence(), len(team.newsroom.requests)
    again = team.crawl()
    assert again.returncode == 0, again.stderr
    requests = [(urlsplit(target).path, status) for _, _, target, status in team.newsroom.requests[asked:]]
    assert {status for path, status in requests if path != "/robots.txt"} == {304}
    assert team.evidence() == before
    (read,) = team.rows("select count(*) as number from coverage where status = 'read'")
    assert [row["matched"] for row in team.rows("select matched from run order by started_at")] == [read["number"], 0]


@pytest.mark.parametrize("seed", range(4))
def test_a_crawl_killed_at_random_moments_and_run_again_loses_nothing(seed: int, crawled: Team, team: Team) -> None:
    moments = random.Random(seed)
    for _ in range(KILLS // 4):
        team.killed_after(moments.randint(1, 30))
    final = team.crawl()
    assert final.returncode == 0, final.stderr
    assert same_addresses(team) == same_addresses(crawled)
    assert [row["state"] for row in team.ledger("select distinct state from page")] == ["done"]
    assert team.rows("pragma integrity_check") == [{"integrity_check": "ok"}]
    captured = team.rows("select article, count(*) as captures from capture group by article")
    assert {row["captures"] for row in captured} == {1}


def same_addresses(team: Team) -> dict[str, tuple[str, ...]]:
    """Give the evidence of a team with its newsroom's addresses replaced by its sources' names."""
    bases = {team.newsroom.url(source): source for source in team.newsroom.sources()}

    def named(text: str) -> str:
        for base, source in bases.items():
            text = text.replace(base, source).replace(base.removeprefix("http://"), source)
        return text

    return {named(url): tuple(map(named, kept)) for url, kept in team.evidence().items()}
