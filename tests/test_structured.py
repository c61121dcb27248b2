from typing import Any

import pytest

from pipelines.page.structured import article_nodes, json_ld, named, texts, types

ARTICLE = '{"@type": "NewsArticle", "headline": "H"}'


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (ARTICLE, 1),
        (f"[{ARTICLE}, {ARTICLE}]", 2),
        (f'{{"@graph": [{ARTICLE}, {{"@type": "Person"}}]}}', 3),
        (f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}', 2),
        ('{"@type": "NewsArticle", "headline": "H",}', 1),
        ('{"@type": "NewsArticle", "headline": "two\nlines"}', 1),
        ("{&quot;@type&quot;: &quot;NewsArticle&quot;}", 1),
        (f"<!-- {ARTICLE} -->", 1),
        (f"//<![CDATA[\n{ARTICLE}\n//]]>", 1),
        (f"{ARTICLE};", 1),
        ("", 0),
        ("{", 0),
        ('"only a text"', 0),
        ("[" * 100_000, 0),
        ("[" * 500 + "]" * 500, 0),
        ('{"@graph":' * 50 + "1" + "}" * 50, 6),
    ],
)
def test_json_ld_is_read_as_far_as_it_can_be(text: str, count: int) -> None:
    assert len(json_ld(text)) == count


def test_articles_with_a_headline_come_first() -> None:
    nodes = json_ld(
        '[{"@type": "Organization"}, {"@type": "Article"}, {"@type": ["Thing", "http://schema.org/BlogPosting"], "headline": "H"}]'
    )
    assert [types(node) for node in article_nodes(nodes)] == [("thing", "blogposting"), ("article",)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A &amp; B", ["A & B"]),
        (["A", {"name": "B"}, {"name": ["C", "D"]}], ["A", "B", "C", "D"]),
        ({"@id": "x"}, []),
        (None, []),
        (7, []),
    ],
)
def test_texts_of_a_property_are_found_in_every_shape(value: Any, expected: list[str]) -> None:
    assert texts(value) == expected


def test_an_author_told_by_its_id_is_looked_up_in_the_graph() -> None:
    nodes = json_ld(
        '{"@graph": [{"@type": "Article", "author": {"@id": "#s"}}, {"@type": "Person", "@id": "#s", "name": "ចាន់ សុភា"}]}'
    )
    assert named(article_nodes(nodes)[0]["author"], nodes) == ["ចាន់ សុភា"]
    assert named([{"@id": "#gone"}, {"@id": "#x", "name": "B"}], nodes) == ["B"]
