import pickle
from dataclasses import replace
from datetime import date

import pytest

from archive import khmer
from archive.errors import QueryError
from archive.model import Article, Campaign, Campaigns, Match, Query, Term
from pipelines.match import Matcher

TERMS = (
    Term(say="ភេទ", unless=("ប្រភេទ",)),
    Term(say="ភេទដូចគ្នា", unless=("ប្រភេទដូចគ្នា",)),
    Term(say="សិទ្ធិ", unless=("កម្មសិទ្ធិ", "ប្រសិទ្ធិ")),
    Term(say="ស្រឡាញ់ភេទដូចគ្នា", also=("ស្រលាញ់ភេទដូចគ្នា",)),
    Term(say="ខ្ញុំទទួលយក", unless=("ខ្ញុំទទួលយកលទ្ធផល",)),
    Term(say="I Accept", also=("I ACCEPT", "#IAccept"), case="exact", unless=("I Accept the Offer",)),
    Term(say="RoCK", case="exact"),
    Term(say="LGBT", also=("LGBT+", "អ៊ែលជីប៊ីធី")),
)
ARTICLE = Article(url="https://news.example/1", source="s")


def matcher(*finds: str) -> Matcher:
    queries = tuple(Query(id=f"q{number}", label="", find=find) for number, find in enumerate(finds))
    return Matcher(
        Campaigns(term=TERMS, campaign=(Campaign(id="c", name="c", since=date(2021, 12, 1), query=queries),))
    )


def matches(find: str, article: Article) -> tuple[Match, ...]:
    return matcher(find).match(article).matches


