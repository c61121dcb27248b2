"""The inbox: what nobody decided yet and arrived since somebody looked, to be worked off in a few taps."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from archive import changes
from archive.database import immediate, open_writer
from archive.desk.decisions import newest
from archive.home import Home
from archive.site.byhand import count_by_hand
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
    """Of which there is a headline only, and whose page nobody has called gone."""
    newest: int
    """Highest row of an article: so far one has looked by looking at all of this."""
    change: int
    """Number of the newest change of matches, likewise."""
    looked_at: str | None


_WAITS = "from coverage where decision = 'new' and status != 'headline only'"
_BACK = """
select article from match_change as gained where gained.id > :change and change = 'gained' and not exists (
    select 1 from article_query join query on query.id = article_query.query
    where article_query.article = gained.article and (campaign, name) not in (
        select campaign, name from match_change join query on query.id = match_change.query
        where match_change.article = gained.article and match_change.id > :change and change = 'gained'
    )
)
"""
"""Articles that became coverage again by reading again: every query that holds for them was gained since."""
_FROM = f"min(:looked, (select coalesce(min(article) - 1, :looked) from ({_BACK})))"  # noqa: S608  our own words
"""Row after which all that is new stands; mostly that up to which one looked, so that few rows are read."""
_NEW = f"{_WAITS} and article > {_FROM} and (article > :looked or article in ({_BACK}))"
_CARDS = (
    "select article, id, title, published, source, coalesce(quote, '') as quote, words, weak, kind, language, first_seen"
    f" {_NEW} and article < :before order by article desc limit :size"
)


def load_inbox(connection: sqlite3.Connection, who: str, before: int | None, *, everything: bool) -> Inbox:
    """Give what waits for a person: what arrived since they looked, or everything undecided; a page of it, the newest first."""
    looked = connection.execute("select article, change, at from looked where who = ?", [who]).fetchone()
    since = {"looked": looked["article"], "change": looked["change"]} if looked else _NEVER
    last = int(connection.execute("select coalesce(max(id), 0) from article").fetchone()[0])
    shown = {**(_NEVER if everything else since), "before": before or last + 1, "size": SIZE + 1}
    rows = connection.execute(_CARDS, shown).fetchall()
    names = {row["id"]: row for row in connection.execute("select id, name, name_km from source")}
    cards = tuple(_card(connection, row, names[row["source"]]) for row in rows[:SIZE])
    return Inbox(
        cards=cards,
        more=cards[-1].number if len(rows) > SIZE else None,
        new=_count(connection, since),
        undecided=_count(connection, _NEVER),
        headlines=count_by_hand(connection),
        newest=last,
        change=changes.last(connection),
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


_NEVER = {"looked": 0, "change": 0}


def _count(connection: sqlite3.Connection, since: Mapping[str, int]) -> int:
    return int(connection.execute(f"select count(*) {_NEW}", since).fetchone()[0])


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
    until = number_of(form.get("until", "")) or 0, number_of(form.get("change", "")) or 0
    await visit.write(lambda: mark_looked(visit.home, visit.account or "", until, datetime.now(UTC)))
    return visit.redirect(visit.url("/inbox"))


def mark_looked(home: Home, who: str, until: tuple[int, int], now: datetime) -> None:
    """Write up to which article and change of matches a person has looked: never less far than before, and no further than what is there."""
    sql = (
        "insert into looked (who, article, change, at)"
        " select ?, min(?, (select coalesce(max(id), 0) from article)), min(?, (select coalesce(max(id), 0) from match_change)), ?"
        " where true on conflict (who) do update set"
        " article = max(looked.article, excluded.article), change = max(looked.change, excluded.change), at = excluded.at"
    )
    with closing(open_writer(home.archive)) as connection, immediate(connection):
        connection.execute(sql, [who, *until, instant(now)])
