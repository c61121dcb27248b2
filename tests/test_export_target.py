import json
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import open_reader
from archive.errors import DiskFull, UsageError
from archive.exports.export import Choice, Format, export_file
from tests.archives import ARTICLES, build_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    return path


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
    code = "import sys; from pathlib import Path; from archive.exports.export import Choice, export_file; export_file(Path(sys.argv[1]), Choice(), None); print('after')"
    done = subprocess.run([sys.executable, "-c", code, str(archive)], capture_output=True, check=True)
    export_file(archive, Choice(), tmp_path / "x.csv")
    assert done.stdout == (tmp_path / "x.csv").read_bytes() + b"after\n"


@pytest.mark.parametrize("form", ["csv", "excel", "xlsx", "jsonl"])
def test_memory_does_not_grow_with_the_archive(tmp_path: Path, form: Format) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [ARTICLES[0]])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "with recursive n (i) as (select 2 union all select i + 1 from n where i < 1500)"
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
    done = export_file(path, Choice(format=form, text=True), Path("/dev/null"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.rows == 1500
    assert peak < 3_000_000  # of 15 MB


def test_the_order_is_read_from_an_index(archive: Path) -> None:
    with closing(open_reader(archive)) as connection:
        plan = [
            row[3]
            for row in connection.execute("explain query plan select id, title from coverage order by published, id")
        ]
    assert any("article_published" in step for step in plan)
    assert not any("ORDER BY" in step for step in plan)
