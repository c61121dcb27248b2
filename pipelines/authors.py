"""Who wrote an article: whole names as the page gives them, agencies as such, without «ដោយ», By and the desk's own noise."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import html

from archive.khmer import fold
from archive.model import Article
from pipelines.blocks import in_furniture, line, one_line
from pipelines.document import Document
from pipelines.layout import head_lines, layout
from pipelines.structured import article_nodes, named
from pipelines.title import is_site_name

NAME_LENGTH = 80
"""Characters; a longer text is no name."""
NAMES = 20

_META = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
)  # fmt: skip
_BY = re.compile(
    r"^\s*(?:(?:written|posted|reported|published|story|text|article|words|photos?)?\s*\bby\b\s*[:៖]?|(?:author|writer|reporter|byline)s?\s*[:៖]"
    r"|(?:អត្ថបទ|សរសេរ|រាយការណ៍|ប្រែសម្រួល|បកប្រែ|រូបភាព)?\s*(?:ដោយ|ដោយៈ)\s*[:៖]?|(?:អ្នកនិពន្ធ|អ្នកយកព័ត៌មាន|អ្នកសរសេរ|អត្ថបទ|និពន្ធ)\s*[:៖])\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*[,;|、،]\s*|\s+(?:and|និង|និងលោក)\s+|\s*&\s*|\s+/\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:[|•·]|\s[-–—]\s|\s(?:on|at)\s\w|\d{1,2}[:/]\d|\s*\().*$", re.IGNORECASE)
_NOISE = frozenset(
    (
        "admin",
        "administrator",
        "editor",
        "webmaster",
        "user",
        "root",
        "superuser",
        "author",
        "news",
        "unknown",
        "null",
        "none",
        "n/a",
        "anonymous",
    )
)
"""What systems put where nobody signed."""
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:com|net|org|kh)(?:/|$)", re.IGNORECASE)
_WRITER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|authors|byline|by-line|writer|creator|vcard|reporter)(?:$|[\s_-])", re.IGNORECASE
)


def authors(article: Article, document: Document) -> Article:
    """Set the names from the first origin that tells any, a desk's own name only where no origin tells more."""
    parts: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _selected(document),
        lambda: _structured(document),
        lambda: _meta(document),
        lambda: _marked(document),
        lambda: _by_line(article, document),
    )
    found = (_names(origin()) for origin in parts)
    told = [names for names in found if names]
    people = (names for names in told if not all(is_site_name(name, document) for name in names))
    return replace(article, authors=next(people, told[0] if told else ()))


def _names(told: Iterator[str]) -> tuple[str, ...]:
    """Clean and part what an origin tells into names, each once."""
    found: dict[str, str] = {}
    for text in told:
        for part in _AND.split(_BY.sub("", one_line(text))):
            name = _name(part)
            if name:
                found.setdefault(fold(name), name)
    return tuple(found.values())[:NAMES]


def _name(part: str) -> str:
    name = _BY.sub("", part).strip(' \t:៖,.·|-–—«»"“”')
    usable = (
        name and len(name) <= NAME_LENGTH and not _ADDRESS.search(name) and fold(name).replace(" ", "") not in _NOISE
    )
    return name if usable else ""


def _selected(document: Document) -> Iterator[str]:
    selector = document.page.source.reading.author
    for found in document.tree.cssselect(selector) if selector else ():
        yield found.get("content") or line(found)


def _structured(document: Document) -> Iterator[str]:
    for node in article_nodes(document.json_ld):
        told = named(node.get("author"), document.json_ld) or named(node.get("creator"), document.json_ld)
        if told:
            yield from told
            return


def _meta(document: Document) -> Iterator[str]:
    for name in _META:
        told = [content for key, content in document.metas if key == name and not _ADDRESS.search(content)]
        if told:
            yield from told
            return


def _marked(document: Document) -> Iterator[str]:
    """Give the names of links and parts that the page itself marks as the author."""
    marked = document.tree.xpath("//a[contains(concat(' ', @rel, ' '), ' author ')] | //*[@itemprop='author']")
    for element in marked:
        if not in_furniture(element) and len(line(element)) <= NAME_LENGTH:
            yield line(element)


def _by_line(article: Article, document: Document) -> Iterator[str]:
    """Give what follows «ដោយ» or By in a short line near the headline."""
    for element, words in head_lines(layout(article, document), article.text):
        if _BY.match(words):
            yield _AFTER.sub("", _BY.sub("", words))
            return
        if _is_writer(element):
            yield _AFTER.sub("", words)
            return


def _is_writer(element: html.HtmlElement) -> bool:
    return bool(_WRITER_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}"))
