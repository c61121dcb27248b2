"""How a report names things and tells of one article."""

from collections.abc import Iterator

from archive.localize import Locale
from archive.report.blocks import Item, Line, Run, joined, link, words
from archive.report.figures import Clipping, Named


def name_of(named: Named, locale: Locale) -> str:
    """Give a name in the language of the report, or in the one there is."""
    return (named.name_km if locale.code == "km" else None) or named.name


def entry(number: str, clippings: tuple[Clipping, ...], locale: Locale) -> Item:
    """Make an entry of the list: the headline with its link, then each source with its day; the other sources of a story with links of their own."""
    first = clippings[0]
    lines = [_told(first, [words(name_of(first.source, locale))], locale)]
    lines += [_told(other, [_also(other, first, locale)], locale) for other in clippings[1:]]
    return Item(number, (link(first.title, first.url),), tuple(lines))


def _also(other: Clipping, first: Clipping, locale: Locale) -> Run:
    """Link another source of the story: by its name, with its headline where that is another one."""
    source = name_of(other.source, locale)
    same = words(other.title).text == words(first.title).text
    return link(
        source if same else locale.text("{source}: {title}", source=source, title=words(other.title).text), other.url
    )


def _told(clipping: Clipping, runs: list[Run], locale: Locale) -> Line:
    day = locale.day(clipping.published) if clipping.published else locale.text("day unknown")
    return joined([*runs, words(day), *(words(mark) for mark in _marks(clipping, locale))])


def _marks(clipping: Clipping, locale: Locale) -> Iterator[str]:
    if clipping.kind != "article":
        yield _kind(clipping.kind, locale)
    if clipping.owned:
        yield locale.text("the campaign's own")
    if clipping.unsure:
        yield locale.text("not sure that it belongs here")
    if clipping.weak:
        yield locale.text("only in a caption, tag or description")
    if clipping.gone:
        yield locale.text("no longer online")


def _kind(kind: str, locale: Locale) -> str:
    names = {
        "post": locale.text("Post on social media"),
        "radio": locale.text("Radio"),
        "TV": locale.text("Television"),
        "print": locale.text("Print"),
    }
    return names.get(kind, kind)
