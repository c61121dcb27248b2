"""The evidence itself: the record of an answer cut out of its WARC file, or the file that somebody added. Never shown as a page of ours."""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.desk.uploads import copy_to_show
from archive.site.visit import Missing, Visit

SANDBOX = "sandbox; default-src 'none'"
"""Sent with every capture, so that nothing in it ever runs, even where a browser shows it."""

PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "gif"})
"""How the names of files end of which a copy may be shown; nothing else is ever shown."""

WARC = ".warc.gz"
PIECE = 256 * 1024
"""Bytes read at a time: a large file never stands in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture lies: a name below captures/, and which bytes of that file."""

    article: str
    """Public key of the article."""
    file: str
    offset: int
    length: int

    @property
    def is_record(self) -> bool:
        """Tell whether it is a record of a WARC file, and not a file of its own."""
        return self.file.endswith(WARC)

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture that somebody added."""
        return not self.is_record and self.file.rpartition(".")[2].lower() in PICTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """An answer that is sent piece by piece."""

    file: Path
    offset: int
    length: int
    headers: dict[str, str]

    async def asgi_send(self, send: Any) -> None:
        """Send it, as Datasette asks of every answer."""
        headers = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        pieces = self._pieces()
        while piece := await asyncio.to_thread(next, pieces, b""):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _pieces(self) -> Iterator[bytes]:
        with self.file.open("rb") as opened:
            opened.seek(self.offset)
            left = self.length
            while left and (piece := opened.read(min(PIECE, left))):
                left -= len(piece)
                yield piece


async def download(visit: Visit) -> Any:
    """Send a capture to be kept; with `show=picture` the copy of a picture that somebody added is shown, never the picture itself."""
    number = int(visit.parts["number"])
    place = await visit.read(load_place, number, whole=bool(visit.account))
    if place is None:
        raise Missing(visit.locale.text("There is no capture {key} here.", key=str(number)))
    is_shown = visit.asked.get("show") == "picture" and place.is_picture
    if is_shown:
        place = shown(visit.home.captures, place)
    file = file_of(visit.home.captures, place)
    if file is None:
        raise Missing(
            visit.locale.text("The file {file} is missing in the folder of captures, or cut short.", file=place.file)
        )
    return Download(
        file=file, offset=place.offset, length=place.length, headers=headers(place, number, is_shown=is_shown)
    )


def load_place(connection: sqlite3.Connection, number: int, *, whole: bool) -> Place | None:
    """Find a capture; None where there is none, or where its article is not to be seen by everybody and `whole` is not asked for."""
    row = connection.execute(
        "select key, file, offset, length from capture join article on article.id = capture.article"
        " where capture.id = ? and (? or (decision != 'reject' and hidden = 0))",
        [number, whole],
    ).fetchone()
    return Place(*row) if row else None


def shown(captures: Path, place: Place) -> Place:
    """Give the copy of a picture that is shown in its place: without where, when and with what it was taken."""
    file = copy_to_show(place.file)
    copy = captures / file
    return replace(place, file=file, offset=0, length=copy.stat().st_size if copy.is_file() else 1)


def file_of(captures: Path, place: Place) -> Path | None:
    """Give the file a capture lies in; None where it is missing, too short, or not below the folder of captures."""
    folder = captures.resolve()
    file = (folder / place.file).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        return None
    inside = 0 <= place.offset <= place.offset + place.length <= file.stat().st_size
    return file if inside and place.length >= 0 else None


def headers(place: Place, number: int, *, is_shown: bool) -> dict[str, str]:
    """Give the headers of a capture, or of the copy of a picture that is shown."""
    ending = WARC if place.is_record else f".{place.file.rpartition('.')[2]}"
    name = quote(f"{place.article}-{number}{ending}")
    return {
        "content-type": _type_of(place, is_shown=is_shown),
        "content-length": str(place.length),
        "content-disposition": "inline" if is_shown else f'attachment; filename="{name}"',
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
    }


def _type_of(place: Place, *, is_shown: bool) -> str:
    if is_shown:
        return "image/webp"
    return "application/gzip" if place.is_record else "application/octet-stream"
