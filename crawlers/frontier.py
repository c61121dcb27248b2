"""What is to be fetched, what is leased and what is done: the ledger in crawl.db.

A link is committed before it is fetched, and done only after its article is committed; leases of a run that died go back when the
next one starts. At least once here and idempotent in the store make once. (Scrapy's JOBDIR lost 42 to 80 % of the pages of a killed run.)
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from archive.database import immediate
from archive.model import Article, Link, Listing, Source
from archive.stamp import from_instant, instant
from crawlers.kept import Kept, forget, put
from crawlers.listings import Child, Listed

MOST_ATTEMPTS = 5
"""After that many failures an address is given up; with the waits below that is after four days and seven hours."""

WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""How long a failed address rests before its next try, by how often it failed."""

DEEPEST_INDEX = 3
"""Levels of sitemap indexes that are followed; the protocol knows two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A listing page to be asked."""

    url: str
    source: str
    declared: Listing
    declared_as: str
    """Hash of all that decides which of its links are taken: with another one the server's 304 would hide links refused before."""
    page: int = 1
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A link handed out to this run."""

    page: int
    """Row in the ledger."""
    source: str
    attempts: int
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask it again with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one request."""

    run: str
    source: str
    url: str
    at: datetime
    status: int | None
    """HTTP status; None where nothing answered."""
    outcome: str
    bytes: int
    """Of the body as sent."""


