"""The command line: one command per verb, and the only module that sees all folders.

Commands that crawl load their machinery when they are called: Scrapy costs a second that no other command should pay.
"""

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import click

from archive.config import load, load_sources, warnings_for
from archive.database import open_reader, open_writer, refuse_newer_files, require_archive
from archive.errors import Dropped, TamdanError
from archive.export import Choice, export_file
from archive.home import SHIPPED, Home, init_home
from archive.index import reindex as reindex_archive
from archive.lock import locked
from archive.serve import serve as serve_archive
from crawlers.health import health

DAY = click.DateTime(formats=["%Y-%m-%d"])
PRIVATE = click.option(
    "--allow-private", is_flag=True, help="Also connect to loopback and private addresses: for tests and the demo only."
)


class Telling(click.Group):
    """Tells an error of Tamdan's own in its words, without a traceback, and ends with its exit code."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except TamdanError as error:
            click.echo(f"tamdan: {error}", err=True)
            context.exit(error.exit_code)
        except Dropped as dropped:
            click.echo(f"tamdan: {dropped.outcome}: {dropped.reason}", err=True)
            context.exit(1)


@click.group(cls=Telling, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tamdan")
@click.option(
    "--home", type=click.Path(path_type=Path), default=".", show_default="this folder", help="The team's own folder."
)
@click.pass_context
def tamdan(context: click.Context, home: Path) -> None:
    """Tamdan (តាមដាន) follows Khmer and English news for a campaign's words, keeps the coverage and makes it searchable."""
    context.obj = Home(home)


@tamdan.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a team's own FOLDER: sources.toml, campaigns.toml, data/. Nothing that is there is overwritten."""
    made = init_home(folder)
    for path in made:
        click.echo(f"made {path}")
    click.echo(
        f"{folder} is ready. Look through sources.toml and campaigns.toml there, then: tamdan --home {folder} crawl"
    )


@tamdan.command()
@click.argument("source", nargs=-1)
@click.option("--quiet", is_flag=True, help="Say nothing unless something went wrong: for cron.")
@PRIVATE
@click.pass_obj
def crawl(home: Home, source: Sequence[str], *, quiet: bool, allow_private: bool) -> None:
    """Look for new articles at every open source, or at each SOURCE named.

    Exit code: 0 fine, 1 some sources failed or the crawl was cut short, 2 usage or configuration, 3 the disk is full or cannot be
    written, 75 another crawl is running.
    """
    from crawlers.run import Options
    from crawlers.run import crawl as run_crawl

    if not quiet:
        for warning in warnings_for(load(home)[1]):
            click.echo(f"{warning}", err=True)
    sys.exit(run_crawl(home, source, Options(quiet=quiet, allow_private=allow_private)))


@tamdan.command()
@click.pass_obj
def status(home: Home) -> None:
    """Show how each source stands: last answer, last new article, links that wait, and a verdict in words."""
    sources = load_sources(home.sources_file).source
    connection = open_reader(home.crawl) if home.crawl.exists() else None
    click.echo(f"{'source':16} {'last answer (UTC)':18} {'last new (UTC)':18} {'waiting':>7}  verdict")
    for one in health(connection, sources):
        click.echo(
            f"{one.source.id:16} {_short(one.answered_at):18} {_short(one.newest_at):18} {one.waiting:7}  {one.verdict}"
        )


@tamdan.command()
@click.option("--campaign", metavar="ID", help="Only the coverage of this campaign.")
@click.option(
    "--from", "since", type=DAY, metavar="DAY", help="Only what was published on this day (2021-12-09) or later."
)
@click.option("--to", "until", type=DAY, metavar="DAY", help="Only what was published on this day or earlier.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "excel", "jsonl"]),
    default="csv",
    show_default=True,
    help="csv for R and pandas, nothing altered; excel with a mark that Excel needs and formulas disarmed; jsonl one object a line.",
)
@click.option("--text", is_flag=True, help="With the articles' text.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to FILE.")
@click.pass_obj
def export(  # noqa: PLR0913  (one argument per option is click's way)
    home: Home,
    *,
    campaign: str | None,
    since: datetime | None,
    until: datetime | None,
    form: Literal["csv", "excel", "jsonl"],
    text: bool,
    output: Path | None,
) -> None:
    """Write the coverage as CSV or JSON Lines, one row per article; the number of rows is told on stderr."""
    choice = Choice(campaign=campaign, since=_day(since), until=_day(until), format=form, text=text)
    done = export_file(home.archive, choice, output)
    click.echo(done, err=True)


@tamdan.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.pass_obj
def serve(home: Home, port: int) -> None:
    """Show the archive in the browser, on this machine only, until Ctrl-C."""
    serve_archive(home.archive, SHIPPED / "datasette-metadata.json", port=port)


@tamdan.command()
@click.pass_obj
def reindex(home: Home) -> None:
    """Build the search index anew from the stored texts, and bring an older archive up to date. Exit code 75 while a crawl is running."""
    from archive.migrate import migrate

    require_archive(home.archive)
    refuse_newer_files((home.archive, home.crawl))
    with locked(home):
        for path in filter(Path.exists, (home.archive, home.crawl)):
            migrate(path, path.stem)
        with closing(open_writer(home.archive)) as connection:
            click.echo(f"{reindex_archive(connection)} articles indexed.", err=True)


