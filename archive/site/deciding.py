"""Where decisions come in: one form, one decision, and back to where the visitor was."""

import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from archive.database import open_writer
from archive.desk.decisions import Decision, Outcome
from archive.desk.decisions import decide as decide_now
from archive.desk.history import load_desk, load_done
from archive.desk.verdicts import REASONS, TONES, Wish
from archive.errors import UsageError
from archive.home import Home
from archive.site.inside import inside, told_at
from archive.site.visit import Missing, Visit

NAMES = ("article", "kind", "value", "reason", "words", "undoes", "next")
"""What a form sends beside its token and what it has seen."""


async def desk_values(visit: Visit, key: str) -> dict[str, Any]:
    """Give the values that the partials _done.html, _decide.html and _decisions.html show for the article with this key."""
    desk = await visit.read(load_desk, key) if visit.account else None
    return {"desk": desk, **await done_values(visit)}


async def done_values(visit: Visit) -> dict[str, Any]:
    """Give the values of _done.html, and those that every form of the desk needs."""
    number = number_of(visit.asked.get("done", ""))
    done = await visit.read(load_done, number, visit.account) if number and visit.account else None
    back = told_at(visit.request.full_path, done=None)
    return {"done": done, "token": secrets.token_hex(8), "back": back, "reasons": REASONS, "tones": TONES}


async def decide(visit: Visit) -> Response:
    """Take a form of the desk; answers with the way back, or with what others decided meanwhile."""
    if visit.request.method != "POST":
        raise Missing(visit.locale.text("Decisions are made on the page of an article, or in the inbox."))
    form = await visit.request.post_vars()
    decision = read(form, visit.account or "")
    if await visit.read(load_desk, decision.article) is None:
        raise Missing(visit.locale.text("There is no such article."))
    try:
        outcome = await visit.write(lambda: written(visit.home, decision))
    except UsageError as error:
        raise UsageError(visit.locale.text(str(error))) from error
    if outcome.overtaken:
        return await _overtaken(visit, form, decision)
    back = inside(form.get("next", "")) or visit.url(f"/article/{decision.article}")
    return visit.redirect(told_at(back, done=outcome.decision))


def read(form: Mapping[str, str], account: str) -> Decision:
    """Read a decision from what a form sent; a reason in words of one's own goes before one that was tapped."""
    wish = Wish(
        kind=form.get("kind", ""),
        value=form.get("value", ""),
        reason=(form.get("words", "").strip() or form.get("reason", "")),
        undoes=number_of(form.get("undoes", "")),
    )
    return Decision(
        token=form.get("token", ""),
        article=form.get("article", ""),
        wish=wish,
        who=account,
        seen=number_of(form.get("seen", "")) or 0,
    )


def number_of(text: str) -> int | None:
    """Read a number that a form or an address carries; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def written(home: Home, decision: Decision) -> Outcome:
    """Write a decision into a home's archive."""
    with closing(open_writer(home.archive)) as connection:
        return decide_now(connection, decision, datetime.now(UTC))


async def _overtaken(visit: Visit, form: Mapping[str, str], decision: Decision) -> Response:
    values = await desk_values(visit, decision.article)
    desk = values["desk"]
    since = [one for one in desk.entries if _touched(one, decision)]
    kept = [(name, form[name]) for name in NAMES if form.get(name)]
    return visit.render("decided.html", 409, **values | {"desk": replace(desk, entries=tuple(since)), "kept": kept})


def _touched(entry: Any, decision: Decision) -> bool:
    """Tell whether others made, took back or brought back a decision since the form was made."""
    turned = [(turn.id, turn.who) for turn in entry.turns]
    seen = decision.seen or 0
    return any(number > seen and who != decision.who for number, who in [(entry.id, entry.who), *turned])
