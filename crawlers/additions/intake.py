"""What is typed behind `tamdan add`, as wishes: one link, one file, one text, or a table of many."""

import getpass
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from archive.config import load
from archive.desk import uploads
from archive.desk.additions import Wish
from archive.desk.wishes import Attachment, Draft, Mistake, mistakes, token_of, wish
from archive.errors import UsageError
from archive.home import Home
from archive.localize import ZONE
from crawlers.additions.sheet import Row, TableError, read_table
from crawlers.session import folder_errors

_TABLES = frozenset({".csv", ".tsv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed: a link, file or table, and what was told beside it."""

    target: str | None
    draft: Draft
    who: str | None = None


def wishes_of(home: Home, asked: Asked) -> list[Wish]:
    """Give the wishes of what was typed, their files copied into the home.

    Raises UsageError, TableError and Refused, telling all mistakes before anything is kept, and DiskFull.
    """
    _, campaigns = load(home)
    names = [campaign.id for campaign in campaigns.campaign]
    table = _table(asked.target)
    rows = (
        [replace(row, draft=_defaulted(row.draft, asked.draft)) for row in read_table(table)]
        if table
        else [_row(asked)]
    )
    problems = [problem for row in rows for problem in _problems(row, names, in_table=table is not None)]
    if problems:
        raise TableError(table, problems) if table else UsageError("\n".join(problems))
    who = asked.who or _account()
    with folder_errors(home):
        return [_wish(home, row, names, who) for row in rows]


def _table(target: str | None) -> Path | None:
    is_file = target is not None and "://" not in target
    return Path(target) if target and is_file and Path(target).suffix.lower() in _TABLES else None


def _row(asked: Asked) -> Row:
    if asked.target is None or "://" in asked.target:
        return Row(1, replace(asked.draft, url=asked.target or asked.draft.url), None)
    return Row(1, asked.draft, Path(asked.target))


def _defaulted(draft: Draft, told: Draft) -> Draft:
    """Take what was told for the whole table where a row says nothing."""
    return Draft(**{name: getattr(draft, name).strip() or getattr(told, name) for name in Draft.__dataclass_fields__})


def _problems(row: Row, campaigns: Sequence[str], *, in_table: bool) -> Iterator[str]:
    place = f"line {row.line}: " if in_table else ""
    try:
        file_type = _file_type(row.file) if row.file else None
    except UsageError as refused:
        yield f"{place}{refused}"
        return
    for mistake in mistakes(row.draft, campaigns, datetime.now(ZONE).date(), file_type):
        yield f"{place}{mistake.field}: {_said(mistake, row.draft)}"


def _said(mistake: Mistake, draft: Draft) -> str:
    typed = getattr(draft, mistake.field).strip()[:80]
    return f"{typed!r}. {mistake.message}" if typed else mistake.message


def _file_type(file: Path) -> str:
    """Tell what a file is; raises UsageError where it is too large, not there, or not what its name says."""
    try:
        with file.open("rb") as opened:
            head, size = opened.read(uploads.HEAD), os.fstat(opened.fileno()).st_size
        return uploads.type_of(head, file.name, size)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}. Give the path of a file, or an address with https://") from error
    except uploads.Refused as refused:
        raise uploads.Refused(f"{file}: {refused}") from refused


def _wish(home: Home, row: Row, campaigns: Sequence[str], who: str) -> Wish:
    if row.file is None:
        return wish(row.draft, campaigns, token_of(row.draft), who, None)
    data = row.file.read_bytes()
    token, file_type = token_of(row.draft, data), _file_type(row.file)
    with NamedTemporaryFile(dir=uploads.folder(home), delete=False) as waiting:
        waiting.write(data)
        waiting.flush()
        os.fsync(waiting.fileno())
    file = uploads.keep(home, Path(waiting.name), token, file_type)
    return wish(row.draft, campaigns, token, who, Attachment(file=file, name=row.file.name, type=file_type))


def _account() -> str:
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "somebody"
