"""The coverage as a file: CSV for research, CSV for Excel, JSON Lines. One statement and one moment each, in constant memory."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from archive.database import open_reader
from archive.errors import DiskFull, UsageError
from archive.formats import EXCEL_CELL, WRITERS, Format

COLUMNS = (
    "id",
    "url",
    "source",
    "source_name",
    "title",
    "published",
    "published_at",
    "published_origin",
    "published_precision",
    "published_reliable",
    "modified",
    "language",
    "authors",
    "campaigns",
    "queries",
    "terms",
    "quote",
    "weak",
    "status",
    "story",
    "flags",
    "revision",
    "words_est",
    "first_seen",
    "captured_from",
)
"""What every export holds, in this order; `text` comes last where it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is exported, and how; days are inclusive and those on which the sources published."""

    campaign: str | None = None
    since: date | None = None
    until: date | None = None
    format: Format = "csv"
    text: bool = False
    """Whether the text of the newest revision goes with it."""


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
        if self.rows > self.headlines:
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


def export_file(archive: Path, choice: Choice, target: Path | None) -> Exported:
    """Write the chosen coverage to `target`, or to standard output; a file appears only when it is whole.

    Raises NothingYet and NewerArchive for the archive, UsageError for the choice or the target, DiskFull when writing fails.
    """
    with closing(open_reader(archive)) as connection, snapshot(connection):
        require_possible(connection, choice)
        try:
            with _outlet(target) as out:
                return export(connection, choice, out)
        except OSError as error:
            if target is None:  # a closed pipe is for whoever runs this to answer
                raise
            raise DiskFull(
                f"{target}: {error.strerror}. Free some space, or write elsewhere; no row was lost."
            ) from error


def export(connection: sqlite3.Connection, choice: Choice, out: TextIO) -> Exported:
    """Write the chosen coverage to `out`, which must be UTF-8 and not translate line ends; ordered by day, then id."""
    writer = WRITERS[choice.format](out)
    names = (*COLUMNS, "text") if choice.text else COLUMNS
    writer.begin(names)
    rows = 0
    for row in connection.execute(_select(choice), _bound(choice)):
        writer.write(dict(zip(names, row, strict=True)))
        rows += 1
    stories, headlines = _counted(connection, choice)
    return Exported(
        rows=rows, stories=stories, headlines=headlines, undated=_undated(connection, choice), cut=writer.cut
    )


def require_possible(connection: sqlite3.Connection, choice: Choice) -> None:
    """Raise UsageError for a campaign that is not in the archive and for days in the wrong order."""
    if choice.since and choice.until and choice.since > choice.until:
        raise UsageError(f"--from {choice.since} comes after --to {choice.until}. Give the earlier day to --from.")
    known = [row[0] for row in connection.execute("select id from campaign order by id")]
    if choice.campaign is not None and choice.campaign not in known:
        raise UsageError(
            f"--campaign {choice.campaign}: there is no such campaign. There are: {', '.join(known) or 'none'}."
        )


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let everything read inside be of one moment, while a crawl goes on writing."""
    connection.execute("begin")
    try:
        yield
    finally:
        connection.execute("rollback")


# ---- what is asked ----------------------------------------------------------------------------------------------------------------

_OF_CAMPAIGN = (
    "article in (select article_query.article from article_query join query on query.id = article_query.query"
    " where query.campaign = :campaign)"
)
_TEXT = "(select text from revision where revision.article = coverage.article and revision.number = coverage.revision)"


def _select(choice: Choice) -> str:
    names = ", ".join((*COLUMNS, _TEXT) if choice.text else COLUMNS)
    return f"select {names} from coverage where {_condition(choice)} order by published, id"  # noqa: S608  our own words


def _condition(choice: Choice) -> str:
    asked = (
        (choice.campaign, _OF_CAMPAIGN),
        (choice.since, "published >= :since"),
        (choice.until, "published <= :until"),
    )
    return " and ".join(condition for value, condition in asked if value is not None) or "true"


def _bound(choice: Choice) -> dict[str, str | None]:
    return {
        "campaign": choice.campaign,
        "since": choice.since.isoformat() if choice.since else None,
        "until": choice.until.isoformat() if choice.until else None,
    }


def _counted(connection: sqlite3.Connection, choice: Choice) -> tuple[int, int]:
    """Count the distinct stories among the articles that were read, and the rows that are a headline only."""
    counted = "count(distinct iif(status = 'read', story, null)), coalesce(sum(status != 'read'), 0)"
    sql = f"select {counted} from coverage where {_condition(choice)}"  # noqa: S608  our own words
    stories, headlines = connection.execute(sql, _bound(choice)).fetchone()
    return stories, headlines


def _undated(connection: sqlite3.Connection, choice: Choice) -> int:
    """Count the articles that a range of days leaves out because nobody knows their day."""
    if choice.since is None and choice.until is None:
        return 0
    undated = _condition(Choice(campaign=choice.campaign))
    sql = f"select count(*) from coverage where published is null and {undated}"  # noqa: S608  our own words
    return int(connection.execute(sql, _bound(choice)).fetchone()[0])


# ---- where it goes ----------------------------------------------------------------------------------------------------------------


def _outlet(target: Path | None) -> AbstractContextManager[TextIO]:
    if target is None:
        return _standard_output()
    if target.is_dir():
        raise UsageError(f"{target} is a folder. Give -o the name of a file.")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}. Make it, or give -o another name.")
    if target.exists() and not target.is_file():  # a pipe or a device must not be replaced
        return target.open("w", encoding="utf-8", newline="")
    return _replacing(target.resolve())


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    out = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield out
        out.flush()
    finally:
        out.detach()


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    """Open a file beside `target` that takes its place once it is whole; nothing of it stays after an error."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
