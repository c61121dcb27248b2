import io
import re
import tempfile
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree

from archive.errors import UsageError
from archive.exports import workbook
from archive.exports.export import Choice, Export, export_file
from archive.exports.formats import CUT, EXCEL_CELL
from tests.archives import ARTICLES
from tests.exporting import build_worked, read_sheet


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_worked(path)
    return path


@pytest.fixture(scope="module")
def book(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("books") / "coverage.xlsx"
    done = export_file(archive, Choice(format="xlsx", text=True), target)
    assert (done.rows, done.cut) == (len(ARTICLES) - 2, 1)
    assert str(done).endswith("1 cell cut at 32,767 characters")
    return target.read_bytes()


def test_no_cell_is_a_formula_a_link_or_a_number_that_was_a_text(book: bytes) -> None:
    with ZipFile(io.BytesIO(book)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert [name for name in packed.namelist() if "rels" in name and "sheet" in name] == []
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert set(re.findall(r'<c r="([A-Z]+)\d+"(?: s="\d+")?><v>', sheet)) == {"J", "R", "V", "W"}  # the four that count
    row = next(row for row in read_sheet(book) if row["url"].endswith("/formula"))
    assert (row["title"], row["authors"]) == ('=HYPERLINK("http://evil.example","សិទ្ធិ")', "@sum; ＝ចាន់ សុភា")
    assert isinstance(row["id"], str)
    assert isinstance(row["published"], str)
    assert row["weak"] == 0


def test_the_names_of_the_columns_stay_in_sight(book: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book))["coverage"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:AG{len(ARTICLES) - 1}"
    assert sheet.column_dimensions["E"].width == pytest.approx(60, abs=1)
    assert sheet["A1"].font.bold


def test_a_long_text_is_cut_and_says_so(book: bytes) -> None:
    texts = {row["url"].rpartition("/")[2]: row["text"] for row in read_sheet(book)}
    assert texts["long"].endswith(CUT)
    assert EXCEL_CELL - 12 < len(texts["long"]) <= EXCEL_CELL
    assert texts["river"] == next(one.text for one in ARTICLES if one.url.endswith("/river"))


def test_control_characters_do_not_break_the_file(book: bytes) -> None:
    with ZipFile(io.BytesIO(book)) as packed:
        for name in packed.namelist():
            etree.fromstring(packed.read(name))
    title = next(row["title"] for row in read_sheet(book) if row["url"].endswith("/script"))
    assert title == "_x0000__x000B_bell_x0007_ <b>&amp;</b> _xFFFE__x005F_x000D_ end"  # as Excel writes them


def test_more_rows_than_a_sheet_holds_are_refused_before_one_is_written(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.exports.export.MOST_ROWS", 5)
    with pytest.raises(UsageError, match="more than the 5 that a sheet of Excel holds"):
        export_file(archive, Choice(format="xlsx"), tmp_path / "x.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert export_file(archive, Choice(format="csv"), tmp_path / "x.csv").rows > 5
    assert workbook.MOST_ROWS == 2**20 - 1


def test_nothing_stays_behind_when_nobody_waits_for_the_end(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Export(archive, Choice(format="xlsx")) as export:
        portions = export.portions()
        assert [next(portions), next(portions)] == [b"", b""]
        assert list(tmp_path.iterdir()) != []
    assert list(tmp_path.iterdir()) == []
    with Export(archive, Choice(format="xlsx")) as export:
        assert b"".join(export.portions()).startswith(b"PK")
    assert list(tmp_path.iterdir()) == []
