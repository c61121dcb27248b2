"""What a clipping report tells: frozen figures, read at one moment of the archive; in no language yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from archive.selection import Selection

By = Literal["article", "story"]
WAYS: tuple[By, ...] = ("article", "story")
"""Whether each article has a number of its own, or one story at several sources has one together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which report somebody wants; both days belong to it."""

    campaign: str
    since: date
    until: date
    by: By = "article"
    list_only: bool = False
    """Only the numbered list of headlines."""

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.until - self.since).days + 1

    @property
    def selection(self) -> Selection:
        """Give the coverage that is told of."""
        return Selection(campaign=self.campaign, since=self.since, until=self.until, order="oldest")

    @property
    def before(self) -> "Asked":
        """Give the same number of days just before these."""
        return Asked(
            campaign=self.campaign,
            since=_earlier(self.since, self.days),
            until=_earlier(self.since, 1),
        )


def _earlier(day: date, days: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - days))


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name in one or both languages."""

    id: str
    name: str
    name_km: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the campaign with the words around them."""

    text: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """One article as the report lists it."""

    key: str
    title: str
    url: str
    source: Named
    published: str | None
    """ISO day in the source's own zone."""
    language: str
    story: str
    quote: Quote | None
    """From outside the headline, which is told already."""
    weak: bool
    """Whether the words stand in a caption, tag or description only."""
    unsure: bool
    """Whether people are not sure that it belongs here."""
    owned: bool
    """Whether the campaign published it itself."""
    gone: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of some days: articles that were read, and headlines whose pages could not be opened apart from them."""

    articles: int
    stories: int
    sources: int
    languages: Mapping[str, int]
    """Articles by ISO 639-1 code."""
    owned: int
    headlines: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many articles a source or a query has, and how many it had in as many days before."""

    of: Named
    articles: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source of which something may be missing."""

    source: Named
    asked: int
    """Crawls of these days that asked it."""
    failed: int
    verdict: str
    """What the last crawl that went wrong said; empty where none did."""
    published: int
    """Articles of any kind that it is known to have published in these days."""


@dataclass(frozen=True, slots=True)
class Question:
    """A version of a query that was in force or that brought one of the articles."""

    of: Named
    version: int
    since: str
    """Instant at which it was first used."""
    find: str
    retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What people decided about the articles of these days."""

    kept: int
    unsure: int
    left_out: int
    """Rejected or hidden: in no figure and no list."""
    corrected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a clipping report tells."""

    asked: Asked
    campaign: Named
    made_at: datetime
    software: str
    figures: Figures
    before: Figures
    clippings: tuple[Clipping, ...]
    """Articles that were read: by day, then by the minute where it is known, then as they were found."""
    headlines: tuple[Clipping, ...]
    """Those whose pages could not be opened."""
    undated: tuple[Clipping, ...]
    """The newest of those of which nobody knows the day; they are in no figure."""
    undated_all: int
    sources: tuple[Share, ...]
    queries: tuple[Share, ...]
    troubles: tuple[Trouble, ...]
    crawls: int
    """Crawls that began in these days."""
    questions: tuple[Question, ...]
    reviewed: Reviewed

    @property
    def stories(self) -> tuple[tuple[Clipping, ...], ...]:
        """Give the articles by story, each story where its first article stands."""
        found: dict[str, list[Clipping]] = {}
        for clipping in self.clippings:
            found.setdefault(clipping.story, []).append(clipping)
        return tuple(map(tuple, found.values()))

    @property
    def numbered(self) -> tuple[tuple[Clipping, ...], ...]:
        """Give what has one number in the list: a story, or an article."""
        return self.stories if self.asked.by == "story" else tuple((clipping,) for clipping in self.clippings)
