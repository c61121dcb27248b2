"""The papers of a release beside its data: data package, readme, citation, queries, sources, checksums. Each the same wherever and whenever it is made."""

import json
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive.exports.columns import Column, columns
from archive.exports.export import Choice
from archive.exports.formats import ResearchCsv
from archive.model import Site
from archive.release.codebook import codebook, table_schema
from archive.stamp import software

SOURCES = (
    Column(name="id", required=True),
    Column(name="name", required=True),
    Column(name="name_km"),
    Column(name="status", required=True, allowed=("open", "closed", "suspended", "unconfirmed")),
    Column(name="languages", type="list"),
    Column(name="homepage"),
    Column(name="zone", required=True),
    Column(name="verified_on", type="date"),
)
"""What a release tells of the sources; the team's notes on them stay at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What one release says of itself."""

    number: int
    """From 1; 0 while nobody knows it yet."""
    day: str
    """ISO day of the newest change of what is in it."""
    articles: int
    choice: Choice
    site: Site

    @property
    def title(self) -> str:
        """Name the data set."""
        return f"{self.site.name or 'Tamdan'}: coverage"

    @property
    def asked(self) -> str:
        """Give what was chosen as the parameters of a search; empty for all."""
        return urlencode(self.choice.selection.parameters() | ({"text": "yes"} if self.choice.text else {}))


@dataclass(frozen=True, slots=True)
class Sum:
    """Size and checksum of one file."""

    bytes: int
    sha256: str


def citation(bundle: Bundle) -> str:
    """Give CITATION.cff; its strings are JSON, which YAML reads."""
    told = {
        "cff-version": "1.2.0",
        "message": "If you use this data, please cite it as below.",
        "type": "dataset",
        "title": bundle.title,
        "version": str(bundle.number),
        "date-released": bundle.day,
        "url": bundle.site.url,
    }
    lines = [f"{name}: {_quoted(value)}" for name, value in told.items() if value]
    return "\n".join([*lines, "authors:", f"  - name: {_quoted(bundle.site.name or 'Tamdan')}", ""])


