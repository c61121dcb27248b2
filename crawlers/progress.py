"""What a person sees of a crawl: a live line on a terminal, nothing while in a log, and one line per source at the end."""

import sys
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.runs import Tally
from crawlers.session import Session


class Display:
    """Shows how far a crawl is, on a terminal only; use it as a context manager."""

    def __init__(self, session: Session, *, quiet: bool) -> None:
        self._session = session
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[matched]} matched"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._task = self._progress.add_task("articles", total=None, matched=0)
        self._session.progress = self._show
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _show(self) -> None:
        tallies = self._session.tallies.values()
        done = sum(tally.fetched + tally.failed for tally in tallies)
        leased = self._session.declared.crawl.pages_per_run * len(tallies) - sum(self._session.left.values())
        self._progress.update(self._task, completed=done, total=leased, matched=sum(tally.matched for tally in tallies))


def summary(session: Session, *, quiet: bool) -> None:
    """Print a line per source on stderr; with `quiet` only those that failed."""
    tallies = [tally for tally in session.tallies.values() if tally.troubles or not quiet]
    width = max((len(tally.source) for tally in tallies), default=0)
    for tally in tallies:
        print(f"{tally.source:{width}}  {line(tally)}", file=sys.stderr)  # noqa: T201  (this is what it is for)
    if session.put_back:
        lost = f"archive.db is not the one this crawl.db worked for: {session.put_back} articles were put back to be fetched."
        print(lost, file=sys.stderr)  # noqa: T201
    if len(session.tallies) > 1 and not any(tally.listings for tally in session.tallies.values()):
        print("No source answered at all. Is this machine online?", file=sys.stderr)  # noqa: T201
    if session.interrupted:
        print("The crawl was cut short; what was fetched is stored, the rest waits for the next one.", file=sys.stderr)  # noqa: T201
    if not quiet:
        print(total(list(session.tallies.values())), file=sys.stderr)  # noqa: T201


def line(tally: Tally) -> str:
    """Say in one line how a source fared."""
    failures = ", ".join(f"{number} {outcome}" for outcome, number in tally.failures.most_common())
    left = f", {tally.left_over} left for the next run" if tally.left_over else ""
    left += f", {tally.held_back} listing pages left for the next run" if tally.held_back else ""
    unchanged = f" ({tally.unchanged} unchanged)" if tally.unchanged else ""
    return (
        f"{tally.verdict}: {tally.listings} listings{unchanged}, {tally.found} new links, {tally.fetched} read,"
        f" {tally.matched} matched, {tally.failed} failed{f' ({failures})' if failures else ''}{left}"
    )


def total(tallies: list[Tally]) -> str:
    """Say in one line how the crawl fared."""
    failed = sum(bool(tally.troubles) for tally in tallies)
    return (
        f"{len(tallies)} sources, {failed} with trouble; {sum(t.fetched for t in tallies)} articles read,"
        f" {sum(t.matched for t in tallies)} matched."
    )
