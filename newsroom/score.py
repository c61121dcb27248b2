"""What a crawl of the newsroom found beside what it should have found."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsroom.truth import Truth
from pipelines.urls import fetch_url


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
    headlines: int
    """Of the team's list that match by headline alone."""
    with_page: int
    """Of the team's list that are in the archive."""
    listed: int
    """Headlines in the team's list."""

    @property
    def right(self) -> bool:
        """Whether everything was found and nothing else."""
        return not (self.missed or self.trapped or self.misjudged)


def score(
    archive: sqlite3.Connection, truth: Sequence[Truth], bases: Mapping[str, str], headline: Callable[[str], bool]
) -> Score:
    """Compare the archive of a crawl with the truth.

    `bases`: source id -> address without a slash at the end; `headline` tells whether a headline matches by itself.
    """
    coverage = {fetch_url(bases[row.source] + row.target): row for row in truth if row.kind == "coverage"}
    found = {
        row["url"]: frozenset(json.loads(row["queries"]))
        for row in archive.execute("select url, queries from coverage")
    }
    rows = [row for row in coverage.values() if row.row is not None]
    urls = {id(row): url for url, row in coverage.items()}
    return Score(
        expected=len(coverage),
        found=len(coverage.keys() & found.keys()),
        missed=tuple(sorted(coverage.keys() - found.keys())),
        trapped=tuple(sorted(found.keys() - coverage.keys())),
        misjudged=tuple(sorted(url for url in coverage.keys() & found.keys() if found[url] != coverage[url].queries)),
        headlines=sum(headline(row.title) for row in rows),
        with_page=sum(urls[id(row)] in found for row in rows),
        listed=len(rows),
    )
