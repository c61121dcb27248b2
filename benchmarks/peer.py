"""Reads pages with one peer, in the peer's own environment: `PYTHON benchmarks/peer.py NAME`.

The first line of standard output says that the peer is there. Then a line of standard input is a page, {"name", "url", "html"}, where html
names a file of UTF-8 text, and a line of standard output what the peer made of it, {"name", "title", "text", "day", "authors", "ms", "error"}.
Imports nothing but Python's own and the peer.
"""

import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds a peer may take for one page; the slowest page measured takes a few."""
BLOCKS = ("p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure")

Read = Callable[[str, str], Mapping[str, Any]]


class TooSlowError(Exception):
    """The peer did not come to an end."""


def trafilatura() -> Read:
    """Read without comments and with metadata."""
    peer = importlib.import_module("trafilatura")

    def read(html: str, url: str) -> Mapping[str, Any]:
        found = peer.bare_extraction(html, url=url, include_comments=False, with_metadata=True)
        authors = (found.author or "").split("; ") if found else []
        return {"title": found.title, "text": found.text, "day": found.date, "authors": authors} if found else {}

    return read


def readability() -> Read:
    """Read the summary and the short title; it knows no dates."""
    peer = importlib.import_module("readability")
    lxml = importlib.import_module("lxml.html")

    def read(html: str, url: str) -> Mapping[str, Any]:
        document = peer.Document(html, url=url)
        tree = lxml.document_fromstring(document.summary())
        for block in tree.iter(*BLOCKS):
            block.tail = "\n" + (block.tail or "")
        author = document.author()  # "[no-author]" where there is none
        authors = [author] if author and not author.startswith("[no-") else []
        return {"title": document.short_title(), "text": tree.text_content(), "day": None, "authors": authors}

    return read


def newspaper() -> Read:
    """Read without fetching pictures; the language is what it makes out by itself."""
    peer = importlib.import_module("newspaper")

    def read(html: str, url: str) -> Mapping[str, Any]:
        found = peer.Article(url, fetch_images=False)
        found.download(input_html=html)
        found.parse()
        return {"title": found.title, "text": found.text, "day": _day(found.publish_date), "authors": found.authors}

    return read


def newsplease() -> Read:
    """Read without fetching pictures."""
    peer = importlib.import_module("newsplease").NewsPlease

    def read(html: str, url: str) -> Mapping[str, Any]:
        found = peer.from_html(html, url=url, fetch_images=False)
        return {
            "title": found.title,
            "text": found.maintext,
            "day": _day(found.date_publish),
            "authors": found.authors,
        }

    return read


def goose() -> Read:
    """Read without fetching pictures."""
    peer = importlib.import_module("goose3").Goose({"enable_image_fetching": False})

    def read(html: str, url: str) -> Mapping[str, Any]:
        found = peer.extract(url=url, raw_html=html)
        day = _day(found.publish_datetime_utc) or found.publish_date
        return {"title": found.title, "text": found.cleaned_text, "day": day, "authors": found.authors}

    return read


READERS: Mapping[str, Callable[[], Read]] = {
    "trafilatura": trafilatura,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "news-please": newsplease,
    "goose3": goose,
}


def _day(told: Any) -> str | None:
    return told.isoformat() if hasattr(told, "isoformat") else told or None


# ---- one page after the other -----------------------------------------------------------------------------------------------------


def main() -> None:
    """Answer each line of standard input on standard output until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever the peer prints is no answer
    signal.signal(signal.SIGALRM, _too_slow)
    read = READERS[sys.argv[1]]()
    socket.socket.connect = _refused  # type: ignore[method-assign]
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answer(read, asked), default=str), file=answers, flush=True)


def answer(read: Read, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Read one page; nothing but the error's name where the peer fails in any way."""
    html = Path(asked["html"]).read_text(encoding="utf-8")
    told: Mapping[str, Any] = {}
    error = None
    began = time.process_time()
    signal.alarm(PATIENCE)
    try:
        told = read(html, asked["url"])
    except Exception as failed:  # noqa: BLE001  (whatever a peer raises is its answer, and is counted)
        error = type(failed).__name__
    finally:
        signal.alarm(0)
    spent = (time.process_time() - began) * 1000
    return {"name": asked["name"], "ms": spent, "error": error, **told}


def _too_slow(*_: object) -> None:
    raise TooSlowError


def _refused(*_: object) -> None:
    """Let no peer fetch anything: all are to read the same bytes."""
    raise ConnectionRefusedError


if __name__ == "__main__":
    main()
