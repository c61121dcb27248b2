"""The headline of a page without the site's name: structured data, meta tags, headings and the window title reconciled."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import NamedTuple

from lxml import etree, html

from archive.khmer import ends_cluster
from archive.model import Place
from pipelines.page.blocks import in_furniture, line, one_line
from pipelines.page.document import Document
from pipelines.page.sitenames import around_title, is_name, same, site_names, squeezed, without_site
from pipelines.page.structured import article_nodes, texts

TITLE_LENGTH = 1_000
"""Characters; no headline is longer, and a page that claims one is cut here."""
RAW_LENGTH = 8_000
"""Characters of a title looked at: escapes and tags inside it take up to eight times its length."""
REWRITTEN = 0.7
"""Overlap below which a shared title was written anew, so that heading and window title, which agree, count before it."""
HEADINGS = 12
"""Of the higher ranks looked at; those below belong to other stories."""
LARGE = 40
"""Parts in bold or large letters looked at where nothing else tells a headline."""
SHORTEST = 12
"""Characters of what counts as a headline because of its letters; shorter ones name a menu, a column or a day."""
SHORTENED = 0.75
"""Of a headline's length below which another form of it was shortened; tuned on one half of 102 real pages."""
AKIN = 0.16
"""Share of the shorter headline's runs of three letters that the longer must have to be about one story: 99 of 100 pairs of real
headlines of one language that are about two stories have less."""

_ALL_QUOTES = re.compile("['\"‘’“”„«»‹›`]+")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|mark|p|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTRY_TITLES = ".//*[@itemprop='headline'] | .//*[self::h2 or self::h3 or self::div][{}]".format(
    " or ".join(
        f"contains(concat(' ', @class, ' '), ' {name} ')"
        for name in ("entry-title", "post-title", "article-title", "news-title", "story-title", "single-title", "title")
    )
)
_LARGE = etree.XPath("//b | //strong | //font[@size >= 4]")
_HOLDERS = ("p", "div", "td", "center")
_MOVING = ("a", "marquee", "caption", "figure")
_MENU_TAGS = frozenset({"nav", "aside", "footer"})


class Headline(NamedTuple):
    """A headline and where it was told; without meaning where the text is empty."""

    text: str
    place: Place


class _Forms(NamedTuple):
    """One headline as each place of a page has it, in the order in which they are believed; empty where it has none."""

    structured: str
    state: str
    social: str
    heading: str
    window: str


_PLACES: tuple[Place, ...] = ("json-ld", "state", "meta", "heading", "window")


def headline(document: Document) -> Headline:
    """Give the headline, clean and on one line; the listing's where the page has none, empty where that has none either.

    Outlets write one headline for readers, others for search engines and social media. Structured data counts first, unless the
    heading and the shared title agree on another; where it only repeats the heading, the title given to those who share the page does.
    """
    selected = _selected(document)
    if selected:
        return Headline(_cut(selected), "selector")
    forms = _forms(document)
    text = _chosen(forms)
    if text:
        whole = _calm(_whole(text, forms), forms)
        return Headline(_cut(whole), _PLACES[forms.index(whole)])
    link = document.page.link
    listed = _cut(_plain(link.title or "")) if link else ""
    printed = "" if listed else next(_printed(document), "")
    return Headline(_cut(printed), "heading") if printed else Headline(listed, "listing")


# ---- choosing ---------------------------------------------------------------------------------------------------------------------


def candidates(document: Document) -> dict[str, str]:
    """Give the headline as each place of a page writes it, the site's name and all."""
    return {place: told for place, told in zip(_PLACES, _told(document), strict=True) if told}


def _chosen(forms: _Forms) -> str:
    """Give the form to believe; one of a bearable length if there is any."""
    forms = _bearable(forms)
    structured, _, social, heading, _ = forms = forms._replace(social="") if _is_stray(forms) else forms
    if structured and social and heading:
        if _bare(social) == _bare(heading) and _is_short(structured, social):
            return social
        if same(structured) == same(heading) and not _is_short(social, structured):
            return social
    if not structured and heading and same(heading) == same(forms.window) and _overlap(social, heading) < REWRITTEN:
        return forms.state or heading
    return next(filter(None, forms), "")


def _is_short(form: str, other: str) -> bool:
    """Tell whether a headline is a shortened form of another, made to fit a card or a search page."""
    begun = same(form).rstrip(".… ")
    return len(form) < SHORTENED * len(other) or (len(begun) < len(same(other)) and same(other).startswith(begun))


def _bearable(forms: _Forms) -> _Forms:
    bearable = _Forms(*(form if len(form) <= TITLE_LENGTH else "" for form in forms))
    return bearable if any(bearable) else forms


def _is_stray(forms: _Forms) -> bool:
    """Tell whether the shared title is about something else than the page: one for the whole site, or an earlier article's."""
    others = [form for form in (forms.structured or forms.state, forms.heading, forms.window) if form]
    agreeing = any(_akin(one, two) for number, one in enumerate(others) for two in others[number + 1 :])
    return bool(forms.social) and agreeing and not any(_akin(forms.social, other) for other in others)


def _akin(one: str, two: str) -> bool:
    """Tell whether two headlines share enough to be about one story."""
    return _overlap(one, two) >= AKIN


