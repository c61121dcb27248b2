"""What a crawl of the newsroom found beside what it should have found."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsroom.truth import Truth
from pipelines.urls import fetch_url

_STATUS = {"coverage": "read", "headline": "headline only"}


@dataclass(frozen=True, slots=True)
class Score:
    """Each tuple holds addresses; empty ones are good."""

    expected: int
    found: int
    missed: tuple[str, ...]
    """Coverage that is not in the archive."""
    trapped: tuple[str, ...]
    """In the archive and no coverage."""
    misjudged: tuple[str, ...]
    """In the archive, but with other queries than the truth says."""
    headline_only: int
    """Matching headlines whose pages cannot be opened, kept as such; they count in none of the above but the mistakes."""
    stories: int
    """Distinct stories among the coverage."""
    mistold: tuple[str, ...]
    """Articles in a story with others than the truth says."""
    headlines: int
    """Of the team's list that match by headline alone."""
    with_page: int
    """Of the team's list that are in the archive."""
    listed: int
    """Headlines in the team's list."""

    @property
    def right(self) -> bool:
        """Whether everything was found and nothing else."""
        return not (self.missed or self.trapped or self.misjudged or self.mistold)


def score(
    archive: sqlite3.Connection, truth: Sequence[Truth], bases: Mapping[str, str], headline: Callable[[str], bool]
) -> Score:
    """Compare the archive of a crawl with the truth.

    `bases`: source id -> address without a slash at the end; `headline` tells whether a headline matches by itself.
    """
    truths = {fetch_url(bases[row.source] + row.target): row for row in truth}
    coverage = {url: row for url, row in truths.items() if row.kind == "coverage"}
    expected = {url: row.kind for url, row in truths.items() if row.kind in _STATUS}
    rows = archive.execute("select url, queries, status, story from coverage").fetchall()
    found = {row["url"]: frozenset(json.loads(row["queries"])) for row in rows}
    right = {row["url"] for row in rows if _STATUS.get(expected.get(row["url"], "")) == row["status"]}
    listed = {url: row for url, row in coverage.items() if row.row is not None}
    return Score(
        expected=len(coverage),
        found=len(coverage.keys() & right),
        missed=tuple(sorted(expected.keys() - right)),
        trapped=tuple(sorted(found.keys() - right)),
        misjudged=tuple(sorted(url for url in right if found[url] != truths[url].queries)),
        headline_only=len(right - coverage.keys()),
        stories=len({row["story"] for row in rows if row["status"] == "read"}),
        mistold=_mistold({row["url"]: row["story"] for row in rows}, truths),
        headlines=sum(headline(row.title) for row in listed.values()),
        with_page=sum(url in right for url in listed),
        listed=len(listed),
    )


def _mistold(found: Mapping[str, str], truths: Mapping[str, Truth]) -> tuple[str, ...]:
    """Give the articles that share a story with others than the truth says."""
    told = {url: row.story or url for url, row in truths.items()}
    return tuple(
        sorted(url for url in found if url in told and _beside(url, found) != _beside(url, told) & found.keys())
    )


def _beside(url: str, stories: Mapping[str, str]) -> frozenset[str]:
    return frozenset(other for other, story in stories.items() if story == stories[url])
