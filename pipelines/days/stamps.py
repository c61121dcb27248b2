"""Days that stand in addresses: of the page, or of its lead picture's file. They are hints: a number may mean something else."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import unquote

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR, _MONTH, _DAY = r"((?:19|20)\d\d)", r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
_PATH = re.compile(rf"[/-]{_YEAR}[/-]{_MONTH}[/-]{_DAY}(?=[/-]|$)")
_NAMED = re.compile(rf"/{_YEAR}/({'|'.join(_ENGLISH)})[a-z]*/{_DAY}(?=/|$)", re.IGNORECASE)
_JOINED = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?(?!\d)")
"""Eight digits, with or without a time, whose zone nobody knows: the day only."""

_FOLDERS = re.compile(rf"/{_YEAR}/{_MONTH}/{_DAY}/")
"""With a slash behind: the 10 of /2021/12/10-ways.jpg is no day."""
_WRITTEN = re.compile(r"(?<!\d)(20\d\d)([-_.])(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])([-_.])(0[1-9]|1[0-2])\2(20\d\d)(?!\d)")
_COUNTED = re.compile(r"(?<![\da-z])(1[0-9]{9})(?:\d{3})?(?!\d)", re.IGNORECASE)
"""Seconds since 1970, in thousandths too, as small systems name uploads."""


def in_address(url: str) -> Iterator[str]:
    """Give the days in a page's address as ISO days, the plainest first."""
    path = unquote(url)
    yield from ("-".join(found.groups()) for found in _PATH.finditer(path))
    for found in _NAMED.finditer(path):
        yield f"{found[1]}-{_ENGLISH.index(found[2].lower()) + 1:02}-{found[3]:0>2}"
    yield from ("-".join(found.groups()) for found in _JOINED.finditer(path))


def in_picture(path: str) -> Iterator[str]:
    """Give the days in the path of a picture as ISO days: of its file's name, then of its folders; a month alone is none."""
    name = unquote(path).rpartition("/")[2]
    yield from (f"{found[1]}-{found[3]}-{found[4]}" for found in _WRITTEN.finditer(name))
    yield from (f"{found[4]}-{found[3]}-{found[1]}" for found in _DAY_FIRST.finditer(name))
    yield from ("-".join(found.groups()) for found in _JOINED.finditer(name))
    yield from (_counted(found[1]).isoformat() for found in _COUNTED.finditer(name))
    yield from ("-".join(found.groups()) for found in _FOLDERS.finditer(path))


def _counted(seconds: str) -> date:
    return datetime.fromtimestamp(int(seconds), UTC).date()
