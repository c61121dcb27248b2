"""Which of the articles of one story is the original, and the signs that speak for it: the time, the by-line, credits, addresses, length."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from archive.khmer import CAMNUC, ENDS, fold, fold_clean
from archive.languages import WORDING
from archive.wording import any_folded

CREDITED = 3.0
"""Points where another article of the story names its source or its address; nothing tells more plainly."""
CREDITS = -3.0
"""Points where its own text names another source as the one it has it from."""
EARLIEST = 2.0
"""Points where the minute tells that it was first."""
EARLIER_DAY = 1.0
"""Points where only the day does: it may be that of another zone or of a later change."""
SIGNED = 1.0
"""Points for a person's name; who takes over prints a desk's or none."""
FULLEST = 0.5
"""Points for the longest text: copies are cut more often than they grow."""
LONGER = 1.05
"""How much longer than the next it must be for that."""
ABBREVIATION = 4
"""Letters up to which a source's id is what others call it."""
CERTAIN = 6.0
"""Points ahead of the next at which it is certain: credited, first and signed."""

_CREDIT = any_folded(WORDING.credit_words) + (
    rf"|according to|sources?\s*[:{CAMNUC}]|(?:first|originally) (?:published|reported|appeared) (?:by|in|on)|republished from|courtesy of|\bvia\b"
)
_BETWEEN = rf"[^{ENDS}.!?\n]{{0,30}}?"
"""What may stand between such words and the name: a colon, «the newspaper»; never the end of a sentence."""
_REPORTS = r"\s*[)»”\"]?\s*(?:reports|reported|news agency)\b"
_DESK = re.compile(
    any_folded(WORDING.desk_words)
    + r"|\b(?:news|newsroom|press|agency|agence|staff|desk|team|editors?|reporters?|correspondents?|media|office|ministry|admin|wire)\b"
)
_ACRONYM = re.compile("[A-Z]{2,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a story, as far as it tells where the story comes from."""

    row: int
    key: str
    url: str
    source: str
    day: str | None
    """Local day of publication."""
    at: str | None
    """Its instant, where the minute is known."""
    reliable: bool
    """Whether nothing speaks against the day."""
    authors: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A source as other sources name it."""

    source: str
    names: tuple[str, ...]
    """Folded, the longest first."""
    host: str

    @classmethod
    def of(cls, source: str, names: Collection[str | None], homepage: str) -> "Outlet":
        """Make what knows a source by its names, its address, and its id where that is short."""
        known = {fold(name) for name in (*names, source if len(source) <= ABBREVIATION else None) if name}
        host = (urlsplit(homepage).hostname or "").removeprefix("www.")
        return cls(source=source, names=tuple(sorted(known, key=lambda name: (-len(name), name))), host=host)

    def is_credited(self, folded: str) -> bool:
        """Tell whether a folded text names this source as where it has something from, or prints its address."""
        if self.host in folded and "." in self.host and _whole(self.host).search(folded):
            return True
        return any(name in folded and _credit(name).search(folded) for name in self.names)


@cache
def _credit(name: str) -> re.Pattern[str]:
    """Build what finds a credit to this name in folded text."""
    whole = _whole(name).pattern
    return re.compile(rf"(?:{_CREDIT}){_BETWEEN}{whole}|[(\[]\s*{whole}\s*[)\]]|{whole}{_REPORTS}")


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(f"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that speaks for or against an article's being the original."""

    article: str
    """Public key of the article."""
    sign: Literal["credited", "credits", "earliest", "earlier day", "signed", "fullest"]
    says: str
    """The instant, the day, the names, the source or the number of characters."""
    points: float

    def as_json(self) -> dict[str, str | float]:
        """Give it as it is kept."""
        return {"article": self.article, "sign": self.sign, "says": self.says, "points": self.points}


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Which article is the original."""

    row: int
    score: float | None
    """How sure that is, 0 to 1: how far it is ahead of the next. None where there is one article only."""
    signs: tuple[Sign, ...]
    """Everything that was weighed, that of the original first."""


def original(members: Sequence[Member], outlets: Collection[Outlet]) -> Original:
    """Weigh the articles of one story; what is equal goes to the earlier day, then to the article that was found first."""
    if len(members) == 1:
        return Original(row=members[0].row, score=None, signs=())
    signs = [*_times(members), *_by_lines(members, outlets), *_credits(members, outlets), *_lengths(members)]
    points = {member.key: 0.0 for member in members}
    for sign in signs:
        points[sign.article] += sign.points
    best, second, *_ = sorted(members, key=lambda one: (-points[one.key], one.day or "9", one.row))
    ahead = points[best.key] - points[second.key]
    ordered = sorted(signs, key=lambda sign: (sign.article != best.key, sign.article, -sign.points, sign.says))
    return Original(row=best.row, score=round(min(1.0, ahead / CERTAIN), 3), signs=tuple(ordered))


def _times(members: Sequence[Member]) -> Iterator[Sign]:
    """Find the one that was first, by the minute where those in question tell it, else by the day."""
    dated = [one for one in members if one.day]
    sure = [one for one in dated if one.reliable]
    if len(sure) > 1:
        dated = sure
    first_day = min((one.day for one in dated if one.day), default="")
    of_day = [one for one in dated if one.day == first_day]
    first = dated if dated == sure and all(one.at for one in sure) else of_day
    times = sorted((one.at, one.key) for one in first if one.at)
    if len(dated) > 1 and dated == sure and len(times) == len(first):
        if len(times) == 1 or times[0][0] != times[1][0]:
            yield Sign(article=times[0][1], sign="earliest", says=times[0][0], points=EARLIEST)
    elif len(of_day) < len(dated):
        yield from (Sign(article=one.key, sign="earlier day", says=first_day, points=EARLIER_DAY) for one in of_day)


def _by_lines(members: Sequence[Member], outlets: Collection[Outlet]) -> Iterator[Sign]:
    for one in members:
        persons = [name for name in one.authors if _is_person(name, outlets)]
        if persons:
            yield Sign(article=one.key, sign="signed", says=", ".join(persons), points=SIGNED)


def _is_person(name: str, outlets: Collection[Outlet]) -> bool:
    folded = fold(name)
    desk = _DESK.search(folded) or _ACRONYM.fullmatch(name)
    return not (desk or any(folded in outlet.names for outlet in outlets))


def _credits(members: Sequence[Member], outlets: Collection[Outlet]) -> Iterator[Sign]:
    """Find who names whom: the one named gains once, whoever names another source loses once."""
    named = {one.key: _named_by(one, members, outlets) for one in members}
    for one in members:
        if named[one.key]:
            yield Sign(article=one.key, sign="credits", says=", ".join(sorted(named[one.key])), points=CREDITS)
        by = sorted(other.source for other in members if other.source != one.source and one.source in named[other.key])
        if by:
            yield Sign(article=one.key, sign="credited", says=", ".join(by), points=CREDITED)


def _named_by(one: Member, members: Sequence[Member], outlets: Collection[Outlet]) -> set[str]:
    """Give the ids of the other sources an article names as its own, or whose article's address it prints."""
    folded = fold_clean(one.text)
    linked = {other.source for other in members if fold(other.url) in folded}
    return ({outlet.source for outlet in outlets if outlet.is_credited(folded)} | linked) - {one.source}


def _lengths(members: Sequence[Member]) -> Iterator[Sign]:
    longest, second, *_ = sorted(members, key=lambda one: -len(one.text))
    if len(longest.text) > LONGER * len(second.text):
        yield Sign(article=longest.key, sign="fullest", says=str(len(longest.text)), points=FULLEST)
