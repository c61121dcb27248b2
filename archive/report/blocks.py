"""What a report is made of on paper, whatever it is written as: sections of paragraphs, lists, tables, charts and room to fill in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from archive.charts import Chart
from archive.khmer import clean
from archive.localize import Language

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look the same, a link where `href` is told."""

    text: str
    href: str = ""
    strong: bool = False


Line = tuple[Run, ...]
"""A paragraph, or a cell of a table."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `quiet` one is told in smaller letters."""

    kind: ClassVar = "paragraph"
    line: Line
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list: its number as people write it, empty where there is none, its headline, and the lines under it."""

    number: str
    head: Line
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    kind: ClassVar = "entries"
    entries: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `numbers` says from which column on there are numbers, `to_fill` from which one people fill in."""

    kind: ClassVar = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numbers: int = 99
    to_fill: int = 99


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart; the table behind it is a block of its own."""

    kind: ClassVar = "figure"
    chart: Chart


@dataclass(frozen=True, slots=True)
class Boxes:
    """Empty frames for pictures, each with a line under it that people fill in."""

    kind: ClassVar = "boxes"
    words: str
    lines: tuple[str, ...]
    count: int


Block = Paragraph | Items | Table | Figure | Boxes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in one language."""

    language: Language
    title: str
    days: str
    made: str
    sections: tuple[Section, ...]


def words(text: str, *, strong: bool = False) -> Run:
    """Make a run of any text: what cannot be seen or turns the direction of writing goes, line ends become blanks."""
    return Run(" ".join(clean(text).split()), strong=strong)


def link(text: str, href: str) -> Run:
    """Make a run that leads to an address of the web; to any other one it does not lead."""
    return Run(words(text).text, href if _WEB.match(href) else "")


def line(*texts: str) -> Line:
    """Make a line of texts."""
    return tuple(words(text) for text in texts)


def joined(parts: Iterable[Run], between: str = " · ") -> Line:
    """Put something between the runs of a line."""
    placed: list[Run] = []
    for part in parts:
        placed += [Run(between), part] if placed else [part]
    return tuple(placed)
