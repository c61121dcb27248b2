"""What lies in a file that a person added; everything here runs in a worker, since the file may be made to do harm."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from archive.desk.uploads import PDF, is_picture
from archive.errors import Unreadable

PIXELS = 60_000_000
"""The most of a picture: twice what phones take; opened it needs four bytes each."""

SIDE = 1600
"""Points of the longer side of the copy that readers are shown: a page of a newspaper can be read in it."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page out of a file in which a browser saved it."""

    url: str | None
    """Where the browser says that it found it."""
    content_type: str
    body: bytes


def take_in(path: Path, file_type: str, shown: Path) -> None:
    """Make sure that a picture or PDF can be opened, and write the copy of a picture that is `shown`.

    Raises Unreadable where it cannot be, or is too large to be.

    The text of a PDF is not taken: Khmer comes out of one as glyphs in the order in which they are drawn, which is no Khmer.
    """
    if is_picture(file_type):
        copy = _copy_of(path)
        copy.save(shown, format="WEBP", quality=85)
        shown.chmod(0o600)
    elif file_type == PDF:
        _require_pdf(path)


def _copy_of(path: Path) -> Image.Image:
    """Give a picture as it is looked at, its points alone: nothing of where, when and with what it was taken goes with it."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > PIXELS:
                raise Unreadable(f"a picture of {width} × {height} points")
            picture.draft("RGB", (SIDE, SIDE))  # a JPEG is opened no larger than needed
            upright = ImageOps.exif_transpose(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
            upright.thumbnail((SIDE, SIDE))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Unreadable(f"the picture cannot be opened ({error})") from error
    copy = Image.new(upright.mode, upright.size)
    copy.paste(upright)
    return copy


def _require_pdf(path: Path) -> None:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened ({error})") from error
    try:
        if not len(document):
            raise Unreadable("the PDF has no page")
    finally:
        document.close()


def unfolded(data: bytes) -> SavedPage:
    """Take the page out of a file that holds it with its pictures (MHTML, RFC 2557); raises Unreadable where there is none."""
    message = message_from_bytes(data)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    body = page.get_payload(decode=True) if page else None
    if page is None or not isinstance(body, bytes) or not body:
        raise Unreadable("the file holds no page")
    charset = page.get_content_charset()
    return SavedPage(
        url=_address(page) or _address(message),
        content_type=f"text/html; charset={charset}" if charset else "text/html",
        body=body,
    )


def _address(part: Message) -> str | None:
    told = str(part["Snapshot-Content-Location"] or part["Content-Location"] or "").strip()
    return told if told.startswith(("https://", "http://")) else None
