"""Tells channels what is new and the operator what is in trouble, and keeps what could not be sent for the next time."""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.config import load_site_file, load_sources
from archive.database import immediate, open_reader, open_writer
from archive.digests import outbox
from archive.digests.letter import Letter, digest_letter, site_name, trouble_letter
from archive.digests.news import news, untold
from archive.errors import UsageError
from archive.health import Health, health
from archive.home import Home, require_home
from archive.localize import Locale, locale_of
from archive.lock import locked_to_tell
from archive.model import Channel, Digest, SiteFile


class Unsent(Exception):  # noqa: N818  (a state of the message)
    """A message was not sent; `words` is one of the messages of `archive.digests.letter`, which repeat nothing of the address."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


Sender = Callable[[Channel, Letter], None]
"""Sends a letter through a channel, or raises Unsent."""

Line = Callable[[Locale], str]
"""A line for the operator, in the language asked for."""


@dataclass(frozen=True, slots=True)
class State:
    """How a source or channel stands: what is wrong, or nothing, and how that is told if it was not so before."""

    subject: str
    wrong: str
    line: Line


@dataclass(frozen=True, slots=True)
class Desk:
    """What one run works with."""

    connection: sqlite3.Connection
    file: SiteFile
    now: datetime
    quiet: bool
    send: Sender

    @property
    def operators(self) -> list[Channel]:
        """Give the channels through which troubles are told."""
        return [channel for channel in self.file.channel if channel.to == "operator"]


def tell(home: Home, wanted: Sequence[str], send: Sender, *, quiet: bool = False) -> int:
    """Tell each digest's channels what is new, and send what waits; gives the exit code: 1 where a channel does not work.

    Raises UsageError where a digest is not declared, NothingYet where there is no archive, CrawlRunning while another digest is sent.
    """
    file, digests = _digests(home, wanted)
    open_reader(home.archive).close()  # tells why an archive cannot be used
    with locked_to_tell(home), closing(open_writer(home.archive)) as connection:
        desk = Desk(connection, file, datetime.now(UTC), quiet, send)
        for digest in digests:
            count = outbox.put_edition(connection, digest, desk.now)
            _say(f"{digest.id}: {count:,} new article{'s' if count != 1 else ''}", quiet=quiet)
        _note(desk, _source_states(desk, home))
        # The operator comes last, to be told of the others' troubles in the same run.
        works = [_deliver(desk, channel) for channel in sorted(file.channel, key=lambda one: one.to == "operator")]
    return 0 if all(works) else 1


def dry_run(home: Home, wanted: Sequence[str]) -> str:
    """Give what would be told, and tell and note nothing."""
    file, digests = _digests(home, wanted)
    with closing(open_reader(home.archive)) as connection:
        letters = [
            digest_letter(digest, news(connection, digest, untold(connection, digest)), file.site) for digest in digests
        ]
    return "\n\n".join(f"{letter.subject}\n\n{letter.text}" for letter in letters)


def _digests(home: Home, wanted: Sequence[str]) -> tuple[SiteFile, list[Digest]]:
    require_home(home)
    file = load_site_file(home.site_file)
    known = [digest.id for digest in file.digest]
    if not known:
        raise UsageError(f"{home.site_file}: there is no digest in it. Add a [[channel]] and a [[digest]] table.")
    for name in wanted:
        if name not in known:
            raise UsageError(f"{name} is no digest of {home.site_file}. There are: {', '.join(known)}.")
    return file, [digest for digest in file.digest if not wanted or digest.id in wanted]


# ---- sending --------------------------------------------------------------------------------------------------------------------------


def _deliver(desk: Desk, channel: Channel) -> bool:
    """Send what waits for a channel, in order, up to the first that cannot be sent; tells whether all of it was."""
    digests = {digest.id: digest for digest in desk.file.digest}
    sent = 0
    for message in outbox.waiting(desk.connection):
        if message.channel != channel.id or (message.digest and message.digest not in digests):
            continue
        letter = _composed(desk, message, channel, digests.get(message.digest or ""))
        try:
            if letter:
                desk.send(channel, letter)
        except Unsent as unsent:
            outbox.note_failed(desk.connection, message.id)
            _failed(desk, channel, unsent.words)
            return False
        outbox.note_sent(desk.connection, message.id, desk.now)
        sent += 1
    if sent:
        _worked(desk, channel, sent)
    return True


def _composed(desk: Desk, message: outbox.Waiting, channel: Channel, digest: Digest | None) -> Letter | None:
    """Compose a message by what is decided now; None where nothing of it is left to be told."""
    if digest is None:
        return trouble_letter(message.subject, message.lines, channel)
    told = news(desk.connection, digest, message.articles)
    if message.articles and not told.articles and digest.quiet:
        return None
    return digest_letter(digest, told, desk.file.site)


def _failed(desk: Desk, channel: Channel, words: str) -> None:
    def line(locale: Locale) -> str:
        return locale.text(
            "Channel {id}: {words} Its messages are kept and sent later.", id=channel.id, words=locale.text(words)
        )

    new = _note(desk, [State(f"channel/{channel.id}", words, line)], besides=channel)
    if new or not desk.quiet:
        sys.stderr.write(
            f"channel {channel.id} ({channel.env}): {words} What it was to be told is kept and sent next time.\n"
        )


def _worked(desk: Desk, channel: Channel, sent: int) -> None:
    def line(locale: Locale) -> str:
        return locale.text("Channel {id} works again.", id=channel.id)

    again = _note(desk, [State(f"channel/{channel.id}", "", line)], besides=channel)
    _say(f"channel {channel.id}: {sent} sent", quiet=desk.quiet)
    if again:
        sys.stderr.write(f"channel {channel.id} works again.\n")


def _say(words: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stdout.write(f"{words}\n")


# ---- troubles -------------------------------------------------------------------------------------------------------------------------


def _source_states(desk: Desk, home: Home) -> list[State]:
    """Give how each crawled source stands; none where nobody is told of it."""
    if not (desk.operators and home.crawl.exists()):
        return []
    with closing(open_reader(home.crawl)) as connection:
        states = health(connection, load_sources(home.sources_file).source)
    return [_source_state(one) for one in states if one.state in ("in trouble", "silent", "fine")]


def _source_state(one: Health) -> State:
    def line(locale: Locale) -> str:
        if one.state == "in trouble":
            words = "; ".join(f"{trouble.url}: {locale.text(trouble.outcome)}" for trouble in one.troubles)
            return locale.text("Source {id}: {words}", id=one.source.id, words=words)
        if one.silent_for:
            return locale.text(
                "Source {id} has had nothing new for {days} days.", id=one.source.id, days=one.silent_for.days
            )
        return locale.text("Source {id} works again.", id=one.source.id)

    return State(f"source/{one.source.id}", "" if one.state == "fine" else one.verdict, line)


def _note(desk: Desk, states: Sequence[State], besides: Channel | None = None) -> bool:
    """Note what begins and what is over, and write down for the operator what of it is new; tells whether anything is."""
    with immediate(desk.connection):
        begun = [
            one
            for one in states
            if one.wrong and outbox.begin_trouble(desk.connection, one.subject, one.wrong, desk.now)
        ]
        over = [one for one in states if not one.wrong and outbox.end_trouble(desk.connection, one.subject)]
        for channel in desk.operators if begun or over else ():
            if channel != besides:
                outbox.put_note(desk.connection, channel, _noted(desk, channel, begun, over), desk.now)
    return bool(begun or over)


def _noted(desk: Desk, channel: Channel, begun: Sequence[State], over: Sequence[State]) -> outbox.Note:
    locale = locale_of(channel.lang)
    name = site_name(desk.file.site, locale)
    words = locale.text("{name}: trouble", name=name) if begun else locale.text("{name}: works again", name=name)
    return outbox.Note(subject=words, lines=[one.line(locale) for one in (*begun, *over)])
