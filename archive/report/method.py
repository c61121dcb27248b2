"""The end of a report: what could not be reached, and how it was made."""

from collections.abc import Iterator

from archive.localize import Locale
from archive.report.blocks import Block, Item, Items, Paragraph, Table, line, words
from archive.report.figures import Report, Reviewed, Trouble
from archive.report.wording import entry, name_of


def unreached(report: Report, locale: Locale) -> Iterator[Block]:
    """Tell of headlines without a page, articles without a day, and sources of which something may be missing."""
    if report.headlines:
        yield Paragraph(
            line(
                locale.text(
                    "Headlines whose pages could not be opened; they are in none of the figures above but their own:"
                )
            )
        )
        yield Items(tuple(entry("", (clipping,), locale) for clipping in report.headlines))
    if report.undated_all:
        yield Paragraph(line(_undated(report, locale)))
        yield Items(tuple(entry("", (clipping,), locale) for clipping in report.undated))
    yield Paragraph(line(_crawls(report, locale)))
    if report.troubles:
        yield Items(
            tuple(
                Item("", (words(name_of(one.source, locale)),), (line(_trouble(one, report, locale)),))
                for one in report.troubles
            )
        )
    else:
        yield Paragraph(line(locale.text("Of every source that is followed, articles of these days are known.")))


def _undated(report: Report, locale: Locale) -> str:
    if report.undated_all > len(report.undated):
        return locale.text(
            "{all} articles do not say on which day they were published, so they are in none of the figures. The newest {shown}:",
            all=report.undated_all,
            shown=len(report.undated),
        )
    return locale.count(
        "{number} article does not say on which day it was published, so it is in none of the figures:",
        "{number} articles do not say on which day they were published, so they are in none of the figures:",
        report.undated_all,
    )


def _crawls(report: Report, locale: Locale) -> str:
    if not report.crawls:
        return locale.text(
            "No crawl was made in these days: all of this was found later, in what the sources still listed."
        )
    return locale.count(
        "{number} crawl was made in these days.", "{number} crawls were made in these days.", report.crawls
    )


def _trouble(trouble: Trouble, report: Report, locale: Locale) -> str:
    if trouble.failed:
        return locale.text(
            "{failed} of {asked} crawls had trouble with it; the last one: {verdict}",
            failed=trouble.failed,
            asked=trouble.asked,
            verdict=trouble.verdict,
        )
    if report.crawls and not trouble.asked:
        return locale.text("not asked in these days, and nothing of it is known")
    return locale.text("nothing that it published in these days is known, about the campaign or not")


# ---- how it was made --------------------------------------------------------------------------------------------------------------


def method(report: Report, locale: Locale) -> Iterator[Block]:
    """Tell how articles are found and counted, what people decided, and by which queries and program."""
    for told in (*_rules(report, locale), *_decisions(report, locale)):
        yield Paragraph(line(told))
    yield Table(
        caption=locale.text("The queries and their versions"),
        head=(locale.text("Query"), locale.text("Version"), locale.text("What it looks for")),
        rows=tuple(
            (line(name_of(one.of, locale)), line(_version(one.version, locale, retired=one.retired)), line(one.find))
            for one in report.questions
        ),
    )
    yield Paragraph(
        line(
            locale.text(
                "Program: {software}. Campaign: {campaign}.", software=report.software, campaign=report.campaign.id
            )
        ),
        quiet=True,
    )


def _version(version: int, locale: Locale, *, retired: bool) -> str:
    told = locale.number(version)
    return locale.text("{version}, no longer in force", version=told) if retired else told


def _rules(report: Report, locale: Locale) -> Iterator[str]:
    yield locale.text(
        "An article counts where a query of the campaign holds for its headline, text, captions, tags or description, or where a person of the team added it."
    )
    yield locale.text(
        "The day is the one on which its source published it, as the page itself tells it. One text at several sources is one story."
    )
    yield locale.text(
        "The order is by day, then by the minute where the page tells it, then as the articles were found."
    )
    if weak := sum(clipping.weak for clipping in report.clippings):
        yield locale.count(
            "{number} article in the list has the words in a caption, tag or description only, and says so.",
            "{number} articles in the list have the words in a caption, tag or description only, and say so.",
            weak,
        )
    yield locale.text("No advertising value is told, and no reach is estimated: neither can be known.")


def _decisions(report: Report, locale: Locale) -> Iterator[str]:
    reviewed = report.reviewed
    if reviewed == Reviewed(kept=0, unsure=0, left_out=0, corrected=0):
        yield locale.text("The team has not decided about any article of these days.")
        return
    yield locale.count(
        "The team rejected or hid {number} article of these days; it is in no figure and no list.",
        "The team rejected or hid {number} articles of these days; they are in no figure and no list.",
        reviewed.left_out,
    )
    yield locale.count(
        "It confirmed {number} article.",
        "It confirmed {number} articles.",
        reviewed.kept,
    )
    if reviewed.unsure:
        yield locale.count(
            "It is not sure of {number} article, which is counted and marked.",
            "It is not sure of {number} articles, which are counted and marked.",
            reviewed.unsure,
        )
    if reviewed.corrected:
        yield locale.count(
            "It corrected what was read of {number} article; the archive shows both.",
            "It corrected what was read of {number} articles; the archive shows both.",
            reviewed.corrected,
        )