def words(find: str, text: str) -> list[str]:
    return [match.words for match in matches(find, replace(ARTICLE, text=khmer.clean(text)))]


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        # Part of another word, by the list of longer words
        ("ភេទ", "ប្រភេទ ភេទទីបី", ["ភេទ"]),
        ("ភេទ", "ប្រ\u200bភេទ", []),
        ("ភេទដូចគ្នា", "របស់ប្រភេទដូចគ្នា", []),
        ("ភេទដូចគ្នា", "អ្នកស្រលាញ់ភេទដូចគ្នា", ["ភេទដូចគ្នា"]),
        ("ភេទទីបី", "ប្រភេទទីបី ភេទទីបី", ["ភេទទីបី"]),
        # A longer word is not parted by quotation marks, but may stand in them
        ("ខ្ញុំទទួលយក", "«ខ្ញុំទទួលយក» លទ្ធផលគឺល្អ", ["ខ្ញុំទទួលយក"]),
        ("ខ្ញុំទទួលយក", "« ខ្ញុំ ទទួលយក » លទ្ធផល", ["ខ្ញុំ ទទួលយក"]),
        ("ខ្ញុំទទួលយក", "“ខ្ញុំទទួលយក”លទ្ធផល „ខ្ញុំទទួលយក“លទ្ធផល", ["ខ្ញុំទទួលយក"] * 2),
        ("ខ្ញុំទទួលយក", '"ខ្ញុំទទួលយក" លទ្ធផល', ["ខ្ញុំទទួលយក"]),
        ("ខ្ញុំទទួលយក", "«ខ្ញុំទទួលយក លទ្ធផល»", []),
        ("ភេទ", "ប្រ «ភេទ»", ["ភេទ"]),
        ('"I Accept"', "“I Accept” the Offer, I Accept the Offer", ["I Accept"]),
        ("សិទ្ធិ", "កម្មសិទ្ធិ ប្រសិទ្ធិភាព សិទ្ធិមនុស្ស", ["សិទ្ធិ"]),
        # Cluster edges
        ("ការ", "ការប្រកាន់", ["ការ"]),
        ("កា", "កាំ កាប់", ["កា"]),
        ("យក", "យក្ស យក", ["យក"]),
        # Both spellings, whichever is asked
        ("ស្រឡាញ់ភេទដូចគ្នា", "ស្រលាញ់ភេទដូចគ្នា ស្រឡាញ់ភេទដូចគ្នា", ["ស្រលាញ់ភេទដូចគ្នា", "ស្រឡាញ់ភេទដូចគ្នា"]),
        ("ស្រលាញ់ភេទដូចគ្នា", "អ្នកស្រឡាញ់ភេទដូចគ្នា", ["ស្រឡាញ់ភេទដូចគ្នា"]),
        ("អ្នកស្រលាញ់ភេទដូចគ្នា", "អ្នកស្រឡាញ់ភេទដូចគ្នា", ["អ្នកស្រឡាញ់ភេទដូចគ្នា"]),
        # Spaces, quotation marks, lines
        ("ខ្ញុំទទួលយក", "«ខ្ញុំ ទទួលយក» ខ្ញុំទទួលយក", ["ខ្ញុំ ទទួលយក", "ខ្ញុំទទួលយក"]),
        ('"ខ្ញុំ ទទួលយក"', "«ខ្ញុំទទួលយក»", ["ខ្ញុំទទួលយក"]),
        # A line may end inside a name where a page broke it, not between paragraphs or the items of a list
        ("ខ្ញុំទទួលយក", "ខ្ញុំ\nទទួលយក", []),
        ("ខ្ញុំទទួលយក", "យុទ្ធនាការខ្ញុំ\nទទួលយកបន្ត", ["ខ្ញុំ\nទទួលយក"]),
        ("ខ្ញុំទទួលយក", "យុទ្ធនាការខ្ញុំ\n \nទទួលយកបន្ត", []),
        ("ខ្ញុំទទួលយក", "ខ្ញុំ\nទទួលយកបន្ត", []),
        (
            '"marriage equality"',
            "They want marriage\nequality now. In marriage\nEquality is rare",
            ["marriage\nequality"],
        ),
        ('"marriage equality"', "- marriage\nequality", []),
        ('"I Accept"', "the I\nAccept campaign", ["I\nAccept"]),
        ("យុទ្ធនាការខ្ញុំទទួលយក", "យុទ្ធនាការ «ខ្ញុំទទួលយក»", ["យុទ្ធនាការ «ខ្ញុំទទួលយក"]),
        ('"ខ្ញុំទទួលយក – I Accept"', "“ខ្ញុំទទួលយក – I Accept”", ["ខ្ញុំទទួលយក – I Accept"]),
        # Same-looking Khmer
        ("សិទ្ធិ", "សិទិ្ធមនុស្ស", ["សិទ្ធិ"]),
        ("ខ្ញុំទទួលយក", "ខុំ្ញទទួល\u200bយក", ["ខ្ញុំទទួលយក"]),
        ("កន្ដាល", "កន្តាល", ["កន្តាល"]),
        ("ឱ្យ", "ឲ្យ", ["ឲ្យ"]),
        ("2021", "ឆ្នាំ២០២១ ១២០២១", ["២០២១"]),
        ("ស្រី", "សី្រ", ["ស្រី"]),
        # Latin words and their edges
        ("LGBT", "សិទ្ធិLGBTនៅ", ["LGBT"]),
        (
            "LGBT",
            "LGBT+, LGBT+Q LGBT. lgbt LGBTQ xLGBT LGBT2 éLGBT LGBTé #LGBT",
            ["LGBT+", "LGBT+", "LGBT", "lgbt", "LGBT"],
        ),
        ("LGBT", "អ៊ែលជីប៊ីធី", ["អ៊ែលជីប៊ីធី"]),
        ("LGBT", "LGBT១", ["LGBT"]),
        ("LGBT*", "LGBT LGBTQ LGBTIQA+ ALGBT", ["LGBT", "LGBTQ", "LGBTIQA+"]),
        ("ស្រឡ*", "ស្រឡាញ់", ["ស្រឡា"]),
        ("ស្រ្*", "ស្រី", ["ស្រី"]),
        # Exact case
        ('"I Accept"', "the “I Accept” campaign. I accept the offer. I ACCEPT. i accept", ["I Accept", "I ACCEPT"]),
        ('"i accept"', "I  Accept, I‑Accept", ["I  Accept", "I‑Accept"]),
        ("RoCK", "RoCK's rock ROCK RoCKs", ["RoCK"]),
        ("rock", "RoCK rock", ["RoCK"]),
        # Joined forms as declared; in a hashtag or an account's name each capital begins a word
        ('"I Accept"', "#IAccept IacceptMEK #iaccept IAccept", ["#IAccept"]),
        ('"I Accept"', "#IAcceptCambodia @KhmerIAccept #IAccepted #iacceptcambodia", ["#IAccept", "IAccept"]),
        (
            '"marriage equality"',
            "#MarriageEqualityKH #KHMarriageEquality2022 #marriageequality",
            ["MarriageEquality"] * 2 + ["marriageequality"],
        ),
        ('"marriage equality"', "MarriageEquality #Marriageequalitykh #Marriage_Equality", ["Marriage_Equality"]),
        ("LGBT", "#LGBTCambodia #CambodiaLGBT #LGBT_Cambodia #LGBTQ #xLGBT2022", ["LGBT", "LGBT", "LGBT", "LGBT"]),
        ("LGBT*", "#LGBTQ_Cambodia #PrideLGBTQIA+", ["LGBTQ", "LGBTQIA+"]),
        ('"women\'s rights"', "#WomensRights", ["WomensRights"]),
        ("accept", "#IAccept iAccept", ["Accept"]),
        ("RoCK", "#RoCKPride #ROCK #Rock", ["RoCK"]),
        ("ខ្ញុំទទួលយក", "#ខ្ញុំទទួលយក #ខ្ញុំ_ទទួលយក #ខ្ញុំទទួលយកIAccept", ["ខ្ញុំទទួលយក", "ខ្ញុំ_ទទួលយក", "ខ្ញុំទទួលយក"]),
        ("IacceptMEK", "IacceptMEK @iacceptmek", ["IacceptMEK", "iacceptmek"]),
        # Flexible inside English names
        (
            "same-sex",
            "same sex, same-sex, same\u2011sex, same – sex, samesex",
            ["same sex", "same-sex", "same\u2011sex", "same – sex"],
        ),
        ("Women's", "Women’s women's", ["Women’s", "women's"]),
        (
            "same-sex",
            "same\u00adsex same\u00ad sex same_sex sa\u00adme-sex ｓａｍｅ－ｓｅｘ",
            ["same sex", "same_sex", "same-sex", "ｓａｍｅ－ｓｅｘ"],
        ),
        ("LGBT", "ＬＧＢＴ ＬＧＢＴ＋ ＬＧＢＴＱ", ["ＬＧＢＴ", "ＬＧＢＴ＋"]),
        ('"I Accept"', "Ｉ Ａｃｃｅｐｔ ｉ ａｃｃｅｐｔ", ["Ｉ Ａｃｃｅｐｔ"]),
        ("LGBT", "L.G.B.T. L.G.B.T people, l.g.b.t", ["L.G.B.T", "L.G.B.T", "l.g.b.t"]),
        ("LGBT*", "L.G.B.T.Q. L.G.B.T.I.Q.+", ["L.G.B.T.Q", "L.G.B.T.I.Q"]),
        ('"L.G.B.T."', "LGBT", ["LGBT"]),
        ('"LGBT community"', "L.G.B.T. community", ["L.G.B.T. community"]),
        ('"I Accept campaign"', "I accept campaign gifts. The I Accept campaigns", ["I Accept campaigns"]),
        ("ខ្ញុំទទួលយក", "‹ខ្ញុំ› ‟ទទួលយក", ["ខ្ញុំ› ‟ទទួលយក"]),
        # Singular and plural
        ('"same-sex couple"', "same-sex couples and a same-sex couple", ["same-sex couples", "same-sex couple"]),
        ("parties", "party Parties partying", ["party", "Parties"]),
        ("rights", "right", ["right"]),
        ("STRASSE", "straße", ["straße"]),
        ("🏳️\u200d🌈", "Pride 🏳️\u200d🌈!", ["🏳️\u200d🌈"]),
    ],
)
def test_a_term_is_found_as_it_is_meant(find: str, text: str, found: list[str]) -> None:
    assert words(find, text) == found


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        ('"a b"~2', "a x y b", ["a x y b"]),
        ('"a b"~2', "b x y a", ["b x y a"]),
        ('"a b"~2', "a x y z b", []),
        ('"a b"~0', "a b", ["a b"]),
        ('"a b c"~2', "c x a y b", []),
        ('"a b c"~3', "c x a y b", ["c x a y b"]),
        ('"a a"~3', "a", []),
        ('"a a"~3', "a x a", ["a x a"]),
        ('"I Accept campaign"~3', "campaign named “I Accept”", ["campaign named “I Accept"]),
        ('"I Accept campaign"~3', "campaigns: I Accept", ["campaigns: I Accept"]),
        ('"I Accept campaign"~3', "I accept the campaign", []),
        ('"យុទ្ធនាការខ្ញុំទទួលយក"~4', "យុទ្ធនាការរបស់គេ ខ្ញុំ ទទួលយក", ["យុទ្ធនាការរបស់គេ ខ្ញុំ ទទួលយក"]),
        ('"យុទ្ធនាការ ខ្ញុំទទួលយក"~3', "យុទ្ធនាការរបស់គេ ខ្ញុំទទួលយក", []),
        ('"ភេទ ច្បាប់"~3', "ប្រភេទ ច្បាប់", []),
        # Never over the end of a sentence
        ('"I Accept LGBT"~9', "He said I Accept. The LGBT march", []),
        ('"I Accept campaign"~3', "“I Accept.” The campaign", []),
        ('"I Accept campaign"~3', "the “I Accept!” campaign", ["I Accept!” campaign"]),
        ('"Mr Sok"~1', "Mr. Sok", ["Mr. Sok"]),
        ('"ភេទ ច្បាប់"~3', "ភេទ។ ច្បាប់", []),
        ('"ភេទ ច្បាប់"~3', "ភេទ។ល។ ច្បាប់", ["ភេទ។ល។ ច្បាប់"]),
        ('"ភេទ ច្បាប់"~3', "ភេទ? ច្បាប់", []),
        ('"ភេទ ច្បាប់"~3', "«ភេទ!» ច្បាប់", ["ភេទ!» ច្បាប់"]),
        ('"ភេទ ច្បាប់"~3', "អំពីភេទ\nច្បាប់", ["ភេទ\nច្បាប់"]),
    ],
)
def test_near_words_stand_in_any_order_not_farther_than_said(find: str, text: str, found: list[str]) -> None:
    assert words(find, text) == found


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        ("a b", "b a", ["b", "a"]),
        ("a b", "a", []),
        ("a OR b", "x b", ["b"]),
        ("a b OR c", "b c", []),
        ("a b OR c", "a c", ["a", "c"]),
        ("a NOT b", "a", ["a"]),
        ("a NOT b", "a b", []),
        ("a NOT ភេទ", "a ប្រភេទ", ["a"]),
        ("a NOT (b OR c)", "a c", []),
        ("a NOT (b c)", "a c", ["a"]),
        ("a OR NOT b", "x", []),
        ("a OR NOT b", "a b", ["a"]),
        ("(a b) OR c", "a c", ["c"]),
    ],
)
def test_the_tree_decides_which_hits_count(find: str, text: str, found: list[str]) -> None:
    assert sorted(words(find, text)) == sorted(found)


