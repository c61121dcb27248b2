"""Reads two folders of real pages with known values and prints how much is right, beside bare trafilatura in the same run.

Usage: python -m benchmarks.bench_reading [FOLDER], where FOLDER, else ../shared/pages beside the clone, holds `aeb/` (the Article Extraction Benchmark) and `news/`.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import urlsplit

from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from archive.errors import Dropped
from archive.khmer import clean
from archive.model import Article, Page, Source
from pipelines.document import Document
from pipelines.stages import STAGES

Row = dict[str, Any]
QUOTES = str.maketrans("‘’", "''")
WORD = re.compile(r"\w+")


BESIDE = Path(__file__).resolve().parents[2] / "shared" / "pages"


def main(folder: Path) -> None:
    """Print both tables."""
    bodies(folder / "aeb")
    values(folder / "news")


def page(path: Path, url: str) -> Page:
    """One stored page as if fetched after all of them, its source known by its host only."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    source = Source(id="page", name=host.split(".")[0], languages=("en",), domains=(host,), zone="UTC")
    return Page(
        url=url, source=source, body=gzip.decompress(path.read_bytes()), fetched_at=datetime(2026, 12, 1, tzinfo=UTC)
    )


def read(stored: Page) -> Article:
    """All stages but matching; an empty article where the page is dropped."""
    article = Article(url=stored.url, source=stored.source.id)
    try:
        document = Document.parse(stored)
        for stage in STAGES:
            article = stage(article, document)
    except Dropped as dropped:
        print(f"  dropped: {dropped.outcome}: {dropped} {stored.url}")
    return article


# ---- text -------------------------------------------------------------------------------------------------------------------------


def bodies(folder: Path) -> None:
    """F1 of word 4-grams, from precision and recall averaged over pages, and CPU per page."""
    truth: dict[str, Row] = json.loads((folder / "ground-truth.json").read_text())
    pages = {name: page(folder / "html" / f"{name}.html.gz", row["url"]) for name, row in truth.items()}
    readers: dict[str, Callable[[Page], str]] = {"tamdan": lambda stored: read(stored).text, "trafilatura": bare_text}
    for name, reader in readers.items():
        began = process_time()
        texts = {key: reader(stored) for key, stored in pages.items()}
        spent = (process_time() - began) / len(pages)
        scores = [score(truth[key]["articleBody"], text) for key, text in texts.items()]
        precision, recall = (sum(column) / len(scores) for column in zip(*scores, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{name:12} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  {spent * 1000:.1f} ms CPU/page")


def bare_text(stored: Page) -> str:
    """Give the text as trafilatura alone gives it, without comments."""
    found = bare_extraction(stored.body, include_comments=False)
    return found.text or "" if isinstance(found, Extracted) else ""


def score(wanted: str, got: str) -> tuple[float, float]:
    """Precision and recall of one text's 4-grams."""
    true, found = grams(wanted), grams(got)
    both = (true & found).total()
    return (both / found.total() if found else 0.0), (both / true.total() if true else 1.0)


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Every 4 words that follow each other; one shorter gram for a text of fewer."""
    words = WORD.findall(text)
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(islice(words, start, None) for start in range(4)), strict=False))


# ---- values -----------------------------------------------------------------------------------------------------------------------


def values(folder: Path) -> None:
    """Share of titles, days and author lists that are right, on the half that rules were tuned on, the other, and both."""
    truth: dict[str, Row] = json.loads((folder / "truth.json").read_text())
    pages = {name: page(folder / "html" / name, row["url"]) for name, row in truth.items()}
    readers: dict[str, Callable[[Page], Row]] = {"tamdan": ours, "trafilatura": bare}
    for name, reader in readers.items():
        right = {key: judged(truth[key], reader(stored)) for key, stored in pages.items()}
        for field in ("title", "day", "authors"):
            shares = [
                share(row[field] for key, row in right.items() if half(key) in halves)
                for halves in ((0,), (1,), (0, 1))
            ]
            print(f"{name:12} {field:8} tuned {shares[0]:.3f}  other {shares[1]:.3f}  all {shares[2]:.3f}")


def half(name: str) -> int:
    """0 for the pages rules are tuned on, 1 for those they are scored on."""
    return int(sha256(name.encode()).hexdigest(), 16) % 2


def share(flags: Iterable[bool]) -> float:
    """Give the part that is true."""
    counted = list(flags)
    return sum(counted) / len(counted)


def ours(stored: Page) -> Row:
    """Tell what the stages make of a page."""
    article = read(stored)
    return {
        "title": article.title,
        "day": article.published and article.published.day,
        "authors": list(article.authors),
    }


def bare(stored: Page) -> Row:
    """Tell what trafilatura alone makes of it."""
    found = bare_extraction(stored.body, url=stored.url, include_comments=False, with_metadata=True)
    if not isinstance(found, Extracted):
        return {"title": "", "day": None, "authors": []}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"title": found.title, "day": date.fromisoformat(found.date) if found.date else None, "authors": authors}


def judged(truth: Row, got: Row) -> dict[str, bool]:
    """Which fields are right; a day counts in UTC and as written."""
    moment = datetime.fromisoformat(truth["date"])
    days = {moment.date(), moment.astimezone(UTC).date() if moment.tzinfo else moment.date()}
    authors = [plain(name) for name in truth["author"] or []]
    return {
        "title": plain(got["title"]) == plain(truth["title"]),
        "day": got["day"] in days,
        "authors": [plain(name) for name in got["authors"]] == authors,
    }


def plain(text: str | None) -> str:
    """Give a text without differences of spaces and single quotes."""
    return " ".join(clean(text or "").translate(QUOTES).split())


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    if given.is_dir():
        main(given)
    else:
        print(f"{given} is not here: name the folder of measured pages. Nothing was measured.")
