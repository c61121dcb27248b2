"""The one module that writes articles. An article, its revision, dates, matches, capture and index go in together or not at all."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from archive import index
from archive.database import immediate
from archive.declare import QueryRows, declare
from archive.keys import article_key
from archive.model import Article, Campaigns, Capture, Match, Source
from archive.stamp import instant, software


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

    def put(self, article: Article, capture: Capture, now: datetime) -> str:
        """Keep an article that matched, with the capture it was read from; gives its public key.

        A text that is known already adds no revision and no capture. A page whose canonical address is that of another article, with
        another headline and another text, is kept under the address it was found at. Raises DiskFull.
        """
        with immediate(self._db):
            article = self._own(article, capture)
            known = self._db.execute("select id, revision from article where url = ?", [article.url]).fetchone()
            changed = known is None or self._digest_of(known["id"], known["revision"]) != _digest(article)
            revision = (known["revision"] if known else 0) + (1 if changed else 0)
            if known and changed:
                index.remove(self._db, known["id"])
            row = self._put_article(article, revision, now)
            if changed:
                self._put_revision(row, revision, article, now)
                self._put_capture(row, capture)
            self._put_dates(row, revision, article)
            self._put_matches(row, revision, article.matches)
        return article_key(article.url)

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
            "weak": int(all(match.weak for match in article.matches)),
            "status": "read",
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

    def _put_revision(self, row: int, number: int, article: Article, now: datetime) -> None:
        self._db.execute(
            "insert into revision (article, number, seen_at, title, text, sha256, software) values (?, ?, ?, ?, ?, ?, ?)",
            [row, number, instant(now), article.title, article.text, _digest(article), software()],
        )
        index.add(self._db, row, article)

    def _put_dates(self, row: int, number: int, article: Article) -> None:
        self._db.execute("delete from date_candidate where article = ? and revision = ?", [row, number])
        self._db.executemany(
            "insert into date_candidate (article, revision, origin, raw, day, at, chosen) values (?, ?, ?, ?, ?, ?, ?)",
            [
                (row, number, d.origin, d.raw, d.day.isoformat(), d.at and instant(d.at), int(d.chosen))
                for d in article.dates
            ],
        )

    def _put_capture(self, row: int, capture: Capture) -> None:
        self._db.execute(
            "insert into capture (article, url, file, offset, length, sha256, fetched_at, tls) values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row,
                capture.url,
                capture.file,
                capture.offset,
                capture.length,
                capture.sha256,
                instant(capture.fetched_at),
                capture.tls,
            ],
        )

    def _put_matches(self, row: int, revision: int, matches: tuple[Match, ...]) -> None:
        self._db.execute("delete from match where article = ? and revision = ?", [row, revision])
        self._db.executemany(
            "insert into match (article, revision, query, term, field, part, start, end, words, quote, weak)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row,
                    revision,
                    self._queries[m.campaign, m.query],
                    m.term,
                    m.field,
                    m.part,
                    m.start,
                    m.end,
                    m.words,
                    m.quote,
                    int(m.weak),
                )
                for m in matches
            ],
        )
        self._db.execute("delete from article_query where article = ?", [row])
        self._db.execute(
            "insert into article_query (article, query, weak)"
            " select article, query, min(weak) from match where article = ? and revision = ? group by query",
            [row, revision],
        )

    # ---- looking

    def _own(self, article: Article, capture: Capture) -> Article:
        """Give the article under its own address: a canonical link that many pages share would make them one."""
        other = self._db.execute(
            "select 1 from article join revision on revision.article = article.id and number = article.revision"
            " where article.url = ? and revision.title != ? and text != ?"
            " and not exists (select 1 from capture where article = article.id and capture.url = ?)",
            [article.url, article.title, article.text, capture.url],
        ).fetchone()
        return replace(article, url=capture.url) if other else article

    def _digest_of(self, row: int, revision: int) -> str:
        sql = "select sha256 from revision where article = ? and number = ?"
        return str(self._db.execute(sql, [row, revision]).fetchone()["sha256"])


def _digest(article: Article) -> str:
    """Hash all that a revision or the index holds, so that a change of any of it is a new revision."""
    parts = (article.title, article.text, article.description, *article.captions, *article.tags, *article.authors)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _published(article: Article) -> dict[str, str | None]:
    names = ("published", "published_at", "published_origin", "published_precision")
    date = article.published
    if date is None:
        return dict.fromkeys(names)
    return dict(
        zip(
            names,
            (date.day.isoformat(), instant(date.at) if date.at else None, date.origin, date.precision),
            strict=True,
        )
    )


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
