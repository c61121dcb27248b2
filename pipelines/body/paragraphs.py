"""The paragraphs of an article and where they were told: the source's own body, what reads as one, or the data behind the page."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from itertools import islice
from typing import NamedTuple

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from archive.model import Place
from pipelines.body.phrases import SENTENCE_ENDS, without_phrases
from pipelines.body.prune import bare, pruned
from pipelines.days.datetext import find_date
from pipelines.page.blocks import in_furniture, line, lines, one_line, opening, size
from pipelines.page.document import Document
from pipelines.page.layout import body_of, selected_bodies
from pipelines.page.richtext import paragraphs
from pipelines.page.structured import article_nodes, texts

SHORT_TEXT = 600
"""Characters below which trafilatura fills up with teasers and cookie words; then a theme's own body is believed."""
DATE_LENGTH = 60
"""Characters of a line that is nothing but a date."""
OUTSIDE = 200
"""Characters of a line behind the body that is no paragraph of it."""
LABEL = 30
"""Characters of a label above links, and of the day beside one."""
LINK = 12
"""Characters from which a link's words are a headline."""
REST = 0.4
"""Of a line's length: what may be left of it without its links."""
STUB = 300
"""Characters below which what is shown may be a word about scripts or cookies in place of the article."""
FULLER = 3
"""Times as long must be what the data hold."""
CLIP = 60
"""Characters by which a paragraph is known again."""
BESIDE = 3
"""Elements behind a heading that are looked into."""
PARAGRAPH = 80
"""Characters from which a line is looked for in the text that was found."""
MOST = 1_000
"""Paragraphs of one kind; more are no article's."""
KNOWN = 2
"""Paragraphs of one kind that trafilatura must have found for the others to be looked at."""
MISSED = 0.5
"""Of a text's length: where it left out more of one kind, something parts the body."""

_THEME_BODY = re.compile(
    r"(?:^|\s)(?:entry-content|(?:post|article|single)-content|(?:article|story|post)-body|article-fulltext|td-post-content|field-{1,2}name-body)(?:$|\s)"
)
"""Names that common themes give to the body."""


class Body(NamedTuple):
    """The paragraphs of an article and where they were told; without meaning where there are none."""

    paragraphs: list[str]
    place: Place


def body(title: str, document: Document) -> Body:
    """Give the paragraphs: of the source's own body, else by trafilatura, else as structured data or embedded ones hold them."""
    selected = selected_bodies(document)
    if selected:
        found = Body(_of_elements(selected, document), "selector")
    else:
        found = Body(_by_trafilatura(title, document), "page")
    told = _structured(document)
    if _is_fuller(told.paragraphs, found.paragraphs):
        found = told
    kept = without_phrases(found.paragraphs, title, lambda words: _is_date(words, document))
    if found.place == "page":
        kept = _inside(without_last_links(kept, document), document)
    return found._replace(paragraphs=kept)


def without_last_links(text: list[str], document: Document) -> list[str]:
    """Cut the last lines that are nothing but links to other pages, with a day or a label above each."""
    ending, labels = len(text), 0
    for number in range(len(text) - 1, 0, -1):
        if not _may_be_links(text[number]) or labels > 1:
            break
        linked = _is_of_links(text[number], document)
        labels = 0 if linked else labels + 1
        if linked or (ending == number + 1 < len(text) and len(text[number]) < LABEL):
            ending = number
    return text[:ending]


def _may_be_links(words: str) -> bool:
    return len(words) < OUTSIDE and not words.endswith(SENTENCE_ENDS[:-1])


def _is_of_links(words: str, document: Document) -> bool:
    """Tell whether little of a line is left without the links in it."""
    rest = words
    for link in document.tree.iter("a"):
        told = line(link) if link.get("href") else ""
        if len(told) >= LINK and told in rest and "://" not in told:
            rest = rest.replace(told, "", 1)
    return len(rest) <= min(LABEL, REST * len(words))


def _is_date(words: str, document: Document) -> bool:
    if len(words) > DATE_LENGTH:
        return False
    found = find_date(words, UTC, document.page.fetched_at)
    return found is not None and len(found.rest.strip()) <= DATE_LENGTH // 2


def _inside(text: list[str], document: Document) -> list[str]:
    """Give a text without the short lines at its ends that are no sentences and stand outside the element which holds the rest."""
    holder = body_of("\n".join(text), document)
    while len(lines(holder)) < 2 and (around := holder.getparent()) is not None:
        holder = around  # one long paragraph holds nearly all of a short text
    body = line(holder)
    first, last = 0, len(text)
    while first < last and _is_stray(text[first], PARAGRAPH, body):
        first += 1
    while last > first and _is_stray(text[last - 1], OUTSIDE, body):
        last -= 1
    return text[first:last] or text


def _is_stray(words: str, length: int, body: str) -> bool:
    return len(words) < length and not words.endswith(SENTENCE_ENDS) and words not in body


