"""Writes down in the archive what the two files of words declare: sources, campaigns, and queries with their versions."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from archive.database import immediate
from archive.khmer import TOKENIZER_VERSION
from archive.model import Campaign, Campaigns, Query, Source
from archive.stamp import instant

QueryRows = Mapping[tuple[str, str], int]
"""Campaign and query id -> row of the version in force."""


def declare(
    connection: sqlite3.Connection, sources: Iterable[Source], campaigns: Campaigns, now: datetime
) -> QueryRows:
    """Write down the sources, campaigns and queries in force; a query whose words changed gets a new version."""
    words = json.dumps([[term.say, term.also, term.unless, term.case] for term in campaigns.term], ensure_ascii=False)
    with immediate(connection):
        for source in sources:
            _source(connection, source)
        rows: dict[tuple[str, str], int] = {}
        for campaign in campaigns.campaign:
            _campaign(connection, campaign)
            rows |= {
                (campaign.id, query.id): _query(connection, campaign, query, words, now) for query in campaign.query
            }
        _retire_others(connection, rows, now)
        connection.execute(
            "insert into meta (name, value) values ('tokenizer', ?) on conflict (name) do nothing",
            [str(TOKENIZER_VERSION)],
        )
    return rows


def _source(connection: sqlite3.Connection, source: Source) -> None:
    connection.execute(
        "insert into source (id, name, name_km, status, languages, homepage, zone, verified_on, note)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set name = excluded.name,"
        " name_km = excluded.name_km, status = excluded.status, languages = excluded.languages,"
        " homepage = excluded.homepage, zone = excluded.zone, verified_on = excluded.verified_on, note = excluded.note",
        [
            source.id,
            source.name,
            source.name_km,
            source.status,
            json.dumps(source.languages),
            f"https://{source.domains[0]}/",
            source.zone,
            source.verified_on.isoformat() if source.verified_on else None,
            source.note,
        ],
    )


def declare_by_hand(connection: sqlite3.Connection, source: Source) -> None:
    """Write down a source that only people know, where it is not known yet; no crawl asks it, and declaring the others leaves it."""
    with immediate(connection):
        connection.execute(
            "insert into source (id, name, status, languages, homepage, zone) values (?, ?, 'by hand', ?, ?, ?) on conflict (id) do nothing",
            [
                source.id,
                source.name,
                json.dumps(source.languages),
                f"https://{source.domains[0]}/" if source.domains else "",
                source.zone,
            ],
        )


def _campaign(connection: sqlite3.Connection, campaign: Campaign) -> None:
    connection.execute(
        "insert into campaign (id, name, name_km, since) values (?, ?, ?, ?) on conflict (id) do update"
        " set name = excluded.name, name_km = excluded.name_km, since = excluded.since",
        [campaign.id, campaign.name, campaign.name_km, campaign.since.isoformat()],
    )


def _query(connection: sqlite3.Connection, campaign: Campaign, query: Query, words: str, now: datetime) -> int:
    """Give the row of a query's version in force, a new one where its words changed."""
    latest = connection.execute(
        "select id, version, find, words from query where campaign = ? and name = ? order by version desc",
        [campaign.id, query.id],
    ).fetchone()
    if latest and (latest["find"], latest["words"]) == (query.find, words):
        connection.execute(
            "update query set label = ?, label_km = ?, retired_at = null where id = ?",
            [query.label, query.label_km, latest["id"]],
        )
        return int(latest["id"])
    version = latest["version"] + 1 if latest else 1
    row = connection.execute(
        "insert into query (campaign, name, version, label, label_km, find, words, first_used)"
        " values (?, ?, ?, ?, ?, ?, ?, ?) returning id",
        [campaign.id, query.id, version, query.label, query.label_km, query.find, words, instant(now)],
    ).fetchone()
    return int(row["id"])


def _retire_others(connection: sqlite3.Connection, rows: QueryRows, now: datetime) -> None:
    connection.execute(
        "update query set retired_at = ? where retired_at is null and id not in (select value from json_each(?))",
        [instant(now), json.dumps(sorted(rows.values()))],
    )
