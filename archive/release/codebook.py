"""What the columns of a release mean: a Frictionless Table Schema and CODEBOOK.md, both told by the descriptions that the site shows too."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from archive.exports.columns import TEXT, Column
from archive.home import SHIPPED

METADATA = SHIPPED / "datasette-metadata.json"


class Meaning(NamedTuple):
    """What a column means, in both languages."""

    km: str
    en: str


def meanings(table: str) -> Mapping[str, Meaning]:
    """Tell what the columns of a table or view mean."""
    return {name: Meaning(*text.split(" — ", 1)) for name, text in _tables()[table]["columns"].items()}


@cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["archive"]["tables"]
    return tables


def meaning(table: str, column: Column) -> Meaning:
    """Tell what a column of a file means; the texts stand in a table of their own."""
    return meanings("revision" if column is TEXT else table)[column.name]


# ---- Frictionless -----------------------------------------------------------------------------------------------------------------


def table_schema(table: str, columns: Sequence[Column]) -> dict[str, Any]:
    """Give the Table Schema of a CSV; lists are texts there, joined by what `separator` tells."""
    return {
        "fields": [_field(table, column) for column in columns],
        "missingValues": [""],
        "primaryKey": ["id"],
    }


def _field(table: str, column: Column) -> dict[str, Any]:
    told = meaning(table, column)
    kind = "string" if column.type == "list" else column.type
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": told.en, "description_km": told.km}
    if column.type == "list":
        field["separator"] = "; "
    constraints = _constraints(column)
    return field | ({"constraints": constraints} if constraints else {})


def _constraints(column: Column) -> dict[str, Any]:
    told = {
        "required": column.required,
        "unique": column.name == "id",
        "enum": list(column.allowed),
        "pattern": column.pattern,
    }
    return {name: value for name, value in told.items() if value} | (
        {} if column.least is None else {"minimum": column.least}
    )


# ---- for people -------------------------------------------------------------------------------------------------------------------

_HEAD = """# Codebook

One row per article. Instants are UTC (2021-12-09T07:30:00Z), days are ISO days (2021-12-09) in the source's own time zone. Empty means that the page does not say.
Lists are joined by `; ` in CSV and arrays in JSON Lines.
"""


def codebook(files: Mapping[str, tuple[str, Sequence[Column]]]) -> str:
    """Give CODEBOOK.md of files by their names: the table or view each was made of, and its columns."""
    return "\n".join([_HEAD, *(_section(name, table, columns) for name, (table, columns) in files.items())])


def _section(name: str, table: str, columns: Sequence[Column]) -> str:
    rows = [_row(column, meaning(table, column)) for column in columns]
    return "\n".join([f"## {name}", "", "| column | type | meaning | Khmer |", "|---|---|---|---|", *rows, ""])


def _row(column: Column, told: Meaning) -> str:
    limits = [f"one of: {', '.join(map(str, column.allowed))}"] if column.allowed else []
    limits += ["never empty"] if column.required else []
    kind = "; ".join([column.type, *limits])
    return f"| `{column.name}` | {kind} | {told.en} | {told.km} |"
