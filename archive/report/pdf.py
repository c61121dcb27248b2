"""A report as PDF, laid out by WeasyPrint, and charts as pictures. Nothing is fetched: all that is needed is inside the page."""

from functools import cache
from importlib import import_module
from io import BytesIO
from threading import Lock
from typing import Any

from pypdfium2 import PdfDocument

from archive.charts import columns
from archive.drawing import Chart
from archive.errors import UsageError
from archive.localize import Locale
from archive.report.blocks import Document
from archive.report.breaking import broken
from archive.report.html import KHMER, LATIN, html, style

DOTS = 200 / 72
"""Dots of a picture for each point: 200 to the inch, sharp in print and small in a mail."""

WEASYPRINT = "weasyprint"

_ONE_AT_A_TIME = Lock()
"""PDFium bears no two threads, and two reports at once would take two cores and twice the memory."""


class NoPango(UsageError):  # noqa: N818  (a state of the machine)
    """The libraries that lay out a PDF are not on this machine."""


def pdf(document: Document, locale: Locale) -> bytes:
    """Lay a report out on A4. Raises NoPango."""
    return _laid_out(html(broken(document), locale, KHMER + LATIN), pdf_variant="pdf/ua-1", full_fonts=False)


def picture(chart: Chart, locale: Locale) -> tuple[bytes, float]:
    """Draw a chart as PNG; gives its width in points too. Raises NoPango."""
    drawn = columns(broken(chart), locale, "paper")
    page = f"<style>{style(KHMER + LATIN)} {_BARE}</style><body lang='{locale.code}'>{drawn}"
    with _ONE_AT_A_TIME:
        laid = PdfDocument(_laid_out_alone(page))
        try:
            bitmap = laid[0].render(scale=DOTS).to_pil()
        finally:
            laid.close()
    return _trimmed(bitmap)


_BARE = (
    "@page { size: 480pt 360pt; margin: 0; @bottom-center { content: none } }"
    " body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt } figure { margin: 0 } figcaption { display: none }"
)


def _trimmed(bitmap: Any) -> tuple[bytes, float]:
    """Cut the empty paper below a drawing."""
    white = bitmap.convert("L").point(lambda value: 255 if value < 250 else 0)
    box = white.getbbox() or (0, 0, *bitmap.size)
    cut = bitmap.crop((0, 0, bitmap.width, min(bitmap.height, box[3] + 8)))
    out = BytesIO()
    cut.save(out, "PNG", optimize=True)
    return out.getvalue(), cut.width / DOTS


def _laid_out(page: str, **options: Any) -> bytes:
    with _ONE_AT_A_TIME:
        return _laid_out_alone(page, **options)


def _laid_out_alone(page: str, **options: Any) -> bytes:
    weasyprint = _weasyprint()
    inside_only = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    return bytes(weasyprint.HTML(string=page, url_fetcher=inside_only).write_pdf(**options))


@cache
def _weasyprint() -> Any:
    """Load WeasyPrint when it is first needed: it opens libraries of the system, which the site must not need to start."""
    try:
        return import_module(WEASYPRINT)
    except (OSError, ImportError) as error:
        raise NoPango(
            f"A PDF needs the Pango libraries, and they are not on this machine ({error}). On Debian and Ubuntu:"
            " apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. HTML and DOCX can be made without them."
        ) from error
