"""Mends a capture file that a killed run left with a torn record at its end."""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 16
# How a gzip member begins (RFC 1952, 2.3.1).
_MEMBER = b"\x1f\x8b\x08"


def mend(path: Path) -> int:
    """Cut off the torn record that a killed run left at the end; return how many bytes went.

    A file damaged in its middle is left as it is: the records after the damage are still found by their offsets.
    """
    with path.open("r+b") as file:
        whole = max(_ends(file), default=0)
        file.seek(whole)
        torn = file.read()
        if not torn or _holds_record(torn):
            return 0
        file.truncate(whole)
        os.fsync(file.fileno())
    return len(torn)


def _ends(file: BinaryIO) -> Iterator[int]:
    """Yield where each whole gzip member ends (bytes from the start)."""
    unpacker, position = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    while data := file.read(_BLOCK):
        while data:
            try:
                unpacker.decompress(data)
            except zlib.error:
                return
            position += len(data) - len(unpacker.unused_data)
            data = unpacker.unused_data
            if unpacker.eof:
                yield position
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _holds_record(torn: bytes) -> bool:
    """Say whether a record begins anywhere but at the start."""
    start = torn.find(_MEMBER, 1)
    while start > 0:
        with suppress(zlib.error):
            if zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(torn[start : start + _BLOCK], 5) == b"WARC/":
                return True
        start = torn.find(_MEMBER, start + 1)
    return False