@lru_cache(maxsize=64)  # the same few forms are compared with each other, for one page
def _overlap(one: str, two: str) -> float:
    """Give the share of the shorter headline's runs of three letters that the longer has, 0 to 1; 0 where one is empty."""
    if not one or not two:
        return 0.0
    few, many = sorted((_grams(one), _grams(two)), key=len)
    return len(few & many) / len(few)


def _grams(form: str) -> set[str]:
    letters = squeezed(form)
    return {letters[at : at + 3] for at in range(max(1, len(letters) - 2))}


def _whole(text: str, forms: _Forms) -> str:
    """Give the form of which a text is only the beginning, where it was cut for its length; else the text itself."""
    begun = text.rstrip(" .…")
    marked = text.rstrip().endswith(("…", "..."))
    longer = (form for form in forms if len(form) > len(text) and same(form).startswith(same(begun)))
    return next((form for form in longer if marked or _cuts_a_word(begun, form)), text)


def _cuts_a_word(begun: str, whole: str) -> bool:
    """Tell whether a cut leaves part of a Latin word or of a Khmer cluster behind."""
    end = len(begun)
    latin = whole[end - 1 : end + 1].isascii() and whole[end - 1 : end + 1].isalpha()
    return whole.startswith(begun) and (latin or not ends_cluster(whole, end))


def _calm(text: str, forms: _Forms) -> str:
    """Give the same headline as another place writes it where this one shouts."""
    if not text.isupper():
        return text
    return next((form for form in forms if same(form) == same(text) and not form.isupper()), text)


def _cut(text: str) -> str:
    """Give no more of a title than one may have, in whole clusters."""
    end = min(len(text), TITLE_LENGTH)
    while end and not ends_cluster(text, end):
        end -= 1
    return text[:end].rstrip()


# ---- what is told -----------------------------------------------------------------------------------------------------------------


def _selected(document: Document) -> str:
    selector = document.page.source.reading.title
    found = document.tree.cssselect(selector) if selector else []
    return next(filter(None, (_plain(element.get("content") or line(element)) for element in found)), "")


def _forms(document: Document) -> _Forms:
    """Give every form of the headline without the site's name, the section's and the kind of page."""
    told = _told(document)
    names = site_names(document)
    around = around_title(document, names)
    known = {same(other) for other in (*told, *_lesser(document)) if other}
    bare = (without_site(form, names, around, known) for form in told)
    return _Forms(*("" if squeezed(form) in around or is_name(form, names) else form for form in bare))


def _lesser(document: Document) -> Iterator[str]:
    """Give the other headings of the page, by which a headline is known inside a longer title."""
    for heading in islice(document.tree.iter("h1", "h2", "h3"), HEADINGS):
        yield line(heading)


def _told(document: Document) -> _Forms:
    """Give the headline as each place of a page writes it."""
    structured = (text for node in article_nodes(document.json_ld) for text in texts(node.get("headline")))
    social = (document.meta.get(name, "") for name in ("og:title", "twitter:title", "title", "headline", "dc.title"))
    window = (title.text_content() for title in document.tree.iter("title") if not _in_drawing(title))
    places = (structured, (document.state.title,), social, window)
    in_data, in_state, shared, on_top = (_first(place) for place in places)
    heading = _heading(document, [form for form in (in_data, in_state, shared, on_top) if form])
    return _Forms(in_data, in_state, shared, heading, on_top)


def _first(told: Iterable[str]) -> str:
    return next(filter(None, map(_plain, told)), "")


def _plain(text: str) -> str:
    """Give a title on one line as a reader would see it, also where it was escaped twice or bears tags."""
    for _ in range(3):
        text = unescape(text[:RAW_LENGTH])
    return one_line(_INLINE.sub("", text))


def _in_drawing(title: html.HtmlElement) -> bool:
    return any(node.tag == "svg" for node in title.iterancestors())


def _heading(document: Document, others: list[str]) -> str:
    """Give the first heading that is about what the other places tell; where they tell nothing, the first outside of menus."""
    free = ""
    for heading in _headings(document.tree):
        text = _plain(line(heading))
        if any(_akin(text, other) for other in others):
            return text
        free = free or ("" if in_furniture(heading) else text)
    return free


def _headings(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Give the headings of the first rank, then what themes name as the title, none of them in a menu."""
    for find in (lambda: tree.iter("h1"), lambda: islice(tree.xpath(_ENTRY_TITLES), HEADINGS)):
        for heading in find():
            if not any(node.tag in _MENU_TAGS for node in heading.iterancestors()):
                yield heading


def _printed(document: Document) -> Iterator[str]:
    """Give what stands alone in bold or large letters outside of links and menus, as pages without any heading print theirs."""
    names = site_names(document)
    around = around_title(document, names)
    for element in islice(_LARGE(document.tree), LARGE):
        above = list(element.iterancestors())
        holder = next((node for node in above if node.tag in _HOLDERS), None)
        if holder is None or in_furniture(element) or any(node.tag in _MOVING for node in (*element.iter(), *above)):
            continue
        text = _plain(line(element))
        if SHORTEST <= len(text) <= TITLE_LENGTH and text == _plain(line(holder)) and squeezed(text) not in around:
            yield text


def _bare(form: str) -> str:
    """Give the form by which two headlines tell the same: without any quotation mark."""
    return _ALL_QUOTES.sub("", squeezed(form))
