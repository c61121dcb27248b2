"""The way of an article: every stage in order, each a pure function from Article and Document to Article."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias
from zlib import crc32

from archive.model import Article, Link, Page, Source
from pipelines import match
from pipelines.authors import authors
from pipelines.dates import dates
from pipelines.extract import extract
from pipelines.language import language
from pipelines.match import Matcher
from pipelines.page.blocks import one_line
from pipelines.page.document import Document
from pipelines.syndication import syndication
from pipelines.urls import urls
from pipelines.verdict import verdict

Stage: TypeAlias = Callable[[Article, Document], Article]

STAGES: tuple[Stage, ...] = (verdict, extract, authors, dates, urls, language)
LISTED: tuple[Stage, ...] = (dates, urls, language)
"""What can be told of an article of which only a listing's headline is known."""

_NOTHING = b"<!doctype html><html><body><p></p></body></html>"


def versions(source: Source) -> Mapping[str, int]:
    """Give which version of each stage reads a source's pages now, and a checksum of what sources.toml says about reading them."""
    read_as = (source.reading, source.zone, source.languages, source.domains, source.name, source.name_km)
    stages = {stage.__name__: _version(stage) for stage in STAGES}
    return {
        **stages,
        "match": match.VERSION,
        "syndication": _version(syndication),
        "source": crc32(repr(read_as).encode()),
    }


def outdated(then: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Tell whether a page read by those versions would be read otherwise now; what only matching makes is made anew anyway."""
    anew = {"match", "syndication"}
    return {**then, **dict.fromkeys(anew, 0)} != {**now, **dict.fromkeys(anew, 0)}


def _version(stage: Callable[..., Article]) -> int:
    return int(sys.modules[stage.__module__].VERSION)


def read(page: Page, matcher: Matcher) -> Article:
    """Take a page through all stages and match it. Raises Dropped where the page is no article or cannot be read."""
    document = Document.parse(page)
    article = met(page)
    for stage in STAGES:
        article = stage(article, document)
    return matched(article, matcher)


def headline(page: Page, matcher: Matcher) -> Article:
    """Make an article of what a listing says of a page that cannot be opened; the page's own body is not looked at."""
    document = Document.parse(replace(page, body=_NOTHING, content_type=None, further=()))
    link = page.link or Link(url=page.url)
    article = replace(
        met(page), title=one_line(link.title or ""), description=one_line(link.summary or ""), status="headline only"
    )
    for stage in LISTED:
        article = stage(article, document)
    return matched(article, matcher)


def matched(article: Article, matcher: Matcher) -> Article:
    """Match an article that was read, now or earlier, and take its fingerprint where it is coverage."""
    return syndication(matcher.match(article))


def met(page: Page) -> Article:
    """Make the article that the stages begin with."""
    addresses = (page.link.url, page.url) if page.link else (page.url,)
    return Article(
        url=page.url,
        source=page.source.id,
        addresses=tuple(dict.fromkeys(addresses)),
        versions=versions(page.source),
    )
