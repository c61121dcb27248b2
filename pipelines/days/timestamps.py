"""Moments as machines write them: ISO 8601 with its many slips, RFC 5322, and seconds counted from 1970."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d)|\d{8}(?:T\d|$)")
_RFC = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d.*[A-Z+\-]")
_UNIX = re.compile(r"(?:/Date\()?(1\d{9})(\d{3})?(?:[+-]\d{4})?(?:\)/)?")
"""Of the years 2001 to 2033, in seconds or thousandths; telephone numbers of ten digits begin with 0."""
_JOINED = re.compile(r"((?:19|20)\d{6})(\d{6})")
_NAMED_ZONE = re.compile(r"\[[A-Za-z_/]+\]$")
_ZULU = re.compile(r"\s*(?:UTC|GMT)$")
_SPACED_OFFSET = re.compile(r"(?<=\d)\s+(?=[+-]\d\d:?\d\d$)")
_LOST_PLUS = re.compile(r"(?<=:\d\d)\s(?=\d\d:\d\d$)")
"""Before an offset whose plus sign was taken for a space, as forms do."""
_TOO_FINE = re.compile(r"(\.\d{6})\d+")


def read_timestamp(text: str) -> datetime | None:
    """Give the moment that a whole text is, with a zone where it tells one; None where it is nothing of the kind."""
    for reader in (_iso, _rfc, _unix):
        moment = reader(text)
        if moment is not None:
            return moment
    return None


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        joined = _JOINED.fullmatch(text)
        if joined is None:
            return None
        text = f"{joined[1]}T{joined[2]}"
    text = _ZULU.sub("Z", _NAMED_ZONE.sub("", text))
    text = _LOST_PLUS.sub("+", _SPACED_OFFSET.sub("", _TOO_FINE.sub(r"\1", text)))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    if not _RFC.match(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _unix(text: str) -> datetime | None:
    counted = _UNIX.fullmatch(text)
    return datetime.fromtimestamp(int(counted[1]), UTC) if counted else None
