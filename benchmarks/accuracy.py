"""How right Tamdan reads and matches, beside its peers: prints the tables of docs/accuracy.md, in one run.

Usage: python -m benchmarks.accuracy [FOLDER] [--write]. FOLDER, else ../shared/pages beside the clone, holds `aeb/` and `news/`; without it, only
what the repository holds is read. --write puts the tables into docs/accuracy.md.
"""

import platform
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from os import getloadavg
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.errors import Dropped
from benchmarks import scoring
from benchmarks.cases import BESIDE, Case, aeb, golden, half, is_unseen, news
from benchmarks.keywords import matching
from benchmarks.peers import PEERS, US, Reader, Reading, read_all, readers
from benchmarks.scoring import Cell, Measure, Row, difference, figure, share, table
from tests.golden import Pair, outcome_of, pairs

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
RIVAL = "trafilatura"
"""Whose difference from us is told: Tamdan reads texts with it."""
OTHERS = {"Triage": "bench_triage", "Syndication": "bench_syndication"}
"""Measures of their own, printed as they are."""
DATELESS = frozenset(peer.name for peer in PEERS if not peer.dates)


@dataclass(frozen=True, slots=True)
class Result:
    """What every reader made of the same pages."""

    cases: Sequence[Case]
    found: Mapping[str, Sequence[Reading]]

    def rows(self, name: str, measure: Measure) -> list[Row]:
        """Measure one reader on each page."""
        return [measure(case, reading) for case, reading in zip(self.cases, self.found[name], strict=True)]

    def cell(self, name: str, measure: Measure, *, bare: bool = False) -> Cell:
        """Measure one reader on all pages."""
        if measure is scoring.day and name in DATELESS:
            return Cell("–")
        return share(figure(self.rows(name, measure)), bare=bare)

    def costs(self, name: str) -> list[Cell]:
        """Tell how many pages gave no text, at how many the reader failed, and its CPU time for a page."""
        readings = self.found[name]
        empty, crashed = sum(not one.text.strip() for one in readings), sum(bool(one.crash) for one in readings)
        spent = round(sum(one.ms for one in readings) / len(readings))
        return [Cell(str(empty), empty), Cell(str(crashed), crashed), Cell(f"{spent} ms", spent)]

    def of(self, numbers: Sequence[int]) -> "Result":
        """Give the same of some pages only."""
        found = {name: [readings[number] for number in numbers] for name, readings in self.found.items()}
        return Result([self.cases[number] for number in numbers], found)


COSTS = ("no text", "failed", "CPU a page")


# ---- tables -----------------------------------------------------------------------------------------------------------------------


def texts(result: Result) -> Iterator[str]:
    """Write what is right of the texts of the benchmark's pages."""
    rows: dict[str, list[Cell]] = {}
    for name in result.found:
        measured = result.rows(name, scoring.text_of_words)
        parts = [share(figure([(row[side],) for row in measured]), bare=True) for side in (0, 1)]
        rows[name] = [share(figure(measured)), *parts, *result.costs(name)]
    yield table([f"{len(result.cases)} pages", "F1", "precision", "recall", *COSTS], rows, least=frozenset(COSTS))
    if RIVAL in result.found:
        ours, theirs = (figure(result.rows(name, scoring.text_of_words)) for name in (US, RIVAL))
        apart = difference(ours, theirs)
        yield (
            f"{US} less {RIVAL}, page by page the same draws: F1 {apart.value:+.4f} [{apart.low:+.4f} to {apart.high:+.4f}]."
        )


FIELDS: Mapping[str, Measure] = {
    "text F1": scoring.text_of_words,
    "title": scoring.title,
    "day": scoring.day,
    "authors": scoring.authors,
}


def values(result: Result) -> Iterator[str]:
    """Write what is right of the news pages, then for both halves apart."""
    rows = {name: [result.cell(name, field) for field in FIELDS.values()] + result.costs(name) for name in result.found}
    yield table([f"{len(result.cases)} pages", *FIELDS, *COSTS], rows, least=frozenset(COSTS))
    parted = [[n for n, case in enumerate(result.cases) if half(case.name) == side] for side in (0, 1)]
    for told, numbers in zip(("tuned on", "scored on"), parted, strict=True):
        part = result.of(numbers)
        cells = {name: [part.cell(name, field) for field in FIELDS.values()] for name in part.found}
        yield table([f"the {len(numbers)} pages {told}", *FIELDS], cells)


CLUSTERS: Mapping[str, Measure] = {"text": scoring.text_of_clusters} | {
    name: measure for name, measure in FIELDS.items() if measure is not scoring.text_of_words
}


def articles(result: Result, told: str) -> Iterator[str]:
    """Write what is right of golden articles."""
    rows: dict[str, list[Cell]] = {}
    for name in result.found:
        cells = [result.cell(name, field, bare=field is not scoring.text_of_clusters) for field in CLUSTERS.values()]
        rows[name] = [*cells, strays(result, name), *result.costs(name)]
    yield table([told, *CLUSTERS, "stray words", *COSTS], rows, least=frozenset({"stray words", *COSTS}))


