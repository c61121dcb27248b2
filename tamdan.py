"""The command line: one command per verb, and the only module that sees all folders.

Commands that crawl load their machinery when they are called: Scrapy costs a second that no other command should pay.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import click

from archive.config import load, load_site, load_sources, warnings_for
from archive.database import open_reader, open_writer, refuse_newer_files, require_archive
from archive.errors import Dropped, TamdanError, UsageError
from archive.health import health
from archive.home import SHIPPED, Home, init_home, require_home
from archive.index import reindex as reindex_archive
from archive.lock import locked
from archive.model import Channel

if TYPE_CHECKING:
    from archive.digests.letter import Letter


class Day(click.DateTime):
    """A day as 2021-12-09, and a message that says so."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read what was typed."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day. Write it as 2021-12-09.", param, ctx)


DAY = Day(formats=["%Y-%m-%d"])
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


@tamdan.command(short_help="Make a team's own folder.")
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a team's own FOLDER: sources.toml, campaigns.toml, data/. Nothing that is there is overwritten."""
    made = init_home(folder)
    for path in made:
        click.echo(f"made {path}")
    click.echo(
        f"{folder} is ready. Look through sources.toml and campaigns.toml there, then: tamdan --home {folder} crawl"
    )


@tamdan.command(short_help="Look for new articles.")
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


@tamdan.command(short_help="Add what people found: links, texts, files, tables.")
@click.argument("target", metavar="URL|FILE|CSV", required=False)
@click.option("--kind", metavar="KIND", default="", help="article (if nothing is said), post, radio, TV or print.")
@click.option("--campaign", metavar="ID", default="", help="For which campaign, where there are several.")
@click.option(
    "--source", metavar="NAME", default="", help="Who published it: id or name of a source, or any other name."
)
@click.option("--day", metavar="DAY", default="", help="Day on which it was published, as 2021-12-09.")
@click.option("--title", default="", help="The headline.")
@click.option("--text", default="", help="The text; - reads it from standard input.")
@click.option("--text-file", type=click.File(encoding="utf-8-sig"), metavar="FILE", help="A file with the text.")
@click.option("--url", default="", help="The address of what is in a FILE.")
@click.option("--owned/--earned", default=False, help="Published by the campaign itself, or by others.")
@click.option("--note", default="", help="A note for the team.")
@click.option("--by", metavar="NAME", help="Who adds it; else the account of this machine.")
@click.option("--waiting", is_flag=True, help="Only work off what was added on the site and waits.")
@click.option(
    "--allow-private",
    is_flag=True,
    envvar="TAMDAN_ALLOW_PRIVATE",
    help="Also connect to loopback and private addresses: for tests and the demo only.",
)
@click.pass_obj
def add(  # noqa: PLR0913  (one argument per option is click's way)
    home: Home,
    /,
    target: str | None,
    *,
    text: str,
    text_file: TextIO | None,
    owned: bool,
    by: str | None,
    waiting: bool,
    allow_private: bool,
    **told: str,
) -> None:
    """Add what people found: an article or post at a URL, a saved page, picture or PDF in a FILE, a text, or many of them in a CSV.

    Exit code: 0 fine, 1 some could not be added, 2 usage or configuration, 3 the disk is full.
    """
    from archive.desk.wishes import Draft
    from crawlers.additions.adding import Adding, work_off
    from crawlers.additions.adding import add as add_wishes
    from crawlers.additions.intake import Asked, wishes_of
    from crawlers.progress import added_lines, bar

    with bar("additions") as progress:
        how = Adding(allow_private=allow_private, progress=progress)
        if waiting:
            sys.exit(1 if work_off(home, how) else 0)
        words = text_file.read() if text_file else sys.stdin.read() if text == "-" else text
        draft = Draft(**told, text=words, media="owned" if owned else "")
        done = add_wishes(home, wishes_of(home, Asked(target=target, draft=draft, who=by)), how)
    for line in added_lines(done):
        click.echo(line)
    sys.exit(0 if all(one.state == "done" for one in done) else 1)


@tamdan.command(short_help="Show how each source stands.")
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


