"""The formats of an export as text: how one row after the other is written. A workbook of Excel's own: `archive.exports.workbook`."""

import csv
import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from archive.exports.columns import LISTS
from archive.khmer import starts_cluster

EXCEL_CELL = 32_767
"""Characters that a cell of Excel and LibreOffice holds, as UTF-16 counts them."""

CUT = " … [cut: the whole text is in the csv and jsonl formats]"
"""Marks a cell of which the end is missing."""

_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = ("\t", "\r", "\n")


class Writer(Protocol):
    """Turns one row of the coverage after the other into bytes of a file; `cut` counts the cells that had to lose their end."""

    cut: int

    def head(self) -> bytes:
        """Give what stands before the first row."""

    def row(self, values: Sequence[object]) -> bytes:
        """Give one row; `values` stand in the order of the columns, lists as JSON arrays."""

    def rest(self) -> Iterator[bytes]:
        """Give what stands behind the last row, in portions."""

    def close(self) -> None:
        """Let go of what was held, also when the rest was never asked for."""


class _Echo:
    """A file that gives back what is written, as csv.writer hands it on."""

    def write(self, text: str) -> str:
        return text


class _Text:
    """What all text formats share: nothing behind the last row, nothing held."""

    def __init__(self, names: Sequence[str]) -> None:
        self.cut = 0
        self._names = names
        self._lists = [place for place, name in enumerate(names) if name in LISTS]

    def rest(self) -> Iterator[bytes]:
        """Give nothing."""
        return iter(())

    def close(self) -> None:
        """Hold nothing."""


class ResearchCsv(_Text):
    """CSV for R and pandas: UTF-8, commas, quotes where needed (RFC 4180), a line feed after each row, nothing altered."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self._csv = csv.writer(_Echo(), lineterminator="\n")

    def head(self) -> bytes:
        """Name the columns."""
        return self._line(self._names)

    def row(self, values: Sequence[object]) -> bytes:
        """Give one line."""
        return self._line(joined(values, self._lists))

    def _line(self, cells: Sequence[object]) -> bytes:
        line: str = self._csv.writerow(cells)
        return line.encode()


class ExcelCsv(_Text):
    """CSV that opens right on a double-click: a byte order mark, or Khmer is garbage; no cell is a formula or too long."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self._csv = csv.writer(_Echo(), lineterminator="\r\n")

    def head(self) -> bytes:
        """Begin with the mark, then name the columns."""
        return b"\xef\xbb\xbf" + self._line(self._names)

    def row(self, values: Sequence[object]) -> bytes:
        """Give one line, harmless in a spreadsheet."""
        return self._line([self._cell(value) for value in joined(values, self._lists)])

    def _cell(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        guarded = guarded_cell(value)
        shown = fitted(guarded)
        self.cut += shown is not guarded
        return shown

    def _line(self, cells: Sequence[object]) -> bytes:
        line: str = self._csv.writerow(cells)
        return line.encode()


class JsonLines(_Text):
    """One JSON object a line, lists as arrays."""

    def head(self) -> bytes:
        """Need no heading: each line names its columns."""
        return b""

    def row(self, values: Sequence[object]) -> bytes:
        """Give one line."""
        told = list(values)
        for place in self._lists:
            told[place] = json.loads(str(told[place]))
        return (json.dumps(dict(zip(self._names, told, strict=True)), ensure_ascii=False) + "\n").encode()


def joined(values: Sequence[object], lists: Sequence[int]) -> list[object]:
    """Give the values of a row with those at the places of `lists` joined by "; "."""
    told = list(values)
    for place in lists:
        told[place] = "" if told[place] == "[]" else "; ".join(json.loads(str(told[place])))
    return told


def guarded_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula, also behind blanks and in full-width signs."""
    return f"'{text}" if text.startswith(_CONTROL) or text.lstrip().startswith(_FORMULA) else text


def fitted(text: str) -> str:
    """Give a text that fits into a cell: the same one wherever it does."""
    long = len(text) > EXCEL_CELL // 2 and len(text.encode("utf-16-le")) // 2 > EXCEL_CELL
    return cut_cell(text) if long else text


def cut_cell(text: str) -> str:
    """Cut a text to what a cell holds, between two Khmer clusters, and say so at its end."""
    room = EXCEL_CELL - len(CUT)
    end = len(text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore"))
    while end and not starts_cluster(text, end):
        end -= 1
    return text[:end] + CUT
