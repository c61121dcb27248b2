"""Folders that cannot be written, disks that fill up, archives from the future and damaged ones, and commands before any crawl."""

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from archive.database import migration_files
from archive.home import Home
from archive.migrate import migrate
from newsroom.server import Newsroom
from tests.archives import build_archive
from tests.crawling import home_with, refused, rows, start, tamdan
from tests.outlets import good_coverage, good_source

pytestmark = pytest.mark.xdist_group("crawl")

MIB = 1024 * 1024


def everything(home: Home) -> dict[str, str]:
    """Give all that lies in a home: path -> hash. What SQLite puts beside a database for its readers is left out while it is empty."""
    files = (path for path in sorted(home.path.rglob("*")) if path.is_file() and not is_beside(path))
    return {str(path.relative_to(home.path)): sha256(path.read_bytes()).hexdigest() for path in files}


def is_beside(path: Path) -> bool:
    return path.name.endswith(".db-shm") or (path.name.endswith(".db-wal") and not path.stat().st_size)


@pytest.fixture
def home(newsroom: Newsroom, tmp_path: Path) -> Home:
    """Give a home that follows the newsroom's good source, nothing crawled yet."""
    return home_with(tmp_path / "home", "[crawl]\ndelay = 0\n" + good_source(newsroom))


# ---- before any crawl -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("export",), ("export", "-o", "coverage.csv"), ("serve",), ("reindex",)])
def test_before_any_crawl_there_is_nothing_to_show_and_nothing_is_made(command: tuple[str, ...], home: Home) -> None:
    before = everything(home)
    done = refused(home, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == f"tamdan: {home.archive}: there is no archive yet. Run `tamdan --home FOLDER crawl` first, or name the right folder by --home.\n"
    )
    assert everything(home) == before


def test_status_before_any_crawl_is_a_table_and_nothing_is_made(home: Home) -> None:
    before = everything(home)
    done = refused(home, "status")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].split(maxsplit=4) == ["kirirom-news", "never", "never", "0", "never crawled"]
    assert everything(home) == before


@pytest.mark.parametrize("command", ["crawl", "status"])
def test_a_folder_that_is_no_home_is_named_and_nothing_is_made(command: str, tmp_path: Path) -> None:
    done = refused(Home(tmp_path / "none"), command)
    assert done.returncode == 2
    assert f"{tmp_path / 'none'}/" in done.stderr
    assert "there is no such file" in done.stderr
    assert "tamdan init DIR" in done.stderr
    assert not (tmp_path / "none").exists()


# ---- what cannot be written -------------------------------------------------------------------------------------------------------

# A file where a folder is wanted and the other way round: rights do not stop root, this does.
IN_THE_WAY: dict[str, Callable[[Home], Path]] = {
    "data": lambda home: in_the_way(home.data, folder=False),
    "captures": lambda home: in_the_way(home.captures, folder=False),
    "archive.db": lambda home: in_the_way(home.archive, folder=True),
    "crawl.db": lambda home: in_the_way(home.crawl, folder=True),
    "crawl.log": lambda home: in_the_way(home.data / "crawl.log", folder=True),
    "crawl.lock": lambda home: in_the_way(home.lock, folder=True),
}


