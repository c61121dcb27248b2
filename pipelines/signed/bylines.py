"""Who signs on the page that readers see: parts marked as the author's, the by-line at the headline, the one below the text."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from archive.khmer import KHAN
from pipelines.page.blocks import in_furniture, line, lines, one_line, opening
from pipelines.page.document import Document
from pipelines.page.layout import BYLINE_LENGTH, Layout
from pipelines.signed.names import (
    NAME_LENGTH,
    NAMES,
    credited,
    from_by,
    is_agency,
    is_person,
    looks_like_name,
    names,
    only_by,
    signed,
    translated,
)

END_LINES = 4
"""Lines at the end of a body, and short ones after it, in which an article may be signed."""
PARTS_ABOVE = 4
"""Elements above a bare name in which it may be marked as the author's."""
MARKED = 400
"""Elements marked as an author's that are looked at."""

Lines = list[tuple[html.HtmlElement, str]]
"""Short lines of a page with the elements that show them."""

_MARK = re.compile(
    r"(?:^|[\s_-])(?:authors?|byline|by-line|writer|creator|vcard|reporters?)(?:$|[\s_-])|field-name-field-(?:author|reporter)",
    re.IGNORECASE,
)
_WORK_AROUND = re.compile(
    r"(?:^|[\s_-])(?:comments?|respond|related|recommend[a-z]*|popular|trending|most[_-]?(?:read|viewed)|ticker|sidebar|teasers?|latest|nav|menu|"
    r"more[_-](?:news|stories)|next|prev|caption|media-credit|image-credit|photo-credit)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|published|updated|posted-on|timestamp|reading|role|jobtitle|bio|description|job)(?:$|[\s_-])",
    re.IGNORECASE,
)
_INNER = ".//*[@rel='author'] | .//*[@itemprop='name'] | .//*[contains(concat(' ', @class, ' '), ' fn ')] | .//a[contains(@href, '/author/')]"
_OUTER = etree.XPath("//@rel[contains(., 'author')]/.. | //@itemprop[. = 'author']/..")
"""By their attributes, of which a page has few; asking every element takes twice as long."""
_MARKED_SO = frozenset({"meta", "link"})
_WRITERS_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|signataires?|contributors?|journalists?)/", re.IGNORECASE
)
_WORDS = re.compile(r"(?:Words|Text|Story)\s+(?=[A-Z])")
_PICTURES = re.compile(r"(?:Pictures|Photos|Photographs|Photography|Images|Film)\s+[A-Z]")
"""A by-line without "by", known by the credit for the pictures beside it."""
_LINE_TAGS = ("p", "span", "div", "li", "address", "em", "i", "b", "strong", "font", "td")
_LAST_BRACKET = re.compile(rf"\(([^()]{{3,120}})\)[\s{KHAN}.]*$")
_LETTER = re.compile(r"([A-Z][^\s,]+(?: [A-Z][^\s,]*){1,3}), [A-Z][^\s,]+(?: [A-Z][^\s,]*){0,2}")


def marked(parts: Layout, document: Document) -> Iterator[str]:
    """Give the names in links and parts that the page's own markup calls the author: those of the article's part, else the first."""
    found = [each for each in _outer(document.tree) if not _is_around(each) and not _in_marked(each)]
    own = [each for each in found if any(node is parts.scope for node in each.iterancestors())]
    for element in _together(own) or found[:1]:
        yield from (text for text in _within(element) if len(text) <= NAME_LENGTH)


def _together(own: list[html.HtmlElement]) -> list[html.HtmlElement]:
    """Give the first part and those that share a short part of the page with it; others are of stories beside or below."""
    if len(own) < 2:
        return own
    holder = own[0]
    for node in own[0].iterancestors():
        if len(opening(node, 3 * BYLINE_LENGTH)) >= 2 * BYLINE_LENGTH:
            break
        holder = node
    return [each for each in own if each is holder or holder in each.iterancestors()]


