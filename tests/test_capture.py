"""The captures: a response comes back as it was sent, and no kill, no full disk and no torn tail harms what was written before."""

import errno
import gzip
import os
import signal
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from backports import zstd
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.errors import DiskFull
from archive.model import Capture
from crawlers.capture import CaptureWriter, RawResponse, read
from crawlers.torn import mend

TEXT = "<p>ខ្ញុំទទួលយក</p>".encode() * 40
STARTED = datetime(2026, 11, 22, 5, 30, 1, 250_000, tzinfo=UTC)


def raw(
    body: bytes = TEXT, *headers: str, url: str = "https://news.example/km/1?a=b", status: int = 200
) -> RawResponse:
    head = "\r\n".join([f"HTTP/1.1 {status} OK", *headers, "", ""]).encode("latin-1")
    return RawResponse(
        url=url, status=status, head=head, body=body, ip="203.0.113.9", started_at=STARTED, tls="verified"
    )


def write(folder: Path, *responses: RawResponse) -> tuple[Path, list[Capture]]:
    with CaptureWriter(folder, "run-1") as writer:
        return writer.path, [writer.write(response, {"User-Agent": "Tamdan"}) for response in responses]


def records(path: Path) -> list[tuple[str, str]]:
    with path.open("rb") as file:
        return [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        (None, TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstd.compress(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        ("identity", TEXT),
        (None, b""),
    ],
    ids=["plain", "gzip", "gzip in capitals", "deflate", "br", "zstd", "two", "identity", "no body"],
)
def test_a_response_comes_back_whole(tmp_path: Path, encoding: str | None, sent: bytes) -> None:
    headers = ["Content-Type: text/html; charset=utf-8", *([f"Content-Encoding: {encoding}"] if encoding else [])]
    response = raw(sent, *headers)
    path, [capture] = write(tmp_path / "captures", response)
    kept = read(path, capture.offset)
    assert (kept.url, kept.status, kept.fetched_at) == (response.url, 200, STARTED)
    assert kept.body == (TEXT if sent else b"")
    assert kept.headers == response.headers
    assert capture == Capture(
        url=response.url,
        file="run-1.warc.gz",
        offset=capture.offset,
        length=capture.length,
        sha256=sha256(sent).hexdigest(),
        fetched_at=STARTED,
        tls="verified",
    )


def test_the_head_is_kept_byte_by_byte(tmp_path: Path) -> None:
    odd = [
        "x-ODD:  two  spaces ",
        "no colon here",
        "X-Latin: caf\xe9",
        "X-Folded: one",
        "\ttwo",
        "Set-Cookie: a=1",
        "Set-Cookie: b=2",
    ]
    response = raw(TEXT, *odd)
    path, [capture] = write(tmp_path, response)
    member = path.read_bytes()[capture.offset : capture.offset + capture.length]
    assert gzip.decompress(member).endswith(response.head + TEXT + b"\r\n\r\n")
    assert response.headers[0] == ("x-ODD", "two  spaces")
    assert ("X-Folded", "one two") in response.headers
    assert [value for name, value in response.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_chunks_put_together_are_said_so(tmp_path: Path) -> None:
    path, [capture] = write(tmp_path, raw(TEXT, "Transfer-Encoding: chunked", "Server: nginx"))
    kept = read(path, capture.offset)
    expected = [("X-Crawler-Transfer-Encoding", "chunked"), ("Server", "nginx"), ("Content-Length", str(len(TEXT)))]
    assert (kept.headers, kept.body) == (expected, TEXT)


def test_a_file_is_a_warc_as_the_standard_says(tmp_path: Path) -> None:
    path, _ = write(tmp_path, raw(), raw(b"", url="https://news.example/"))
    assert Checker(type("Command", (), {"verbose": False, "inputs": [str(path)]})()).process_all() == 0
    with path.open("rb") as file:
        info, response, request, *_rest = ((r.rec_headers, r.content_stream().read()) for r in ArchiveIterator(file))
    assert b"format: WARC File Format 1.1" in info[1]
    assert response[0].protocol == "WARC/1.1"
    assert response[0].get_header("WARC-Date") == "2026-11-22T05:30:01.250000Z"
    assert response[0].get_header("WARC-IP-Address") == "203.0.113.9"
    assert response[0].get_header("WARC-Payload-Digest") == f"sha256:{sha256(TEXT).hexdigest()}"
    assert request[0].get_header("WARC-Concurrent-To") == response[0].get_header("WARC-Record-ID")
    urls = ["https://news.example/km/1?a=b"] * 2 + ["https://news.example/"] * 2
    assert [url for _, url in records(path)[1:]] == urls


def test_the_request_is_kept_without_what_could_be_misused(tmp_path: Path) -> None:
    secrets = {
        "Authorization": "Basic canary",
        "Cookie": "canary",
        "proxy-authorization": "canary",
        "User-Agent": "Tamdan",
    }
    with CaptureWriter(tmp_path, "run-1") as writer:
        writer.write(raw(url="https://user:canary@news.example:443/km/1?a=b"), secrets)
    everything = gzip.decompress(writer.path.read_bytes())
    request = everything[everything.index(b"GET ") :]
    assert request.startswith(b"GET /km/1?a=b HTTP/1.1\r\nHost: news.example:443\r\nUser-Agent: Tamdan\r\n\r\n")
    assert b"Basic" not in everything
    assert b"canary" not in request


def test_a_run_that_captures_nothing_leaves_no_file(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "captures", "run-1"):
        pass
    assert not (tmp_path / "captures").exists()


def test_two_runs_never_share_a_file(tmp_path: Path) -> None:
    path, _ = write(tmp_path, raw())
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write(tmp_path, raw())
    assert path.read_bytes() == before


def test_every_torn_tail_is_cut_to_the_last_whole_record(tmp_path: Path) -> None:
    path, [first, second] = write(tmp_path, raw(), raw(url="https://news.example/2"))
    whole = path.read_bytes()
    ends = [end for end in range(len(whole) + 1) if whole[end : end + 3] == b"\x1f\x8b\x08" or end == len(whole)]
    assert len(ends) == 6  # before warcinfo, after it, and after two responses with their requests
    for cut in range(0, len(whole) + 1, 7):
        path.write_bytes(whole[:cut])
        kept = max(end for end in ends if end <= cut)
        assert mend(path) == cut - kept
        assert path.read_bytes() == whole[:kept]
        assert len(records(path)) == ends.index(kept)
    path.write_bytes(whole[: second.offset + 9])
    mend(path)
    assert read(path, first.offset).body == TEXT


@pytest.mark.parametrize("tail", [b"\0" * 5000, b"garbage", b"\x1f\x8b\x08", b"\x1f\x8b\x08\0garbage\x1f\x8b\x08"])
def test_a_tail_that_is_no_record_is_cut(tmp_path: Path, tail: bytes) -> None:
    path, _ = write(tmp_path, raw())
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert mend(path) == len(tail)
    assert path.read_bytes() == whole
    assert mend(path) == 0


def test_damage_in_the_middle_costs_no_later_record(tmp_path: Path) -> None:
    path, [first, second] = write(tmp_path, raw(), raw(url="https://news.example/2"))
    damaged = bytearray(path.read_bytes())
    damaged[first.offset + 20 : first.offset + 60] = b"\0" * 40
    path.write_bytes(damaged)
    assert mend(path) == 0
    assert read(path, second.offset).url == "https://news.example/2"


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from crawlers.capture import CaptureWriter, RawResponse
writer, number = CaptureWriter(Path(sys.argv[1]), "run-1"), 0
while True:
    number += 1
    raw = RawResponse(url=f"https://news.example/{number}", status=200, head=b"HTTP/1.1 200 OK\\r\\n\\r\\n", body=os.urandom(200_000),
                      ip="", started_at=datetime.now(UTC), tls="none")
    kept = writer.write(raw, {})
    print(kept.offset, kept.sha256, flush=True)
"""


def test_a_killed_run_keeps_every_record_it_had_reported(tmp_path: Path) -> None:
    for turn in range(5):
        folder = tmp_path / str(turn)
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
        ) as run:
            assert run.stdout
            lines = [run.stdout.readline() for _ in range(3 + turn)]
            run.send_signal(signal.SIGKILL)
            lines += run.stdout.readlines()
        path = folder / "run-1.warc.gz"
        mend(path)
        reported = [line.split() for line in lines if line.endswith(b"\n")]
        assert len(reported) >= 3
        for offset, digest in reported:
            assert sha256(read(path, int(offset)).body).hexdigest() == digest.decode()
        assert len(records(path)) >= 2 * len(reported)


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from archive.errors import DiskFull
from crawlers.capture import CaptureWriter, RawResponse
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
def raw(size):
    return RawResponse(url="https://news.example/", status=200, head=b"HTTP/1.1 200 OK\\r\\n\\r\\n",
                       body=__import__("random").Random(size).randbytes(size), ip="", started_at=datetime.now(UTC), tls="none")
writer = CaptureWriter(Path(sys.argv[1]), "run-1")
for size in (1000, 100_000, 2000):
    try:
        print(writer.write(raw(size), {}).offset)
    except DiskFull as full:
        print(full)
"""


def test_a_full_disk_is_told_and_leaves_the_file_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), "20000"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    first, told, third = done.stdout.splitlines()
    path = tmp_path / "run-1.warc.gz"
    assert str(path) in told
    assert "Make room" in told
    assert mend(path) == 0
    assert [len(read(path, int(offset)).body) for offset in (first, third)] == [1000, 2000]


def test_a_file_that_cannot_even_begin_is_not_left_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), "10"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.stdout.count("Make room") == 3
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "captures").write_text("not a folder")
    with pytest.raises(OSError, match="captures") as failed:
        write(tmp_path / "captures", raw())
    assert failed.value.errno in (errno.EEXIST, errno.ENOTDIR)


def test_a_body_that_would_unpack_without_end_is_not_read(tmp_path: Path) -> None:
    packed = gzip.compress(b"\0" * (80 * 1024 * 1024), 1)
    path, [capture] = write(tmp_path, raw(packed, "Content-Encoding: gzip"))
    with pytest.raises(ValueError, match="exceed"):
        read(path, capture.offset)


def test_a_file_that_was_removed_while_it_is_written_is_told(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path, "run") as writer:
        writer.write(raw(), {})
        writer.path.unlink()
        with pytest.raises(DiskFull, match="was removed"):
            writer.write(raw(), {})
