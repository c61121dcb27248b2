"""Names out of what a page writes of its authors: parted, without by-words, offices, places and dates, agencies as such."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from archive.khmer import CAMNUC, COLONS, ENDS, SPELLING, fold, is_khmer
from archive.languages import MONTHS, WORDING
from archive.wording import any_of, any_spaced
from pipelines.page.blocks import one_line

NAME_LENGTH = 80
"""Characters; a longer text is no name."""
NAMES = 20
TOLD_LENGTH = 1_000
"""Characters of what one place tells; twenty names take fewer, and what is longer is no by-line."""
WORDS = 8
"""Of one name; agencies have the longest."""

_COLON = rf"\s*[:{COLONS}]"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻŠŽČĆÐ]"
_BY_WORD, _AND_WORD = any_of(WORDING.by), any_of(WORDING.and_words)
_NOT_BY = rf"(?!{any_of(WORDING.after_no_by)})"
_LABEL = any_of((*WORDING.reporters, *WORDING.by_labels))
_BY = re.compile(
    r"^[\s(«\"“–—-]{0,3}(?:"
    r"(?:(?:written|posted|reported|reporting|published|story|stories|text|articles?|words|report|contributed)\s+)?by(?![a-z-])\s*:?"
    rf"|(?:author|writer|reporter|byline|words|text)s?{_COLON}"
    rf"|(?:{any_of(WORDING.before_by)}\s*)?{_BY_WORD}{_NOT_BY}[:{COLONS}]?"
    rf"|{_LABEL}{_COLON}|{any_spaced(WORDING.text_and_pictures)}(?:\s*{_BY_WORD})?(?:{_COLON}|\s)"
    rf"|(?:translated by|translation{_COLON}|{any_of(WORDING.translators)}{_COLON})|©"
    r"|(?:von|par|por|av|af|door|oleh)\s*$"
    rf"|(?-i:[Vv]on|[Pp]ar|[Pp]or|[Aa]v|[Aa]f|[Dd]oor|[Oo]leh)\s+(?=(?-i:{_CAPITAL}\S*\s+{_CAPITAL}))"
    r")\s*",
    re.IGNORECASE,
)
"""What stands before the names of those who wrote."""
_TRANSLATED = re.compile(rf"^(?:translat|{any_of(WORDING.translated)})", re.IGNORECASE)
_CREDIT = re.compile(rf"^(?:source|via|{any_of(WORDING.source_labels)}){_COLON}\s*", re.IGNORECASE)
_INNER_BY = re.compile(
    rf"(?:[{SPELLING}]*{_BY_WORD}|{any_of(WORDING.inner_labels)}){_COLON}|(?<![A-Za-z])(?:(?:[Tt]ext|[Ww]ords|[Ss]tory|[Ww]ritten|[Rr]eporte?d?) b|B)y:?\s(?=[A-Z])"
)
_SIGN = re.compile(rf"^[\s(«]*[^\s:{COLONS}]*{_BY_WORD}(?![\s:{COLONS}])")
_OTHER_WORK = re.compile(
    rf"^[\s(«\"“–—-]{{0,3}}(?:(?:photo|foto|bild|picture|image|video|graphic|illustrat|edit|copy-?edit)[a-z]*(?:\s+(?:[a-z]+\s+)?by(?![a-z])|\s*[:{CAMNUC}])|editor\s*[:{CAMNUC}]"
    rf"|{any_of(WORDING.other_work)}\s*(?:{_BY_WORD}|[:{COLONS}]))",
    re.IGNORECASE,
)
"""Credits of people who did something else: pictures, film, editing."""
_HONORIFIC = re.compile(
    rf"^(?:{any_of(WORDING.courtesy)}?\s?{any_of(WORDING.degrees)}\s+|(?-i:Lok(?: Srey)?)\s+(?=\S+\s\S)"
    rf"|{any_of((*WORDING.courtesy, *WORDING.honorifics, *WORDING.reporters))}\s+|(?:Mr|Mrs|Ms|Miss)\b\.?\s+)",
    re.IGNORECASE,
)
"""Courtesy and office before a name; a name is kept without."""
_JOIN = re.compile(
    r"\s*[,;،、](?!\s*(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D)\b)\s*|\s*[|•·+]\s*|\s*/\s*|\s*&\s*|\s+(?:and|with|"
    rf"{any_of(WORDING.between_names)})\s+|\s*{_AND_WORD}\s*(?={any_of(WORDING.courtesy)})",
    re.IGNORECASE,
)
_LOWER_IN_NAMES_TOLD = """
al ben bin binti da de del della den der di dos du e el et ibn la le ter the of and van von y
"""
_LOWER_IN_NAMES = frozenset(_LOWER_IN_NAMES_TOLD.split())
_AND = re.compile(r"\s+(?:und|og|och|et|y|e|en|i|ja|ve|và|и|та)\s+")
"""What stands before the last of several names in other languages; part of many a single one, too."""
_CAPITALISED = re.compile(rf"{_CAPITAL}[^\s,]*$|(?:{'|'.join(_LOWER_IN_NAMES_TOLD.split())})$")
_TRANSLATION = re.compile(r"translat\w+ (?:by )?(?=[A-Z])", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2,5}/[a-z]{2,5}")
"""How desks write who wrote and who saw it through."""
_LAST_FIRST = re.compile(r"[A-ZÀ-Þ][^\s,;/|]+, [A-ZÀ-Þ][^\s,;/|]*[a-zß-ÿ][^\s,;/|]*")
_MONTH = any_of(MONTHS)
_TAIL = re.compile(
    rf"\s+\d{{1,2}}\s+{_MONTH}\s+\d{{4}}$|\s+{any_of(WORDING.from_words)}\s*{any_of(WORDING.place_words)}\S*$"
    rf"|\s+{any_of(WORDING.offices)}[{SPELLING}]{{2,}}.*$"
    r"|\s+[-–—|•·]\s.*$|\s+(?:(?:published|posted|updated)\s+)?(?:on|at|in)\s+\S.*$|\s+(?:for|from)\s+(?:the\s+)?[A-Z].*$"
    rf"|\s*(?:published|posted|updated|{any_of(WORDING.posted)})(?:\s|:|{CAMNUC}|{any_of(WORDING.at_words)}).*$|\s*\d{{1,2}}\s*[:/.-]\s*\d.*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[（]([^()\[\]（）]*)[)\]）]?")
_EDGES = CAMNUC + " \t:,.·•|-–—_/*©«»\"“”'‘()[]"
_ADDRESS = re.compile(r"https?:|www\.|\S*@\S*|\.(?:com|net|org|kh)(?:/|$)", re.IGNORECASE)
_DATE = re.compile(
    rf"\d\s*{_MONTH}(?:\s|$)|(?:^|\s){_MONTH}\s*\d|\b(?:19|20)\d\d\b|\d{{1,2}}\s*[:/]\s*\d|^\d+$|^(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?$"
    r"|(?:^|\s)(?:\d{1,2}\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|^\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\bago$|\d\s*min(?:ute)?s?\b|read$"
    rf"|{any_of(WORDING.day_words)}{any_of(WORDING.nth)}|{any_of(WORDING.year_words)}|{any_of(WORDING.hour_words)}|{any_of(WORDING.ends_in_ago)}$",
    re.IGNORECASE,
)
_DESK_TOLD = """
admin administrator editor editors webmaster user root superuser author authors news newsroom unknown null none n/a
anonymous staff staffwriter staffwriters staffreporter staffreporters reporter reporters correspondent writer
contributor contributors guest guestwriter guestcontributor onlineeditor webeditor webdesk newsdesk onlinedesk
digitaldesk desk editorial editorialteam editorialboard newsstaff newsteam ournewsdesk onlinereporter seniorreporter
seniorwriter journalist freelancejournalist politicaleditor chiefeditor editorinchief editor-in-chief managingeditor
deputyeditor team by webteam test default comms communications commsteam communicationsteam mediateam press
pressoffice publicrelations redaktion rédaction redaktionen redacción redazione
"""
_PICTURE_AGENCIES_TOLD = """
getty gettyimages imago imagoimages zumapress zumapresswire shutterstock istock istockphoto alamy depositphotos
unsplash pixabay picturealliance
"""
_DESK = frozenset((_DESK_TOLD + _PICTURE_AGENCIES_TOLD).split()).union(
    map(fold, (*WORDING.reporters, *WORDING.desk_signatures))
)
"""Folded and without spaces: what systems and desks put where nobody signed, offices beside a name, and who sells pictures."""
_OFFICE = re.compile(
    r"(?:\s+(?:staff|senior|chief|political|business|deputy|managing|news|online|freelance|contributing|special))*"
    r"\s+(?:reporters?|writers?|correspondents?|editors?|journalists?)$"
    rf"|\s+(?:{any_of(WORDING.reporters)}|기자|記者|记者)$",
    re.IGNORECASE,
)
_DESK_NAMES = re.compile(
    rf"\s(?:reporters|correspondents|staff writers)$|^{any_of(WORDING.desk_beginnings)}", re.IGNORECASE
)
_PLACES_TOLD = """
phnompenh siemreap battambang kampongcham kampongchhnang kampongspeu kampongthom kampot kandal kep kohkong kratie
mondulkiri oddarmeanchey pailin preahsihanouk sihanoukville preahvihear preyveng pursat ratanakiri stungtreng
svayrieng takeo tboungkhmum banteaymeanchey poipet cambodia bangkok hanoi beijing washington tokyo singapore london
paris newyork
"""
_PLACES = frozenset(_PLACES_TOLD.split()).union(map(fold, WORDING.places))
_AGENCIES_TOLD = """
afp akp ap reuters xinhua dpa kyodo kyodonews efe ansa tass upi ani pti bernama vna tna jiji yonhap bbc cnn
bloomberg associatedpress agencefrance-presse agencekampucheapresse
"""
_AGENCIES = frozenset(_AGENCIES_TOLD.split())
_AGENCY_WORDS = re.compile(
    rf"{any_of(WORDING.agency_words)}|\b(?:agency|agence|press service|newswire|wires?)\b", re.IGNORECASE
)


def names(told: Iterable[str]) -> tuple[str, ...]:
    """Clean and part what one origin tells into names, each once, in order."""
    found: dict[str, str] = {}
    for text in told:
        for name in _names(text):
            found.setdefault(fold(name), name)
    return tuple(found.values())[:NAMES]


def signed(text: str) -> bool:
    """Tell whether a text readers see begins with a by-word that is no part of the next word, and names who wrote."""
    return bool(_BY.match(text)) and not _SIGN.match(text) and not _TRANSLATED.match(text) and _are_names(text)


def only_by(text: str) -> bool:
    """Tell whether a text is a by-word that waits for the name in the next part of the page."""
    return bool(_BY.match(text)) and not _without_by(text).strip(_EDGES) and not _TRANSLATED.match(text)


def from_by(text: str) -> str:
    """Give a by-line without the date before it."""
    found = _INNER_BY.search(text)
    return text[found.start() :] if found and any(map(str.isdigit, text[: found.start()])) else text


def translated(text: str) -> bool:
    """Tell whether a text names who translated."""
    return bool(_BY.match(text) and _TRANSLATED.match(text)) and _are_names(text)


def credited(text: str) -> str:
    """Give what a text names as its source; empty where it names none."""
    return _CREDIT.sub("", text) if _CREDIT.match(text) else ""


def _are_names(text: str) -> bool:
    found = list(_names(text))
    return bool(found) and all(map(looks_like_name, found))


def is_agency(name: str) -> bool:
    """Tell whether a name is that of a news agency."""
    return key(name) in _AGENCIES or bool(_AGENCY_WORDS.search(name))


def is_other_work(text: str) -> bool:
    """Tell whether a text credits pictures, film or editing."""
    return bool(_OTHER_WORK.match(text))


def looks_like_name(text: str) -> bool:
    """Tell whether a text of readers' page, without by-words, could be a name and no part of a sentence."""
    words = text.split()
    if not words or len(words) > WORDS or re.search(f"[{ENDS}?!]", text):
        return False
    if any(map(is_khmer, text)):
        return len(text) <= 40  # a Khmer sentence has few spaces
    return all(not word[0].islower() or word.lower() in _LOWER_IN_NAMES for word in words) and not words[0].islower()


