"""What a search found, as a file: the same rows and columns as `tamdan export` gives, sent while they are read."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from datasette.utils.asgi import Response

from archive.exports.export import Choice, Export, Format
from archive.exports.feed import Masthead
from archive.selection import Meaningless, Selection, read
from archive.site.menu import site_name
from archive.site.visit import DATABASE, Page, Visit

Told = TypeVar("Told")
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

PATIENCE = 120.0
"""Seconds in which a client must take a portion: a download that stands still keeps the archive's log from being emptied."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a format is sent: the end of its address, and its media type."""

    format: Format
    ending: str
    media: str


DELIVERIES = (
    Delivery("csv", "csv", "text/csv; charset=utf-8"),
    Delivery("excel", "excel.csv", "text/csv; charset=utf-8"),
    Delivery("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Delivery("jsonl", "jsonl", "application/jsonl; charset=utf-8"),
    Delivery("atom", "atom", "application/atom+xml; charset=utf-8"),
)
"""Every format a search can be had in, at /search.ENDING."""


def pages() -> list[tuple[str, Page]]:
    """Give the route of each format, and those of Datasette's own CSV of the coverage, which would lose rows."""
    return [
        *((rf"^/search\.{re.escape(delivery.ending)}$", _page(delivery)) for delivery in DELIVERIES),
        (rf"^/{DATABASE}/(?:coverage|article)\.csv$", instead_of_stock),
    ]


def _page(delivery: Delivery) -> Page:
    async def download(visit: Visit) -> Response:
        choice = Choice(
            selection=read(visit.asked),
            format=delivery.format,
            text=visit.asked.get("text") == "yes",
            masthead=_masthead(visit),
        )
        made = Download(visit, delivery, choice)
        await made.open()
        return cast("Response", made)

    return download


def file_name(selection: Selection, ending: str) -> str:
    """Name a file by what was asked, in letters that every system takes: coverage-i-accept-from-2021-12-09.csv."""
    asked = {name: value for name, value in selection.parameters().items() if name not in ("order", "q")}
    told = [
        f"{name}-{value}" if name in ("from", "to", "weak", "gone", "changed") else value
        for name, value in asked.items()
    ]
    words = [selection.words] if selection.words else []
    safe = (re.sub("[^A-Za-z0-9-]+", "-", part).strip("-")[:40] for part in ["coverage", *words, *told])
    return f"{'-'.join(part for part in safe if part)[:120]}.{ending}"


def _masthead(visit: Visit) -> Masthead:
    """Tell what a feed says of itself; without an address of the site's own, the one it was asked by counts."""
    root = visit.url("/").rstrip("/")
    site = visit.site.url.rstrip("/") or f"{visit.request.scheme}://{visit.request.host}{root}"
    words = visit.asked.get("q", "")
    name = site_name(visit)
    return Masthead(
        title=visit.locale.text("{site}: new coverage of {words}", site=name, words=words)
        if words
        else visit.locale.text("{site}: new coverage", site=name),
        language=visit.locale.code,
        site=site,
        address=f"{site}{visit.request.full_path.removeprefix(root)}",
    )


class Download:
    """An answer that is sent while its rows are read, in a thread of its own: of one moment, in constant memory, and never cut quietly.

    Where anything breaks, the end of the chunked answer is missing, so that a browser calls it failed.
    """

    def __init__(self, visit: Visit, delivery: Delivery, choice: Choice) -> None:
        self._request = visit.request
        self._archive = Path(visit.datasette.get_database(DATABASE).path)
        self._delivery = delivery
        self._choice = choice
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="download")
        self._export: Export | None = None

    async def open(self) -> None:
        """Take the moment that is told and count its rows; raises UsageError for what cannot be."""
        try:
            self._export = await self._run(Export, self._archive, self._choice)
        finally:
            if self._export is None:
                self._thread.shutdown(wait=False)

    async def asgi_send(self, send: Send) -> None:
        """Send it, until it is whole or nobody takes it any more."""
        gone = asyncio.create_task(self._gone())
        export = cast("Export", self._export)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self._headers(export.rows)})
            if self._request.method == "HEAD" or await self._all_sent(export, send, gone):
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            await self._run(export.close)
            self._thread.shutdown(wait=False)

    async def _all_sent(self, export: Export, send: Send, gone: "asyncio.Task[None]") -> bool:
        """Send every portion; tells whether somebody took them all."""
        portions = export.portions()
        while (portion := await self._run(next, portions, None)) is not None:
            if gone.done():
                return False
            if portion:
                try:
                    await asyncio.wait_for(
                        send({"type": "http.response.body", "body": portion, "more_body": True}), PATIENCE
                    )
                except TimeoutError:
                    return False
        return True

    async def _gone(self) -> None:
        """Wait until the client is gone."""
        while (await self._request.receive())["type"] != "http.disconnect":
            pass

    async def _run(self, function: Callable[..., Told], *known: object) -> Told:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *known)

    def _headers(self, rows: int) -> list[tuple[bytes, bytes]]:
        selection = self._choice.selection
        named = {"content-disposition": f'attachment; filename="{file_name(selection, self._delivery.ending)}"'}
        told = {"content-type": self._delivery.media, "x-tamdan-rows": str(rows)}
        if self._choice.format != "atom":  # a feed is read where it is
            told |= named
        return [(name.encode(), value.encode()) for name, value in told.items()]


# ---- Datasette's own CSV ------------------------------------------------------------------------------------------------------------

_SAME = {"_search": "q", "published__gte": "from", "published__lte": "to"} | {
    name: name for name in ("source", "language", "status", "decision", "kind", "media", "tone")
}
"""What a filter of the table is called in a search; `weak` is told apart by its values."""


MESSAGES = (
    "{filters}: the CSV of this table would lose rows without a word, and a search knows no such filter. Choose in Search instead; its downloads hold every row.",
)
(LOSES_ROWS,) = MESSAGES


async def instead_of_stock(visit: Visit) -> Response:
    """Lead from Datasette's CSV of the coverage, which ends after so many rows without a word, to ours, which has them all."""
    asked = {
        name: value for name, value in visit.asked.items() if value and (name in _SAME or not name.startswith("_"))
    }
    weak = {"1": "yes", "0": "no"}.get(asked.pop("weak", asked.pop("weak__exact", "")), "")
    plain = {name.removesuffix("__exact"): value for name, value in asked.items()}
    unknown = sorted(plain.keys() - _SAME.keys())
    if unknown:
        raise Meaningless(LOSES_ROWS, filters=", ".join(unknown))
    same = {_SAME[name]: value for name, value in plain.items()}
    return visit.redirect(visit.url("/search.csv", **same, weak=weak))
