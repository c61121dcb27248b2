"""A report as one page that needs nothing around it: style and Khmer letters are inside, so that it opens right from a mail."""

from base64 import b64encode
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from archive.charts import columns
from archive.drawing import Chart
from archive.localize import Locale
from archive.report.blocks import Document
from archive.site.assets import asset
from archive.site.rendering import page
from archive.stamp import software

KHMER = (
    ("Noto Sans Khmer", "noto-sans-khmer-khmer-400.woff2", 400),
    ("Noto Sans Khmer", "noto-sans-khmer-khmer-700.woff2", 700),
)
LATIN = (
    ("Report Latin", "noto-sans-khmer-latin-400.woff2", 400),
    ("Report Latin", "noto-sans-khmer-latin-700.woff2", 700),
)
"""Family, file and weight; a browser has Latin letters of its own, a server may have none."""


def html(document: Document, locale: Locale, fonts: tuple[tuple[str, str, int], ...] = KHMER) -> str:
    """Give the whole page."""

    def drawn(chart: Chart) -> Markup:
        return columns(chart, locale, "paper")

    told = {"document": document, "drawn": drawn, "style": style(fonts), "software": software()}
    return page("report.html", locale, told)


@cache
def style(fonts: tuple[tuple[str, str, int], ...]) -> Markup:
    """Give the style sheet of a report with these letters inside."""
    own = files("archive.report") / "document.css"
    shared = files("archive.site") / "static" / "70-report.css"
    sheets = (sheet.read_text(encoding="utf-8") for sheet in (own, shared))
    return Markup("\n".join([*map(_face, fonts), *sheets]))  # noqa: S704  our own files


def _face(font: tuple[str, str, int]) -> str:
    family, name, weight = font
    letters = b64encode(asset(name) or b"").decode("ascii")
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("data:font/woff2;base64,{letters}") format("woff2"); }}'
    )
