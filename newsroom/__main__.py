"""`python -m newsroom`: serve the newsroom until Ctrl-C and print its addresses."""

import signal

import click

from newsroom.server import Newsroom


def main() -> None:
    """Serve until interrupted."""
    with Newsroom() as newsroom:
        for source in newsroom.sources():
            click.echo(f"{source:16} {newsroom.url(source)}/")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
