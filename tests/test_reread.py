import re
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.config import load_campaigns
from archive.database import open_writer
from archive.home import Home
from archive.lock import locked
from archive.stamp import instant
from crawlers.capture import read as read_capture
from newsroom.truth import Truth
from pipelines.urls import fetch_url
from tests.crawling import Rows, Team, rows, start, tamdan

pytestmark = pytest.mark.xdist_group("reread")


class Copy(NamedTuple):
    """A team's folder of this test's own, as a whole crawl left it."""

    home: Home
    team: Team

    def rows(self, sql: str) -> Rows:
        return rows(self.home.archive, sql)

    def kept(self, sql: str) -> Rows:
        return rows(self.home.crawl, sql)

    def change(self, path: Path, sql: str) -> None:
        connection = open_writer(path)
        connection.execute(sql)
        connection.close()

    def words(self, old: str, new: str) -> None:
        """Change campaigns.toml."""
        text = self.home.campaigns_file.read_text(encoding="utf-8")
        assert old in text
        self.home.campaigns_file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def others(self) -> list[Truth]:
        """Give the ordinary news that was read and matches nothing."""
        return [row for row in self.team.newsroom.truth() if row.kind == "other" and row.status == 200]

    def url(self, row: Truth) -> str:
        return fetch_url(self.team.newsroom.url(row.source) + row.target)


@pytest.fixture
def copy(crawled: Team, tmp_path: Path) -> Copy:
    shutil.copytree(crawled.home.path, tmp_path / "home")
    return Copy(Home(tmp_path / "home"), crawled)


def asked_for(words: str) -> str:
    return f"""
  [[campaign.query]]
  id    = "later"
  label = "Thought of later"
  find  = '"{words}"'
"""


def find_of(copy: Copy, query: str) -> str:
    (campaign,) = load_campaigns(copy.team.home.campaigns_file).campaign
    return next(one.find for one in campaign.query if one.id == query)


def add_query(copy: Copy, words: str) -> None:
    text = copy.home.campaigns_file.read_text(encoding="utf-8")
    copy.home.campaigns_file.write_text(text + asked_for(words), encoding="utf-8")


def test_a_query_added_later_finds_a_kept_page_and_nothing_is_fetched(copy: Copy) -> None:
    row = copy.others()[0]
    asked, before = len(copy.team.newsroom.requests), len(copy.rows("select id from coverage"))
    add_query(copy, row.title)
    done = tamdan(copy.home, "reread")
    assert done.returncode == 0, done.stderr
    assert "i-accept/later: 1 gained" in done.stdout
    assert len(copy.team.newsroom.requests) == asked
    (found,) = copy.rows(f"select * from coverage where url = '{copy.url(row)}'")
    assert (found["title"], found["queries"], found["published"]) == (row.title, '["later"]', str(row.published))
    assert len(copy.rows("select id from coverage")) == before + 1
    assert not copy.kept(f"select page from kept where url = '{copy.url(row)}'")


def test_the_copy_that_the_crawler_kept_becomes_its_capture(copy: Copy) -> None:
    row = copy.others()[0]
    add_query(copy, row.title)
    tamdan(copy.home, "reread")
    (capture,) = copy.rows(f"select capture.* from capture join article on article = article.id where article.url = '{copy.url(row)}'")  # fmt: skip
    kept = read_capture(copy.home.captures / capture["file"], capture["offset"])
    assert capture["kind"] == "resource"
    assert (kept.url, instant(kept.fetched_at)) == (capture["url"], capture["fetched_at"])
    assert row.title in re.sub("\u200b", "", kept.body.decode())


def test_last_months_article_is_found_complete_though_its_html_is_gone(copy: Copy) -> None:
    row = copy.others()[0]
    (read,) = copy.kept(f"select published from page where canonical = '{copy.url(row)}'")
    month = instant(datetime.now(UTC) - timedelta(days=30))
    copy.change(copy.home.crawl, f"update kept set html = null, fetched_at = '{month}'")
    add_query(copy, row.title)
    done = tamdan(copy.home, "reread")
    assert "1 new in the coverage" in done.stdout
    (found,) = copy.rows(f"select * from coverage where url = '{copy.url(row)}'")
    assert (found["title"], found["published"], found["captured_from"]) == (row.title, read["published"], None)
    assert read["published"] == str(row.published)


