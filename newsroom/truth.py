"""The truth about the newsroom's stories, written by hand in truth.toml before any code read the pages."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from newsroom.render import percent

TRUTH = Path(__file__).parent / "truth.toml"


class Disguise(NamedTuple):
    """Campaign words, or words near them, that look clean on screen and are not."""

    kind: str
    printed: str
    """As the story's source has them, markup and character references included."""
    plain: str
    """The same words clean; they stand nowhere in the story itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a careful reader says of one story."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    source: str
    path: str
    """Path and query of the page that in the end answers; Khmer as itself in the file, see target."""
    kind: Literal["coverage", "headline", "trap", "other"]
    """coverage: belongs to the campaign · headline: would, and its page cannot be opened · trap: looks so to a machine and does not
    · other: ordinary news."""
    title: str = ""
    """The headline, clean Khmer."""
    queries: frozenset[str] = frozenset()
    """slogan, same-sex-love, marriage, lgbt, gender, rock, declaration, derogatory; empty unless coverage."""
    weak: bool = False
    """True when the words stand only in a caption, a tag or the description."""
    matches_in_title: bool = False
    """Whether the headline alone holds words that make it coverage."""
    published: date | None = None
    """The day in Phnom Penh."""
    minute: str = ""
    """HH:MM in Phnom Penh where the page or the feed says it; else empty."""
    published_origin: str = ""
    """json-ld, meta, time, by-line or listing; the first of them that says the day."""
    authors: tuple[str, ...] = ()
    language: str = ""
    """km or en, by the text."""
    phrase: str = ""
    """coverage: words of the text, clean, by which a reader would search it · trap: the tempting words."""
    why: str = ""
    """trap: why it is no coverage · coverage: what is odd about it, where anything is."""
    story: str = ""
    """Any word shared by the rows that are one story at several sources; empty: a story of its own."""
    row: int | None = None
    """Number in the campaign's own list of December 2021."""
    disguises: tuple[Disguise, ...] = ()
    """The same-looking text of the story."""
    status: int = 200
    """What the address answers."""
    listed_as: str = ""
    """The older path by which listings name it and which answers 301; empty: by its path."""
    forbidden: bool = False
    """True when robots.txt forbids the page."""

    @property
    def disguise(self) -> str:
        """The kinds of same-looking text on the page, joined; empty: none."""
        return ", ".join(disguise.kind for disguise in self.disguises)

    @property
    def target(self) -> str:
        """The path percent-encoded, to be put behind the source's address."""
        return percent(self.path)


def load_truth() -> list[Truth]:
    """All rows of truth.toml, in its order."""
    rows = tomllib.loads(TRUTH.read_text(encoding="utf-8"))["story"]
    return TypeAdapter(list[Truth]).validate_python(rows)
