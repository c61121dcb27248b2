"""The response as sent, into a WARC 1.1 file: one file per run, one gzip member per record, synced before anything rests on it."""

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self
from urllib.parse import urlsplit

from scrapy.utils._compression import _inflate, _unbrotli, _unzstd
from scrapy.utils.gz import gunzip
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import DiskFull
from archive.model import Capture, Page

Tls = Literal["verified", "unverified", "none"]

# What a person or the operator could be known or robbed by never enters the evidence.
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
# A page that unpacks to more was refused when it was fetched.
_LARGEST_BODY = 64 * 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM})
_CURE = "Make room or make the folder writable, then run again; nothing is lost."
_UNPACK: dict[str, Callable[..., bytes]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """A response below decompression, found in `request.meta["raw"]` of everything that was downloaded."""

    url: str
    status: int
    head: bytes
    """Status line and headers byte by byte as they came, each line ended by CRLF, the empty line at the end included."""
    body: bytes
    """Content-Encoding kept, chunked transfer undone."""
    ip: str
    started_at: datetime
    """When it was asked for; UTC."""
    tls: Tls

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers in their order, names and values as sent, read as Latin-1."""
        return _pairs(self.head)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResponse:
    """A response read back from a capture; `body` has its Content-Encoding undone."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: datetime


class CaptureWriter:
    """Writes `folder/<run_id>.warc.gz`, made when the first record comes; use it as a context manager or call `close`."""

    def __init__(self, folder: Path, run_id: str, software: str = "Tamdan") -> None:
        self.path = folder / f"{run_id}.warc.gz"
        self.software = software
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, raw: RawResponse, request_headers: Mapping[str, str]) -> Capture:
        """Append the response and its request and sync them; raise `DiskFull`, leaving the file whole, when there is no room."""
        digest = sha256(raw.body).hexdigest()
        response = _response(raw, digest)
        request = _request(raw, request_headers, response.rec_headers.get_header("WARC-Record-ID"))
        packed = _packed(response)
        return Capture(
            url=raw.url,
            file=self.path.name,
            offset=self._append(packed, _packed(request)),
            length=len(packed),
            sha256=digest,
            fetched_at=raw.started_at,
            tls=raw.tls,
        )

    def write_copy(self, page: Page) -> Capture:
        """Append a page as the crawler kept it, decoded and without its headers: all the evidence left of one that matched later."""
        digest = sha256(page.body).hexdigest()
        packed = _packed(_resource(page, digest))
        return Capture(
            url=page.url,
            file=self.path.name,
            offset=self._append(packed),
            length=len(packed),
            sha256=digest,
            fetched_at=page.fetched_at,
            tls="none",
            kind="resource",
        )

    def close(self) -> None:
        """Close the file; nothing is lost without it."""
        if self._file:
            self._file.close()
            self._file = None

    def _append(self, *records: bytes) -> int:
        """Append records and sync them; gives where the first begins, raises DiskFull."""
        try:
            return self._synced(*records)
        except OSError as failed:
            if failed.errno not in _NO_ROOM:
                raise
            raise DiskFull(f"{self.path}: {failed.strerror}. {_CURE}") from failed

    def _synced(self, *records: bytes) -> int:
        file = self._file or self._opened()
        self._require_there(file)
        start = file.seek(0, os.SEEK_END)
        try:
            _write_whole(file, b"".join(records))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(start)
            raise
        return start

    def _require_there(self, file: BinaryIO) -> None:
        """Raise DiskFull where somebody removed the file: what is written into it then is gone with this process."""
        try:
            there = self.path.stat().st_ino == os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            there = False
        if not there:
            raise DiskFull(
                f"{self.path}: was removed while the crawl wrote to it. Put the folder back; its captures are lost."
            )

    def _opened(self) -> BinaryIO:
        """Make the file with its warcinfo record; a file that cannot even hold that is not left behind."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("xb", buffering=0)
        info = {"software": self.software, "format": "WARC File Format 1.1", "robots": "classic"}
        try:
            _write_whole(file, _packed(_BUILDER.create_warcinfo_record(self.path.name, info)))
            _sync_folder(self.path.parent)
        except OSError:
            file.close()
            self.path.unlink()
            raise
        self._file = file
        return file


def read(path: Path, offset: int) -> KeptResponse:
    """Return the response or copy whose record begins at `offset` (bytes).

    Raises ValueError when its body unpacks to too much, OSError when the file is not there, StopIteration when it ends before.
    """
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file)))
        told = record.rec_headers.get_header
        http = record.http_headers or StatusAndHeaders(
            "200 OK", [("Content-Type", told("Content-Type") or "text/html")]
        )
        return KeptResponse(
            url=told("WARC-Target-URI"),
            status=int(http.get_statuscode()),
            headers=list(http.headers),
            body=_unpacked(record.raw_stream.read(), http.get_header("Content-Encoding") or ""),
            fetched_at=datetime.fromisoformat(told("WARC-Date")),
        )


class _AsSent(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """An HTTP head that is written byte by byte as it came, where warcio would write it anew."""

    def __init__(self, head: bytes) -> None:
        # warcio takes a head without a status line for none.
        super().__init__(head.partition(b"\r\n")[0].decode("latin-1"), _pairs(head))
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Keep the bytes."""


