"""A page parsed once: its tree, its structured data and its head, for all stages to read."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Self

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

from archive.errors import NotAnArticle, Quarantined, Unreadable
from archive.model import Page
from pipelines.page.blocks import line
from pipelines.page.embedded import State, state
from pipelines.page.structured import json_ld, of_page
from pipelines.page.subject import Subject, subject

MAX_BYTES = 5_000_000
"""News pages measured: at most 2.2 MB. Above this even lxml needs seconds."""
MAX_TAGS = 40_000
"""Opening angle brackets; news pages measured: at most 5,000. Extraction grows with the square of what it holds."""
MAX_TAG_BYTES = 65_536
"""Of one tag outside quoted values and scripts: only thousands of attributes reach it, on which libxml2 hangs."""
MAX_OBJECTS = 500
"""JSON-LD objects looked at; real pages have up to a few dozen, of which the first tell the article."""
MAX_HEADINGS = 5
"""First-order headings looked at."""

_ROBOTS = frozenset({"robots", "tamdan"})
"""Who is asked: every robot, or this one."""
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives with a value, which are no robot's name."""
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d}" % MAX_TAG_BYTES)
_NOT_TAGS = re.compile(rb"<(script|style)\b.*?</\1|\"[^\"]*\"|'[^']*'", re.DOTALL | re.IGNORECASE)
_HTML_TYPES = ("html", "xml", "text/plain", "octet-stream")
_MAGIC = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"PK\x03\x04": "ZIP or Office", b"RIFF": "WebP or sound", b"\x1f\x8b": "gzip",
}  # fmt: skip
"""How files of other kinds begin."""


