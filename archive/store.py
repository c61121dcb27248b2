"""The one module that writes articles. An article, its revision, dates, matches, capture and index go in together or not at all."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from archive import changes, index, stories
from archive.database import immediate
from archive.declare import QueryRows, declare
from archive.desk import corrections
from archive.keys import article_key
from archive.model import Article, Campaigns, Capture, DateCandidate, Match, Source
from archive.stamp import instant, software

Cause = Literal["fetched", "read again"]
"""Why there is a new revision: the page was fetched, or what is kept of it was read by other stages."""


class Store:
    """Writes to one archive.db through one connection; every public method is one transaction and can be repeated."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._queries: QueryRows = {}

    def declare(self, sources: Iterable[Source], campaigns: Campaigns, now: datetime) -> None:
        """Write down the sources, campaigns and queries in force, to which matches refer from then on."""
        self._queries = declare(self._db, sources, campaigns, now)

    def id(self) -> str:
        """Give the archive's own id, made when it is first asked for."""
        with immediate(self._db):
            sql = "insert into meta (name, value) values ('archive', ?) on conflict (name) do update set value = value returning value"
            return str(self._db.execute(sql, [secrets.token_hex(8)]).fetchone()["value"])

    def put(
        self,
        article: Article,
        captures: Sequence[Capture],
        now: datetime,
        cause: Cause = "fetched",
        why: str | None = None,
    ) -> str:
        """Keep an article that matched, with the captures of its pages, in order; gives its public key.

        A text that is known already adds no revision and no capture. A headline that stands for an article gives way to the article,
        never the other way. A page whose canonical address is that of another article, with another headline and another text, is kept
        under the address it was found at. A page that tells no day keeps the one that a person gave who added it. `why` is told of queries
        gained and lost by reading again, else the cause. Raises DiskFull.
        """
        with immediate(self._db):
            article = self._dated(self._own(self._opened(article)))
            if article.status == "headline only" and (key := self._read_as(article)):
                return key
            known = self._db.execute("select id, revision from article where url = ?", [article.url]).fetchone()
            changed = known is None or self._digest_of(known["id"], known["revision"]) != _digest(article)
            revision = (known["revision"] if known else 0) + (1 if changed else 0)
            if known and changed:
                index.remove(self._db, known["id"])
            row = self._put_article(article, revision, now)
            if known:
                corrections.settle(self._db, row)
            if changed:
                self._put_revision(row, revision, article, now, cause)
                self._put_captures(row, revision, captures)
            else:
                self._read_by(row, revision, article)
            self._put_dates(row, revision, article)
            self._put_matches(row, revision, article.matches, now, why or cause)
            stories.join(self._db, row, article.fingerprint, now)

            return str(self._db.execute("select key from article where id = ?", [row]).fetchone()["key"])

    def rematch(self, row: int, article: Article, why: str, now: datetime) -> None:
        """Write what matches in the newest revision of an article now, and its story; no match withdraws it from the coverage, no more."""
        with immediate(self._db):
            revision = self._db.execute("select revision from article where id = ?", [row]).fetchone()["revision"]
            self._put_matches(row, revision, article.matches, now, why)
            self._db.execute("update article set weak = ? where id = ?", [int(_is_weak(article)), row])
            stories.join(self._db, row, article.fingerprint, now)

    def count_days(self, days: Mapping[tuple[str, str], int]) -> None:
        """Write how many articles each source published on each of its days: (source, ISO day) -> number.

        The ledger may remember a source that this archive never knew; its days are left out. A number never falls: a ledger that was
        lost and begun again knows fewer.
        """
        with immediate(self._db):
            self._db.executemany(
                "insert into source_day (source, day, articles) select id, ?, ? from source where id = ?"
                " on conflict (source, day) do update set articles = max(articles, excluded.articles)",
                [(day, number, source) for (source, day), number in days.items()],
            )

    # ---- putting

    def _put_article(self, article: Article, revision: int, now: datetime) -> int:
        row = {
            "key": article_key(article.url),
            "url": article.url,
            "source": article.source,
            "title": article.title,
            "description": article.description,
            "section": article.section,
            "authors": _json(article.authors),
            "tags": _json(article.tags),
            "captions": _json(article.captions),
            "language": article.language,
            "khmer_share": round(article.khmer_share, 4),
            "words_est": article.words_est,
            "weak": int(_is_weak(article)),
            "image": article.image,
            "link_share": round(article.link_share, 4),
            "flags": _json(article.flags),
            "origins": json.dumps(dict(article.origins)),
            "modified": article.modified and article.modified.day.isoformat(),
            "modified_at": article.modified and article.modified.at and instant(article.modified.at),
            "status": article.status,
            "revision": revision,
            "first_seen": instant(now),
            "last_seen": instant(now),
            **_published(article),
        }
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("key", "url", "first_seen"))
        sql = (
            f"insert into article ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})"  # noqa: S608  our own names
            f" on conflict (url) do update set {changes} returning id"
        )
        return int(self._db.execute(sql, row).fetchone()["id"])

    def _put_revision(self, row: int, number: int, article: Article, now: datetime, cause: Cause) -> None:
        entry = {
            "article": row,
            "number": number,
            "seen_at": instant(now),
            "title": article.title,
            "text": article.text,
            "sha256": _digest(article),
            "software": software(),
            "cause": cause,
            "versions": json.dumps(dict(article.versions)),
        }
        self._db.execute(
            f"insert into revision ({', '.join(entry)}) values ({', '.join(f':{name}' for name in entry)})",  # noqa: S608  our own names
            entry,
        )
        index.add(self._db, row, article, index.corrected(self._db, row))

    def _read_by(self, row: int, number: int, article: Article) -> None:
        """Note which stages read a revision last: its words are the same, its date or picture may not be."""
        self._db.execute(
            "update revision set versions = ?, software = ? where article = ? and number = ?",
            [json.dumps(dict(article.versions)), software(), row, number],
        )

    def _put_dates(self, row: int, number: int, article: Article) -> None:
        self._db.execute("delete from date_candidate where article = ? and revision = ?", [row, number])
        self._db.executemany(
            "insert into date_candidate (article, revision, origin, raw, day, at, chosen, changed, reliable)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, number, d.origin, d.raw, d.day.isoformat(), d.at and instant(d.at), int(d.chosen), int(d.changed), int(d.reliable))
                for d in article.dates
            ],
        )  # fmt: skip

    def _put_captures(self, row: int, revision: int, captures: Sequence[Capture]) -> None:
        self._db.executemany(
            "insert into capture (article, url, file, offset, length, sha256, fetched_at, tls, revision, page, kind)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, c.url, c.file, c.offset, c.length, c.sha256, instant(c.fetched_at), c.tls, revision, page, c.kind)
                for page, c in enumerate(captures, 1)
            ],
        )

    def _put_matches(self, row: int, revision: int, matches: tuple[Match, ...], now: datetime, why: str) -> None:
        before = changes.queries_of(self._db, row)
        self._db.execute("delete from match where article = ? and revision = ?", [row, revision])
        self._db.executemany(
            "insert into match (article, revision, query, term, field, part, start, end, words, quote, weak)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, revision, self._queries[m.campaign, m.query], m.term, m.field, m.part, m.start, m.end, m.words, m.quote, int(m.weak))
                for m in matches
            ],
        )  # fmt: skip
        self._db.execute("delete from article_query where article = ?", [row])
        self._db.execute(
            "insert into article_query (article, query, weak)"
            " select article, query, min(weak) from match where article = ? and revision = ? group by query",
            [row, revision],
        )
        if why != "fetched":
            changes.note(self._db, row, before, why, now)

    # ---- looking

    def _opened(self, article: Article) -> Article:
        """Give a headline that stood for this article the article's own address: its row, and so its public key, is taken over."""
        self._db.execute(
            "update article set url = :url where status = 'headline only' and url != :url"
            " and url in (select value from json_each(:met)) and not exists (select 1 from article where url = :url)",
            {"url": article.url, "met": _json(article.addresses)},
        )
        return article

    def _read_as(self, article: Article) -> str | None:
        """Give the key of the article that was read at an address at which only a headline is known now."""
        row = self._db.execute(
            "select key from article where status = 'read' and (url = :url or url in (select value from json_each(:met))"
            " or id in (select article from capture where url in (select value from json_each(:met))))",
            {"url": article.url, "met": _json(article.addresses)},
        ).fetchone()
        return str(row["key"]) if row else None

    def _own(self, article: Article) -> Article:
        """Give the article under its own address: a canonical link that many pages share would make them one."""
        if not article.addresses:
            return article
        found = article.addresses[-1]
        other = self._db.execute(
            "select 1 from article join revision on revision.article = article.id and number = article.revision"
            " where article.url = ? and revision.title != ? and text != ?"
            " and not exists (select 1 from capture where article = article.id and capture.url = ?)",
            [article.url, article.title, article.text, found],
        ).fetchone()
        return replace(article, url=found) if other else article

    def _dated(self, article: Article) -> Article:
        """Give an article whose page tells no day the one that a person gave who added it."""
        if article.published:
            return article
        row = self._db.execute(
            "select addition.published from addition join article on article.id = addition.article"
            " where article.url = ? and addition.published is not null order by addition.id limit 1",
            [article.url],
        ).fetchone()
        return dated_by_person(article, date.fromisoformat(row["published"])) if row else article

    def _digest_of(self, row: int, revision: int) -> str:
        sql = "select sha256 from revision where article = ? and number = ?"
        return str(self._db.execute(sql, [row, revision]).fetchone()["sha256"])


def dated_by_person(article: Article, day: date) -> Article:
    """Give an article the day that a person told."""
    told = DateCandidate(origin="person", raw=day.isoformat(), day=day, chosen=True)
    return replace(article, published=told, dates=(*article.dates, told))


def _is_weak(article: Article) -> bool:
    """Tell whether words stand only beside the text; an article that a person added may have none at all."""
    return bool(article.matches) and all(match.weak for match in article.matches)


def _digest(article: Article) -> str:
    """Hash all that a revision or the index holds, so that a change of any of it is a new revision."""
    parts = (article.title, article.text, article.description, *article.captions, *article.tags, *article.authors)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _published(article: Article) -> dict[str, str | int | None]:
    names = ("published", "published_at", "published_origin", "published_precision", "published_reliable")
    told = article.published
    if told is None:
        return dict.fromkeys(names)
    return dict(
        zip(
            names,
            (
                told.day.isoformat(),
                instant(told.at) if told.at else None,
                told.origin,
                told.precision,
                int(told.reliable),
            ),
            strict=True,
        )
    )


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