def test_each_field_and_part_is_looked_into_with_offsets_of_its_own() -> None:
    article = replace(
        ARTICLE, title="LGBT", text="x\nLGBT", description="an LGBT", captions=("", "LGBT"), tags=("a", "b", "LGBT+")
    )
    places = [(m.field, m.part, m.start, m.end, m.words) for m in matches("LGBT", article)]
    assert places == [
        ("title", 0, 0, 4, "LGBT"),
        ("text", 0, 2, 6, "LGBT"),
        ("description", 0, 3, 7, "LGBT"),
        ("caption", 1, 0, 4, "LGBT"),
        ("tag", 2, 0, 5, "LGBT+"),
    ]


@pytest.mark.parametrize(
    ("find", "fields", "weak"),
    [
        ("a", {"text": "a", "tags": ("a",)}, [False, False]),
        ("a", {"tags": ("a",)}, [True]),
        ("a", {"captions": ("a",)}, [True]),
        ("a", {"description": "a"}, [True]),
        ("a b", {"title": "a", "description": "b"}, [True, True]),
        ("a b", {"title": "a", "text": "b"}, [False, False]),
        ("a OR b", {"title": "a", "description": "b"}, [False, False]),
        ("a NOT b", {"title": "a", "description": "b"}, []),
        ("a OR NOT b", {"tags": ("a",)}, [True]),
        ('"a b"~9', {"title": "a", "text": "b"}, []),
    ],
)
def test_what_holds_only_beside_title_and_text_is_weak(
    find: str, fields: dict[str, str | tuple[str, ...]], weak: list[bool]
) -> None:
    assert [match.weak for match in matches(find, replace(ARTICLE, **fields))] == weak  # type: ignore[arg-type]