@dataclass(frozen=True, eq=False)
class Document:
    """One page with its lxml tree; made by `parse`, which keeps harmful and foreign bytes away from the parser."""

    page: Page
    tree: html.HtmlElement
    held: tuple[html.HtmlElement, ...] = ()
    """All elements of the tree: as long as they are held, lxml makes no new ones on each walk."""

    @classmethod
    def parse(cls, page: Page) -> Self:
        """Decode and parse a page.

        Raises Quarantined where a page breaks a limit, NotAnArticle where it is no HTML, Unreadable where nothing is in it.
        """
        _gate(page.body)
        _expect_html(page)
        text = _decoded(page)
        try:
            tree = html.document_fromstring(text, parser=_parser())
        except etree.ParserError as error:
            raise Unreadable("the page is empty") from error
        etree.strip_tags(tree, "wbr")  # it stands inside words
        return cls(page, tree, tuple(tree.iter()))

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """The JSON-LD objects of the page, lists and graphs flattened; without broken ones and other pages' articles."""
        scripts = self.tree.xpath("//script[contains(@type, 'ld+json')]")
        nodes = (node for script in scripts for node in json_ld(script.text or ""))
        return of_page(list(islice(nodes, MAX_OBJECTS)), self.subject)

    @cached_property
    def subject(self) -> Subject:
        """What the page calls itself."""
        meta, page = self.meta, self.page
        headings = (line(heading) for heading in islice(self.tree.iter("h1"), MAX_HEADINGS))
        shared = (meta.get("og:title", ""), meta.get("twitter:title", ""))
        names = (page.source.name, page.source.name_km or "", meta.get("og:site_name", ""))
        addresses = (self.links.get("canonical", ""), meta.get("og:url", ""))
        return subject(page.url, addresses, (*headings, *shared), names, self.tree.findtext(".//title") or "")

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The content of each meta tag by its name, property or itemprop in lower case; the first one counts."""
        found: dict[str, str] = {}
        for name, content in self.metas:
            found.setdefault(name, content)
        return found

    @cached_property
    def metas(self) -> list[tuple[str, str]]:
        """All meta tags with a name and a content, in order."""
        tags = [(_meta_name(tag), (tag.get("content") or "").strip()) for tag in self.tree.iter("meta")]
        return [(name, content) for name, content in tags if name and content]

    @cached_property
    def links(self) -> Mapping[str, str]:
        """The first address of each relation told in a link tag, as written there."""
        found: dict[str, str] = {}
        for tag in self.tree.iter("link"):
            for relation in (tag.get("rel") or "").lower().split():
                found.setdefault(relation, (tag.get("href") or "").strip())
        return {relation: address for relation, address in found.items() if address}

    @cached_property
    def canonicals(self) -> tuple[str, ...]:
        """Every address that a link tag calls the canonical one, as written there, each once."""
        tags = (tag for tag in self.tree.iter("link") if "canonical" in (tag.get("rel") or "").lower().split())
        return tuple(dict.fromkeys(href for tag in tags if (href := (tag.get("href") or "").strip())))

    @cached_property
    def state(self) -> State:
        """What the data that scripts were to show tell of the article."""
        return state(self.tree, self.subject)

    @cached_property
    def robots(self) -> frozenset[str]:
        """What the page and its headers ask of robots, in lower case, such as `noarchive`."""
        told = [self.page.robots, *(content for name, content in self.metas if name in _ROBOTS)]
        return frozenset(directive for text in told for directive in _directives(text))


def _parser() -> html.HTMLParser:
    """Give a new parser, since one keeps words of all its pages; comments are left out, those before the root too."""
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _directives(text: str) -> Iterator[str]:
    """Give what a header or tag asks of every robot or of this one: `name: directive, …` holds for that robot up to the next name."""
    ours = True
    for part in text.lower().split(","):
        name, colon, rest = (piece.strip() for piece in part.partition(":"))
        if colon and name not in _VALUED:
            ours = name in _ROBOTS
        if ours:
            yield from (rest if colon and name not in _VALUED else name).split()


def _meta_name(tag: html.HtmlElement) -> str:
    return (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()


def _gate(body: bytes) -> None:
    """Refuse what no news page is and what would hold a parser for seconds."""
    if len(body) > MAX_BYTES:
        raise Quarantined(f"{len(body):,} bytes, more than {MAX_BYTES:,}")
    tags = body.count(b"<")
    if tags > MAX_TAGS:
        raise Quarantined(f"{tags:,} tags, more than {MAX_TAGS:,}")
    if _LONG_TAG.search(body) and _LONG_TAG.search(_NOT_TAGS.sub(b'""', body)):
        raise Quarantined(f"one tag of more than {MAX_TAG_BYTES:,} bytes")


def _expect_html(page: Page) -> None:
    kind = (page.content_type or "html").split(";")[0].strip().lower()
    for magic, name in _MAGIC.items():
        if page.body.startswith(magic):
            raise NotAnArticle(f"not HTML: begins like a file of another kind ({name})")
    if page.body.strip() and b"<" not in page.body:
        raise NotAnArticle("not HTML: there is no tag in it")
    if not any(word in kind for word in _HTML_TYPES):
        raise NotAnArticle(f"not HTML: {kind}")


def _decoded(page: Page) -> bytes:
    """Give the page in UTF-8 without signs that no XML tree may hold; bytes that mean nothing become U+FFFD."""
    encoding, rest = _encoding(page)
    try:
        text = to_unicode(rest, encoding)
    except (LookupError, UnicodeError):  # a codec that is no charset, such as zlib_codec or idna
        text = rest.decode("utf-8", "replace")
    return _FORBIDDEN.sub("", text).encode("utf-8", "ignore")


_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ud800-\udfff\ufffe\uffff]")


def _encoding(page: Page) -> tuple[str, bytes]:
    """Give the encoding of the page and its bytes without the mark that told it.

    A mark at the start counts most; then valid UTF-8, whatever is declared, since other encodings of real text are not valid UTF-8
    by chance; then the HTTP header and the page's own declaration.
    """
    marked, mark = read_bom(page.body)
    if marked:
        return marked, page.body[len(mark or b"") :]
    if _is_utf8(page.body):
        return "utf-8", page.body
    declared = http_content_type_encoding(page.content_type) or html_body_declared_encoding(page.body)
    if declared == "punycode":  # no charset either, yet it decodes: 100 KB in 0.2 s, 200 KB in 1.6 s
        declared = None
    return declared or "utf-8", page.body.removeprefix(BOM_UTF8)


def _is_utf8(body: bytes) -> bool:
    if b"\x00" in body[:200]:  # UTF-16 of Latin text without a mark reads as UTF-8 full of NUL
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
