"""Khmer letters: the two normal forms of a text, clusters and their edges, index tokens, words, sentences, digits, signs.

The script profile: no other module holds a Khmer letter or knows a number of one. Words are in `archive.khmer_wording`.

The order of signs inside a cluster follows the Khmer Encoding Structure (Unicode Technical Note 61): base, robat, subscripts
with RO last, register shifter, vowels, signs. Nothing here raises on any ``str``, lone surrogates included.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from unicodedata import combining, normalize

TOKENIZER_VERSION = 2  # raise it whenever fold(), tokens() or the row of the index changes: it is then built anew

KHMER_LETTERS = "".join(map(chr, range(0x1780, 0x17B4)))  # consonants, independent vowels: what begins a cluster

# ---- what patterns elsewhere need: ranges to stand within the brackets of a pattern, and single signs -----------------------------

BLOCK = "\u1780-\u17ff"  # letters, signs, digits, punctuation
SCRIPT = BLOCK + "\u19e0-\u19ff"  # with the symbols of the lunar calendar
SPELLING = "\u1780-\u17d3"  # what words are written with: letters and their signs
PUNCTUATION = "\u17d4-\u17d6\u17d8-\u17db"  # without the sign of repetition, which stands for a word
DIGITS = "០១២៣៤៥៦៧៨៩"
KHAN, BARIYOOSAN, KOOMUUT = "។", "៕", "៚"  # the ends of a sentence, of an article, of a book
ENDS = KHAN + BARIYOOSAN  # what ends a sentence in the news
ET_CETERA = "ល"  # between two ends of a sentence it means "and so on" and ends nothing
CAMNUC, YUUKALEAPINTU, REAHMUK = "៖", "ៈ", "ះ"  # the colon, and two signs of spelling that look like it
COLONS = CAMNUC + YUUKALEAPINTU
COENG = "\u17d2"  # sets the letter after it below the one before it
SUBSCRIPT_RO = COENG + "រ"  # the one letter that the canonical order of a cluster moves
INHERENT = "\u17b4\u17b5"  # vowels that are neither seen nor heard
SAME_LETTERS = {"ដ": "ត", "ឲ": "ឱ", "\u17a3": "អ", "\u17a4": "អ"}  # as clean and fold may write them
MIXED_UP = str.maketrans("ឡណដឱ", "លនតអ")  # of which writers take one for the other: different words, too

_E, _AA, _II, _U, _OE, _OO, _NIKAHIT = "\u17c1", "\u17b6", "\u17b8", "\u17bb", "\u17be", "\u17c4", "\u17c6"
_ROBAT, _MUUSIKATOAN, _TRIISAP = "\u17cc", "\u17c9", "\u17ca"
_SHIFTERS = _MUUSIKATOAN + _TRIISAP
_ABOVE = "\u17b7\u17b8\u17b9\u17ba\u17be\u17d0"  # under these a shifter looks like the vowel U
_FIRST_SERIES = frozenset("កខចឆដឋណតថបផឝឞសហឡអ")  # consonants that TRIISAP moves to the other register

_BASE = "\u1780-\u17b3"
_MARK = "\u17b6-\u17d1\u17d3\u17dd"
_SIGN = "\u17cb\u17cd-\u17d1\u17d3\u17dd\u17c6"
# Shifters, then vowels: before, below, above, after the letter; then the signs, those after the letter last.
_ORDER = (
    *(0x17C9, 0x17CA, *range(0x17BE, 0x17C6), *range(0x17BB, 0x17BE), *range(0x17B7, 0x17BB), 0x17B6),
    *(0x17CB, *range(0x17CD, 0x17D2), 0x17D3, 0x17DD, 0x17C6, 0x17C7, 0x17C8),
)
_RANK = {chr(mark): rank for rank, mark in enumerate(_ORDER)}

_CLUSTER = re.compile(f"[{_BASE}](?:{COENG}[{_BASE}]?+|[{_MARK}])*+")
_PLAIN_TAIL = (  # at most one sign of each kind, in order: nothing to mend
    f"{_ROBAT}?+(?:{COENG}[\u1780-\u1799\u179b-\u17b3])*+(?:{SUBSCRIPT_RO})?+[{_SHIFTERS}]?+[\u17b6-\u17c5]?+"
    f"(?:(?!(?<={_U})\u17d0)[{_SIGN}])?+[\u17c7\u17c8]?+(?![{_MARK}]|{COENG}[{_BASE}])"
)
_DISORDERED = re.compile(  # not from a subscript on: that would make long rows of them quadratic
    f"[{_BASE}](?=[{_MARK}{COENG}])(?<![{_BASE}{_MARK}]{COENG}.)(?!{_PLAIN_TAIL})(?:{COENG}[{_BASE}]|[{_MARK}])++"
)
_DEPENDENT = re.compile("[\u17b6-\u17d3\u17dd]")
_SUBSCRIPT = re.compile(f"{COENG}[{_BASE}]")
_COENG_RUN = re.compile(f"{COENG}{COENG}+")

# Deleted: controls but tab and line feed, soft hyphen, inherent vowels, zero-width and bidi characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_JOINER = re.compile(f"(?<=[{SCRIPT}])[\u200c\u200d]++(?=[{SCRIPT}])")
_BLANK = re.compile("[\x0b\x0c\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def clean(text: str) -> str:
    """Give the form to store, which looks the same but spells each word in one way only; idempotent.

    NFC without invisible characters and controls (line feed and tab stay), every line end a line feed, every other blank
    a space, and each Khmer cluster in canonical order. Joiners go only between Khmer characters, since emoji need theirs.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u17a3", "អ").replace("\u17a4", "អា")
    text = _JOINER.sub("", _BLANK.sub(" ", _INVISIBLE.sub("", text.replace("\u200b", ""))))
    if "\u200c" in text or "\u200d" in text:
        text = _distant_joiner().sub(r"\1", text)
    text = _COENG_RUN.sub(COENG, normalize("NFC", text))
    text = _DISORDERED.sub(_reordered, text)
    return normalize("NFC", text) if "\u17dd" in text else text  # the one Khmer sign that NFC itself moves


