"""What a person tells of an addition, as an article, or where a page tells nothing of it itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from archive.desk.additions import Wish
from archive.khmer import clean
from archive.model import Article, Page, Source
from archive.store import dated_by_person
from pipelines.language import language
from pipelines.page.blocks import one_line
from pipelines.page.document import Document
from pipelines.stages import versions
from pipelines.syndication import fingerprint

HEADLINE = 120
"""Characters of a text's first line that stand for a headline which nobody gave."""

_NOTHING = b"<!doctype html><html><body><p></p></body></html>"


def typed(wish: Wish, url: str, source: Source) -> Article:
    """Make an article of what somebody typed, read by nobody else; not matched yet."""
    lines = [line for line in map(one_line, clean(wish.text or "").splitlines()) if line]
    page = Page(url=url, source=source, body=_NOTHING, fetched_at=datetime.now(UTC))
    article = Article(
        url=url,
        source=source.id,
        addresses=(url,),
        title=one_line(clean(wish.title or "")) or "".join(lines[:1])[:HEADLINE],
        text="\n".join(lines),
        versions=versions(source),
    )
    return filled(language(article, Document.parse(page)), [wish])


def filled(article: Article, wishes: Iterable[Wish]) -> Article:
    """Give the article its day and headline where the page tells none and a person did; what the page tells counts."""
    for wish in wishes:
        if article.published is None and wish.published:
            article = dated_by_person(article, wish.published)
        if not article.title and wish.title:
            article = replace(article, title=one_line(clean(wish.title)))
    return article


def told_by_people(article: Article, wishes: Sequence[Wish]) -> Article:
    """Complete an article that people added: with what they told, and with that by which its text is known elsewhere, match or no match."""
    if not wishes:
        return article
    article = filled(article, wishes)
    if article.matches or article.status != "read":
        return article
    return replace(article, fingerprint=fingerprint(article.title, article.text))
