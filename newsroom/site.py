"""What a site of the newsroom is: its system, its listings and its stories, read from newsroom/sites/<id>/."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

SITES = Path(__file__).parent / "sites"
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One reader's comment below a story."""

    __pydantic_config__ = STRICT

    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story as its page prints it, odd spellings and odd markup included."""

    __pydantic_config__ = STRICT

    path: str
    """Path and query of its page, Khmer as itself; percent-encoded when served."""
    title: str
    """Headline as printed."""
    published: datetime
    """Phnom Penh time, with its offset."""
    body: str
    """HTML of the text alone."""
    heading: str = ""
    """HTML of the <h1> where it has markup that the title has not."""
    section: str = ""
    summary: str = ""
    """The page's description and the feed's summary; empty: the system makes none."""
    authors: tuple[str, ...] = ()
    photo: str = ""
    """Name of the picture, without folder and ending; empty: no picture."""
    caption: str = ""
    """HTML below the picture."""
    tags: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    byline: str = ""
    """The date as the by-line words it, where it is not the system's usual form."""
    lang: str = ""
    """The page's lang attribute, where it is not the site's."""
    status: int = 200
    """What the page answers; 404 for a listed story that is gone."""
    moved_from: str = ""
    """The old path, still listed, that answers 301 to this one."""

    @property
    def listed_path(self) -> str:
        """The path by which listings name the story."""
        return self.moved_from or self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page that is no story: front page, section, feed, sitemap, robots.txt."""

    __pydantic_config__ = STRICT

    path: str
    template: str
    type: str = "text/html; charset=UTF-8"
    later: str = ""
    """Path of the 2nd, 3rd… page, with {number} (from 2) or {start} in it; empty: one page only."""
    size: int = 1000
    """How many stories one page shows."""
    section: str = ""
    """Only the stories of this section; empty: all."""
    gz: bool = False
    """True where the file itself is a gzip, as sitemap.xml.gz is."""
    validators: bool = True
    """Whether it carries ETag and Last-Modified and answers 304."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listing as the source's table in sources.toml names it."""

    __pydantic_config__ = STRICT

    kind: Literal["feed", "sitemap", "section"]
    path: str
    link: str = ""
    title: str = ""
    date: str = ""
    card: str = ""
    next: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One invented outlet."""

    __pydantic_config__ = STRICT

    id: str
    name: str
    name_km: str
    system: str
    """What kind of real site it takes after."""
    tagline: str
    languages: tuple[str, ...]
    lang: str
    """The lang attribute of its pages, true or not."""
    verified_on: date
    status: Literal["open", "closed"] = "open"
    note: str = ""
    delay: float = 0.0
    sections: dict[str, str] = field(default_factory=dict)
    """Section id -> its name in the navigation."""
    listing: tuple[Listing, ...] = ()
    reading: dict[str, str | list[str]] = field(default_factory=dict)
    view: tuple[View, ...] = ()
    stories: tuple[Story, ...] = ()
    """Newest first."""


def load_sites() -> tuple[Site, ...]:
    """Read every site of the newsroom, by id."""
    return tuple(load_site(folder) for folder in sorted(SITES.iterdir()) if (folder / "site.toml").exists())


def load_site(folder: Path) -> Site:
    """Read one site's folder; raises pydantic.ValidationError on an unknown or mistyped key."""
    facts = _toml(folder / "site.toml")
    stories = sorted(_stories(folder), key=lambda story: str(story["published"]), reverse=True)
    return TypeAdapter(Site).validate_python({"id": folder.name, "stories": stories, **facts})


def _stories(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((folder / "articles").glob("*.toml")):
        yield from _toml(file)["story"]


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
