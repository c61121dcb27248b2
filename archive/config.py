"""Reads a team's files, `sources.toml`, `campaigns.toml` and `site.toml`, and tells every mistake in them at once.

Three kinds of mistake are looked for side by side, so that one does not hide another: the shape (pydantic, over the dataclasses of
`archive.model`), single values (`archive.values`), and rules between tables. Once a file has passed here nobody checks it again.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

from archive import model, rules, values
from archive.errors import ConfigError, ConfigErrors, Problem
from archive.home import Home
from archive.model import Campaign, Campaigns, Crawl, Listing, Query, Reading, Site, SiteFile, Source, Sources, Term
from archive.values import Fault, Loc, Mistake

Kind = TypeVar("Kind", Sources, Campaigns, SiteFile)

TABLES: Mapping[str, type] = {
    "crawl": Crawl,
    "source": Source,
    "listing": Listing,
    "reading": Reading,
    "term": Term,
    "campaign": Campaign,
    "query": Query,
    "site": Site,
    "channel": model.Channel,
    "digest": model.Digest,
}
"""Which type a table of that name becomes."""

EXPECTED: Mapping[str, tuple[str, str]] = {
    "string": ("text", "Put it in quotes"),
    "int": ("a whole number", "Write it without quotes and without a point"),
    "float": ("a number", "Write it without quotes, as 2 or 2.5"),
    "bool": ("true or false", "Write it without quotes"),
    "date": ("a day", "Write year-month-day without quotes, as 2026-09-17"),
    "tuple": ("a list", "Put it in square brackets"),
    "dataclass": ("a table", "Give it lines of its own under a header in brackets"),
}
"""What pydantic's error types mean to the one who wrote the file, by the first word of the type."""


def load(home: Home) -> tuple[Sources, Campaigns]:
    """Read both files of a home; raises ConfigError or ConfigErrors with every mistake in both."""
    errors: list[ConfigError] = []
    sources = _tried(load_sources, home.sources_file, errors)
    campaigns = _tried(load_campaigns, home.campaigns_file, errors)
    if sources and campaigns:
        return sources, campaigns
    raise errors[0] if len(errors) == 1 else ConfigErrors(errors)


def _tried(load_one: Callable[[Path], Kind], path: Path, errors: list[ConfigError]) -> Kind | None:
    try:
        return load_one(path)
    except ConfigError as error:
        errors.append(error)
        return None


def load_sources(path: Path) -> Sources:
    """Read sources.toml; raises ConfigError with every mistake in it."""
    document = read(path)
    document.data.setdefault("crawl", {})
    return checked(document, Sources, rules.of_sources)


def load_campaigns(path: Path) -> Campaigns:
    """Read campaigns.toml; raises ConfigError with every mistake in it."""
    return checked(read(path), Campaigns, rules.of_campaigns)


def load_site(path: Path) -> Site:
    """Read how the site calls itself from site.toml, which may be missing; raises ConfigError with every mistake in it."""
    return load_site_file(path).site


def load_site_file(path: Path) -> SiteFile:
    """Read all of site.toml, which may be missing; raises ConfigError with every mistake in it."""
    return checked(read(path), SiteFile, rules.of_site) if path.is_file() else SiteFile()


def warnings_for(campaigns: Campaigns, today: date | None = None) -> list[Problem]:
    """Tell what is allowed but hardly meant; `today` is the day by which the future is told."""
    return list(rules.doubts(campaigns, today or date.today()))  # noqa: DTZ011  (the day where the team is)


# ---- a file and its lines ---------------------------------------------------------------------------------------------------------

HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*(?:\.[\w.\s-]+)?=")


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file as read, with the line on which each key and table stands."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[Loc, int]

    def line(self, loc: Loc) -> int:
        """Give the line of what stands at `loc`, or of the nearest table around it; 0 where it is the file itself."""
        return next((self.lines[loc[:size]] for size in range(len(loc), 0, -1) if loc[:size] in self.lines), 0)

    def value(self, loc: Loc) -> Any:
        """Give what stands at `loc`; None where nothing does."""
        node: Any = self.data
        for step in loc:
            known = isinstance(step, int) or (isinstance(node, dict) and step in node)
            node = node[step] if known else None
        return node

    def place(self, loc: Loc) -> str:
        """Name `loc` in the file's own words: tables by their id, everything else by its number."""
        words = [self.path.name]
        for depth, step in enumerate(loc, 1):
            if isinstance(step, int):
                words[-1] += f" {self.called(loc[:depth])}"
            else:
                words.append(self.bracketed(step) if depth == 1 else step)
        line = self.line(loc)
        return ", ".join(words) + (f" (line {line})" if line else "")

    def called(self, loc: Loc) -> str:
        """Give the id of a table in a row of tables, or its number from 1."""
        entry = self.value(loc)
        name = (entry.get("id") or entry.get("say")) if isinstance(entry, dict) else None
        return f'"{name}"' if isinstance(name, str) and name else str(int(loc[-1]) + 1)

    def bracketed(self, key: str) -> str:
        """Write a key of the file's top as it stands there."""
        value = self.data.get(key)
        if isinstance(value, list):
            return f"[[{key}]]"
        return f"[{key}]" if isinstance(value, dict) else key


def read(path: Path) -> Document:
    """Read a TOML file; raises ConfigError when it is missing, no UTF-8 or no TOML."""
    text = decoded(path)
    try:
        return Document(path, tomllib.loads(text), positions(text))
    except tomllib.TOMLDecodeError as error:
        wrong, _, where = str(error).partition(" (at ")
        line = where.removesuffix(")").replace("end of document", "the end of the file")
        cure = "Mend that line: text stands in quotes, lists in [ ], and each key only once"
        raise ConfigError(path, [Problem(f"{path.name} ({line})", f"this is not TOML: {wrong}", cure)]) from error


