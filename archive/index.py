"""The search index: rows of folded clusters beside the articles, which the store writes in the article's own transaction.

No triggers: one that calls a function of ours makes every other writer fail. The index keeps no text, so that taking a row out needs the
very tokens that were put in; the version of the tokenizer is kept in the archive, and `reindex` builds anew.
"""

import json
import sqlite3
from dataclasses import dataclass

from archive.database import immediate
from archive.forms import hashtag_words
from archive.khmer import TOKENIZER_VERSION, fold_clean, tokens
from archive.model import Article

APART = " \ue000 "
"""Parts the fields of the index, so that no phrase is found across them: a private-use letter is a token that no text has."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """One row of the index: the folded clusters of the headline, and of all else that is searched."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What people corrected of an article and readers search by, beside what was read."""

    title: str = ""
    authors: tuple[str, ...] = ()


NOTHING = Corrected()


def indexed(article: Article, corrections: Corrected = NOTHING) -> Indexed:
    """Make the row of the index for an article: the text, then what stands beside it, then the words of its hashtags."""
    beside = (article.description, *article.captions, *article.tags, *article.authors, *corrections.authors)
    titles = [title for title in (article.title, corrections.title) if title]
    hashtags = (words for part in (*titles, article.text, *beside) for words in hashtag_words(part))
    beside = (*beside, *dict.fromkeys(hashtags))
    return Indexed(
        APART.join(map(_tokens, titles)), APART.join(_tokens(part) for part in (article.text, *beside) if part)
    )


def _tokens(text: str) -> str:
    """Give the tokens of a stored text, which is clean already: cleaning it again is a third of the work."""
    return tokens(fold_clean(text))


def add(connection: sqlite3.Connection, row: int, article: Article, beside: Corrected = NOTHING) -> None:
    """Put an article as it was read into the index, with what is corrected of it beside, inside the caller's transaction."""
    entry = indexed(article, beside)
    connection.execute("insert into article_fts (rowid, title, text) values (?, ?, ?)", [row, entry.title, entry.text])


def remove(connection: sqlite3.Connection, row: int) -> None:
    """Take an article out of the index, inside the caller's transaction, before its newest revision or a correction changes."""
    entry = indexed(stored_article(connection, row), corrected(connection, row))
    connection.execute(
        "insert into article_fts (article_fts, rowid, title, text) values ('delete', ?, ?, ?)",
        [row, entry.title, entry.text],
    )


def corrected(connection: sqlite3.Connection, row: int) -> Corrected:
    """Give what people corrected of an article and readers search by."""
    sql = (
        "select field, title, authors from correction join article on article.id = correction.article"
        " where correction.article = ? and field in ('title', 'authors')"
    )
    held = {found["field"]: found for found in connection.execute(sql, [row])}
    if not held:
        return NOTHING
    return Corrected(
        title=held["title"]["title"] if "title" in held else "",
        authors=tuple(json.loads(held["authors"]["authors"])) if "authors" in held else (),
    )


def stored_article(connection: sqlite3.Connection, row: int) -> Article:
    """Read back what of an article was read and is searched, from its newest revision, without what people corrected."""
    found = connection.execute(
        "select article.url, revision.title, text, description, captions, tags,"
        " coalesce((select original ->> 'source' from correction where article = article.id and field = 'source'), source) as source,"
        " coalesce((select original ->> 'authors' from correction where article = article.id and field = 'authors'), authors) as authors"
        " from article join revision on revision.article = article.id and revision.number = article.revision where article.id = ?",
        [row],
    ).fetchone()
    return Article(
        url=found["url"],
        source=found["source"],
        title=found["title"],
        text=found["text"],
        description=found["description"],
        captions=tuple(json.loads(found["captions"])),
        tags=tuple(json.loads(found["tags"])),
        authors=tuple(json.loads(found["authors"])),
    )


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the index was made by this version's tokenizer; another one's cannot be searched or mended row by row."""
    row = connection.execute("select value from meta where name = 'tokenizer'").fetchone()
    return row is None or row["value"] == str(TOKENIZER_VERSION)


def reindex(connection: sqlite3.Connection) -> int:
    """Build the index anew from the newest revisions; gives the number of articles. One transaction: readers see the old one until then."""
    with immediate(connection):
        connection.execute("insert into article_fts (article_fts) values ('delete-all')")
        rows = [row["id"] for row in connection.execute("select id from article order by id")]
        for row in rows:
            add(connection, row, stored_article(connection, row), corrected(connection, row))
        connection.execute("update meta set value = ? where name = 'tokenizer'", [str(TOKENIZER_VERSION)])
    return len(rows)
