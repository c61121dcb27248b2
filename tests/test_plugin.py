import csv
import hashlib
import re
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.plugins import get_plugins
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import khmer
from archive.database import open_writer
from archive.keys import article_key
from archive.model import Article, Campaigns, Term
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive
from tests.served import TARGETS, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    with closing(Site(path)) as site:
        yield site


def key(path: str) -> str:
    return next(article_key(one.url) for one in ARTICLES if one.url.endswith(f"/{path}"))


# ---- searching --------------------------------------------------------------------------------------------------------------------


def phrase(one: Article) -> str:
    """The first clusters or words of a text, without the signs that mean something to the search."""
    line = re.sub(r'["«»<>(),:]', " ", one.text.split("\n")[0])
    return line[slice(*khmer.grow_to_clusters(line, 0, 24))].strip()


def with_spaces_of_no_width(text: str) -> str:
    return "\u200b".join(text[start:end] for start, end in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    edges = [0, *(start for start, _ in khmer.clusters(text) if start), len(text)]
    return pairwise(edges)


def mis_ordered(text: str) -> str:
    """Put each vowel before the subscript it belongs behind: looks the same on screen."""
    return re.sub("(\u17d2[\u1780-\u17a2])([\u17b7-\u17ba])", r"\2\1", text)


def test_the_disguises_change_what_is_typed() -> None:
    assert mis_ordered("សិទ្ធិ") == "ស\u17b7ទ\u17b7\u17d2ធ"
    assert with_spaces_of_no_width("ទន្លេ") == "ទ\u200bន្លេ"
    assert sum(mis_ordered(one.text) != one.text for one in ARTICLES) > 5


@pytest.mark.parametrize("table", TARGETS)
@pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one.url.rsplit("/", 1)[1])
def test_a_phrase_of_its_text_finds_every_article_however_it_is_typed(site: Site, one: Article, table: str) -> None:
    for typed in (phrase(one), with_spaces_of_no_width(phrase(one)), mis_ordered(phrase(one))):
        search = f'"{typed}"'
        assert article_key(one.url) in site.keys(table, _search=search)
        rows = csv.DictReader(StringIO(site.get("/search.csv", q=search).text))
        assert article_key(one.url) in {row["id"] for row in rows}
        page = site.get(f"/archive/{table}", _search=search)
        assert page.status_code == 200
        assert one.url in page.text


def test_what_is_not_there_is_not_found(site: Site) -> None:
    assert site.keys("coverage", _search='"ដំរីហោះហើរ"') == set()
    assert site.keys("coverage", _search="zebra") == set()
    assert site.keys("coverage", _search="rights") < {article_key(one.url) for one in ARTICLES}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ស្រឡាញ់ភេទដូចគ្នា", {"love"}),  # stands there in its other spelling
        ('"equal rights"', {"en/rights"}),
        ("ខ្ញុំទទួលយក AND rights", {"en/mixed"}),
        ("ទន្លេ -ដង្ហែ", {"river"}),
        ("2022", {"digits"}),  # written in Khmer digits
        ("សុភា", {"script", "formula"}),  # an author
        ("ផ្លាក", {"caption"}),  # stands in a caption
        ("activ*", {"en/rights"}),
    ],
)
@pytest.mark.parametrize("table", TARGETS)
def test_the_search_box_knows_the_query_language(site: Site, table: str, typed: str, found: set[str]) -> None:
    assert site.keys(table, _search=typed) == {key(path) for path in found}


def test_headlines_alone_can_be_searched_in_the_table_only(site: Site) -> None:
    assert site.keys("article", _search_title="ទន្លេ") == {key("river")}
    answer = site.get("/archive/coverage.json", _search_title="ទន្លេ")
    assert answer.status_code == 400
    assert "/archive/article" in answer.json()["error"]


def test_a_facet_and_a_search_go_together(site: Site) -> None:
    assert site.keys("coverage", _search="សិទ្ធិ", month="2021-12") == {key("slogan"), key("love")}
    assert site.keys("coverage", queries__arraycontains="water") == {key("river")}