_BUILDER = WARCWriter(BytesIO(), gzip=True, warc_version="1.1")


def _response(raw: RawResponse, digest: str) -> Any:
    """Build the response record; a head that promises chunks is renamed as crawlers do, since the chunks were put together."""
    headers = {"WARC-Date": _instant(raw.started_at), "WARC-Payload-Digest": f"sha256:{digest}"}
    if raw.ip:
        headers["WARC-IP-Address"] = raw.ip
    return _BUILDER.create_warc_record(
        raw.url,
        "response",
        payload=BytesIO(raw.body),
        length=len(raw.body),
        warc_headers_dict=headers,
        http_headers=_AsSent(_unchunked(raw.head, len(raw.body))),
    )


def _resource(page: Page, digest: str) -> Any:
    """Build the record of a page without the answer it came in (WARC 1.1, 6.4)."""
    return _BUILDER.create_warc_record(
        page.url,
        "resource",
        payload=BytesIO(page.body),
        length=len(page.body),
        warc_content_type=page.content_type or "text/html",
        warc_headers_dict={"WARC-Date": _instant(page.fetched_at), "WARC-Payload-Digest": f"sha256:{digest}"},
    )


def _request(raw: RawResponse, headers: Mapping[str, str], response_id: str) -> Any:
    """Build the request record that belongs to a response."""
    parts = urlsplit(raw.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = {"Host": parts.netloc.rpartition("@")[2]} | {k: v for k, v in headers.items() if k.lower() not in _SECRET}
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in kept.items())]
    return _BUILDER.create_warc_record(
        raw.url,
        "request",
        payload=BytesIO(),
        length=0,
        warc_headers_dict={"WARC-Date": _instant(raw.started_at), "WARC-Concurrent-To": response_id},
        http_headers=_AsSent("\r\n".join([*lines, "", ""]).encode("latin-1", "replace")),
    )


def _unchunked(head: bytes, length: int) -> bytes:
    """Rename Transfer-Encoding as Common Crawl's and other crawlers' files do, and say the body's length instead."""
    lines = head.split(b"\r\n")
    renamed = [b"X-Crawler-" + line if line.lower().startswith(b"transfer-encoding:") else line for line in lines]
    if renamed != lines:
        renamed[-2:-2] = [b"Content-Length: %d" % length]
    return b"\r\n".join(renamed)


def _packed(record: Any) -> bytes:
    out = BytesIO()
    WARCWriter(out, gzip=True, warc_version="1.1").write_record(record)
    return out.getvalue()


def _unpacked(body: bytes, encodings: str) -> bytes:
    """Undo the encodings, the last one first, with Scrapy's own functions: what was read live is read again the same way."""
    for encoding in reversed(encodings.lower().split(",")):
        unpack = _UNPACK.get(encoding.strip())
        if unpack is None:
            break
        body = unpack(body, max_size=_LARGEST_BODY)
    return body


def _pairs(head: bytes) -> list[tuple[str, str]]:
    """Split a head into name and value; a line that begins with a blank continues the one before (RFC 9112, 5.2)."""
    lines = head.decode("latin-1").replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n")[1:]
    named = (line.partition(":") for line in lines if ":" in line)
    return [(name.strip(), value.strip()) for name, _, value in named]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _write_whole(file: BinaryIO, data: bytes) -> None:
    """Write all of it: an unbuffered file may take less at a time."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
