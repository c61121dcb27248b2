"""The spellings in force in an archive: the term tables of its queries as a vocabulary, for whoever searches it."""

import json
import sqlite3
from functools import lru_cache

from archive.model import Term
from archive.query import parse, positive
from archive.vocabulary import Vocabulary


def vocabulary_of(connection: sqlite3.Connection) -> Vocabulary:
    """Give the vocabulary of the queries in force; an empty one where this is no archive, as Datasette may show other databases beside it."""
    columns = {row[0] for row in connection.execute("select name from pragma_table_info('query')")}
    if not {"words", "retired_at"} <= columns:
        return Vocabulary()
    rows = connection.execute("select distinct words from query where retired_at is null order by words")
    return _vocabulary(tuple(row[0] for row in rows))


@lru_cache(maxsize=8)
def _vocabulary(tables: tuple[str, ...]) -> Vocabulary:
    """Read the term tables as the store writes them: JSON arrays of say, also, unless, case."""
    return Vocabulary(
        Term(say=say, also=tuple(also), unless=tuple(unless), case=case)
        for table in tables
        for say, also, unless, case in json.loads(table)
    )


def spellings_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Give every word of the queries in force in all its spellings, to offer one near to what somebody typed."""
    rows = connection.execute(
        "select find, words from query where retired_at is null order by campaign, name"
    ).fetchall()
    said = (leaf.text for find, _ in rows for leaf in positive(parse(find)))
    spelled = (one for _, words in rows for say, also, _, _ in json.loads(words) for one in (say, *also))
    return tuple(dict.fromkeys((*said, *spelled)))
