from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import QueryError
from archive.khmer import clean
from archive.model import Article, Campaign, Campaigns, Query, Term
from pipelines.explain import Explanation, Place, explain, lines
from pipelines.match import Matcher

TERMS = (
    Term(say="ភេទដូចគ្នា", unless=("ប្រភេទដូចគ្នា",)),
    Term(say="ខ្ញុំទទួលយក", also=("ខ្ញុំទទួលយល់",)),
    Term(say="I Accept", case="exact", unless=("I Accept the offer",)),
    Term(say="LGBT", also=("អ៊ែលជីប៊ីធី",)),
)
CAMPAIGNS = Campaigns(term=TERMS)
ARTICLE = Article(url="https://news.example/1", source="s")
REPEATABLE = settings(derandomize=True, database=None, deadline=None, max_examples=300)


def told(find: str, **texts: str | tuple[str, ...]) -> Explanation:
    return explain(replace(ARTICLE, **texts), find, CAMPAIGNS)  # type: ignore[arg-type]


def places(found: tuple[Place, ...]) -> list[tuple[str, str]]:
    return [(place.words, place.why) for place in found]


@pytest.mark.parametrize(
    ("find", "text", "misses"),
    [
        ("ភេទដូចគ្នា", "ប្រភេទដូចគ្នា", [("ភេទដូចគ្នា", "unless: it is part of ប្រភេទដូចគ្នា")]),
        ('"I Accept"', "I Accept the offer", [("I Accept", "unless: it is part of I Accept the offer")]),
        ('"I Accept"', "i accept", [("i accept", "capitals count here, and it is written otherwise")]),
        ("LGBT", "xLGBT", [("LGBT", "inside a longer word or cluster")]),
        ("យក", "យក្ស", [("យក", "inside a longer word or cluster")]),
        ("ខ្ញុំទទួលយក", "ខ្ញុំ\nទទួលយក", [("ខ្ញុំ\nទទួលយក", "a line ends between the words")]),
        ('"a b"~1', "a x y z b", [("a x y z b", "too far apart: 3 between them, at most 1 may be")]),
        ('"a b"~1', "b x y a. b", [("a. b", "")]),
        ('"land law"~3', "on land. Law", [("land. Law", "a sentence ends between them")]),
        ('"a b"~1', "x a", [("a", "no b in the same text")]),
        ('"a a"~1', "x a", [("a", "they overlap or stand once only")]),
        ("LGBT", "LGBT", []),
        ("LGBT", "gay", []),
    ],
)
def test_what_is_nearly_a_hit_is_told_with_its_reason(find: str, text: str, misses: list[tuple[str, str]]) -> None:
    explanation = told(find, text=clean(text))
    found = places(explanation.misses) or [(place.words, "") for place in explanation.hits if misses]
    assert found == misses
    assert explanation.holds is (not explanation.misses and bool(explanation.hits))


def test_the_tree_tells_of_each_node_whether_it_holds() -> None:
    explanation = told("LGBT (ច្បាប់ OR gay) NOT b", title="LGBT", text="gay b")
    law, gay = explanation.children[1].children
    assert [child.holds for child in explanation.children] == [True, True, False]
    assert (explanation.kind, explanation.holds) == ("AND", False)
    assert (law.holds, gay.holds) == (False, True)
    assert [(child.kind, child.written) for child in explanation.children] == [
        ("phrase", '"LGBT"'),
        ("OR", "OR"),
        ("NOT", "NOT"),
    ]


def test_a_leaf_tells_its_spellings_and_each_hit_with_field_words_and_quote() -> None:
    explanation = told("អ៊ែលជីប៊ីធី", text="សិទ្ធិ LGBT នៅកម្ពុជា", tags=("a", "LGBT"))
    assert explanation.spellings == ("lgbt", "l.g.b.t", "អ៊ែលជីប៊ីធី")
    assert [(place.field, place.part, place.words, place.quote) for place in explanation.hits] == [
        ("text", 0, "LGBT", "សិទ្ធិ LGBT នៅកម្ពុជា"),
        ("tag", 1, "LGBT", "LGBT"),
    ]


