"""Lines that stand in an article's body without being its text: labels of related boxes, by-lines and dates, words of farewell."""

import re
from collections.abc import Callable, Sequence

from archive.khmer import CAMNUC, DIGITS, ENDS, KHAN, fold
from archive.languages import WORDING
from archive.wording import any_of

LABEL_LENGTH = 40
"""Characters; a longer line that begins with such words is a sentence."""
HEAD_LINES = 5
"""First lines among which a by-line or a date may stand."""
TAIL_LINES = 8
"""Last lines among which words of farewell may stand."""
PARAGRAPH = 80
"""Characters from which a line is a paragraph; what stands above the title is shorter."""
SAME = 10
"""Characters by which one headline may be longer than its like, for signs that are not seen."""
FRAGMENT = 60
"""Characters of a line such as «Comments» or «Print | Back»."""
TAIL_LENGTH = 300
"""Characters; a longer one is a paragraph."""

LABELS_LATIN = (
    "read (?:more|next|also|the full)",
    "also read",
    "related",
    "see (?:also|more)",
    "more(?: from| on| stories| news)?:",
    "don.?t miss",
    "most read",
    "you (?:may|might) (?:also )?like",
    "recommended",
    "click here",
    "à lire aussi",
    "lire aussi",
    "lesen sie (?:auch|mehr)",
    "mehr zum thema",
    "auch interessant",
    "les også",
    "läs också",
    "lees ook",
    "leggi anche",
    "lea (?:también|además)",
    "te puede interesar",
    "leia (?:também|mais)",
    "baca juga",
    "читайте также",
)

_ANY_LABEL = "|".join((*LABELS_LATIN, any_of(WORDING.leads_elsewhere)))
_LABEL = re.compile(rf"\W*(?:{_ANY_LABEL})", re.IGNORECASE)
_LABEL_ALONE = re.compile(rf"\W*(?:{_ANY_LABEL})(?:\W*|.*[:{CAMNUC}])", re.IGNORECASE)
_BARE = re.compile(
    r"\d{4}-\d\d-\d\dT\S+|\${2}[A-Z_]+\${2}|[_=*·.\s-]+|page \d+ (?:of|/) \d+[\d ]*|[\d,. ]+(?:reads|views|shares|comments|min(?:ute)?s? read)"
    rf"|[0-9{DIGITS}]+ *(?:of|/|{any_of(WORDING.counted)}) *[0-9{DIGITS}]*",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"(?:[Bb][Yy]|[Ww]ritten by|[Ww]ords by|[Rr]eported by) +[A-Z][^.!?]{{2,80}}|{any_of(WORDING.head_labels)} *[:{CAMNUC}]? *[^{KHAN}!?]{{2,70}}"
    r"|(?:(?:First |Last )?(?:[Pp]ublished|[Uu]pdated|[Pp]osted|[Mm]odified)\b[^.!?]{0,60}\d{4}[^.!?]{0,30})|(?:[^>»]{2,30}[>»] *)+[^>»]{0,60}"
)
_FAREWELL = re.compile(
    r"(?:please )?(?:follow|like|find|join) .{0,80}\b(?:on|@|at)\b.{0,60}(?:twitter|facebook|instagram|telegram|youtube|whatsapp|tiktok|linkedin)"
    r"|.{0,120}\b(?:subscribe|sign up|signing up)\b.{0,120}|.{0,80}\bnewsletters?\b.{0,120}|(?:write to|e-?mail|contact|reach|get in touch)\b.*@.*"
    r"|(?:have|got) a (?:news )?tip\b.*|.*\ball rights reserved\b.*|(?:copyright|©).*|(?:leave a )?comments?\W*|share (?:this|on)\b.{0,60}"
    r"|tell us what you think.*|for more stories like this.*|tags?\s*:.*|filed under.*|(?:print|save|share|tweet|email)\W*|.*©.*|(?:print|printer version|tell a friend|back)\b.{0,20}[|].*"
    rf"|{any_of(WORDING.farewell)}.*",
    re.IGNORECASE,
)
SENTENCE_ENDS = (*ENDS, *'.!?…"”»’)')
_COOKIES = re.compile(
    r"\b(?:we|site|website|page)\b.{0,40}\buses? cookies\b|\baccept (?:all )?cookies\b", re.IGNORECASE
)


def is_label(words: str) -> bool:
    """Tell whether a line begins as those do that lead to other pages."""
    return bool(_LABEL.match(words))


def without_phrases(lines: Sequence[str], title: str, dated: Callable[[str], bool]) -> list[str]:
    """Give the lines of a body without those that are no text of it; `dated` tells whether one is nothing but a date."""
    kept = _after_title([line for line in lines if not _is_bare(line)], title)
    head = [line for line in kept[:HEAD_LINES] if not (_HEAD.fullmatch(line) or dated(line))]
    return _without_farewell([*head, *kept[HEAD_LINES:]])


def _after_title(lines: list[str], title: str) -> list[str]:
    """Give the lines without the title, and without what stands above it among the first."""
    wanted = fold(title)
    titles = [
        number for number, line in enumerate(lines) if abs(len(line) - len(title)) < SAME and fold(line) == wanted
    ]
    above = titles[0] if titles and all(len(line) < PARAGRAPH for line in lines[: titles[0]]) else 0
    return [line for number, line in enumerate(lines) if number >= above and number not in titles]


def _is_bare(line: str) -> bool:
    """Tell whether a line is an address, an instant, a rule, a label or a question for consent."""
    if len(line) <= LABEL_LENGTH and _LABEL_ALONE.fullmatch(line):
        return True
    return bool(_BARE.fullmatch(line) or _COOKIES.search(line))


def _without_farewell(lines: list[str]) -> list[str]:
    """Cut the last lines from the first on that asks to follow, subscribe or write, where only such and labels come after it."""
    ending = len(lines)
    while ending > max(1, len(lines) - TAIL_LINES) and (
        _is_farewell(lines[ending - 1]) or _is_fragment(lines[ending - 1])
    ):
        ending -= 1
    cut = next((number for number in range(ending, len(lines)) if _is_farewell(lines[number])), len(lines))
    return lines[:cut]


def _is_farewell(line: str) -> bool:
    return len(line) <= TAIL_LENGTH and bool(_FAREWELL.fullmatch(line))


def _is_fragment(line: str) -> bool:
    """Tell whether a line is too short for a paragraph and ends as no sentence does."""
    return len(line) <= FRAGMENT and not line.endswith(SENTENCE_ENDS)
