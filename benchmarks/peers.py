"""Who reads pages beside Tamdan: each peer at its pinned version, in an environment of its own outside the repository."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import IO, Protocol, Self

from archive.config import load_campaigns
from archive.errors import Dropped
from archive.home import SHIPPED
from archive.model import Article
from benchmarks.cases import Case
from pipelines.match import Matcher
from pipelines.stages import read

HOME = Path(os.environ.get("TAMDAN_PEERS") or Path.home() / ".cache" / "tamdan-peers")
RUNNER = Path(__file__).with_name("peer.py")
US = "Tamdan"
INSTALLED = "installed.txt"
"""Lies in an environment that was made to its end, and tells what is in it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One package that reads articles, as pip knows it."""

    name: str
    version: str
    also: tuple[str, ...] = ()
    """What it needs and does not ask for by itself."""
    dates: bool = True
    """Whether it reads dates at all."""


LANGUAGES = "newspaper4k[bn,hi,ja,nlp,np,ta,th,zh]==0.9.6"
"""newspaper4k with what it needs for every language it knows; without it, it raises an error on some pages, English ones among them."""
PEERS = (
    Peer("trafilatura", "2.3.1", also=("lxml_html_clean",)),
    Peer("readability-lxml", "0.9", dates=False),
    Peer("newspaper4k", "0.9.6", also=(LANGUAGES,)),
    Peer("news-please", "1.6.16", also=(LANGUAGES,)),
    Peer("goose3", "3.1.22"),
)


class AbsentError(Exception):
    """A peer cannot be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of one page."""

    title: str = ""
    text: str = ""
    day: str | None = None
    """As the reader tells it: an ISO date, or an instant with or without its offset."""
    authors: tuple[str, ...] = ()
    ms: float = 0.0
    """CPU milliseconds."""
    crash: str = ""
    """The name of the error by which it failed; empty: none."""


class Reader(Protocol):
    """Whoever reads pages."""

    name: str

    def read(self, case: Case) -> Reading:
        """Read one page; never raises."""


class Tamdan:
    """All stages and the shipped campaign; a page that is dropped gives nothing."""

    name = US

    def __init__(self) -> None:
        self._matcher = Matcher(load_campaigns(SHIPPED / "campaigns.toml"))

    def read(self, case: Case) -> Reading:
        """Read one page, matching and fingerprint included."""
        began = process_time()
        try:
            article = read(case.page, self._matcher)
        except Dropped:
            article = Article(url=case.page.url, source="")
        day = article.published.day.isoformat() if article.published else None
        return Reading(article.title, article.text, day, article.authors, (process_time() - began) * 1000)


class Running:
    """A peer at work in its own process, which is started again when a page kills it. Raises AbsentError where it does not start."""

    def __init__(self, peer: Peer) -> None:
        self.name = peer.name
        self._python = python_of(peer)
        self._process: subprocess.Popen[str] | None = None
        self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, case: Case) -> Reading:
        """Read one page; a page that kills the process counts as a crash."""
        asked = {"name": case.name, "url": case.page.url, "html": str(case.html)}
        process = self._process or self._started()
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            print(json.dumps(asked), file=process.stdin, flush=True)
            if line := _line(process.stdout):
                return told(line)
        self._stop()
        return Reading(crash="died")

    def _started(self) -> subprocess.Popen[str]:
        command: list[str | Path] = [self._python, "-W", "ignore", RUNNER, self.name]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self._process = process
        if _line(process.stdout) != "ready\n":
            self._stop()
            raise AbsentError("it does not start")
        return process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = None


def _line(stream: IO[str] | None) -> str:
    return stream.readline() if stream else ""


def told(line: str) -> Reading:
    """Read a line of the runner; a peer may leave any value out or give None."""
    row = json.loads(line)
    return Reading(
        title=row.get("title") or "",
        text=row.get("text") or "",
        day=row.get("day"),
        authors=tuple(name.strip() for name in row.get("authors") or () if name and name.strip()),
        ms=row["ms"],
        crash=row["error"] or "",
    )


@contextmanager
def readers() -> Iterator[tuple[Sequence[Reader], dict[str, str]]]:
    """Start Tamdan and every peer that can be had; gives them, and why the others are not among them."""
    with ExitStack() as stack:
        ready: list[Reader] = [Tamdan()]
        absent: dict[str, str] = {}
        for peer in PEERS:
            try:
                ready.append(stack.enter_context(Running(peer)))
            except AbsentError as error:
                absent[peer.name] = str(error)
        yield ready, absent


def read_all(asked: Sequence[Reader], cases: Sequence[Case]) -> dict[str, list[Reading]]:
    """Let every reader read every page, one reader after the other on each page, so that all have the same machine."""
    found: dict[str, list[Reading]] = {reader.name: [] for reader in asked}
    for case in cases:
        for reader in asked:
            found[reader.name].append(reader.read(case))
    return found


# ---- environments -----------------------------------------------------------------------------------------------------------------


def python_of(peer: Peer) -> Path:
    """Give the interpreter of a peer, whose environment is made when it is missing. Raises AbsentError where that fails."""
    folder = HOME / f"{peer.name}-{peer.version}"
    python = folder / "bin" / "python"
    wanted = [f"{peer.name}=={peer.version}", *peer.also]
    if _text(folder / INSTALLED).split() != wanted:
        print(f"Installing {wanted[0]} into {folder} ...", file=sys.stderr)
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *wanted])
        (folder / INSTALLED).write_text("\n".join(wanted) + "\n", encoding="utf-8")
    return python


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise AbsentError(f"cannot be installed: {error.strerror}") from error
    if done.returncode:
        last = deque((line for line in f"{done.stdout}\n{done.stderr}".splitlines() if "rror" in line), maxlen=1)
        raise AbsentError("cannot be installed: " + (last[0].removeprefix("ERROR: ") if last else "pip failed"))
