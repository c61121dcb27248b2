"""A report as a Word document: real headings, links, tables, and Khmer in its own font, size and language."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx as python_docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Cm, Length, Pt

from archive.errors import UsageError
from archive.localize import Locale
from archive.report.blocks import Boxes, Document, Figure, Items, Line, Paragraph, Run, Table
from archive.report.ooxml import (
    SMALL,
    add_link_style,
    add_page_number,
    add_small_style,
    keep_whole,
    repeat_head,
    set_language,
    set_letters,
    write,
)
from archive.report.pdf import NoPango, picture

NEEDED = {
    "Title": WD_STYLE_TYPE.PARAGRAPH,
    "Heading 1": WD_STYLE_TYPE.PARAGRAPH,
    "Normal": WD_STYLE_TYPE.PARAGRAPH,
    "Table Grid": WD_STYLE_TYPE.TABLE,
}
"""The styles that a house template must have."""

FRAME = Cm(5)
TO_WRITE = Cm(0.9)
INDENT = Cm(1.1)
WIDTH = Cm(17)
_SIZES = {"Normal": 10.5, "Title": 20, "Heading 1": 14}


def docx(document: Document, locale: Locale, template: Path | None = None) -> bytes:
    """Write a report as DOCX, with the styles, head and foot of a house template. Raises UsageError where that is none."""
    word = _from_template(template) if template else _plain()
    add_link_style(word)
    add_small_style(word)
    set_language(word, document.language)
    _describe(word, document)
    write(word.add_paragraph(style="Title"), document.title)
    write(word.add_paragraph(), document.days, strong=True)
    write(word.add_paragraph(style=SMALL), document.made)
    for section in document.sections:
        write(word.add_paragraph(style="Heading 1"), section.title)
        for block in section.blocks:
            _WRITERS[block.kind](word, block, locale)
    _number_pages(word)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


# ---- the document that is written into --------------------------------------------------------------------------------------------


def _plain() -> WordDocument:
    word = python_docx.Document()
    for name, points in _SIZES.items():
        set_letters(word.styles[name], points, bold=name != "Normal")
    for section in word.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    return word


def _from_template(template: Path) -> WordDocument:
    if not template.is_file():
        raise UsageError(f"{template}: there is no such file. Give --template a .docx file.")
    try:
        word = python_docx.Document(str(template))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"{template}: this is no Word document. Give --template a .docx file that Word or LibreOffice saved."
        ) from error
    missing = [name for name, kind in NEEDED.items() if name not in word.styles or word.styles[name].type != kind]
    if missing:
        raise UsageError(
            f"{template}: it has no style {', '.join(missing)}. Open it in Word or LibreOffice, use each of these styles once, and save it again."
        )
    _drop_empty(word)
    return word


def _drop_empty(word: WordDocument) -> None:
    """Take out the one empty paragraph of a template that holds nothing but styles, head and foot."""
    if len(word.paragraphs) == 1 and not word.tables and not word.paragraphs[0].text.strip():
        empty = word.paragraphs[0]._p  # noqa: SLF001  python-docx cannot delete
        word.element.body.remove(empty)


def _describe(word: WordDocument, document: Document) -> None:
    told = word.core_properties
    told.title, told.subject = document.title, document.days
    told.author = told.last_modified_by = told.comments = ""


def _number_pages(word: WordDocument) -> None:
    """Write the number of each page, unless a template has a foot of its own."""
    foot = word.sections[-1].footer
    if foot.is_linked_to_previous or not any(paragraph.text.strip() for paragraph in foot.paragraphs):
        paragraph = foot.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_page_number(paragraph)


# ---- the blocks -------------------------------------------------------------------------------------------------------------------


def _line(paragraph: Any, line: Line) -> Any:
    for run in line:
        write(paragraph, run.text, strong=run.strong, href=run.href)
    return paragraph


def _paragraph(word: WordDocument, block: Paragraph, _: Locale) -> None:
    _line(word.add_paragraph(style=SMALL if block.quiet else None), block.line)


def _items(word: WordDocument, block: Items, _: Locale) -> None:
    for item in block.entries:
        head = word.add_paragraph()
        _hang(head, INDENT)
        write(head, f"{item.number}\t" if item.number else "–\t")
        _line(head, item.head)
        for number, line in enumerate(item.lines, 1):
            under = word.add_paragraph(style=SMALL)
            under.paragraph_format.left_indent = INDENT
            under.paragraph_format.space_after = Pt(7 if number == len(item.lines) else 0)
            under.paragraph_format.keep_with_next = number < len(item.lines)
            _line(under, line)


def _hang(paragraph: Any, indent: Length) -> None:
    told = paragraph.paragraph_format
    told.left_indent, told.first_line_indent = indent, -indent
    told.tab_stops.add_tab_stop(indent)
    told.space_after, told.keep_with_next = Pt(0), True


def _table(word: WordDocument, block: Table, _: Locale) -> None:
    caption = word.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    write(caption, block.caption, strong=True)
    table = word.add_table(rows=1, cols=len(block.head), style="Table Grid")
    _row(table.rows[0], [(Run(text, strong=True),) for text in block.head], block)
    repeat_head(table.rows[0])
    for line in block.rows:
        row = table.add_row()
        row.height = TO_WRITE if block.to_fill < len(block.head) else None
        _row(row, line, block)
        keep_whole(row)
    _widen(table, block)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(row: Any, lines: Sequence[Line], block: Table) -> None:
    for place, (cell, line) in enumerate(zip(row.cells, lines, strict=True)):
        paragraph = _line(cell.paragraphs[0], line)
        paragraph.paragraph_format.space_after = Pt(2)
        if place >= block.numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widen(table: Any, block: Table) -> None:
    """Share the width: the columns that hold most get most."""
    longest = [max(len("".join(run.text for run in line)) for line in column) for column in _columns(block)]
    shares = [28 if place >= block.to_fill else min(max(number, 16), 45) for place, number in enumerate(longest)]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Length(round(WIDTH * share / sum(shares)))
        for cell in column.cells:
            cell.width = column.width


def _columns(block: Table) -> list[list[Line]]:
    heads = [(Run(text),) for text in block.head]
    return [[head, *(row[place] for row in block.rows)] for place, head in enumerate(heads)]


def _figure(word: WordDocument, block: Figure, locale: Locale) -> None:
    """Put the chart in as a picture; where it cannot be drawn, its table stands alone."""
    try:
        drawn, points = picture(block.chart, locale)
    except NoPango:
        return
    shape = word.add_picture(BytesIO(drawn), width=Pt(points))
    told = shape._inline.docPr  # noqa: SLF001  python-docx has no word for what a picture tells those who cannot see it
    told.set("descr", block.chart.title)


def _boxes(word: WordDocument, block: Boxes, _: Locale) -> None:
    table = word.add_table(rows=0, cols=block.count, style="Table Grid")
    row = table.add_row()
    row.height = FRAME
    keep_whole(row)
    for cell in row.cells:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        write(cell.paragraphs[0], block.words)
    for cell in table.add_row().cells:
        for number, line in enumerate(block.lines):
            write(cell.add_paragraph() if number else cell.paragraphs[0], line)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


_WRITERS: Mapping[str, Callable[[WordDocument, Any, Locale], None]] = {
    "paragraph": _paragraph,
    "entries": _items,
    "table": _table,
    "figure": _figure,
    "boxes": _boxes,
}