def strays(result: Result, name: str) -> Cell:
    """Count the pages with words that are not the article's in their text, of those with such words that gave a text at all."""
    read = [(case, one) for case, one in zip(result.cases, result.found[name], strict=True) if case.absent and one.text]
    stray = sum(scoring.strays(case, one)[0] for case, one in read)
    return Cell(f"{stray:.0f} of {len(read)}", stray / len(read) if read else None)


def outcomes(asked: Sequence[Pair]) -> str:
    """Tell of how many golden pages the right thing is said: read, or why not."""
    right = sum(outcome(pair) == pair.told.truth.outcome for pair in asked)
    walls = sum(pair.told.truth.outcome != "read" for pair in asked)
    return (
        f"{US} tells rightly what {right} of {len(asked)} pages are, {walls} of which are no articles or no whole ones."
    )


def outcome(pair: Pair) -> str:
    """Give what is said of a page."""
    made = outcome_of(pair.path)
    return made.outcome if isinstance(made, Dropped) else "read"


# ---- the whole --------------------------------------------------------------------------------------------------------------------


def report(folder: Path) -> Iterator[str]:
    """Measure all and write it part by part, each a paragraph, a table or a block."""
    with TemporaryDirectory() as scratch, readers() as (asked, absent):
        yield from head(absent)
        yield from real(folder, Path(scratch), asked)
        yield from ours(Path(scratch), asked)
    yield "### Matching on the newsroom"
    yield matching()
    for title, name in OTHERS.items():
        yield f"### {title}"
        yield printed(name, folder)


def head(absent: Mapping[str, str]) -> Iterator[str]:
    """Tell when, where and with which versions."""
    here = f"Python {platform.python_version()}, load {getloadavg()[0]:.1f}"
    there = [f"{peer.name} {peer.version}" for peer in PEERS if peer.name not in absent]
    yield f"Measured {datetime.now(UTC):%-d %B %Y}: {US} {version('tamdan')}, {here}. Beside it: {', '.join(there) or 'nobody'}."
    yield from (f"**Not measured: {name} {why}.**" for name, why in absent.items())


def real(folder: Path, scratch: Path, asked: Sequence[Reader]) -> Iterator[str]:
    """Measure the real pages; says so where they are not here."""
    for name, load, write in (("aeb", aeb, texts), ("news", news, values)):
        yield f"### Real pages: `{name}`"
        if not (folder / name).is_dir():
            yield f"**Not measured: the pages of `{name}` are not here.**"
            continue
        yield from write(measured(list(load(folder / name, scratch)), asked))


def ours(scratch: Path, asked: Sequence[Reader]) -> Iterator[str]:
    """Measure the golden pages, Khmer ones apart and those that mended nothing apart."""
    for heading, unseen in (("Golden pages", False), ("Golden pages, unseen", True)):
        yield f"### {heading}"
        every = [pair for pair in pairs() if is_unseen(pair) == unseen]
        if not every:
            yield "**Not measured: there are none.**"
            continue
        cases = list(golden(scratch, unseen=unseen))
        result = measured(cases, asked)
        khmer = [n for n, case in enumerate(cases) if case.language == "km"]
        other = [n for n, case in enumerate(cases) if case.language != "km"]
        for language, numbers in (("Khmer", khmer), ("English", other)):
            if numbers:
                yield from articles(result.of(numbers), f"{len(numbers)} {language} articles")
        yield outcomes(every)


def measured(cases: Sequence[Case], asked: Sequence[Reader]) -> Result:
    """Let all readers read the pages."""
    print(f"Reading {len(cases)} pages with {len(asked)} readers ...", file=sys.stderr)
    return Result(cases, read_all(asked, cases))


def printed(name: str, folder: Path) -> str:
    """Run a measure of its own and give what it prints."""
    print(f"Running benchmarks/{name}.py ...", file=sys.stderr)
    command = [sys.executable, f"benchmarks/{name}.py", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return f"**Not measured: benchmarks/{name}.py ended with an error.**"
    return f"```text\n{done.stdout.strip()}\n```"


def fill(document: str, tables: str) -> str:
    """Put the tables between the marks of a document."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}"


def main(folder: Path, *, write: bool) -> None:
    """Print the report as it comes, and write it into the document where that is asked for."""
    parts = []
    for part in report(folder):
        print(f"{part}\n", flush=True)
        parts.append(part)
    if write:
        filled = fill(DOCUMENT.read_text(encoding="utf-8"), "\n\n".join(parts))
        DOCUMENT.write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=BESIDE)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/accuracy.md")
    arguments = parser.parse_args()
    main(arguments.folder, write=arguments.write)
