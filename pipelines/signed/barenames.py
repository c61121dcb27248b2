"""Names that stand alone on the page that readers see, without a by-word and without a mark: in the head, or around the text."""

import re
from collections.abc import Iterator
from itertools import takewhile

from lxml import html

from archive.model import Article
from pipelines.page.blocks import line
from pipelines.page.layout import Layout
from pipelines.signed.bylines import Lines, is_dated
from pipelines.signed.names import NAME_LENGTH, is_person, names

_RIGHT = re.compile(r"text-align:\s*right|text-right|align-right|^ right\b", re.IGNORECASE)


def beside_date(found: Lines, article: Article) -> Iterator[str]:
    """Give the bare names in a list or link next to the date in the head of an article, where nothing else tells who wrote."""
    for number, (element, _) in enumerate(found):
        if is_dated(element):
            following = takewhile(lambda one: _is_bare(one[1], article), found[number + 1 :])
            yield from (words for node, words in following if node.tag in ("a", "li"))
            return


def bare(parts: Layout, article: Article) -> Iterator[str]:
    """Give the name that stands alone, in bold or on the right, as the first or last paragraph of the text."""
    paragraphs = [each for each in parts.body.iter("p") if each.text_content().strip()]
    for paragraph in paragraphs[:1] + paragraphs[-1:]:
        words = line(paragraph)
        if len(words) <= NAME_LENGTH and _is_bare(words, article) and _is_set_apart(paragraph, words):
            yield words
            return


def _is_set_apart(paragraph: html.HtmlElement, words: str) -> bool:
    style = f"{paragraph.get('style', '')} {paragraph.get('align', '')} {paragraph.get('class', '')}"
    return bool(_RIGHT.search(style)) or any(line(bold) == words for bold in paragraph.iter("strong", "b"))


def _is_bare(words: str, article: Article) -> bool:
    """Tell whether a line is a person's name: none of its words begins without a capital elsewhere in the article."""
    if not is_person(words) or not names([words]) or words == article.title:
        return False
    return not any(re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", article.text) for word in words.split())
