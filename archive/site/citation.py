"""How an article is cited: APA (7th edition), Chicago (17th, bibliography) and BibTeX (for biblatex with biber).

Names stand as they are printed, in every style: Khmer names begin with the family name, and which part of a name in Latin letters is the
family name cannot be told. Dates and set phrases are English, as the styles want them; titles, names and sources keep their own script.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from babel.dates import format_date

Piece = tuple[str, bool]
"""Some words, and whether the style sets them in italics."""

_KINDS = {"post": "Post", "radio": "Radio broadcast", "TV": "Television broadcast", "print": "Print"}
"""What stands in brackets behind the title of anything but an article on the web."""

_MEANT = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL = re.compile(r"[\\{}$&#%_~^]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a citation tells of an article; all text as it is shown, empty where it is not known."""

    key: str
    title: str
    authors: tuple[str, ...]
    source: str
    day: date | None
    reliable: bool
    """Whether nothing speaks against the day; else it is told as about that day."""
    url: str
    archive: str
    """Name of the site."""
    address: str
    """Where the article stands in this archive; empty where nobody outside can reach it."""
    archived: date
    """Day on which the archive took it."""
    kind: str = "article"
    language: str = "und"

    @property
    def named(self) -> str:
        """Give the title, what kind of thing it is beside it."""
        title = self.title or "[Untitled]"
        return f"{title} [{_KINDS[self.kind]}]" if self.kind in _KINDS else title


def apa(cited: Cited) -> list[Piece]:
    """Write it in APA style; without an author the title comes first."""
    day = f"({_about(cited)}{_day(cited.day, 'y, MMMM d')})." if cited.day else "(n.d.)."
    head = f"{_ended(_listed(cited.authors, '&'))} {day}" if cited.authors else f"{_ended(cited.named)} {day}"
    title = f" {_ended(cited.named)} " if cited.authors else " "
    return [(head + title, False), (cited.source, True), (f". {_places(cited)}", False)]


def chicago(cited: Cited) -> list[Piece]:
    """Write it as an entry of a Chicago bibliography."""
    authors = f"{_ended(_listed(cited.authors, 'and'))} " if cited.authors else ""
    day = _about(cited) + _day(cited.day, "MMMM d, y") if cited.day else "n.d."
    return [
        (f"{authors}“{_ended(cited.named)}” ", False),
        (cited.source, True),
        (f", {_ended(day)} {_places(cited)}", False),
    ]


def bibtex(cited: Cited) -> str:
    """Write it as an entry for biblatex; braces keep titles and names as they are."""
    fields = {
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in cited.authors),
        "title": f"{{{_escaped(cited.named)}}}",
        "journaltitle": f"{{{_escaped(cited.source)}}}",
        "date": cited.day.isoformat() + ("" if cited.reliable else "~") if cited.day else "",
        "url": quote(cited.url, safe="/:?#[]@!$&'()*+,;=%~-._"),
        "urldate": cited.archived.isoformat(),
        "langid": {"km": "khmer", "en": "english"}.get(cited.language, ""),
        "note": _escaped(_kept(cited)),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{cited.key},\n{lines}}}"


def plain(pieces: Sequence[Piece]) -> str:
    """Give a citation without italics."""
    return "".join(words for words, _ in pieces)


def _places(cited: Cited) -> str:
    """Tell where it lies; no full stop after an address, since it would be taken for a part of it."""
    return " ".join(part for part in (f"{_kept(cited)}.", cited.url) if part)


def _kept(cited: Cited) -> str:
    """Tell where the copy is that will still be there when the page is gone."""
    at = f" ({cited.address})" if cited.address else ""
    return f"Archived {_day(cited.archived, 'MMMM d, y')}, in {cited.archive}, {cited.key}{at}"


def _listed(names: Sequence[str], last: str) -> str:
    """List names, as «A, B, & C» and «A, B, and C» in English."""
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def _about(cited: Cited) -> str:
    return "" if cited.reliable else "ca. "


def _day(day: date | None, pattern: str) -> str:
    return format_date(day, pattern, locale="en") if day else ""


def _ended(words: str) -> str:
    """End words with a full stop unless they end in a sign of their own."""
    return words if words.endswith((".", "?", "!", "…")) else f"{words}."


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _MEANT.get(sign[0], f"\\{sign[0]}"), " ".join(text.split()))
