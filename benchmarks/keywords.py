"""Which stories of the newsroom belong to the campaign: Tamdan beside a list of keywords over trafilatura's headline and text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeAlias
from unicodedata import normalize
from urllib.parse import urlsplit

from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from archive.config import load_campaigns, load_sources
from archive.errors import Dropped
from archive.home import SHIPPED
from archive.model import Campaigns, Link, Page, Source, Term
from archive.query import And, Near, Node, Not, Or, parse
from benchmarks.cases import LATER
from benchmarks.peers import US
from benchmarks.scoring import Cell, table
from crawlers.listings import feed
from newsroom.server import Newsroom
from newsroom.truth import Truth
from pipelines.match import Matcher
from pipelines.stages import headline, read
from pipelines.urls import fetch_url

Queries: TypeAlias = frozenset[str]
Searcher: TypeAlias = Callable[["Met"], Queries]
FORMS: Mapping[str, Callable[[str], str]] = {
    "keywords": lambda text: text,
    "keywords, NFC": lambda text: normalize("NFC", text),
}
"""How a list of keywords is made comparable with a text."""
KINDS = {
    "coverage": "articles of the campaign, found",
    "headline": "headlines whose pages cannot be opened, found",
    "trap": "traps, taken for coverage",
    "other": "ordinary news, taken for coverage",
}


@dataclass(frozen=True, slots=True)
class Met:
    """One story as a crawl meets it; without a body where its page cannot be opened."""

    truth: Truth
    page: Page
    opened: bool


class Keyword(NamedTuple):
    """One word or phrase of a query."""

    query: str
    text: str
    exact: bool
    """Whether capitals count."""

    def stands_in(self, text: str, form: Callable[[str], str]) -> bool:
        """Look for it as `in` does."""
        wanted, given = form(self.text), form(text)
        return wanted in given if self.exact else wanted.lower() in given.lower()


# ---- the stories ----------------------------------------------------------------------------------------------------------------------


def stories() -> list[Met]:
    """Fetch the newsroom's stories, those of its closed source apart."""
    with Newsroom() as newsroom:
        sources = {name: source for name, source in _sources(newsroom).items() if source.status == "open"}
        listed = {name: _listed(source) for name, source in sources.items()}
        rows = [row for row in newsroom.truth() if row.source in sources]
        return [_met(row, newsroom.url(row.source), sources[row.source], listed[row.source]) for row in rows]


def _sources(newsroom: Newsroom) -> dict[str, Source]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_text(newsroom.sources_toml(), encoding="utf-8")
        return {source.id: source for source in load_sources(path).source}


def _listed(source: Source) -> dict[str, Link]:
    """Read what the source's feeds tell of their entries."""
    links: dict[str, Link] = {}
    for url in (listing.url for listing in source.listing if listing.kind == "feed"):
        kind, body = _fetched(url)
        links |= {fetch_url(link.url): link for link in feed.read(body, url, kind).links}
    return links


def _met(row: Truth, base: str, source: Source, listed: Mapping[str, Link]) -> Met:
    url = base + row.target
    opened = row.status == 200 and not row.forbidden
    kind, body = _fetched(url) if opened else (None, b"")
    link = None if opened else listed.get(fetch_url(url), Link(url=url, title=row.title))
    page = Page(url=url, source=source, body=body, fetched_at=LATER, content_type=kind, link=link)
    return Met(row, page, opened)


