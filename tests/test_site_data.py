"""Datasette's own pages within the site, and what is answered where something is wrong."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from archive.home import Home
from tests.archives import build_archive
from tests.served import Site

LANGUAGES = {"km": "គ្មានអ្វីនៅទីនេះទេ", "en": "Nothing here"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("team"))
    build_archive(made.archive)
    made.site_file.write_text('[site]\nname = "River <Watch>"\nname_km = "ឃ្លាំមើលទន្លេ"\n', encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Site]:
    running = Site(home.archive)
    yield running
    running.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/nothing", "/archive/nothing", "/archive/article/99999", "/nothing/at/all", "/-/nothing"]
)
def test_an_unknown_address_is_told_in_both_languages_with_a_way_on(path: str, language: str, site: Site) -> None:
    answer = site.get(path, lang=language)
    assert answer.status_code == 404
    assert LANGUAGES[language] in answer.text
    assert '<form class="searchbox" action="/search"' in answer.text


def test_an_unknown_address_is_told_to_programs_as_json(site: Site) -> None:
    answer = site.get("/archive/nothing.json")
    assert answer.status_code == 404
    assert answer.json()["ok"] is False


@pytest.mark.parametrize("path", ["/archive?sql=select+nothing+from+nowhere", "/archive/coverage?_search_title=x"])
def test_what_is_refused_is_told_in_words_and_not_as_html(path: str, site: Site) -> None:
    answer = site.get(path, lang="en")
    assert answer.status_code in (200, 400)
    assert "&lt;p&gt;" not in answer.text
    assert "River &lt;Watch&gt;" in answer.text


@pytest.mark.parametrize(
    "path", ["/archive", "/archive/coverage", "/archive/article/1", "/archive/newest", "/-/versions"]
)
def test_datasettes_own_pages_have_the_frame_of_the_site(path: str, site: Site) -> None:
    page = site.get(path).text
    assert 'class="top"' in page
    assert 'href="/search"' in page
    assert ('<a href="/archive" aria-current="page">' in page) == path.startswith("/archive")
    assert page.count('id="main"') == 1


@pytest.mark.parametrize(("language", "name"), [("km", "ឃ្លាំមើលទន្លេ"), ("en", "River &lt;Watch&gt;")])
@pytest.mark.parametrize("path", ["/", "/status", "/method", "/nothing", "/archive", "/-/login"])
def test_the_name_of_the_site_is_everywhere(path: str, language: str, name: str, site: Site) -> None:
    page = site.get(path, lang=language).text
    assert '<a class="name" href="/">' in page
    assert name in page


def test_a_site_without_a_name_is_called_tamdan(tmp_path: Path) -> None:
    build_archive(Home(tmp_path).archive, ())
    site = Site(Home(tmp_path).archive)
    pages = [site.get("/", lang=language).text for language in ("km", "en")]
    site.close()
    assert "<title>ទំព័រដើម · តាមដាន</title>" in pages[0]
    assert "<title>Home · Tamdan</title>" in pages[1]


def test_the_login_page_speaks_both_languages(site: Site) -> None:
    for language, words in (("km", "ពាក្យសម្ងាត់"), ("en", "Password")):
        page = site.get("/-/login", lang=language).text
        assert words in page
        assert 'name="csrftoken"' in page


@pytest.mark.parametrize("path", ["/", "/search?q=x&page=2", "/status"])
def test_the_language_switch_comes_back_to_where_one_was(path: str, site: Site) -> None:
    page = site.get(path).text
    assert "/-/language/en?next=" in page
    assert f"next={quote_plus(path)}" in page


def test_a_broken_page_is_answered_in_words(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    site = Site(home.archive)
    site.datasette.get_database("archive").execute_fn = None
    answer = site.get("/status", lang="en")
    site.close()
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "NoneType" not in answer.text
    assert "NoneType" in capsys.readouterr().err


# ---- site.toml of a site that runs -----------------------------------------------------------------------------------------------------


def test_a_mistake_in_site_toml_breaks_no_page_of_a_site_that_runs(
    home: Home, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    right = home.site_file.read_text(encoding="utf-8")
    assert "River &lt;Watch&gt;" in site.get("/", lang="en").text
    try:
        for wrong in ("[site\n", '[site]\nnmae = "x"\n'):
            _written_later(home.site_file, wrong)
            assert "River &lt;Watch&gt;" in site.get("/", lang="en").text
            assert "site.toml" in capsys.readouterr().err
            assert site.get("/status", lang="en").status_code == 200
            assert capsys.readouterr().err == ""  # each mistake is told once
        _written_later(home.site_file, '[site]\nname = "Mended"\n')
        assert "Mended" in site.get("/", lang="en").text
    finally:
        _written_later(home.site_file, right)


def _written_later(file: Path, words: str) -> None:
    """Write a file that was changed later than the one before, however coarse the clock of the disk is."""
    later = file.stat().st_mtime + 1
    file.write_text(words, encoding="utf-8")
    os.utime(file, (later, later))


@pytest.mark.parametrize("path", ["/archive?sql=select+1", "/archive/newest"])
def test_the_page_of_a_query_says_where_its_csv_ends_and_whole_files_are(path: str, site: Site) -> None:
    page = site.get(path, lang="en").text
    assert "its CSV and JSON end there too" in page
    assert '<a href="/search">Every search gives whole files' in page
    many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500) select i from n"
    assert len(site.get("/archive.csv", sql=many).text.splitlines()) == 1001


def test_no_other_page_of_datasette_says_so(site: Site) -> None:
    assert "its CSV and JSON end there too" not in site.get("/archive/coverage", lang="en").text