def test_spellings_that_a_crawl_brings_are_known_at_once(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path)
    site = Site(path)
    assert site.keys("coverage", _search="ស្ទឹង") == set()
    terms = (*CAMPAIGNS.term, Term(say="ស្ទឹង", also=("ទន្លេ",)))
    with closing(open_writer(path)) as connection:
        Store(connection).declare(SOURCES, Campaigns(term=terms, campaign=CAMPAIGNS.campaign), NOW)
    assert site.keys("coverage", _search="ស្ទឹង") == {key("river"), key("slogan")}
    site.close()


def test_an_empty_search_box_filters_nothing(site: Site) -> None:
    assert len(site.keys("coverage", _search=" ")) == len(ARTICLES)


def test_words_that_are_too_short_are_told_so(site: Site) -> None:
    assert "it is very short" in site.get("/archive/coverage", _search="ក").text
    assert "it is very short" not in site.get("/archive/coverage", _search="ខ្ញុំទទួលយក").text
    assert "it is very short" not in site.get("/archive/coverage").text


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        ("-ខ្ញុំទទួលយក", "Add a word that must"),
        ("*", "Write LGBT*"),
        ("(a OR", "bracket"),
        ('"unbalanced', "Close or remove it"),
        ("title:LGBT", "put it in quotation marks"),
        ("a:ក", "put it in quotation marks"),
    ],
)
def test_what_is_no_query_is_told_so_with_its_cure_and_never_as_too_short(site: Site, typed: str, cure: str) -> None:
    answer = site.get("/archive/coverage", _search=typed)
    heading = unescape(re.sub("<[^>]+>", "", re.search("(?s)<h3>.*?</h3>", answer.text)[0]))  # type: ignore[index]
    assert answer.status_code == 200
    assert "not understood as typed (មិនអាចយល់" in heading
    assert cure in heading
    assert "very short" not in heading


def test_what_is_a_query_is_not_told_to_be_none(site: Site) -> None:
    for typed in ("ខ្ញុំទទួលយក", "ក", 'LGBT* OR "human rights"~3 -x', " "):
        assert "not understood" not in site.get("/archive/coverage", _search=typed).text


ODD = (
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~។៕៚៙៖ៗ៛ៜ«»“”…–—\u200b\u17d2\u17c6\u17b7\n\t\0",
    *r"""AND  OR  NOT  NEAR  a AND  OR a  NOT a  a NOT  NEAR(a b)  ""  "a  a"b  a*  **a  a:b  title:a  ((a)  (a))  ()  a^2  a~
"a b"~  [a TO b]  {a}  /a/  http://x/?y=1&z  --  -a  +a  {title}: a  a + b  a,b;c  '; drop table article; --  \\  \a  %00  a?
"a b"~99999999999  ្រ  ក្*  ១*  ។ល។  ＂  ％""".replace("  ", "\n").splitlines(),
    *("🏳️\u200d🌈", "\ufffd", "ខ្ញុំ" * 400, "(" * 300, "a " * 3000),
)


