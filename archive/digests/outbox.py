"""What still has to be sent, what was told to whom, and which troubles last.

Everything is written down before it is sent and noted as sent after it: who is cut off between the two sends the same message once more,
so that nothing is lost (at least once, never not at all).
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.database import immediate
from archive.digests.news import untold
from archive.model import Channel, Digest
from archive.stamp import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that has to be sent."""

    id: int
    channel: str
    digest: str | None
    """Whose edition it is; None for what only the operator is told."""
    articles: tuple[int, ...]
    """Of the edition."""
    subject: str
    lines: tuple[str, ...]
    """What the operator is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the operator is told, a line for each source or channel."""

    subject: str
    lines: Sequence[str]


def put_edition(connection: sqlite3.Connection, digest: Digest, at: datetime) -> int:
    """Write down what is new for a digest, once for each of its channels; gives how many articles are."""
    with immediate(connection):
        articles = untold(connection, digest)
        if articles or not (digest.quiet or _says_nothing_new(connection, digest)):
            edition = _edition(connection, digest, articles, at)
            _messages(connection, digest.channels, (edition, "", ""), at)
    return len(articles)


def _says_nothing_new(connection: sqlite3.Connection, digest: Digest) -> bool:
    """Tell whether a message waits that says so already: a channel that was down for a week needs no seven of them."""
    sql = (
        "select 1 from message join edition on edition.id = message.edition where edition.digest = ? and sent_at is null"
        " and not exists (select 1 from told where told.edition = edition.id)"
    )
    return connection.execute(sql, [digest.id]).fetchone() is not None


def _edition(connection: sqlite3.Connection, digest: Digest, articles: Iterable[int], at: datetime) -> int:
    sql = "insert into edition (digest, made_at) values (?, ?)"
    edition = int(connection.execute(sql, [digest.id, instant(at)]).lastrowid or 0)
    connection.executemany(
        "insert into told (digest, article, edition) values (?, ?, ?)",
        [(digest.id, article, edition) for article in articles],
    )
    return edition


def _messages(
    connection: sqlite3.Connection, channels: Iterable[str], what: tuple[int | None, str, str], at: datetime
) -> None:
    connection.executemany(
        "insert into message (channel, edition, subject, body, made_at) values (?, ?, ?, ?, ?)",
        [(channel, *what, instant(at)) for channel in channels],
    )


def put_note(connection: sqlite3.Connection, channel: Channel, note: Note, at: datetime) -> None:
    """Write down what the operator is to be told through a channel."""
    _messages(connection, [channel.id], (None, note.subject, "\n".join(note.lines)), at)


def waiting(connection: sqlite3.Connection) -> list[Waiting]:
    """Give the messages that have to be sent, in the order in which they were written down."""
    rows = connection.execute(
        "select message.id, channel, digest, subject, body,"
        " (select json_group_array(article) from told where told.edition = message.edition) as articles"
        " from message left join edition on edition.id = message.edition where sent_at is null order by message.id"
    )
    return [_waiting(row) for row in rows.fetchall()]


def _waiting(row: sqlite3.Row) -> Waiting:
    return Waiting(
        id=row["id"],
        channel=row["channel"],
        digest=row["digest"],
        articles=tuple(json.loads(row["articles"])),
        subject=row["subject"],
        lines=tuple(row["body"].splitlines()),
    )


def note_sent(connection: sqlite3.Connection, message: int, at: datetime) -> None:
    """Note that a message was sent."""
    with immediate(connection):
        sql = "update message set sent_at = ?, tries = tries + 1 where id = ?"
        connection.execute(sql, [instant(at), message])


def note_failed(connection: sqlite3.Connection, message: int) -> None:
    """Note that a message was tried in vain."""
    with immediate(connection):
        connection.execute("update message set tries = tries + 1 where id = ?", [message])


def begin_trouble(connection: sqlite3.Connection, subject: str, words: str, at: datetime) -> bool:
    """Note a trouble of a source or channel; gives whether it is new."""
    sql = "insert into trouble (subject, words, since) values (?, ?, ?) on conflict do nothing"
    return connection.execute(sql, [subject, words, instant(at)]).rowcount > 0


def end_trouble(connection: sqlite3.Connection, subject: str) -> bool:
    """Note that a trouble is over; gives whether there was one."""
    return connection.execute("delete from trouble where subject = ?", [subject]).rowcount > 0
