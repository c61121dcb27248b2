"""Connections to the SQLite files: how they are opened, how a transaction is written, what a failure is called.

`synchronous=FULL` because NORMAL lost acknowledged commits in simulated power cuts; every write transaction is immediate because a
deferred one that reads first and then writes fails under a second writer however long it waits.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive.errors import DiskFull, NewerArchive, NothingYet, OlderArchive, TamdanError

BUSY_SECONDS = 30.0
"""How long a writer waits for another; an article's transaction takes milliseconds, an index built anew some seconds."""

JOURNAL_LIMIT = 16 * 1024 * 1024
"""Bytes to which the write-ahead log is cut back; unlimited it outgrew its database."""

SPACE_NEEDED = 64 * 1024 * 1024
"""Free bytes without which no crawl is begun: a day's captures of a busy week, with room to tell about it."""

_MIGRATIONS = Path(__file__).parent / "migrations"

# How SQLite's names for the errors of a disk begin; behind them stands what it was doing (SQLITE_IOERR_WRITE).
_NO_ROOM = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")
_NO_DATABASE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def migration_files(name: str) -> list[Path]:
    """List the numbered SQL steps of the database `name` (archive or crawl), first to last."""
    return sorted(_MIGRATIONS.glob(f"{name}-*.sql"))


def open_writer(path: Path) -> sqlite3.Connection:
    """Open an existing, migrated database for writing; raises DiskFull where it cannot be written."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    with disk_errors(path):
        for pragma in (
            "journal_mode = wal",
            "synchronous = full",
            "foreign_keys = on",
            "recursive_triggers = on",
            f"journal_size_limit = {JOURNAL_LIMIT}",
        ):
            connection.execute(f"pragma {pragma}")
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a database for reading only.

    Raises NothingYet where there is none, NewerArchive where a later version wrote it, OlderArchive where an earlier one did.
    """
    require_archive(path)
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    refuse_newer(connection, path)
    _refuse_older(connection, path)
    return connection


def require_archive(path: Path) -> None:
    """Raise NothingYet where there is no such database."""
    if not path.exists():
        raise NothingYet(
            f"{path}: there is no archive yet. Run `tamdan --home FOLDER crawl` first, or name the right folder by --home."
        )


def refuse_newer_files(paths: Iterable[Path]) -> None:
    """Raise NewerArchive for any of these databases, before one of them is touched; those that are not there are passed over."""
    for path in filter(Path.is_file, paths):
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            refuse_newer(connection, path)


def _refuse_older(connection: sqlite3.Connection, path: Path) -> None:
    """Raise OlderArchive where steps of its own set are missing."""
    with disk_errors(path):
        if not connection.execute("select 1 from sqlite_master where name = '_sqlite_migrations'").fetchone():
            return
        rows = connection.execute("select migration_set, name from _sqlite_migrations").fetchall()
    missing = {file.stem for name in {row[0] for row in rows} for file in migration_files(name)} - {
        row[1] for row in rows
    }
    if missing:
        raise OlderArchive(
            f"{path}: written by an earlier version of Tamdan. Run `tamdan --home FOLDER reindex` once; a crawl does it too."
        )


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NewerArchive where a step was applied that this version does not know; TamdanError where it is no database."""
    with disk_errors(path):
        if not connection.execute("select 1 from sqlite_master where name = '_sqlite_migrations'").fetchone():
            return
        rows = connection.execute("select migration_set, name from _sqlite_migrations").fetchall()
    for name, step in rows:
        if step not in {file.stem for file in migration_files(name)}:
            raise NewerArchive(f"{path}: written by a later version of Tamdan (step {step}). Update Tamdan.")


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run one short write transaction; rolled back whole on any error, a full disk is told as DiskFull."""
    with disk_errors(_file_of(connection)):
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        finally:
            if connection.in_transaction:
                connection.execute("rollback")


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Tell the errors of a full or unwritable disk as DiskFull, those of a damaged file as TamdanError, naming `path`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(_NO_ROOM):
            cure = "Free some space or mend the rights of the folder; nothing stored is lost."
            raise DiskFull(f"{path}: {error}. {cure}") from error
        if name.startswith(_NO_DATABASE):
            raise TamdanError(f"{path}: {error}. Move it away, or restore it from a backup.") from error
        raise


def require_space(folder: Path, needed: int = SPACE_NEEDED) -> None:
    """Raise DiskFull where the disk of `folder` has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskFull(
            f"{folder}: only {free // 2**20} MB of the disk are free, {needed // 2**20} MB are needed. Free some space."
        )


def checkpoint(connection: sqlite3.Connection) -> None:
    """Write the log back into the database and empty it, and let SQLite learn how its tables are filled; raises DiskFull."""
    with disk_errors(_file_of(connection)):
        connection.execute("analyze")
        connection.execute("pragma wal_checkpoint(truncate)")


def _file_of(connection: sqlite3.Connection) -> Path:
    row = connection.execute("pragma database_list").fetchone()
    return Path(row[2] or ":memory:")
