"""The first page: its figures, and that it says the right thing where there is little or nothing to show."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.database import open_reader, open_writer
from archive.home import Home
from archive.localize import ZONE
from archive.model import Article
from archive.selection import Selection
from archive.site.clippings import load_newest
from archive.site.crawled import LONGEST, STALE, LastCrawl, State, load_last_crawl
from archive.site.home import Figures, load_figures, months_until
from archive.site.remembered import state_of
from archive.stamp import instant
from tests.archives import ARTICLES, article, build_archive
from tests.served import Site

TODAY = date(2022, 5, 20)
NOW = datetime(2024, 3, 1, 6, tzinfo=UTC)


def built(folder: Path, articles: tuple[Article, ...] = ARTICLES) -> Path:
    path = Home(folder).archive
    build_archive(path, articles)
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def figures(archive: Path) -> Figures:
    with closing(open_reader(archive)) as connection:
        return load_figures(connection, TODAY)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(built(tmp_path))) as connection:
        yield connection


def shown(archive: Path, language: str = "en") -> str:
    site = Site(archive)
    answer = site.get("/", lang=language)
    site.close()
    assert answer.status_code == 200
    return str(answer.text)


def test_articles_are_counted_by_source_month_and_language(figures: Figures) -> None:
    assert (figures.articles, figures.headlines, figures.undated) == (len(ARTICLES), 0, 2)
    assert [(one.key, one.articles) for one in figures.sources] == [("lotus", 9), ("delta", 3)]
    assert figures.months[:3] == (("2021-12", "km", 2), ("2022-01", "km", 1), ("2022-05", "en", 2))
    assert sum(number for _, _, number in figures.months) == figures.articles - figures.undated


def test_a_query_counts_each_article_once_and_one_article_counts_for_each_query(figures: Figures) -> None:
    assert {one.key: one.articles for one in figures.queries} == {
        "i-accept/rights": 10,
        "i-accept/slogan": 2,
        "rivers/water": 1,
    }


def test_the_last_thirty_days_are_told_apart_from_those_before(archive: Path) -> None:
    with closing(open_reader(archive)) as connection:
        told = {day: load_figures(connection, day) for day in (TODAY, TODAY + timedelta(30), date(2022, 1, 9))}
    assert [(one.recent, one.before) for one in told.values()] == [(2, 0), (0, 2), (1, 2)]


def test_what_people_rejected_or_hid_is_in_no_figure(connection: sqlite3.Connection) -> None:
    connection.execute("update article set decision = 'reject' where url like '%/river'")
    connection.execute("update article set hidden = 1 where url like '%/en/mixed'")
    told = load_figures(connection, TODAY)
    assert (told.articles, told.recent) == (len(ARTICLES) - 2, 1)
    assert "rivers/water" not in [one.key for one in told.queries]
    assert len(load_newest(connection, Selection(), 99)) == len(ARTICLES) - 2


def test_headlines_are_counted_apart(connection: sqlite3.Connection) -> None:
    connection.execute("update article set status = 'headline only' where url like '%/river'")
    told = load_figures(connection, TODAY)
    assert (told.articles, told.headlines) == (len(ARTICLES) - 1, 1)
    assert sum(number for _, _, number in told.months) == told.articles - told.undated


def test_the_newest_come_first_and_those_without_a_date_last(connection: sqlite3.Connection) -> None:
    days = [one.published for one in load_newest(connection, Selection(), 99)]
    assert days[0] == "2024-02-29"
    assert days[-2:] == [None, None]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)


def test_a_month_without_articles_stands_between_the_others(figures: Figures) -> None:
    shown = months_until("2022-05", figures)
    assert shown == ["2021-12", "2022-01", "2022-02", "2022-03", "2022-04", "2022-05"]
    assert months_until("", replace(figures, months=())) == []
    assert len(months_until("2031-01", figures)) == 36


@pytest.mark.parametrize("language", ["km", "en"])
def test_an_empty_archive_says_so_and_where_to_go(tmp_path: Path, language: str) -> None:
    page = shown(built(tmp_path, ()), language)
    assert 'class="nothing"' in page
    assert 'class="tiles"' not in page
    assert 'href="/method"' in page


@pytest.mark.parametrize("day", ["2022-05-17", None])
def test_one_article_is_enough_for_the_page(tmp_path: Path, day: str | None) -> None:
    page = shown(built(tmp_path, (article("one", day, "មួយ", "អត្ថបទមួយអំពីសិទ្ធិ។"),)))
    assert page.count('<article class="card clipping">') == 1
    assert '<span class="figure">1</span>' in page
    assert ("1 article without a date" in page) == (day is None)
    assert ("from=2022-05-01&amp;to=2022-05-31" in page) == (day is not None)


def test_the_quotes_are_marked_and_nothing_of_a_page_is_markup(archive: Path) -> None:
    page = shown(archive)
    assert "<mark>សិទ្ធិ</mark>" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_numbers_and_days_have_the_form_of_the_language(archive: Path) -> None:
    assert '<span class="figure">១២</span>' in shown(archive, "km")
    assert '<span class="figure">12</span>' in shown(archive, "en")


def test_what_was_just_added_is_counted_at_once(tmp_path: Path) -> None:
    archive = built(tmp_path)
    site = Site(archive)
    before = site.get("/", lang="en").text
    with closing(open_writer(archive)) as connection:
        connection.execute("update article set decision = 'reject' where url like '%/river'")
    after = site.get("/", lang="en").text
    site.close()
    assert '<span class="figure">12</span>' in before
    assert '<span class="figure">11</span>' in after


def test_the_state_of_an_archive_changes_with_each_commit_and_not_by_reading(tmp_path: Path) -> None:
    archive = built(tmp_path)
    with closing(open_writer(archive)) as connection:
        first = state_of(archive)
        connection.execute("select count(*) from coverage").fetchall()
        assert state_of(archive) == first
        connection.execute("update article set hidden = 1")
        assert state_of(archive) != first


def test_the_last_thirty_days_end_today_in_cambodia(tmp_path: Path) -> None:
    today = datetime.now(UTC).astimezone(ZONE).date()
    one = article("new", today.isoformat(), "ថ្មី", "ព័ត៌មានថ្មីអំពីសិទ្ធិ។")
    old = article("old", (today - timedelta(30)).isoformat(), "ចាស់", "ព័ត៌មានចាស់អំពីសិទ្ធិ។")
    page = shown(built(tmp_path, (one, old)))
    assert "as many as in the 30 days before" in page
    assert f"from={today - timedelta(29)}&amp;to={today}" in page


# ---- the last crawl ---------------------------------------------------------------------------------------------------------------

RUNS: dict[State, tuple[timedelta, bool, int | None]] = {
    "fine": (timedelta(hours=5), True, 0),
    "trouble": (timedelta(hours=5), True, 1),
    "running": (timedelta(minutes=5), False, None),
    "cut short": (LONGEST + timedelta(hours=1), False, None),
    "stale": (STALE + timedelta(minutes=1), True, 0),
}


@pytest.mark.parametrize("state", RUNS)
def test_the_last_crawl_is_judged_by_its_end_and_by_its_age(state: State, connection: sqlite3.Connection) -> None:
    age, ended, exit_code = RUNS[state]
    run(connection, "a", NOW - age, ended=ended, exit_code=exit_code)
    assert load_last_crawl(connection, NOW) == LastCrawl(state, NOW - age)


def test_a_killed_crawl_that_was_closed_later_was_cut_short(connection: sqlite3.Connection) -> None:
    run(connection, "a", NOW, ended=True, exit_code=None)
    assert load_last_crawl(connection, NOW).state == "cut short"


def test_only_crawls_count_and_only_the_last(connection: sqlite3.Connection) -> None:
    assert load_last_crawl(connection, NOW) == LastCrawl("never")
    run(connection, "a", NOW - timedelta(hours=9), exit_code=1)
    run(connection, "b", NOW - timedelta(hours=3), exit_code=0)
    for name, kind in (("c", "reread"), ("d", "add")):
        run(connection, name, NOW - timedelta(hours=1), exit_code=1, kind=kind)
    assert load_last_crawl(connection, NOW).state == "fine"


def run(connection: sqlite3.Connection, name: str, at: datetime, *, ended: bool = True, **columns: object) -> None:
    row = {"id": name, "kind": "crawl", "started_at": instant(at), "exit_code": 0, "software": "tamdan", **columns}
    row["ended_at"] = instant(at) if ended else None
    connection.execute(f"insert into run ({', '.join(row)}) values ({', '.join(':' + column for column in row)})", row)


def test_an_article_of_another_language_is_in_the_chart(tmp_path: Path) -> None:
    one = replace(article("fr", "2022-05-17", "Droits", "The rights."), language="fr")
    assert "other languages" in shown(built(tmp_path, (one, *ARTICLES)))
