"""The article in the data that scripts were to show: found by its shape, never by a site's name.

An object is an article where it has a title and, under one of the names that editors use, a body of several hundred characters.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from lxml import html

from pipelines.page.richtext import paragraphs
from pipelines.page.scripts import values
from pipelines.page.subject import Subject

MAX_OBJECTS = 40_000
"""Objects and lists of one page looked at; the largest of 283 real pages has some 20,000."""
MAX_DEPTH = 40
"""Of objects in objects."""
MAX_BODIES = 300
"""Objects with a title and what may be a body of which the body is read."""
MAX_TEXTS = 60
MAX_TEXT = 5_000
MAX_DATE = 100
MAX_NESTED = 4
"""Of names in objects in lists, as bylines are."""
FEW_LETTERS = 300
"""Characters below which a body is a teaser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page's embedded data tell of its article; empty where they tell nothing. All is as told, not yet clean."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: str = ""
    """A number of seconds or milliseconds is given as an instant in ISO 8601."""
    modified: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    section: str = ""
    image: str = ""
    captions: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """An object that looks like an article, with its title and the paragraphs of its body."""

    told: Mapping[str, Any]
    title: str
    text: tuple[str, ...]

    @property
    def length(self) -> int:
        return sum(map(len, self.text))


def state(tree: html.HtmlElement, page: Subject) -> State:
    """Give the article of a page's embedded data that the page is about.

    Of several it is one with the page's address or headline, of these the longest. One with neither is believed only where the page
    has no headline itself and the data hold no other article.
    """
    found = list(_entries(tree))
    own = [entry for entry in found if _is_own(entry, page)]
    if not own and not page.headlines and len({entry.title for entry in found}) == 1:
        own = found
    return _state(max(own, key=lambda entry: entry.length)) if own else State()


def _is_own(entry: _Entry, page: Subject) -> bool:
    return page.is_named(entry.title) or any(page.stands_at(told) for told in _told(entry.told, _ADDRESSES))


# ---- finding ----------------------------------------------------------------------------------------------------------------------

_BODIES = (
    (
        "articleBody articleText bodyText bodyHtml body content contents contentBlocks contentElements contentHtml fullText fullContent mainText "
        "paragraphs blocks story storyBody storyHtml text html richText rawBody detail details sprinkledBody sections elements postContent data description"
    )
    .lower()
    .split()
)
_SUMMARIES = frozenset({"description"})
"""Names under which some keep the body, and most a summary."""
_TITLES = "headline headlines title titles articleTitle postTitle name heading".lower().split()
_ADDRESSES = "url canonicalUrl canonical link permalink websiteUrl path href slug uri".lower().split()
_OTHERS = re.compile(
    r"related|recommend|popular|trending|most_?(?:read|viewed)|latest|sidebar|more_?(?:stories|news|articles)|(?:next|prev(?:ious)?)_?(?:article|post|story)"
    r"|read_?(?:also|more|next)|teaser|recirc|comment|advert|navigation|menu|footer|i18n|translations?$|locale|messages",
    re.IGNORECASE,
)
"""Names under which other articles and a site's own words stand."""


def _entries(tree: html.HtmlElement) -> Iterator[_Entry]:
    """Give all objects of a page's data that look like an article."""
    for found in islice(filter(_may_be_article, _objects(list(values(tree)))), MAX_BODIES):
        told = _by_name(found)
        title = _first(told, _TITLES)
        text = _text(told) if title else ()
        if text:
            yield _Entry(told, title, text)


def _may_be_article(found: Mapping[str, Any]) -> bool:
    names = {_plain(name): held for name, held in found.items() if isinstance(held, str | list | dict)}
    return not names.keys().isdisjoint(_TITLES) and any(
        _may_be_body(name, names[name]) for name in _BODIES if name in names
    )


def _objects(roots: list[Any]) -> Iterator[dict[str, Any]]:
    """Give every object in some values, each once, the outer ones first; without what stands under the name of other articles."""
    waiting = deque((root, 0) for root in roots if isinstance(root, dict | list))
    seen: set[int] = set()
    while waiting and len(seen) < MAX_OBJECTS:
        value, depth = waiting.popleft()
        if id(value) in seen or depth > MAX_DEPTH:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            yield value
        inner = value if isinstance(value, list) else (held for name, held in value.items() if not _is_of_others(name))
        waiting.extend((held, depth + 1) for held in inner if isinstance(held, dict | list))


@lru_cache(maxsize=4_096)
def _is_of_others(name: str) -> bool:
    return bool(_OTHERS.search(name[:40]))


