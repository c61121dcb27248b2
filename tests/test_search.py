import sqlite3
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import khmer
from archive.index import add
from archive.model import Article, Campaign, Campaigns, Query, Term
from archive.query import parse
from archive.search import NOTHING, escape_fts, hits, snippet, too_short
from archive.vocabulary import Vocabulary
from pipelines.match import Matcher

TERMS = (
    Term(say="ភេទ", unless=("ប្រភេទ",)),
    Term(say="ស្រឡាញ់ភេទដូចគ្នា", also=("ស្រលាញ់ភេទដូចគ្នា",)),
    Term(say="ខ្ញុំទទួលយក"),
    Term(say="I Accept", case="exact"),
    Term(say="LGBT", also=("LGBT+", "អ៊ែលជីប៊ីធី")),
    Term(say="marriage equality", also=("equal marriage",)),
)
VOCABULARY = Vocabulary(TERMS)
REPEATABLE = settings(derandomize=True, database=None, deadline=None, max_examples=400)


class Index:
    """A real index, as the archive's first migration makes it."""

    def __init__(self, *texts: str) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "create virtual table article_fts using fts5(title, text, content = '',"
            " tokenize = \"porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\")"
        )
        for number, text in enumerate(texts):
            add(self._db, number, Article(url=f"https://news.example/{number}", source="s", text=text))

    def find(self, text: str) -> list[int]:
        """Give the numbers of the texts that the search box would find."""
        sql = "select rowid from article_fts where article_fts match ? order by rowid"
        return [row for (row,) in self._db.execute(sql, [escape_fts(text, VOCABULARY)])]


@pytest.fixture(scope="module")
def everything() -> Index:
    return Index("អ្នកស្រលាញ់ភេទដូចគ្នា LGBT+ and “I Accept” 🏳️\u200d🌈", "a b c")


SYNTAX = [
    "AND",
    "OR",
    "NOT",
    "NEAR",
    " ",
    " ",
    '"',
    "«",
    "”",
    "(",
    ")",
    "*",
    "~5",
    "~",
    "-",
    "+",
    "^",
    ":",
    "\\",
    "/",
    "{",
    "[a TO b]",
    "?",
]
WORDS = [
    "a",
    "b",
    "LGBT",
    "ភេទ",
    "ស្",
    "ក",
    "\u17d2",
    "\x00",
    "\ud800",
    "🏳️\u200d🌈",
    "ß",
    "title:",
    "é",
    "'",
    ",",
    "២",
    "communit",
]


@REPEATABLE
@given(st.one_of(st.lists(st.sampled_from(SYNTAX + WORDS), max_size=24).map("".join), st.text(max_size=40)))
@example('" OR ""')
@example("(" * 1500)
@example("NOT " * 400 + "a")
@example(" OR ".join(f"w{number} -v{number}" for number in range(150)))
@example("a (b " * 28 + ")" * 28)
def test_whatever_is_typed_becomes_a_valid_expression(everything: Index, text: str) -> None:
    everything.find(text)