@cache
def _distant_joiner() -> re.Pattern[str]:
    """Build the pattern of a joiner between Khmer characters with marks between that NFC may carry past them (slow)."""
    moving = "".join(char for char in map(chr, range(0x300, 0x1E950)) if combining(char) and not is_khmer(char))
    return re.compile(f"([{SCRIPT}][{moving}]*+)[\u200c\u200d]++(?=[{moving}]*+[{SCRIPT}])")


def _reordered(disordered: re.Match[str]) -> str:
    cluster = disordered[0]
    order = _canonical if len(cluster) < 24 else _canonical.__wrapped__  # no cache for hostile lengths
    return order(cluster)


@lru_cache(maxsize=4096)
def _canonical(cluster: str) -> str:
    """Put one cluster (base, then subscripts and marks in any order) in canonical order, each mark once."""
    subscripts = _SUBSCRIPT.findall(cluster)
    subscripts.sort(key=SUBSCRIPT_RO.__eq__)  # stable: RO goes last, the others keep their order
    marks = set(_SUBSCRIPT.sub("", cluster[1:]))
    for half, whole in ((_AA, _OO), (_II, _OE)):  # vowels typed in two halves
        if {_E, half} <= marks:
            marks = marks - {_E, half} | {whole}
    if _U in marks and (not marks.isdisjoint(_ABOVE) or {_AA, _NIKAHIT} <= marks):
        marks.remove(_U)
        if marks.isdisjoint(_SHIFTERS):
            marks.add(_TRIISAP if _FIRST_SERIES.intersection(cluster) else _MUUSIKATOAN)
    robat = marks & {_ROBAT}
    return "".join([cluster[0], *robat, *subscripts, *sorted(marks - robat, key=_RANK.__getitem__)])


_DIGIT = re.compile("[\u17e0-\u17e9]")
_BA_SHIFTED = re.compile(f"(ប(?:{COENG}[{_BASE}])*+){_MUUSIKATOAN}(?=[{_ABOVE}]|{_AA}{_NIKAHIT})")
# Where folding may change the length: letters that casefold to several, and marks that then join the letter before them.
_LENGTHENED = "".join(char for char in map(chr, range(0xFB18)) if len(char.casefold()) > 1)
_UNEVEN = re.compile(f"[\u0300-\u036f{_LENGTHENED}]")


