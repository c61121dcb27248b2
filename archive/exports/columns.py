"""The columns of an export: their names, types and limits, for files, feeds and the codebook of a release. What each means, `archive.release.codebook` tells."""

from dataclasses import dataclass
from typing import Literal

from archive.selection import CHOICES

Type = Literal["string", "date", "datetime", "integer", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the coverage as it is exported."""

    name: str
    type: Type = "string"
    """A list is a JSON array in the archive and in JSON Lines, and joined by "; " in CSV."""
    required: bool = False
    """Whether every row has it."""
    allowed: tuple[str | int, ...] = ()
    """The only values there are; empty where any may stand."""
    pattern: str = ""
    """A regular expression that every value fulfils whole."""
    least: int | None = None
    width: int = 12
    """Of its column in a spreadsheet, in characters."""


def _choice(name: str, width: int = 12) -> Column:
    return Column(name=name, required=True, allowed=CHOICES[name], width=width)


COLUMNS = (
    Column(name="id", required=True, pattern="a[0-9a-f]{16}", width=20),
    Column(name="url", required=True, width=40),
    Column(name="source", required=True),
    Column(name="source_name", required=True, width=20),
    Column(name="title", width=60),
    Column(name="published", type="date"),
    Column(name="published_at", type="datetime", width=21),
    Column(name="published_origin"),
    Column(name="published_precision", allowed=("day", "minute")),
    Column(name="published_reliable", type="integer", allowed=(0, 1)),
    Column(name="modified", type="date"),
    Column(name="language", required=True, pattern="[a-z]{2,3}", width=9),
    Column(name="authors", type="list", width=24),
    Column(name="campaigns", type="list", width=16),
    Column(name="queries", type="list", width=20),
    Column(name="terms", type="list", width=30),
    Column(name="quote", width=60),
    Column(name="weak", type="integer", required=True, allowed=(0, 1), width=6),
    _choice("status"),
    Column(name="story", pattern="s[0-9a-f]+", width=20),
    Column(name="flags", type="list", width=20),
    Column(name="revision", type="integer", required=True, least=1, width=8),
    Column(name="words_est", type="integer", required=True, least=0, width=9),
    Column(name="first_seen", type="datetime", required=True, width=21),
    Column(name="captured_from", width=40),
    _choice("kind", 9),
    _choice("media", 9),
    Column(name="query_versions", type="list", width=30),
    Column(name="decision", required=True, allowed=("new", "keep", "unsure", "reject"), width=9),
    Column(name="corrected", type="list"),
    Column(name="tone", allowed=CHOICES["tone"], width=9),
    Column(name="gone_on", type="date"),
)
"""What every export holds, in this order; a new one is added at the end, so that scripts that count columns go on working."""

TEXT = Column(name="text", width=60)
"""The text of the newest revision: the last column where it is asked for, and in no other file."""

LISTS = frozenset(column.name for column in COLUMNS if column.type == "list")


def columns(*, text: bool) -> tuple[Column, ...]:
    """Give the columns of an export, with or without the texts."""
    return (*COLUMNS, TEXT) if text else COLUMNS
