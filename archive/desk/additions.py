"""What people found by hand: it waits in the archive until it is read, and stays there as the record of who added what."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from archive.database import immediate
from archive.model import Capture
from archive.stamp import instant

Kind = Literal["article", "post", "radio", "TV", "print"]
KINDS: tuple[Kind, ...] = ("article", "post", "radio", "TV", "print")
Media = Literal["earned", "owned"]
MEDIA: tuple[Media, ...] = ("earned", "owned")
"""What others published about the campaign, and what the campaign published itself."""
State = Literal["waiting", "done", "failed"]

ADDED = "added"
KNOWN = "known already"
REJECTED = "known already, and rejected by people"
OPENED = "the headline is an article now"
HEADLINE = "kept as a headline: the page could not be read"
NO_ADDRESS = "the saved page does not tell its address"
NO_LINK = "not a web address"
NO_FILE = "the attached file is gone"
BROKEN_FILE = "the attached file is damaged or too large to be opened"
SHUT_FILE = "the attached file cannot be read where it is kept"
UNFIT = "what was sent cannot be written into the archive"
GIVEN_UP = "it broke off each time"
SAVE_IT = "Open the page in your browser, save it, and attach the file here; or paste its text."
LATER = "Try again later; or save the page in your browser and attach it here."
CHECK_IT = "Look at the link: is it complete, and does it open in your browser?"
OPEN_ONE = "This page lists articles. Open the one that you mean and add its link."
WRITE_LINK = "Write the link of the page too."
ATTACH_AGAIN = "Attach the file once more."
MAKE_ANEW = "Make the file anew, or take a picture of the screen."
TELL_US = "Tell whoever looks after this site: the cause stands in the file add.log."
CURES = (SAVE_IT, LATER, CHECK_IT, OPEN_ONE, WRITE_LINK, ATTACH_AGAIN, MAKE_ANEW, TELL_US)

MOST_TRIES = 3
"""So often an addition is begun that breaks its run off; then it is given up."""

MESSAGES = (
    *KINDS,
    *MEDIA,
    ADDED,
    KNOWN,
    REJECTED,
    OPENED,
    HEADLINE,
    NO_ADDRESS,
    NO_FILE,
    BROKEN_FILE,
    SHUT_FILE,
    UNFIT,
    GIVEN_UP,
    "forbidden by robots.txt",
    "blocked address",
    "unknown host",
    "timeout",
    "connection refused",
    "connection failed",
    "bad certificate",
    "too large",
    "robots.txt unavailable",
    "missing (404)",
    "missing (410)",
    "refused (401)",
    "refused (403)",
    "too many requests (429)",
    "bot challenge",
    "no text",
    "not an article",
    "listing page",
    "missing page",
    "consent wall",
    "paywall stub",
    "needs JavaScript",
    "quarantined",
    NO_LINK,
    *CURES,
)
"""Words of an addition that people read, so that translators find them; other outcomes are told in English."""


_CURE_OF: Mapping[str, str] = {
    **dict.fromkeys(("timeout", "connection failed", "robots.txt unavailable", "too many requests (429)"), LATER),
    **dict.fromkeys(("unknown host", "missing (404)", "missing (410)", "missing page", NO_LINK), CHECK_IT),
    "listing page": OPEN_ONE,
    NO_ADDRESS: WRITE_LINK,
    NO_FILE: ATTACH_AGAIN,
    BROKEN_FILE: MAKE_ANEW,
    **dict.fromkeys((SHUT_FILE, UNFIT, GIVEN_UP), TELL_US),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants to have added."""

    token: str
    """32 hexadecimal digits: made with the form, or of what is added; the same one twice is one addition."""
    campaign: str
    kind: Kind = "article"
    media: Media = "earned"
    url: str | None = None
    file: str | None = None
    """Name below captures/."""
    file_name: str | None = None
    """As the person called it."""
    file_type: str | None = None
    """Media type, told by the content."""
    title: str | None = None
    text: str | None = None
    source: str | None = None
    """Id of a source, or the name of one that nobody declared."""
    published: date | None = None
    note: str | None = None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A wish and what became of it."""

    row: int
    wish: Wish
    at: str
    state: State
    outcome: str
    """In words; empty while it waits."""
    article: str | None
    """Public key of the article it became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an addition became."""

    article: str
    """Public key."""
    outcome: str
    files: Sequence[Capture] = ()
    """What the person attached, where it is kept beside the article."""


_SELECT = (
    "select addition.id as row, token, campaign, addition.kind, addition.media, addition.url, file, file_name, file_type,"
    " addition.title, text, addition.source, addition.published, note, who, at, state, outcome, article.key as article"
    " from addition left join article on article.id = addition.article"
)


def put(connection: sqlite3.Connection, wish: Wish, now: datetime) -> bool:
    """Write a wish down to wait; tells whether it was new: the same token twice is one addition, which is left as it is."""
    row = {
        **{name: getattr(wish, name) for name in Wish.__dataclass_fields__ if name != "published"},
        "published": wish.published and wish.published.isoformat(),
        "at": instant(now),
        "state": "waiting",
    }
    with immediate(connection):
        done = connection.execute(
            f"insert into addition ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})"  # noqa: S608  our own names
            " on conflict (token) do nothing",
            row,
        )
        return done.rowcount == 1


def again(connection: sqlite3.Connection, token: str) -> None:
    """Let an addition that failed wait once more; any other stays as it is."""
    with immediate(connection):
        connection.execute(
            "update addition set state = 'waiting', tries = 0 where token = ? and state = 'failed'", [token]
        )


def find(connection: sqlite3.Connection, token: str) -> Addition | None:
    """Give the addition of a token."""
    row = connection.execute(f"{_SELECT} where token = ?", [token]).fetchone()
    return _addition(row) if row else None


def waiting(connection: sqlite3.Connection) -> list[Addition]:
    """List what waits, the oldest first; what broke earlier runs off comes behind all that did not."""
    rows = connection.execute(f"{_SELECT} where state = 'waiting' order by tries, addition.id")
    return [_addition(row) for row in rows]


def begin(connection: sqlite3.Connection, addition: Addition) -> None:
    """Write down that an addition is begun: should it end the program, it is known next time."""
    with immediate(connection):
        connection.execute("update addition set tries = tries + 1 where id = ?", [addition.row])


def give_up(connection: sqlite3.Connection, now: datetime) -> None:
    """Let those fail that broke their run off too often."""
    with immediate(connection):
        connection.execute(
            "update addition set state = 'failed', outcome = ?, done_at = ? where state = 'waiting' and tries >= ?",
            [GIVEN_UP, instant(now), MOST_TRIES],
        )


def is_waiting(connection: sqlite3.Connection) -> bool:
    """Tell whether anything waits."""
    return bool(connection.execute("select exists (select 1 from addition where state = 'waiting')").fetchone()[0])


def of_article(connection: sqlite3.Connection, article: int) -> list[Addition]:
    """List the additions that became an article, or were found to be it, the oldest first."""
    rows = connection.execute(f"{_SELECT} where addition.article = ? order by addition.id", [article])
    return [_addition(row) for row in rows]


def finish(
    connection: sqlite3.Connection,
    addition: Addition,
    made: Made,
    now: datetime,
) -> None:
    """Write down which article an addition is in; that is coverage from now on, whatever matches."""
    with immediate(connection):
        article = int(connection.execute("select id from article where key = ?", [made.article]).fetchone()["id"])
        _mark(connection, article, addition.wish)
        for file in made.files:
            _attach(connection, article, file)
        connection.execute(
            "update addition set state = 'done', outcome = ?, done_at = ?, article = ? where id = ?",
            [made.outcome, instant(now), article, addition.row],
        )


def fail(connection: sqlite3.Connection, addition: Addition, outcome: str, now: datetime) -> None:
    """Write down that nothing could be made of an addition, and why."""
    with immediate(connection):
        connection.execute(
            "update addition set state = 'failed', outcome = ?, done_at = ? where id = ?",
            [outcome, instant(now), addition.row],
        )


def is_kept(connection: sqlite3.Connection, addition: Addition) -> bool:
    """Tell whether the file of an addition stands beside its article; the same file sent twice stands there once."""
    row = connection.execute(
        "select 1 from addition join capture on capture.article = addition.article and capture.file = addition.file"
        " where addition.id = ?",
        [addition.row],
    ).fetchone()
    return row is not None


def cure(outcome: str) -> str:
    """Give what a person can do where an addition failed: a message."""
    return _CURE_OF.get(plain(outcome), SAVE_IT)


def plain(outcome: str) -> str:
    """Give an outcome in words that are a message, where it is told with its cause in brackets behind it."""
    return outcome if outcome in MESSAGES else outcome.partition(" (")[0]


def _mark(connection: sqlite3.Connection, article: int, wish: Wish) -> None:
    """Make an article coverage; kind and media change only where the person said what is not usual."""
    connection.execute(
        "update article set added = 1, kind = iif(:kind = 'article', kind, :kind), media = iif(:media = 'earned', media, :media)"
        " where id = :article",
        {"kind": wish.kind, "media": wish.media, "article": article},
    )


def _attach(connection: sqlite3.Connection, article: int, file: Capture) -> None:
    """Put a file beside an article, once."""
    connection.execute(
        "insert into capture (article, url, file, offset, length, sha256, fetched_at, tls, revision, page, kind)"
        " select id, ?, ?, ?, ?, ?, ?, ?, revision, 1, ? from article where id = ?"
        " and not exists (select 1 from capture where article = article.id and (sha256, kind) = (?, ?))",
        [
            *(file.url, file.file, file.offset, file.length, file.sha256, instant(file.fetched_at), file.tls),
            *(file.kind, article, file.sha256, file.kind),
        ],
    )


def _addition(row: sqlite3.Row) -> Addition:
    wish = {name: row[name] for name in Wish.__dataclass_fields__ if name != "published"}
    day = date.fromisoformat(row["published"]) if row["published"] else None
    return Addition(
        row=row["row"],
        wish=Wish(**wish, published=day),
        at=row["at"],
        state=cast("State", row["state"]),
        outcome=row["outcome"] or "",
        article=row["article"],
    )
