"""P8: how long the site takes over 100,000 articles; beside it stock Datasette's table search over the same file, in turn.

    python benchmarks/bench_site.py [--dir FOLDER] [--articles 100000] [--rounds 3]

The archive is made once in FOLDER (some minutes, the same one every time; `large_archive.py` says of what). Each side is a process of its own on loopback.
Every search is asked for the first time after a warm-up of other words, and then again: the second time its articles are remembered.
Stock Datasette finds fewer of them: it does not cut Khmer into clusters, and shows no snippets and counts no facets here.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive.home import SHIPPED, Home
from archive.serve import command
from benchmarks.large_archive import make

PROMISED = {"search": 100.0, "JSON": 25.0, "home": 100.0, "article": 30.0}
"""Milliseconds, 95th percentile."""

HOME_BYTES = 150_000
LIGHTHOUSE = 0.95

SEARCHES: Sequence[Mapping[str, str]] = (
    {"q": "ខ្ញុំទទួលយក"},
    {"q": "ស្រឡាញ់ភេទដូចគ្នា"},
    {"q": "សិទ្ធិ", "language": "km"},
    {"q": "យុទ្ធនាការ AND សហគមន៍"},
    {"q": '"ភេទដូចគ្នា" NOT LGBT*'},
    {"q": "ភ្នំពេញ", "from": "2024-01-01", "to": "2024-12-31"},
    {"q": "គ្រួសារ", "stories": "one"},
    {"q": "marriage"},
    {"q": "LGBT*", "weak": "no"},
    {"q": "marriage equality OR rights", "order": "oldest"},
    {"q": '"same-sex couple"', "source": "press-2"},
    {"q": '"community rights"~5'},
    {"query": "i-accept/marriage"},
    {"campaign": "i-accept", "from": "2025-03-01", "to": "2025-03-31"},
    {"source": "press-3", "decision": "keep"},
    {"q": "accept", "page": "5"},
)
WARM_UP: Sequence[Mapping[str, str]] = (
    {"q": "ទន្លេ"},
    {"q": "river"},
    {"stories": "one", "weak": "no", "decision": "decided", "status": "read", "source": "press-1"},
    {},
)


class Server:
    """One process that serves the archive, asked over one connection after another."""

    def __init__(self, port: int, process: int) -> None:
        self.port = port
        self._process = process

    def cpu(self) -> float:
        """Give the processor time in milliseconds that the process has used so far."""
        told = Path(f"/proc/{self._process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def get(self, path: str, **asked: str) -> tuple[float, bytes]:
        """Give the milliseconds an answer took and the answer; raises RuntimeError unless it is fine."""
        address = f"{path}?{urlencode(asked)}" if asked else path
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", address)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"{address}: {response.status} {body[:200]!r}")
        return (time.perf_counter() - began) * 1000, body


@contextmanager
def served(line: Sequence[str], port: int, **environment: str) -> Iterator[Server]:
    """Start a server and wait until it answers."""
    process = subprocess.Popen(
        line, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Give a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def both(archive: Path, folder: Path) -> Iterator[tuple[Server, Server]]:
    """Serve the archive by our site and by Datasette without any plugin, which is told where the index is."""
    plain = folder / "stock.json"
    tables = {"coverage": {"fts_table": "article_fts", "fts_pk": "article"}}
    plain.write_text(json.dumps({"databases": {"archive": {"tables": tables}}}), encoding="utf-8")
    mine, stock = free_port(), free_port()
    with (
        served(command(archive, SHIPPED / "datasette-metadata.json", mine), mine) as ours,
        served(command(archive, plain, stock), stock, DATASETTE_LOAD_PLUGINS="") as theirs,
    ):
        yield ours, theirs


def percentile(times: Sequence[float], share: float) -> float:
    """Give the time under which this share of the times lies."""
    return sorted(times)[min(len(times) - 1, round(share * (len(times) - 1)))]


def told(name: str, times: Sequence[float], promise: float | None = None) -> bool:
    """Print the middle and the 95th percentile; true where the promise is held."""
    p95 = percentile(times, 0.95)
    held = f" (promised p95 {promise:.0f})" if promise else ""
    print(f"{name:<42} p50 {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms{held}")
    return promise is None or p95 <= promise


# ---- the two sides ----------------------------------------------------------------------------------------------------------------


def searches(ours: Server, theirs: Server, rounds: int) -> bool:
    """Ask both sides every search in turn."""
    for asked in WARM_UP:
        ours.get("/search", **asked)
        theirs.get("/archive/coverage", _nofacet="1", _size="20")
    before = ours.cpu(), theirs.cpu()
    first: list[float] = []
    again: list[float] = []
    stock: list[float] = []
    for number in range(rounds):
        for asked in SEARCHES:
            (again if number else first).append(ours.get("/search", **asked)[0])
            if words := asked.get("q"):
                quoted = words if words.isascii() else f'"{words}"'
                stock.append(theirs.get("/archive/coverage", _search=quoted, _nofacet="1", _size="20")[0])
    held = told("search, asked for the first time", first, PROMISED["search"])
    held &= told("search, asked again", again, PROMISED["search"])
    told("stock Datasette's table search", stock)
    print(
        f"ratio of the middles, all of ours to stock: {statistics.median([*first, *again]) / statistics.median(stock):.2f}"
    )
    mine, others = (ours.cpu() - before[0]) / (len(first) + len(again)), (theirs.cpu() - before[1]) / len(stock)
    print(f"CPU of one search: ours {mine:.0f} ms, stock {others:.0f} ms: ratio {mine / others:.2f}")
    return held


def programs(archive: Path, rounds: int) -> bool:
    """Ask a server that has answered none of these searches for them as JSON."""
    port = free_port()
    first: list[float] = []
    again: list[float] = []
    with served(command(archive, SHIPPED / "datasette-metadata.json", port), port) as ours:
        for asked in WARM_UP:
            ours.get("/search.json", **asked)
        for number in range(rounds):
            for asked in SEARCHES:
                (again if number else first).append(ours.get("/search.json", **asked)[0])
    held = told("JSON, asked for the first time", first, PROMISED["JSON"])
    return told("JSON, asked again", again, PROMISED["JSON"]) and held


def pages(ours: Server, rounds: int) -> bool:
    """Ask for the other pages."""
    times: dict[str, list[float]] = {"home": [], "article": []}
    results = json.loads(ours.get("/search.json", q="សិទ្ធិ")[1])["results"]
    ours.get("/")
    for _ in range(rounds):
        for result in results[:10]:
            times["home"].append(ours.get("/")[0])
            times["article"].append(ours.get(result["page"])[0])
    held = [told(name, taken, PROMISED[name]) for name, taken in times.items()]
    return all(held)


class _Outside(HTMLParser):
    """Collects what a page loads from other hosts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what is loaded, not at what is only linked."""
        given = dict(attrs)
        loads = "href" if tag == "link" and given.get("rel") not in ("alternate", "canonical") else "src"
        address = given.get(loads) or ""
        if urlsplit(address).netloc:
            self.addresses.append(address)


def weight(ours: Server) -> bool:
    """Print the bytes of the home page with its style sheet and icon, and what is loaded from elsewhere."""
    _, home = ours.get("/")
    _, sheet = ours.get("/-/tamdan/tamdan.css")
    outside = [address for path in ("/", "/search?q=LGBT*") for address in _Outside(ours.get(path)[1]).addresses]
    size = len(home) + len(sheet)
    print(
        f"home beside the font: {size / 1000:.0f} kB (promised {HOME_BYTES / 1000:.0f}); loaded from other hosts: {len(outside)}"
    )
    return size <= HOME_BYTES and not outside


# ---- exports ------------------------------------------------------------------------------------------------------------------------


def exports(home: Home) -> bool:
    """Export a tenth and everything, each in a process of its own; the memory must be the same."""
    peaks = []
    for search in ("from=2026-05-15&to=2026-11-21", ""):
        file = home.path / "export.csv"
        given = ["--search", search] if search else []
        line = [sys.executable, "-m", "tamdan", "--home", str(home.path), "export", *given, "-o", str(file)]
        began = time.perf_counter()
        process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        rows = process.stderr.read().strip().splitlines()[-1]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peaks.append(usage.ru_maxrss / 1024)
        print(f"export: {peaks[-1]:.0f} MB at the most, {time.perf_counter() - began:.1f} s: {rows}")
        file.unlink(missing_ok=True)
    return peaks[1] <= peaks[0] * 1.1


# ---- lighthouse ---------------------------------------------------------------------------------------------------------------------


def lighthouse(ours: Server) -> bool:
    """Let Lighthouse judge three pages, where it is installed."""
    tool, chromium = shutil.which("lighthouse"), shutil.which("chromium")
    if not tool or not chromium:
        print("Lighthouse: not measured, lighthouse and chromium are not both on PATH")
        return True
    key = json.loads(ours.get("/search.json")[1])["results"][0]["page"]
    held = [_judged(tool, chromium, f"http://127.0.0.1:{ours.port}{path}") for path in ("/", "/search", key)]
    return all(held)


def _judged(tool: str, chromium: str, address: str) -> bool:
    line = [
        *(tool, address, "--quiet", "--output=json", "--only-categories=accessibility,best-practices"),
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    answer = subprocess.run(line, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, check=True).stdout
    scores = {name: one["score"] for name, one in json.loads(answer)["categories"].items()}
    print(f"Lighthouse {urlsplit(address).path}: {scores}")
    return bool(min(scores.values()) >= LIGHTHOUSE)


def measure(home: Home, rounds: int) -> bool:
    """Measure everything; true where every promise is held."""
    with both(home.archive, home.path) as (ours, theirs):
        held = [searches(ours, theirs, rounds), pages(ours, rounds), weight(ours), lighthouse(ours)]
    return all([*held, programs(home.archive, rounds), exports(home)])


def main() -> int:
    """Measure and print; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir()) / "tamdan-bench-site")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3, choices=range(2, 100), metavar="ROUNDS")
    given = parser.parse_args()
    home = Home(given.dir / str(given.articles))
    if not home.archive.exists():
        print(f"Making an archive of {given.articles:,} articles in {home.path} …")
        make(home, given.articles)
    load = Path("/proc/loadavg").read_text(encoding="utf-8").split()[0]
    print(f"{given.articles:,} articles, load {load}")
    return int(not measure(home, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