class Frontier:
    """The ledger behind one connection to crawl.db; every public method that writes is one transaction."""

    def __init__(self, connection: sqlite3.Connection, declared: Iterable[str] = ()) -> None:
        """Open it for the sources `declared` (ids); waiting links of any other go to the source that lists them again."""
        self._db = connection
        self._declared = json.dumps(list(declared))

    # ---- listings

    def polls(self, source: Source) -> list[Poll]:
        """List what to ask of a source: its declared listings, and what hangs on them and was not read yet or may have changed."""
        found = [self._poll(_root(source, listing), listing.url, 1) for listing in source.listing]
        for listing in source.listing:
            rows = self._db.execute(
                "select url, page from listing where source = ? and root = ? and url != root"
                " and (answered_at is null or (kind = 'sitemap' and lastmod is null)) order by answered_at, page, url",
                [source.id, listing.url],
            )
            found += [self._poll(_root(source, listing), row["url"], row["page"]) for row in rows]
        return found

    def record(
        self, poll: Poll, listed: Listed, links: Iterable[Link], validators: Validators, now: datetime
    ) -> tuple[int, list[Poll]]:
        """Commit what a listing page held; gives how many of its links are new, and the pages to ask next."""
        with immediate(self._db):
            new = sum(self._add(poll.source, link, now) for link in links)
            self._answered(poll, listed.note or "fine", validators, new, now)
            urls = self._followed(poll, listed, new)
        return new, [self._poll(poll, url, poll.page + 1) for url in urls]

    def unchanged(self, poll: Poll, now: datetime) -> None:
        """Note that a listing page answered 304."""
        with immediate(self._db):
            self._db.execute(
                "update listing set polled_at = ?, answered_at = ?, outcome = 'not modified' where source = ? and url = ?",
                [instant(now), instant(now), poll.source, poll.url],
            )

    def unanswered(self, poll: Poll, outcome: str, now: datetime) -> None:
        """Note why a listing page could not be read; it is asked again in the next run, unless it is a hung-on page that is gone."""
        with immediate(self._db):
            if poll.url != poll.declared.url and outcome.startswith("missing"):
                self._db.execute("delete from listing where source = ? and url = ?", [poll.source, poll.url])
                return
            self._db.execute(
                "insert into listing (url, source, kind, root, page, polled_at, outcome) values (?, ?, ?, ?, ?, ?, ?)"
                " on conflict (source, url) do update set polled_at = excluded.polled_at, outcome = excluded.outcome",
                [poll.url, poll.source, poll.declared.kind, poll.declared.url, poll.page, instant(now), outcome],
            )

    # ---- pages

    def release(self) -> int:
        """Take back every lease: no other run can be alive while this one holds the lock. Gives their number."""
        with immediate(self._db):
            return self._db.execute("update page set state = 'found', leased_by = null where state = 'leased'").rowcount

    def lease(self, source: str, run: str, limit: int, now: datetime) -> list[Lease]:
        """Hand out at most `limit` waiting links of a source to this run: today's news before what is left of earlier finds."""
        with immediate(self._db):
            rows = self._db.execute(
                "update page set state = 'leased', leased_by = ? where id in (select id from page where source = ? and state = 'found'"
                " and (not_before is null or not_before <= ?) order by found_at desc, id limit ?)"
                " returning id, source, attempts, url, title, summary, listed_date, found_at",
                [run, source, instant(now), limit],
            ).fetchall()
        rows.sort(key=lambda row: row["id"])
        return [_lease(row) for row in sorted(rows, key=lambda row: row["found_at"], reverse=True)]

    def belongs_to(self, archive: str) -> int:
        """Say which archive this ledger works for; gives how many articles it puts back to be fetched for another one.

        An archive that was lost, or restored from an older copy under a new ledger, would else never see them again.
        """
        with immediate(self._db):
            known = self._db.execute("select value from meta where name = 'archive'").fetchone()
            self._db.execute(
                "insert into meta (name, value) values ('archive', ?) on conflict (name) do update set value = excluded.value",
                [archive],
            )
            if known is None or known["value"] == archive:
                return 0
            sql = "update page set state = 'found', outcome = 'archive lost', not_before = null where matched = 1 and state = 'done'"
            return self._db.execute(sql).rowcount

    def waiting(self, source: str) -> int:
        """Count the links of a source that are not done."""
        return int(
            self._db.execute("select count(*) from page where source = ? and state != 'done'", [source]).fetchone()[0]
        )

    def done(
        self, lease: Lease, outcome: str, now: datetime, *, article: Article | None = None, kept: Kept | None = None
    ) -> None:
        """Note that a link needs no further fetch, where its article was found to be, and what is kept of a page without a match."""
        published = article.published.day.isoformat() if article and article.published else None
        with immediate(self._db):
            self._db.execute(
                "update page set state = 'done', outcome = ?, leased_by = null, done_at = ?, canonical = ?, published = ?, matched = ?"
                " where id = ?",
                [
                    outcome,
                    instant(now),
                    article and article.url,
                    published,
                    int(bool(article and article.matches)),
                    lease.page,
                ],
            )
            if kept:
                put(self._db, lease.page, kept)
            else:
                forget(self._db, lease.page)

    def fetched(self, answer: Answer) -> None:
        """Note an answer, or that none came."""
        with immediate(self._db):
            self._db.execute(
                "insert into fetch (run, source, url, at, status, outcome, bytes) values (?, ?, ?, ?, ?, ?, ?)",
                [
                    answer.run,
                    answer.source,
                    answer.url,
                    instant(answer.at),
                    answer.status,
                    answer.outcome,
                    answer.bytes,
                ],
            )

    def put_back(self, lease: Lease, outcome: str, now: datetime, *, blameless: bool = False) -> None:
        """Leave a link for a later run; given up after MOST_ATTEMPTS failures, unless it was `blameless`."""
        attempts = lease.attempts + (0 if blameless else 1)
        given_up = attempts >= MOST_ATTEMPTS
        wait = None if blameless else instant(now + WAITS[min(attempts, len(WAITS)) - 1])
        with immediate(self._db):
            self._db.execute(
                "update page set state = ?, outcome = ?, attempts = ?, not_before = ?, leased_by = null, done_at = ? where id = ?",
                ["done" if given_up else "found", f"gave up: {outcome}" if given_up else outcome, attempts, wait,
                 instant(now) if given_up else None, lease.page],
            )  # fmt: skip

    def days(self) -> dict[tuple[str, str], int]:
        """Count the articles each source published on each of its days: (source, ISO day) -> number."""
        rows = self._db.execute(
            "select source, published, count(distinct canonical) as number from page where published is not null group by source, published"
        )
        return {(row["source"], row["published"]): row["number"] for row in rows}

    # ---- inside a transaction

    def _add(self, source: str, link: Link, now: datetime) -> int:
        return self._db.execute(
            "insert into page (url, source, state, title, summary, listed_date, found_at) values (?, ?, 'found', ?, ?, ?, ?)"
            " on conflict (url) do update set source = excluded.source where state = 'found' and source != excluded.source"
            " and source not in (select value from json_each(?))",
            [link.url, source, link.title, link.summary, link.date, instant(now), self._declared],
        ).rowcount

    def _answered(self, poll: Poll, outcome: str, validators: Validators, new: int, now: datetime) -> None:
        self._db.execute(
            "insert into listing (url, source, kind, root, page, etag, last_modified, declared_as, polled_at, answered_at,"
            " outcome, newest_at)"
            " values (:url, :source, :kind, :root, :page, :etag, :last_modified, :declared_as, :now, :now, :outcome, :newest)"
            " on conflict (source, url) do update set kind = excluded.kind, root = excluded.root, etag = excluded.etag,"
            " last_modified = excluded.last_modified, declared_as = excluded.declared_as, polled_at = excluded.polled_at, answered_at = excluded.answered_at,"
            " outcome = excluded.outcome, newest_at = coalesce(excluded.newest_at, newest_at)",
            {
                "url": poll.url,
                "source": poll.source,
                "kind": poll.declared.kind,
                "root": poll.declared.url,
                "page": poll.page,
                "etag": validators.etag,
                "last_modified": validators.last_modified,
                "declared_as": poll.declared_as,
                "now": instant(now),
                "outcome": outcome,
                "newest": instant(now) if new else None,
            },
        )

    def _followed(self, poll: Poll, listed: Listed, new: int) -> list[str]:
        """Note the pages that hang on this one, before its validators could hide them behind a 304; gives those to ask now."""
        if poll.page < DEEPEST_INDEX:
            changed = [child.url for child in listed.children if self._hang(poll, child)]
        else:
            changed = []
        if listed.next and new and poll.page < poll.declared.pages:
            self._hang(poll, Child(url=listed.next))
            changed.append(listed.next)
        return changed

    def _hang(self, poll: Poll, child: Child) -> bool:
        """Note a page below this one as still to be read; False where its sitemap index says that nothing changed."""
        known = self._db.execute(
            "select lastmod, answered_at from listing where source = ? and url = ?", [poll.source, child.url]
        ).fetchone()
        unchanged = known and known["answered_at"] and known["lastmod"] == child.lastmod
        if unchanged and _is_settled(child.lastmod, known["answered_at"]):
            return False
        self._db.execute(
            "insert into listing (url, source, kind, root, page, lastmod) values (?, ?, ?, ?, ?, ?)"
            " on conflict (source, url) do update set lastmod = excluded.lastmod, answered_at = null where url != root",
            [child.url, poll.source, poll.declared.kind, poll.declared.url, poll.page + 1, child.lastmod],
        )
        return True

    def _poll(self, above: Poll, url: str, page: int) -> Poll:
        """Make the poll of a page that hangs on another, with what its server gave to ask it again with."""
        row = self._db.execute(
            "select etag, last_modified, declared_as from listing where source = ? and url = ?", [above.source, url]
        ).fetchone()
        known = row is not None and row["declared_as"] == above.declared_as
        return replace(
            above,
            url=url,
            page=page,
            etag=row["etag"] if known else None,
            last_modified=row["last_modified"] if known else None,
        )


def _root(source: Source, listing: Listing) -> Poll:
    declared_as = sha256(repr((source.id, source.domains, listing)).encode()).hexdigest()[:16]
    return Poll(url=listing.url, source=source.id, declared=listing, declared_as=declared_as)


def _is_settled(lastmod: str | None, answered_at: str) -> bool:
    """Tell whether nothing can have come since a sitemap was read that its index has dated alike: a bare day may still go on."""
    return lastmod is not None and ("T" in lastmod or lastmod < answered_at[:10])


def _lease(row: sqlite3.Row) -> Lease:
    link = Link(
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        date=row["listed_date"],
        found_at=from_instant(row["found_at"]),
    )
    return Lease(page=row["id"], source=row["source"], attempts=row["attempts"], link=link)
