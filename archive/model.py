"""The nouns of Tamdan. Read this file first.

Words of a campaign and the outlets are declared (`Campaign`, `Source`), pages come in (`Link`, `Page`), one type flows through the
stages (`Article`), and what is kept hangs on it (`Match`, `DateCandidate`, `Capture`). All are frozen: a stage returns a changed copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Status = Literal["open", "closed", "suspended", "unconfirmed"]
ListingKind = Literal["feed", "sitemap", "section"]
Field = Literal["title", "text", "description", "caption", "tag"]
Origin = Literal["json-ld", "state", "meta", "time", "selector", "by-line", "listing", "url", "picture", "person"]
"""Where a date was told: `state` is data that scripts were to show, `picture` the file name of the lead image, `person` one of the team."""
Place = Literal["selector", "json-ld", "state", "meta", "heading", "window", "page", "listing"]
"""Where another value was told: `window` is the title tag, `page` what readers see."""
Precision = Literal["day", "minute"]
ArticleStatus = Literal["read", "headline only"]
"""Whether the page was read, or only a listing's headline stands for it."""
Flag = Literal["short", "many links", "big page, little text", "paywalled", "one page of several", "noarchive"]
"""What a reader of the archive should know of an article: `noarchive` asks not to be shown by others."""

WEAK_FIELDS: frozenset[Field] = frozenset({"description", "caption", "tag"})
"""Words that stand only in these are kept and marked weak."""


