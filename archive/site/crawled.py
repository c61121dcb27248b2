"""How the last crawl went, told by its age too: no exit code tells that cron never ran."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from archive.stamp import from_instant

State = Literal["never", "running", "cut short", "stale", "trouble", "fine"]

STALE = timedelta(hours=36)
"""A daily crawl that missed a round is older than this."""

LONGEST = timedelta(hours=12)
"""A crawl without an end that began earlier than this was killed."""

MESSAGES = (
    "The first crawl has not run yet",
    "A crawl is running since {time}",
    "The last crawl was cut short: {time}",
    "No crawl since {time}",
    "Last crawl {time}: some sources failed",
    "Last crawl {time}: fine",
)
_WORDS = dict(zip(("never", "running", "cut short", "stale", "trouble", "fine"), MESSAGES, strict=True))
_KINDS = {"fine": "good", "running": "good", "trouble": "warn", "stale": "bad", "cut short": "warn", "never": "warn"}


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """How the archive stands to the present; `at` is None where nothing was ever crawled."""

    state: State
    at: datetime | None = None

    @property
    def words(self) -> str:
        """Give the message that tells it; `{time}` in it is the instant."""
        return _WORDS[self.state]

    @property
    def kind(self) -> str:
        """Give the class of its badge."""
        return _KINDS[self.state]


def load_last_crawl(connection: sqlite3.Connection, now: datetime) -> LastCrawl:
    """Judge the last crawl."""
    row = connection.execute(
        "select started_at, ended_at, exit_code from run where kind = 'crawl' order by started_at desc, id desc limit 1"
    ).fetchone()
    if row is None:
        return LastCrawl("never")
    started = from_instant(row["started_at"])
    ended = from_instant(row["ended_at"]) if row["ended_at"] else None
    return LastCrawl(_state(now - started, ended is not None, row["exit_code"]), ended or started)


def _state(age: timedelta, ended: bool, exit_code: int | None) -> State:  # noqa: FBT001  what a row tells, not a choice of how to act
    if age > STALE:
        return "stale"
    if not ended:
        return "running" if age < LONGEST else "cut short"
    if exit_code is None:
        return "cut short"
    return "trouble" if exit_code else "fine"
