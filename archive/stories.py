"""One text at several sources is one story: which articles share their text, which story each belongs to, and which is the original.

A link between two articles rests on their two texts alone, and a story is what links hold together, so the order in which articles arrive makes
no difference. Every article may begin a story; of the stories that the articles held together began, the oldest is theirs and the others
redirect to it. A story parts again in the same way where a text changes. No article is ever deleted or hidden by any of this.
"""

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from archive.keys import story_key
from archive.likeness import letters, likeness
from archive.model import Fingerprint
from archive.original import Member, Outlet, original
from archive.stamp import instant

MEETINGS = 3
"""N-grams two samples must share before the texts are compared: a copy cut to a tenth shares six of 64, strangers one."""

CROWD = 200
"""Articles looked up by one n-gram, the oldest first: a stock phrase stands in thousands and tells nothing."""

NEAR = 0.2
"""How near two samples must be before the texts are compared; half a text shared word for word is about .4, a stock paragraph less than .2."""

COMPARED = 48
"""Texts one text is compared with, those that share most first; a comparison takes a millisecond or two."""

Kind = Literal["exact", "contained"]
Link = tuple[int, Kind, float]
"""The other article's row, how they are linked, and how much of the smaller text stands in the other."""


def join(connection: sqlite3.Connection, article: int, fingerprint: Fingerprint | None, now: datetime) -> None:
    """Put an article's row into its story, inside the caller's transaction, once its newest revision is written; can be repeated.

    None for a text that cannot be known again: such an article is a story of its own.
    """
    before = members(connection, article)
    if not _is_known(connection, article, fingerprint):
        _forget(connection, article)
        if fingerprint:
            _remember(connection, article, fingerprint)
    gather(connection, before, now)


def gather(connection: sqlite3.Connection, articles: Iterable[int], now: datetime) -> None:
    """Write the stories of these articles and of all that are held together with them, inside the caller's transaction."""
    for group in _groups(connection, articles):
        story = _story(connection, group, now)
        _tell_original(connection, story, group)


def members(connection: sqlite3.Connection, article: int) -> list[int]:
    """Give the articles of an article's story, itself among them."""
    sql = "select id from article where id = :id or story = (select story from article where id = :id) order by id"
    return [row["id"] for row in connection.execute(sql, {"id": article})]


# ---- links ------------------------------------------------------------------------------------------------------------------------


def _is_known(connection: sqlite3.Connection, article: int, fingerprint: Fingerprint | None) -> bool:
    """Tell whether the article's links rest on this fingerprint already."""
    exact, grams = (fingerprint.exact, fingerprint.grams) if fingerprint else (None, ())
    row = connection.execute("select text_hash from article where id = ?", [article]).fetchone()
    return bool(row["text_hash"] == exact and tuple(_grams(connection, article)) == grams)


def _forget(connection: sqlite3.Connection, article: int) -> None:
    connection.execute("delete from gram where article = ?", [article])
    connection.execute("delete from syndication where article = ?", [article])
    connection.execute("delete from syndication where other = ?", [article])
    connection.execute("update article set text_hash = null where id = ?", [article])


def compare(connection: sqlite3.Connection, article: int) -> None:
    """Find the links of an article's text anew, because its source is another one: the same text weighs less within one source."""
    row = connection.execute("select text_hash from article where id = ?", [article]).fetchone()
    if row["text_hash"]:
        fingerprint = Fingerprint(exact=row["text_hash"], grams=tuple(_grams(connection, article)))
        _forget(connection, article)
        _remember(connection, article, fingerprint)


def _remember(connection: sqlite3.Connection, article: int, fingerprint: Fingerprint) -> None:
    connection.executemany(
        "insert into syndication (article, other, kind, score) values (?, ?, ?, ?)",
        [
            (max(article, other), min(article, other), kind, round(score, 4))
            for other, kind, score in links(connection, article, fingerprint)
        ],
    )
    connection.executemany(
        "insert into gram (gram, article) values (?, ?)", [(gram, article) for gram in fingerprint.grams]
    )
    connection.execute("update article set text_hash = ? where id = ?", [fingerprint.exact, article])


def links(connection: sqlite3.Connection, article: int, fingerprint: Fingerprint) -> Iterator[Link]:
    """Find the articles whose text is the same, or of which one is a copy of the other."""
    rows = connection.execute(
        "select id from article where text_hash = ? and id != ?", [fingerprint.exact, article]
    ).fetchall()
    same = {int(row["id"]) for row in rows}
    yield from ((other, "exact", 1.0) for other in sorted(same))
    others = [other for other in _candidates(connection, article, fingerprint.grams) if other not in same][:COMPARED]
    if not others:
        return
    source, text = _letters(connection, article)
    for other in others:
        its_source, its_text = _letters(connection, other)
        found = likeness(text, its_text)
        if found.is_one_story(same_source=source == its_source):
            yield other, "contained", found.kept


