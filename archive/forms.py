"""How English words are written otherwise by rule: in the other number, as initials, in wide letters, run together in a hashtag."""

import re
from collections.abc import Iterator

from archive.khmer import BLOCK

_LAST_WORD = re.compile("[A-Za-z]{3,}$")
_SIBILANT = re.compile("(?:s|x|z|ch|sh)$")
_NO_PLURALS = frozenset({"news"})  # its "singular" is another word
_ACRONYM = re.compile("(?<![A-Za-z])[A-Z]{2,8}(?![A-Za-z])")  # 8: LGBTQIAP; a longer one is a headline in capitals
_INITIALS = re.compile(r"(?<![A-Za-z.])(?:[A-Z]\.){2,8}(?![A-Za-z])")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SEVERAL = re.compile("[a-z0-9]+(?:[ '][a-z0-9]+){1,7}")  # a longer hashtag was seen nowhere
_HASHTAG = re.compile(rf"(?<![A-Za-z0-9_{BLOCK}\uff41-\uff5a])[#@＃＠]([A-Za-z0-9_{BLOCK}]{{1,140}})")
_JOINT = re.compile("(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9]|[A-Z][a-z])|(?<=[0-9])(?=[A-Za-z])|_+")


def other_number(spelling: str) -> Iterator[str]:
    """Give the plural of an English singular and the singular of a plural, by the last word's ending alone.

    Plural: -s; -es after s, x, z, ch, sh; -y after a consonant becomes -ies. Singular: the same backwards. Words with two
    capitals, such as LGBT, and words under three letters have no other number.
    """
    found = _LAST_WORD.search(spelling)
    if not found or sum(map(str.isupper, found[0])) > 1 or found[0].lower() in _NO_PLURALS:
        return
    if re.search("[^sui]s$", spelling):
        yield from _singulars(spelling)
    elif _SIBILANT.search(spelling):
        yield spelling + "es"
    elif re.search("[^aeiou]y$", spelling):
        yield spelling[:-1] + "ies"
    else:
        yield spelling + "s"


def _singulars(plural: str) -> Iterator[str]:
    yield plural[:-1]
    if plural.endswith("ies"):
        yield plural[:-3] + "y"
    elif plural.endswith("es") and _SIBILANT.search(plural[:-2]):
        yield plural[:-2]


def abbreviations(spelling: str) -> Iterator[str]:
    """Give how else an abbreviation is printed: LGBT also L.G.B.T. and in the wide letters of East Asian fonts, and each the other way.

    An abbreviation is a word of two to eight capitals, as the query or term writes it.
    """
    if _INITIALS.search(spelling):
        yield _INITIALS.sub(lambda found: found[0].replace(".", ""), spelling)
    if _ACRONYM.search(spelling):
        dotted = _ACRONYM.sub(lambda found: ".".join(found[0]), spelling)
        yield dotted
        if dotted[-2:-1] != ".":  # more words follow
            yield _ACRONYM.sub(lambda found: ".".join(found[0]) + ".", spelling)
        yield _ACRONYM.sub(lambda found: found[0].translate(_WIDE), spelling)


def run_together(key: str) -> str:
    """Give the key of several English words as a hashtag has them; empty for anything else."""
    return re.sub("[ ']", "", key) if _SEVERAL.fullmatch(key) else ""


def is_joint(text: str, index: int) -> bool:
    """Tell whether two words written together meet here: before a capital, before or after digits, as in I|Accept|Cambodia|2022."""
    return _JOINT.match(text, index) is not None


def in_hashtag(text: str, index: int) -> bool:
    """Tell whether a place lies in a hashtag or the name of an account, `#` or `@` and the letters after it."""
    start = max(text.rfind(sign, max(0, index - 140), index + 1) for sign in "#@＃＠")
    found = _HASHTAG.match(text, start) if start >= 0 else None
    return bool(found and index <= found.end())


def hashtag_words(text: str) -> Iterator[str]:
    """Give each hashtag of several words as those words: `#IAcceptCambodia` as `I Accept Cambodia`."""
    for found in _HASHTAG.finditer(text):
        parted = _JOINT.sub(" ", found[1]).strip()
        if " " in parted:
            yield parted