@pytest.mark.parametrize("text", ["", " ", '""', "NOT a", "-a", "()", "🏳️\u200d🌈", "–", "*", "\x00"])
def test_what_cannot_be_looked_for_finds_nothing(everything: Index, text: str) -> None:
    assert escape_fts(text, VOCABULARY) == NOTHING
    assert everything.find(text) == []


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("a b OR c", '("a" AND ("b" OR "c"))'),
        ("(a b) OR c", '(("a" AND "b") OR "c")'),
        ("a -b", '("a" NOT "b")'),
        ("a OR NOT b", '"a"'),
        ("a (b OR NOT c)", '("a" NOT ("c" NOT "b"))'),
        ("ភេទ", '"ភេ ទ"'),
        ("LGBT*", '("lgbt"* OR "l g b t"* OR "ｌｇｂｔ"* OR "អ៊ែ ល ជី ប៊ី ធី"*)'),
        ("lgbtq*", '"lgbtq"*'),
        ("ស្*", '"ស"*'),
        ('"a b"~5', 'NEAR("a" "b", 5)'),
        ("ស្រលាញ់ភេទដូចគ្នា", '("ស្រ ឡា ញ់ ភេ ទ ដូ ច គ្នា" OR "ស្រ លា ញ់ ភេ ទ ដូ ច គ្នា")'),
        ("🏳️\u200d🌈 a", '"a"'),
    ],
)
def test_an_expression_says_every_bracket_and_spelling(text: str, expression: str) -> None:
    assert escape_fts(text, VOCABULARY) == expression


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ស្រឡាញ់ភេទដូចគ្នា", [0, 1]),
        ("«ស្រលាញ់\u200bភេទ ដូចគ្នា»", [0, 1]),
        ("ភេទដូចគ្នា", [0, 1]),
        ("ភេទ", [0, 1, 2]),
        ("សិទិ្ធ", [3]),
        ("«ខ្ញុំទទួលយក»", [4]),
        ("ខ្ញុំ AND ទទួលយក", [4]),
        ("២០២១", [5]),
        ("10", [5]),
        ("lgbt", [5, 6]),
        ("LGBT NOT សិទ្ធិ", [5, 6]),
        ("LGBT*", [5, 6, 7]),
        ("អ៊ែលជីប៊ីធី", [5, 6]),
        ("accepting", [8]),
        ("communit*", [8]),
        ("same-sex", [9]),
        ("equal-marriage", [9]),
        ('"couple marry"~3', [9]),
        ('"couple marry"~0', []),
        ("couple (LGBTQ OR community)", []),
        ("ការ LGBTQIA", []),
        ("LGBTQIA+", [7]),
        ("SOGIE", [10, 11, 12]),
        ("SOGIE*", [10, 11, 12]),
        ('"SOGIE bill"', [12]),
        ("#SOGIE", [10, 11, 12]),
        ('"pride march"', [13]),
        ('"#PrideMarch"', []),
        ("#PrideMarch*", [13]),
        ("(LGBTQIA", [7]),
        ('"unclosed LGBTQIA', []),
    ],
)
def test_search_finds_khmer_and_english(text: str, found: list[int]) -> None:
    index = Index(
        "សហគមន៍អ្នកស្រលាញ់ភេទដូចគ្នា",
        "អ្នកស្រឡាញ់ ភេទដូចគ្នា",
        "ប្រភេទ",
        "សិទ្ធិមនុស្ស",
        "«ខ្ញុំ ទទួលយក»",
        "ទី១០ខែធ្នូ 2021 LGBT+",
        "និងLGBTនៅ",
        "LGBTQIA+",
        "Acceptance in the community",
        "same\u2011sex couples to marry: marriage equality",
        "S.O.G.I.E.",
        "ＳＯＧＩＥ",
        "the S.O.G.I.E. Bill; SOGIE",
        "#PrideMarchKH",
    )
    assert index.find(text) == found


@pytest.mark.parametrize("parting", [" ", ".", "/"])
def test_of_a_long_phrase_the_first_64_tokens_are_looked_for(parting: str) -> None:
    words = [f"w{first}{second}" for first in "bcdfghjkmn" for second in "bcdfghjkmn"]
    typed = f'"{parting.join(words)}"'
    assert escape_fts(typed, VOCABULARY) == f'"{" ".join(words[:64])}"'
    assert Index(" ".join(words[:-1]), " ".join(words[1:])).find(typed) == [0]


@pytest.mark.parametrize("typed", ["ភេទ" * 1500, "ភេទ" * 1500 + "*", "🏳️\u200d🌈 " * 70 + "ភេទ"])
def test_a_long_run_of_khmer_or_signs_finds_what_has_its_beginning(typed: str) -> None:
    assert len(escape_fts(typed, VOCABULARY)) < 300
    assert Index("ភេទ" * 40, "ច្បាប់").find(typed) == [0]


