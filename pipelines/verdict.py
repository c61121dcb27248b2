"""Whether a page is an article at all: what is surely none goes no further, everything doubtful does.

The markers and thresholds are all in this file.
"""

import re
from urllib.parse import urlsplit

from archive.errors import Challenged, NotAnArticle
from archive.khmer import clean
from archive.model import Article
from pipelines.blocks import line, one_line, opening
from pipelines.document import Document
from pipelines.structured import article_nodes, types

FEW_LETTERS = 1_500
"""Visible characters below which a marker of a challenge is believed; an article may quote one."""
NEARLY_NOTHING = 200

_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|ddos-guard|checking your browser|verif(?:y|ying) you are (?:a )?human|security check"
    r"|access denied|are you a robot|bot verification|one moment, please|pardon our interruption",
    re.IGNORECASE,
)
_CHALLENGE_MARK = re.compile(
    rb"_cf_chl_opt|cf-chl-|cf_chl_|/ddos-guard/|ddg-captcha|_Incapsula_Resource|/_sec/cp_challenge|px-captcha|sgcaptcha|aws-waf-token|datadome",
    re.IGNORECASE,
)
_ERROR_WORDS = frozenset(
    [
        "404",
        "error",
        "page",
        "pages",
        "not",
        "found",
        "nothing",
        "was",
        "were",
        "is",
        "are",
        "missing",
        "the",
        "this",
        "that",
        "it",
        "you",
        "your",
        "requested",
        "looking",
        "for",
        "oops",
        "sorry",
        "we",
        "be",
        "here",
        "there",
        "cannot",
        "can't",
        "could",
        "couldn't",
        "find",
        "exist",
        "exists",
        "doesn't",
        "does",
        "no",
        "longer",
        "available",
    ]
)
"""A heading of these words only is an error page's; one other word, and it may be an article about something lost."""
_SAYS_MISSING = re.compile(
    r"\b404\b|not found|nothing (?:was )?found|page .*missing|(?:cannot|can't|couldn't|could not) (?:be )?f(?:ou|i)nd|exist"
)
_KHMER_MISSING = re.compile(
    r"(?:សូមអភ័យទោស *)?(?:(?:រក|ស្វែងរក)(?:ទំព័រ[^ ]{0,20})?មិនឃើញ|មិនមានទំព័រ[^ ]{0,20}|ទំព័រ[^ ]{0,30}(?:រកមិនឃើញ|មិនមាន)[^ ]{0,10})"
)
_PIECES = re.compile(r"\s+[-–—|»«:·•]\s+|[|»:]\s")
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage"})


def verdict(article: Article, document: Document) -> Article:
    """Let an article pass; raises NotAnArticle with the reason for a challenge, an error page, a home page or a list."""
    visible = opening(document.tree, FEW_LETTERS)
    _refuse_challenge(document, visible)
    _refuse_missing(document, visible)
    _refuse_list(document)
    return article


def _refuse_challenge(document: Document, visible: str) -> None:
    if len(visible) >= FEW_LETTERS:
        return
    if _CHALLENGE_TITLE.search(_title(document)) or _CHALLENGE_MARK.search(document.page.body):
        raise Challenged("a bot challenge")
    if len(visible) < NEARLY_NOTHING and not _says_article(document) and document.tree.xpath("count(//script) > 2"):
        raise NotAnArticle("nearly no text beside scripts")


def _refuse_missing(document: Document, visible: str) -> None:
    headings = [_title(document), *(line(heading) for heading in document.tree.iter("h1"))]
    said = any(_is_error(piece) for heading in headings for piece in _PIECES.split(heading))
    if said and not _says_article(document):
        raise NotAnArticle(f"an error page with status 200: {visible[:60]}")


def _is_error(words: str) -> bool:
    """Tell whether words say that a page is missing, and nothing else."""
    plain = clean(words).replace("’", "'").strip(" .!?:។").lower()
    latin = re.findall(r"[a-z0-9']+", plain)
    if latin and plain.isascii():
        return set(latin) <= _ERROR_WORDS and bool(_SAYS_MISSING.search(plain))
    return bool(_KHMER_MISSING.fullmatch(plain))


def _refuse_list(document: Document) -> None:
    address = urlsplit(document.page.url)
    if address.path in ("", "/") and not address.query:
        raise NotAnArticle("the home page")
    kinds = {kind for node in document.json_ld for kind in types(node)}
    if kinds & _LIST_TYPES and not _says_article(document):
        raise NotAnArticle("a list of articles")


def _says_article(document: Document) -> bool:
    return bool(article_nodes(document.json_ld)) or document.meta.get("og:type") == "article"


def _title(document: Document) -> str:
    return one_line(document.tree.findtext(".//title") or "")
