import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.served import METADATA

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
WORDS = [
    *(
        "source",
        "listing",
        "crawl",
        "article",
        "canonical URL",
        "capture",
        "revision",
        "version",
        "campaign",
        "query",
        "term",
        "match",
        "quote",
    ),
    *("coverage", "clipping", "syndication", "story", "original", "headline only", "kept page", "stage", "tone"),
    *("digest", "edition", "channel"),
    *("release",),
    *("decision", "correction", "account"),
]


def rows() -> list[tuple[str, str, str]]:
    """Give the table: English, Khmer, meaning."""
    found = r"^\| ([a-zA-Z ]+) \| ([\u1780-\u17ff]+) \| (.+) \|$"
    return re.findall(found, GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)


KHMER = {english: khmer for english, khmer, _ in rows()}
SHOWN = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["archive"]
TABLES = {
    name: name
    for name in (
        "coverage",
        "article",
        "revision",
        "match",
        "query",
        "campaign",
        "source",
        "capture",
        "story",
        "syndication",
    )
} | {"run": "crawl", "run_source": "crawl"}


def test_every_word_of_the_house_has_a_khmer_word_of_its_own_and_a_meaning() -> None:
    assert [english for english, _, _ in rows()] == WORDS
    assert len(set(KHMER.values())) == len(WORDS)


@pytest.mark.parametrize("table", TABLES)
def test_the_title_of_a_table_is_the_glossarys_word(table: str) -> None:
    assert KHMER[TABLES[table]] in SHOWN["tables"][table]["title"]


@pytest.mark.parametrize(
    ("table", "column", "word"),
    [
        ("coverage", "queries", "query"),
        ("coverage", "terms", "term"),
        ("coverage", "quote", "quote"),
        ("coverage", "url", "canonical URL"),
        ("coverage", "revision", "revision"),
        ("coverage", "captured_from", "capture"),
        ("match", "query", "query"),
        ("match", "revision", "revision"),
        ("match", "term", "term"),
        ("run_source", "run", "crawl"),
    ],
)
def test_a_column_is_explained_in_the_glossarys_word(table: str, column: str, word: str) -> None:
    assert KHMER[word] in SHOWN["tables"][table]["columns"][column]


def test_a_query_is_never_called_less_and_its_version_is_no_revision() -> None:
    assert not [text for text in texts(SHOWN) if "សំណួរ" in text.replace(KHMER["query"], "")]
    assert not [text for text in texts(SHOWN["tables"]["query"]) if KHMER["revision"] in text]


def texts(value: Any) -> list[str]:
    """Give every text inside."""
    if isinstance(value, dict | list):
        return [text for one in (value.values() if isinstance(value, dict) else value) for text in texts(one)]
    return [value] if isinstance(value, str) else []
