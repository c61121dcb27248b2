"""What a person sees of a crawl: a live line on a terminal, nothing while in a log, and one line per source at the end."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.changes import Change
from archive.desk.additions import Addition, cure
from archive.runs import Tally
from crawlers.preview import Preview
from crawlers.reread import Reread
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
    if session.standing and not quiet:
        print(session.standing, file=sys.stderr)  # noqa: T201


def line(tally: Tally) -> str:
    """Say in one line how a source fared."""
    failures = ", ".join(f"{number} {outcome}" for outcome, number in tally.failures.most_common())
    headlines = f", {tally.headlines} by headline only" if tally.headlines else ""
    left = f", {tally.left_over} left for the next run" if tally.left_over else ""
    left += f", {tally.held_back} listing pages left for the next run" if tally.held_back else ""
    unchanged = f" ({tally.unchanged} unchanged)" if tally.unchanged else ""
    return (
        f"{tally.verdict}: {tally.listings} listings{unchanged}, {tally.found} new links, {tally.fetched} read,"
        f" {tally.matched} matched{headlines}, {tally.failed} failed{f' ({failures})' if failures else ''}{left}"
    )


def total(tallies: list[Tally]) -> str:
    """Say in one line how the crawl fared."""
    failed = sum(bool(tally.troubles) for tally in tallies)
    return (
        f"{len(tallies)} sources, {failed} with trouble; {sum(t.fetched for t in tallies)} articles read,"
        f" {sum(t.matched for t in tallies)} matched."
    )


@contextmanager
def bar(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal; gives what is to be called with how many are done and the whole."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    shown = Progress(*columns, console=Console(stderr=True), disable=quiet or not sys.stderr.isatty(), transient=True)
    with shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def reread_lines(done: Reread, *, quiet: bool) -> Iterator[str]:
    """Say what reading again changed: what was gained and withdrawn, query by query."""

    def asked(change: Change) -> tuple[str, str, str]:
        return change.campaign, change.query, change.change

    for (campaign, query, change), group in groupby(sorted(done.changes, key=asked), asked):
        changed = list(group)
        yield f"{campaign}/{query}: {len(changed):,} {change}"
        yield from (f"  {one.title or one.url} <{one.url}> ({one.why})" for one in changed)
    if done.interrupted:
        yield "Broken off; what was done is stored. Run it again to finish."
    yield from (f"capture not found or damaged: {lost}" for lost in done.lost)
    if not quiet:
        failures = ", ".join(f"{number} {outcome}" for outcome, number in done.failures.most_common())
        yield (
            f"{done.done:,} pages looked at, {done.read:,} read again, {done.added:,} new in the coverage"
            f"{f'; not read: {failures}' if failures else ''}."
        )
        yield str(done.standing)


def added_lines(done: Sequence[Addition]) -> Iterator[str]:
    """Say what became of each addition, and count."""
    for one in done:
        name = one.wish.url or one.wish.title or one.wish.file_name or (one.wish.text or "")[:60]
        cured = f". {cure(one.outcome)}" if one.state == "failed" else ""
        yield f"{one.state:7}  {one.article or '':17}  {name}: {one.outcome or 'it waits for the next crawl'}{cured}"
    if len(done) > 1:
        counted = Counter(one.outcome if one.state == "done" else one.state for one in done)
        yield ", ".join(f"{number:,} {outcome}" for outcome, number in counted.most_common()) + "."


def preview_lines(seen: Preview, samples: int) -> Iterator[str]:
    """Say what a query would add, with some of it."""
    yield (
        f"It would add {len(seen.added):,} of {seen.kept:,} kept pages"
        f"{f', {seen.weak:,} of them weakly' if seen.weak else ''}, and holds for {seen.known:,} of {seen.coverage:,} articles in the coverage."
    )
    if seen.unread:
        yield f"{seen.unread:,} kept pages could never be read (tamdan quarantine)."
    for sample in seen.added[:samples]:
        yield f"{sample.day or 'no date':10}  {sample.source:16} {sample.title}"
        yield f"{'':12}{sample.match.field}: {sample.match.quote}"
        yield f"{'':12}{sample.url}"
