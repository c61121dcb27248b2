"""The newest coverage of a search as an Atom feed (RFC 4287), for feed readers and other programs."""

import json
import re
import sqlite3
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from archive.exports.columns import TEXT
from archive.model import Site
from archive.selection import Selection
from archive.stamp import software

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50
"""Entries of a feed: more than any reader shows as new, and some days of a busy week."""

_NOTHING_YET = "1970-01-01T00:00:00Z"
"""A feed must tell when it was last changed; this is told where there is nothing in it."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document can hold."""

_WANTED = (
    *("id", "url", "title", "language", "published", "published_at", "source_name", "authors", "queries", "quote"),
    *("kind", "first_seen"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What a feed says of itself."""

    title: str = "Tamdan"
    language: str = "km"
    site: str = ""
    """Where readers reach the site, without a slash at the end; empty where there is none, and the entries lead to the originals only."""
    address: str = ""
    """Where the feed itself is read."""


def masthead_of(site: Site) -> Masthead:
    """Say of a feed that is no page of the site what the site's own settings tell."""
    return Masthead(title=site.name_km or site.name or Masthead().title, site=site.url.rstrip("/"))


def atom(connection: sqlite3.Connection, selection: Selection, masthead: Masthead, *, text: bool = False) -> bytes:
    """Give the newest coverage of a selection, as it was first seen; the same archive gives the same bytes."""
    rows = _newest(connection, selection, text=text)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", masthead.language)
    asked = "&".join(f"{name}={value}" for name, value in sorted(selection.parameters().items()))
    _add(feed, "id", _urn(f"search?{asked}"))
    _add(feed, "title", masthead.title)
    _add(feed, "updated", rows[0]["first_seen"] if rows else _NOTHING_YET)
    _add(feed, "generator", software())
    if masthead.address:
        _add(feed, "link", rel="self", type="application/atom+xml", href=masthead.address)
        _add(
            feed, "link", rel="alternate", type="text/html", href=masthead.address.replace("/search.atom", "/search", 1)
        )
    for row in rows:
        feed.append(_entry(row, masthead))
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _newest(connection: sqlite3.Connection, selection: Selection, *, text: bool) -> list[sqlite3.Row]:
    names = ", ".join((*_WANTED, f"{newest_text(selection.view)} as text") if text else _WANTED)
    order = "order by first_seen desc, published desc, id"
    newest = f"select article from {selection.view} where {selection.condition()} {order} limit {NEWEST}"  # noqa: S608  our own words
    sql = f"select {names} from {selection.view} where article in ({newest}) {order}"  # noqa: S608  our own words
    return connection.execute(sql, selection.bound(connection)).fetchall()


def newest_text(view: str) -> str:
    """Give the SQL of the text of the newest revision of a row of a view."""
    return f"(select text from revision where revision.article = {view}.article and revision.number = {view}.revision)"  # noqa: S608  our own words


def _entry(row: sqlite3.Row, masthead: Masthead) -> etree._Element:
    entry = etree.Element(f"{{{ATOM}}}entry")
    if row["language"] != "und":
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", row["language"])
    _add(entry, "id", _urn(f"article/{row['id']}"))
    _add(entry, "title", row["title"] or row["source_name"])
    _add(entry, "updated", row["first_seen"])
    if row["published"]:
        _add(
            entry, "published", row["published_at"] or f"{row['published']}T12:00:00Z"
        )  # at noon it is that day nearly everywhere
    for name in json.loads(row["authors"]) or [row["source_name"]]:
        _add(_add(entry, "author"), "name", name)
    _link(entry, row, masthead)
    for query in json.loads(row["queries"]):
        _add(entry, "category", term=query)
    _add(entry, "summary", row["quote"] or row["title"])
    if TEXT.name in row.keys():  # noqa: SIM118  a row gives its values when looped over
        _add(entry, "content", row[TEXT.name], type="text")
    return entry


def _link(entry: etree._Element, row: sqlite3.Row, masthead: Masthead) -> None:
    """Lead to the article's page on the site and to the original; without a site to the original alone."""
    if masthead.site:
        _add(entry, "link", rel="alternate", type="text/html", href=f"{masthead.site}/article/{row['id']}")
    if row["url"].startswith(("http://", "https://")):
        _add(entry, "link", rel="via" if masthead.site else "alternate", href=row["url"])


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _fit(value) for key, value in attributes.items()})
    made.text = _fit(text) if text is not None else None
    return made


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _urn(name: str) -> str:
    """Give an id that stays: the same name has the same one on every machine."""
    return uuid5(NAMESPACE_URL, f"tamdan:{name}").urn
