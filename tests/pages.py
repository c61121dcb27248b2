"""Pages for tests of reading, made of the few parts that a test is about."""

from datetime import UTC, datetime
from typing import Any

from archive.model import Article, Link, Page, Reading, Source
from pipelines.extract import extract
from pipelines.page.document import Document

URL = "https://news.example/national/2021/story"
FETCHED = datetime(2022, 6, 1, 5, 0, tzinfo=UTC)
KHMER = (
    "ក្រុមអ្នកភូមិបានជួបជុំគ្នានៅសាលាឃុំ ដើម្បីពិភាក្សាអំពីផ្លូវថ្មីដែលតភ្ជាប់ទៅផ្សារ ហើយមនុស្សជាច្រើនបានលើកដៃសួរសំណួរ។",
    "មេឃុំបានប្រាប់ថា ការងារនឹងចាប់ផ្តើមក្រោយរដូវវស្សា ព្រោះដីនៅទន់ខ្លាំង ហើយគ្រឿងចក្រមិនអាចចូលដល់ទីនោះបានទេ។",
    "ស្ត្រីលក់បន្លែម្នាក់បានសម្តែងក្តីសប្បាយ ដោយថាការដឹកទំនិញរបស់គាត់ទៅទីរួមខេត្តនឹងចំណាយពេលតែពាក់កណ្តាលម៉ោងប៉ុណ្ណោះ។",
    "គម្រោងនេះត្រូវការពេលប្រាំខែ ហើយអ្នកភូមិនឹងជួយយាមសម្ភារៈសំណង់នៅពេលយប់ដោយប្តូរវេនគ្នាតាមក្រុម។",
)
ENGLISH = (
    "Farmers in three communes met at the old pagoda on the hill to talk about the water that no longer reaches their fields in April.",
    "An engineer from the province drew a map on the floor and showed where a second gate could bring the canal back to life.",
    "Nobody asked about money until the end, when a teacher counted the families and found that each would give two days of work.",
    "The digging is to begin after the harvest, and the commune will lend its only tractor for the deepest part of the new channel.",
)
SOURCE = Source(id="news", name="News of the Example", languages=("km",), domains=("news.example",))


def source(**changes: Any) -> Source:
    """The usual source with other reading rules or facts."""
    facts: dict[str, Any] = {
        "id": "news",
        "name": "News of the Example",
        "languages": ("km",),
        "domains": ("news.example",),
    }
    return Source(**(facts | changes))


def markup(head: str = "", before: str = "", after: str = "", text: tuple[str, ...] = KHMER) -> str:
    """An article's page: `before` and `after` stand around its text inside the article."""
    body = "".join(f"<p>{part}</p>" for part in text)
    return (
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>"
        f"<article>{before}<div class='text'>{body}</div>{after}</article></body></html>"
    )


def page(html: str | bytes, url: str = URL, reading: Reading | None = None, **changes: Any) -> Page:
    """A page as if fetched from the usual source."""
    body = html.encode() if isinstance(html, str) else html
    facts: dict[str, Any] = {
        "source": source(reading=reading or Reading()),
        "fetched_at": FETCHED,
        "content_type": "text/html",
    }
    return Page(url=url, body=body, **(facts | changes))


def listed(date: str | None = None, title: str | None = None) -> Link:
    """A listing's link to the usual page."""
    return Link(url=URL, date=date, title=title)


def extracted(fetched: Page) -> tuple[Article, Document]:
    """The article after the stage extract, and its document."""
    document = Document.parse(fetched)
    return extract(Article(url=fetched.url, source=fetched.source.id), document), document
