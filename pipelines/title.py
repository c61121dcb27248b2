"""The headline of a page without the site's name, from what structured data, meta tags, the heading and the window title say."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from archive.khmer import fold
from pipelines.blocks import in_furniture, line, one_line
from pipelines.document import Document
from pipelines.structured import article_nodes, named, texts

TITLE_LENGTH = 1_000
"""Characters; no headline is longer, and a page that claims one is cut here."""

_PARTING = re.compile(r"\s+[-–—|·•»:/*]+\s+|\s*\|\s*|\s*::\s*")
_QUOTES = str.maketrans("‘’“”«»", '\'\'""""')


def headline(document: Document) -> str:
    """Give the headline, clean and on one line; the listing's where the page has none, empty where that has none either.

    Outlets write one headline for readers, others for search engines and social media. Structured data counts first; where it only
    repeats the heading, the title given to those who share the page does (tuned on one half of 102 real pages, .87, the other .86).
    """
    selected = _selected(document)
    if selected:
        return selected
    forms = _forms(document)
    if (
        forms.structured
        and _same(forms.structured) == _same(forms.heading)
        and not _is_cut(forms.social, forms.structured)
    ):
        return (forms.social or forms.structured)[:TITLE_LENGTH].rstrip()
    link = document.page.link
    listed = one_line(link.title or "") if link else ""
    return next(filter(None, (*forms, listed)), "")[:TITLE_LENGTH].rstrip()


class _Forms(NamedTuple):
    """One headline as each place of a page has it, in the order in which they are believed; empty where it has none."""

    structured: str
    social: str
    heading: str
    window: str


def _forms(document: Document) -> _Forms:
    """Give every form of the headline without the site's name."""
    names, told = _site_names(document), _told(document)
    bare = (_without_site(form, names, told) for form in told)
    return _Forms(*("" if _is_name(form, names) else form for form in bare))


def _is_cut(social: str, structured: str) -> bool:
    """Tell whether the shared title is the beginning of the other, cut for its length."""
    begun = _same(social).rstrip(".… ")
    return len(begun) < len(_same(structured)) and _same(structured).startswith(begun)


def _selected(document: Document) -> str:
    selector = document.page.source.reading.title
    found = document.tree.cssselect(selector) if selector else []
    return line(found[0])[:TITLE_LENGTH].rstrip() if found else ""


def _told(document: Document) -> _Forms:
    """Give the headline as structured data, meta tags, the heading and the window title write it."""
    structured = (text for node in article_nodes(document.json_ld) for text in texts(node.get("headline")))
    social = (
        document.meta[name] for name in ("og:title", "twitter:title", "title", "headline") if name in document.meta
    )
    headings = (line(heading) for heading in document.tree.iter("h1") if not in_furniture(heading))
    window = (title.text_content() for title in document.tree.iter("title"))
    return _Forms(
        *(
            next(filter(None, map(one_line, place)), "")[: 2 * TITLE_LENGTH]
            for place in (structured, social, headings, window)
        )
    )


def _site_names(document: Document) -> set[str]:
    """Give the folded names, without spaces, under which the site may sign its titles."""
    source, meta = document.page.source, document.meta
    publishers = [text for node in document.json_ld for text in named(node.get("publisher"), document.json_ld)]
    hosts = [host.removeprefix("www.") for host in source.domains]
    labels = [host.split(".")[0] for host in hosts]
    told = [
        source.name,
        source.name_km,
        meta.get("og:site_name"),
        meta.get("application-name"),
        *publishers,
        *hosts,
        *labels,
    ]
    return {_squeezed(name) for name in told if name}


def is_site_name(name: str, document: Document) -> bool:
    """Tell whether a name is the outlet's own."""
    return _is_name(name, _site_names(document))


def _without_site(title: str, names: set[str], others: Iterable[str]) -> str:
    """Cut what a title bears at its ends beside the headline: a site's name, or all that the other forms do not have."""
    while parting := list(_PARTING.finditer(title)):
        first, last = title[: parting[0].start()], title[parting[-1].end() :]
        if _is_name(last, names):
            title = title[: parting[-1].start()]
        elif _is_name(first, names):
            title = title[parting[0].end() :]
        else:
            break
    cuts = (form for mark in _PARTING.finditer(title) for form in (title[: mark.start()], title[mark.end() :]))
    known = {_same(other) for other in others if other}
    return next((cut for cut in cuts if _same(cut) in known), title).strip()


def _is_name(part: str, names: set[str]) -> bool:
    squeezed = _squeezed(part)
    return not squeezed or squeezed in names


def _squeezed(name: str) -> str:
    return fold(one_line(name)).replace(" ", "")


def _same(form: str) -> str:
    """Give the form by which two headlines are one, whatever quotation marks they use."""
    return fold(form).translate(_QUOTES).strip()
