"""A report in words: its figures as a document in Khmer or English, the same for every format."""

from collections.abc import Iterator
from datetime import UTC

from archive.localize import ZONE, Locale
from archive.report.blocks import (
    Block,
    Boxes,
    Document,
    Figure,
    Item,
    Items,
    Line,
    Paragraph,
    Run,
    Section,
    Table,
    joined,
    line,
    link,
    words,
)
from archive.report.figures import Clipping, Report, Share
from archive.report.method import method, unreached
from archive.report.spread import spread, spread_table
from archive.report.wording import entry, name_of

PHOTOS = 2
"""Empty frames for pictures; in Word people copy one for more."""

MOST_QUOTES = 60
"""Quotes in one report; the archive shows the others."""


def document(report: Report, locale: Locale) -> Document:
    """Put a report into words."""
    sections = _list_only(report, locale) if report.asked.list_only else _whole(report, locale)
    return Document(
        language=locale.code,
        title=locale.text("Media coverage: {campaign}", campaign=name_of(report.campaign, locale)),
        days=_days(report, locale),
        made=locale.text(
            "Made on {day} with {software}",
            day=locale.day(report.made_at.replace(tzinfo=report.made_at.tzinfo or UTC).astimezone(ZONE).date()),
            software=report.software,
        ),
        sections=tuple(sections),
    )


def _days(report: Report, locale: Locale) -> str:
    since, until = locale.day(report.asked.since), locale.day(report.asked.until)
    return since if since == until else locale.text("{first} to {last}", first=since, last=until)


def _list_only(report: Report, locale: Locale) -> Iterator[Section]:
    yield Section(locale.text("Headlines"), tuple(_headlines(report, locale)))
    if report.headlines:
        yield _headlines_only(report, locale)


def _whole(report: Report, locale: Locale) -> Iterator[Section]:
    yield Section(locale.text("Key figures"), (_key_figures(report, locale),))
    if report.clippings:
        yield Section(locale.text("Over time"), (Figure(spread(report, locale)), spread_table(report, locale)))
    yield Section(locale.text("Headlines"), tuple(_headlines(report, locale)))
    if quotes := _quotes(report, locale):
        yield Section(locale.text("Quotes"), quotes)
    if report.clippings:
        yield Section(locale.text("By source and by query"), tuple(_shares(report, locale)))
        yield Section(locale.text("Photos"), (_photos(locale),))
        yield Section(locale.text("Reach"), tuple(_reach(report, locale)))
    yield Section(locale.text("What could not be reached"), tuple(unreached(report, locale)))
    yield Section(locale.text("How this report was made"), tuple(method(report, locale)))


# ---- figures ----------------------------------------------------------------------------------------------------------------------


def _key_figures(report: Report, locale: Locale) -> Table:
    before = report.asked.before
    span = locale.text(
        "{first} to {last}", first=locale.day(before.since, "medium"), last=locale.day(before.until, "medium")
    )
    return Table(
        caption=locale.text("Compared with as many days before: {days}", days=span),
        head=(locale.text("What is counted"), locale.text("These days"), locale.text("Days before")),
        rows=tuple(
            (line(name), line(locale.number(now)), line(locale.number(then)))
            for name, now, then in _counted(report, locale)
        ),
        numbers=1,
    )


def _counted(report: Report, locale: Locale) -> Iterator[tuple[str, int, int]]:
    now, before = report.figures, report.before
    yield locale.text("Articles"), now.articles, before.articles
    yield locale.text("Distinct stories"), now.stories, before.stories
    yield locale.text("Sources"), now.sources, before.sources
    for code in sorted({*now.languages, *before.languages}, key=lambda code: ("km", "en", code).index(code)):
        yield _in_language(code, locale), now.languages.get(code, 0), before.languages.get(code, 0)
    if now.owned or before.owned:
        yield locale.text("Of these, published by the campaign itself"), now.owned, before.owned
    yield locale.text("Apart from these: headlines whose pages could not be opened"), now.headlines, before.headlines


