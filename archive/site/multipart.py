"""A form with a file, taken in piece by piece: what is typed stays small, the file goes to the disk, and neither grows beyond its limit."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from archive.desk.uploads import HEAD, MOST_BYTES, TOO_LARGE, Refused
from archive.errors import UsageError

FIELDS_BYTES = 4 * 2**20
"""Bytes of all that is typed: a text of 500,000 Khmer signs takes 1.5 MB."""

PART_BYTES = 4 * 2**10
"""What each part counts for, however little is in it: a thousand are enough for any form, and a million empty ones cost time."""

DRAINED = 300 * 2**20
"""Bytes of a form that is too large which are read and thrown away: browsers show an answer only once they have sent all."""

NO_FORM = "This is no form of ours."
MESSAGES = (NO_FORM,)

Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(slots=True)
class Uploaded:
    """A file of a form, on the disk."""

    path: Path
    name: str
    """As the person called it, without folders."""
    head: bytes = b""
    size: int = 0


@dataclass(slots=True)
class Form:
    """What a form sent."""

    fields: dict[str, str] = field(default_factory=dict)
    file: Uploaded | None = None

    def discard(self) -> None:
        """Delete the file, where nobody gave it a lasting name."""
        if self.file:
            self.file.path.unlink(missing_ok=True)


async def read_form(headers: dict[str, str], receive: Receive, folder: Path) -> Form:
    """Take a form in, its file into `folder`; raises Refused where it is too large and UsageError where it is no form.

    An announced length is refused before anything is written.
    """
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST_BYTES + FIELDS_BYTES:
        await _drain(receive)
        raise Refused(TOO_LARGE)
    try:
        taker = _Taker(headers.get("content-type", ""), folder)
    except FormParserError as error:  # a boundary that is none
        raise UsageError(NO_FORM) from error
    try:
        await _take(taker, receive)
    finally:
        if not taker.is_whole:
            taker.discard()
    return taker.form


async def _take(taker: "_Taker", receive: Receive) -> None:
    pieces = _pieces(receive)
    try:
        async for piece in pieces:
            await asyncio.to_thread(taker.write, piece)  # into a file that is made sure of
        taker.close()
    except Refused:
        await _drain(receive)
        raise
    except FormParserError as error:
        raise UsageError(NO_FORM) from error


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise UsageError(NO_FORM)
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    left, more = DRAINED, True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = message.get("more_body", False)


class _Taker:
    """Takes the pieces of one form."""

    def __init__(self, content_type: str, folder: Path) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise UsageError(NO_FORM)
        self.form = Form()
        self.is_whole = False
        self._folder = folder
        self._left = FIELDS_BYTES
        self._value = bytearray()
        self._file: Any = None
        self._is_ended = False
        self._names = [bytearray(), bytearray()]
        self._told: dict[str, bytes] = {}
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": lambda data, start, end: self._names[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._names[1].extend(data[start:end]),
                "on_header_end": self._header,
                "on_headers_finished": self._headed,
                "on_end": self._ended,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take a piece; raises FormParserError and Refused."""
        self._parser.write(piece)

    def close(self) -> None:
        """Take the end of the form."""
        self._parser.finalize()
        if not self._is_ended:  # the connection broke off
            raise UsageError(NO_FORM)
        self.is_whole = True

    def discard(self) -> None:
        """Delete what was written."""
        if self._file:
            self._file.close()
        self.form.discard()

    def _ended(self) -> None:
        self._is_ended = True

    def _begin(self) -> None:
        self._told, self._value = {}, bytearray()
        self._left -= PART_BYTES
        if self._left < 0:
            raise Refused(TOO_LARGE)

    def _header(self) -> None:
        name, value = (bytes(part) for part in self._names)
        self._told[name.decode("latin-1").lower()] = value
        self._names = [bytearray(), bytearray()]

    def _headed(self) -> None:
        _, options = parse_options_header(self._told.get("content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        name = options.get(b"filename")
        if name and self.form.file is None:
            self._open(name.decode("utf-8", "replace"))

    def _open(self, name: str) -> None:
        self._file = NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False)  # noqa: SIM115  closed with its part
        self.form.file = Uploaded(Path(self._file.name), Path(name.replace("\\", "/")).name[:200])

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._file is None:
            self._left -= len(piece)
            self._value += piece
        elif self.form.file:
            self._file.write(piece)
            self.form.file.size += len(piece)
            self.form.file.head += piece[: max(0, HEAD - len(self.form.file.head))]
        if self._left < 0 or (self.form.file and self.form.file.size > MOST_BYTES):
            raise Refused(TOO_LARGE)

    def _end(self) -> None:
        if self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
        else:
            self.form.fields[self._name] = self._value.decode("utf-8", "replace").replace("\r\n", "\n")
