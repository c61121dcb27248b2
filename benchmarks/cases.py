"""Pages with known values: two folders of real ones where they are beside the clone, and the golden pairs."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from w3lib.encoding import html_to_unicode

from archive.model import Page, Source
from tests.golden import Pair, Truth, pairs

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "pages"
LATER = datetime(2026, 12, 1, tzinfo=UTC)
"""When the stored pages are said to have been fetched: after all of them."""
UNSEEN = "unseen-"
"""Begins the folders of golden pairs that no rule was mended by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page and what is true of it."""

    name: str
    page: Page
    """As Tamdan is given it."""
    html: Path
    """The same page as UTF-8, as peers are given it."""
    text: str
    title: str = ""
    days: frozenset[date] = frozenset()
    """The day in the page's own zone and in UTC; empty: the page tells none."""
    authors: tuple[str, ...] = ()
    language: str = ""
    absent: tuple[str, ...] = ()
    """Phrases of the page that are not the article's."""


def half(name: str) -> int:
    """Tell in which half of the real pages a page is: 0 for those that rules are tuned on, 1 for those they are scored on."""
    return int(sha256(name.encode()).hexdigest(), 16) % 2


def aeb(folder: Path, scratch: Path) -> Iterator[Case]:
    """Give the pages of the Article Extraction Benchmark; only their texts are known."""
    truth: Mapping[str, Mapping[str, Any]] = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, row in truth.items():
        page = stored(folder / "html" / f"{name}.html.gz", row["url"])
        yield Case(name=name, page=page, html=written(page, scratch / name), text=row["articleBody"])


def news(folder: Path, scratch: Path) -> Iterator[Case]:
    """Give the pages of news sites, with all their values."""
    truth: Mapping[str, Mapping[str, Any]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for name, row in truth.items():
        page = stored(folder / "html" / name, row["url"])
        moment = datetime.fromisoformat(row["date"])
        yield Case(
            name=name,
            page=page,
            html=written(page, scratch / name),
            text=row["body"],
            title=row["title"],
            days=frozenset({moment.date(), moment.astimezone(UTC).date() if moment.tzinfo else moment.date()}),
            authors=tuple(row["author"] or ()),
        )


def golden(scratch: Path, *, unseen: bool) -> Iterator[Case]:
    """Give the golden articles of one page; one that goes on elsewhere cannot be given to a peer."""
    for pair in pairs():
        if isinstance(pair.told.truth, Truth) and not pair.told.further and is_unseen(pair) == unseen:
            yield _golden(pair, scratch)


def is_unseen(pair: Pair) -> bool:
    """Tell whether no rule was mended by this pair."""
    return pair.path.parent.name.startswith(UNSEEN)


def _golden(pair: Pair, scratch: Path) -> Case:
    truth, page = pair.truth, pair.page()
    days = {truth.published, truth.published_at and truth.published_at.astimezone(UTC).date()} - {None}
    return Case(
        name=str(pair),
        page=page,
        html=written(page, scratch / str(pair).replace("/", "-")),
        text="\n".join(truth.text),
        title=truth.title,
        days=frozenset(day for day in days if day),
        authors=truth.authors,
        language=truth.language,
        absent=truth.absent,
    )


def stored(path: Path, url: str) -> Page:
    """Give one stored page, its source known by its host only."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    source = Source(id="page", name=host.split(".")[0], languages=("en",), domains=(host,), zone="UTC")
    return Page(url=url, source=source, body=gzip.decompress(path.read_bytes()), fetched_at=LATER)


def written(page: Page, path: Path) -> Path:
    """Write a page as UTF-8 for those who want text: decoded as its header, its marks and its own words say."""
    _, text = html_to_unicode(page.content_type, page.body)
    path.write_text(text, encoding="utf-8", errors="replace")
    return path