def decoded(path: Path) -> str:
    """Give the text of a file, without the mark some editors put before it."""
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig")
    except FileNotFoundError as error:
        fault = Fault("there is no such file", "Make a home with `tamdan init DIR`, or name yours: `tamdan --home DIR`")
        raise ConfigError(path, [Problem(path.name, *fault)]) from error
    except OSError as error:
        fault = Fault(f"it cannot be read: {error.strerror}", "See that it is a file and that you may read it")
        raise ConfigError(path, [Problem(path.name, *fault)]) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault = Fault("this is not UTF-8", "Save the file with the encoding UTF-8")
        raise ConfigError(path, [Problem(f"{path.name} (line {line})", *fault)]) from error


def positions(text: str) -> dict[Loc, int]:
    """Find the line of each table and key, from 1; text over several lines and inline tables count as their first line."""
    lines: dict[Loc, int] = {}
    table: Loc = ()
    quoted = False
    for number, line in enumerate(text.split("\n"), 1):
        if quoted:
            pass
        elif header := HEADER.match(line):
            table = opened(header[2], lines, repeated=header[1] == "[[")
            lines[table] = number
        elif key := KEY.match(line):
            lines.setdefault((*table, key[1]), number)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return lines


def opened(header: str, lines: Mapping[Loc, int], *, repeated: bool) -> Loc:
    """Give the place a header opens: below the last table of each row of tables it names."""
    *parents, name = re.split(r"\s*\.\s*", header)
    loc: Loc = ()
    for parent in parents:
        loc = (*loc, parent)
        if count := entries(loc, lines):
            loc = (*loc, count - 1)
    return (*loc, name, entries((*loc, name), lines)) if repeated else (*loc, name)


def entries(loc: Loc, lines: Mapping[Loc, int]) -> int:
    """Count the tables found so far in a row of tables."""
    count = 0
    while (*loc, count) in lines:
        count += 1
    return count


# ---- its mistakes -----------------------------------------------------------------------------------------------------------------


def checked(document: Document, kind: type[Kind], between: Callable[[dict[str, Any]], Iterator[Mistake]]) -> Kind:
    """Turn a document into what it declares; raises ConfigError with every mistake, from the top of the file to its end."""
    value, mistakes = shaped(document, kind)
    mistakes += [*values.mistakes(document.data), *between(document.data)]
    if mistakes or value is None:
        ordered = sorted(mistakes, key=lambda mistake: document.line(mistake[0]))
        raise ConfigError(document.path, [Problem(document.place(loc), *fault) for loc, fault in ordered])
    return value


def shaped(document: Document, kind: type[Kind]) -> tuple[Kind | None, list[Mistake]]:
    """Build the dataclasses; gives None and the mistakes where keys are unknown, missing or of another type.

    Strict JSON is the one way into pydantic that makes lists into tuples and yet takes no "3" for a 3.
    """
    try:
        return adapter(kind).validate_json(json.dumps(document.data, default=str), strict=True), []
    except ValidationError as error:
        return None, [(found["loc"], fault(document, kind, found)) for found in error.errors(include_url=False)]


def adapter(kind: type[Kind]) -> TypeAdapter[Kind]:
    """Make pydantic's reader of a type; unknown keys are refused in every table."""
    for table in (kind, *TABLES.values()):
        with_config(extra="forbid")(table)
    return TypeAdapter(kind)


def fault(document: Document, kind: type, error: ErrorDetails) -> Fault:
    """Say an error of pydantic in the words of the file."""
    match error["type"].split("_")[0]:
        case "missing":
            return missing(error["loc"])
        case "unexpected":
            return unknown(kind, error["loc"])
        case "literal":
            allowed = re.findall(r"'([^']+)'", error["ctx"]["expected"])
            return Fault(f"is {values.shown(error['input'])}", values.suggestion(error["input"], allowed))
        case expected:
            return unfit(document, error["loc"], expected)


def missing(loc: Loc) -> Fault:
    """Say that a key or table must be there."""
    key = str(loc[-1])
    return Fault("is missing", f"Add {header(loc)}" if key in TABLES else f"Add a line {key} = …")


def header(loc: Loc) -> str:
    """Write the header of a row of tables."""
    return f"[[{'.'.join(step for step in loc if isinstance(step, str))}]]"


def unknown(kind: type, loc: Loc) -> Fault:
    """Say that no key of that name is known, and which is nearest."""
    names = [step for step in loc[:-1] if isinstance(step, str)]
    table = TABLES[names[-1]] if names else kind
    return Fault("is not known here", values.suggestion(str(loc[-1]), [field.name for field in fields(table)]))


def unfit(document: Document, loc: Loc, expected: str) -> Fault:
    """Say that a value is of another type than its key takes."""
    value, key = document.value(loc), str(loc[-1])
    what, cure = EXPECTED[expected]
    if key in TABLES and isinstance(value, dict):
        return Fault("is one table where several may stand", f"Write {header(loc)} with double brackets")
    if key in TABLES and isinstance(value, list):
        return Fault("is a row of tables where one stands", f"Write {header(loc)[1:-1]} with single brackets")
    if expected == "tuple" and isinstance(value, str):
        cure = f"Write {key} = [{values.shown(value)}]"
    return Fault(f"is {values.shown(value)} where {what} is expected", cure)
