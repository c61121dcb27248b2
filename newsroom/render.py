"""All answers of one site, made once at the start from its templates and stories: request target -> Page."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newsroom import dates
from newsroom.site import SITES, Site, Story, View

UNQUOTED = "/?=&:,+"
TICKER, RELATED, MOST_READ = 6, 4, 5
GONE = b"<!doctype html><title>410 Gone</title><h1>Gone</h1>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer, before content negotiation."""

    status: int
    type: str
    body: bytes
    location: str = ""
    validators: bool = False
    """True for listings: ETag, Last-Modified and 304."""


def percent(path: str) -> str:
    """Encode the path as an address is sent: Khmer percent-encoded, upper case."""
    return quote(path, safe=UNQUOTED)


def percent_lower(path: str) -> str:
    """Encode the path as WordPress prints it: Khmer percent-encoded in lower case."""
    return percent(path).lower()


def key(target: str) -> str:
    """Return the form in which a request target is looked up, however it was percent-encoded and its query ordered."""
    path, mark, query = unquote(target).partition("?")
    return path + mark + "&".join(sorted(query.split("&")))


def render(site: Site, base: str) -> dict[str, Page]:
    """Every answer of a site served at base (no trailing slash); "404" holds its page for unknown addresses."""
    if site.status == "closed":
        return {"404": Page(status=410, type="text/html; charset=UTF-8", body=GONE)}
    press = _Press(site, base)
    return dict([*press.views(), *press.stories(), *press.photos(), press.missing()])


class _Press:
    """One site's templates bound to its base address."""

    def __init__(self, site: Site, base: str) -> None:
        self.site = site
        self.base = base
        self.environment = _environment(site)

    def views(self) -> Iterator[tuple[str, Page]]:
        for view in self.site.view:
            chosen = [story for story in self.site.stories if view.section in ("", story.section)]
            starts = range(0, len(chosen), view.size) if view.later else range(1)
            for start in starts:
                yield key(_view_path(view, start)), self._view(view, chosen, start)

    def stories(self) -> Iterator[tuple[str, Page]]:
        for story in self.site.stories:
            if story.status == 200:
                yield key(story.path), self._html("article.html", 200, story)
            if story.moved_from:
                location = self.base + percent(story.path)
                yield key(story.moved_from), Page(status=301, type="text/html", body=b"", location=location)

    def photos(self) -> Iterator[tuple[str, Page]]:
        for name in {story.photo for story in self.site.stories if story.photo}:
            yield f"/media/{name}.svg", Page(status=200, type="image/svg+xml", body=_picture(name))

    def missing(self) -> tuple[str, Page]:
        return "404", self._html("404.html", 404, None)

    def _view(self, view: View, chosen: list[Story], start: int) -> Page:
        end = start + view.size
        following = self.base + _view_path(view, end) if view.later and end < len(chosen) else ""
        words = {"view": view, "stories": chosen[start:end], "next_page": following, "number": start // view.size + 1}
        body = self._text(view.template, story=None, **words)
        body = gzip.compress(body, mtime=0) if view.gz else body
        return Page(status=200, type=view.type, body=body, validators=view.validators)

    def _html(self, template: str, status: int, story: Story | None) -> Page:
        return Page(status=status, type="text/html; charset=UTF-8", body=self._text(template, story=story))

    def _text(self, template: str, **words: Any) -> bytes:
        others = [other for other in self.site.stories if other is not words["story"] and other.status == 200]
        furniture = {
            "ticker": others[:TICKER],
            "related": _after(others, words["story"]),
            "most_read": _most_read(others),
        }
        text = self.environment.get_template(template).render(site=self.site, base=self.base, **furniture, **words)
        return text.encode()


def _environment(site: Site) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(SITES / site.id / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"percent": percent, "percent_lower": percent_lower, "html": Markup, "plain": _plain}
    environment.filters |= {name: getattr(dates, name) for name in DATE_FILTERS}
    return environment


DATE_FILTERS = ("iso", "utc", "rfc822", "english", "khmer_digits", "khmer_long", "khmer_short", "khmer_dashed")


def _view_path(view: View, start: int) -> str:
    return view.later.format(start=start, number=start // view.size + 1) if start else view.path


def _after(others: list[Story], story: Story | None) -> list[Story]:
    """Return the stories printed just before this one, as a related box shows them; round again at the end."""
    older = [other for other in others if story is None or other.published <= story.published]
    return [*older, *others][:RELATED]


def _most_read(others: list[Story]) -> list[Story]:
    """Five stories in an order of their own that never changes."""
    return sorted(others, key=lambda story: zlib.crc32(story.path.encode()))[:MOST_READ]


def _plain(html: str) -> str:
    return str(Markup(html).striptags())  # noqa: S704 - our own stories, markup and all


def _picture(name: str) -> bytes:
    """Draw a sky and a field, their colours by the picture's name."""
    seed = zlib.crc32(name.encode())
    sky, field, sun = 185 + seed % 45, 70 + seed % 70, 120 + seed % 560
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 450" width="800" height="450">'
        f'<rect width="800" height="450" fill="hsl({sky} 50% 80%)"/><circle cx="{sun}" cy="150" r="55" fill="#fff8dc"/>'
        f'<path d="M0 330 Q200 {250 + seed % 60} 400 320 T800 300 V450 H0Z" fill="hsl({field} 32% 45%)"/></svg>'
    ).encode()
