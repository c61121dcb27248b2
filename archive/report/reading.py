"""A clipping report read from the archive: only what the view `coverage` shows is told."""

import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from archive.localize import ZONE
from archive.report.figures import Asked, Clipping, Figures, Named, Question, Quote, Report, Reviewed, Share, Trouble
from archive.selection import WRONG_ORDER, Meaningless, Selection
from archive.stamp import instant, software

MOST = 2000
"""Articles that one report tells of: a PDF of so many takes a minute and has a hundred pages; exports have no such end."""

MOST_DAYS = 3660
"""Ten years: more months than a chart has room for."""

NO_CAMPAIGN = "{given}: there is no such campaign. There are: {known}."
TOO_MANY = "{found} articles from {since} to {until} are more than the {most} that one report holds. Choose fewer days, or take an export."
TOO_LONG = "From {since} to {until} is more than ten years. Choose fewer days."
MESSAGES = (
    "{given}: there is no such campaign. There are: {known}.",
    "{found} articles from {since} to {until} are more than the {most} that one report holds. Choose fewer days, or take an export.",
    "From {since} to {until} is more than ten years. Choose fewer days.",
)
"""What is refused here, as it is told in any language."""

MOST_UNDATED = 50
"""Articles without a day that are named one by one."""


def load_report(connection: sqlite3.Connection, asked: Asked, now: datetime) -> Report:
    """Read the report that is asked for. Raises Meaningless for an unknown campaign, days in the wrong order and too many articles."""
    campaign = _campaign(connection, asked)
    _require_possible(connection, asked)
    selection = asked.selection
    undated = _undated(asked.campaign)
    return Report(
        asked=asked,
        campaign=campaign,
        made_at=now,
        software=software(),
        figures=_figures(connection, selection),
        before=_figures(connection, asked.before.selection),
        clippings=_clippings(connection, selection, "status = 'read'"),
        headlines=_clippings(connection, selection, "status != 'read'"),
        undated=_clippings(connection, undated, "published is null", "article desc", MOST_UNDATED),
        undated_all=_count(connection, undated, "published is null"),
        sources=_sources(connection, asked),
        queries=_queries(connection, asked),
        troubles=_troubles(connection, asked),
        crawls=_crawls(connection, asked),
        questions=_questions(connection, asked),
        reviewed=_reviewed(connection, asked),
    )


def campaigns(connection: sqlite3.Connection) -> list[Named]:
    """List the campaigns of the archive."""
    return [Named(*row) for row in connection.execute("select id, name, name_km from campaign order by id")]


def _campaign(connection: sqlite3.Connection, asked: Asked) -> Named:
    known = {one.id: one for one in campaigns(connection)}
    if asked.campaign not in known:
        raise Meaningless(NO_CAMPAIGN, given=asked.campaign, known=", ".join(known) or "-")
    return known[asked.campaign]


def _require_possible(connection: sqlite3.Connection, asked: Asked) -> None:
    if asked.since > asked.until:
        raise Meaningless(WRONG_ORDER, since=asked.since, until=asked.until)
    if asked.days > MOST_DAYS:
        raise Meaningless(TOO_LONG, since=asked.since, until=asked.until)
    found = _count(connection, asked.selection)
    if found > MOST:
        raise Meaningless(TOO_MANY, found=found, since=asked.since, until=asked.until, most=MOST)


def _undated(campaign: str) -> Selection:
    return Selection(campaign=campaign)


# ---- counts -----------------------------------------------------------------------------------------------------------------------


def _count(connection: sqlite3.Connection, selection: Selection, also: str = "true") -> int:
    counted = f"select count(*) from coverage where {{where}} and {also}"  # noqa: S608  our own words
    return int(_rows(connection, counted, selection)[0][0])


def _figures(connection: sqlite3.Connection, selection: Selection) -> Figures:
    told = _rows(
        connection,
        "select coalesce(sum(status = 'read'), 0) as articles,"
        " count(distinct iif(status = 'read', coalesce(story, id), null)) as stories,"
        " count(distinct iif(status = 'read', source, null)) as sources,"
        " coalesce(sum(status = 'read' and media = 'owned'), 0) as owned,"
        " coalesce(sum(status != 'read'), 0) as headlines from coverage where {where}",
        selection,
    )[0]
    languages = _rows(
        connection,
        "select language, count(*) from coverage where {where} and status = 'read' group by 1 order by 2 desc, 1",
        selection,
    )
    return Figures(**told, languages={row[0]: row[1] for row in languages})


def _sources(connection: sqlite3.Connection, asked: Asked) -> tuple[Share, ...]:
    sql = "select source, count(*) from coverage where {where} and status = 'read' group by 1"
    now, before = (dict(map(tuple, _rows(connection, sql, one.selection))) for one in (asked, asked.before))
    return _shares(_source_names(connection), now, before)


def _queries(connection: sqlite3.Connection, asked: Asked) -> tuple[Share, ...]:
    sql = (
        "select query.name, count(distinct article) from coverage join article_query using (article)"
        " join query on query.id = article_query.query"
        " where query.campaign = :campaign and {where} and status = 'read' group by 1"
    )
    now, before = (dict(map(tuple, _rows(connection, sql, one.selection))) for one in (asked, asked.before))
    labels = connection.execute(
        "select name, label, label_km from query where campaign = ? order by version", [asked.campaign]
    )
    return _shares({row[0]: Named(*row) for row in labels}, now, before)


