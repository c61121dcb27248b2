"""A table of many additions (CSV): read whole, all mistakes told at once, nothing added before it is right."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

from archive.desk.uploads import MOST_BYTES
from archive.desk.wishes import Draft
from archive.errors import UsageError

COLUMNS = (*(field.name for field in fields(Draft)), "file")
"""In any order; only what is needed must be there."""

DELIMITERS = ",;\t"
"""Excel writes semicolons where the comma parts decimals."""

LONGEST_CELL = 1_000_000
"""Characters; Python's own limit is shorter than a long interview."""

MISTAKES_TOLD = 50
"""Mistakes shown of a table; more are counted only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One addition of a table."""

    line: int
    """Where it begins in the file, from 1."""
    draft: Draft
    file: Path | None
    """A name in the table is one in the folder of the table."""


class TableError(UsageError):
    """A table has mistakes; all of them are told."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.problems = problems
        more = f"\n  ... and {len(problems) - MISTAKES_TOLD} more" if len(problems) > MISTAKES_TOLD else ""
        told = "\n".join(f"  {problem}" for problem in problems[:MISTAKES_TOLD])
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}; nothing was added"
        super().__init__(f"{path}: {count}\n{told}{more}")


def read_table(path: Path) -> list[Row]:
    """Read the rows of a table. Raises TableError where the file is none, or has columns or cells that cannot be."""
    text = _text(path)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    problems: list[str] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        problems += _wrong_columns(names)
        rows = list(_rows(reader, names, path.parent, problems)) if not problems else []
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}. Is a quotation mark missing?")
    if problems:
        raise TableError(path, problems)
    return rows


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(path, ["the table is larger than 20 MB. Cut it in parts"])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Give the path of a file, or an address with https://") from error
    except UnicodeDecodeError as error:
        raise TableError(
            path, [f"byte {error.start + 1}: no UTF-8. In Excel, save it as «CSV UTF-8»; in LibreOffice, choose UTF-8"]
        ) from error


def _delimiter(text: str) -> str:
    """Take what parts the names of columns best."""
    heading = text.partition("\n")[0].strip().lower()
    return max(DELIMITERS, key=lambda sign: len({name.strip(' "') for name in heading.split(sign)} & set(COLUMNS)))


def _wrong_columns(names: list[str]) -> list[str]:
    known = ", ".join(COLUMNS)
    problems = [
        f"line 1: no column may be called {name!r}. The columns are: {known}" for name in names if name not in COLUMNS
    ]
    problems += [
        f"line 1: two columns are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if not set(names) & {"url", "title", "text", "file"}:
        problems.append(f"line 1: the names of the columns are missing. The first line names them: {known}")
    return problems


def _rows(reader: Any, names: list[str], folder: Path, problems: list[str]) -> Iterator[Row]:
    line = reader.line_num + 1
    for cells in reader:
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            problems.append(f"line {line}: {len(cells)} cells where the first line names {len(names)} columns")
        elif any(cell.strip() for cell in cells):
            told = dict(zip(names, cells, strict=False))
            file = told.pop("file", "").strip()
            yield Row(line, Draft(**told), folder / file if file else None)
        line = reader.line_num + 1
