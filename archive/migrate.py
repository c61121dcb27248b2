"""Bring a database to the present schema by its numbered SQL steps; `python -m archive.migrate` prints the schema for reading."""

import sys
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.database import disk_errors, migration_files, open_writer, refuse_newer
from archive.errors import DiskFull
from archive.lock import locked_to_migrate


def migrate(path: Path, name: str) -> None:
    """Create or update the database `name` (archive or crawl) at `path`.

    Raises DiskFull where it cannot be written and NewerArchive where a later version of Tamdan wrote it.
    """
    with disk_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked_to_migrate(path), closing(open_writer(path)) as connection:
                refuse_newer(connection, path)
                _steps(name).apply(Database(connection))
        except OSError as error:
            raise DiskFull(
                f"{path.parent}: cannot be written ({error.strerror}). Mend the rights of the folder."
            ) from error


def schema(name: str) -> str:
    """Give the SQL of every table, index and view of the database `name`, as the steps leave it."""
    database = Database(memory=True)
    _steps(name).apply(database)
    rows = database.execute(
        "select sql from sqlite_master where sql is not null and name not like '_sqlite%' and name not like 'idx__sqlite%'"
        " and name not like 'article_fts_%' order by rowid",
    ).fetchall()
    database.close()
    return "\n\n".join(f"{sql};" for (sql,) in rows)


def schemas() -> str:
    """Give the text of schema.sql."""
    return (
        "-- Made by `make schema` from migrations/: read this, change those.\n\n"
        f"-- archive.db\n\n{schema('archive')}\n\n-- crawl.db\n\n{schema('crawl')}\n"
    )


def _steps(name: str) -> Migrations:
    steps = Migrations(name)
    for file in migration_files(name):
        _register(steps, file)
    return steps


def _register(steps: Migrations, file: Path) -> None:
    @steps(name=file.stem)
    def step(database: Database) -> None:
        database.executescript(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.stdout.write(schemas())