def _candidates(connection: sqlite3.Connection, article: int, grams: Sequence[int]) -> list[int]:
    """Give the articles whose samples tell that enough may be shared, the nearest first."""
    sql = "select article from gram where gram = ? and article != ? limit ?"
    meetings = Counter[int]()
    for gram in grams:
        meetings.update(other for (other,) in connection.execute(sql, [gram, article, CROWD]))
    often = [other for other, times in meetings.items() if times >= MEETINGS]
    near = {other: nearness(grams, _grams(connection, other)) for other in often}
    return sorted((other for other in often if near[other] >= NEAR), key=lambda other: (-near[other], other))


def _grams(connection: sqlite3.Connection, article: int) -> list[int]:
    """Give the sampled n-grams of an article, in order."""
    return [gram for (gram,) in connection.execute("select gram from gram where article = ? order by gram", [article])]


def nearness(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimate from two samples, each in order, how many n-grams of the smaller text stand in the other, 0 to 1.

    A sample holds the smallest hashes of its text, so the two can be compared up to where the first of them ends.
    """
    end = min(one[-1], other[-1])
    here, there = one[: bisect_right(one, end)], other[: bisect_right(other, end)]
    return len(set(here).intersection(there)) / max(1, min(len(here), len(there)))


def _letters(connection: sqlite3.Connection, article: int) -> tuple[str, str]:
    """Give the source of an article and the letters of its text."""
    sql = (
        "select source, revision.title, text from article"
        " join revision on revision.article = article.id and number = article.revision where article.id = ?"
    )
    row = connection.execute(sql, [article]).fetchone()
    return row["source"], letters(row["title"], row["text"])


# ---- stories ----------------------------------------------------------------------------------------------------------------------


def _groups(connection: sqlite3.Connection, articles: Iterable[int]) -> Iterator[list[int]]:
    """Give the groups that links hold together and these articles are in.

    People have the last word: they join articles, and an article they parted from its story is held by no link of its text, so that no
    later copy of the text brings it back.
    """
    sql = (
        "with recursive held (id) as (select ? union"
        " select iif(link.article = held.id, link.other, link.article) from held"
        " join syndication as link on link.article = held.id or link.other = held.id"
        " where not exists (select 1 from bond where not joined and bond.article in (link.article, link.other)) union"
        " select iif(bond.article = held.id, bond.other, bond.article) from held"
        " join bond on bond.article = held.id or bond.other = held.id where joined)"
        " select id from held order by id"
    )
    done = set[int]()
    for article in articles:
        if article not in done:
            group = [row["id"] for row in connection.execute(sql, [article])]
            done.update(group)
            yield group


def _story(connection: sqlite3.Connection, group: list[int], now: datetime) -> int:
    """Give the oldest story that one of these articles began, or a new one; the others that they began redirect to it."""
    rows = connection.execute(
        "select key from article where id in (select value from json_each(?)) order by id", [json.dumps(group)]
    )
    keys = [story_key(row["key"]) for row in rows]
    begun = "select id from story where key in (select value from json_each(?)) order by id"
    connection.execute(
        f"insert into story (key, first_seen) select ?, ? where not exists ({begun})",
        [keys[0], instant(now), json.dumps(keys)],
    )
    story, *others = (int(row["id"]) for row in connection.execute(begun, [json.dumps(keys)]).fetchall())
    connection.execute("update story set merged_into = null where id = ?", [story])
    connection.executemany("update story set merged_into = ? where id = ?", [(story, other) for other in others])
    connection.executemany("update article set story = ? where id = ?", [(story, member) for member in group])
    return story


def _tell_original(connection: sqlite3.Connection, story: int, group: list[int]) -> None:
    """Write which article of a story is the original, and why."""
    rows = connection.execute(
        "select article.id, key, url, source, published, published_at, coalesce(published_reliable, 1) as reliable, authors,"
        " coalesce(text, '') as text from article"
        " left join revision on revision.article = article.id and number = article.revision"
        " where article.id in (select value from json_each(?)) order by article.id",
        [json.dumps(group)],
    )
    members = [
        Member(
            row=row["id"],
            key=row["key"],
            url=row["url"],
            source=row["source"],
            day=row["published"],
            at=row["published_at"],
            reliable=bool(row["reliable"]),
            authors=tuple(json.loads(row["authors"])),
            text=row["text"],
        )
        for row in rows
    ]
    found = original(members, _outlets(connection) if len(members) > 1 else ())
    connection.execute(
        "update story set original = ?, score = ?, evidence = ? where id = ?",
        [found.row, found.score, json.dumps([sign.as_json() for sign in found.signs], ensure_ascii=False), story],
    )


def _outlets(connection: sqlite3.Connection) -> list[Outlet]:
    rows = connection.execute("select id, name, name_km, homepage from source order by id")
    return [Outlet.of(row["id"], (row["name"], row["name_km"]), row["homepage"]) for row in rows]
