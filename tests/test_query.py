import pytest

from archive import khmer
from archive.errors import QueryError
from archive.model import Term
from archive.query import And, Near, Node, Not, Or, Phrase, Prefix, leaves, parse, positive, read
from archive.vocabulary import FlatText, Vocabulary, distance, flatten

A, B, C = Phrase("a"), Phrase("b"), Phrase("c")


@pytest.mark.parametrize(
    ("find", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c", And((A, Or((B, C))))),
        ("a OR b c", And((Or((A, B)), C))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("(a b) OR c", Or((And((A, B)), C))),
        ("a (b c)", And((A, B, C))),
        ("+a b", And((A, B))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("a NOT (b OR c)", And((A, Not(B), Not(C)))),
        ("a NOT (b c)", And((A, Or((Not(B), Not(C)))))),
        ("NOT NOT a", A),
        ("LGBT*", Prefix("LGBT")),
        ("ស្រឡាញ់*", Prefix("ស្រឡាញ់")),
        ('"a b"', Phrase("a b")),
        ("«ខ្ញុំ ទទួលយក»", Phrase("ខ្ញុំ ទទួលយក")),
        ("“I Accept”", Phrase("I Accept")),
        ("„I Accept“", Phrase("I Accept")),
        ('"a b"~5', Near("a b", 5)),
        ("«ខ្ញុំទទួលយក ច្បាប់»~10", Near("ខ្ញុំទទួលយក ច្បាប់", 10)),
        ("យុទ្ធនាការ«ខ្ញុំទទួលយក»ទេ", And((Phrase("យុទ្ធនាការ"), Phrase("ខ្ញុំទទួលយក"), Phrase("ទេ")))),
        ('-"a b" c', And((Not(Phrase("a b")), C))),
        ("LGBT+ #IAccept", And((Phrase("LGBT+"), Phrase("#IAccept")))),
        ("same-sex", Phrase("same-sex")),
        (r"10\:30", Phrase("10:30")),
        (r"a\*", Phrase("a*")),
        ("why?", Phrase("why?")),
        ("TO and or not", And((Phrase("TO"), Phrase("and"), Phrase("or"), Phrase("not")))),
    ],
)
def test_a_query_becomes_its_tree(find: str, tree: Node) -> None:
    assert parse(find) == tree


@pytest.mark.parametrize(
    ("find", "position", "wrong"),
    [
        ("", 0, "empty"),
        (" \n", 0, "empty"),
        ("a AND", 5, "breaks off"),
        ("a (b", 4, "breaks off"),
        ("a )", 2, "no meaning"),
        ("ab }", 3, "no meaning"),
        ('a "b', 2, "no partner"),
        ("ខ្ញុំ «ទទួល", 6, "no partner"),
        ("ខ្ញុំ«ទទួល» a:b", 12, "field"),
        ("title:a", 0, "field"),
        ("a http://x", 2, "field"),
        ("a /b/", 2, "regular expression"),
        ("a [b TO c]", 2, "range"),
        ("{b TO c}", 0, "range"),
        (">3", 0, "range"),
        ("<3", 0, "range"),
        ("a rock~", 2, "fuzzy"),
        ("rock~2", 0, "fuzzy"),
        ("a b^2", 2, "boost"),
        ('"a b"^2', 0, "boost"),
        ("NOT a", 0, "only says"),
        ("-a -b", 0, "only says"),
        ("a *", 2, "star"),
        ("*a", 0, "star"),
        ("L?BT", 0, "star"),
        ('"LGBT* a"', 0, "star"),
        ("a – b", 2, "nothing to look for"),
        ('a ""', 2, "nothing to look for"),
        ("a - b", 2, "stands alone"),
        ("a && b", 2, "not part of the language"),
        ("a !b", 2, "not part of the language"),
        ('"a b"~', 0, "number"),
        ('"a b"~2000', 0, "number"),
        ('"a b"~0.5', 5, "whole"),
        ("a~1..2", 1, "whole"),
        ("a" * 2001, 2000, "characters"),
        ("(" * 40 + "a" + ")" * 40, 31, "deep"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_place(find: str, position: int, wrong: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(find)
    assert (caught.value.position, wrong in caught.value.wrong) == (position, True), caught.value
    assert caught.value.cure


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b OR c", And((A, Or((B, C))))),
        ("http://x", And((Phrase("http"), Phrase("x")))),
        ('"a b', And((A, B))),
        ("a - b", And((A, B))),
        ("a AND", A),
        ("LGBT* [", Prefix("LGBT")),
        ('"a b"~0.5', And((A, B))),
        ("a NOT b)", And((A, Not(B)))),
        ("(a -b", And((A, Not(B)))),
        ("NOT a", None),
        ("-a", None),
        ("", None),
        ("?! – ()", None),
    ],
)
def test_a_search_box_takes_anything(text: str, tree: Node | None) -> None:
    assert read(text) == tree


def test_the_words_looked_for_are_told_from_those_under_not() -> None:
    node = parse('a NOT (b OR "c d"~2)')
    assert list(leaves(node)) == [A, B, Near("c d", 2)]
    assert list(positive(node)) == [A]


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("ខ្ញុំ ទទួលយក", "ខ្ញុំទទួលយក"),
        ("ខ្ញុំទទួលយក – I Accept", "ខ្ញុំទទួលយកI Accept"),
        ("ច្បាប់ - រៀបការ", "ច្បាប់ រៀបការ"),
        ("យុទ្ធនាការ «ខ្ញុំទទួលយក»", "យុទ្ធនាការខ្ញុំទទួលយក"),
        ("the “I  Accept” campaign", "the I Accept campaign"),
        ("same\u2011sex – same-sex", "same sex same sex"),
        ("Women’s", "Women's"),
        ("ខ្ញុំ\nទទួលយក a \n b", "ខ្ញុំទទួលយកa b"),
        ("ＬＧＢＴ－x LGBT_x", "LGBT x LGBT x"),
        ("", ""),
    ],
)
def test_what_varies_inside_a_name_is_flattened(text: str, flat: str) -> None:
    assert flatten(text) == flat


@pytest.mark.parametrize("text", ["ខ្ញុំ ទទួលយក – I  Accept, Straße ‘x’ ឲ្យ", "", " ក ខ ", 'a  "b"\n - ស្រី'])
def test_a_flat_text_knows_where_each_character_came_from(text: str) -> None:
    flat = FlatText(text)
    spans = [flat.span(index, index + 1) for index in range(len(flat.text))]
    assert spans == sorted(spans)
    for char, (start, end) in zip(flat.text, spans, strict=True):
        assert char in flatten(khmer.fold(text[start:end])) + " ", (char, text[start:end])


TERMS = Vocabulary(
    [
        Term(say="ភេទ", unless=("ប្រភេទ",)),
        Term(say="ស្រឡាញ់ភេទដូចគ្នា", also=("ស្រលាញ់ភេទដូចគ្នា",)),
        Term(say="ខ្ញុំទទួលយក"),
        Term(say="I Accept", case="exact"),
        Term(say="marriage equality", also=("equal marriage",)),
    ]
)


def test_any_spelling_leads_to_all_however_it_is_typed() -> None:
    expected = ("ស្រឡាញ់ភេទដូចគ្នា", "ស្រលាញ់ភេទដូចគ្នា")
    for typed in ("ស្រលាញ់ភេទដូចគ្នា", "ស្រឡាញ់ ភេទដូចគ្នា", "ស្រលាញ់\u200bភេទ ដូចគ្នា"):
        assert TERMS.spellings(typed) == expected
    assert TERMS.spellings("Equal–Marriage") == ("marriage equality", "equal marriage")


def test_a_word_that_is_not_declared_is_a_term_of_its_own() -> None:
    assert TERMS.term("យុទ្ធនាការ") == Term(say="យុទ្ធនាការ")


def test_a_longer_phrase_takes_the_spellings_and_exceptions_of_the_terms_in_it() -> None:
    assert TERMS.term("អ្នកស្រលាញ់ភេទដូចគ្នា").also == ("អ្នកស្រឡាញ់ភេទដូចគ្នា",)
    assert TERMS.term("ភេទទីបី").unless == ("ប្រភេទទីបី",)
    assert TERMS.term("campaign for equal marriage").also == ("campaign for marriage equality",)


def test_near_words_are_parted_but_not_inside_a_declared_term() -> None:
    assert TERMS.parts("I accept campaign") == ("I Accept", "campaign")
    assert TERMS.parts("ច្បាប់ យុទ្ធនាការខ្ញុំ ទទួលយក LGBT") == ("ច្បាប់", "យុទ្ធនាការ", "ខ្ញុំទទួលយក", "LGBT")
    assert TERMS.parts("a – b") == ("a", "b")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("same-sex couple", ("same-sex couple", "same-sex couples")),
        ("couples", ("couples", "couple")),
        ("party", ("party", "parties")),
        ("parties", ("parties", "partie", "party")),
        ("wish", ("wish", "wishes")),
        ("wishes", ("wishes", "wishe", "wish")),
        ("gay", ("gay", "gays")),
        ("class", ("class", "classes")),
        ("news", ("news",)),
        ("LGBT", ("LGBT", "L.G.B.T", "ＬＧＢＴ")),
        ("ភេទ", ("ភេទ",)),
        ("I Accept", ("I Accept",)),
    ],
)
def test_the_last_english_word_has_its_other_number(text: str, forms: tuple[str, ...]) -> None:
    assert TERMS.forms(text) == forms


@pytest.mark.parametrize(
    ("between", "count"),
    [("", 0), (" – ", 0), (" a big, ", 2), ("ច្បាប់រៀបការ", 6), ("ទី១០ a។ ", 3), (" same-sex ", 2), ("ខ្ញុំៗ", 2)],
)
def test_distance_counts_clusters_and_words(between: str, count: int) -> None:
    assert distance(between) == count
