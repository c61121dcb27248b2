"""How well copies of a text are known again, and what only looks like one is not, and what that costs.

Usage: python -m benchmarks.bench_syndication [FOLDER] [--half 0|1] [--peer PYTHON]. The texts are the newsroom's and, where FOLDER, else ../shared/pages
beside the clone, is there, those of its two sets of real pages. Half of them are stored; copies of them are made and stored one by one; the other half
makes what only looks alike. PYTHON is an interpreter that has datasketch: its MinHash then looks for the same copies among the same texts.
"""

import json
import sqlite3
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from archive.database import immediate, open_writer
from archive.likeness import letters
from archive.migrate import migrate
from archive.model import Article, Campaigns
from archive.store import Store
from archive.stories import join, links
from benchmarks.copies import KINDS, Text, copies, texts, traps
from pipelines.syndication import fingerprint

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "pages"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


# ---- measuring --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """What one kind came to; times are CPU milliseconds per text."""

    recall: float
    pairs: int
    wrong: int
    fingerprint: float
    lookup: float
    joining: float


class Shelf:
    """An archive in memory; every text put on it joins its story."""

    def __init__(self, path: Path) -> None:
        with closing(open_writer(path)) as file:
            self.db = sqlite3.connect(":memory:", isolation_level=None)
            file.backup(self.db)
        self.db.row_factory = sqlite3.Row
        self.spent = dict.fromkeys(("fingerprint", "lookup", "joining"), 0.0)
        self.origins = dict[int, str]()

    def put(self, texts: Iterable[Text]) -> list[int]:
        """Store texts and join each to its story, each step timed; gives their rows."""
        return [self._put(text, f"https://{text.source}/{len(self.origins)}") for text in texts]

    def _put(self, text: Text, url: str) -> int:
        self.db.execute(
            "insert or ignore into source (id, name, status, languages, homepage, zone) values (?, ?, 'open', '[]', ?, 'UTC')",
            [text.source, text.source, f"https://{text.source}/"],
        )
        article = Article(url=url, source=text.source, text=text.text)
        Store(self.db).put(article, [], NOW)
        row = int(self.db.execute("select id from article where url = ?", [url]).fetchone()["id"])
        self.origins[row] = text.origin
        known = self._timed("fingerprint", lambda: fingerprint("", text.text))
        if known:
            self._timed("lookup", lambda: list(links(self.db, row, known)))
        with immediate(self.db):
            self._timed("joining", lambda: join(self.db, row, known, NOW))
        return row

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        began = process_time()
        made = work()
        self.spent[name] += process_time() - began
        return made

    def figures(self, rows: Sequence[int]) -> Figures:
        """Tell how many of these rows found another of their origin, and how many of the pairs they make are wrong."""
        pairs = self._pairs(rows)
        found = {row for row, other in pairs if self.origins[row] == self.origins[other]}
        wrong = sum(self.origins[row] != self.origins[other] for row, other in pairs)
        each = {name: spent / len(rows) * 1000 for name, spent in self.spent.items()}
        return Figures(len(found) / len(rows), len(pairs), wrong, each["fingerprint"], each["lookup"], each["joining"])

    def _pairs(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        sql = "select one.id, other.id from article one join article other on other.story = one.story and other.id != one.id"
        asked = set(rows)
        return [(row, other) for row, other in self.db.execute(sql) if row in asked]

    def size(self) -> str:
        """Tell what the n-grams take on the disk beside the text."""
        self.db.execute("analyze")
        count, articles = self.db.execute("select count(*), count(distinct article) from gram").fetchone()
        size = sum(len(row["text"].encode()) for row in self.db.execute("select text from revision"))
        try:
            sql = "select sum(pgsize) from dbstat where name in ('gram', 'gram_article')"
            taken = self.db.execute(sql).fetchone()[0]
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            return f"{count / articles:.0f} n-grams an article"
        return (
            f"{count / articles:.0f} n-grams an article, {taken / articles:.0f} bytes of {size / articles:.0f} of text"
        )


def main(folder: Path, peer: str | None, half: int) -> None:
    """Print what each kind comes to, for us and the peer."""
    every = sorted(texts(folder), key=lambda text: sha256(text.text.encode()).digest())
    newsroom = [text for text in every if not text.origin.startswith("http")]
    pages = [text for text in every if text.origin.startswith("http")]
    stored, unused = newsroom + pages[half::2], pages[1 - half :: 2]
    kinds = {kind: list(copies(kind, stored)) for kind in KINDS}
    with TemporaryDirectory() as home:
        path = Path(home) / "archive.db"
        migrate(path, "archive")
        with closing(open_writer(path)) as connection:
            Store(connection).declare((), Campaigns(), NOW)
        ours(path, stored, kinds, traps(stored, unused))
    if peer:
        theirs(peer, stored, kinds)


def ours(path: Path, stored: list[Text], kinds: Mapping[str, list[Text]], trapped: Mapping[str, list[Text]]) -> None:
    """Print our table."""
    shelf = Shelf(path)
    alone = shelf.figures(shelf.put(stored))
    mean = sum(len(text.text) for text in stored) / len(stored)
    print(f"{len(stored)} texts of {mean:.0f} characters; {shelf.size()}")
    print(f"{'':32} recall  pairs  wrong  precision  fingerprint + lookup ms (all of joining)")
    line("stored alone", replace(alone, recall=1.0))
    for kind, made in [*kinds.items(), *trapped.items()]:
        if made:
            shelf = Shelf(path)
            shelf.put(stored)
            shelf.spent = dict.fromkeys(shelf.spent, 0.0)
            line(kind, shelf.figures(shelf.put(made)), is_trap=kind in trapped)


def line(kind: str, found: Figures, *, is_trap: bool = False) -> None:
    """Print one row."""
    precision = 1 - found.wrong / found.pairs if found.pairs else 1.0
    recall = "     –" if is_trap else f"{found.recall:6.3f}"
    times = f"{found.fingerprint:5.2f} + {found.lookup:.2f} ({found.joining:.2f})"
    print(f"{kind:32} {recall} {found.pairs:6} {found.wrong:6}  {precision:9.3f}  {times}")


PEER = """
import json, sys, time
from datasketch import MinHash, MinHashLSH
def minhash(text):
    made = MinHash(num_perm=128)
    made.update_batch({text[i:i + 8].encode("utf-8", "replace") for i in range(max(1, len(text) - 7))})
    return made
asked = json.load(sys.stdin)
index = MinHashLSH(threshold=0.5, num_perm=128)
for number, (origin, text) in enumerate(asked["stored"]):
    index.insert(number, minhash(text))
for kind, made in asked["kinds"].items():
    began, found, right = time.process_time(), 0, 0
    hits = [index.query(minhash(text)) for origin, text in made]
    spent = (time.process_time() - began) / len(made) * 1000
    truth = [[asked["stored"][hit][0] == origin for hit in each] for each, (origin, text) in zip(hits, made)]
    pairs, right = sum(map(len, truth)), sum(map(sum, truth))
    print(f"{kind:32} {sum(map(any, truth)) / len(made):6.3f} {pairs:6} {pairs - right:6}  {right / max(1, pairs):9.3f}  {spent:5.2f}")
"""


def theirs(python: str, stored: list[Text], kinds: Mapping[str, list[Text]]) -> None:
    """Print the same of datasketch's MinHash over the same letters: 8-grams, 128 permutations, Jaccard of a half; folding is not in its time."""
    print("MinHash LSH .5 (datasketch)")
    asked = {
        "stored": [(text.origin, letters("", text.text)) for text in stored],
        "kinds": {kind: [(text.origin, letters("", text.text)) for text in made] for kind, made in kinds.items()},
    }
    subprocess.run([python, "-c", PEER], input=json.dumps(asked), text=True, check=True)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=BESIDE)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="which half of the pages is stored")
    arguments = parser.parse_args(sys.argv[1:])
    main(arguments.folder, arguments.peer, arguments.half)