def fold(text: str) -> str:
    """Give the form to compare: clean, without case, one spelling where two are the same word; idempotent.

    The same function is to be applied to what is searched and to what is searched for.
    """
    return fold_clean(clean(text))


def fold_with_offsets(clean_text: str) -> tuple[str, Sequence[int]]:
    """Fold a text that is already clean; also give, for each index in the fold, the index in the clean text it came from.

    ``starts`` has one entry more than the fold has characters, so ``clean_text[starts[i]:starts[j]]`` is what became
    ``folded[i:j]``. It is a ``range`` when nothing moved, else an array.
    """
    folded = fold_clean(clean_text)
    if not _UNEVEN.search(clean_text):
        return folded, range(len(folded) + 1)
    starts = array("L")
    done = 0
    for start, end in _uneven_spans(clean_text):
        starts.extend(range(done, start))
        length = len(_casefolded(clean_text[start:end]))
        starts.extend(min(index, end - 1) for index in range(start, start + length))
        done = end
    starts.extend(range(done, len(clean_text) + 1))
    return folded, starts


def _uneven_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the letters, each with all its combining marks, whose fold may be longer or shorter."""
    end = 0
    for uneven in _UNEVEN.finditer(text):
        if uneven.start() < end:
            continue
        start, floor, end = uneven.start(), end, uneven.end()
        while start > floor and combining(text[start]):
            start -= 1
        while end < len(text) and combining(text[end]):
            end += 1
        yield start, end


def fold_clean(text: str) -> str:
    """Fold a text that is clean already, as everything stored is."""
    text = _casefolded(text).replace(COENG + "ដ", COENG + "ត").replace("ឲ", "ឱ")
    return arabic_digits(_BA_SHIFTED.sub(rf"\1{_TRIISAP}", text))


def _casefolded(text: str) -> str:
    folded = text.casefold()
    return normalize("NFC", folded) if _UNEVEN.search(text) else folded


def arabic_digits(text: str) -> str:
    """Write Khmer digits as ASCII digits."""
    return _DIGIT.sub(lambda digit: chr(ord(digit[0]) - 0x17B0), text)  # ០ is U+17E0, 0 is U+0030


def native_digits(text: str) -> str:
    """Write ASCII digits as Khmer digits."""
    return "".join(chr(ord(char) + 0x17B0) if "0" <= char <= "9" else char for char in text)


# What FTS5's older tables take as parts of words and nobody searches: variation selectors, joiners, emoji.
_PICTURE = re.compile("[\u200d\u2600-\u27bf\ufe00-\ufe0f\U0001f000-\U0001faff]++")
# A cluster, stray signs, a lone letter-like sign, or whatever is no Khmer word.
_UNIT = re.compile(f"{_CLUSTER.pattern}|[{_MARK}{COENG}]++|[\u17d7\u17dc]|[^{_BASE}{_MARK}{COENG}\u17d7\u17dc]++")


_LATIN = (  # without the signs × and ÷ that lie among the letters
    "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua787\uff21-\uff3a\uff41-\uff5a"
)
_KHMER_RUN = re.compile(f"[{SCRIPT}]++")
_LETTER_RUN = re.compile(f"[{_BASE}]++")
_LATIN_RUN = re.compile(f"[{_LATIN}]++")
_LATIN_WORD = re.compile(f"[{_LATIN}](?:['’-]?[{_LATIN}\u0300-\u036f0-9])*+")
_WORD_CHAR = re.compile(f"[{_LATIN}\u0300-\u036f0-9\u17e0-\u17e9]")
_TOUCHING = re.compile(f"(?<=[{_LATIN}])(?=[0-9])|(?<=[0-9])(?=[{_LATIN}])")


def tokens(folded: str) -> str:
    """Write folded text so that FTS5 takes every Khmer cluster as one token and leaves Latin words and numbers whole.

    For ``tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"``. A number that touches a Latin word is parted
    from it, since a Khmer one that does is a word of its own to a reader and folds to the same digits.
    """
    return _TOUCHING.sub(" ", " ".join(_UNIT.findall(_PICTURE.sub(" ", folded))))


def index_text(text: str) -> str:
    """Give what the index keeps of any text: the tokens of its fold."""
    return tokens(fold(text))


def is_khmer(char: str) -> bool:
    """Tell whether one character belongs to the Khmer script: letters, signs, digits, punctuation, lunar symbols."""
    return "\u1780" <= char <= "\u17ff" or "\u19e0" <= char <= "\u19ff"


def count_khmer(text: str) -> int:
    """Count the Khmer letters of a text, subscript ones too, signs not."""
    return sum(map(len, _LETTER_RUN.findall(text)))


def count_latin(text: str) -> int:
    """Count the Latin letters of a text."""
    return sum(map(len, _LATIN_RUN.findall(text)))


def khmer_share(text: str) -> float:
    """Give the share of Khmer among Khmer and Latin letters, 0.0 to 1.0; 0.0 if there are neither."""
    khmer = count_khmer(text)
    return khmer / (khmer + count_latin(text)) if khmer else 0.0


def words_est(text: str) -> int:
    """Estimate how many words a text has: Latin words, and one for every 4.8 Khmer characters."""
    khmer = sum(map(len, _KHMER_RUN.findall(text)))
    return len(_LATIN_WORD.findall(text)) + round(khmer / 4.8)  # 4.8: measured on hand-segmented news


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the Khmer clusters of a text: each a letter with its subscripts, vowels and signs."""
    return (cluster.span() for cluster in _CLUSTER.finditer(text))