def in_the_way(path: Path, *, folder: bool) -> Path:
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if folder else path.write_text("in the way", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_what_cannot_be_written_is_named_before_anything_is_fetched(name: str, home: Home, newsroom: Newsroom) -> None:
    IN_THE_WAY[name](home)
    before, asked = everything(home), len(newsroom.requests)
    done = refused(home, "crawl", "--allow-private")
    assert done.returncode == 3, done.stderr
    assert str(home.data) in done.stderr
    assert "Mend the rights of the folder" in done.stderr or "mend the rights of the folder" in done.stderr
    assert len(newsroom.requests) == asked
    assert before.items() <= everything(home).items()


# ---- a full disk ------------------------------------------------------------------------------------------------------------------


def acknowledged(home: Home) -> set[str]:
    """Give the articles of which the ledger says that they are kept."""
    return {row["canonical"] for row in rows(home.crawl, "select canonical from page where matched = 1")}


def stored(home: Home) -> set[str]:
    return {row["url"] for row in rows(home.archive, "select url from coverage where status = 'read'")}


def full(done: subprocess.CompletedProcess[str], home: Home) -> None:
    """Check that a crawl ended on a full disk as it should: it says so, and nothing is lost that was called kept."""
    assert done.returncode == 3, done.stderr
    assert f"tamdan: {home.data}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Logging error" not in done.stderr
    for path in (home.archive, home.crawl):
        assert rows(path, "pragma integrity_check") == [{"integrity_check": "ok"}]
    assert acknowledged(home) <= stored(home)


def then_whole(home: Home, newsroom: Newsroom) -> None:
    """Check that the next crawl does the rest, at full speed."""
    home.sources_file.write_text(good_source(newsroom), encoding="utf-8")
    final = tamdan(home, "crawl", "--allow-private")
    assert final.returncode == 0, final.stderr
    assert stored(home) == acknowledged(home) == good_coverage(newsroom)
    captured = rows(home.archive, "select count(*) as captures, count(distinct article) as articles from capture")
    assert captured == [{"captures": len(stored(home)), "articles": len(stored(home))}]


def test_a_disk_that_takes_no_more_ends_the_crawl_and_the_next_one_goes_on(home: Home, newsroom: Newsroom) -> None:
    largest = 560_000  # bytes of a file: the databases can be made, and some articles go in
    full(tamdan(home, "crawl", "--allow-private", largest_file=largest), home)
    then_whole(home, newsroom)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 80 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root may mount a small disk; the limit on files above stands in for it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill a disk but for some bytes; gives the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while shutil.disk_usage(folder).free > leave:
                file.write(b"\0" * min(MIB, shutil.disk_usage(folder).free - leave))
        except OSError:
            pass
    return filler


def test_no_crawl_begins_on_a_disk_that_is_nearly_full(small_disk: Path, newsroom: Newsroom) -> None:
    home = home_with(small_disk / "home", good_source(newsroom))
    filler = fill(small_disk, leave=20 * MIB)
    asked = len(newsroom.requests)
    done = refused(home, "crawl", "--allow-private")
    assert done.returncode == 3
    assert f"{home.data}: only 20 MB of the disk are free, 64 MB are needed" in done.stderr
    assert (len(newsroom.requests), home.archive.exists()) == (asked, False)
    filler.unlink()


def test_a_disk_that_fills_up_in_mid_crawl_loses_nothing(small_disk: Path) -> None:
    with Newsroom() as newsroom:
        home = home_with(small_disk / "home", good_source(newsroom, 0.2))
        process = start(home, "crawl", "--allow-private")
        while process.poll() is None and len(newsroom.requests) < 5:
            time.sleep(0.01)
        filler = fill(small_disk)
        out, err = process.communicate(timeout=60)
        full(subprocess.CompletedProcess((), process.returncode, out, err), home)
        filler.unlink()
        then_whole(home, newsroom)


@pytest.mark.parametrize(
    ("table", "told"), [("fetch", "OperationalError: no such table: fetch"), ("listing", "The crawl was cut short")]
)
def test_an_error_nobody_foresaw_makes_a_crawl_fail_and_say_so(table: str, told: str, home: Home) -> None:
    migrate(home.crawl, "crawl")
    with closing(sqlite3.connect(home.crawl)) as connection, connection:
        connection.execute(f"alter table {table} rename to elsewhere")
    done = tamdan(home, "crawl", "--allow-private")
    assert done.returncode == 1
    assert told in done.stderr


# ---- archives that cannot be opened -----------------------------------------------------------------------------------------------


def later(path: Path) -> None:
    """Let a database have been written by a later version."""
    with closing(sqlite3.connect(path)) as connection, connection:
        name = path.stem
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, ?, '2099-01-01')",
            [name, f"{name}-9999-later"],
        )


def both_databases(home: Home) -> None:
    build_archive(home.archive)
    migrate(home.crawl, "crawl")


@pytest.mark.parametrize("command", ["crawl", "export", "serve", "reindex"])
def test_an_archive_from_a_later_version_is_left_as_it_is(command: str, home: Home, newsroom: Newsroom) -> None:
    both_databases(home)
    later(home.archive)
    before, asked = everything(home), len(newsroom.requests)
    done = refused(home, command, *(["--allow-private"] if command == "crawl" else []))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"tamdan: {home.archive}: written by a later version of Tamdan" in done.stderr
    assert (everything(home), len(newsroom.requests)) == (before, asked)


def earlier(home: Home) -> None:
    """Let both databases have been written by the first version."""
    for path in (home.archive, home.crawl):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(migration_files(path.stem)[0].read_text(encoding="utf-8"))
            connection.execute(
                "create table _sqlite_migrations (migration_set text, name text, applied_at text, primary key (migration_set, name))"
            )
            connection.execute(
                "insert into _sqlite_migrations values (?, ?, '')", [path.stem, migration_files(path.stem)[0].stem]
            )


@pytest.mark.parametrize("command", [("export",), ("serve",), ("status",), ("preview", "ព្រៃ"), ("quarantine",)])
def test_an_archive_of_an_earlier_version_is_left_as_it_is_and_the_cure_is_told(
    command: tuple[str, ...], home: Home
) -> None:
    earlier(home)
    before = everything(home)
    done = refused(home, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "written by an earlier version of Tamdan. Run `tamdan --home FOLDER reindex` once" in done.stderr
    assert everything(home) == before


def test_reindex_brings_an_archive_of_an_earlier_version_up_to_date(home: Home) -> None:
    earlier(home)
    assert refused(home, "reindex").returncode == 0
    for command in ("export", "status"):
        assert refused(home, command).returncode == 0


@pytest.mark.parametrize("command", ["crawl", "status"])
def test_a_ledger_from_a_later_version_is_left_as_it_is(command: str, home: Home) -> None:
    both_databases(home)
    later(home.crawl)
    before = everything(home)
    done = refused(home, command)
    assert done.returncode == 2
    assert f"tamdan: {home.crawl}: written by a later version of Tamdan" in done.stderr
    assert everything(home) == before


@pytest.mark.parametrize("command", ["crawl", "export"])
@pytest.mark.parametrize(
    "damage", [b"this is no database at all, but text" * 40, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_an_archive_that_is_no_database_is_named_and_left_as_it_is(damage: bytes, command: str, home: Home) -> None:
    home.archive.write_bytes(damage)
    before = everything(home)
    done = refused(home, command)
    assert done.returncode == 1
    assert f"tamdan: {home.archive}: " in done.stderr
    assert "restore it from a backup" in done.stderr
    assert everything(home) == before