def test_a_removed_query_withdraws_its_matches_and_says_so(copy: Copy) -> None:
    held = {row["url"] for row in copy.rows("select url from coverage where queries = '[\"lgbt\"]'")}
    assert held
    copy.words('id = "lgbt"', 'id = "animals"')
    copy.words(find_of(copy, "lgbt"), "zebra")
    done = tamdan(copy.home, "reread")
    assert re.search(r"i-accept/lgbt: \d+ withdrawn", done.stdout)
    assert not held & {row["url"] for row in copy.rows("select url from coverage")}
    assert held <= {row["url"] for row in copy.rows("select url from article")}, "nothing is ever deleted"
    told = copy.rows("select change from match_change join query on query.id = match_change.query where name = 'lgbt'")
    assert {row["change"] for row in told} == {"withdrawn"}
    assert len(told) >= len(held)


def test_reading_again_changes_nothing_where_nothing_changed(copy: Copy) -> None:
    before = copy.team.evidence()
    done = tamdan(copy.home, "reread")
    assert done.returncode == 0, done.stderr
    assert ", 0 read again, 0 new in the coverage." in done.stdout
    assert "gained" not in done.stdout
    assert "withdrawn" not in done.stdout
    assert {row["url"] for row in copy.rows("select url from article")} == before.keys()
    assert not copy.rows("select id from match_change")
    assert copy.rows("select kind from run order by started_at desc limit 1") == [{"kind": "reread"}]


def test_a_stage_mended_later_repairs_what_it_had_misread(copy: Copy) -> None:
    """An earlier version of the stage dates left a wrong day, and its own version with the revision."""
    right = copy.rows("select id, url, published from coverage where status = 'read' order by id")
    copy.change(copy.home.archive, "update article set published = '1999-01-01', published_at = null")
    copy.change(copy.home.archive, "update revision set versions = json_set(versions, '$.dates', 0)")
    done = tamdan(copy.home, "reread")
    assert f"{len(right)} read again" in done.stdout
    assert copy.rows("select id, url, published from coverage where status = 'read' order by id") == right
    assert "0 read again" in tamdan(copy.home, "reread").stdout, "the version of the stage is kept with what it made"


def test_another_selector_in_sources_toml_reads_the_source_again(copy: Copy) -> None:
    sources = copy.home.sources_file.read_text(encoding="utf-8")
    copy.home.sources_file.write_text(sources.replace('id = "kirirom-news"\n', "id = \"kirirom-news\"\nreading = { drop = ['.nowhere'] }\n"), encoding="utf-8")  # fmt: skip
    read = int(re.search(r"(\d+) read again", tamdan(copy.home, "reread").stdout)[1])  # type: ignore[index]
    whole = len(copy.kept("select page from kept where number = 1")) + len(copy.rows("select id from article"))
    assert 0 < read < whole


def test_only_what_was_fetched_since_a_day_is_looked_at(copy: Copy) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    assert "0 pages looked at" in tamdan(copy.home, "reread", "--since", str(tomorrow)).stdout


def test_a_capture_that_is_gone_is_named_and_the_rest_is_read(copy: Copy) -> None:
    copy.change(copy.home.archive, "update revision set versions = '{}'")
    for file in copy.home.captures.iterdir():
        file.unlink()
    done = tamdan(copy.home, "reread")
    assert done.returncode == 1
    assert "capture not found or damaged" in done.stdout
    assert len(copy.rows("select id from coverage")) == len(copy.team.rows("select id from coverage"))


