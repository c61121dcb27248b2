import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from archive.database import open_reader
from archive.errors import DiskFull, NothingYet, UsageError
from archive.export import COLUMNS, Choice, Exported, export, export_file
from archive.formats import LISTS
from tests.archives import ARTICLES, build_archive

KHMER_TITLE = "យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    return path


def exported(archive: Path, **choice: Any) -> str:
    with closing(open_reader(archive)) as connection:
        out = io.StringIO(newline="")
        export(connection, Choice(**choice), out)
        return out.getvalue()


def rows(archive: Path, **choice: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(archive, format="jsonl", **choice).splitlines()]


def paths(archive: Path, **choice: Any) -> set[str]:
    return {row["url"].split("example/")[1] for row in rows(archive, **choice)}


def coverage(archive: Path) -> list[dict[str, Any]]:
    with closing(open_reader(archive)) as connection:
        return [dict(row) for row in connection.execute("select * from coverage order by published, id")]


# ---- what is in it ----------------------------------------------------------------------------------------------------------------


def test_json_lines_are_the_coverage_row_for_row(archive: Path) -> None:
    expected = [
        {name: json.loads(row[name]) if name in LISTS else row[name] for name in COLUMNS} for row in coverage(archive)
    ]
    assert rows(archive) == expected
    assert len(expected) == len(ARTICLES)


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
    done = export_file(archive, Choice(since=date(2000, 1, 1)), tmp_path / "x.csv")
    assert done == Exported(rows=10, stories=10, undated=2)
    assert str(done) == "10 rows; 10 articles in 10 distinct stories; 2 without a date left out"
    assert export_file(archive, Choice(since=date(2000, 1, 1), campaign="rivers"), tmp_path / "x.csv").undated == 0
    assert (
        str(export_file(archive, Choice(campaign="rivers"), tmp_path / "x.csv"))
        == "1 row; 1 article in 1 distinct story"
    )


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(campaign="i-acept"), "i-accept, rivers"),
        (Choice(campaign="x' or 1=1 --"), "no such campaign"),
        (Choice(since=date(2022, 2, 1), until=date(2022, 1, 31)), "comes after"),
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


# ---- where it goes ----------------------------------------------------------------------------------------------------------------


def test_an_old_file_stays_as_it_was_when_the_export_fails(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(archive, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update article set authors = 'no json' where url like '%long'")  # the last row
    target = tmp_path / "x.csv"
    target.write_text("old")
    with pytest.raises(json.JSONDecodeError):
        export_file(path, Choice(), target)
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.glob("*x.csv*")] == ["x.csv"]


def test_an_old_file_is_replaced_and_a_link_is_followed(archive: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "x.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    export_file(archive, Choice(), link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("id,url,")


def test_a_folder_or_a_missing_folder_is_refused(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        export_file(archive, Choice(), tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        export_file(archive, Choice(), tmp_path / "none" / "x.csv")


def test_a_device_is_written_to_and_not_replaced(archive: Path) -> None:
    assert export_file(archive, Choice(), Path("/dev/null")).rows == len(ARTICLES)
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_is_told(archive: Path) -> None:
    with pytest.raises(DiskFull, match="/dev/full"):
        export_file(archive, Choice(text=True), Path("/dev/full"))


def test_it_goes_to_standard_output_when_no_file_is_named(archive: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from archive.export import *; export_file(Path(sys.argv[1]), Choice(), None); print('after')"
    done = subprocess.run([sys.executable, "-c", code, str(archive)], capture_output=True, check=True)
    export_file(archive, Choice(), tmp_path / "x.csv")
    assert done.stdout == (tmp_path / "x.csv").read_bytes() + b"after\n"


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [ARTICLES[0]])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "with recursive n (i) as (select 2 union all select i + 1 from n where i < 4000)"
            " insert into article (id, key, url, source, title, description, section, authors, tags, captions, published, published_at,"
            " published_origin, published_precision, language, khmer_share, words_est, weak, status, revision, first_seen, last_seen)"
            " select i, 'k' || i, url || i, source, title, description, section, authors, tags, captions, published,"
            " published_at, published_origin, published_precision, language, khmer_share, words_est, weak, status, revision, first_seen,"
            " last_seen from article, n"
        )
        connection.execute("insert into article_query select id, 1, 0 from article where id > 1")
        connection.execute(
            "insert into revision (article, number, seen_at, title, text, sha256, software)"
            " select id, 1, '', '', replace(hex(zeroblob(5000)), '0', 'x'), '', '' from article where id > 1"
        )
    tracemalloc.start()
    done = export_file(path, Choice(text=True), Path("/dev/null"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.rows == 4000
    assert peak < 3_000_000  # of 40 MB


def test_the_order_is_read_from_an_index(archive: Path) -> None:
    with closing(open_reader(archive)) as connection:
        plan = [
            row[3]
            for row in connection.execute("explain query plan select id, title from coverage order by published, id")
        ]
    assert any("article_published" in step for step in plan)
    assert not any("ORDER BY" in step for step in plan)