def test_every_query_is_answered_apart_and_named() -> None:
    article = replace(ARTICLE, title="អ្នកស្រលាញ់ភេទដូចគ្នា", tags=("RoCK",))
    found = matcher("ស្រឡាញ់ភេទដូចគ្នា", "LGBT*", "RoCK OR អ្នក", "RoCK").match(article).matches
    assert [(m.campaign, m.query, m.term, m.weak) for m in found] == [
        ("c", "q0", "ស្រឡាញ់ភេទដូចគ្នា", False),
        ("c", "q2", "RoCK", False),
        ("c", "q2", "អ្នក", False),
        ("c", "q3", "RoCK", True),
    ]


def test_a_quote_is_one_line_of_whole_clusters_and_words() -> None:
    text = "មុន\n" + "ស្ត្រី" * 40 + " LGBT  and " + "word" * 3 + " extraordinarily " * 8 + "\nក្រោយ"
    (match,) = matches("LGBT", replace(ARTICLE, text=text))
    assert match.quote.startswith("ស្ត្រី")
    assert match.quote.endswith(" extraordinarily")
    assert " LGBT and wordwordword " in match.quote
    assert 105 <= len(match.quote) <= 160


def test_the_longest_of_overlapping_spellings_counts_once() -> None:
    assert words("LGBT OR LGBT+", "LGBT+") == ["LGBT+"] * 2
    assert words("LGBT", "LGBT+") == ["LGBT+"]