@pytest.mark.parametrize(
    ("find", "fields", "weak"),
    [
        ("LGBT", {"tags": ("LGBT",)}, True),
        ("LGBT", {"tags": ("LGBT",), "text": "LGBT"}, False),
        ("LGBT gay", {"tags": ("LGBT",), "text": "gay"}, True),
        ("LGBT OR gay", {"tags": ("LGBT",), "text": "gay"}, False),
    ],
)
def test_what_holds_only_in_a_weak_field_is_told(find: str, fields: dict[str, str], weak: bool) -> None:  # noqa: FBT001
    explanation = told(find, **fields)
    assert (explanation.holds, explanation.weak) == (True, weak)


@pytest.mark.parametrize(
    ("find", "text", "hint"),
    [
        ("ស្រឡាញ់គ្នា", "គេស្រលាញ់គ្នា", "ស្រលាញ់គ្នា"),
        ("ទីក្រុងភ្នំពេញ", "ក្នុងទីក្រងភ្នំពេញ", "ទីក្រងភ្នំពេញ"),
        ("រដ្ឋធម្មនុញ្ញ", "ក្នុងរដ្ឋធម្មនុញ", "រដ្ឋធម្មនុញ"),
        ("សហគមន៍ឥន្ទធនូ", "សហគមន៍ឥន្ទនូ", "សហគមន៍ឥន្ទនូ"),
        ("កម្ពុជា", "កស៊ីជា", None),
        ("ភេទ", "ភាទ", None),
        ("LGBTQ", "LGBTI", None),
    ],
)
def test_a_close_spelling_of_a_khmer_word_is_hinted_at(find: str, text: str, hint: str | None) -> None:
    assert [place.words for place in told(find, text=clean(text)).hints] == ([hint] if hint else [])


def test_nothing_but_what_is_missing_finds_nothing_and_says_so() -> None:
    explanation = told("LGBT OR NOT gay", text="x")
    assert not explanation.holds
    assert next(lines(explanation)) == "no  OR, as nothing that is looked for stands there"


def test_it_is_written_for_a_terminal() -> None:
    explanation = told("ភេទដូចគ្នា NOT (LGBT)", text="ប្រភេទដូចគ្នា ភេទដូចគ្នា", captions=("gay", "LGBT"))
    assert list(lines(explanation)) == [
        "no  AND",
        '  yes "ភេទដូចគ្នា"',
        "      text: ភេទដូចគ្នា · in: ប្រភេទដូចគ្នា ភេទដូចគ្នា",
        "      not text: ភេទដូចគ្នា · unless: it is part of ប្រភេទដូចគ្នា · in: ប្រភេទដូចគ្នា ភេទដូចគ្នា",
        "  no  NOT",
        '    yes "LGBT", weakly: only in a caption, tag or the description',
        "        looked for: lgbt · l.g.b.t · អ៊ែលជីប៊ីធី",
        "        caption 2: LGBT · in: LGBT",
    ]


def test_of_many_places_the_first_are_written() -> None:
    written = list(lines(told("a", text="a " * 9)))
    assert len(written) == 7
    assert written[-1].strip() == "and 4 more"


def test_a_declared_query_is_explained_as_its_words() -> None:
    query = Query(id="q", label="Q", find="LGBT")
    assert explain(replace(ARTICLE, text="LGBT"), query, CAMPAIGNS) == told("LGBT", text="LGBT")
    with pytest.raises(QueryError):
        told("LGBT AND")


LEAVES = ["LGBT", "LGBT*", "ភេទដូចគ្នា", '"I Accept"', '"I Accept LGBT"~2', "ខ្ញុំទទួលយក", "NOT LGBT", "NOT ភេទដូចគ្នា"]
PIECES = ["LGBT ", "ប្រ", "ភេទដូចគ្នា", "I Accept ", "i accept ", "x ", ". ", "។", "ខ្ញុំ", "ទទួលយក", "\n", "#", "the offer"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=7).map("".join).map(clean)


@REPEATABLE
@given(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=3), st.sampled_from([" AND ", " OR "]), TEXTS, TEXTS)
def test_it_holds_just_where_the_query_matches(found: list[str], operator: str, text: str, tag: str) -> None:
    find = operator.join([*found, "LGBT"])
    article = replace(ARTICLE, text=text, tags=(tag,))
    campaign = Campaign(id="c", name="c", since=date(2021, 12, 1), query=(Query(id="q", label="", find=find),))
    matches = Matcher(replace(CAMPAIGNS, campaign=(campaign,))).match(article).matches
    explanation = explain(article, find, CAMPAIGNS)
    assert explanation.holds is bool(matches)
    assert explanation.weak is any(match.weak for match in matches)
