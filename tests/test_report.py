"""What a clipping report says: which articles, in which order, how counted; what is left out and told apart; bad input."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from archive.database import open_reader, open_writer
from archive.desk.decisions import Decision, decide
from archive.desk.verdicts import Wish
from archive.keys import article_key
from archive.localize import Locale, locale_of
from archive.report.blocks import Document, Items, Run, Table, words
from archive.report.document import document
from archive.report.figures import Asked, By, Report
from archive.report.reading import MOST, load_report
from archive.report.spread import spread
from archive.runs import Tally, begin, end
from archive.selection import Meaningless
from tests.archives import ARTICLES, article, build_archive

NOW = datetime(2024, 3, 2, 3, 0, tzinfo=UTC)
KM, EN = locale_of("km"), locale_of("en")
ALL = {"since": date(2021, 12, 1), "until": date(2024, 3, 1)}
TEXT = "អត្ថបទនេះនិយាយអំពីសិទ្ធិរបស់មនុស្សគ្រប់រូបនៅក្នុងសង្គម ហើយអ្នកសរសេរបានសម្ភាសមនុស្សជាច្រើននាក់នៅភ្នំពេញ និងតាមខេត្តនានា។"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "archive.db"
    build_archive(path)
    return path


@pytest.fixture
def archive(built: Path, tmp_path: Path) -> Path:
    return Path(copy(built, tmp_path))


def report(archive: Path, campaign: str = "i-accept", by: By = "article", **days: date) -> Report:
    with closing(open_reader(archive)) as connection:
        told = {**ALL, **days}
        return load_report(connection, Asked(campaign=campaign, by=by, since=told["since"], until=told["until"]), NOW)


def decided(archive: Path, path: str, kind: str, reason: str = "") -> None:
    key = article_key(f"https://lotus.example/{path}")
    decision = Decision(token="0" * 32, article=key, wish=Wish(kind=kind, reason=reason), who="sophea", seen=None)
    with closing(open_writer(archive)) as connection:
        assert decide(connection, decision, NOW).decision


def change(archive: Path, sql: str, *values: object) -> None:
    with closing(open_writer(archive)) as connection:
        connection.execute(sql, values)


def texts(told: Document, locale: Locale = EN) -> str:
    """Give everything that a report says, a line for each paragraph."""
    return "\n".join(lines(told))


def lines(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, tuple):
        if told and all(isinstance(one, Run) for one in told):
            yield "".join(run.text for run in told)
        else:
            for one in told:
                yield from lines(one)
    elif hasattr(told, "__slots__") and not isinstance(told, type):
        for name in told.__slots__:
            yield from lines(getattr(told, name))


# ---- which, and in which order ----------------------------------------------------------------------------------------------------


def test_articles_come_by_day_then_by_the_minute_then_as_they_were_found(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    made = [
        article(name, day, name, f"{TEXT} {name}")
        for name, day in (
            ("late", "2022-01-02"),
            ("found-first", "2022-01-01"),
            ("found-next", "2022-01-01"),
            ("noon", "2022-01-01"),
            ("dawn", "2022-01-01"),
        )
    ]
    build_archive(path, made)
    for name, minute in (("noon", "2022-01-01T05:00:00Z"), ("dawn", "2021-12-31T23:00:00Z")):
        change(
            path, "update article set published_at = ?, published_precision = 'minute' where title = ?", minute, name
        )
    assert [one.title for one in report(path).clippings] == ["dawn", "noon", "found-first", "found-next", "late"]


def test_both_days_belong_to_it_and_other_campaigns_do_not(archive: Path) -> None:
    told = report(archive, since=date(2021, 12, 10), until=date(2022, 1, 5))
    assert [one.title for one in told.clippings] == [ARTICLES[0].title, ARTICLES[1].title, ARTICLES[2].title]
    assert [one.title for one in report(archive, "rivers").clippings] == [ARTICLES[4].title]


def test_key_figures_stand_beside_those_of_as_many_days_before(archive: Path) -> None:
    told = report(archive, since=date(2022, 5, 18), until=date(2022, 5, 18))
    assert (told.asked.before.since, told.asked.before.until) == (date(2022, 5, 17), date(2022, 5, 17))
    assert (told.figures.articles, told.figures.sources, dict(told.figures.languages)) == (1, 1, {"en": 1})
    assert told.before.articles == 1
    assert [(share.of.id, share.articles, share.before) for share in told.sources] == [("delta", 1, 1)]


def test_a_story_at_two_sources_has_one_number_and_both_sources(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    copies = [
        article("one", "2022-01-01", "ចំណងជើង", TEXT),
        article("en/two", "2022-01-02", "ចំណងជើងផ្សេង", TEXT),
        article("three", "2022-01-03", "មួយទៀត", TEXT[::-1] + "សិទ្ធិ"),
    ]
    build_archive(path, copies)
    change(path, "update article set story = (select min(story) from article) where url not like '%three'")
    told = report(path, by="story")
    assert (told.figures.articles, told.figures.stories) == (3, 2)
    entries = next(
        block for section in document(told, KM).sections for block in section.blocks if isinstance(block, Items)
    ).entries
    assert [entry.number for entry in entries] == ["១.", "២."]
    assert [run.href for line in (entries[0].head, *entries[0].lines) for run in line if run.href] == [
        "https://lotus.example/one",
        "https://delta.example/two".replace("/two", "/en/two"),
    ]
    assert len(report(path).numbered) == 3


# ---- what people decided ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "reason"), [("reject", "advertising"), ("hide", "")])
def test_a_rejected_or_hidden_article_is_in_no_figure_and_no_list_and_counted_once(
    archive: Path, kind: str, reason: str
) -> None:
    before = report(archive)
    decided(archive, "slogan", kind, reason)
    told = report(archive)
    assert told.figures.articles == before.figures.articles - 1
    assert ARTICLES[0].title not in texts(document(told, EN))
    assert told.reviewed.left_out == 1
    assert "rejected or hid 1 article of these days" in texts(document(told, EN))


def test_an_article_of_which_people_are_not_sure_counts_and_is_marked(archive: Path) -> None:
    decided(archive, "slogan", "unsure")
    told = report(archive)
    assert told.figures.articles == report(archive).figures.articles
    assert "December 10, 2021 · not sure that it belongs here" in texts(document(told, EN))


def test_weak_owned_and_lost_articles_say_so(archive: Path) -> None:
    change(
        archive, "update article set media = 'owned', gone_on = '2023-01-01', kind = 'radio' where url like '%slogan'"
    )
    told = texts(document(report(archive), EN))
    assert "December 10, 2021 · Radio · the campaign's own · no longer online" in told
    assert "August 1, 2023 · only in a caption, tag or description" in told
    assert "Of these, published by the campaign itself" in told


# ---- what could not be reached ----------------------------------------------------------------------------------------------------


def test_headlines_without_a_page_stand_apart_with_their_links(archive: Path) -> None:
    change(archive, "update article set status = 'headline only' where url like '%slogan'")
    told = report(archive)
    assert (told.figures.headlines, [one.title for one in told.headlines]) == (1, [ARTICLES[0].title])
    assert ARTICLES[0].title not in [one.title for one in told.clippings]
    for asked in (told.asked, replace(told.asked, list_only=True)):
        assert "Headlines whose pages could not be opened" in texts(document(replace(told, asked=asked), EN))


def test_articles_without_a_day_are_counted_and_linked_and_in_no_figure(archive: Path) -> None:
    told = report(archive)
    undated = [one for one in ARTICLES if one.published is None]
    assert told.undated_all == len(undated) == len(told.undated)
    assert {one.title for one in undated}.isdisjoint(one.title for one in told.clippings)
    assert "2 articles do not say on which day they were published" in texts(document(told, EN))


@pytest.mark.parametrize(
    ("troubles", "told"),
    [
        (["robots.txt answers 503"], "1 of 1 crawls had trouble with it; the last one: robots.txt answers 503"),
        ([], "nothing that it published in these days is known, about the campaign or not"),
    ],
)
def test_sources_in_trouble_or_silent_are_told(archive: Path, troubles: list[str], told: str) -> None:
    run = datetime(2022, 1, 3, 1, 0, tzinfo=UTC)
    with closing(open_writer(archive)) as connection:
        begin(connection, "r1", "crawl", run)
        end(connection, "r1", [Tally(source="delta", troubles=troubles)], 0, run)
    made = report(archive, since=date(2022, 1, 1), until=date(2022, 1, 31))
    assert made.crawls == 1
    assert told in texts(document(made, EN))
    assert "Lotus Daily\nnot asked in these days" in texts(document(made, EN))


def test_a_crawl_after_midnight_in_cambodia_belongs_to_that_day(archive: Path) -> None:
    run = datetime(2022, 1, 2, 17, 30, tzinfo=UTC)
    with closing(open_writer(archive)) as connection:
        begin(connection, "r1", "crawl", run)
    assert report(archive, since=date(2022, 1, 3), until=date(2022, 1, 3)).crawls == 1
    assert report(archive, since=date(2022, 1, 2), until=date(2022, 1, 2)).crawls == 0


# ---- in words ---------------------------------------------------------------------------------------------------------------------


def test_a_quote_is_of_this_campaign_and_not_the_headline_again(archive: Path) -> None:
    told = report(archive, "rivers")
    assert [one.quote and one.quote.words for one in told.clippings] == ["ទន្លេ"]
    assert any(run == Run("ទន្លេ", strong=True) for section in document(told, KM).sections for run in runs(section))


def runs(told: Any) -> Iterator[Run]:
    if isinstance(told, Run):
        yield told
    elif isinstance(told, tuple):
        for one in told:
            yield from runs(one)
    elif hasattr(told, "__slots__") and not isinstance(told, (str, type)):
        for name in told.__slots__:
            yield from runs(getattr(told, name))


def test_days_without_an_article_make_a_report_that_says_so(archive: Path) -> None:
    told = document(report(archive, since=date(2020, 1, 1), until=date(2020, 1, 7)), EN)
    assert "No article about the campaign was found in these days." in texts(told)
    assert told.days == "January 1, 2020 to January 7, 2020"


def test_the_list_alone_is_only_the_list(archive: Path) -> None:
    told = report(archive)
    alone = document(replace(told, asked=replace(told.asked, list_only=True)), EN)
    assert [section.title for section in alone.sections] == ["Headlines"]


def test_every_message_has_its_khmer(archive: Path) -> None:
    change(archive, "update article set status = 'headline only' where url like '%slogan'")
    decided(archive, "love", "unsure")
    own = {"Lotus Daily", "Delta Post", "I Accept"}
    told = [line for line in lines(document(report(archive), KM)) if not any("ក" <= char <= "៿" for char in line)]
    latin = [line for line in told if any("a" <= char.lower() <= "z" for char in line) and line not in own]
    titles = {words(one.title).text for one in ARTICLES}
    assert not [
        line
        for line in latin
        if line not in titles
        and "http" not in line
        and not line.startswith(("…", "table", "entries", "km", "Delta Post ·", "paragraph", "figure", "boxes"))
    ]


@pytest.mark.parametrize(
    ("since", "until", "columns", "first"),
    [
        (date(2022, 5, 17), date(2022, 5, 18), 2, "May 17"),
        (date(2022, 5, 1), date(2022, 6, 30), 10, "May 1"),
        (date(2021, 12, 1), date(2023, 12, 31), 25, "Dec 2021"),
    ],
)
def test_the_chart_has_a_column_for_each_day_week_or_month(
    archive: Path, since: date, until: date, columns: int, first: str
) -> None:
    told = report(archive, since=since, until=until)
    chart = spread(told, EN)
    assert (len(chart.bars), chart.bars[0].label) == (columns, first)
    assert sum(chart.totals) == told.figures.articles


def test_tables_have_as_many_cells_as_heads(archive: Path) -> None:
    tables = [
        block
        for section in document(report(archive), KM).sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert len(tables) == 6
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)


# ---- bad input --------------------------------------------------------------------------------------------------------------------


def test_an_unknown_campaign_names_those_there_are(archive: Path) -> None:
    with pytest.raises(Meaningless, match=r"moon: there is no such campaign\. There are: i-accept, rivers"):
        report(archive, "moon")


def test_days_in_the_wrong_order_are_refused(archive: Path) -> None:
    with pytest.raises(Meaningless, match="from 2022-01-02 comes after to 2022-01-01"):
        report(archive, since=date(2022, 1, 2), until=date(2022, 1, 1))


@pytest.mark.parametrize(
    ("since", "until"), [(date.min, date.min), (date.max, date.max), (date(2015, 1, 1), date(2024, 12, 31))]
)
def test_the_ends_of_the_calendar_do_no_harm(archive: Path, since: date, until: date) -> None:
    asked = Asked(campaign="i-accept", since=since, until=until)
    with closing(open_reader(archive)) as connection:
        assert document(load_report(connection, asked, NOW), KM).sections


def test_more_than_ten_years_are_refused(archive: Path) -> None:
    with pytest.raises(Meaningless, match="more than ten years"):
        report(archive, since=date.min, until=date.max)


def test_too_many_articles_are_refused_with_a_way_on(archive: Path) -> None:
    change(
        archive,
        "with recursive n (i) as (select 1 union all select i + 1 from n where i <= ?) insert into article"
        " (key, url, source, title, description, section, authors, tags, captions, published, language, khmer_share, words_est, weak, status,"
        "  revision, first_seen, last_seen, added)"
        " select 'a' || i, 'u' || i, 'lotus', '', '', '', '[]', '[]', '[]', '2022-02-02', 'km', 1, 1, 0, 'read', 1, '', '', 1 from n",
        MOST,
    )
    change(
        archive,
        "insert into article_query select id, (select id from query where name = 'rights'), 0 from article where url like 'u%'",
    )
    with pytest.raises(Meaningless, match="Choose fewer days, or take an export"):
        report(archive)
