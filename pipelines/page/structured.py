"""JSON-LD as real pages write it: lists, graphs, entities, trailing commas; and the one object that is the article."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from pipelines.page.subject import Subject

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)?\s*|\s*(?:-->|//\s*\]\]>|\]\]>|;)*\s*$", re.DOTALL
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ARTICLE_TYPES = ("article", "posting", "report", "newsarticle", "opinion", "review", "analysis")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEPTH = 6
"""Graphs inside lists inside graphs; deeper nesting was seen nowhere."""


def json_ld(text: str) -> list[dict[str, Any]]:
    """Read one script's text into its flat objects; none where it cannot be read."""
    text = _WRAPPING.sub("", text)
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text)):
        try:
            return list(_flat(json.loads(attempt, strict=False), _DEPTH))
        except (ValueError, RecursionError):
            continue
    return []


def _flat(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flat(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in _NESTED:
            if isinstance(value.get(key), dict | list):
                yield from _flat(value[key], depth - 1)


def types(node: dict[str, Any]) -> tuple[str, ...]:
    """Give the types of an object in lower case, without a vocabulary's address."""
    told = node.get("@type", ())
    told = told if isinstance(told, list) else [told]
    return tuple(kind.rsplit("/", 1)[-1].lower() for kind in told if isinstance(kind, str))


def article_nodes(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the objects that describe an article, those with a headline first."""
    return sorted(filter(_is_article, nodes), key=lambda node: not node.get("headline"))


def _is_article(node: dict[str, Any]) -> bool:
    return any(kind.endswith(_ARTICLE_TYPES) for kind in types(node))


def of_page(nodes: list[dict[str, Any]], page: Subject) -> list[dict[str, Any]]:
    """Give the objects without articles that are surely another page's, those that name this page first.

    Theme templates keep the data of an earlier article, and lists of related stories hold whole articles.
    """
    own = [node for node in nodes if not _is_others(node, page)]
    return sorted(own, key=lambda node: not _is_named(node, page))


def _is_named(node: dict[str, Any], page: Subject) -> bool:
    return any(page.stands_at(address) for address in _addresses(node))


def _is_others(node: dict[str, Any], page: Subject) -> bool:
    """Tell whether an object is an article of another address with another name or, without an address, of quite another name."""
    if not _is_article(node) or _is_named(node, page):
        return False
    names = texts(node.get("headline") or node.get("name"))
    if any(page.stands_elsewhere(address) for address in _addresses(node)):
        return bool(names and page.headlines) and not any(map(page.is_named, names))
    return any(map(page.is_other, names))


def _addresses(node: dict[str, Any]) -> Iterator[object]:
    for key in ("url", "@id", "mainEntityOfPage"):
        told = node.get(key)
        yield told.get("@id") or told.get("url") if isinstance(told, dict) else told


def texts(value: Any) -> list[str]:
    """Give the texts of a property, whether written as a text, a list or objects with a name."""
    if isinstance(value, str):
        return [unescape(value)] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value") or "")
    return []


def named(value: Any, nodes: list[dict[str, Any]]) -> list[str]:
    """Do as `texts`, and look up objects that are told by their `@id` only, as WordPress's graphs do."""
    if isinstance(value, list):
        return [text for item in value for text in named(item, nodes)]
    if isinstance(value, dict) and "name" not in value and value.get("@id"):
        return [text for node in nodes if node.get("@id") == value["@id"] for text in texts(node)]
    return texts(value)
