"""Why the page of a headline could not be opened: the crawler's own memory tells it, where it is at hand."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.database import open_reader
from archive.errors import TamdanError

_GAVE_UP = "gave up: "


def why_unopened(crawl: Path, url: str) -> str | None:
    """Give the short name of what stood in the way, as the ledger counts it; None where it does not say."""
    try:
        with closing(open_reader(crawl)) as connection:
            return _outcome(connection, url)
    except TamdanError:  # no ledger, or one of another version: the page does without
        return None


def _outcome(connection: sqlite3.Connection, url: str) -> str | None:
    row = connection.execute("select outcome from page where url = ?", [url]).fetchone()
    return str(row["outcome"]).removeprefix(_GAVE_UP) if row and row["outcome"] else None
