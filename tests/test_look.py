import json
from pathlib import Path

import pytest

from archive.home import Home
from newsroom.truth import Truth
from tests.crawling import Team, home_with, tamdan
from tests.outlets import Outlet, declared
from tests.pages import ENGLISH, KHMER, markup

pytestmark = pytest.mark.xdist_group("reread")

HEAD = (
    '<link rel="canonical" href="https://kirirom.example/2021/12/10/road"><meta property="og:title" content="ផ្លូវថ្មី LGBT | Kirirom">'
    '<meta property="article:published_time" content="2021-12-10T01:30:00Z">'
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Give a page that somebody saved."""
    path = tmp_path / "page.html"
    path.write_text(markup(HEAD, "<h1>ផ្លូវថ្មី LGBT</h1><p class='byline'>ដោយ៖ ចាន់ សុភា</p>", text=KHMER), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_with(tmp_path / "home", declared("kirirom", "https://kirirom.example/feed"))


def story(team: Team) -> Truth:
    return next(row for row in team.newsroom.truth() if row.kind == "coverage" and row.published_origin == "json-ld")


def test_a_saved_page_is_shown_stage_by_stage(home: Home, saved: Path) -> None:
    seen = tamdan(home, "check", str(saved))
    assert seen.returncode == 0, seen.stderr
    assert "https://kirirom.example/2021/12/10/road\nread for: kirirom" in seen.stdout
    for told in (
        "title [meta]: ផ្លូវថ្មី LGBT\n",
        "ចាន់ សុភា",
        "2021-12-10 = 2021-12-10 01:30 UTC [meta] “2021-12-10T01:30:00Z” (chosen)",
        "2021-12-10 [url]",
        "i-accept/lgbt: “LGBT” in the title",
        KHMER[0],
        "title [meta]: ផ្លូវថ្មី LGBT | Kirirom",
        "title [heading]: ផ្លូវថ្មី LGBT",
        "authors [page]: ចាន់ សុភា",
        "address [canonical]: https://kirirom.example/2021/12/10/road",
    ):
        assert told in seen.stdout


def test_all_of_it_can_be_had_as_json(home: Home, saved: Path) -> None:
    told = json.loads(tamdan(home, "check", "--json", str(saved)).stdout)
    assert (told["outcome"], told["article"]["published"]["day"]) == ("read", "2021-12-10")
    assert [step["stage"] for step in told["steps"]] == ["verdict", "extract", "authors", "dates", "urls", "language", "match"]  # fmt: skip


def test_a_page_that_is_no_article_is_named(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "gone.html"
    path.write_text("<html><title>404 Not Found</title><body><h1>Page not found</h1><p>Sorry.</p></body></html>")
    seen = tamdan(home, "check", str(path))
    assert seen.returncode == 1
    assert "goes no further: missing page" in seen.stdout


def test_a_page_is_fetched_as_a_crawl_would(home: Home) -> None:
    with Outlet() as outlet:
        seen = tamdan(home, "check", "--allow-private", f"{outlet.root}/story/1")
        gone = tamdan(home, "check", "--allow-private", f"{outlet.root}/status/404")
    assert (seen.returncode, "answered 200" in seen.stdout) == (0, True), seen.stderr
    assert gone.returncode == 1


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere.html", "No such file"),
        ("https://127.0.0.1:1/x", "blocked address"),
        ("ftp://kirirom.example/x", "is no http or https address"),
        (".", "Is a directory"),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_a_sentence(target: str, said: str, home: Home) -> None:
    seen = tamdan(home, "check", target)
    assert seen.returncode in (1, 2)
    assert said in seen.stderr
    assert "Traceback" not in seen.stderr


def test_an_unknown_source_is_told_with_those_there_are(home: Home, saved: Path) -> None:
    seen = tamdan(home, "check", str(saved), "--source", "nobody")
    assert (seen.returncode, "It knows: kirirom" in seen.stderr) == (2, True)


# ---- explain ----------------------------------------------------------------------------------------------------------------------


def test_a_query_is_explained_for_an_article_of_the_archive_by_key_and_by_address(crawled: Team) -> None:
    (row,) = crawled.rows("select id, url from coverage where queries like '%slogan%' limit 1")
    asked = len(crawled.newsroom.requests)
    for name in (row["id"], row["url"]):
        seen = tamdan(crawled.home, "explain", "slogan", name)
        assert seen.returncode == 0, seen.stderr
        assert "ខ្ញុំទទួលយក" in seen.stdout
    assert len(crawled.newsroom.requests) == asked


def test_it_is_told_why_a_query_does_not_hold(crawled: Team) -> None:
    trap = next(row for row in crawled.newsroom.truth() if row.kind == "trap" and row.phrase == "ប្រភេទដូចគ្នា")
    seen = tamdan(crawled.home, "explain", "ភេទដូចគ្នា", crawled.newsroom.url(trap.source) + trap.target)
    assert seen.returncode == 1
    assert "ប្រភេទដូចគ្នា" in seen.stdout


def test_a_query_in_words_is_explained_for_a_saved_page(home: Home, saved: Path) -> None:
    seen = tamdan(home, "explain", 'LGBT* AND "មេឃុំ"', str(saved))
    assert seen.returncode == 0, seen.stderr
    assert tamdan(home, "explain", '"no such words"', str(saved)).returncode == 1
    assert tamdan(home, "explain", "AND", str(saved)).returncode == 2


def test_a_page_that_is_no_article_explains_nothing(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text(markup(text=ENGLISH[:0]))
    seen = tamdan(home, "explain", "slogan", str(path))
    assert seen.returncode == 1
    assert "Traceback" not in seen.stderr
