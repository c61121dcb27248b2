"""The demo: serves the newsroom, crawls it as any home is crawled, says what was found, and shows the archive."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click

from archive.accounts import put_account
from archive.config import load_campaigns
from archive.database import open_reader
from archive.errors import UsageError
from archive.home import SHIPPED, Home, init_home
from archive.model import Article
from archive.serve import HOST, command, door, require_port
from newsroom.score import Score, score
from newsroom.server import Newsroom
from pipelines.match import Matcher

FIRST_PORT = 8410
"""The newsroom takes ports from here where they are free, so that its articles keep their addresses from one demo to the next."""

ACCOUNT = "demo"
"""Who decides in the demo."""

MARK = ".tamdan-demo"
"""Lies in a folder that a demo made, and may make anew."""


def run_demo(folder: Path, port: int | None) -> int:
    """Run the demo in `folder` and serve its archive on `port`, None for not at all; gives the exit code.

    Raises UsageError where the folder is somebody's own.
    """
    if port is not None:
        require_port(HOST, port)
    home = fresh_home(folder)
    with opened() as newsroom:
        home.sources_file.write_text(newsroom.sources_toml(), encoding="utf-8")
        click.echo(
            f"The newsroom: {len(newsroom.sources())} invented outlets on this machine. Crawling them into {home.path} ...",
            err=True,
        )
        crawling = [sys.executable, "-m", "tamdan", "--home", str(home.path), "crawl", "--allow-private"]
        crawled = subprocess.run(crawling, check=False).returncode  # noqa: S603  (our own command line)
        result = judge(home, newsroom)
        click.echo(words(result), err=True)
        if port is not None:
            put_account(home.data, ACCOUNT, password := secrets.token_hex(6))
            click.echo(
                f"The archive: http://127.0.0.1:{port}/  Everybody reads it; to decide, log in as {ACCOUNT} with the password {password}\n"
                f"Ctrl-C ends it; `tamdan --home {home.path} serve --open` shows it again.",
                err=True,
            )
            show(home, port)
    return 0 if result.right and crawled == 0 else 1


def show(home: Home, port: int) -> None:
    """Serve the archive until Ctrl-C or SIGTERM, and leave no server behind."""
    entered = door(home.data, SHIPPED / "datasette-metadata.json", everybody_reads=True)
    site = command(home.archive, entered.metadata, port)
    private = {"TAMDAN_ALLOW_PRIVATE": "1"}  # so that a link of the newsroom can be added
    environment = {**os.environ, **entered.environment, **private}
    with subprocess.Popen(site, env=environment) as server, suppress(KeyboardInterrupt):  # noqa: S603  (our own command line)
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        server.wait()


def fresh_home(folder: Path) -> Home:
    """Make a home for a demo; an earlier demo's is emptied, anybody else's is refused."""
    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise UsageError(f"{folder}: holds something that is not a demo's. Choose another folder with --dir.")
    if mark.exists():
        shutil.rmtree(folder)
    init_home(folder)
    mark.write_text("Made by `tamdan demo`, which empties this folder when it runs again.\n", encoding="utf-8")
    return Home(folder)


def judge(home: Home, newsroom: Newsroom) -> Score:
    """Compare the home's archive with the newsroom's truth."""
    matcher = Matcher(load_campaigns(home.campaigns_file))
    connection = open_reader(home.archive)
    bases = {source: newsroom.url(source) for source in newsroom.sources()}
    try:
        return score(
            connection,
            newsroom.truth(),
            bases,
            lambda title: bool(matcher.match(Article(url="", source="", title=title)).matches),
        )
    finally:
        connection.close()


def words(result: Score) -> str:
    """Say what was found."""
    by_headline = f"{result.headlines} of {result.listed} headlines match by themselves"
    lines = [
        f"Found {result.found} of {result.expected} articles that belong to the campaign, and {len(result.trapped)} that do not.",
        f"They are {result.stories} stories. {result.headline_only} more are kept as headlines whose pages cannot be opened.",
        f"Of the campaign's own list of December 2021, {by_headline}, {result.with_page} of {result.listed} with their page.",
        *(f"MISSED {url}" for url in result.missed),
        *(f"WRONG  {url}" for url in result.trapped),
        *(f"OTHER QUERIES THAN EXPECTED {url}" for url in result.misjudged),
        *(f"OTHER STORY THAN EXPECTED {url}" for url in result.mistold),
    ]
    return "\n".join(lines)


@contextmanager
def opened() -> Iterator[Newsroom]:
    """Open the newsroom at its usual ports where all are free, else at any."""
    with ExitStack() as stack:
        try:
            newsroom = stack.enter_context(Newsroom(range(FIRST_PORT, FIRST_PORT + len(Newsroom().sources()))))
        except OSError:
            newsroom = stack.enter_context(Newsroom())
        yield newsroom