# fmt: off
LEAVES = [
    "ភេទ", "ស្រឡាញ់ភេទដូចគ្នា", "ស្រលាញ់ភេទដូចគ្នា", "អ្នកស្រលាញ់ភេទដូចគ្នា", "«ខ្ញុំ ទទួលយក»", "LGBT", "LGBT*", "ភេ*", '"I Accept"',
    "accept", "community", "communit*", "discriminat*", "couples", '"same-sex couple"', '"equal marriage"', "#IAccept", "2021", "Women’s",
    '"I Accept campaign"~2', '"ភេទ ច្បាប់"~3', '"couple marriage equality"~4', '"LGBT ច្បាប់ a"~6',
]
PIECES = [
    "ភេទ", "ប្រភេទ", "អ្នកស្រលាញ់ ភេទដូចគ្នា", "ស្រឡាញ់ភេទដូចគ្នា", "ខ្ញុំ ទទួលយក", "ច្បាប់", "ៗ", "។\n", " ", " – ", "LGBT", "LGBT+", "LGBTQ ",
    "I Accept", "i accept ", "campaigns ", "L.G.B.T. ", "ＬＧＢＴ", "\n", "_", "communities ", "community ", "discrimination ", "discriminates ", "couple ", "same\u2011sex couples ",
    "marriage equality", "equal marriage ", "#iaccept", "២០២១", "women's ", "a ", "អ៊ែលជីប៊ីធី", "don't ", "3.5 ", "🏳️\u200d🌈",
]
# fmt: on
QUERIES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", ""]), inner),
    max_leaves=4,
)


@REPEATABLE
@given(QUERIES, st.lists(st.sampled_from(PIECES), max_size=14).map("".join).map(khmer.clean))
def test_whatever_a_query_matches_the_search_box_finds(find: str, text: str) -> None:
    campaign = Campaign(id="c", name="c", since=date(2021, 12, 1), query=(Query(id="q", label="", find=find),))
    matcher = Matcher(Campaigns(term=TERMS, campaign=(campaign,)))
    matches = matcher.match(Article(url="https://news.example/1", source="s", text=text)).matches
    if matches:
        assert Index(text).find(find) == [0], matches
        assert hits(text, find, VOCABULARY), matches


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("ក", True),
        ("a", True),
        ("ក a", True),
        ("ក*", True),
        ("", True),
        ("ភេទ", False),
        ("ab", False),
        ("ក ab", False),
        ("២០", False),
    ],
)
def test_a_query_too_short_to_find_something_by_is_told(text: str, short: bool) -> None:  # noqa: FBT001
    assert too_short(text) is short


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("ភេទ", "អ្នកស្រលាញ់ភេទដូចគ្នា ប្រភេទ", ["ភេទ", "ភេទ"]),
        ("ខ្ញុំទទួលយក", "«ខ្ញុំ ទទួលយក»", ["ខ្ញុំ ទទួលយក"]),
        ("ស្រឡាញ់ភេទដូចគ្នា", "ស្រលាញ់ភេទដូចគ្នា", ["ស្រលាញ់ភេទដូចគ្នា"]),
        ("accepting couple", "Acceptance of couples", ["Acceptance", "couples"]),
        ("LGBT*", "និងLGBTQនៅ", ["LGBTQ"]),
        ("ស្រឡ*", "ស្រឡាញ់", ["ស្រឡា"]),
        ('"a campaign"~5', "campaign of a", ["campaign", "a"]),
        ("a -b", "a b", ["a"]),
        ("កា", "ការ កាំ", ["កា"]),
        ("x", "a b", []),
        ("", "a b", []),
    ],
)
def test_hits_are_marked_in_the_original_text(query: str, text: str, marked: list[str]) -> None:
    pieces = snippet(text, query, VOCABULARY)
    assert [piece for piece, is_marked in pieces if is_marked] == marked
    assert "".join(piece for piece, _ in pieces) == text


def test_a_snippet_is_cut_around_the_first_hit_and_cuts_no_cluster() -> None:
    text = "ស្ត្រី" * 100 + " LGBT " + "ខ្ញុំ" * 100
    pieces = snippet(text, parse("LGBT"), VOCABULARY, width=60)
    assert pieces[0] == pieces[-1] == ("…", False)
    before, mark, after = pieces[1:-1]
    assert mark == ("LGBT", True)
    assert before[0].strip() == "ស្ត្រី" * before[0].count("ស")
    assert after[0].strip() == "ខ្ញុំ" * after[0].count("ខ")
    assert 60 <= sum(len(piece) for piece, _ in pieces[1:-1]) <= 75


def test_a_snippet_without_a_hit_is_the_beginning() -> None:
    assert snippet("word " * 100, "absent", VOCABULARY, width=9) == [("word word", False), ("…", False)]
