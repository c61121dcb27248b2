import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from archive.database import open_reader
from archive.errors import NothingYet, UsageError
from archive.exports.columns import COLUMNS as ALL
from archive.exports.columns import LISTS
from archive.exports.export import FORMATS, Choice, Export, Exported, Format, export_file
from archive.selection import Selection, selection_of
from tamdan import tamdan
from tests.archives import ARTICLES, build_archive
from tests.exporting import CANARY, build_worked, expected, flat, read_csv, read_lines, read_sheet

COLUMNS = tuple(column.name for column in ALL)
KHMER_TITLE = "យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    return path


def exported(archive: Path, form: Format = "csv", *, text: bool = False, **asked: Any) -> bytes:
    with Export(archive, Choice(selection=Selection(**asked), format=form, text=text)) as export:
        return b"".join(export.portions())


def rows(archive: Path, **asked: Any) -> list[dict[str, Any]]:
    return read_lines(exported(archive, "jsonl", **asked))


def paths(archive: Path, **choice: Any) -> set[str]:
    return {row["url"].split("example/")[1] for row in rows(archive, **choice)}


def chosen(**asked: Any) -> Choice:
    return Choice(selection=Selection(**asked))


def coverage(archive: Path) -> list[dict[str, Any]]:
    with closing(open_reader(archive)) as connection:
        return [dict(row) for row in connection.execute("select * from coverage order by published, id")]


# ---- what is in it ----------------------------------------------------------------------------------------------------------------


SEARCHES: tuple[dict[str, Any], ...] = (
    {},
    {"words": "សិទ្ធិ", "weak": "no"},
    {"campaign": "rivers"},
    {"query": "i-accept/rights", "source": "delta", "language": "en"},
    {"since": date(2021, 12, 10), "until": date(2023, 8, 1)},
    {"decision": "keep"},
    {"decision": "reject"},
    {"decision": "hidden"},
    {"kind": "radio", "media": "owned"},
    {"gone": "yes", "order": "oldest"},
    {"stories": "one"},
    {"words": "nothing-has-this"},
)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worked") / "archive.db"
    build_worked(path)
    return path


@pytest.mark.parametrize("asked", SEARCHES, ids=str)
def test_every_format_holds_the_rows_of_the_coverage_in_its_order(worked: Path, asked: dict[str, Any]) -> None:
    wanted = [{name: row[name] for name in COLUMNS} for row in expected(worked, Selection(**asked))]
    lines = read_lines(exported(worked, "jsonl", **asked))
    assert lines == [{name: json.loads(v) if name in LISTS else v for name, v in row.items()} for row in wanted]
    assert read_csv(exported(worked, "csv", **asked)) == [flat(row) for row in wanted]
    plain = [
        {name: value.removeprefix("'") for name, value in row.items()}
        for row in read_csv(exported(worked, "excel", **asked))
    ]
    assert plain == [flat(row) for row in wanted]
    sheet = read_sheet(exported(worked, "xlsx", **asked))
    assert [row["id"] for row in sheet] == [row["id"] for row in wanted]
    for read, row in zip(sheet, wanted, strict=True):
        told = flat({name: value for name, value in row.items() if name != "title"})
        assert {name: "" if value is None else str(value) for name, value in read.items() if name != "title"} == told


def test_what_people_rejected_or_hid_is_only_there_for_who_asks(worked: Path) -> None:
    assert not {"love", "digits"} & paths(worked)
    assert len(paths(worked)) == len(ARTICLES) - 2
    assert paths(worked, decision="reject") == {"love"}
    assert paths(worked, decision="hidden") == {"digits"}


def test_a_row_tells_what_people_made_of_it_but_not_who(worked: Path) -> None:
    (row,) = rows(worked, decision="keep")
    told = ("kind", "media", "query_versions", "decision", "corrected", "tone", "gone_on")
    assert [row[name] for name in told] == [
        "article",
        "earned",
        ["i-accept/rights@1", "i-accept/slogan@1"],
        "keep",
        ["published"],
        "positive",
        None,
    ]
    assert COLUMNS[-len(told) :] == told
    assert [row["gone_on"] for row in rows(worked, gone="yes")] == ["2024-02-01"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_note_reason_or_account_is_in_an_export(worked: Path, form: Format) -> None:
    for asked in SEARCHES:
        data = exported(worked, form, text=True, **asked)
        told = json.dumps(read_sheet(data), ensure_ascii=False, default=str) if form == "xlsx" else data.decode()
        assert CANARY not in told


def test_research_csv_goes_through_pandas_and_back(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "coverage.csv"
    assert export_file(archive, Choice(text=True), target) == Exported(rows=len(ARTICLES), stories=len(ARTICLES))
    frame = pd.read_csv(target, dtype=str, keep_default_na=False)
    assert tuple(frame.columns) == (*COLUMNS, "text")
    for read, row in zip(frame.to_dict("records"), coverage(archive), strict=True):
        for name in COLUMNS:
            value = "; ".join(json.loads(row[name])) if name in LISTS else row[name]
            assert read[name] == ("" if value is None else str(value)), name
    assert set(frame["text"]) == {one.text for one in ARTICLES}
    assert frame.to_csv(index=False, lineterminator="\n") == target.read_text(encoding="utf-8")
    assert all(key.startswith("a") for key in frame["id"])
    assert set(frame["weak"]) == {"0", "1"}


def test_research_csv_has_no_mark_and_alters_nothing(archive: Path, tmp_path: Path) -> None:
    export_file(archive, Choice(), tmp_path / "x.csv")
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"id,url,")
    assert b"\r" not in raw
    titles = [row["title"] for row in csv.DictReader(io.StringIO(raw.decode()))]
    assert '=HYPERLINK("http://evil.example","សិទ្ធិ")' in titles
    assert KHMER_TITLE in titles


def test_rows_come_by_day_and_then_by_id(archive: Path) -> None:
    order = [(row["published"] or "", row["id"]) for row in rows(archive)]
    assert order == sorted(order)
    assert len(set(order)) == len(ARTICLES)


def test_text_is_only_there_when_asked_for(archive: Path) -> None:
    assert "text" not in rows(archive)[0]
    assert {row["text"] for row in rows(archive, text=True)} == {one.text for one in ARTICLES}


def test_text_is_that_of_the_newest_revision(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [ARTICLES[0]])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "insert into revision (article, number, seen_at, title, text, sha256, software)"
            " select article, 2, seen_at, title, 'new words', sha256, software from revision"
        )
        connection.execute("update article set revision = 2")
    assert [row["text"] for row in rows(path, text=True)] == ["new words"]


