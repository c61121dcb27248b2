"""A report as a file: which one is asked for, in which form, and where it goes."""

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

from archive.database import open_reader
from archive.errors import DiskFull, UsageError
from archive.exports.export import replacing, require_target
from archive.localize import LANGUAGES, Language, locale_of
from archive.report.document import document
from archive.report.docx import docx
from archive.report.figures import WAYS, Asked, By, Figures, Report
from archive.report.html import html
from archive.report.pdf import pdf
from archive.report.reading import load_report
from archive.selection import NO_CHOICE, Meaningless, read

Form = Literal["html", "docx", "pdf"]
FORMS: tuple[Form, ...] = ("html", "docx", "pdf")
YES = "yes"
NO_DAYS = "A report needs two days, from and to."
MESSAGES = ("A report needs two days, from and to.",)
"""What is refused here, as it is told in any language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A report and how it is to be written."""

    asked: Asked
    language: Language
    template: Path | None = None
    """House template; for DOCX only."""


def read_wish(parameters: Mapping[str, str], language: Language) -> Wish:
    """Read what is asked from the parameters of a URL: campaign, from, to, by, list, language. Raises Meaningless."""
    named = {name: parameters.get(name, "").strip() for name in ("campaign", "from", "to")}
    selection = read(named)
    if not (selection.since and selection.until):
        raise Meaningless(NO_DAYS)
    return Wish(
        asked=Asked(
            campaign=selection.campaign,
            since=selection.since,
            until=selection.until,
            by=cast("By", _one_of("by", parameters, WAYS, WAYS[0])),
            list_only=_one_of("list", parameters, (YES,), "") == YES,
        ),
        language=cast("Language", _one_of("language", parameters, LANGUAGES, language)),
    )


def _one_of(name: str, parameters: Mapping[str, str], allowed: tuple[str, ...], default: str) -> str:
    given = parameters.get(name, "").strip() or default
    if given not in (*allowed, default):
        raise Meaningless(NO_CHOICE, name=name, given=given, allowed=", ".join(allowed))
    return given


def parameters_of(wish: Wish) -> dict[str, str]:
    """Write a wish as the parameters of a URL; empty ones may be left out."""
    asked = wish.asked
    told = {"campaign": asked.campaign, "from": asked.since.isoformat(), "to": asked.until.isoformat()}
    return {**told, "by": asked.by, "list": YES if asked.list_only else "", "language": wish.language}


def file_name(asked: Asked, form: Form) -> str:
    """Name a report in letters that every system takes: coverage-i-accept-2021-12-09-2021-12-16.pdf."""
    campaign = re.sub("[^A-Za-z0-9-]+", "-", asked.campaign).strip("-")
    return f"coverage-{campaign}-{asked.since}-{asked.until}.{form}"


def make(report: Report, wish: Wish, form: Form) -> bytes:
    """Make a report in one of its forms. Raises UsageError for a template that is none, NoPango for a PDF without its libraries."""
    locale = locale_of(wish.language)
    told = document(report, locale)
    if form == "html":
        return html(told, locale).encode()
    if form == "docx":
        return docx(told, locale, wish.template)
    return pdf(told, locale)


# ---- a file -----------------------------------------------------------------------------------------------------------------------


def write_report(archive: Path, wish: Wish, target: Path, now: datetime) -> str:
    """Write a report to a file, whose name tells the form; says what it holds. Raises UsageError, DiskFull."""
    require_target(target)
    form = _form_of(target)
    if wish.template and form != "docx":
        raise UsageError(f"--template {wish.template} is for .docx, and {target} is none. Leave one of them out.")
    with closing(open_reader(archive)) as connection:
        report = load_report(connection, wish.asked, now)
    made = make(report, wish, form)
    try:
        with replacing(target.resolve()) as out:
            out.write(made)
    except OSError as error:
        raise DiskFull(f"{target}: {error.strerror}. Free some space, or write elsewhere.") from error
    return f"{target}: {_told(report.figures)}."


def _told(figures: Figures) -> str:
    articles = f"{figures.articles:,} article{'s' if figures.articles != 1 else ''}"
    stories = f"{figures.stories:,} distinct stor{'ies' if figures.stories != 1 else 'y'}"
    return f"{articles}, {stories}, {figures.headlines:,} headline{'s' if figures.headlines != 1 else ''} only"


def _form_of(target: Path) -> Form:
    for form in FORMS:
        if target.suffix.lower() == f".{form}":
            return form
    raise UsageError(f"{target}: a report is .html, .docx or .pdf. Give -o a name that ends in one of them.")
