"""The page of an article: its text with the words that were found, what it rests on, where else it ran, how it is cited and shared."""

import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import Any

from datasette.utils.asgi import Response

from archive.site import share, telling
from archive.site.causes import Marks, load_marks
from archive.site.deciding import desk_values
from archive.site.evidence import Evidence, load_evidence
from archive.site.facts import Facts, facts_of, row_of
from archive.site.marking import Piece, line, paragraphs
from archive.site.story import Story, load_story
from archive.site.unopened import why_unopened
from archive.site.visit import Missing, Visit

FELLOWS = 20
"""Other articles of the story that are listed; the story's own page has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page shows."""

    facts: Facts
    title: list[Piece]
    """As it was read, marked."""
    text: list[list[Piece]]
    description: list[Piece]
    captions: list[list[Piece]]
    tags: list[list[Piece]]
    marks: Marks
    evidence: Evidence
    story: Story | None

    @property
    def is_headline(self) -> bool:
        """Tell whether only the headline is there."""
        return self.facts.status == "headline only"

    @property
    def causes(self) -> tuple[int, ...]:
        """Give which look each cause's marks have, by its number less 1."""
        return tuple(cause.colour for cause in self.marks.causes)


async def show(visit: Visit) -> Response:
    """Show an article; what was rejected or hidden only to people with an account."""
    key = visit.parts["key"]
    shown = await visit.read(load_article, key, whole=bool(visit.account))
    if shown is None:
        raise Missing(visit.locale.text("There is no article {key} here.", key=key))
    unopened = (
        await visit.write(partial(why_unopened, visit.home.crawl, shown.facts.url)) if shown.is_headline else None
    )
    passed_on = share.ways(visit, shown.facts, shown.evidence.archived)
    told: dict[str, Any] = {
        "article": shown.facts,
        "shown": shown,
        "telling": telling,
        "unopened": unopened,
        "fellows": FELLOWS,
    }
    return visit.render("article.html", 200, **told, **passed_on, **await desk_values(visit, key))


def load_article(connection: sqlite3.Connection, key: str, *, whole: bool) -> Shown | None:
    """Load an article; None where there is none, or where it was rejected or hidden and `whole` is not asked for."""
    row = row_of(connection, key, whole=whole)
    if row is None:
        return None
    marks = load_marks(connection, row["id"], row["revision"])
    facts = facts_of(row)
    return Shown(
        facts=facts,
        title=line(row["read_title"], marks.on("title")),
        text=paragraphs(row["text"], marks.on("text")),
        description=line(facts.description, marks.on("description")),
        captions=[line(words, marks.on("caption", part)) for part, words in enumerate(facts.captions)],
        tags=[line(words, marks.on("tag", part)) for part, words in enumerate(facts.tags)],
        marks=marks,
        evidence=load_evidence(connection, row),
        story=load_story(connection, row["story_key"], whole=whole, beside=key) if row["story_key"] else None,
    )