def _shares(names: dict[str, Named], now: dict[str, int], before: dict[str, int]) -> tuple[Share, ...]:
    """Give what has articles in either time, the most first."""
    shares = [Share(names.get(one, Named(one, one)), now.get(one, 0), before.get(one, 0)) for one in {*now, *before}]
    return tuple(sorted(shares, key=lambda share: (-share.articles, -share.before, share.of.id)))


def _reviewed(connection: sqlite3.Connection, asked: Asked) -> Reviewed:
    told = _rows(
        connection,
        "select coalesce(sum(decision = 'keep' and hidden = 0), 0) as kept,"
        " coalesce(sum(decision = 'unsure' and hidden = 0), 0) as unsure,"
        " coalesce(sum(decision = 'reject' or hidden), 0) as left_out,"
        " coalesce(sum(corrected != '[]' and decision != 'reject' and hidden = 0), 0) as corrected"
        " from candidate where {where}",
        asked.selection,
    )[0]
    return Reviewed(**told)


# ---- the articles -----------------------------------------------------------------------------------------------------------------

_IN_ORDER = "published, published_at is null, published_at, article"
"""Those of which only the day is known come behind those of that day with a minute, as they were found."""

_QUOTED = (
    "(select json_array(match.quote, match.words) from match join query on query.id = match.query"
    " where match.article = coverage.article and match.revision = coverage.revision"
    " and match.field != 'title' and query.campaign = :campaign"
    " order by match.weak, match.id limit 1)"
)


def _clippings(
    connection: sqlite3.Connection, selection: Selection, which: str, order: str = _IN_ORDER, most: int = MOST
) -> tuple[Clipping, ...]:
    names = _source_names(connection)
    told = f"*, {_QUOTED} ->> 0 as around, {_QUOTED} ->> 1 as quoted"
    sql = f"select {told} from coverage where {{where}} and {which} order by {order} limit {most}"  # noqa: S608  our own words
    return tuple(_clipping(row, names) for row in _rows(connection, sql, selection))


def _clipping(row: sqlite3.Row, names: dict[str, Named]) -> Clipping:
    return Clipping(
        key=row["id"],
        title=row["title"],
        url=row["url"],
        source=names.get(row["source"]) or Named(row["source"], row["source_name"] or row["source"]),
        published=row["published"],
        language=row["language"],
        story=row["story"] or row["id"],
        quote=Quote(row["around"], row["quoted"]) if row["around"] else None,
        weak=bool(row["weak"]),
        unsure=row["decision"] == "unsure",
        owned=row["media"] == "owned",
        gone=row["gone_on"] is not None,
        kind=row["kind"],
    )


def _source_names(connection: sqlite3.Connection) -> dict[str, Named]:
    return {row[0]: Named(*row) for row in connection.execute("select id, name, name_km from source")}


# ---- how it was found -------------------------------------------------------------------------------------------------------------


def _crawls(connection: sqlite3.Connection, asked: Asked) -> int:
    sql = "select count(*) from run where kind = 'crawl' and started_at >= :begin and started_at < :end"
    return int(connection.execute(sql, _moments(asked)).fetchone()[0])


def _troubles(connection: sqlite3.Connection, asked: Asked) -> tuple[Trouble, ...]:
    """Give the open sources that a crawl of these days could not read or did not ask, or of which nothing is known in these days."""
    rows = connection.execute(
        "with seen as (select * from run_source join run on run.id = run_source.run"
        " where run.kind = 'crawl' and run.started_at >= :begin and run.started_at < :end)"
        " select id, name, name_km,"
        " (select count(*) from seen where seen.source = source.id) as asked,"
        " (select count(*) from seen where seen.source = source.id and verdict != 'fine') as failed,"
        " (select verdict from seen where seen.source = source.id and verdict != 'fine' order by started_at desc limit 1) as verdict,"
        " (select coalesce(sum(articles), 0) from source_day"
        "  where source_day.source = source.id and day between :since and :until) as published"
        " from source where status in ('open', 'unconfirmed') order by id",
        {**_moments(asked), "since": asked.since.isoformat(), "until": asked.until.isoformat()},
    )
    told = [
        Trouble(
            source=Named(row["id"], row["name"], row["name_km"]),
            asked=row["asked"],
            failed=row["failed"],
            verdict=row["verdict"] or "",
            published=row["published"],
        )
        for row in rows
    ]
    return tuple(one for one in told if one.failed or not one.published)


def _questions(connection: sqlite3.Connection, asked: Asked) -> tuple[Question, ...]:
    rows = _rows(
        connection,
        "select name, label, label_km, version, first_used, find, retired_at is not null as retired from query"
        " where campaign = :campaign and (retired_at is null or id in ("
        "  select article_query.query from article_query join coverage using (article) where {where}))"
        " order by id",
        asked.selection,
    )
    return tuple(
        Question(Named(row[0], row[1], row[2]), row[3], row[4], " ".join(row[5].split()), bool(row[6])) for row in rows
    )


def _moments(asked: Asked) -> dict[str, str]:
    """Give the instants at which the days begin and end for people in Cambodia."""
    return {"begin": _midnight(asked.since), "end": _midnight(min(asked.until, date.max - timedelta(1)) + timedelta(1))}


def _midnight(day: date) -> str:
    if day <= date.min + timedelta(1):  # earlier than any instant can be told
        return ""
    return instant(datetime.combine(day, time(), ZONE).astimezone(UTC))


def _rows(connection: sqlite3.Connection, sql: str, selection: Selection) -> list[Any]:
    where = selection.condition()
    return connection.execute(sql.replace("{where}", where), selection.bound(connection)).fetchall()
