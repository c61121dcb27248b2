"""What a title bears beside the headline: the site's name, a section, the kind of page; and how it is cut off."""

import re
from collections.abc import Iterator
from functools import lru_cache

from archive.khmer import fold
from archive.languages import WORDING
from pipelines.page.blocks import one_line
from pipelines.page.document import Document
from pipelines.page.structured import article_nodes, named, texts

NAME_LENGTH = 8_000
"""Characters of a title or name compared."""
SHORT_NAME = 5
"""Characters from which a site's name inside a longer one ("… Daily News") tells that it is the site's."""
PARTS = 8
"""Of one title that may be the site's name; a title of nothing but dashes has thousands."""
ENDS = 3
"""Parts cut from either end: a site's name, a section, a kind of page."""

_PARTING = re.compile(r"\s+[-–—|·•«»:/*｜]+\s+|\s*[|｜]\s*|\s*:{2,}\s*|,\s+")
_LOOSE = re.compile(r"\s+[-–—|·•«»:/*｜]+\s*|\s*[-–—·•»:/*]+\s+|\s*[|｜]\s*|\s*:{2,}\s*")
_QUOTES = str.maketrans("‘’“”«»", '\'\'""""')
_KIND_WORDS = ("Video", "Videos", "Photos", "Home", "Untitled", "News", *WORDING.page_kinds)
"""What sites write beside or instead of a headline: the kind of page."""


def is_site_name(name: str, document: Document) -> bool:
    """Tell whether a name is the outlet's own."""
    return is_name(name, site_names(document))


@lru_cache(maxsize=2)  # the title and the authors of one page ask for them, name by name
def site_names(document: Document) -> frozenset[str]:
    """Give the folded names, without spaces, under which the site may sign its titles."""
    source, meta = document.page.source, document.meta
    publishers = [text for node in document.json_ld for text in named(node.get("publisher"), document.json_ld)]
    hosts = [host.removeprefix("www.") for host in source.domains]
    labels = [host.split(".")[0] for host in hosts]
    told = (
        source.name,
        source.name_km,
        meta.get("og:site_name"),
        meta.get("application-name"),
        *publishers,
        *hosts,
        *labels,
    )
    return frozenset(squeezed(name) for name in told if name) - {""}


def _sections(document: Document) -> Iterator[str]:
    yield document.meta.get("article:section", "")
    for node in article_nodes(document.json_ld):
        yield from texts(node.get("articleSection"))


def without_site(title: str, names: frozenset[str], around: frozenset[str], known: set[str]) -> str:
    """Cut what a title bears at its ends beside the headline: a site's name, or all beside what is a known form."""
    title = _without_ends(title, names, around)
    marks = list(_PARTING.finditer(title))[:PARTS]
    starts = [0, *(mark.end() for mark in marks)]
    ends = [len(title), *(mark.start() for mark in reversed(marks))]
    cuts = (title[start:end] for start in starts for end in ends if 0 < end - start < len(title))
    return next((cut for cut in cuts if same(cut) in known), title).strip()


def _without_ends(title: str, names: frozenset[str], around: frozenset[str]) -> str:
    """Cut the site's name, with all that follows it, and names of sections and kinds of page from both ends."""
    for _ in range(ENDS):
        title = _without_last(_without_first(title, names, around), names, around)
    return title


def _without_first(title: str, names: frozenset[str], around: frozenset[str]) -> str:
    mark = _LOOSE.search(title)
    if not mark:
        return title
    first = squeezed(title[: mark.start()])
    kicker = mark[0].strip() == ":"  # "OPINION: …" is part of the headline
    is_beside = not first or _holds(first, names) or first in (names if kicker else around)
    return title[mark.end() :] if is_beside else title


def _without_last(title: str, names: frozenset[str], around: frozenset[str]) -> str:
    marks = list(_LOOSE.finditer(title))[:PARTS]
    ends = [*(mark.start() for mark in marks[1:]), len(title)]
    for mark, end in zip(marks, ends, strict=False):
        part = title[mark.end() : end]
        named = squeezed(part) in names or (end == len(title) and _bears(part, names, around))
        if named and title[: mark.start()].strip():
            return title[: mark.start()]
    return title


def _bears(part: str, names: frozenset[str], around: frozenset[str]) -> bool:
    """Tell whether the last part of a title is a section, a kind of page, or a longer or shorter name of the site."""
    known = squeezed(part)
    return known in around or _holds(known, names)


def _holds(known: str, names: frozenset[str]) -> bool:
    return any(len(name) >= SHORT_NAME and name in known and len(known) <= 2 * len(name) for name in names)


def around_title(document: Document, names: frozenset[str]) -> frozenset[str]:
    """Give, folded, the site's names and what else stands beside headlines: sections and kinds of page."""
    return names | {squeezed(word) for word in (*_KIND_WORDS, *_sections(document)) if word}


def is_name(part: str, names: frozenset[str]) -> bool:
    """Tell whether a part of a title is nothing but one of the names."""
    known = squeezed(part)
    return not known or known in names


@lru_cache(maxsize=256)  # the same names and forms are asked for again and again, for one page
def squeezed(name: str) -> str:
    """Give the form by which names are compared: folded, without spaces."""
    return fold(one_line(name[:NAME_LENGTH])).replace(" ", "")


def same(form: str) -> str:
    """Give the form by which two headlines are one, whatever quotation marks they use."""
    return fold(form).translate(_QUOTES).strip()