def test_unread_pages_are_listed_with_their_reasons_and_can_be_tried_again(copy: Copy) -> None:
    copy.change(copy.home.crawl, "update kept set outcome = 'quarantined', reason = 'took longer than 8 s', article = null where page = (select min(page) from kept)")  # fmt: skip
    listed = tamdan(copy.home, "quarantine")
    assert "quarantined: took longer than 8 s" in listed.stdout
    before = len(copy.kept("select 1 from kept where outcome != 'no match'"))
    assert f"{before} page" in listed.stderr
    assert ", 0 read again" in tamdan(copy.home, "reread").stdout
    assert f", {before} read again" in tamdan(copy.home, "reread", "--quarantined").stdout
    assert len(copy.kept("select 1 from kept where outcome != 'no match'")) == before - 1


def test_a_crawl_that_runs_is_not_disturbed(copy: Copy) -> None:
    with locked(copy.home):
        done = tamdan(copy.home, "reread")
    assert done.returncode == 75


def test_a_home_without_an_archive_is_told_so(tmp_path: Path) -> None:
    tamdan(Home(tmp_path), "init", str(tmp_path / "new"))
    done = tamdan(Home(tmp_path / "new"), "reread")
    assert (done.returncode, "nothing to read again yet" in done.stderr) == (2, True)


# ---- preview ----------------------------------------------------------------------------------------------------------------------


def test_a_preview_tells_what_a_query_would_add_and_stores_nothing(copy: Copy) -> None:
    row = copy.others()[0]
    before = copy.rows("select count(*) as n from article")
    seen = tamdan(copy.home, "preview", f'"{row.title}"')
    assert seen.returncode == 0, seen.stderr
    assert "It would add 1 of" in seen.stdout
    assert row.title in seen.stdout
    assert copy.rows("select count(*) as n from article") == before


def test_a_preview_knows_what_is_coverage_already_and_the_terms_of_the_home(copy: Copy) -> None:
    seen = tamdan(copy.home, "preview", find_of(copy, "same-sex-love"))
    held = copy.rows("select count(*) as n from coverage where queries like '%same-sex-love%'")[0]["n"]
    assert f"holds for {held} of" in seen.stdout
    assert "It would add 0 of" in seen.stdout


@pytest.mark.parametrize("query", ["AND", '"open', "a:b", "NOT x"])
def test_a_query_that_does_not_parse_is_told_with_its_place(query: str, copy: Copy) -> None:
    seen = tamdan(copy.home, "preview", query)
    assert seen.returncode == 2
    assert "at character" in seen.stderr
    assert "Traceback" not in seen.stderr


def test_an_article_that_left_the_coverage_is_previewed_and_counted_when_it_comes_back(copy: Copy) -> None:
    find = find_of(copy, "lgbt")
    before = copy.rows("select count(*) as n from coverage")[0]["n"]
    copy.words('id = "lgbt"', 'id = "animals"')
    copy.words(find, "zebra")
    tamdan(copy.home, "reread")
    left = before - copy.rows("select count(*) as n from coverage")[0]["n"]
    assert left > 0
    assert f"It would add {left} of" in tamdan(copy.home, "preview", find).stdout
    copy.words("zebra", find)
    done = tamdan(copy.home, "reread")
    assert f"{left} new in the coverage" in done.stdout
    assert "(the queries changed)" in done.stdout


def test_a_query_can_be_previewed_by_its_id(copy: Copy) -> None:
    assert tamdan(copy.home, "preview", "slogan").stdout == tamdan(copy.home, "preview", find_of(copy, "slogan")).stdout


def test_a_rereading_that_is_broken_off_says_what_it_stored_and_can_be_finished(copy: Copy) -> None:
    copy.change(copy.home.archive, "update revision set versions = '{}'")
    copy.change(copy.home.crawl, "update kept set versions = '{}'")
    with start(copy.home, "reread") as process:
        while not copy.rows("select id from run where kind = 'reread'"):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err) == (1, False)
    assert "Broken off; what was done is stored." in out
    assert tamdan(copy.home, "reread").returncode == 0


def test_with_quiet_nothing_is_said_when_nothing_changed(copy: Copy) -> None:
    assert tamdan(copy.home, "reread", "--quiet").stdout == ""