def test_an_article_without_campaign_words_has_no_matches() -> None:
    article = replace(ARTICLE, text="ទិវាសិទ្ធិមនុស្ស", matches=matches("a", replace(ARTICLE, text="a")))
    assert matches("ខ្ញុំទទួលយក", article) == ()
    assert Matcher(Campaigns()).match(article).matches == ()


def test_a_matcher_travels_to_another_process() -> None:
    travelled = pickle.loads(pickle.dumps(matcher("a OR b")))
    assert [match.words for match in travelled.match(replace(ARTICLE, text="b")).matches] == ["b"]


def test_a_query_that_does_not_parse_is_told() -> None:
    with pytest.raises(QueryError):
        matcher("a AND")


def test_a_quote_rather_ends_at_a_blank_or_a_sentence() -> None:
    text = "ក" * 90 + "។" + "ស្ត្រី" * 9 + "LGBT" + "ខ្ញុំ" * 9 + " ចុងឃ្លា" + "ក" * 90
    (match,) = matches("LGBT", replace(ARTICLE, text=text))
    assert match.quote == "ស្ត្រី" * 9 + "LGBT" + "ខ្ញុំ" * 9


def test_a_quote_beside_an_endless_word_stays_short() -> None:
    (match,) = matches("LGBT", replace(ARTICLE, text="x" * 5000 + " LGBT " + "y" * 5000))
    assert len(match.quote) < 400


def test_a_prefix_of_a_declared_term_knows_its_spellings_and_longer_words() -> None:
    assert words("ស្រឡាញ់ភេទដូចគ្នា*", "ស្រលាញ់ភេទដូចគ្នា") == ["ស្រលាញ់ភេទដូចគ្នា"]
    assert words("ភេទ*", "ប្រភេទ ភេទទីបី") == ["ភេទ"]
    assert words("RoCK*", "RoCKers rockers") == ["RoCKers"]
