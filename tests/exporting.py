"""An archive on which people worked, and the formats of an export read back."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl

from archive.database import open_reader
from archive.exports.columns import LISTS
from archive.selection import Selection
from tests.archives import build_archive

CANARY = "canary-of-the-desk"
"""Stands wherever only the team may read: in notes, reasons and accounts."""

ODD_TITLE = "\x00\x0bbell\x07 <b>&amp;</b> \ufffe_x000D_ end"
"""A title no XML can hold as it is."""

_WORK = (
    "update article set decision = 'reject' where url like '%/love'",
    "update article set hidden = 1 where url like '%/digits'",
    "update article set decision = 'keep', tone = 'positive', published_origin = 'person' where url like '%/slogan'",
    "update article set gone_on = '2024-02-01', decision = 'unsure' where url like '%/river'",
    "update article set kind = 'radio', media = 'owned' where url like '%/en/mixed'",
    (
        "insert into decision (token, article, kind, value, reason, who, at) select 't1', id, 'note', '\"{0}\"', '{0}', '{0}',"
        " '2024-03-05T00:00:00Z' from article where url like '%/slogan'"
    ),
    (
        "insert into decision (token, article, kind, value, reason, who, at) select 't2', id, 'published', '\"2021-12-10\"', '{0}', '{0}',"
        " '2024-03-04T00:00:00Z' from article where url like '%/slogan'"
    ),
    (
        "insert into correction (article, field, original, decision) select article, 'published', '{{\"published\": \"{0}\"}}', id from decision"
        " where token = 't2'"
    ),
    "insert into looked (who, article, at) values ('{0}', 3, '2024-03-01T00:00:00Z')",
    (
        "insert into addition (token, campaign, kind, media, note, who, at, state, article) select 'a1', 'rivers', 'radio', 'owned', '{0}', '{0}',"
        " '2024-03-01T00:00:00Z', 'done', id from article where url like '%/en/mixed'"
    ),
    "update source set note = '{0}'",
)


def build_worked(path: Path) -> None:
    """Make an archive in which articles are rejected, hidden, corrected, coded and noted."""
    build_archive(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in _WORK:
            assert connection.execute(statement.format(CANARY)).rowcount, statement
        connection.execute("update article set title = ? where url like '%/script'", [ODD_TITLE])


def expected(path: Path, selection: Selection | None = None) -> list[dict[str, Any]]:
    """Give the rows that an export must have, straight from the view."""
    asked = selection or Selection()
    with closing(open_reader(path)) as connection:
        sql = f"select * from {asked.view} where {asked.condition()} order by published, id"
        return [dict(row) for row in connection.execute(sql, asked.bound(connection))]


def flat(row: dict[str, Any]) -> dict[str, str]:
    """Give a row as a table of texts shows it."""
    return {name: _flat(name, value) for name, value in row.items()}


def _flat(name: str, value: object) -> str:
    if name in LISTS and isinstance(value, str):
        value = json.loads(value)
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().splitlines()]


def read_sheet(data: bytes) -> list[dict[str, Any]]:
    """Read a workbook as another library sees it; openpyxl leaves the escapes of control characters as they are."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    with closing(book):
        names, *rows = [[cell.value for cell in row] for row in book["coverage"].iter_rows()]
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]
