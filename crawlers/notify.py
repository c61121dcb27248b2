"""Sends a letter by apprise: to the hosts of its channel and to no other, and without a word of its address anywhere.

The address of a channel holds its secret. Libraries below us write it into their logs and errors, so that while a letter is sent no log is
written and no error of theirs is passed on. Python tells us of each name it looks up and each connection before it is made; what is not
allowed is refused there, whichever library asks, redirects and proxies included.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import apprise

from archive.digests.letter import NO_ADDRESS, NOT_PUBLIC, OTHER_HOST, UNREACHED, WRONG_ADDRESS, Letter
from archive.model import Channel
from crawlers.digest import Unsent
from crawlers.guard import Blocked, Guard

SECONDS = 20.0
"""How long connecting, and waiting for an answer, may take: slow lines are usual, and nobody waits at the screen."""

MAIL = ("mailto:", "mailtos:")
"""Addresses whose readers show HTML as we write it; chats know a few tags of it only."""

ROOM = 0.8
"""Which part of the longest message of a channel is filled: it may write & as &amp; and adds the subject."""


class Refused(OSError):  # noqa: N818  (a state of the connection)
    """A connection that is not allowed; an OSError, which every library below takes for one that failed."""


@dataclass(slots=True)
class Gate:
    """What may be connected to while a letter is sent, and why something was not."""

    hosts: tuple[str, ...]
    guard: Guard
    refused: str = field(default="")

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise Refused for a name that is looked up or an address that is connected to."""
        if event == "socket.getaddrinfo":
            self._check_host(arguments[0], arguments[1])
        elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._check_address(arguments[1])

    def _check_host(self, host: str | bytes | None, port: object) -> None:
        name = (host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).lower().rstrip(".")
        if name not in self.hosts and f"{name}:{port}" not in self.hosts:
            self._refuse(OTHER_HOST)

    def _check_address(self, address: object) -> None:
        if not isinstance(address, tuple):
            self._refuse(OTHER_HOST)
            return
        try:
            self.guard.check_address(str(address[0]))
        except Blocked:
            self._refuse(NOT_PUBLIC)

    def _refuse(self, why: str) -> None:
        self.refused = why
        raise Refused(why)


_GATES: list[Gate] = []


@cache
def _watch() -> None:
    """Hang ourselves in; what is hung in stays until the program ends."""
    sys.addaudithook(lambda event, arguments: _GATES[-1].check(event, arguments) if _GATES else None)


@contextmanager
def gated(gate: Gate) -> Iterator[None]:
    """Let only through what the gate allows, in silence and past the proxies of the environment."""
    _watch()
    _GATES.append(gate)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), _no_proxy():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        _GATES.remove(gate)


@contextmanager
def _no_proxy() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    os.environ.update(dict.fromkeys(before, "*"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def send(channel: Channel, letter: Letter, *, allow_private: bool = False) -> None:
    """Send a letter through a channel; raises Unsent, whose words hold nothing of its address."""
    address = os.environ.get(channel.env, "").strip()
    if not address:
        raise Unsent(NO_ADDRESS)
    gate = Gate(tuple(host.lower() for host in channel.hosts), Guard(allow_private))
    sent = False
    with gated(gate):
        plugin = _plugin(address)
        # Services raise what they like, and what they raise may hold the address: nothing of it is kept.
        with suppress(ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError):
            sent = plugin is not None and _sent(plugin, letter, mail=address.lower().startswith(MAIL))
    if not sent:
        raise Unsent(gate.refused or (UNREACHED if plugin else WRONG_ADDRESS))


def _plugin(address: str) -> Any:
    """Make apprise's service of an address; None where it knows none."""
    asset = apprise.AppriseAsset(
        app_id="Tamdan", app_desc="Tamdan", app_url="", http_redirects=False, secure_logging=True
    )
    plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin:
        plugin.socket_connect_timeout = plugin.socket_read_timeout = SECONDS
    return plugin


def _sent(plugin: Any, letter: Letter, *, mail: bool) -> bool:
    if mail:
        return bool(plugin.notify(body=letter.html, title=letter.subject, body_format=apprise.NotifyFormat.HTML))
    parts = packed(letter.blocks, int(plugin.body_maxlen * ROOM))
    return all(
        plugin.notify(
            body=part,
            title=letter.subject,
            body_format=apprise.NotifyFormat.TEXT,
            overflow=apprise.OverflowMode.SPLIT,
        )
        for part in parts
    )


def packed(blocks: tuple[str, ...], room: int) -> list[str]:
    """Join blocks to parts that have room in one message each; a block that is longer is a part of its own."""
    parts = [blocks[0]]
    for block in blocks[1:]:
        if len(parts[-1]) + 2 + len(block) <= room:
            parts[-1] += f"\n\n{block}"
        else:
            parts.append(block)
    return parts
