"""P12: the memory of a crawl of 20 sources: `python benchmarks/bench_memory.py [--pages 20000]`.

Once a second the proportional set sizes (PSS of /proc/*/smaps_rollup) of the crawl and all processes below it are added up, so that what
they share counts once; the files SQLite and the captures lie in count only as far as they are mapped. Beside it plain Scrapy, which
fetches the same pages and forgets them. The pages have the full size of `press.py`, nobody waits between two of them, and all
links are handed out at the start: a daily crawl of a tenth as many has the shorter queue. Slopes are between the middles of the first and
the last quarter of the time after the start, when the workers are up.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.runs import SOURCES, crawling, done, fetching, make_home, press

PROMISED_MB = 350
FLAT_MB = 35
"""A tenth of what is promised: by so much the last quarter may lie above the first."""
STARTING = 15
"""Samples left out of the quarters; a run of fewer than a few thousand pages says nothing about a slope."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Megabytes (10**6 bytes) at one moment."""

    crawl: float
    """The process that was started."""
    others: float
    """Those below it."""

    @property
    def all(self) -> float:
        """Give the sum."""
        return self.crawl + self.others


def watched(command: Sequence[str]) -> list[Sample]:
    """Run a command and take samples until it ends; raises RuntimeError when it fails."""
    samples: list[Sample] = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            samples.append(Sample(pss(process.pid), sum(map(pss, below(process.pid)))))
            time.sleep(1)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return samples


def pss(process: int) -> float:
    """Give the proportional set size of a process; 0 for one that has gone."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(row.split()[1]) * 1024 / 1e6 for row in rows if row.startswith("Pss:"))


def below(process: int) -> Iterator[int]:
    """Give the processes that a process started, and those that they started."""
    parents = {int(each.name): parent(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdecimal()}
    found = {process}
    while new := {child for child, of in parents.items() if of in found} - found:
        found |= new
        yield from new


def parent(process: int) -> int:
    """Give the parent of a process; 0 for one that has gone."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def quarters(values: Sequence[float]) -> tuple[float, float]:
    """Give the middle of the first quarter and of the last."""
    part = max(len(values) // 4, 1)
    return median(values[:part]), median(values[-part:])


def report(name: str, samples: list[Sample]) -> tuple[float, float]:
    """Print peak and slope of a run, of all processes and apart; gives the peak of all and how far it rose."""
    peak = max(sample.all for sample in samples)
    settled = samples[STARTING:] or samples
    print(f"{name}: {len(samples)} samples, peak {peak:.0f} MB")
    rises = {}
    for part in ("all", "crawl", "others"):
        first, last = quarters([getattr(sample, part) for sample in settled])
        rises[part] = last - first
        print(f"    {part:7} first quarter {first:6.1f} MB, last {last:6.1f} MB, {last - first:+.1f} MB")
    return peak, rises["all"]


def main() -> int:
    """Measure and print; 1 where the promise is broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=20_000)
    pages = parser.parse_args().pages
    with press() as ports, tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home", ports, pages, workers=2)
        ours = watched(crawling(home))
        if done(home)[0] != pages:
            raise RuntimeError(f"{done(home)[0]} pages of {pages} were read")
        plain = watched(fetching(ports, pages))
    print(f"{pages:,} pages of {SOURCES} sources")
    report("plain Scrapy, fetch only", plain)
    peak, rise = report("tamdan crawl, 2 workers", ours)
    print(
        f"P12 peak {peak:.0f} MB (promised {PROMISED_MB}), {rise:+.0f} MB between the quarters (promised flat: up to {FLAT_MB})"
    )
    return int(peak > PROMISED_MB or rise > FLAT_MB)


if __name__ == "__main__":
    sys.exit(main())