def _fetched(url: str) -> tuple[str | None, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", url.removeprefix(f"http://{parts.netloc}"))
        answer = connection.getresponse()
        return answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()


# ---- who searches ---------------------------------------------------------------------------------------------------------------------


def searchers(campaigns: Campaigns) -> dict[str, Searcher]:
    """Give Tamdan and the list of keywords in both forms."""
    words = tuple(keywords(campaigns))
    lists = {name: _by_keywords(words, form) for name, form in FORMS.items()}
    return {US: _by_stages(Matcher(campaigns)), **lists}


def _by_stages(matcher: Matcher) -> Searcher:
    def search(met: Met) -> Queries:
        try:
            article = (read if met.opened else headline)(met.page, matcher)
        except Dropped:
            return frozenset()
        return frozenset(match.query for match in article.matches)

    return search


def _by_keywords(words: Sequence[Keyword], form: Callable[[str], str]) -> Searcher:
    def search(met: Met) -> Queries:
        text = bare_text(met)
        return frozenset(word.query for word in words if word.stands_in(text, form))

    return search


def bare_text(met: Met) -> str:
    """Give headline and text as trafilatura alone reads them; what the listing says where the page cannot be opened."""
    if met.page.link:
        return f"{met.page.link.title}\n{met.page.link.summary}"
    found = bare_extraction(met.page.body, url=met.page.url, include_comments=False, with_metadata=True)
    return f"{found.title}\n{found.text}" if isinstance(found, Extracted) else ""


def keywords(campaigns: Campaigns) -> Iterator[Keyword]:
    """Give what is looked for, in all its spellings: every alternative, of an AND its first part, nothing of what must stand near."""
    spellings = {term.say: term for term in campaigns.term}
    for query in (query for campaign in campaigns.campaign for query in campaign.query):
        for said in dict.fromkeys(sought(parse(query.find))):
            term = spellings.get(said, Term(say=said))
            yield from (Keyword(query.id, text, term.case == "exact") for text in (term.say, *term.also))


def sought(node: Node) -> Iterator[str]:
    """Give the words of a query that a list of keywords would have."""
    if isinstance(node, And):
        yield from sought(node.children[0])
    elif isinstance(node, Or):
        for child in node.children:
            yield from sought(child)
    elif not isinstance(node, Not | Near):
        yield node.text


# ---- tables ---------------------------------------------------------------------------------------------------------------------------


def matching() -> str:
    """Search all stories and write the three tables."""
    campaigns, met = load_campaigns(SHIPPED / "campaigns.toml"), stories()
    found = {name: [search(one) for one in met] for name, search in searchers(campaigns).items()}
    truth = [one.truth for one in met]
    queries = [query.id for campaign in campaigns.campaign for query in campaign.query]
    return "\n\n".join([by_kind(truth, found), by_query(truth, found, queries), by_disguise(truth, found)])


Found: TypeAlias = Mapping[str, Sequence[Queries]]


def by_kind(truth: Sequence[Truth], found: Found) -> str:
    """Count the stories of each kind that were taken for coverage."""
    rows: dict[str, list[Cell]] = {name: [] for name in found}
    for kind in KINDS:
        of_kind = [number for number, row in enumerate(truth) if row.kind == kind]
        for name, told in found.items():
            taken = sum(bool(told[number]) for number in of_kind)
            rows[name].append(Cell(f"{taken} of {len(of_kind)}", taken))
    heads = list(KINDS.values())
    return table(["", *heads], rows, least=frozenset(heads[2:]))


def by_query(truth: Sequence[Truth], found: Found, queries: Sequence[str]) -> str:
    """Count for each query where it was told rightly, missed, and told wrongly."""
    rows: dict[str, list[Cell]] = {name: [] for name in found}
    for query in queries:
        for name, told in found.items():
            right = sum(query in row.queries and query in one for row, one in zip(truth, told, strict=True))
            missed = sum(query in row.queries and query not in one for row, one in zip(truth, told, strict=True))
            wrong = sum(query not in row.queries and query in one for row, one in zip(truth, told, strict=True))
            rows[name].append(Cell(f"{right} / {missed} / {wrong}", missed + wrong))
    heads = [f"`{query}`" for query in queries]
    return table(["found / missed / wrong", *heads], rows, least=frozenset(heads))


def by_disguise(truth: Sequence[Truth], found: Found) -> str:
    """Count the stories in each disguise of which every query was told; kinds that nobody missed are told in one row."""
    kinds = sorted({disguise.kind for row in truth for disguise in row.disguises})
    rows: dict[str, list[int]] = {kind: [] for kind in kinds}
    for kind in kinds:
        here = [number for number, row in enumerate(truth) if kind in {one.kind for one in row.disguises}]
        rows[kind] = [len(here), *(sum(truth[n].queries <= told[n] for n in here) for told in found.values())]
    easy = [kind for kind, counts in rows.items() if len(set(counts)) == 1]
    told = {f"the {len(easy)} others": [sum(column) for column in zip(*(rows.pop(kind) for kind in easy), strict=True)]}
    lines = [
        f"| {kind} | {' | '.join(map(str, counts))} |" for kind, counts in {**rows, **(told if easy else {})}.items()
    ]
    heads = ["disguise", "stories", *found]
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines])
