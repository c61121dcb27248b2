"""P1, P3: what a crawl costs beyond fetching: `python benchmarks/bench_crawl.py [--pages 1000] [--rounds 3] [--folder FOLDER]`.

Ours is the whole of `tamdan crawl`: ledger, guard, every page read in a worker, matched, those without a match kept for a while, the others
stored with capture and index. Beside it plain Scrapy fetches the same pages of the same 20 sources, in turn, in one run. Neither waits
between pages nor asks for compression that is given; the press has its own process, which is not counted. What is told is the processor
time of all processes per page, beyond what the same command takes for 20 pages: the middle of the rounds.

`--folder` serves stored pages (.html, .html.gz) in turn in place of made ones.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.press import is_hit
from benchmarks.runs import SOURCES, Cost, crawling, done, fetching, make_home, press, processors, run

PROMISED = 2.5
"""P1, with a triage that reads no page without a word of the campaign; without it every page read is 8 to 9 times a fetch."""
PROMISED_SPEED = 1.6
"""P3: pages a second on two processors, against one."""

Side = Callable[[int], Cost]


def sides(folder: Path, ports: Sequence[int], *, expects: bool) -> dict[str, Side]:
    """Give each side as what runs so many pages."""
    made = iter(range(10**6))

    def crawl(pages: int, workers: int, cores: int) -> Cost:
        home = make_home(folder / str(next(made)), ports, pages, workers)
        with processors(cores):
            cost = run(crawling(home), (0,) if expects else (0, 1))
        if expects:
            check(done(home), pages)
        return cost

    return {
        "plain Scrapy, fetch only": lambda pages: run(fetching(ports, pages)),
        "tamdan crawl, 2 workers": lambda pages: crawl(pages, 2, 2),
        "tamdan crawl, 1 worker": lambda pages: crawl(pages, 1, 2),
        "tamdan crawl, 1 worker on 1 core": lambda pages: crawl(pages, 1, 1),
    }


def check(found: tuple[int, int], pages: int) -> None:
    """Raise RuntimeError where pages are missing or the wrong ones matched."""
    hits = SOURCES * sum(is_hit(number) for number in range(pages // SOURCES))
    if found[0] != pages or found[1] != hits:
        raise RuntimeError(f"{found[0]} pages were read and {found[1]} matched; should be {pages} and {hits}")


def measure(sides: dict[str, Side], pages: int, rounds: int) -> dict[str, Cost]:
    """Run all sides in turn; gives the middle cost of each, beyond start, per page."""
    beyond: dict[str, list[Cost]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            beyond[name].append(side(pages) - side(SOURCES))
    return {
        name: Cost(
            *(median(column) / (pages - SOURCES) for column in zip(*((c.cpu, c.wall) for c in costs), strict=True))
        )
        for name, costs in beyond.items()
    }


def report(costs: dict[str, Cost], pages: int, rounds: int) -> None:
    """Print a line for each side, then what is promised."""
    plain, two, one, single = costs.values()
    print(f"{pages:,} pages of {SOURCES} sources, middle of {rounds} rounds; beyond start")
    for name, cost in costs.items():
        print(
            f"    {name:34} {cost.cpu * 1000:6.2f} ms CPU a page, {1 / cost.wall:6.0f} pages/s, {cost.cpu / plain.cpu:5.2f} x fetch"
        )
    print(
        f"P1  every page read: {two.cpu / plain.cpu:.2f} x plain Scrapy's fetch (promised {PROMISED} for a back-fill with triage)"
    )
    print(
        f"P3  2 workers on 2 cores against 1 worker on 1 core: {single.wall / two.wall:.2f} x pages/s (promised {PROMISED_SPEED});"
        f" against 1 worker on 2 cores {one.wall / two.wall:.2f} x"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder")
    chosen = parser.parse_args()
    with press(chosen.folder) as ports, tempfile.TemporaryDirectory() as folder:
        costs = measure(sides(Path(folder), ports, expects=not chosen.folder), chosen.pages, chosen.rounds)
    report(costs, chosen.pages, chosen.rounds)


if __name__ == "__main__":
    main()