@pytest.mark.parametrize("table", TARGETS)
@pytest.mark.parametrize("mode", ["escaped", "raw"])
def test_no_sign_in_a_search_is_an_error(site: Site, table: str, mode: str) -> None:
    for typed in ODD:
        site.keys(table, _search=typed, _searchmode=mode)
    for typed in ODD[::9]:
        assert site.get(f"/archive/{table}", _search=typed, _searchmode=mode).status_code == 200
        assert site.get("/search.csv", q=typed).status_code == 200


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.text(st.sampled_from('ab *"()-:^+~/\\{}[]។កខ្ិុ\u200bANDORT'), max_size=24))
@example("a AND (b")
def test_no_text_in_a_search_is_an_error(typed: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        Datasette(memory=True)._prepare_connection(connection, "any")
        connection.execute("create virtual table t using fts5 (x)")
        assert connection.execute("select * from t where t match escape_fts(?)", [typed]).fetchall() == []


def test_raw_search_is_the_same_as_any_other(site: Site) -> None:
    assert site.keys("coverage", _search="សិទិ្ធ", _searchmode="raw") == site.keys("coverage", _search="សិទ្ធិ") != set()


# ---- looking --------------------------------------------------------------------------------------------------------------------


def test_the_plugin_is_found_by_its_entry_point() -> None:
    assert "tamdan" in {plugin["name"] for plugin in get_plugins()}


def test_a_canned_search_shows_the_words_where_they_stand(site: Site) -> None:
    rows = site.get("/archive/search.json?_shape=array", words="ក្រចេះ").json()
    assert [row["url"] for row in rows] == ["https://lotus.example/river"]
    assert "⟦ក្រចេះ⟧" in rows[0]["found"]


def test_functions_of_the_search_can_be_used_in_sql(site: Site) -> None:
    sql = "select clean(:t) as a, fold(:t) as b, clean(null) as c, clean(7) as d, escape_fts(null) as e"
    row = site.get("/archive.json?_shape=array", sql=sql, t="សិទិ្ធ១").json()[0]
    assert (row["a"], row["b"], row["c"], row["d"], row["e"]) == ("សិទ្ធិ១", "សិទ្ធិ1", None, 7, '""')


def test_a_query_that_builds_a_huge_value_is_refused(site: Site) -> None:
    answer = site.get("/archive.json", sql="select length(zeroblob(300000000))")
    assert answer.status_code == 400
    assert "too big" in answer.text


def test_other_databases_are_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("create table query (id integer primary key)")
    site = Site(tmp_path / "other.db")
    assert site.get("/other.json?_shape=array", sql="select escape_fts('ខ្ញុំ') as e").json()[0]["e"]
    site.close()


# ---- pages ------------------------------------------------------------------------------------------------------------------------


def test_lists_quotes_and_khmer_are_shown_as_such(site: Site) -> None:
    page = site.get("/archive/coverage").text
    assert '<span lang="km">ចាន់ សុភា</span>; Dara, Jr.' in page
    assert "<mark>ខ្ញុំទទួលយក</mark>" in page
    assert '<span lang="km">ការស្រលាញ់ភេទដូចគ្នា</span>' in page
    assert '["' not in re.sub("(?s)<pre.*?</pre>", "", page)


def test_the_kept_text_is_two_links_away(site: Site) -> None:
    page = site.get("/archive/coverage", _search="ក្រចេះ").text
    (row,) = re.findall(rf'<a href="(/archive/article/\d+)">{key("river")}</a>', page)
    article = site.get(row)
    (revisions,) = re.findall(r'href="(/archive/revision\?article=\d+)"', article.text)
    assert "https://lotus.example/river" in article.text
    assert "ក្រចេះ" in site.get(revisions).text


def test_a_key_without_its_article_is_shown_as_it_is(site: Site) -> None:
    page = site.get("/archive", sql="select id from coverage").text
    assert key("river") in page
    assert f">{key('river')}</a>" not in page


def test_what_a_page_says_is_never_markup(site: Site) -> None:
    for path in ("/archive/coverage", "/archive/article", "/archive/article/8", "/archive/search?words=សិទ្ធិ"):
        page = site.get(path).text
        assert "<script>alert" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;alert" in page


def test_only_web_addresses_are_links(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [replace(article("x", "2022-01-01", "ក", "rights"), url="javascript:alert(1)")])
    site = Site(path)
    page = site.get("/archive/coverage").text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    site.close()


PAGES = (
    "/",
    "/archive",
    "/archive/coverage",
    "/archive/article",
    "/archive/article/1",
    "/archive/by_month",
    "/archive?sql=select+1",
    "/nothing",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded_and_its_own_scripts_run(site: Site, path: str) -> None:
    answer = site.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    for script in re.findall(r"(?s)<script>(.*?)</script>", answer.text):
        assert b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert not re.search(r"<[^>]+\son\w+=", answer.text)
    assert not re.search(
        r'(?:src|href)="(?:https?:)?//(?!localhost|lotus|delta|datasette\.io|github\.com)', answer.text
    )


def test_pages_are_set_for_khmer(site: Site) -> None:
    href = re.search(r'href="(/-/tamdan/data\.css\?[0-9a-f]{8})"', site.get("/archive/coverage").text)
    assert href
    sheet = site.get(href[1])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "noto-sans-khmer.woff2?" in sheet.text
    assert "line-height: 1.8" in sheet.text
