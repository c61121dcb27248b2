"""The coverage as a file: CSV for research, CSV for Excel, a workbook, JSON Lines, Atom. One statement and one moment each, in constant memory."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal, Self

from archive.database import open_reader
from archive.errors import DiskFull, UsageError
from archive.exports.columns import COLUMNS, columns
from archive.exports.feed import NEWEST, Masthead, atom, newest_text
from archive.exports.formats import EXCEL_CELL, ExcelCsv, JsonLines, ResearchCsv, Writer
from archive.exports.workbook import MOST_ROWS, Workbook
from archive.selection import Meaningless, Selection

Format = Literal["csv", "excel", "xlsx", "jsonl", "atom"]
FORMATS: tuple[Format, ...] = ("csv", "excel", "xlsx", "jsonl", "atom")

WRITERS: Mapping[Format, Callable[[Sequence[str]], Writer]] = {
    "csv": ResearchCsv,
    "excel": ExcelCsv,
    "xlsx": Workbook,
    "jsonl": JsonLines,
}
"""How each format writes all rows; a feed has the newest only and is made at once."""

_AT_ONCE = 50
"""Rows read at a time: half a megabyte with the texts of long articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is exported, and how; the order of the selection does not count, rows come by day and then by id."""

    selection: Selection = field(default_factory=Selection)
    format: Format = "csv"
    text: bool = False
    """Whether the text of the newest revision goes with it."""
    masthead: Masthead = field(default_factory=Masthead)
    """What a feed says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many rows were written, of how many stories; how many articles without a date a range left out; cells too long for Excel."""

    rows: int
    stories: int = 0
    """Distinct ones among the articles that were read."""
    headlines: int = 0
    """Rows that are a headline only."""
    undated: int = 0
    cut: int = 0

    def __str__(self) -> str:
        parts = [f"{self.rows:,} row{'s' if self.rows != 1 else ''}"]
        if self.stories:
            read = self.rows - self.headlines
            parts.append(
                f"{read:,} article{'s' if read != 1 else ''} in {self.stories:,} distinct stor{'ies' if self.stories != 1 else 'y'}"
            )
        if self.headlines:
            parts.append(f"{self.headlines:,} headline{'s' if self.headlines != 1 else ''} only")
        if self.undated:
            parts.append(f"{self.undated:,} without a date left out")
        if self.cut:
            parts.append(f"{self.cut:,} cell{'s' if self.cut != 1 else ''} cut at {EXCEL_CELL:,} characters")
        return "; ".join(parts)


class Export:
    """The chosen coverage at one moment, read portion by portion while a crawl goes on writing; opened, read and closed in one thread.

    Raises NothingYet and NewerArchive for the archive, UsageError for a choice that cannot be. Use it by `with`, or close it.
    """

    def __init__(self, archive: Path, choice: Choice) -> None:
        self._choice = choice
        self._writer: Writer | None = None
        with ExitStack() as held:
            self._connection = held.enter_context(closing(open_reader(archive)))
            self._connection.execute("begin")
            self._done = counted(self._connection, choice)
            require_possible(self._connection, choice, self._done.rows)
            self._held = held.pop_all()

    @property
    def rows(self) -> int:
        """Count its rows, before they are read."""
        return self._done.rows

    @property
    def done(self) -> Exported:
        """Tell what was written; what had to be cut is known when all of it is read."""
        return replace(self._done, cut=self._writer.cut if self._writer else 0)

    def portions(self) -> Iterator[bytes]:
        """Give the file in portions; an empty one where a format has nothing to give yet."""
        choice = self._choice
        if choice.format == "atom":
            yield atom(self._connection, choice.selection, choice.masthead, text=choice.text)
            return
        writer = self._writer = writer_of(choice)
        self._held.callback(writer.close)
        yield from written(self._connection, choice, writer)

    def close(self) -> None:
        """Let go of the moment and of whatever was built."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def export_file(archive: Path, choice: Choice, target: Path | None) -> Exported:
    """Write the chosen coverage to `target`, or to standard output; a file appears only when it is whole.

    Raises NothingYet and NewerArchive for the archive, UsageError for the choice or the target, DiskFull when writing fails.
    """
    with Export(archive, choice) as export:
        try:
            with _outlet(target) as out:
                for portion in export.portions():
                    out.write(portion)
        except OSError as error:
            if target is None:  # a closed pipe is for whoever runs this to answer
                raise
            raise DiskFull(
                f"{target}: {error.strerror}. Free some space, or write elsewhere; no row was lost."
            ) from error
        return export.done


