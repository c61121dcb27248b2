"""The page on which a report is asked for and looked at, and its files."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import Markup

from archive.charts import columns
from archive.drawing import Chart
from archive.errors import UsageError
from archive.localize import ZONE, locale_of
from archive.report.document import document
from archive.report.figures import Named, Report
from archive.report.reading import campaigns, load_report
from archive.report.writing import Form, Wish, file_name, make, parameters_of, read_wish
from archive.site.visit import Page, Visit

MEDIA: dict[Form, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""Every form a report can be had in, at /report.FORM, and its media type."""

A_WEEK = timedelta(6)

_DESK = ThreadPoolExecutor(1, "report")
"""Makes one file after the other: a long PDF takes a minute of a core, and no reader of a page shall wait for it."""


def pages() -> list[tuple[str, Page]]:
    """Give the route of the page and of each form."""
    return [(r"^/report$", report), *((rf"^/report\.{form}$", _file(form)) for form in MEDIA)]


async def report(visit: Visit) -> Response:
    """Show the form, and under it the report that it asks for; what cannot be is told above it."""
    known = await visit.read(campaigns)
    if "from" not in visit.asked and "to" not in visit.asked:
        return _shown(visit, known, _default(visit, known))
    try:
        wish = read_wish(visit.asked, visit.locale.code)
        told = await visit.read(load_report, wish.asked, datetime.now(UTC))
    except UsageError as error:
        return _shown(visit, known, {**_default(visit, known), **visit.asked}, wrong=visit.told(error))
    return _shown(visit, known, parameters_of(wish), preview=_preview(told, wish))


def _shown(
    visit: Visit, known: list[Named], asked: dict[str, str], wrong: str = "", preview: dict[str, Any] | None = None
) -> Response:
    return visit.render(
        "report_form.html",
        400 if wrong else 200,
        campaigns=known,
        asked=asked,
        wrong=wrong,
        preview=preview,
        forms=MEDIA,
    )


def _default(visit: Visit, known: list[Named]) -> dict[str, str]:
    """Ask for the seven days that end today, as people in Cambodia count them."""
    today = datetime.now(ZONE).date()
    return {
        "campaign": visit.asked.get("campaign") or (known[0].id if known else ""),
        "from": _day(today - A_WEEK),
        "to": _day(today),
        "by": "article",
        "list": "",
        "language": visit.locale.code,
    }


def _day(day: date) -> str:
    return day.isoformat()


def _preview(told: Report, wish: Wish) -> dict[str, Any]:
    locale = locale_of(wish.language)

    def drawn(chart: Chart) -> Markup:
        return columns(chart, locale)

    return {"document": document(told, locale), "drawn": drawn}


def _file(form: Form) -> Callable[[Visit], Awaitable[Response]]:
    async def download(visit: Visit) -> Response:
        wish = read_wish(visit.asked, visit.locale.code)
        told = await visit.read(load_report, wish.asked, datetime.now(UTC))
        made = await asyncio.get_running_loop().run_in_executor(_DESK, make, told, wish, form)
        headers = {"content-disposition": f'attachment; filename="{file_name(wish.asked, form)}"'}
        return Response(made, headers=headers, content_type=MEDIA[form])

    return download
