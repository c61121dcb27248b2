"""Files that people add: how large they may be, what they are by their content, and where they are kept."""

import os
from pathlib import Path

from archive.errors import UsageError
from archive.home import Home

MOST_BYTES = 20 * 2**20
"""A page of a newspaper photographed by a phone takes 3 to 8 MB, a scanned PDF up to 15."""

HEAD = 4096
"""Bytes from the beginning of a file by which it is known."""

PAGE = "text/html"
WHOLE_PAGE = "multipart/related"
"""A page saved with its pictures in one file (MHTML), as browsers of phones do it."""
PDF = "application/pdf"

ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    PDF: "pdf",
    PAGE: "html",
    WHOLE_PAGE: "mhtml",
}
"""Media type -> how the name of a kept file ends."""

SHOWN = "shown.webp"
"""How the name of the copy of a picture ends that readers are shown."""

_PICTURE, _PDF_FILE, _PAGE_FILE = "a picture", "a PDF", "a saved page"
_NAMED = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif"), _PICTURE),
    ".pdf": _PDF_FILE,
    **dict.fromkeys((".html", ".htm", ".xhtml", ".mhtml", ".mht"), _PAGE_FILE),
}
"""What the ending of a name promises."""

EMPTY = "The file is empty. Choose it once more."
TOO_LARGE = "The file is larger than 20 MB. Make it smaller, or add the link alone."
UNKNOWN = "This kind of file cannot be added. Add a picture (PNG, JPEG, WebP or GIF), a PDF or a saved page."
NO_PICTURE = "By its name this file is a picture, but it holds something else. Open it and save it anew."
NO_PDF = "By its name this file is a PDF, but it holds something else. Open it and save it anew."
NO_PAGE = "By its name this file is a saved page, but it holds something else. Open it and save it anew."
MESSAGES = (EMPTY, TOO_LARGE, UNKNOWN, NO_PICTURE, NO_PDF, NO_PAGE)
_OTHERWISE = {_PICTURE: NO_PICTURE, _PDF_FILE: NO_PDF, _PAGE_FILE: NO_PAGE}


class Refused(UsageError):  # noqa: N818  (a state of the file)
    """A file cannot be added; the message, one of `MESSAGES`, says why and what to do."""


def type_of(head: bytes, name: str, size: int) -> str:
    """Give the media type of a file by how it begins.

    Raises Refused where it is larger than `MOST_BYTES`, none that is taken, or not what its name says.
    """
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if not head:
        raise Refused(EMPTY)
    found = _by_content(head)
    promised = _NAMED.get(Path(name).suffix.lower())
    if promised and promised != _sort(found):
        raise Refused(_OTHERWISE[promised])
    if found is None:
        raise Refused(UNKNOWN)
    return found


def is_picture(file_type: str) -> bool:
    """Tell whether a media type is that of a picture."""
    return file_type.startswith("image/")


def keep(home: Home, waiting: Path, token: str, file_type: str) -> str:
    """Give a file that lies in the folder of what was added its lasting name; gives that name below captures/."""
    name = f"added/{token}.{ENDINGS[file_type]}"
    waiting.chmod(0o600)
    waiting.replace(home.captures / name)
    return name


def copy_to_show(file: str) -> str:
    """Give the name below captures/ of the small copy of a picture, without anything told beside it, that readers are shown."""
    return f"{file.rpartition('.')[0]}.{SHOWN}"


def discard(home: Home, file: str) -> None:
    """Delete a file that was added, with its copy."""
    for name in (file, copy_to_show(file)):
        (home.captures / name).unlink(missing_ok=True)


def folder(home: Home) -> Path:
    """Give the folder of files that were added, made where it is missing."""
    made = home.captures / "added"
    made.mkdir(parents=True, exist_ok=True)
    return made


def sync(descriptor: int) -> None:
    """Make what was written last."""
    os.fsync(descriptor)


def _by_content(head: bytes) -> str | None:
    for start, found in _MAGIC.items():
        if head.startswith(start):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return _by_markup(head)


_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": PDF,
}


def _by_markup(head: bytes) -> str | None:
    """Know a page by its tags, in whatever encoding: the signs of a tag are the same in nearly all, and UTF-16 has a zero beside each."""
    text = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    text = text.lstrip().lower()
    if b"multipart/related" in text and b"mime-version:" in text:
        return WHOLE_PAGE
    if text.startswith(b"<") and any(tag in text for tag in (b"<!doctype html", b"<html", b"<head", b"<body")):
        return PAGE
    return None


def _sort(file_type: str | None) -> str | None:
    if file_type is None:
        return None
    if is_picture(file_type):
        return _PICTURE
    return _PDF_FILE if file_type == PDF else _PAGE_FILE
