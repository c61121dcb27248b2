"""What people add on the site: the form, and the page that tells what became of it."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from secrets import compare_digest, token_hex

from datasette.utils.asgi import Response

from archive.database import open_writer
from archive.desk import additions, errand, uploads
from archive.desk.additions import KINDS, MEDIA, Addition, Wish, plain
from archive.desk.wishes import Attachment, Draft, Mistake, mistakes, wish
from archive.errors import UsageError
from archive.home import Home
from archive.localize import ZONE
from archive.site.multipart import Form, read_form
from archive.site.visit import Missing, Visit

_TOKEN = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the form."""

    campaigns: dict[str, tuple[str, str | None]]
    """Id -> name and Khmer name."""
    sources: tuple[str, ...]
    """Names, those that campaigns meet most first."""


def load_choices(connection: sqlite3.Connection) -> Choices:
    """Read the campaigns and sources that an addition may name."""
    campaigns = connection.execute("select id, name, name_km from campaign order by since, id").fetchall()
    sources = connection.execute("select coalesce(name_km, name), name from source order by name").fetchall()
    names = dict.fromkeys(name for row in sources for name in row)
    return Choices({row[0]: (row[1], row[2]) for row in campaigns}, tuple(names))


def load_addition(connection: sqlite3.Connection, token: str) -> Addition | None:
    """Read the addition of a token."""
    return additions.find(connection, token)


async def add(visit: Visit) -> Response:
    """Show the form, or take it."""
    if visit.request.method == "POST":
        return await _take(visit)
    asked = {name.name: visit.asked[name.name] for name in fields(Draft) if name.name in visit.asked}
    return await _form(visit, replace(Draft(), **asked), [])


async def added(visit: Visit) -> Response:
    """Tell what became of an addition; sent there, a form lets one that failed wait once more."""
    token = visit.parts["token"]
    addition = await visit.read(load_addition, token)
    if addition is None:
        raise Missing(visit.locale.text("There is no such addition. Perhaps the form was not sent."))
    if visit.request.method == "POST":
        await visit.write(lambda: _again(visit.home, token))
        return visit.redirect(visit.url(f"/added/{token}"))
    return visit.render(
        "added.html",
        addition=addition,
        outcome=plain(addition.outcome),
        cure=additions.cure(addition.outcome) if addition.state == "failed" else "",
    )


async def _take(visit: Visit) -> Response:
    try:
        form = await _received(visit)
    except uploads.Refused as too_large:
        return await _form(visit, Draft(), [Mistake("file", str(too_large))], 413, file_lost=True)
    draft = Draft(**{name.name: form.fields.get(name.name, "") for name in fields(Draft)})
    token = form.fields.get("token", "")
    try:
        if not _TOKEN.fullmatch(token) or not compare_digest(_sent(form), visit.csrf().encode()):
            raise UsageError(visit.locale.text("This form is not complete. Open it anew and send it once more."))
        choices = await visit.read(load_choices)
        file_type = uploads.type_of(form.file.head, form.file.name, form.file.size) if form.file else None
        wrong = mistakes(draft, list(choices.campaigns), datetime.now(ZONE).date(), file_type)
        if wrong:
            return await _form(visit, draft, wrong, file_lost=form.file is not None)
        attached = await visit.write(lambda: _attached(visit.home, form, token, file_type))
        wanted = wish(draft, list(choices.campaigns), token, visit.account or "", attached)
    except uploads.Refused as refused:
        return await _form(visit, draft, [Mistake("file", str(refused))])
    finally:
        form.discard()
    await visit.write(lambda: _written(visit.home, wanted))
    return visit.redirect(visit.url(f"/added/{token}"))


def _sent(form: Form) -> bytes:
    """Give the token that shows that the form is ours: Datasette leaves the check of a form with a file to this page."""
    return form.fields.get("csrftoken", "").encode()


async def _received(visit: Visit) -> Form:
    """Take the form in; raises Refused where it is too large, and UsageError, with what to do, where it is none."""
    folder = uploads.folder(visit.home)
    try:
        return await read_form(visit.request.headers, visit.request.receive, folder)
    except uploads.Refused:
        raise
    except UsageError as refused:
        raise UsageError(visit.locale.text(str(refused))) from refused


async def _form(
    visit: Visit, draft: Draft, wrong: list[Mistake], status: int = 400, *, file_lost: bool = False
) -> Response:
    choices = await visit.read(load_choices)
    return visit.render(
        "add.html",
        status if wrong else 200,
        draft=draft,
        wrong={mistake.field: mistake.message for mistake in reversed(wrong)},
        file_lost=file_lost,
        choices=choices,
        kinds=KINDS,
        media=MEDIA,
        most=uploads.MOST_BYTES // 2**20,
        token=token_hex(16),
    )


def _attached(home: Home, form: Form, token: str, file_type: str | None) -> Attachment | None:
    if form.file is None or file_type is None:
        return None
    name = form.file.name
    return Attachment(file=uploads.keep(home, form.file.path, token, file_type), name=name, type=file_type)


def _written(home: Home, wanted: Wish) -> None:
    """Let a wish wait and start the program that works it off; the same form once more changes nothing."""
    with closing(open_writer(home.archive)) as connection:
        is_new = additions.put(connection, wanted, datetime.now(UTC))
    if is_new:
        errand.start(home)


def _again(home: Home, token: str) -> None:
    with closing(open_writer(home.archive)) as connection:
        additions.again(connection, token)
    errand.start(home)
