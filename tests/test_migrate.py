"""An archive of an earlier version is brought up to date and loses nothing."""

import sqlite3
import subprocess
import sys
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import migration_files, open_reader
from archive.errors import OlderArchive
from archive.home import Home
from archive.migrate import schema
from tests.served import free_port

OLDER = Path(__file__).parent / "older" / "archive-0002.sql"
TABLES = (
    "source",
    "campaign",
    "query",
    "article",
    "revision",
    "match",
    "article_query",
    "capture",
    "source_day",
    "story",
)

A_SOURCE_THAT_IS_AWAY = '[[source]]\nid = "away"\nname = "Away"\nlanguages = ["km"]\nstatus = "open"\ndomains = ["127.0.0.1"]\n[[source.listing]]\nkind = "feed"\nurl = "http://127.0.0.1:{port}/feed"\n'
CAMPAIGN = '[[campaign]]\nid = "rivers"\nname = "Rivers"\nsince = 2023-01-01\n[[campaign.query]]\nid = "water"\nlabel = "Water"\nfind = "ទន្លេ"\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make a home whose archive has the two steps and the rows of an earlier version."""
    made = Home(tmp_path)
    made.data.mkdir()
    made.sources_file.write_text(A_SOURCE_THAT_IS_AWAY.format(port=free_port()), encoding="utf-8")
    made.campaigns_file.write_text(CAMPAIGN, encoding="utf-8")
    with closing(sqlite3.connect(made.archive)) as connection:
        steps = migration_files("archive")[:2]
        for step in steps:
            connection.executescript(step.read_text(encoding="utf-8"))
        connection.execute("create table _sqlite_migrations (id integer primary key, migration_set text, name text, applied_at text)")  # fmt: skip
        for step in steps:
            connection.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('archive', ?, '2024')", [step.stem])  # fmt: skip
        connection.executescript(OLDER.read_text(encoding="utf-8"))
    return made


def tamdan(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tamdan", "--home", str(home.path), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


def rows(home: Home, table: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(home.archive)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"select * from {table}")]


def _told(rows: list[dict[str, object]], names: AbstractSet[str]) -> set[tuple[tuple[str, object], ...]]:
    return {tuple((name, row[name]) for name in sorted(names)) for row in rows}


def test_an_older_archive_is_not_read_before_it_is_brought_up_to_date(home: Home) -> None:
    with pytest.raises(OlderArchive, match="tamdan --home FOLDER reindex"):
        open_reader(home.archive)
    served = tamdan(home, "serve")
    assert (served.returncode, "reindex" in served.stderr) == (2, True)


@pytest.mark.parametrize(("words", "code"), [(("reindex",), 0), (("crawl", "--allow-private"), 1)])
@pytest.mark.xdist_group("crawl")
def test_an_older_archive_keeps_every_row_and_every_value(words: tuple[str, ...], code: int, home: Home) -> None:
    before = {table: rows(home, table) for table in TABLES}
    assert all(before.values())
    done = tamdan(home, *words)
    assert done.returncode == code, done.stderr
    for table in TABLES:
        names = before[table][0].keys() - {"retired_at"}  # this home asks other queries
        assert _told(before[table], names) <= _told(rows(home, table), names), table
    assert {(row["kind"], row["media"], row["added"], row["decision"], row["hidden"]) for row in rows(home, "article")} == {
        ("article", "earned", 0, "new", 0)
    }  # fmt: skip
    with closing(open_reader(home.archive)) as connection:
        assert connection.execute("select count(*) from coverage").fetchone()[0] == len(before["article"])
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_what_was_kept_is_found_again(home: Home) -> None:
    assert tamdan(home, "reindex").returncode == 0
    found = tamdan(home, "export", "--format", "jsonl", "--search", "q=ដង្ហែ")
    assert "https://lotus.example/slogan" in found.stdout, found.stderr
    assert "https://lotus.example/love" not in found.stdout


def test_an_archive_brought_up_to_date_has_the_schema_of_a_new_one(home: Home) -> None:
    assert tamdan(home, "reindex").returncode == 0
    with closing(sqlite3.connect(home.archive)) as connection:
        made = {sql for (sql,) in connection.execute("select sql from sqlite_master where sql is not null")}
    missing = [sql for sql in schema("archive").split(";\n\n") if sql.rstrip(";") not in made]
    assert missing == []
