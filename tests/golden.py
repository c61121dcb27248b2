"""Golden pairs: pages of invented outlets beside what a careful reader says of them; tests/sites/README.md tells the format.

`python -m tests.golden record` writes down beside each pair what the stages make of it; it never touches the truth.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from archive import khmer
from archive.config import load_campaigns
from archive.errors import Dropped
from archive.model import Article, DateCandidate, Flag, Link, Origin, Page, Reading, Source
from pipelines.match import Matcher
from pipelines.stages import read

SITES = Path(__file__).parent / "sites"
CAMPAIGNS = Path(__file__).parents[1] / "campaigns.toml"
STRICT: ConfigDict = {"extra": "forbid"}
GRAM = 4
"""Tokens in one piece of text that is compared, as the Article Extraction Benchmark has it."""


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A source as a pair declares it."""

    id: str
    name: str
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    name_km: str | None = None
    zone: str = "Asia/Phnom_Penh"
    reading: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def source(self) -> Source:
        """Give it as the stages know it; raises TypeError on a selector of another name."""
        return Source(**(vars(self) | {"reading": Reading(**self.reading)}))  # type: ignore[arg-type]


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a listing told of the page."""

    title: str | None = None
    summary: str | None = None
    date: str | None = None
    found_at: datetime | None = None


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class Further:
    """A following page of the same article."""

    file: str
    url: str


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class NotRead:
    """The truth of a page that is no article."""

    outcome: str


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a careful reader says of an article; None for what the page does not tell or the truth leaves out."""

    outcome: str
    title: str
    text: tuple[str, ...]
    authors: tuple[str, ...]
    published: date | None
    published_at: datetime | None
    published_origin: Origin | None
    reliable: bool | None
    modified: date | None
    language: str
    canonical: str
    tags: tuple[str, ...]
    captions: tuple[str, ...]
    absent: tuple[str, ...]
    section: str | None = None
    description: str | None = None
    image: str | None = None
    flags: frozenset[Flag] | None = None


@with_config(STRICT)
@dataclass(frozen=True, kw_only=True)
class Told:
    """The JSON of a pair."""

    why: str
    url: str
    fetched_at: datetime
    source: Outlet
    truth: Truth | NotRead
    link: Listed | None = None
    content_type: str = "text/html; charset=utf-8"
    robots: str = ""
    further: tuple[Further, ...] = ()


_TOLD: TypeAdapter[Told] = TypeAdapter(Told)


@dataclass(frozen=True)
class Pair:
    """One page with its truth; `path` is that of the JSON."""

    path: Path
    told: Told

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def record(self) -> Path:
        """Where is written what the stages make of it."""
        return self.path.with_suffix(".read.json")

    @property
    def truth(self) -> Truth:
        """The truth of a page that is read."""
        assert isinstance(self.told.truth, Truth), f"{self} is no article"
        return self.told.truth

    def page(self) -> Page:
        """Give the page as fetched, with its following pages."""
        link = Link(url=self.told.url, **vars(self.told.link)) if self.told.link else None
        further = tuple(self._page(page.file, page.url, None, ()) for page in self.told.further)
        return self._page(f"{self.path.stem}.html", self.told.url, link, further)

    def _page(self, file: str, url: str, link: Link | None, further: tuple[Page, ...]) -> Page:
        return Page(
            url=url,
            source=self.told.source.source(),
            body=(self.path.parent / file).read_bytes(),
            fetched_at=self.told.fetched_at,
            content_type=self.told.content_type,
            robots=self.told.robots,
            link=link,
            further=further,
        )

    def shown(self) -> str:
        """Give all letters of its files as clean text, markup and all."""
        files = [f"{self.path.stem}.html", *(page.file for page in self.told.further)]
        bodies = [(self.path.parent / file).read_bytes() for file in files]
        return khmer.clean("\n".join(unescape(_decoded(body)) for body in bodies))


def _decoded(body: bytes) -> str:
    return body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")


def pair(path: Path) -> Pair:
    """Read one pair by its JSON; raises ValidationError where a key is missing, unknown or ill-formed."""
    try:
        return Pair(path, _TOLD.validate_json(path.read_bytes()))
    except ValidationError as error:
        error.add_note(str(path))
        raise


def pairs(sites: Path = SITES) -> tuple[Pair, ...]:
    """Read every pair, in the order of their names; raises ValidationError as `pair` does."""
    return tuple(pair(path) for path in sorted(sites.glob("*/*.json")) if not path.name.endswith(".read.json"))


@cache
def _matcher() -> Matcher:
    return Matcher(load_campaigns(CAMPAIGNS))


@cache
def outcome_of(path: Path) -> Article | Dropped:
    """Give what the stages make of the pair with that JSON, matched by the shipped campaign."""
    try:
        return read(pair(path).page(), _matcher())
    except Dropped as dropped:
        return dropped


# ---- how near a text is ----------------------------------------------------------------------------------------------------------


def nearness(text: str, truth: str) -> float:
    """Give the F1 of the 4-grams of Khmer clusters, Latin words and numbers, 0.0 to 1.0."""
    ours, theirs = _grams(text), _grams(truth)
    return 2 * (ours & theirs).total() / ((ours.total() + theirs.total()) or 1)


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = [word for raw in khmer.index_text(text).split() if (word := raw.strip(".,:;!?-–—()[]«»“”‘’\"'។៕៖…/"))]
    return Counter(tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1))


# ---- the record ------------------------------------------------------------------------------------------------------------------


def recorded(outcome: Article | Dropped) -> str:
    """Write what the stages made of a page as JSON that people can read."""
    told = _dropped(outcome) if isinstance(outcome, Dropped) else _read(outcome)
    return json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"


def _dropped(dropped: Dropped) -> dict[str, Any]:
    return {"outcome": dropped.outcome, "reason": dropped.reason}


def _read(article: Article) -> dict[str, Any]:
    told = asdict(article)
    told["text"] = article.text.split("\n")
    told["dates"] = [_candidate(candidate) for candidate in article.dates]
    if article.fingerprint:
        told["fingerprint"] = {"exact": article.fingerprint.exact, "grams": len(article.fingerprint.grams)}
    return {"outcome": "read"} | told


def _candidate(candidate: DateCandidate) -> dict[str, Any]:
    return asdict(candidate) | {"precision": candidate.precision}


def record(sites: Path = SITES) -> Iterator[Path]:
    """Write the record of each pair that has changed, and give the files written."""
    for each in pairs(sites):
        now = recorded(outcome_of(each.path))
        if not each.record.exists() or each.record.read_text("utf-8") != now:
            each.record.write_text(now, "utf-8")
            yield each.record


if __name__ == "__main__":
    if sys.argv[1:] != ["record"]:
        sys.exit("Say: python -m tests.golden record")
    for written in record():
        print(written.relative_to(SITES))
