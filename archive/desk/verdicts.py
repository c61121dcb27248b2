"""What may be decided about an article, and what each kind of decision must hold."""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from archive.errors import UsageError
from archive.khmer import clean
from archive.localize import ZONE

Kind = Literal[
    "keep", "reject", "unsure", "title", "published", "source", "authors", "tone", "gone", "merge", "split", "hide", "note", "undo"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
VERDICTS = ("keep", "reject", "unsure")
REASONS = ("not about the campaign", "duplicate", "wrong page")
"""Why an article is rejected, where no words of one's own say it."""

TONES = ("positive", "neutral", "negative")

LONGEST = {"title": 1_000, "authors": 5_000, "note": 20_000, "reason": 1_000}
"""Characters a value may have; the longest headline seen has 300."""

FIRST_DAY = date(1990, 1, 1)
"""No page of the web is older; a year typed with a digit too few is no day of publication."""

MESSAGES = (
    *REASONS,
    *TONES,
    "This cannot be decided.",
    "Say why it is rejected.",
    "This is too long.",
    "Give a title.",
    "Write the day as 2021-12-09.",
    "This day has not come yet.",
    "This day lies too far back.",
    "There is no such source.",
    "There is no such tone.",
    "Write a note first.",
    "There is no article here with this address or key.",
    "An article cannot be merged with itself.",
    "This article is a story of its own already.",
    "Say which decision is to be taken back.",
)
"""What people read of this module: each is a message."""

_OWN_ADDRESS = re.compile(r"(?:^|/article/)(a[0-9a-f]{16})(?:$|[/?#])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be decided, as it was typed."""

    kind: str
    value: str = ""
    """The corrected value, the other article's address or key, the words of a note; empty where the kind says all."""
    reason: str = ""
    undoes: int | None = None


def checked(connection: sqlite3.Connection, article: int, wish: Wish, now: datetime) -> str | None:
    """Give the value of a decision as JSON, None where its kind says all; raises UsageError with a message for any other."""
    _require(wish.kind in KINDS, "This cannot be decided.")
    _require(wish.kind != "reject" or bool(wish.reason.strip()), "Say why it is rejected.")
    _require((wish.kind == "undo") == (wish.undoes is not None), "Say which decision is to be taken back.")
    _require(len(wish.reason) <= LONGEST["reason"], "This is too long.")
    _require(len(wish.value) <= LONGEST.get(wish.kind, LONGEST["note"]), "This is too long.")
    if wish.kind in _OF_ARTICLE:
        return _json(_OF_ARTICLE[wish.kind](connection, article, wish.value.strip()))
    return _json(_OF_WORDS[wish.kind](wish.value, now)) if wish.kind in _OF_WORDS else None


def _json(value: object) -> str | None:
    return json.dumps(value, ensure_ascii=False)


def _require(holds: bool, message: str) -> None:  # noqa: FBT001  (what must hold is its subject)
    if not holds:
        raise UsageError(message)


# ---- values that stand for themselves -------------------------------------------------------------------------------------------------


def _title(value: str, _: datetime) -> str:
    title = " ".join(clean(value).split())
    _require(bool(title), "Give a title.")
    return title


def _day(value: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError as error:
        raise UsageError("Write the day as 2021-12-09.") from error
    _require(day <= now.astimezone(ZONE).date(), "This day has not come yet.")
    _require(day >= FIRST_DAY, "This day lies too far back.")
    return day.isoformat()


def _authors(value: str, _: datetime) -> list[str]:
    """Read names, one a line or parted by semicolons: a comma may be part of a name."""
    names = (" ".join(clean(name).split()) for name in re.split(r"[;\r\n]", value))
    return list(dict.fromkeys(filter(None, names)))


def _tone(value: str, _: datetime) -> str | None:
    """Read a tone; none takes it away."""
    _require(value in ("", *TONES), "There is no such tone.")
    return value or None


def _note(value: str, _: datetime) -> str:
    _require(bool(value.strip()), "Write a note first.")
    return clean(value.replace("\r\n", "\n")).strip()


_OF_WORDS: Mapping[str, Callable[[str, datetime], object]] = {
    "title": _title,
    "published": _day,
    "gone": _day,
    "authors": _authors,
    "tone": _tone,
    "note": _note,
}


# ---- values that name something of the archive ----------------------------------------------------------------------------------------


def _source(connection: sqlite3.Connection, _: int, value: str) -> str:
    known = connection.execute("select 1 from source where id = ?", [value]).fetchone()
    _require(known is not None, "There is no such source.")
    return value


def _other(connection: sqlite3.Connection, article: int, value: str) -> str:
    """Give the key of the article that is meant by its key, its page on this site, or its own address."""
    own = _OWN_ADDRESS.search(value)
    sql = (
        "select id, key from article where url = :value or key = :key"
        " or id in (select article from capture where url = :value) order by url = :value desc limit 1"
    )
    row = connection.execute(sql, {"value": value, "key": own and own[1]}).fetchone()
    if row is None:
        raise UsageError("There is no article here with this address or key.")
    _require(row["id"] != article, "An article cannot be merged with itself.")
    return str(row["key"])


def _parted(connection: sqlite3.Connection, article: int, _: str) -> None:
    sql = "select 1 from article where story = (select story from article where id = :id) and id != :id"
    _require(
        connection.execute(sql, {"id": article}).fetchone() is not None, "This article is a story of its own already."
    )


_OF_ARTICLE: Mapping[str, Callable[[sqlite3.Connection, int, str], object]] = {
    "source": _source,
    "merge": _other,
    "split": _parted,
}
