"""The spellings in force in an archive: the term tables of its queries as a vocabulary, for whoever searches it."""

import json
import sqlite3
from functools import lru_cache

from archive.model import Term
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