# ---- what is declared -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page on which a source lists its news; the CSS selectors are for sections only and optional.

    `card` is one entry, `link`, `title` and `date` are looked for inside it, `next` is the link to the following page, `pages` how many
    pages are followed at most.
    """

    kind: ListingKind
    url: str
    card: str | None = None
    link: str | None = None
    title: str | None = None
    date: str | None = None
    next: str | None = None
    pages: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """CSS selectors that help to read a source's pages; `drop` names parts that are never text."""

    body: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet: where it lists its news and how its pages are read. Only an `open` or `unconfirmed` source is crawled."""

    id: str
    name: str
    languages: tuple[str, ...]
    """ISO 639-1 codes, the main one first: the language of last resort for a page that does not tell."""
    domains: tuple[str, ...]
    """Host names (with a port where it is not the usual one), the present one first, then earlier ones."""
    status: Status = "open"
    name_km: str | None = None
    zone: str = "Asia/Phnom_Penh"
    """IANA time zone in which the outlet's day is told."""
    verified_on: date | None = None
    """Day on which somebody saw the listings work."""
    tls: Literal["verified", "unverified"] = "verified"
    delay: float | None = None
    """Seconds between two requests; None takes the crawl's own."""
    note: str | None = None
    listing: tuple[Listing, ...] = ()
    reading: Reading = field(default_factory=Reading)

    @property
    def crawled(self) -> bool:
        """Whether a crawl asks this source at all."""
        return self.status in ("open", "unconfirmed") and bool(self.listing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """How this home crawls: one table in sources.toml."""

    contact: str = ""
    """Role address or page for the operators of the sites, told in the user agent; never a person."""
    delay: float = 3.0
    """Seconds between two requests to one source, at least."""
    pages_per_run: int = 300
    """Articles fetched from one source in one run; the rest stays in the ledger for the next."""
    workers: int = 2
    """Processes that read pages."""
    timeout: float = 30.0
    """Seconds one answer may take, from the request to its last byte."""
    html_days: int = 14
    """Days for which the HTML of pages that did not match is kept."""
    text_days: int = 90
    """Days for which their text is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What sources.toml says."""

    crawl: Crawl
    source: tuple[Source, ...]

    def by_id(self) -> Mapping[str, Source]:
        """Give the sources by their id."""
        return {source.id: source for source in self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One notion with all its spellings; applied wherever any of them is said in a query."""

    say: str
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Longer words a hit must not be part of."""
    case: Literal["any", "exact"] = "any"

    @property
    def spellings(self) -> tuple[str, ...]:
        """Give every way it is written, the main one first."""
        return (self.say, *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question a campaign asks of every article; `find` is in Lucene's query language."""

    id: str
    label: str
    find: str
    label_km: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What is followed: a name, a first day and its queries."""

    id: str
    name: str
    since: date
    name_km: str | None = None
    query: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """What campaigns.toml says."""

    term: tuple[Term, ...] = ()
    campaign: tuple[Campaign, ...] = ()

    def finds(self) -> Mapping[str, str]:
        """Give what each query finds, by its id with and without its campaign's."""
        queries = [(campaign.id, query) for campaign in self.campaign for query in campaign.query]
        return {name: query.find for campaign, query in queries for name in (f"{campaign}/{query.id}", query.id)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How the team's site calls itself: one table in site.toml."""

    name: str = ""
    """Empty is Tamdan's own, in either language."""
    name_km: str = ""
    url: str = ""
    """Where readers reach it, as in https://coverage.example; without it, messages and feeds hold no links to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages go: mail, Telegram, a webhook. Its address holds a secret, so that the file only says where it stands."""

    id: str
    env: str
    """Name of the environment variable with its address, as apprise writes it."""
    hosts: tuple[str, ...]
    """Host names, with a port where one is meant, that it may connect to; no other is."""
    to: Literal["readers", "operator"] = "readers"
    """Readers are told what is new; the operator also which sources and channels are in trouble."""
    lang: Literal["km", "en"] = "km"
    """In which the operator is told of trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A saved search of which channels are told what is new."""

    id: str
    channels: tuple[str, ...]
    """Ids of channels."""
    name: str = ""
    """As it stands in the subject; empty takes the name of the site."""
    search: str = ""
    """A search of the site: its address, or only what stands behind the question mark; empty means all coverage."""
    campaign: str = ""
    """Id of a campaign; empty means all."""
    lang: Literal["km", "en"] = "km"
    quiet: bool = True
    """Whether nothing is sent where nothing is new."""
    most: int = 20
    """How many items it shows; it says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """What site.toml says."""

    site: Site = field(default_factory=Site)
    channel: tuple[Channel, ...] = ()
    digest: tuple[Digest, ...] = ()


# ---- what comes in ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as a listing gives it; everything but the address may be unknown."""

    url: str
    title: str | None = None
    summary: str | None = None
    date: str | None = None
    """As the listing writes it."""
    found_at: datetime | None = None
    """Instant at which the listing held it: what «2 hours ago» there counts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as fetched, decoded from transfer and content encodings; what the stages read."""

    url: str
    """Where it was finally found, after redirects."""
    source: Source
    body: bytes
    fetched_at: datetime
    """Instant, in UTC; never taken for a date of publication, only as the bound no date may pass."""
    content_type: str | None = None
    robots: str = ""
    """What the response's X-Robots-Tag headers say, joined by commas."""
    link: Link | None = None
    further: tuple["Page", ...] = ()
    """The following pages of the same article, in order."""


# ---- what flows -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCandidate:
    """One date of publication that a page or listing offers."""

    origin: Origin
    raw: str
    """As written there."""
    day: date
    """Local day in the source's zone."""
    at: datetime | None = None
    """Instant in UTC; None where only the day is told."""
    chosen: bool = False
    changed: bool = False
    """Whether it tells a later change of the page and not the publication."""
    reliable: bool = True
    """Whether nothing speaks against it: False where only an address or picture tells it, or where trusted origins differ."""

    @property
    def precision(self) -> Precision:
        """Tell whether the minute is known."""
        return "day" if self.at is None else "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One place where a query's term stands in an article."""

    campaign: str
    query: str
    term: str
    """The term as the query or term table says it."""
    field: Field
    part: int
    """Which caption or tag, from 0; 0 for the other fields."""
    start: int
    end: int
    """Offsets in the clean text of that field, in characters; end is exclusive."""
    words: str
    """As they stand there."""
    quote: str
    """The words with whole clusters and words around them."""
    weak: bool
    """Whether this query holds only in a caption, tag or description of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """By what one text is known wherever it runs."""

    exact: str
    """Hash of the folded text."""
    grams: tuple[int, ...]
    """Sampled n-grams of the folded text as numbers, in order, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article on its way. `url` and `source` are set from the start, everything else by the stage named; all text is clean."""

    url: str
    """Canonical URL, once the stage `urls` has run; before it, the fetched one."""
    source: str
    """Id of the source."""
    addresses: tuple[str, ...] = ()
    """Where it was met: as the listing gave it, and where it was found after redirects, which comes last."""
    title: str = ""
    """extract: the headline without the site's name."""
    text: str = ""
    """extract: paragraphs parted by a line feed."""
    description: str = ""
    """extract: the page's own summary."""
    captions: tuple[str, ...] = ()
    """extract: captions and alternative texts of pictures in the body."""
    tags: tuple[str, ...] = ()
    """extract: keywords as the page lists them."""
    section: str = ""
    """extract: the part of the outlet it stands in."""
    image: str = ""
    """extract: address of the lead image."""
    next_page: str = ""
    """extract: address at which the article goes on, where that page is not read yet."""
    link_share: float = 0.0
    """extract: how much of the body is text of links, 0 to 1."""
    flags: tuple[Flag, ...] = ()
    """extract: what is odd about it."""
    origins: Mapping[str, Place] = field(default_factory=dict)
    """extract, authors: where each value was told, by the name of its field."""
    authors: tuple[str, ...] = ()
    """authors: whole names."""
    published: DateCandidate | None = None
    """dates: the chosen one; None where the page does not say."""
    dates: tuple[DateCandidate, ...] = ()
    """dates: every candidate, the chosen one among them."""
    modified: DateCandidate | None = None
    """dates: the last change the page tells of."""
    language: str = "und"
    """language: ISO 639-1 code or und."""
    khmer_share: float = 0.0
    """language: Khmer letters as a part of Khmer and Latin letters, 0 to 1."""
    words_est: int = 0
    """language: Latin words + Khmer code points / 4.8."""
    matches: tuple[Match, ...] = ()
    """match: empty where the article is no coverage."""
    fingerprint: Fingerprint | None = None
    """syndication: None where the text is too short to be known again, or the article is no coverage."""
    status: ArticleStatus = "read"
    versions: Mapping[str, int] = field(default_factory=dict)
    """Which version of each stage made it, by the stage's name."""


# ---- what is kept -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where the response an article was read from lies, as it was sent."""

    url: str
    file: str
    """Name below captures/."""
    offset: int
    length: int
    """Bytes of the compressed WARC record."""
    sha256: str
    """Of the body as sent."""
    fetched_at: datetime
    tls: Literal["verified", "unverified", "none"]
    kind: Literal["response", "resource", "file"] = "response"
    """The response as sent, the decoded copy that the crawler kept of it, or a file of its own that a person added."""
