"""The command line as people type it, Scrapy's own commands among it."""

import fcntl
import os
import re
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version

import pytest

from archive.database import open_writer
from archive.home import SHIPPED, Home
from archive.khmer import TOKENIZER_VERSION
from archive.lock import locked
from newsroom.server import Newsroom
from tests.crawling import Team, home_with, refused, rows, tamdan
from tests.outlets import GOOD, declared, good_coverage, good_source

pytestmark = pytest.mark.xdist_group("crawl")

COMMANDS = ("init", "crawl", "add", "status", "export", "release", "report", "digest", "serve", "account", "check", "explain", "preview", "reread", "quarantine", "reindex", "demo")  # fmt: skip


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "tamdan", *words)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder of the project."""
    return subprocess.run(
        [sys.executable, *words], cwd=SHIPPED, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def home(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Home:
    closed = declared("closed", "https://closed.example/feed").replace("languages", 'status = "closed"\nlanguages')
    return home_with(tmp_path_factory.mktemp("cli") / "home", "[crawl]\ndelay = 0\n" + good_source(newsroom) + closed)


# ---- help -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_command_with_what_it_does(option: str) -> None:
    told = typed(option)
    listed = re.findall(r"^  ([a-z]+)  +(\S.*)$", told.stdout.partition("Commands:")[2], re.MULTILINE)
    assert told.returncode == 0
    assert {name for name, _ in listed} == set(COMMANDS)
    assert not [words for _, words in listed if words.endswith("...")], "each fits into a line of 80 columns"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_its_options(command: str) -> None:
    told = typed(command, "--help")
    assert told.returncode == 0
    options = re.findall(r"^  (?:-\w, )?(--[\w-]+)( [A-Z[].*?)?(?:  +(\S.*))?$", told.stdout, re.MULTILINE)
    assert [name for name, _, words in options if not words and name not in ("--port", "--help")] == []


def test_the_version_is_told() -> None:
    assert typed("--version").stdout == f"tamdan, version {version('tamdan')}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [(("crwal",), "crawl"), (("crawl", "--quite"), "--quiet"), (("export", "--format", "pdf"), "csv")],
)
def test_what_is_typed_wrong_ends_with_exit_code_2_and_what_was_meant(words: tuple[str, ...], told: str) -> None:
    done = typed(*words)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.mark.parametrize("module", ["tamdan", "archive.serve", "archive.health"])
def test_commands_that_do_not_crawl_do_not_pay_for_scrapy(module: str) -> None:
    done = run("-c", f"import sys, {module}; print(sorted({{'scrapy', 'twisted', 'trafilatura'}} & set(sys.modules)))")
    assert done.stdout == "[]\n", done.stderr


# ---- sources named ----------------------------------------------------------------------------------------------------------------


def test_an_unknown_source_is_named_with_the_known_ones(home: Home) -> None:
    done = refused(home, "crawl", GOOD, "kirirom")
    assert done.returncode == 2
    assert done.stderr == f"tamdan: sources.toml knows no source 'kirirom'. It knows: {GOOD}, closed\n"
    assert list(home.data.iterdir()) == []


def test_a_closed_source_is_not_crawled_when_it_is_named(home: Home) -> None:
    done = refused(home, "crawl", "closed")
    assert done.returncode == 2
    assert (
        done.stderr
        == "tamdan: closed is not crawled: it is closed or lists no page. Change its entry in sources.toml.\n"
    )


def test_quiet_says_nothing_when_all_is_well_and_only_the_sources_named_are_crawled(
    newsroom: Newsroom, home: Home
) -> None:
    home.sources_file.write_text("[crawl]\ndelay = 0\n" + newsroom.sources_toml(), encoding="utf-8")
    done = tamdan(home, "crawl", "--allow-private", "--quiet", GOOD)
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["source"] for row in rows(home.crawl, "select distinct source from page")} == {GOOD}


def test_quiet_says_the_trouble_and_no_more(newsroom: Newsroom, home: Home) -> None:
    text = declared("gone", f"{newsroom.url(GOOD)}/gone")
    home.sources_file.write_text("[crawl]\ndelay = 0\n" + text, encoding="utf-8")
    done = tamdan(home, "crawl", "--allow-private", "--quiet")
    assert done.returncode == 1
    assert done.stderr.startswith(f"gone  {newsroom.url(GOOD)}/gone: missing (404): ")
    assert len(done.stderr.splitlines()) == 1


def test_private_addresses_are_refused_unless_they_are_allowed(newsroom: Newsroom, home: Home) -> None:
    asked = len(newsroom.requests)
    done = tamdan(home, "crawl")
    assert done.returncode == 1
    assert f"{newsroom.url(GOOD)}/feed/: blocked address" in done.stderr
    assert len(newsroom.requests) == asked


# ---- after a crawl ----------------------------------------------------------------------------------------------------------------


def test_status_shows_every_source_with_its_verdict(crawled: Team) -> None:
    done = tamdan(crawled.home, "status")
    lines = {line.split()[0]: line for line in done.stdout.splitlines()[1:]}
    assert done.returncode == 0
    assert set(lines) == set(crawled.newsroom.sources())
    assert {line.split("  ")[-1].strip() for line in lines.values()} == {"fine", "not crawled (closed)"}


def test_reindex_counts_the_articles(crawled: Team) -> None:
    done = tamdan(crawled.home, "reindex")
    (row,) = crawled.rows("select count(*) as number from article")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{row['number']} articles indexed.\n")


# ---- Scrapy's own -----------------------------------------------------------------------------------------------------------------


def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "scrapy", *words)


def test_scrapy_lists_the_spider() -> None:
    done = scrapy("list")
    assert (done.returncode, done.stdout) == (0, "coverage\n"), done.stderr


def test_scrapy_crawls_a_home_and_lets_go_of_it(newsroom: Newsroom, home: Home) -> None:
    done = scrapy("crawl", "coverage", "-s", f"TAMDAN_HOME={home.path}", "-s", "TAMDAN_ALLOW_PRIVATE=1")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert is_free(home)
    assert sorted(path.name for path in home.data.glob("*.db*")) == [
        "archive.db",
        "crawl.db",
    ]  # no log left beside them
    assert {
        row["url"] for row in rows(home.archive, "select url from coverage where status = 'read'")
    } == good_coverage(newsroom)
    assert [row["exit_code"] for row in rows(home.archive, "select exit_code from run")] == [0]


def test_scrapy_obeys_the_pace_and_the_name_in_sources_toml(home: Home) -> None:
    text = home.sources_file.read_text(encoding="utf-8")
    home.sources_file.write_text(
        text.replace("delay = 0\n", 'delay = 7\ntimeout = 9\ncontact = "desk@lotus.example"\n', 1), encoding="utf-8"
    )
    asked = (
        "from scrapy.crawler import Crawler; from scrapy.utils.project import get_project_settings as settings;"
        "from crawlers.spiders.coverage import CoverageSpider as Spider; home = settings();"
        f"home.set('TAMDAN_HOME', {str(home.path)!r}); told = Crawler(Spider, home).settings;"
        "print(told['DOWNLOAD_DELAY'], told['DOWNLOAD_TIMEOUT'], told['USER_AGENT'], sorted(told['DOWNLOAD_SLOTS']))"
    )
    done = run("-c", asked)
    assert (
        done.stdout == f"7.0 9.0 Tamdan/{version('tamdan')} (+media monitor; contact: desk@lotus.example) ['{GOOD}']\n"
    ), done.stderr


def is_free(home: Home) -> bool:
    """Tell whether nobody holds the lock of a home."""
    handle = os.open(home.lock, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def test_mistakes_in_both_files_are_told_at_once(home: Home) -> None:
    home.sources_file.write_text("[crawl]\nworker = 3\n", encoding="utf-8")
    home.campaigns_file.write_text("campaigns = 1\n", encoding="utf-8")
    done = refused(home, "crawl")
    assert done.returncode == 2
    assert [
        name for name in ("sources.toml", "campaigns.toml", "Did you mean workers?") if name not in done.stderr
    ] == []


def test_an_index_of_another_tokenizer_is_built_anew_before_a_crawl_writes_to_it(home: Home) -> None:
    assert tamdan(home, "crawl", "--allow-private").returncode == 0
    with closing(open_writer(home.archive)) as connection:
        connection.execute("update meta set value = '0' where name = 'tokenizer'")
        connection.execute("insert into article_fts (article_fts) values ('delete-all')")
    assert tamdan(home, "crawl", "--allow-private").returncode == 0
    (indexed, kept) = (
        rows(home.archive, f"select count(*) as n from {table}") for table in ("article_fts_docsize", "article")
    )
    assert indexed == kept != [{"n": 0}]
    assert rows(home.archive, "select value from meta where name = 'tokenizer'") == [{"value": str(TOKENIZER_VERSION)}]


def test_the_index_is_not_built_anew_beside_a_crawl(home: Home) -> None:
    assert tamdan(home, "crawl", "--allow-private").returncode == 0
    with locked(home):
        done = refused(home, "reindex")
    assert (done.returncode, "another crawl is running" in done.stderr) == (75, True)


def test_an_archive_that_was_lost_is_filled_again_and_that_is_said(home: Home, newsroom: Newsroom) -> None:
    assert tamdan(home, "crawl", "--allow-private").returncode == 0
    for file in home.data.glob("archive.db*"):
        file.unlink()
    again = tamdan(home, "crawl", "--allow-private")
    assert again.returncode == 0
    assert "articles were put back to be fetched" in again.stderr
    assert {
        row["url"] for row in rows(home.archive, "select url from coverage where status = 'read'")
    } == good_coverage(newsroom)
