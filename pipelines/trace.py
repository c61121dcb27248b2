"""What each stage makes of one page, step by step: what a person looks at to see why an article was read as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from pydantic_core import to_json

from archive.errors import Dropped
from archive.model import Article, Campaigns, DateCandidate, Match, Page
from pipelines import authors, title
from pipelines.match import Matcher
from pipelines.page.document import Document
from pipelines.stages import STAGES, matched, met


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage and the fields of the article that it set, with their values."""

    stage: str
    made: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The way of one page: the steps it took, and the article or why it went no further."""

    page: Page
    steps: tuple[Step, ...]
    article: Article | None
    dropped: Dropped | None
    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What each place of the page tells of title, authors and canonical address; dates have their candidates with them."""


def trace(page: Page, campaigns: Campaigns) -> Trace:
    """Take a page through the stages and keep what each made; raises nothing that a page could cause but in C."""
    article = met(page)
    steps: list[Step] = []
    try:
        document = Document.parse(page)
        for stage in STAGES:
            before, article = article, stage(article, document)
            steps.append(Step(stage=stage.__name__, made=_made(before, article)))
    except Dropped as dropped:
        return Trace(page=page, steps=tuple(steps), article=None, dropped=dropped)
    before, article = article, matched(article, Matcher(campaigns))
    steps.append(Step(stage="match", made=_made(before, article)))
    return Trace(page=page, steps=tuple(steps), article=article, dropped=None, told=_told(article, document))


def _told(article: Article, document: Document) -> dict[str, dict[str, str]]:
    addresses = {"canonical": document.links.get("canonical", ""), "og:url": document.meta.get("og:url", "")}
    told = {
        "title": title.candidates(document),
        "authors": authors.candidates(article, document),
        "address": {**addresses, "found at": document.page.url},
    }
    return {name: {place: text for place, text in places.items() if text} for name, places in told.items()}


def _made(before: Article, after: Article) -> dict[str, object]:
    names = (field.name for field in fields(Article))
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def as_json(seen: Trace, status: int | None) -> str:
    """Tell a trace as one JSON object: the page, the HTTP status where it was fetched, the outcome, the article and the steps."""
    told = {
        "url": seen.page.url,
        "source": seen.page.source.id,
        "status": status,
        "outcome": seen.dropped.outcome if seen.dropped else "read",
        "reason": seen.dropped.reason if seen.dropped else "",
        "article": seen.article,
        "steps": seen.steps,
        "told": seen.told,
    }
    return str(to_json(told, indent=2).decode())


# ---- for reading ------------------------------------------------------------------------------------------------------------------


def lines(seen: Trace) -> list[str]:
    """Tell a trace as lines of text."""
    page = seen.page
    told = [
        f"{page.url}",
        f"read for: {page.source.id} ({page.source.name}); {len(page.body):,} bytes, {page.content_type or 'no type told'}",
    ]
    for step in seen.steps:
        told += ["", step.stage, *(f"  {line}" for line in _step(step, seen.article))]
    if seen.told:
        told += ["", "what each place tells"]
        told += [f"  {name} [{place}]: {text}" for name, places in seen.told.items() for place, text in places.items()]
    if seen.dropped:
        told += ["", f"goes no further: {seen.dropped.outcome} ({seen.dropped.reason})"]
    return told


def _step(step: Step, article: Article | None) -> list[str]:
    if not step.made:
        return ["an article" if step.stage == "verdict" else "nothing"]
    shown = {name: value for name, value in step.made.items() if name not in _NOT_SHOWN}
    return [line for name, value in shown.items() for line in _field(name, value, article)]


_NOT_SHOWN = frozenset({"origins", "published", "modified", "fingerprint"})


def _field(name: str, value: object, article: Article | None) -> list[str]:
    place = article.origins.get(name) if article else None
    said = f"{name}{f' [{place}]' if place else ''}"
    if name == "text":
        text = str(value)
        return [
            f"{said}: {len(text):,} characters in {text.count(chr(10)) + 1} paragraphs",
            *(f"  | {one}" for one in text.split("\n")),
        ]
    if name == "dates" and isinstance(value, tuple):
        return [f"{said}: {len(value)} found", *(f"  {_date(one)}" for one in value)]
    if name == "matches" and isinstance(value, tuple):
        return [f"{said}: {len(value)}", *(f"  {_match(one)}" for one in value)]
    if isinstance(value, tuple):
        return [f"{said}:", *(f"  {one}" for one in value)]
    return [f"{said}: {f'{value:.2f}' if isinstance(value, float) else value}"]


def _date(candidate: DateCandidate) -> str:
    marks = (
        "chosen" if candidate.chosen else "",
        "a later change" if candidate.changed else "",
        "" if candidate.reliable else "not reliable",
    )
    noted = ", ".join(mark for mark in marks if mark)
    instant = f" = {candidate.at:%Y-%m-%d %H:%M} UTC" if candidate.at else ""
    return f"{candidate.day}{instant} [{candidate.origin}] “{candidate.raw}”{f' ({noted})' if noted else ''}"


def _match(match: Match) -> str:
    return f"{match.campaign}/{match.query}: “{match.words}” in the {match.field}{' (weak)' if match.weak else ''}: {match.quote}"
