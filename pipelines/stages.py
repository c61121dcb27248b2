"""The way of an article: every stage in order, each a pure function from Article and Document to Article."""

from collections.abc import Callable
from typing import TypeAlias

from archive.model import Article, Page
from pipelines.authors import authors
from pipelines.dates import dates
from pipelines.document import Document
from pipelines.extract import extract
from pipelines.language import language
from pipelines.match import Matcher
from pipelines.urls import urls
from pipelines.verdict import verdict

Stage: TypeAlias = Callable[[Article, Document], Article]

STAGES: tuple[Stage, ...] = (verdict, extract, authors, dates, urls, language)


def read(page: Page, matcher: Matcher) -> Article:
    """Take a page through all stages and match it. Raises Dropped where the page is no article or cannot be read."""
    document = Document.parse(page)
    article = Article(url=page.url, source=page.source.id)
    for stage in STAGES:
        article = stage(article, document)
    return matcher.match(article)
