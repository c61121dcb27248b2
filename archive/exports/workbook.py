"""The coverage as a workbook of Excel's own (XLSX), in constant memory: built in a temporary folder, given in portions, then gone."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from archive.exports.columns import LISTS, columns
from archive.exports.formats import fitted, joined

MOST_ROWS = 1_048_575
"""Rows that a sheet of Excel holds below the one that names the columns."""

_AS_THEY_ARE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,  # only used by a sheet of more than 2 GB, as texts of Khmer can make it
}
_PORTION = 256 * 1024
_WIDTHS = {column.name: column.width for column in columns(text=True)}


class Workbook:
    """One sheet: the names of the columns stay in sight, every text is a text and never a formula, link or number."""

    def __init__(self, names: Sequence[str]) -> None:
        self.cut = 0
        self._names = names
        self._lists = [place for place, name in enumerate(names) if name in LISTS]
        self._folder = TemporaryDirectory(prefix="tamdan-")
        self._path = Path(self._folder.name) / "coverage.xlsx"
        self._book = xlsxwriter.Workbook(self._path, {**_AS_THEY_ARE, "tmpdir": self._folder.name})
        self._sheet = self._book.add_worksheet("coverage")
        self._rows = 0

    def head(self) -> bytes:
        """Write the names of the columns; a workbook gives nothing before it is whole."""
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(self._names):
            self._sheet.set_column(place, place, _WIDTHS[name])
            self._sheet.write_string(0, place, name, bold)
        return b""

    def row(self, values: Sequence[object]) -> bytes:
        """Write one row; a missing value is an empty cell, and a day stays the text it is."""
        self._rows += 1
        for place, value in enumerate(joined(values, self._lists)):
            if isinstance(value, int):
                self._sheet.write_number(self._rows, place, value)
            elif value:
                self._sheet.write_string(self._rows, place, self._shown(str(value)))
        return b""

    def _shown(self, text: str) -> str:
        shown = fitted(text)
        self.cut += shown is not text
        return shown

    def rest(self) -> Iterator[bytes]:
        """Give the whole file."""
        self._sheet.autofilter(0, 0, self._rows, len(self._names) - 1)
        self._book.close()
        with self._path.open("rb") as file:
            while portion := file.read(_PORTION):
                yield portion

    def close(self) -> None:
        """Delete what was built."""
        self._sheet.row_data_fh.close()  # still open where nobody asked for the rest
        self._folder.cleanup()
