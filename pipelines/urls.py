"""One spelling for every address, and the address under which an article is kept."""

import re
from dataclasses import replace
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from archive.model import Article, Source
from pipelines.page.document import Document
from pipelines.page.subject import ALIKE, Subject, likeness

VERSION = 2
"""Raised whenever this stage may make something else of the same page."""
MAX_URL = 8_000
"""Characters; a Khmer headline as a slug takes up to 2,500 once percent-encoded."""

_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_(?:campaign|kwd|source|medium)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_ga|_gl|__tn__|__cft__.*|fb_.*|ref_src|ref_url|amp_js_v|usqp|oref|wt_mc|at_medium|at_campaign|spm|share_id",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")
_DEFAULT_PORT = {"http": 80, "https": 443}
_SLUG = re.compile(r"/(?:[^/?.\-_%]++[-_]){2}[^/?.]*+(?:\.html?)?/?$|/(?:[^/?.%]*+%){9}[^/?.]*+/?$")
"""A last part of three words or in another script: it names the article, and the query beside it only says where a reader came from."""
_SAME_PAGE = re.compile(r"amp|page|print|\d{1,3}|index\.(?:html?|php)|")
"""Last parts of a path by which a page differs from the article it shows: its AMP form, its second page."""


def fetch_url(url: str) -> str:
    """Give the one spelling of an address that the ledger and the archive use; idempotent, the host stays the same.

    No fragment, tracking parameter, default port or credentials; host in lower case and IDNA; one percent-encoding; query sorted.
    Raises ValueError on what is no http or https address.
    """
    parts = urlsplit(_FORBIDDEN.sub("", url.strip()).replace("\\", "/"))
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname or "@" in parts.netloc or len(url) > MAX_URL:
        raise ValueError(f"{url[:200]!r} is no http or https address")
    bare = urlunsplit((parts.scheme, _host(parts), parts.path or "/", parts.query, ""))
    return str(canonicalize_url(_without_tracking(bare)))


def _host(parts: SplitResult) -> str:
    """Give host and, where it is not the usual one, port."""
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    usual = parts.port in (None, _DEFAULT_PORT[parts.scheme])
    return host if usual else f"{host}:{parts.port}"


def _without_tracking(url: str) -> str:
    names = [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True) if _TRACKING.fullmatch(name)]
    return url_query_cleaner(url, names, remove=True, unique=False) if names else url


def on_source(url: str, source: Source) -> bool:
    """Tell whether an address lies on one of the source's domains or below one."""
    host = urlsplit(url).netloc
    return any(host == domain or host.endswith("." + domain) for domain in source.domains)


def urls(article: Article, document: Document) -> Article:
    """Set the canonical address: the page's own word where it can be believed, else where the page was found."""
    found = fetch_url(document.page.url)
    canonical = {address for told in document.canonicals if (address := _believed(told, found, document))}
    shared = _believed(document.meta.get("og:url", ""), found, document)
    if len(canonical) == 1:
        return replace(article, url=canonical.pop())
    return replace(article, url=found if canonical else shared or found)


def _believed(told: str, found: str, document: Document) -> str | None:
    """Give the told address in its one spelling unless it is nonsense, another site's, a page above this one, or another article's."""
    try:
        canonical = fetch_url(urljoin(found, told))
    except ValueError:
        return None
    there, here = urlsplit(canonical), urlsplit(found)
    if (
        not told
        or not on_source(canonical, document.page.source)
        or _is_above(there, here)
        or _adds_only(there, here)
        or _is_sibling(there, here, document.subject)
    ):
        return None
    secure = here.scheme == "https" and there.netloc == here.netloc
    return canonical.replace("http://", "https://", 1) if secure else canonical


def _adds_only(canonical: SplitResult, found: SplitResult) -> bool:
    """Tell whether an address only adds to the query by which the page was found: who shared it, where it was read."""
    same = (canonical.netloc, canonical.path) == (found.netloc, found.path)
    return same and set(parse_qsl(found.query)) < set(parse_qsl(canonical.query))


def _is_sibling(canonical: SplitResult, found: SplitResult, page: Subject) -> bool:
    """Tell whether an address names another article of the same folder, as pages do that name each other.

    A new slug for the same article begins like the old one, or says what the headline says where the old one does not.
    """
    folder, _, name = unquote(found.path).rstrip("/").rpartition("/")
    other_folder, _, other = unquote(canonical.path).rstrip("/").rpartition("/")
    if folder != other_folder or name == other or not _names(found):
        return False
    if _numbers(name) != _numbers(other) and _numbers(name) and _numbers(other):
        return True
    if _SAME_PAGE.fullmatch(name) or name.startswith(other) or other.startswith(name) or likeness(name, other) >= ALIKE:
        return False
    return not any(likeness(other, told) >= ALIKE > likeness(name, told) for told in page.headlines)


def _numbers(name: str) -> list[str]:
    return re.findall(r"[0-9]+", name)


def _is_above(canonical: SplitResult, found: SplitResult) -> bool:
    """Tell whether an address is the home page, a section, or the same script without what names the article."""
    if canonical.path == found.path:
        return not _SLUG.search(found.path) and not set(parse_qsl(found.query)) <= set(parse_qsl(canonical.query))
    if _names(found) and not _names(canonical):
        return True
    told, there = canonical.path.strip("/").split("/"), found.path.strip("/").split("/")
    if told == [""] and not canonical.query:
        return True
    rest = there[len(told) :]
    return there[: len(told)] == told and not all(_SAME_PAGE.fullmatch(part) for part in rest)


def _names(address: SplitResult) -> bool:
    """Tell whether an address can name one article: sections and home pages have no number, no slug and no Khmer in them."""
    return any(sign.isdigit() or sign in "-_%" for sign in address.path + address.query)