# ---- what is chosen ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ({"campaign": "rivers"}, {"river"}),
        ({"since": date(2023, 9, 10)}, {"script", "long"}),
        ({"until": date(2021, 12, 10)}, {"slogan", "love"}),
        ({"since": date(2022, 5, 17), "until": date(2022, 5, 18)}, {"en/rights", "en/mixed"}),
        ({"since": date(2022, 5, 17), "until": date(2022, 5, 17)}, {"en/rights"}),
        ({"since": date(2022, 5, 17), "campaign": "rivers"}, {"river"}),
        ({"since": date(2030, 1, 1)}, set()),
    ],
)
def test_days_are_inclusive_and_campaigns_go_by_the_junction(
    archive: Path, choice: dict[str, Any], found: set[str]
) -> None:
    assert paths(archive, **choice) == found


def test_articles_without_a_date_are_counted_when_a_range_leaves_them_out(archive: Path, tmp_path: Path) -> None:
    done = export_file(archive, chosen(since=date(2000, 1, 1)), tmp_path / "x.csv")
    assert done == Exported(rows=10, stories=10, undated=2)
    assert str(done) == "10 rows; 10 articles in 10 distinct stories; 2 without a date left out"
    assert export_file(archive, chosen(since=date(2000, 1, 1), campaign="rivers"), tmp_path / "x.csv").undated == 0
    assert (
        str(export_file(archive, chosen(campaign="rivers"), tmp_path / "x.csv"))
        == "1 row; 1 article in 1 distinct story"
    )


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (chosen(campaign="i-acept"), "i-accept, rivers"),
        (chosen(campaign="x' or 1=1 --"), "knows no such one"),
        (chosen(source="lotos"), "delta, lotus"),
        (chosen(query="slogan"), "i-accept/rights, i-accept/slogan, rivers/water"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_writes_nothing(
    archive: Path, tmp_path: Path, choice: Choice, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        export_file(archive, choice, tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_without_an_archive_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NothingYet, match="there is no archive yet"):
        export_file(tmp_path / "data" / "archive.db", Choice(), tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("search", "given", "selection"),
    [
        ("", {}, Selection()),
        ("q=a+b&source=lotus", {}, Selection(words="a b", source="lotus")),
        ("https://x.example/search?q=%E1%9E%80&weak=no&page=2", {}, Selection(words="ក", weak="no")),
        ("/search.csv?campaign=rivers", {"campaign": "i-accept"}, Selection(campaign="i-accept")),
        (
            "from=2021-12-09",
            {"to": date(2021, 12, 16), "campaign": None},
            Selection(since=date(2021, 12, 9), until=date(2021, 12, 16)),
        ),
    ],
)
def test_a_search_of_the_site_and_the_options_say_together_what_is_chosen(
    search: str, given: dict[str, Any], selection: Selection
) -> None:
    assert selection_of(search, given) == selection


@pytest.mark.parametrize(
    "search", ["lotus", "weak=perhaps", "langage=en", "from=2022-02-01&to=2022-01-31", "https://x.example/search"]
)
def test_a_search_that_means_nothing_is_refused(search: str) -> None:
    with pytest.raises(UsageError):
        selection_of(search, {})


def test_the_command_offers_every_format() -> None:
    (option,) = [one for one in tamdan.commands["export"].params if one.name == "form"]
    assert tuple(option.type.choices) == FORMATS  # type: ignore[attr-defined]


def test_a_crawl_that_writes_meanwhile_changes_nothing_of_an_export(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path)
    with Export(path, Choice()) as export:
        portions = export.portions()
        first = next(portions)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("update article set hidden = 1")
        assert len(read_csv(first + b"".join(portions))) == export.rows == len(ARTICLES)
