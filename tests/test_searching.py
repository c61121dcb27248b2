import json
import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.database import open_reader, open_writer
from archive.localize import locale_of
from archive.selection import Selection
from archive.site.advice import MESSAGES as ADVICE
from archive.site.advice import understood
from archive.site.naming import MESSAGES as NAMES
from archive.site.searching import PAGE, load_answer, load_found
from archive.spellings import vocabulary_of
from tests.archives import ARTICLES, article, build_archive
from tests.served import Site

REPEATABLE = settings(derandomize=True, database=None, deadline=None, max_examples=60)
MANY = tuple(
    article(f"many-{number}", f"2023-0{number % 9 + 1}-1{number % 10}", f"ដើមឈើទី {number}", "ដើមឈើដុះនៅមាត់ទន្លេ អំពីសិទ្ធិ។")
    for number in range(45)
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "data" / "archive.db"
    build_archive(path, (*ARTICLES, *MANY))
    with closing(open_writer(path)) as connection:
        connection.executescript(
            "update article set decision = 'reject' where id = 1; update article set decision = 'keep' where id in (2, 3)"
        )
    return path


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with closing(Site(path)) as site:
        yield site


def found(site: Site, **asked: str) -> dict[str, Any]:
    answer = site.get("/search.json", **asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert isinstance(told, dict)
    return told


def text(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", page)))


# ---- pages ------------------------------------------------------------------------------------------------------------------------


def test_a_search_shows_cards_with_the_words_marked_in_whole_clusters(site: Site) -> None:
    page = site.get("/search", q="ខ្ញុំទទួលយក", lang="en").text
    assert "<mark>ខ្ញុំទទួលយក</mark>" in page
    assert page.count('class="card clipping"') == found(site, q="ខ្ញុំទទួលយក")["articles"]


def test_the_pages_of_a_search_hold_each_article_once(site: Site) -> None:
    listed: list[str] = []
    address: str | None = "/search.json?q=ដើមឈើ"
    while address:
        told = site.get(address).json()
        listed += [one["id"] for one in told["results"]]
        address = told["next"]
    assert len(listed) == len(set(listed)) == 45
    assert [told["page"], told["pages"], len(told["results"])] == [3, 3, 45 - 2 * PAGE]


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999", "², "])
def test_a_page_that_is_not_there_is_the_nearest(site: Site, page: str) -> None:
    assert found(site, q="ដើមឈើ", page=page)["page"] == 1
    assert found(site, q="ដើមឈើ", page="99")["page"] == 3


def test_files_and_feed_of_a_search_ask_for_exactly_the_same(site: Site) -> None:
    page = site.get("/search", q="សិទ្ធិ", source="lotus", stories="one", **{"from": "2022-01-01"}, lang="en").text
    links = [unescape(link) for link in re.findall(r'href="(/search\.[^"]+)"', page)]
    assert {urlsplit(link).path for link in links} == {
        f"/search.{ending}" for ending in ("csv", "excel.csv", "xlsx", "jsonl", "atom")
    }
    asked = {"q": "សិទ្ធិ", "source": "lotus", "stories": "one", "from": "2022-01-01"}
    assert all(dict(parse_qsl(urlsplit(link).query)) == asked for link in links)
    assert re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="/search\.atom\?', page)


def test_the_names_of_formats_are_khmer_on_a_khmer_page(site: Site) -> None:
    assert "CSV សម្រាប់ Excel" in text(site.get("/search", lang="km").text)


def test_every_facet_leads_to_as_many_articles_as_it_says(site: Site) -> None:
    for asked in ({}, {"q": "សិទ្ធិ"}, {"source": "lotus", "from": "2022-01-01"}, {"decision": "keep"}):
        page = site.get("/search", lang="en", **asked).text
        facets = page[page.index('id="narrow"') :]
        links = re.findall(
            r'<li><a href="([^"]+)"( aria-current="true")? rel="nofollow">.*?<span class="number">([\d,]+)', facets
        )
        assert links
        for link, is_chosen, number in links:
            if not is_chosen:
                assert site.get(unescape(link).replace("/search", "/search.json", 1)).json()["articles"] == int(
                    number.replace(",", "")
                )


def test_a_filter_in_force_can_be_taken_away(site: Site) -> None:
    page = site.get("/search", q="សិទ្ធិ", source="lotus", lang="en").text
    chip = re.search(r'<a class="chip" aria-current="true" href="([^"]+)"><span>Source:', page)
    assert chip
    assert dict(parse_qsl(urlsplit(unescape(chip[1])).query)) == {"q": "សិទ្ធិ"}


def test_what_a_range_of_days_leaves_out_is_told(site: Site) -> None:
    assert found(site, q="rights", **{"from": "2000-01-01"})["undated_left_out"] == 1
    assert "1 article without a date is left out" in text(
        site.get("/search", q="rights", lang="en", **{"from": "2000-01-01"}).text
    )


def test_the_rejected_are_seen_only_by_asking_for_them(site: Site) -> None:
    (rejected,) = found(site, decision="reject")["results"]
    everything = found(site)
    assert everything["articles"] == len(ARTICLES) + len(MANY) - 1
    assert rejected["decision"] == "reject"


# ---- words ------------------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_looked_for_beside_the_words(site: Site) -> None:
    page = text(site.get("/search", q="ស្រលាញ់ភេទដូចគ្នា", lang="en").text)
    assert "this was looked for too: ស្រឡាញ់ភេទដូចគ្នា" in page.replace("\u200b", "")
    assert "broader than matching" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("(សិទ្ធិ", "the query breaks off"),
        ("rights]", "has no meaning here"),
        ("title:x", "there are no fields here"),
        ("/x/", "regular expression"),
    ],
)
def test_words_that_are_no_query_are_told_with_the_cure(site: Site, words: str, told: str) -> None:
    assert told in text(site.get("/search", q=words, lang="en").text)


def test_short_words_are_told(site: Site) -> None:
    assert "This is very short" in text(site.get("/search", q="a", lang="en").text)


def test_nothing_found_says_which_filter_to_drop_and_what_each_word_finds(path: Path) -> None:
    with closing(open_reader(path)) as connection:
        answer = load_answer(connection, Selection(words="rights ដើមឈើ", source="delta", language="km"))
        alone = {one.text: one.articles for one in answer.hints.alone} if answer.hints else {}
        assert alone == {"rights": 3, "ដើមឈើ": 45}
        hints = load_answer(connection, Selection(words="ដើមឈើ", source="delta")).hints
        assert hints
        assert {one.field: one.articles for one in hints.without} == {"source": 45, "words": 3}
        assert all(load_found(connection, one.selection).count.articles == one.articles for one in hints.without)


def test_a_spelling_near_to_one_of_the_campaign_is_offered(path: Path) -> None:
    with closing(open_reader(path)) as connection:
        hints = load_answer(connection, Selection(words="ខ្ញុទទួលយក")).hints
    assert hints
    assert '"ខ្ញុំទទួលយក"' in [one.text for one in hints.near]


def test_what_is_excluded_is_told(path: Path) -> None:
    with closing(open_reader(path)) as connection:
        told = understood("rights NOT river -x", vocabulary_of(connection))
    assert [one.text for one in told.looked] == ["rights"]
    assert told.excluded == ("river", "x")
    assert not told.wrong


# ---- bad input --------------------------------------------------------------------------------------------------------------------


@REPEATABLE
@given(st.text(max_size=40))
@example("'\"<>&;%00\x00")
@example("ក")
@example("x" * 10_000)
@example("ខ្ញុំ " * 1_000)
@example("(" * 3_000)
def test_whatever_is_typed_is_answered(site: Site, words: str) -> None:
    page = site.get("/search", q=words)
    assert page.status_code == 200
    assert site.get("/search.json", q=words).status_code == 200


@pytest.mark.parametrize("asked", [{"from": "x"}, {"weak": "perhaps"}, {"from": "2022-02-01", "to": "2022-01-01"}])
def test_what_has_no_meaning_is_told_in_the_page_and_what_was_typed_stays(site: Site, asked: dict[str, str]) -> None:
    for lang in ("km", "en"):
        page = site.get("/search", q='"<b>', lang=lang, **asked)
        assert page.status_code == 400
        assert 'role="alert"' in page.text
        assert 'value="&#34;&lt;b&gt;"' in page.text
    assert site.get("/search.json", **asked).status_code == 400
    assert json.loads(site.get("/search.json", **asked).text)["error"]


def test_an_empty_archive_answers(tmp_path: Path) -> None:
    archive = tmp_path / "data" / "archive.db"
    build_archive(archive, ())
    with closing(Site(archive)) as site:
        assert "The archive is empty" in text(site.get("/search", lang="en").text)
        assert found(site, q="x")["articles"] == 0


def test_titles_are_escaped(site: Site) -> None:
    page = site.get("/search", q="ចំណងជើង").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_every_message_has_its_khmer() -> None:
    khmer = locale_of("km").messages
    assert [message for message in (*ADVICE, *NAMES) if message not in khmer] == []
