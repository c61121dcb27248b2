"""What a page says it is about: by it an object in its data is known for the page's own, or for another article's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from archive.khmer import CAMNUC, ENDS, fold

ALIKE = 0.6
"""Share of the shorter title's n-grams from which two titles name one article; site names and dashes around it cost nothing."""
UNLIKE = 0.1
"""Share below which they name two: the headlines that one of 283 real articles gave readers and search engines share .15 or more."""
_GRAM = 4
_FEW_GRAMS = 6
"""A text with fewer, such as «News», agrees only with its own like."""
_CLIP = 400
"""Characters of a title that are compared; a page may claim a million."""
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_BETWEEN = re.compile(rf"[\s\u200b!-/:-@\[-`{{-~‐-―‘-”«»…{ENDS}{CAMNUC},|·•]+")


@dataclass(frozen=True, slots=True)
class Subject:
    """The addresses and headlines by which a page names its article."""

    url: str
    """Where it was found."""
    addresses: frozenset[str]
    """Path and query of where it was found and of what it calls its own address."""
    headlines: tuple[str, ...]
    """Of heading and shared title, without the site's own name."""
    hints: tuple[str, ...]
    """The window's title and the words of the address, which may say nothing."""

    def stands_at(self, address: object) -> bool:
        """Tell whether an address is the page's own."""
        return _is_told(address) and _spot(str(address), self.url) in self.addresses

    def stands_elsewhere(self, address: object) -> bool:
        """Tell whether an address is another page's; a home page says nothing."""
        spot = _spot(str(address), self.url) if _is_told(address) else ""
        return bool(spot) and spot not in self.addresses

    def is_named(self, title: str) -> bool:
        """Tell whether a title is what the page is called anywhere."""
        return any(likeness(title, told) >= ALIKE for told in (*self.headlines, *self.hints))

    def is_other(self, title: str) -> bool:
        """Tell whether the page has a headline, and a title has nothing in common with any name of it."""
        if len(_grams(title)) < _FEW_GRAMS or not any(len(_grams(told)) >= _FEW_GRAMS for told in self.headlines):
            return False
        return all(likeness(title, told) < UNLIKE for told in (*self.headlines, *self.hints))


def subject(url: str, addresses: Iterable[str], headlines: Iterable[str], names: Iterable[str], window: str) -> Subject:
    """Make the subject of the page at `url` from what it tells; `names` are the site's own, which are no headline."""
    spots = {_spot(told, url) for told in (url, *addresses)} - {""}
    site = {_plain(name) for name in names} | {""}
    own = tuple(told for told in headlines if _plain(told) not in site)
    return Subject(url, frozenset(spots), own, (window, _slug(url)))


def likeness(one: str, other: str) -> float:
    """Give how much of the shorter title is in the longer, 0 to 1, by n-grams of their letters."""
    if _plain(one) == _plain(other):
        return 1.0
    grams, others = _grams(one), _grams(other)
    fewer = min(len(grams), len(others))
    return len(grams & others) / fewer if fewer >= _FEW_GRAMS else 0.0


def _grams(title: str) -> frozenset[str]:
    plain = _plain(title)
    return frozenset(plain[at : at + _GRAM] for at in range(len(plain) - _GRAM + 1))


def _plain(title: str) -> str:
    return _BETWEEN.sub("", fold(title[:_CLIP]))


def _is_told(address: object) -> bool:
    """Tell whether something is an address; a bare name inside a page says nothing."""
    return isinstance(address, str) and not address.lstrip().startswith("#") and bool(address.strip())


def _spot(address: str, base: str) -> str:
    """Give the path and query of an address in one spelling; empty for a home page and for what is no address."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/").lower()
    return f"{path}?{parts.query}" if path or parts.query else ""


def _slug(url: str) -> str:
    """Give the last part of an address as words, without its ending."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return _ENDING.sub("", last)
