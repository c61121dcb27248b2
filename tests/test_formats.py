import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.exports.export import Choice, Exported, export_file
from archive.exports.formats import CUT, EXCEL_CELL, cut_cell, guarded_cell
from tests.archives import ARTICLES, build_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    return path


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+855", "-5", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", " =1+1", "\t=1", "\u00a0=1", "\rx", "\ttab", "\nx"],
)
def test_what_looks_like_a_formula_is_guarded(text: str) -> None:
    assert guarded_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ខ្ញុំ", "1=1", "a+b", "'=1", "2021-12-10", "https://x.example/?a=b", "🏳️‍🌈"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert guarded_cell(text) == text


@pytest.mark.parametrize("text", ["ខ្ញុំទទួលយក" * 4000, "🏳" * 30000, "x" * 40000])
def test_a_cell_is_cut_between_clusters_and_says_so(text: str) -> None:
    cut = cut_cell(text)
    assert EXCEL_CELL - 12 < len(cut.encode("utf-16-le")) // 2 <= EXCEL_CELL
    kept = cut.removesuffix(CUT)
    assert text.startswith(kept)
    assert kept != cut
    assert not "\u17b6" <= text[len(kept)] <= "\u17d3"


def test_excel_says_how_many_cells_it_cut(archive: Path, tmp_path: Path) -> None:
    done = export_file(archive, Choice(format="excel", text=True), tmp_path / "x.csv")
    assert done == Exported(rows=len(ARTICLES), stories=len(ARTICLES), cut=1)
    assert "1 cell cut at 32,767 characters" in str(done)


def converted(table: Path, to: str) -> Path:
    """Open a CSV in LibreOffice and save it as `to`; its window sees UTF-8 by the mark, its command line has to be told (76)."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: run `make test`, or apt-get install libreoffice-calc"
    profile = f"-env:UserInstallation={(table.parent / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--infilter=CSV:44,34,76,1",
        "--convert-to",
        to,
        "--outdir",
        str(table.parent / "out"),
        str(table),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return table.parent / "out" / f"{table.stem}.{to.partition(':')[0]}"


def test_the_excel_csv_opens_right_in_libreoffice(archive: Path, tmp_path: Path) -> None:
    table = tmp_path / "coverage.csv"
    export_file(archive, Choice(format="excel", text=True), table)
    assert table.read_bytes().startswith(b"\xef\xbb\xbfid,url,")
    sheet = converted(table, "fods").read_text(encoding="utf-8")
    assert "table:formula" not in sheet
    assert sheet.count("<table:table-row") == len(ARTICLES) + 1
    assert f"<text:p>{ARTICLES[0].title}</text:p>" in sheet
    assert "<text:p>&apos;=HYPERLINK(" in sheet
    assert "<text:p>&apos;@sum; ＝ចាន់ សុភា</text:p>" in sheet
    back = converted(table, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false").read_text(
        encoding="utf-8-sig"
    )
    read = list(csv.reader(io.StringIO(back)))
    sent = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert read == sent


def test_the_research_csv_is_not_guarded(archive: Path, tmp_path: Path) -> None:
    export_file(archive, Choice(), tmp_path / "raw.csv")
    assert "table:formula" in converted(tmp_path / "raw.csv", "fods").read_text(encoding="utf-8")