CHOSEN = (
    click.option("--campaign", metavar="ID", help="Only the coverage of this campaign."),
    click.option(
        "--from", "since", type=DAY, metavar="DAY", help="Only what was published on this day (2021-12-09) or later."
    ),
    click.option("--to", "until", type=DAY, metavar="DAY", help="Only what was published on this day or earlier."),
)
"""Which coverage, as every command asks it that makes files of it."""


def chosen(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which coverage is meant."""
    for option in reversed(CHOSEN):
        command = option(command)
    return command


@tamdan.command(short_help="Write the coverage as a file, one row per article.")
@chosen
@click.option(
    "--search",
    default="",
    metavar="URL",
    help="Only what this search on the site finds: its address, or what stands behind the ?.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "excel", "xlsx", "jsonl", "atom"]),
    metavar="FORMAT",
    default="csv",
    show_default=True,
    help="csv for R and pandas, nothing altered; excel with a mark that Excel needs and formulas disarmed; xlsx a workbook; jsonl one"
    " object a line; atom the newest as a feed.",
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
    search: str,
    form: Literal["csv", "excel", "xlsx", "jsonl", "atom"],
    text: bool,
    output: Path | None,
) -> None:
    """Write the coverage as a file, one row per article; the number of rows is told on stderr."""
    from archive.exports.export import Choice, export_file
    from archive.exports.feed import masthead_of
    from archive.selection import selection_of

    selection = selection_of(search, {"campaign": campaign, "from": _day(since), "to": _day(until)})
    choice = Choice(selection=selection, format=form, text=text, masthead=masthead_of(load_site(home.site_file)))
    click.echo(export_file(home.archive, choice, output), err=True)


@tamdan.command(short_help="Freeze the coverage as a numbered bundle to cite.")
@chosen
@click.option(
    "--text", is_flag=True, help="With the articles' text, which belongs to its publishers: never to be passed on."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write to this folder, not to data/releases.",
)
@click.option("--list", "listed", is_flag=True, help="List the releases there were; make none.")
@click.pass_obj
def release(  # noqa: PLR0913  (one argument per option is click's way)
    home: Home,
    *,
    campaign: str | None,
    since: datetime | None,
    until: datetime | None,
    text: bool,
    output: Path | None,
    listed: bool,
) -> None:
    """Freeze the coverage as a numbered bundle that can be cited and made again byte by byte."""
    from archive.exports.export import Choice
    from archive.release.release import make_release, releases
    from archive.selection import selection_of

    if listed:
        for one in releases(home.archive):
            click.echo(f"{one.number:6}  {one.day}  {one.articles:8,}  {one.software}  {one.asked or 'everything'}")
        return
    selection = selection_of("", {"campaign": campaign, "from": _day(since), "to": _day(until)})
    choice = Choice(selection=selection, text=text)
    done = make_release(home.archive, choice, load_site(home.site_file), output or home.data / "releases")
    click.echo(f"{done.file}: release {done.number}, data of {done.day}, {done.articles:,} articles", err=True)


@tamdan.command(short_help="Write the clipping report of some days.")
@click.argument("campaign")
@click.option("--from", "since", type=DAY, metavar="DAY", required=True, help="The first day, as 2021-12-09.")
@click.option("--to", "until", type=DAY, metavar="DAY", required=True, help="The last day.")
@click.option("--lang", type=click.Choice(["km", "en"]), default="km", show_default=True, help="Khmer or English.")
@click.option("--list-only", is_flag=True, help="Only the numbered list of headlines.")
@click.option(
    "--by",
    type=click.Choice(["article", "story"]),
    default="article",
    show_default=True,
    help="What has a number of its own in the list: each article, or each story with all its sources.",
)
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="FILE", help="A .docx whose styles, head and foot are used."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Write to FILE: .html, .docx or .pdf.",
)
@click.pass_obj
def report(  # noqa: PLR0913  (one argument per option is click's way)
    home: Home,
    *,
    campaign: str,
    since: datetime,
    until: datetime,
    lang: Literal["km", "en"],
    list_only: bool,
    by: Literal["article", "story"],
    template: Path | None,
    output: Path,
) -> None:
    """Write the clipping report of CAMPAIGN for some days: figures, headlines with their links, quotes, what is missing, the method."""
    from archive.report.figures import Asked
    from archive.report.writing import Wish, write_report

    asked = Asked(campaign=campaign, since=since.date(), until=until.date(), by=by, list_only=list_only)
    wish = Wish(asked=asked, language=lang, template=template)
    told = write_report(home.archive, wish, output, datetime.now(UTC))
    click.echo(told, err=True)


@tamdan.command(short_help="Tell the team what is new, each article once.")
@click.argument("digest", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Print what would be told; send and note nothing.")
@click.option("--quiet", is_flag=True, help="Say nothing unless a channel begins or ceases to fail: for cron.")
@PRIVATE
@click.pass_obj
def digest(home: Home, digest: Sequence[str], *, dry_run: bool, quiet: bool, allow_private: bool) -> None:
    """Tell the channels of site.toml what is new, each article once; of every digest there, or of each DIGEST named.

    Exit code: 0 fine, 1 a channel does not work (what it was to be told is kept and sent next time), 2 usage or configuration,
    75 another digest is being sent.
    """
    from crawlers import digest as digests

    if dry_run:
        click.echo(digests.dry_run(home, digest))
        return

    def send(channel: Channel, letter: "Letter") -> None:
        # apprise takes half a second, and mostly nothing is to be sent.
        from crawlers.notify import send as send_by_apprise

        send_by_apprise(channel, letter, allow_private=allow_private)

    sys.exit(digests.tell(home, digest, send, quiet=quiet))


@tamdan.command(short_help="Show the archive in the browser, on this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--open", "everybody_reads", is_flag=True, help="Let everybody read; without an account nobody decides.")
@click.pass_obj
def serve(home: Home, port: int, *, everybody_reads: bool) -> None:
    """Show the archive in the browser, on this machine only, until Ctrl-C.

    Once there is an account (see `tamdan account`), nobody reads without logging in.
    """
    from archive.serve import serve as serve_archive

    load_site(home.site_file)  # a mistake in it is told now, not by a page
    serve_archive(home.archive, SHIPPED / "datasette-metadata.json", port=port, everybody_reads=everybody_reads)


@tamdan.command(short_help="Make an account of the site, change or remove it.")
@click.argument("name", required=False)
@click.option("--remove", is_flag=True, help="Take the account away.")
@click.pass_obj
def account(home: Home, name: str | None, *, remove: bool) -> None:
    """Make an account of the site, or change its password; without NAME, list the accounts.

    The password is asked twice, or is one line of standard input; 10 characters at least. A site that runs learns of it when it starts again.
    """
    from archive.accounts import accounts, put_account, remove_account, require_name

    require_home(home)
    if name is None:
        if remove:
            raise UsageError("--remove needs the name of the account: tamdan account NAME --remove")
        click.echo("\n".join(sorted(accounts(home.data))) or "There is no account yet: tamdan account NAME makes one.")
        return
    if remove:
        remove_account(home.data, name)
        click.echo(f"{name} is no account any more. Start the site again; everybody logs in anew.", err=True)
        return
    require_name(name)
    made = put_account(home.data, name, _password())
    told = "is an account now" if made else "has a new password, and everybody logs in anew"
    click.echo(f"{name} {told}. Start the site again if it runs.", err=True)


def _password() -> str:
    """Ask for a password twice, hidden; where standard input is no terminal, take its first line."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True))
    return sys.stdin.readline().rstrip("\r\n")


@tamdan.command(short_help="Build the search index anew; update an older archive.")
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


@tamdan.command(short_help="Show what is read of one page, and why.")
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


@tamdan.command(short_help="Tell why a query holds in an article, or does not.")
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


@tamdan.command(short_help="Tell how many kept pages a query would add.")
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


@tamdan.command(short_help="Apply changed words to all that is kept.")
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


@tamdan.command(short_help="List the kept pages that could not be read.")
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


@tamdan.command(short_help="Crawl the bundled newsroom and show its archive.")
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