def _outer(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """Give the elements that name themselves an author's."""
    found = (each for each in _OUTER(tree) if each.tag not in _MARKED_SO)
    return [
        each
        for each in islice(found, MARKED)
        if each.get("itemprop") == "author" or "author" in each.get("rel", "").split()
    ]


def marks_several(document: Document) -> bool:
    """Tell whether the page's markup calls more than one part the author's: it may name more than the data tell."""
    return len(_outer(document.tree)) > 1


def head(found: Lines, parts: Layout, document: Document) -> Iterator[str]:
    """Give what is signed between headline and text: after a by-word, or in a part with a writer's class; else above the text."""
    printed = (
        _after_by(found) or _in_classes(found) or _in_parts(found, parts) or _linked(found) or _above(parts, document)
    )
    yield from printed


def _after_by(found: Lines) -> list[str]:
    shown = [from_by(_first_shown(element)).split(" | ")[0] for element, _ in found if not _in_picture(element)]
    for number, words in enumerate(shown):
        following = next((text for text in shown[number + 1 : number + 3] if text), "")
        if only_by(words) and signed(f"{words} {following}"):
            return [f"{words} {following}"]
        if signed(words) or _with_agency(words):
            return [words]
    return []


def _in_classes(found: Lines) -> list[str]:
    for element, _ in found:
        if _MARK.search(_label(element)) and not _is_around(element):
            told = [text for text in _within(element) if len(text) <= BYLINE_LENGTH and names([text])]
            if told:
                return told
    return []


def _in_parts(found: Lines, parts: Layout) -> list[str]:
    """Give the whole names that stand alone, each in an element of its own, inside a part with a writer's class or id."""
    for number, (element, _) in enumerate(found):
        holder = next(
            (node for node in islice(element.iterancestors(), PARTS_ABOVE) if _MARK.search(_label(node))), None
        )
        if holder is not None and holder is not parts.scope and not _is_around(holder):
            inside = (one for one in found[number:] if holder in one[0].iterancestors())
            told = [words for _, words in inside if is_person(words)]
            if told:
                return told
    return []


def _linked(found: Lines) -> list[str]:
    """Give the whole names that link to a page of their writer."""
    links = ((one, words) for one, words in found if one.tag == "a" and _WRITERS_PAGE.search(one.get("href", "")))
    return [words for one, words in links if is_person(words) and not _is_around(one)]


def _above(parts: Layout, document: Document) -> list[str]:
    """Give the first part before the end of the text that begins with a by-word, where no headline leads to it."""
    for element in document.tree.iter(*_LINE_TAGS):
        if element is parts.body:
            break
        begun = from_by(one_line(element.text[:NAME_LENGTH])) if element.text and not element.text.isspace() else ""
        if _is_worded(element, begun):
            return [_WORDS.sub("", begun)]
        marked_so = "field-name-field-" in _label(element) and bool(_MARK.search(_label(element)))
        if (marked_so or only_by(begun) or signed(begun)) and not in_furniture(element) and not _is_around(element):
            shown = _signature(element)
            if signed(shown) or (marked_so and names([shown])):
                return [shown]
    return []


def _is_worded(element: html.HtmlElement, begun: str) -> bool:
    """Tell whether an element says whose the words are and one beside it whose the pictures are."""
    if not _WORDS.match(begun):
        return False
    return any(_PICTURES.match((other.text or "").strip()) for other in islice(element.itersiblings(), 2))


def _signature(element: html.HtmlElement) -> str:
    """Give the by-line an element shows, or its parent where it shows the by-word only; empty where it is too long."""
    shown, parent = _shown(element), element.getparent()
    if only_by(shown) and parent is not None:
        shown = _shown(parent)
    shown = from_by(shown).split(" | ")[0]
    return shown if len(shown) <= BYLINE_LENGTH else ""


def end(last: list[str]) -> Iterator[str]:
    """Give what is signed in the last lines of the text or right below it."""
    for words in last:
        bracket = _LAST_BRACKET.search(words)
        inner = bracket[1] if bracket else ""
        if (
            len(words) <= BYLINE_LENGTH and signed(words) and not words.startswith("Posted")
        ):  # so begins a quoted social post
            yield words
        elif inner and (
            signed(inner.split(";")[0]) or is_agency(inner) or (inner in words[:-1] and _is_whole(words, inner))
        ):
            yield inner


def writer(parts: Layout, last: list[str]) -> Iterator[str]:
    """Give the signature of a letter: a name and a place as the last line of the text."""
    for words in last:
        found = _LETTER.fullmatch(words)
        if found and looks_like_name(found[1]) and words == next(iter(lines(parts.body)[-1:]), ""):
            yield found[1]


def translators(short: list[str]) -> Iterator[str]:
    """Give who translated, as told in the short lines near the headline and at the end."""
    yield from (words for words in short if len(words) <= BYLINE_LENGTH and translated(words))


def sources(short: list[str]) -> Iterator[str]:
    """Give the agencies named as the source in these lines."""
    yield from (credited(words) for words in short if len(words) <= BYLINE_LENGTH and credited(words))


def _is_whole(words: str, inner: str) -> bool:
    return words.strip(f" {KHAN}.") == f"({inner})" and looks_like_name(inner) and 1 < len(inner.split()) <= 4


def _with_agency(words: str) -> bool:
    """Tell whether a line is a name and an agency and nothing else."""
    found = names([words])
    return "/" in words and len(found) > 1 and any(map(is_agency, found)) and all(map(looks_like_name, found))


def last_lines(parts: Layout) -> list[str]:
    """Give the last lines of the body and the short ones that follow it before other matter begins."""
    following: list[str] = []
    node: html.HtmlElement | None = parts.body
    while node is not None and node is not parts.scope and len(following) < END_LINES:
        for sibling in islice(node.itersiblings(), END_LINES):
            if not in_furniture(sibling, sibling.getparent()) and not _is_around(sibling):
                following += [text for text in lines(sibling) if len(text) <= BYLINE_LENGTH]
        node = node.getparent()
    return lines(parts.body)[-END_LINES:] + following[:END_LINES]


def _within(element: html.HtmlElement) -> list[str]:
    """Give the names inside a marked part where they are marked again, else all that it shows."""
    if not _is_brief(element):
        return []
    inner = [line(found) or found.get("content") or "" for found in element.xpath(_INNER)]
    return list(filter(None, inner)) or [_shown(element)]


def _shown(element: html.HtmlElement) -> str:
    """Give the line of an element without the parts in it that tell a date or an office; nothing of a long one."""
    if not _is_brief(element):
        return ""
    dropped = {text for child in element.iterdescendants() if is_dated(child) for text in [line(child)] if text}
    shown = line(element)
    for text in sorted(dropped, key=len, reverse=True):
        shown = shown.replace(text, " | ")
    return shown.strip(" |")


def _first_shown(element: html.HtmlElement) -> str:
    """Give the first line of a signature, below which an office may stand, else all that an element shows."""
    first = next(iter(lines(element)), "") if _is_brief(element) and element.find("br") is not None else ""
    return first if first and signed(first) else _shown(element)


def _in_picture(element: html.HtmlElement) -> bool:
    return any(node.tag in ("figure", "figcaption") for node in (element, *element.iterancestors()))


def _is_brief(element: html.HtmlElement) -> bool:
    """Tell whether an element is short enough to be a by-line with what stands beside it."""
    return len(opening(element, 3 * BYLINE_LENGTH)) < 2 * BYLINE_LENGTH and len(element) <= NAMES


def is_dated(element: html.HtmlElement) -> bool:
    """Tell whether an element tells by its tag or name a date, or an office beside a name."""
    return element.tag == "time" or bool(_DATED.search(_label(element)))


def _label(element: html.HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_around(element: html.HtmlElement) -> bool:
    """Tell whether an element belongs to comments, other stories, menus or a picture."""
    for node in (element, *element.iterancestors()):
        if node.tag in ("body", "article", "main"):
            return False
        if node.tag in ("nav", "figure", "figcaption") or _WORK_AROUND.search(_label(node)):
            return True
    return False


def _in_marked(element: html.HtmlElement) -> bool:
    return any(node.get("itemprop") == "author" for node in element.iterancestors())