def _in_language(code: str, locale: Locale) -> str:
    if code == "km":
        return locale.text("Articles in Khmer")
    if code == "en":
        return locale.text("Articles in English")
    if code == "und":
        return locale.text("Articles in an unknown language")
    return locale.text("Articles in {language}", language=locale.babel.languages.get(code, code))


def _shares(report: Report, locale: Locale) -> Iterator[Block]:
    yield _share_table(locale.text("Articles by source"), locale.text("Source"), report.sources, locale)
    yield _share_table(locale.text("Articles by query"), locale.text("Query"), report.queries, locale)
    yield Paragraph(line(locale.text("One article may answer several queries.")), quiet=True)


def _share_table(caption: str, what: str, shares: tuple[Share, ...], locale: Locale) -> Table:
    return Table(
        caption=caption,
        head=(what, locale.text("These days"), locale.text("Days before")),
        rows=tuple(
            (line(name_of(share.of, locale)), line(locale.number(share.articles)), line(locale.number(share.before)))
            for share in shares
        ),
        numbers=1,
    )


# ---- articles ---------------------------------------------------------------------------------------------------------------------


def _headlines(report: Report, locale: Locale) -> Iterator[Block]:
    if not report.clippings:
        yield Paragraph(line(locale.text("No article about the campaign was found in these days.")))
        return
    items = tuple(
        entry(locale.text("{number}.", number=number), clippings, locale)
        for number, clippings in enumerate(report.numbered, 1)
    )
    yield Items(items)


def _headlines_only(report: Report, locale: Locale) -> Section:
    items = Items(tuple(entry("", (clipping,), locale) for clipping in report.headlines))
    return Section(locale.text("Headlines whose pages could not be opened"), (items,))


def _quotes(report: Report, locale: Locale) -> tuple[Block, ...]:
    quoted = [
        Item(locale.text("{number}.", number=number), _quote(one), (_cited(one, locale),))
        for number, clippings in enumerate(report.numbered, 1)
        if (one := next((clipping for clipping in clippings if clipping.quote), None))
    ]
    blocks: tuple[Block, ...] = (Items(tuple(quoted[:MOST_QUOTES])),) if quoted else ()
    if len(quoted) > MOST_QUOTES:
        told = locale.text("The first {shown} of {all} quotes.", shown=MOST_QUOTES, all=len(quoted))
        return (*blocks, Paragraph(line(told), quiet=True))
    return blocks


def _quote(clipping: Clipping) -> Line:
    """Give a quote, the words of the campaign strong."""
    assert clipping.quote
    text, sought = words(clipping.quote.text).text, words(clipping.quote.words).text
    before, found, after = text.partition(sought)
    return tuple(run for run in (Run(f"…\u00a0{before}"), Run(found, strong=True), Run(f"{after}\u00a0…")) if run.text)


def _cited(clipping: Clipping, locale: Locale) -> Line:
    return joined([words(name_of(clipping.source, locale)), link(clipping.title, clipping.url)])


# ---- what people fill in ----------------------------------------------------------------------------------------------------------


def _photos(locale: Locale) -> Boxes:
    lines = (
        locale.text("What it shows, where and when:"),
        locale.text("Taken by, and who allowed its use:"),
    )
    return Boxes(locale.text("Put a photo here"), lines, PHOTOS)


def _reach(report: Report, locale: Locale) -> Iterator[Block]:
    told = locale.text(
        "Nobody can count from outside how many people read, heard or saw an article. Fill in only what a source itself has told, and say where."
    )
    yield Paragraph(line(told), quiet=True)
    yield Table(
        caption=locale.text("To be filled in"),
        head=(
            locale.text("Source"),
            locale.text("Articles"),
            locale.text("Readers, listeners or viewers"),
            locale.text("Where this number comes from, and its day"),
        ),
        rows=tuple(
            (line(name_of(share.of, locale)), line(locale.number(share.articles)), (), ())
            for share in report.sources
            if share.articles
        ),
        to_fill=2,
    )