def key(name: str) -> str:
    """Give the form by which a name is known: folded, without spaces."""
    return fold(name).replace(" ", "").strip(".")


def _names(text: str) -> Iterator[str]:
    text = one_line(unescape(text)) if len(text) <= TOLD_LENGTH else ""
    if is_other_work(text) or (text.count("/") > 1 and _ADDRESS.search(text)):
        return
    text = _unbracketed(_ADDRESS.sub(" ", _without_by(text)) if "@" in text else _without_by(text))
    if _LAST_FIRST.fullmatch(text) and not any(is_agency(part) or key(part) in _PLACES for part in text.split(", ")):
        yield text
        return
    for part in _parts(text):
        if part and (is_other_work(part) or _TRANSLATION.match(part)):
            return
        yield from filter(None, map(_name, _whole_names(part)))


def _parts(text: str) -> Iterator[str]:
    """Part what is told where no name goes on; a desk's code stays whole."""
    for words in re.split(r"\s*;\s*", text):
        is_code = _CODE.fullmatch(words) and not any(map(is_agency, words.split("/")))
        yield from [words] if is_code else _JOIN.split(words)


def _whole_names(part: str) -> list[str]:
    """Give the two names that another language's "and" joins, where either is a person's alone; else the part."""
    for found in _AND.finditer(part):
        sides = [part[: found.start()], part[found.end() :]]
        if all(map(is_person, sides)):
            return sides
    return [part]