def _text(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the paragraphs of the first part that is long enough for a body."""
    for name in _BODIES:
        held = told.get(name)
        text = paragraphs(held) if _may_be_body(name, held) else ()
        if sum(map(len, text)) >= FEW_LETTERS:
            return tuple(text)
    return ()


def _may_be_body(name: str, held: Any) -> bool:
    if isinstance(held, str):
        return len(held) >= FEW_LETTERS and (name not in _SUMMARIES or "<p" in held)
    return isinstance(held, list | dict) and bool(held)


def _by_name(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an object tells by plain names; what objects beside it tell of it counts where it is silent."""
    told = {_plain(name): value for name, value in reversed(list(found.items()))}
    for aside in _ASIDE:
        if isinstance(told.get(aside), dict):
            told = {_plain(name): value for name, value in told[aside].items()} | told
    return told


@lru_cache(maxsize=4_096)
def _plain(name: str) -> str:
    """Give a name in lower case without the signs by which one naming convention differs from another."""
    return name[:40].replace("_", "").replace("-", "").lower()


# ---- telling ----------------------------------------------------------------------------------------------------------------------

_AUTHORS = "author authors byline bylines by creator creators writer writers reporter reporters credits".split()  # noqa: SIM905
_PUBLISHED = (
    (
        "datePublished publishedAt publishedDate publishDate published publicationDate publishTime publishedTime firstPublishedAt firstPublished "
        "firstPublishedDate firstPublicationDate firstPublishDate displayDate pubDate releaseDate date dateTime datetime createdAt created createDate"
    )
    .lower()
    .split()
)
_MODIFIED = (
    (
        "dateModified modifiedAt modifiedDate modified modifiedGmt lastModified lastModifiedDate updatedAt updated updatedDate updateDate lastUpdated "
        "lastUpdatedDate lastUpdateDate lastPublishedAt latestRevisionCreatedAt"
    )
    .lower()
    .split()
)
_DESCRIPTIONS = "description summary excerpt standfirst abstract lead lede dek intro introduction teaser subtitle subheadline subheadlines".split()  # noqa: SIM905
_TAGS = "tags keywords topics".split()  # noqa: SIM905
_SECTIONS = "section primarySection articleSection category categories channel primaryCategory sectionName categoryName".lower().split()
_IMAGES = (
    (
        "image leadImage featuredImage featureImage mainImage heroImage coverImage cover images thumbnail thumbnailUrl imageUrl featuredMediaUrl "
        "jetpackFeaturedMediaUrl picture promoItems photo"
    )
    .lower()
    .split()
)
_NAMES = (
    "name text title fullName displayName label basic default rendered value html by iso date timestamp".lower().split()
)
"""Names of what stands for an object where one text is wanted."""
_FILES = "url src href original large medium basic default value file asset image".split()  # noqa: SIM905
"""The same where an address is wanted."""
_CAPTIONS = ("caption", "alt", "alttext")
"""The same where words under a picture are wanted."""
_DIGITS_OF_A_DAY = 5
_ASIDE = "meta metadata attributes fields taxonomy seo frontmatter".split()  # noqa: SIM905
"""Names of objects beside the body which describe it."""
_FIRST_SECOND = 100_000_000
_LAST_SECOND = 100_000_000_000
_LAST_MILLISECOND = 10_000_000_000_000
"""Numbers between the first two count seconds since 1970, up to the third milliseconds; others are no dates."""
_MARKUP = re.compile(r"<[^<>]{0,500}>")


def _state(entry: _Entry) -> State:
    told = entry.told
    return State(
        title=entry.title,
        paragraphs=entry.text,
        authors=tuple(_told(told, _AUTHORS)),
        published=_instant(told, _PUBLISHED),
        modified=_instant(told, _MODIFIED),
        description=_first(told, _DESCRIPTIONS),
        tags=tuple(_told(told, _TAGS)),
        section=_first(told, _SECTIONS),
        image=next(iter(_told(told, _IMAGES, _FILES)), ""),
        captions=tuple(_told(told, _IMAGES, _CAPTIONS)),
    )


def _first(told: Mapping[str, Any], names: Sequence[str]) -> str:
    return next(iter(_told(told, names)), "")


def _told(told: Mapping[str, Any], names: Sequence[str], parts: Sequence[str] = _NAMES) -> list[str]:
    """Give the texts under the first of some names that holds any, without markup; `parts` stand for an object."""
    for name in names:
        texts = list(islice(_texts(told.get(name), parts, MAX_NESTED), MAX_TEXTS))
        if texts:
            return texts
    return []


def _texts(value: Any, parts: Sequence[str], depth: int) -> Iterator[str]:
    if isinstance(value, str):
        plain = " ".join(_MARKUP.sub(" ", value[:MAX_TEXT]).split())
        yield from (plain,) if plain else ()
    elif isinstance(value, list) and depth:
        for item in value[:MAX_TEXTS]:
            yield from _texts(item, parts, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from _texts(_part(value, parts), parts, depth - 1)


def _part(value: Mapping[str, Any], parts: Sequence[str]) -> Any:
    """Give what stands for an object: a person's whole name, or the likeliest of its parts."""
    told = _by_name(value)
    both = [told[name] for name in ("firstname", "lastname") if isinstance(told.get(name), str)]
    return " ".join(both) or next((told[name] for name in parts if told.get(name)), None)


def _instant(told: Mapping[str, Any], names: Sequence[str]) -> str:
    """Give the first date under some names as it is told there; a number as the instant that it means."""
    return next(filter(None, (_date(told.get(name)) for name in names)), "")


def _date(value: Any) -> str:
    if isinstance(value, dict):
        value = _part(value, _NAMES)
    if isinstance(value, str):
        date = value.strip()[:MAX_DATE]
        return date if sum(map(str.isdigit, date)) >= _DIGITS_OF_A_DAY else ""
    if not isinstance(value, int | float) or not _FIRST_SECOND < value < _LAST_MILLISECOND:
        return ""
    return datetime.fromtimestamp(value / 1000 if value > _LAST_SECOND else value, UTC).isoformat()
