"""The inbox: what nobody decided yet and arrived since somebody looked, to be worked off in a few taps."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from archive.database import immediate, open_writer
from archive.desk.decisions import newest
from archive.home import Home
from archive.site.deciding import done_values, number_of
from archive.site.visit import Missing, Visit
from archive.stamp import instant

SIZE = 20
"""Cards on one page: a few screens of a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One article that waits for a decision."""

    number: int
    """Its row: the later it arrived, the higher."""
    key: str
    title: str
    published: str | None
    source: str
    source_km: str | None
    quote: str
    words: str | None
    weak: bool
    kind: str
    language: str
    first_seen: str
    seen: int
    """Number of the newest decision about it, a note for instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits for one person."""

    cards: tuple[Arrived, ...]
    more: int | None
    """Row before which the next page begins; None on the last one."""
    new: int
    """Articles that nobody decided and that arrived since this person looked."""
    undecided: int
    headlines: int
    """Undecided ones of which there is a headline only."""
    newest: int
    """Highest row of an article: so far one has looked by looking at all of this."""
    looked_at: str | None


_WAITS = "from coverage where decision = 'new' and status != 'headline only'"
_CARDS = f"""
select article, id, title, published, source, coalesce(quote, '') as quote, words, weak, kind, language, first_seen
{_WAITS} and article > :looked and article < :before order by article desc limit :size
"""


def load_inbox(connection: sqlite3.Connection, who: str, before: int | None, *, everything: bool) -> Inbox:
    """Give what waits for a person: what arrived since they looked, or everything undecided; a page of it, the newest first."""
    looked = connection.execute("select article, at from looked where who = ?", [who]).fetchone()
    since = looked["article"] if looked else 0
    last = int(connection.execute("select coalesce(max(id), 0) from article").fetchone()[0])
    asked = {"looked": 0 if everything else since, "before": before or last + 1, "size": SIZE + 1}
    rows = connection.execute(_CARDS, asked).fetchall()
    names = {row["id"]: row for row in connection.execute("select id, name, name_km from source")}
    cards = tuple(_card(connection, row, names[row["source"]]) for row in rows[:SIZE])
    headlines = "select count(*) from coverage where decision = 'new' and status = 'headline only'"
    return Inbox(
        cards=cards,
        more=cards[-1].number if len(rows) > SIZE else None,
        new=_count(connection, since),
        undecided=_count(connection, 0),
        headlines=int(connection.execute(headlines).fetchone()[0]),
        newest=last,
        looked_at=looked["at"] if looked else None,
    )


def _card(connection: sqlite3.Connection, row: sqlite3.Row, source: sqlite3.Row) -> Arrived:
    return Arrived(
        number=row["article"],
        key=row["id"],
        title=row["title"],
        published=row["published"],
        source=source["name"],
        source_km=source["name_km"],
        quote=row["quote"],
        words=row["words"],
        weak=bool(row["weak"]),
        kind=row["kind"],
        language=row["language"],
        first_seen=row["first_seen"],
        seen=newest(connection, row["article"]),
    )


def _count(connection: sqlite3.Connection, since: int) -> int:
    return int(connection.execute(f"select count(*) {_WAITS} and article > ?", [since]).fetchone()[0])


async def inbox(visit: Visit) -> Response:
    """Show what waits for the visitor."""
    everything = visit.asked.get("all") == "yes"
    before = number_of(visit.asked.get("before", ""))
    known = await visit.read(load_inbox, visit.account or "", before, everything=everything)
    return visit.render("inbox.html", inbox=known, everything=everything, before=before, **await done_values(visit))


async def looked(visit: Visit) -> Response:
    """Remember that the visitor has looked at all that the page knew of."""
    if visit.request.method != "POST":
        raise Missing(visit.locale.text("There is nothing at this address."))
    form: dict[str, Any] = await visit.request.post_vars()
    until = number_of(form.get("until", "")) or 0
    await visit.write(lambda: mark_looked(visit.home, visit.account or "", until, datetime.now(UTC)))
    return visit.redirect(visit.url("/inbox"))


def mark_looked(home: Home, who: str, until: int, now: datetime) -> None:
    """Write how far a person has looked: never less far than before, and no further than what is there."""
    sql = (
        "insert into looked (who, article, at) select ?, min(?, coalesce(max(id), 0)), ? from article where true"
        " on conflict (who) do update set article = max(looked.article, excluded.article), at = excluded.at"
    )
    with closing(open_writer(home.archive)) as connection, immediate(connection):
        connection.execute(sql, [who, until, instant(now)])