def data_package(bundle: Bundle, sums: Mapping[str, Sum]) -> str:
    """Give datapackage.json, which describes the data so that a program can read and validate it (Frictionless Data Package 1)."""
    rows = columns(text=bundle.choice.text)
    told = {
        "profile": "data-package",
        "name": "coverage",
        "title": bundle.title,
        "version": str(bundle.number),
        "created": f"{bundle.day}T00:00:00Z",
        **({"homepage": bundle.site.url} if bundle.site.url else {}),
        "description": f"News coverage found by {software()}. CODEBOOK.md tells what the columns mean, README.md what was chosen.",
        "resources": [
            _table("coverage", sums, table_schema("coverage", rows)),
            _table("sources", sums, table_schema("source", SOURCES)),
            _file("coverage.jsonl", sums) | {"description": _SAME_ROWS},
            _file("queries.toml", sums) | {"description": _QUERIES},
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _table(name: str, sums: Mapping[str, Sum], schema: dict[str, Any]) -> dict[str, Any]:
    file = _file(f"{name}.csv", sums)
    return file | {"name": name, "type": "table", "mediatype": "text/csv", "schema": schema}


def _file(path: str, sums: Mapping[str, Sum]) -> dict[str, Any]:
    return {
        "name": path.replace(".", "-"),
        "type": "file",
        "path": path,
        "format": path.rpartition(".")[2],
        "encoding": "utf-8",
        "bytes": sums[path].bytes,
        "hash": f"sha256:{sums[path].sha256}",
    }


def readme(bundle: Bundle) -> str:
    """Give README.md."""
    return _README.format(
        title=bundle.title,
        number=bundle.number,
        day=bundle.day,
        articles=f"{bundle.articles:,}",
        chosen=f"`{bundle.asked}`" if bundle.asked else "everything",
        software=software(),
        rights=_WITH_TEXTS if bundle.choice.text else _WITHOUT_TEXTS,
    )


def codebook_of(choice: Choice) -> str:
    """Give CODEBOOK.md."""
    files = {
        "coverage.csv, coverage.jsonl": ("coverage", columns(text=choice.text)),
        "sources.csv": ("source", SOURCES),
    }
    return codebook(files)


def sources(connection: sqlite3.Connection) -> str:
    """Give sources.csv: every outlet that was followed."""
    names = [column.name for column in SOURCES]
    writer = ResearchCsv(names)
    rows = connection.execute(f"select {', '.join(names)} from source order by id")  # noqa: S608  our own words
    return b"".join([writer.head(), *(writer.row(tuple(row)) for row in rows)]).decode()


def queries(connection: sqlite3.Connection, campaign: str) -> str:
    """Give queries.toml: every version of every query of a campaign, or of all, with the terms and spellings that were in force."""
    rows = connection.execute(
        "select campaign, name, version, label, label_km, find, first_used, retired_at, words from query"
        " where :campaign in ('', campaign) order by campaign, name, version",
        {"campaign": campaign},
    )
    text = "\n".join([f"# {_QUERIES}\n", *map(_query, rows)])
    tomllib.loads(text)
    return text


def _query(row: sqlite3.Row) -> str:
    lines = ["[[query]]"]
    lines += [f"{name} = {_toml(row[name])}" for name in row.keys() if name != "words" and row[name] is not None]  # noqa: SIM118  a row gives its values when looped over
    terms = [
        ", ".join(f"{name} = {_toml(value)}" for name, value in zip(_TERM, term, strict=True))
        for term in json.loads(row["words"])
    ]
    return "\n".join([*lines, "terms = [", *(f"  {{ {term} }}," for term in terms), "]", ""])


_TERM = ("say", "also", "unless", "case")
"""What the archive keeps of a term, in this order."""


def _toml(value: object) -> str:
    """Write a value as TOML, of which JSON's texts, numbers and lists of texts are a part; TOML asks for one escape more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def checksums(sums: Mapping[str, Sum]) -> str:
    """Give SHA256SUMS as `sha256sum -c` reads it."""
    return "".join(f"{one.sha256}  {name}\n" for name, one in sorted(sums.items()))


_SAME_ROWS = "The rows of coverage.csv, one JSON object a line, its lists as arrays."
_QUERIES = (
    "Every question that was asked of every article, one table per version, with the terms and spellings in force."
)

_WITHOUT_TEXTS = """The texts of the articles are not in here: they belong to their publishers. Title, link and a short quote of each are; the links lead to the texts."""

_WITH_TEXTS = """**The texts of the articles are in here. They belong to their publishers: they are for research within your own institution, as your law allows it. Do not publish or pass on
this bundle.** Everything else in it may be cited."""

_README = """# {title}

Release {number}, data of {day}: {articles} articles. Chosen: {chosen}. Made by {software}.

| file | holds |
|---|---|
| `coverage.csv` | one row per article: UTF-8, commas, nothing altered |
| `coverage.jsonl` | the same rows, one JSON object a line |
| `sources.csv` | the outlets that were followed |
| `queries.toml` | the questions that were asked, every version |
| `CODEBOOK.md` | what the columns mean, in English and Khmer |
| `datapackage.json` | the same for programs: types, limits, keys (Frictionless Data Package) |
| `CITATION.cff` | how to cite it |
| `SHA256SUMS` | checksums: `sha256sum -c SHA256SUMS` |

## Read it

```python
import pandas

coverage = pandas.read_csv("coverage.csv", dtype={{"id": "string"}}, keep_default_na=False, na_values=[""], parse_dates=["published", "first_seen"])
```

```r
coverage <- read.csv("coverage.csv", encoding = "UTF-8", na.strings = "", colClasses = c(id = "character"))
```

Or let a program read the types: `frictionless validate datapackage.json`.

## Before you count

- Rows with the same `story` are one text at several sources. Say whether you count articles or stories.
- `weak` = 1: the words stand only in a caption, a tag or the description. `status` = headline only: the page could not be opened.
- `published_reliable` = 0: something speaks against the day. Articles without a day have an empty `published`.
- What people rejected or hid is not in here; what they corrected is named in `corrected`.

## Rights

{rights}

A release is frozen: the same state of the data and the same choice have the same number and the same bytes; changed data have the next number.
"""
