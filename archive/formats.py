"""The formats of an export: how one row after the other is written."""

import csv
import json
from collections.abc import Callable, Mapping
from typing import Literal, Protocol, TextIO

from archive.khmer import starts_cluster

Format = Literal["csv", "excel", "jsonl"]

LISTS = frozenset({"authors", "campaigns", "queries", "terms", "flags"})
"""Columns of several values: joined by "; " in CSV, arrays in JSON Lines."""

EXCEL_CELL = 32_767
"""Characters that a cell of Excel and LibreOffice holds."""

CUT = " … [cut: the whole text is in the csv and jsonl formats]"
"""Marks a cell of which the end is missing."""

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = ("\t", "\r", "\n")


class Writer(Protocol):
    """Writes one row after the other; `cut` counts the cells that had to lose their end."""

    cut: int

    def begin(self, names: tuple[str, ...]) -> None:
        """Write the names of the columns."""

    def write(self, row: Mapping[str, object]) -> None:
        """Write the values of one row of the coverage by their names."""


class _Research:
    """CSV for R and pandas: UTF-8, commas, quotes where needed (RFC 4180), a line feed after each row, nothing altered."""

    cut = 0

    def __init__(self, out: TextIO) -> None:
        self._csv = csv.writer(out, lineterminator="\n")

    def begin(self, names: tuple[str, ...]) -> None:
        self._csv.writerow(names)

    def write(self, row: Mapping[str, object]) -> None:
        self._csv.writerow(_joined(row))


class _Excel:
    """CSV that opens right on a double-click: a byte order mark, or Khmer is garbage; no cell is a formula or too long."""

    def __init__(self, out: TextIO) -> None:
        self.cut = 0
        self._out = out
        self._csv = csv.writer(out, lineterminator="\r\n")

    def begin(self, names: tuple[str, ...]) -> None:
        self._out.write("\ufeff")
        self._csv.writerow(names)

    def write(self, row: Mapping[str, object]) -> None:
        self._csv.writerow([self._cell(value) for value in _joined(row)])

    def _cell(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        guarded = guarded_cell(value)
        whole = len(guarded.encode("utf-16-le")) // 2 <= EXCEL_CELL
        self.cut += not whole
        return guarded if whole else cut_cell(guarded)


class _JsonLines:
    """One JSON object a line, lists as arrays."""

    cut = 0

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def begin(self, names: tuple[str, ...]) -> None:
        """Need no heading: each line names its columns."""

    def write(self, row: Mapping[str, object]) -> None:
        values = {name: json.loads(str(value)) if name in LISTS else value for name, value in row.items()}
        self._out.write(json.dumps(values, ensure_ascii=False) + "\n")


WRITERS: Mapping[Format, Callable[[TextIO], Writer]] = {"csv": _Research, "excel": _Excel, "jsonl": _JsonLines}


def _joined(row: Mapping[str, object]) -> list[object]:
    return ["; ".join(json.loads(str(value))) if name in LISTS else value for name, value in row.items()]


def guarded_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula, also behind blanks and in full-width signs."""
    return f"'{text}" if text.startswith(_CONTROL) or text.lstrip().startswith(_FORMULA) else text


def cut_cell(text: str) -> str:
    """Cut a text to what a cell holds, between two Khmer clusters, and say so at its end."""
    room = EXCEL_CELL - len(CUT)
    end = len(text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore"))
    while end and not starts_cluster(text, end):
        end -= 1
    return text[:end] + CUT