def is_person(text: str) -> bool:
    """Tell whether a Latin text is a person's whole name and nothing else: two to four words, each with a capital, no digit."""
    words = text.split()
    if not 1 < len(words) <= 4 or words[0][0].islower():
        return False
    return all(map(_CAPITALISED.match, words)) and not re.search(r"[\d:;!?()@/&|]", text)


def _without_by(text: str) -> str:
    for _ in range(3):  # "Posted by: By …"
        text = _BY.sub("", text, count=1)
    return text


def _unbracketed(text: str) -> str:
    """Write an agency in brackets beside a name as one more name, a name wholly in brackets without them, and drop other brackets."""
    whole = _BRACKETS.fullmatch(text)
    if whole:
        return whole[1]
    return _BRACKETS.sub(lambda found: f", {found[1]}" if is_agency(found[1].strip()) else " ", text)


def _name(part: str) -> str:
    name = _HONORIFIC.sub("", _without_by(part.strip(_EDGES)))
    name = _TAIL.sub("", name).strip(_EDGES)
    person = _OFFICE.sub("", name)
    is_desk = " " not in person and person.isascii()  # "Example reporter" calls itself so
    name = name if is_desk else person
    name += "." if name.endswith((" Jr", " Sr")) else ""
    return name if _is_usable(name) else ""


def _is_usable(name: str) -> bool:
    known = key(name)
    if ":" in name or name.startswith(WORDING.province_words) or _DESK_NAMES.search(name):
        return False
    if not known or len(name) > NAME_LENGTH or len(name.split()) > WORDS or len(known) < 2:
        return False
    return known not in _DESK and known not in _PLACES and not _ADDRESS.search(name) and not _DATE.search(fold(name))