@tamdan.command()
@click.argument("target", metavar="URL|FILE")
@click.option("--source", metavar="ID", help="Read it as a page of this source; else its address decides.")
@click.option("--url", help="The address of a page in a FILE; else the page's own word counts.")
@click.option("--json", "in_json", is_flag=True, help="Print all of it as one JSON object.")
@PRIVATE
@click.pass_obj
def check(  # noqa: PLR0913  (one argument per option is click's way)
    home: Home, target: str, *, source: str | None, url: str | None, in_json: bool, allow_private: bool
) -> None:
    """Show what each stage makes of one page, at a URL or in a FILE, candidates and all; nothing is stored.

    Exit code: 0 an article, 1 none or unanswered, 2 usage or configuration.
    """
    from crawlers.look import Target, look
    from pipelines.trace import as_json, lines

    seen, status = look(home, Target(place=target, source=source, url=url, allow_private=allow_private))
    if in_json:
        click.echo(as_json(seen, status))
    else:
        click.echo("\n".join([*([f"answered {status}"] if status else []), *lines(seen)]))
    sys.exit(0 if seen.article else 1)


@tamdan.command()
@click.argument("query")
@click.argument("target", metavar="URL|FILE|ID")
@click.option("--source", metavar="ID", help="Read the page as one of this source; else its address decides.")
@PRIVATE
@click.pass_obj
def explain(home: Home, query: str, target: str, *, source: str | None, allow_private: bool) -> None:
    """Tell what of QUERY stands where in an article, and why the rest does not count.

    QUERY is the id of a query in campaigns.toml or a query in quotation marks; the article is one of the archive, by its ID or URL, or a
    page that is fetched or read from a FILE. Exit code: 0 the query holds, 1 it does not, 2 usage or configuration.
    """
    from crawlers.look import Target, explained

    holds, told = explained(home, query, Target(place=target, source=source, allow_private=allow_private))
    click.echo("\n".join(told))
    sys.exit(0 if holds else 1)


@tamdan.command()
@click.argument("query")
@click.option(
    "--samples", type=click.IntRange(0), default=10, show_default=True, help="How many of the pages are shown."
)
@click.pass_obj
def preview(home: Home, query: str, *, samples: int) -> None:
    """Tell how many kept pages QUERY would add to the coverage, before it is saved."""
    from crawlers.preview import preview as look_ahead
    from crawlers.progress import bar, preview_lines

    with bar("pages") as progress:
        seen = look_ahead(home, query, progress)
    click.echo("\n".join(preview_lines(seen, samples)))


@tamdan.command()
@click.option("--since", type=DAY, metavar="DAY", help="Only what was fetched on this day (2021-12-09, UTC) or later.")
@click.option("--quarantined", is_flag=True, help="Also try again what could not be read, though nothing has changed.")
@click.option("--quiet", is_flag=True, help="Say nothing but which matches were gained and withdrawn.")
@click.pass_obj
def reread(home: Home, *, since: datetime | None, quarantined: bool, quiet: bool) -> None:
    """Apply changed queries, terms, selectors or stages to all that is kept; nothing is fetched.

    Says which matches were gained and withdrawn. Exit code: 0 fine, 1 where a capture was not found or it was cut short, 2 usage or
    configuration, 3 the disk is full, 75 a crawl is running.
    """
    from crawlers.progress import bar, reread_lines
    from crawlers.reread import Wanted
    from crawlers.reread import reread as read_again

    with bar("pages", quiet=quiet) as progress:
        done = read_again(
            home, Wanted(since=_day(since), quarantined=quarantined), lambda now: progress(now.done, now.total)
        )
    for line in reread_lines(done, quiet=quiet):
        click.echo(line)
    sys.exit(1 if done.lost or done.interrupted else 0)


@tamdan.command()
@click.pass_obj
def quarantine(home: Home) -> None:
    """List the kept pages that could not be read, with the reason; `tamdan reread --quarantined` tries them again."""
    from crawlers.kept import unread

    with closing(open_reader(home.crawl)) as connection:
        pages = unread(connection)
    for page in pages:
        click.echo(
            f"{page.fetched_at:%Y-%m-%d}  {page.source:16} {page.outcome}: {page.reason}\n            {page.url}"
        )
    click.echo(f"{len(pages):,} page{'s' if len(pages) != 1 else ''} could not be read.", err=True)


@tamdan.command()
@click.option("--once", is_flag=True, help="End after the summary; do not serve the archive.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default="demo",
    show_default=True,
    help="Where the demo's home is made.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Where the archive is served."
)
def demo(folder: Path, port: int, *, once: bool) -> None:
    """Crawl the bundled newsroom, say what was found, then show its archive in the browser until Ctrl-C."""
    from newsroom.demo import run_demo

    sys.exit(run_demo(folder, None if once else port))


def _short(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "never"


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def main() -> None:
    """Run the command line."""
    tamdan(prog_name="tamdan")


if __name__ == "__main__":
    main()