def cluster_count(text: str) -> int:
    """Count the Khmer clusters of a text."""
    return len(_CLUSTER.findall(text))


def starts_cluster(text: str, index: int) -> bool:
    """Tell whether a span may begin at the index without cutting a Khmer cluster."""
    return not (text[max(index - 1, 0) : index] == COENG or _DEPENDENT.match(text, index))


def ends_cluster(text: str, index: int) -> bool:
    """Tell whether a span may end just before the index without cutting a Khmer cluster."""
    return starts_cluster(text, index)  # what may not follow a cut is the same on both of its sides


def grow_to_clusters(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the smallest span of whole Khmer clusters, Latin words and numbers that covers a span of the text."""
    while 0 < start < len(text) and _is_inside(text, start):
        start -= 1
    while 0 < end < len(text) and _is_inside(text, end):
        end += 1
    return start, end


def _is_inside(text: str, index: int) -> bool:
    """Tell whether the index lies between two characters that a reader takes as one piece."""
    joined = _WORD_CHAR.match(text, index - 1) and _WORD_CHAR.match(text, index)
    return bool(joined) or not starts_cluster(text, index)


_CLOSING = "»”’\"')\\]"
_STOP = re.compile(
    rf"(?P<etc>។ ?ល ?។)|(?:[។៕៚]|[?!](?![A-Za-z0-9=&/%])|(?P<dot>(?<!\.)\.++(?=[{_CLOSING}]*+(?:\s|$))))"
    rf"[។៕៚?!.]*+[{_CLOSING}]*+|\n|\Z"
)
_TRIMMED = re.compile(r"\S(?:[\s\S]*\S)?")
# What a full stop may follow and yet end nothing: an initial, a title, the number of a list.
_ABBREVIATED = re.compile(
    rf"(?:^|[\s.(«“\"'])(?:[{_LATIN}]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|{_CLUSTER.pattern})$|^\s*[0-9\u17e0-\u17e9]{{1,3}}$"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the sentences of a text, without the blanks around them.

    ។ល។ means "and so on" and ends nothing. A full stop ends a sentence before a blank or the end, but not after an
    initial, a short title or the number of a list. A line feed ends a sentence too.
    """
    start = 0
    for stop in _STOP.finditer(text):
        before = text[max(start, stop.start() - 16) : stop.start()]  # 16: longer than any abbreviation
        if stop["etc"] or (stop["dot"] and _ABBREVIATED.search(before)):
            continue
        if words := _TRIMMED.search(text, start, stop.end()):
            yield words.span()
        start = stop.end()
