"""Show the archive to the team: the command line that starts Datasette, who may read, and what is made sure of before."""

import json
import os
import resource
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from archive.accounts import accounts, login_config, password_variables, secret, write_private
from archive.database import open_reader
from archive.errors import UsageError

HOST = "127.0.0.1"
"""Only this machine, since the archive is private: a proxy before it gives it a name, a certificate and a limit for wrong passwords."""

PORT = 8001

MEMORY = 2 * 1024**3
"""Bytes of address space for the server: the team's SQL may ask for more than the machine has; SQLite then fails that query alone."""

SETTINGS = {
    "default_page_size": "50",
    "sql_time_limit_ms": "2000",  # counts over 100,000 articles with a common word take up to 200 ms; a slow disk ten times that
    "facet_time_limit_ms": "300",  # at 100,000 articles each takes 60 to 220 ms; the list of queries, 80 ms a thousand, then gives way
    "suggest_facets": "off",  # they cost two thirds of a page over 100,000 articles
    "allow_download": "off",  # a copy of a file that is being written may be broken; docs/cron.md tells how to make a whole one
    "max_csv_mb": "0",  # a limit would end the file in the middle with an error as its last row
    "default_allow_sql": "on",  # for the team, which may ask the archive anything
}
"""Datasette's settings for the team's site, by their name."""


METADATA = "metadata.json"

READERS_WITH_ACCOUNT = {"id": "*"}
"""Datasette's way to say: whoever is logged in."""


OF_THE_TEAM = ("decision", "correction", "bond", "looked", "addition", "told", "message", "trouble")
"""Tables that tell who did what: decisions with their notes, additions, and what was sent to whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How the site is entered: the metadata that Datasette reads, and what it learns by its environment alone."""

    metadata: Path
    environment: Mapping[str, str]


def door(data: Path, shipped: Path, *, everybody_reads: bool = False) -> Door:
    """Give the door to the archive of this data folder.

    With accounts nobody reads without logging in, unless everybody may read, which leaves out what the team wrote, and people with an
    account decide; without any, everybody on this machine reads and nobody decides. Raises UsageError where the shipped metadata is missing, DiskFull where nothing can be written.
    """
    if not shipped.is_file():
        raise UsageError(f"{shipped}: this file is missing. It comes with Tamdan: put it back.")
    held = accounts(data)
    if not held:
        return Door(metadata=shipped, environment={})
    told = json.loads(shipped.read_text(encoding="utf-8"))
    told["plugins"] = {**told.get("plugins", {}), "datasette-auth-passwords": login_config(held)}
    if everybody_reads:
        _keep_private(told["databases"]["archive"])
    else:
        told["allow"] = READERS_WITH_ACCOUNT
    write_private(data / METADATA, json.dumps(told, ensure_ascii=False, indent=1))
    return Door(metadata=data / METADATA, environment={"DATASETTE_SECRET": secret(data), **password_variables(held)})


def _keep_private(archive: dict[str, Any]) -> None:
    """Leave what the team wrote to people with an account, where everybody reads the rest; SQL too, which could read all of it."""
    archive["allow_sql"] = READERS_WITH_ACCOUNT
    for table in OF_THE_TEAM:
        archive["tables"][table] = {**archive["tables"].get(table, {}), "allow": READERS_WITH_ACCOUNT}


def serve(
    archive: Path, metadata: Path, host: str = HOST, port: int = PORT, *, everybody_reads: bool = False
) -> NoReturn:
    """Become the server of the archive until Ctrl-C; writes nothing but what its login needs, beside the archive.

    Raises NothingYet and NewerArchive for the archive, UsageError when the metadata is missing or the address cannot be had.
    """
    open_reader(archive).close()
    entered = door(archive.parent, metadata, everybody_reads=everybody_reads)
    require_port(host, port)
    _limit_memory()
    line = command(archive, entered.metadata, port, host)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(line[0], line, {**os.environ, **entered.environment})  # noqa: S606  our own command; this process becomes it, so that Ctrl-C and SIGTERM reach it


def _limit_memory() -> None:
    """Lower this process's limit of address space, which the server inherits; a lower one stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def command(archive: Path, metadata: Path, port: int, host: str = HOST) -> list[str]:
    """Give the command line that serves the archive."""
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    return [
        *(sys.executable, "-m", "datasette", "serve", str(archive)),
        *("--metadata", str(metadata), "--host", host, "--port", str(port), *settings),
    ]


def require_port(host: str, port: int) -> None:
    """Raise UsageError where nothing can listen at this address: the port is in use, not allowed, or no port."""
    if not 0 < port < 2**16:
        raise UsageError(f"--port {port}: there is no such port. Choose one from 1024 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UsageError(
            f"port {port} of {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from error
