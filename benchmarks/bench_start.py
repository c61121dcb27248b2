"""P11: how long a command takes that only tells something: `python benchmarks/bench_start.py [--rounds 15]`.

`tamdan --help`, and `tamdan status` on a home with the shipped sources and a ledger of 100,000 pages, as whole processes, beside the bare
interpreter, in turn. Told are the least and the middle of wall time and of processor time; the least is what a machine without other work
takes.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from archive.config import load_sources
from archive.database import checkpoint, immediate, open_writer
from archive.home import Home, init_home
from archive.migrate import migrate
from benchmarks.runs import Cost, run

PROMISED = 0.35
LEDGER = 100_000


def followed_home(folder: Path) -> Home:
    """Make a home as it is after some months: each source was polled, each twentieth of its pages waits."""
    init_home(folder)
    home = Home(folder)
    migrate(home.crawl, "crawl")
    sources = [source.id for source in load_sources(home.sources_file).source]
    with closing(open_writer(home.crawl)) as connection:
        with immediate(connection):
            connection.executemany(
                "insert into listing (url, source, kind, root, page, polled_at, answered_at, outcome, newest_at)"
                " values (:url, :source, 'feed', :url, 1, :at, :at, 'fine', :at)",
                [
                    {"url": f"https://{source}.example/feed", "source": source, "at": "2021-12-10T08:45:00Z"}
                    for source in sources
                ],
            )
            connection.executemany(
                "insert into page (url, source, state, found_at) values (?, ?, ?, '2021-12-10T08:45:00Z')",
                [
                    (
                        f"https://news.example/{n}",
                        sources[n % len(sources)],
                        "done" if n // len(sources) % 20 else "found",
                    )
                    for n in range(LEDGER)
                ],
            )
        checkpoint(connection)
    return home


def report(name: str, costs: Sequence[Cost]) -> float:
    """Print a line; gives the middle wall time."""
    wall, cpu = [cost.wall for cost in costs], [cost.cpu for cost in costs]
    print(
        f"{name:16} wall {min(wall):.3f} / {median(wall):.3f} s, CPU {min(cpu):.3f} / {median(cpu):.3f} s  (least / middle)"
    )
    return median(wall)


def main() -> int:
    """Measure and print; 1 where the promise is broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        tamdan = [sys.executable, "-m", "tamdan", "--home", str(followed_home(Path(folder) / "home").path)]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "tamdan --help": [*tamdan, "--help"],
            "tamdan status": [*tamdan, "status"],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                costs[name].append(run(command))
    slowest = max(
        [report(name, each[1:]) for name, each in costs.items()][1:]
    )  # the first round warms the disk's cache
    print(f"P11 the slower of both {slowest:.3f} s (promised {PROMISED})")
    return int(slowest > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
