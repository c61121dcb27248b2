"""What changed between two revisions of an article, to be read."""

import sqlite3
from dataclasses import dataclass

from datasette.utils.asgi import Response

from archive.errors import UsageError
from archive.site import telling
from archive.site.evidence import Revision, load_revisions
from archive.site.facts import Facts, facts_of, row_of
from archive.site.revisions import Difference, difference
from archive.site.visit import Missing, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Two revisions of an article, and how the one became the other."""

    facts: Facts
    revisions: tuple[Revision, ...]
    one: Revision
    other: Revision
    title: Difference
    text: Difference

    @property
    def is_none(self) -> bool:
        """Tell whether neither title nor text differ."""
        return self.title.is_none and self.text.is_none


async def show(visit: Visit) -> Response:
    """Show how a revision became another; without `from` and `to` the last one and the one before it."""
    key = visit.parts["key"]
    numbers = [_number(visit, name) for name in ("from", "to")]
    changes = await visit.read(load_changes, key, numbers[0], numbers[1], whole=bool(visit.account))
    if changes is None:
        raise Missing(visit.locale.text("There is no article {key} here, or it has no such revision.", key=key))
    return visit.render("changes.html", article=changes.facts, changes=changes, telling=telling)


def _number(visit: Visit, name: str) -> int | None:
    given = visit.asked.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise UsageError(visit.locale.text("{given} is no number of a revision.", given=given))
    return int(given)


def load_changes(
    connection: sqlite3.Connection, key: str, first: int | None, last: int | None, *, whole: bool
) -> Changes | None:
    """Load two revisions and compare them; None where the article or one of them is not there."""
    row = row_of(connection, key, whole=whole)
    if row is None:
        return None
    revisions = load_revisions(connection, row["id"])
    last = last or row["revision"]
    pair = [_revision(revisions, number) for number in (first or max(1, last - 1), last)]
    one, other = pair
    if one is None or other is None:
        return None
    texts = [_text(connection, row["id"], revision.number) for revision in (one, other)]
    return Changes(
        facts=facts_of(row),
        revisions=revisions,
        one=one,
        other=other,
        title=difference(one.title, other.title),
        text=difference(*texts),
    )


def _revision(revisions: tuple[Revision, ...], number: int) -> Revision | None:
    return next((revision for revision in revisions if revision.number == number), None)


def _text(connection: sqlite3.Connection, article: int, number: int) -> str:
    sql = "select text from revision where article = ? and number = ?"
    return str(connection.execute(sql, [article, number]).fetchone()["text"])
