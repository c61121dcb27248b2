"""Reads a listing by its kind; loads no Scrapy, since it runs in the workers: a hostile listing may take minutes."""

from archive.model import Listing
from crawlers.listings import Listed, feed, section, sitemap


def read(body: bytes, url: str, content_type: str | None, declared: Listing) -> Listed:
    """Read a listing page; raises BadListing for what is none of its kind."""
    if declared.kind == "feed":
        return feed.read(body, url, content_type)
    if declared.kind == "sitemap":
        return sitemap.read(body)
    return section.read(body, url, declared)
