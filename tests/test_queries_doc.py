"""Every example of docs/queries.md does what the document says."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from archive.errors import QueryError
from archive.khmer import clean
from archive.model import Article, Campaign, Campaigns, Query, Term
from archive.query import parse
from pipelines.explain import explain, lines
from pipelines.match import Matcher

DOC = (Path(__file__).parent.parent / "docs" / "queries.md").read_text(encoding="utf-8")
TOML = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)]
TERMS = tuple(
    Term(**{**term, "also": tuple(term.get("also", ())), "unless": tuple(term.get("unless", ()))})
    for block in TOML
    for term in block.get("term", ())
)
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
EXAMPLES = [
    (find, text.strip(), found)
    for find, finds, misses in ROW.findall(DOC)
    for cell, found in ((finds, True), (misses, False))
    for text in cell.split(" / ")
]
REFUSED = re.findall(r"^\| `([^`]+)` \| [^|]+ \|$", DOC.split("## What is refused")[1], re.MULTILINE)


def campaigns(find: str) -> Campaigns:
    query = Query(id="q", label="Q", find=find)
    return Campaigns(term=TERMS, campaign=(Campaign(id="c", name="C", since=date(2021, 12, 1), query=(query,)),))


@pytest.mark.parametrize(("find", "text", "found"), EXAMPLES)
def test_an_example_finds_what_the_document_says(find: str, text: str, found: bool) -> None:  # noqa: FBT001
    article = Article(url="https://news.example/1", source="s", text=clean(text))
    assert bool(Matcher(campaigns(find)).match(article).matches) is found


def test_there_are_examples_of_everything() -> None:
    assert len(EXAMPLES) > 80
    assert [term.say for term in TERMS] == ["ស្រឡាញ់ភេទដូចគ្នា", "ភេទទីបី", "RoCK", "I Accept"]
    assert sum(found for _, _, found in EXAMPLES) > 50


@pytest.mark.parametrize(
    "find", [query["find"] for block in TOML if "campaign" in block for query in block["campaign"]["query"]]
)
def test_a_whole_query_of_the_document_parses(find: str) -> None:
    assert parse(find)


@pytest.mark.parametrize("find", REFUSED)
def test_what_the_document_calls_refused_is_refused(find: str) -> None:
    with pytest.raises(QueryError):
        parse(find)


def test_what_explain_says_is_what_the_document_shows() -> None:
    article = Article(url="https://news.example/1", source="s", text="“I accept the offer” ប្រភេទទីបី")
    told = "\n".join(lines(explain(article, '"I Accept" OR ភេទទីបី', campaigns("x"))))
    assert f"```\n{told}\n```" in DOC
