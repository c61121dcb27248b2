import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from frictionless import Package, Schema

from archive.errors import UsageError
from archive.exports.columns import COLUMNS, LISTS
from archive.exports.export import Choice, Export
from archive.model import Site
from archive.release.release import Release, make_release, releases
from archive.selection import Selection
from tests.archives import ARTICLES, build_archive
from tests.exporting import CANARY, build_worked, expected, flat, read_csv, read_lines

SITE = Site(name='I Accept: "coverage"', name_km="ខ្ញុំទទួលយក", url="https://coverage.example")
NAMES = [
    *("CITATION.cff", "CODEBOOK.md", "README.md", "SHA256SUMS", "coverage.csv", "coverage.jsonl"),
    *("datapackage.json", "queries.toml", "sources.csv"),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "archive.db"
    build_worked(path)
    return path


def released(archive: Path, folder: Path, *, text: bool = False, **asked: Any) -> Release:
    return make_release(archive, Choice(selection=Selection(**asked), text=text), SITE, folder)


def contents(release: Release) -> dict[str, bytes]:
    assert release.file
    with ZipFile(release.file) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def change(archive: Path, sql: str) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        assert connection.execute(sql).rowcount


# ---- what is in it ----------------------------------------------------------------------------------------------------------------


def test_a_release_validates_and_so_does_each_of_its_files(archive: Path, tmp_path: Path) -> None:
    release = released(archive, tmp_path / "out")
    assert release.file
    with ZipFile(release.file) as packed:
        assert [name.partition("/")[2] for name in packed.namelist()] == NAMES
        assert {name.partition("/")[0] for name in packed.namelist()} == {"release-1"}
        packed.extractall(tmp_path)
    package = Package(str(tmp_path / "release-1" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["message"])
    assert [resource.name for resource in package.resources] == [
        "coverage",
        "sources",
        "coverage-jsonl",
        "queries-toml",
    ]
    for resource in package.resources:
        assert resource.validate().valid
    assert len(package.get_table_resource("coverage").read_rows()) == len(ARTICLES) - 2


def test_the_validation_can_fail(archive: Path, tmp_path: Path) -> None:
    release = released(archive, tmp_path)
    schema = Schema.from_descriptor(json.loads(contents(release)["datapackage.json"])["resources"][0]["schema"])
    assert schema.primary_key == ["id"]
    for name, wrong in (
        ("id", "58270e000000"),
        ("weak", "2"),
        ("published", "yesterday"),
        ("kind", "rumour"),
        ("revision", "0"),
    ):
        field = schema.get_field(name)
        reader = field.create_cell_reader()
        assert reader(wrong)[1], name


def test_the_checksums_hold(archive: Path, tmp_path: Path) -> None:
    files = contents(released(archive, tmp_path))
    told = {line.split("  ")[1]: line.split("  ")[0] for line in files.pop("SHA256SUMS").decode().splitlines()}
    assert told == {name: sha256(data).hexdigest() for name, data in files.items()}


def test_its_rows_are_those_of_an_export(archive: Path, tmp_path: Path) -> None:
    files = contents(released(archive, tmp_path))
    names = [column.name for column in COLUMNS]
    wanted = [{name: row[name] for name in names} for row in expected(archive)]
    assert read_csv(files["coverage.csv"]) == [flat(row) for row in wanted]
    assert read_lines(files["coverage.jsonl"]) == [
        {name: json.loads(value) if name in LISTS else value for name, value in row.items()} for row in wanted
    ]
    with Export(archive, Choice()) as export:
        assert files["coverage.csv"] == b"".join(export.portions())


def test_pandas_reads_it_with_its_types(archive: Path, tmp_path: Path) -> None:
    data = contents(released(archive, tmp_path))["coverage.csv"]
    frame = pd.read_csv(
        io.BytesIO(data),
        dtype={"id": "string"},
        keep_default_na=False,
        na_values=[""],
        parse_dates=["published", "first_seen"],
    )
    assert frame["id"].str.fullmatch("a[0-9a-f]{16}").all()
    assert frame["published"].dtype.kind == "M"
    assert str(frame["first_seen"].dt.tz) == "UTC"
    assert frame["weak"].dtype.kind == frame["revision"].dtype.kind == "i"
    assert frame["published"].isna().sum() == 2


def test_the_codebook_tells_of_every_column_in_both_languages(archive: Path, tmp_path: Path) -> None:
    files = contents(released(archive, tmp_path))
    book = files["CODEBOOK.md"].decode()
    fields = json.loads(files["datapackage.json"])["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == [column.name for column in COLUMNS]
    for field in fields:
        assert f"| `{field['name']}` |" in book
        assert field["description"] in book
        assert field["description_km"] in book


def test_the_queries_are_there_in_every_version(archive: Path, tmp_path: Path) -> None:
    change(
        archive,
        "insert into query (campaign, name, version, label, find, words, first_used) select campaign, name, 2, 'say \"\\\x7f\"', find, words,"
        " first_used from query where name = 'slogan'",
    )
    told = tomllib.loads(contents(released(archive, tmp_path))["queries.toml"].decode())["query"]
    assert [(one["campaign"], one["name"], one["version"]) for one in told] == [
        ("i-accept", "rights", 1),
        ("i-accept", "slogan", 1),
        ("i-accept", "slogan", 2),
        ("rivers", "water", 1),
    ]
    assert told[2]["label"] == 'say "\\\x7f"'
    assert told[0]["find"] == "សិទ្ធិ OR rights"
    assert told[0]["terms"][1] == {"say": "សិទ្ធិ", "also": [], "unless": ["កម្មសិទ្ធិ"], "case": "any"}
    of_one = contents(released(archive, tmp_path, campaign="rivers"))
    assert {one["campaign"] for one in tomllib.loads(of_one["queries.toml"].decode())["query"]} == {"rivers"}
    assert len(read_csv(of_one["coverage.csv"])) == 2


def test_it_can_be_cited(archive: Path, tmp_path: Path) -> None:
    lines = contents(released(archive, tmp_path))["CITATION.cff"].decode().splitlines()
    told = [
        (name.strip(), json.loads(value) if value else None)
        for name, _, value in (line.partition(": ") for line in lines)
    ]
    assert told == [
        ("cff-version", "1.2.0"),
        ("message", "If you use this data, please cite it as below."),
        ("type", "dataset"),
        ("title", 'I Accept: "coverage": coverage'),
        ("version", "1"),
        ("date-released", "2024-03-04"),  # of the correction, not of the note that came later
        ("url", "https://coverage.example"),
        ("authors:", None),
        ("- name", 'I Accept: "coverage"'),
    ]


@pytest.mark.parametrize("text", [True, False])
def test_texts_are_only_there_when_asked_for_and_nothing_of_the_desk_ever(
    archive: Path, tmp_path: Path, *, text: bool
) -> None:
    files = contents(released(archive, tmp_path, text=text))
    sentence = "ទឹកទន្លេឡើងខ្ពស់នៅខេត្តក្រចេះ ហើយកសិករព្រួយបារម្ភ"
    everything = b"".join(files.values()).decode()
    assert (ARTICLES[-1].text[-40:-20] in everything) == text
    assert ("do not publish or pass on" in files["README.md"].decode().lower()) == text
    assert CANARY not in everything
    assert "note" not in next(csv.reader(io.StringIO(files["sources.csv"].decode())))
    assert sentence[:10] in everything  # in its quote


# ---- its number -------------------------------------------------------------------------------------------------------------------

_BUILD = """
import os, sys, time
from pathlib import Path
os.umask(int(sys.argv[3], 8))
from archive.exports.export import Choice
from archive.model import Site
from archive.release.release import make_release
made = make_release(Path(sys.argv[1]), Choice(), Site(name="Coverage"), Path(sys.argv[2]))
print(made.file)
"""


def test_two_builds_are_the_same_byte_for_byte_wherever_and_whenever(archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "archive.db"
    other.parent.mkdir()
    shutil.copy(archive, other)
    built = []
    for number, (path, zone, mask) in enumerate(
        [(archive, "UTC", "022"), (archive, "Asia/Tokyo", "077"), (other, "America/Lima", "000")]
    ):
        command = [sys.executable, "-c", _BUILD, str(path), str(tmp_path / f"out-{number}"), mask]
        done = subprocess.run(
            command, env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number)}, capture_output=True, check=True
        )
        file = Path(done.stdout.decode().strip())
        os.utime(file)
        built.append((file.name, file.read_bytes()))
    assert built[0] == built[1] == built[2]
    assert built[0][0] == "release-1.zip"
    assert len(releases(archive)) == 1


def test_changed_data_are_the_next_release_and_the_first_can_still_be_told(archive: Path, tmp_path: Path) -> None:
    first = released(archive, tmp_path)
    before = contents(first)
    change(archive, "update article set tone = 'neutral' where url like '%/river'")
    second = released(archive, tmp_path)
    assert (first.number, second.number) == (1, 2)
    assert sorted(file.name for file in tmp_path.glob("*.zip")) == ["release-1.zip", "release-2.zip"]
    assert contents(first) == before
    assert [(one.number, one.articles, one.day) for one in releases(archive)] == [
        (1, 10, "2024-03-04"),
        (2, 10, "2024-03-04"),
    ]
    change(archive, "update article set tone = null where url like '%/river'")
    again = released(archive, tmp_path / "again")
    assert again.number == 1
    assert contents(again) == before


def test_another_choice_is_another_release(archive: Path, tmp_path: Path) -> None:
    choices: list[dict[str, Any]] = [{}, {"campaign": "i-accept"}, {"since": date(2022, 1, 1)}, {"text": True}, {}]
    made = [released(archive, tmp_path, **choice) for choice in choices]
    assert [one.number for one in made] == [1, 2, 3, 4, 1]
    assert [one.asked for one in releases(archive)] == ["", "campaign=i-accept", "from=2022-01-01", "text=yes"]


def test_a_note_changes_nothing_that_is_told(archive: Path, tmp_path: Path) -> None:
    released(archive, tmp_path)
    change(
        archive,
        "insert into decision (token, article, kind, value, who, at) values ('t9', 1, 'note', '\"x\"', 'dara', '2025-01-01T00:00:00Z')",
    )
    assert released(archive, tmp_path).number == 1


def test_nothing_is_no_release(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    build_archive(path, [])
    with pytest.raises(UsageError, match="no coverage"):
        released(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert releases(path) == []
