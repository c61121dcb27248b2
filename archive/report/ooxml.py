"""What python-docx leaves to its users: the complex script of Khmer, links, page numbers, rows that repeat, frames."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from archive.report.scripts import by_script

KHMER_FONT = "Khmer OS Siemreap"
"""On nearly every computer in Cambodia, and what offices there ask for; Word takes another Khmer font where it is missing."""

LATIN_FONT = "Arial"
HYPERLINK = "Hyperlink"
SMALL = "Report Small"


def write(paragraph: WordParagraph, text: str, *, strong: bool = False, href: str = "") -> None:
    """Add words to a paragraph, Khmer parts as complex script; a link where `href` is told."""
    into = _link(paragraph, href) if href else paragraph._p  # noqa: SLF001  python-docx has no word for links
    size, bold = _shape(paragraph.style)
    for part, is_khmer in by_script(text):
        told = _element("rPr")
        if href:
            told.append(_element("rStyle", val=HYPERLINK))
        told.extend(_khmer(size, strong=strong or bold) if is_khmer else _weight(strong=strong))
        into.append(_run(part, told))


def _khmer(size: str, *, strong: bool) -> list[Any]:
    """Give what makes a run complex script; Word takes neither font nor size nor weight of it from those of Latin."""
    fonts = _element("rFonts", ascii=KHMER_FONT, hAnsi=KHMER_FONT, cs=KHMER_FONT)
    return [fonts, *_weight(strong=strong), _element("szCs", val=size), _element("cs"), _element("lang", bidi="km-KH")]


def _weight(*, strong: bool) -> list[Any]:
    return [_element("b"), _element("bCs")] if strong else []


def _run(text: str, told: Any) -> Any:
    run, words = _element("r"), _element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.extend([told, words])
    return run


def _shape(style: Any) -> tuple[str, bool]:
    """Give the size in half points and whether the letters of a style are bold, as it or one that it is based on says."""
    chain = [style]
    while chain[-1].base_style is not None:
        chain.append(chain[-1].base_style)
    size = next((one.font.size for one in chain if one.font.size), None) or _default_size(style)
    bold = next((one.font.bold for one in chain if one.font.bold is not None), False)
    return str(round(size.pt * 2)), bool(bold)


def _default_size(style: Any) -> Length:
    found = style.element.getparent().find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:sz')}")
    return Pt(int(found.get(qn("w:val"))) / 2) if found is not None else Pt(10)


def _link(paragraph: WordParagraph, href: str) -> Any:
    key = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("hyperlink")
    link.set(qn("r:id"), key)
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)  # noqa: SLF001
    return link


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


# ---- styles -----------------------------------------------------------------------------------------------------------------------


def add_link_style(word: WordDocument) -> None:
    """Add the style of links where a document has none."""
    if HYPERLINK in word.styles:
        return
    style = word.styles.add_style(HYPERLINK, WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb = RGBColor(0x15, 0x4B, 0x6C)
    style.font.underline = True


def add_small_style(word: WordDocument) -> None:
    """Add the style of what stands under a headline."""
    if SMALL in word.styles:
        return
    style = word.styles.add_style(SMALL, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.font.size = Pt(9)
    style.font.color.rgb = RGBColor(0x5D, 0x57, 0x4C)


def set_letters(style: Any, points: float, *, bold: bool) -> None:
    """Set fonts, sizes and weight of a style for Latin and complex script alike."""
    told = style.element.get_or_add_rPr()
    for name in ("rFonts", "b", "bCs", "i", "iCs", "sz", "szCs"):
        for old in told.findall(qn(f"w:{name}")):
            told.remove(old)
    size = str(round(points * 2))
    weight = [_element("b"), _element("bCs")] if bold else []
    fonts = _element("rFonts", ascii=LATIN_FONT, hAnsi=LATIN_FONT, eastAsia=LATIN_FONT, cs=KHMER_FONT)
    _insert(told, [fonts, *weight], [_element("sz", val=size), _element("szCs", val=size)])


def _insert(told: Any, first: list[Any], sizes: list[Any]) -> None:
    """Put elements where the schema wants them: fonts and weight first, sizes behind colour and spacing."""
    for place, element in enumerate(first):
        told.insert(place, element)
    behind = [
        child
        for child in told
        if child.tag in {qn(f"w:{name}") for name in ("color", "spacing", "w", "kern", "position")}
    ]
    place = told.index(behind[-1]) + 1 if behind else len(first)
    for number, element in enumerate(sizes):
        told.insert(place + number, element)


def set_language(word: WordDocument, language: str) -> None:
    """Say in which languages the document is, Khmer for its complex script."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    told = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}") if defaults is not None else None
    if told is None:
        return
    for old in told.findall(qn("w:lang")):
        told.remove(old)
    told.append(_element("lang", val="en-US", eastAsia="en-US", bidi="km-KH"))
    word.core_properties.language = {"km": "km-KH"}.get(language, "en-US")


# ---- tables and pages -------------------------------------------------------------------------------------------------------------


def repeat_head(row: Any) -> None:
    """Let a row of a table stand again at the top of every page."""
    row._tr.get_or_add_trPr().append(_element("tblHeader"))  # noqa: SLF001


def keep_whole(row: Any) -> None:
    """Let no page end inside a row."""
    row._tr.get_or_add_trPr().append(_element("cantSplit"))  # noqa: SLF001


def add_page_number(paragraph: WordParagraph) -> None:
    """Write the number of the page."""
    field = _element("fldSimple", instr="PAGE")
    field.append(_run("1", _element("rPr")))
    paragraph._p.append(field)  # noqa: SLF001