def _is_fuller(told: list[str], found: list[str]) -> bool:
    """Tell whether data hold the text and what is shown is nothing, their own words as trafilatura puts them, or a word about scripts."""
    if not found or _squeezed(found) == _squeezed(told):
        return True
    return _length(found) < STUB and _length(told) >= FULLER * _length(found)


def _squeezed(paragraphs: Iterable[str]) -> str:
    return "".join("".join(paragraphs).split())


def _of_elements(elements: Iterable[html.HtmlElement], document: Document) -> list[str]:
    return [text for element in elements for text in lines(bare(element, document))]


def _by_trafilatura(title: str, document: Document) -> list[str]:
    tree = pruned(document.tree, document, title)
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    text = lines(found.body) if isinstance(found, Extracted) else []
    themed = _theme_bodies(document)
    if len(themed) == 1 and min(_length(text), size(themed[0])) < 2 * SHORT_TEXT:
        own = _of_elements(themed, document)
        if min(_length(own), _length(text)) < SHORT_TEXT:
            return own
    return _with_headings(_completed(text, tree), tree)


def _with_headings(text: list[str], tree: html.HtmlElement) -> list[str]:
    """Give a text with the headings of one make that were left out though its paragraphs follow them, as on pages of entries."""
    known, kinds = set(text), defaultdict[tuple[str, str | None], list[tuple[html.HtmlElement, str]]](list)
    for heading in islice(tree.iter("h2", "h3", "h4"), MOST):
        after = "" if line(heading) in known else _text_after(heading)
        if after and any(told.startswith(after) for told in text):
            kinds[str(heading.tag), heading.get("class")].append((heading, after))
    whole = list(text)
    for kind in kinds.values():
        for heading, after in kind:
            words, place = line(heading), next(number for number, told in enumerate(whole) if told.startswith(after))
            if words and (len(kind) >= KNOWN or _is_beside(heading)) and not (place and words in whole[place - 1]):
                whole.insert(place, words)
    return whole


def _is_beside(heading: html.HtmlElement) -> bool:
    """Tell whether a heading stands beside the paragraph that follows it."""
    following = heading.getnext()
    return following is not None and following.tag == "p"


def _text_after(heading: html.HtmlElement) -> str:
    """Give the beginning of the text that comes next on the page, if it is long enough to be known again."""
    node: html.HtmlElement | None = heading
    while node is not None:
        found = [node.tail or "", *(opening(after, CLIP) for after in islice(node.itersiblings(), BESIDE))]
        if told := next(filter(str.strip, found), ""):
            return told if len(told := one_line(told)[:CLIP]) >= LABEL else ""
        node = node.getparent()
    return ""


def _length(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _theme_bodies(document: Document) -> list[html.HtmlElement]:
    """Give the outermost elements that a common theme names as the body; one that is empty says that the page has no text."""
    named = [
        element for element in document.tree.iter("div", "section", "article", "td", "main") if _is_theme_body(element)
    ]
    bodies = [element for element in named if not in_furniture(element)]
    return [element for element in bodies if not any(parent in bodies for parent in element.iterancestors())]


def _is_theme_body(element: html.HtmlElement) -> bool:
    return "articleBody" in (element.get("itemprop") or "") or bool(_THEME_BODY.search(element.get("class") or ""))


def _completed(text: list[str], tree: html.HtmlElement) -> list[str]:
    """Give a text with the paragraphs that stand in the same kind of place and were left out, as where advertising parts the body."""
    flat, known = " ".join(text), set(text)
    kinds: dict[tuple[str, ...], list[str]] = {}
    for paragraph in tree.iter("p"):
        if len(words := line(paragraph)) >= PARAGRAPH:
            kinds.setdefault(_kind(paragraph), []).append(words)
    for kind in kinds.values():
        missed = [words for words in kind if words not in known and words not in flat]
        if len(kind) - len(missed) >= KNOWN and len(kind) <= MOST and _length(missed) > MISSED * len(flat):
            text = _inserted(kind, text)
    return text


def _inserted(kind: list[str], text: list[str]) -> list[str]:
    """Give a text with those of these paragraphs that it does not hold, each behind the one that comes before it on the page."""
    whole, place = list(text), 0
    for words in kind:
        at = next((number for number, known in enumerate(whole) if words in known), None)
        if at is None:
            whole.insert(place, words)
        place = place if at is None else at
        place += 1
    return whole


def _kind(paragraph: html.HtmlElement) -> tuple[str, ...]:
    """Give the tags and classes of what a paragraph stands in."""
    return tuple(f"{node.tag!s} {node.get('class', '')!s}" for node in paragraph.iterancestors())


def _structured(document: Document) -> Body:
    for node in article_nodes(document.json_ld):
        for text in texts(node.get("articleBody")):
            if found := paragraphs(text):
                return Body(found, "json-ld")
    return Body([part for part in map(one_line, document.state.paragraphs) if part], "state")