def writer_of(choice: Choice) -> Writer:
    """Make what writes the rows in the format of the choice; close it when all is read."""
    return WRITERS[choice.format]([column.name for column in columns(text=choice.text)])


def written(connection: sqlite3.Connection, choice: Choice, writer: Writer) -> Iterator[bytes]:
    """Give what a writer makes of the chosen rows, in portions; one statement."""
    yield writer.head()
    cursor = connection.execute(_select(choice), choice.selection.bound(connection))
    while rows := cursor.fetchmany(_AT_ONCE):
        yield b"".join(writer.row(tuple(row)) for row in rows)
    yield from writer.rest()


def require_possible(connection: sqlite3.Connection, choice: Choice, rows: int) -> None:
    """Raise UsageError for a campaign, query or source that is not in the archive, and for more rows than a sheet holds."""
    for name, known in _KNOWN.items():
        asked = getattr(choice.selection, name)
        if asked and not connection.execute(f"select 1 from ({known}) where name = ?", [asked]).fetchone():  # noqa: S608  our own words
            there = ", ".join(row[0] for row in connection.execute(f"{known} order by name")) or "-"
            raise Meaningless(UNKNOWN, name=name, given=asked, known=there)
    if choice.format == "xlsx" and rows > MOST_ROWS:
        raise Meaningless(TOO_MANY, rows=rows, most=MOST_ROWS)


# ---- what is asked ----------------------------------------------------------------------------------------------------------------

MESSAGES = (
    "{name}={given}: the archive knows no such one. It knows: {known}.",
    "{rows} rows are more than the {most} that a sheet of Excel holds. Ask for fewer days, or take the CSV.",
)
"""What is refused, as it is told in any language."""

UNKNOWN, TOO_MANY = MESSAGES

_KNOWN: Mapping[str, str] = {
    "campaign": "select id as name from campaign",
    "query": "select distinct campaign || '/' || name as name from query",
    "source": "select id as name from source",
}
"""What a selection may name, and where it stands; the words of the others are checked where it is read."""


def _select(choice: Choice) -> str:
    selection = choice.selection
    names = [column.name for column in COLUMNS]
    wanted = ", ".join([*names, newest_text(selection.view)] if choice.text else names)
    return f"select {wanted} from {selection.view} where {selection.condition()} order by published, id"  # noqa: S608  our own words


def counted(connection: sqlite3.Connection, choice: Choice) -> Exported:
    """Count the rows, the distinct stories among those that were read, and the headlines; a feed has the newest of them only."""
    selection = choice.selection
    asked = f"from {selection.view} where {selection.condition()}"
    bound = selection.bound(connection)
    if choice.format == "atom":
        sql = f"select count(*) from (select 1 {asked} limit {NEWEST})"  # noqa: S608  our own words
        return Exported(rows=connection.execute(sql, bound).fetchone()[0])
    numbers = "count(*), count(distinct iif(status = 'read', story, null)), coalesce(sum(status != 'read'), 0)"
    rows, stories, headlines = connection.execute(f"select {numbers} {asked}", bound).fetchone()
    return Exported(rows=rows, stories=stories, headlines=headlines, undated=_undated(connection, selection))


def _undated(connection: sqlite3.Connection, selection: Selection) -> int:
    """Count the articles that a range of days leaves out because nobody knows their day."""
    if selection.since is None and selection.until is None:
        return 0
    every = replace(selection, since=None, until=None)
    sql = f"select count(*) from {every.view} where published is null and {every.condition()}"  # noqa: S608  our own words
    return int(connection.execute(sql, every.bound(connection)).fetchone()[0])


# ---- where it goes ----------------------------------------------------------------------------------------------------------------


def require_target(target: Path) -> None:
    """Raise UsageError where no file of this name can be written: it is a folder, or lies in none."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder. Give -o the name of a file.")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}. Make it, or give -o another name.")


def _outlet(target: Path | None) -> AbstractContextManager[BinaryIO]:
    if target is None:
        return _standard_output()
    require_target(target)
    if target.exists() and not target.is_file():  # a pipe or a device must not be replaced
        return target.open("wb")
    return replacing(target.resolve())


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file beside `target` that takes its place once it is whole; nothing of it stays after an error."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
