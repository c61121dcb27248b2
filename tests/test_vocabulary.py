import pytest

from archive.forms import abbreviations, hashtag_words, in_hashtag, is_joint, run_together
from archive.model import Term
from archive.vocabulary import Vocabulary, key

TERMS = Vocabulary(
    [
        Term(say="I Accept", also=("#IAccept",), case="exact"),
        Term(say="RoCK", also=("រ៉ុក",), case="exact"),
        Term(say="LGBT", also=("អ៊ែលជីប៊ីធី",)),
    ]
)


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("LGBT", ["L.G.B.T", "ＬＧＢＴ"]),
        ("L.G.B.T.", ["LGBT"]),
        ("LGBT community", ["L.G.B.T community", "L.G.B.T. community", "ＬＧＢＴ community"]),
        ("gay", []),
        ("I Accept", []),
        ("DISCRIMINATION", []),
        ("ភេទ", []),
    ],
)
def test_an_abbreviation_is_printed_otherwise(written: str, others: list[str]) -> None:
    assert sorted(abbreviations(written), key=others.index) == others


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#IAcceptCambodia", ["I Accept Cambodia"]),
        ("a #LGBT_Cambodia2022, @KhmerIAccept!", ["LGBT Cambodia 2022", "Khmer I Accept"]),
        ("#iaccept #LGBT", []),
        ("someone@NewsExample.org", []),
        ("#ខ្ញុំទទួលយក_IAccept", ["ខ្ញុំទទួលយក I Accept"]),
    ],
)
def test_a_hashtag_of_several_words_is_told_as_those(text: str, words: list[str]) -> None:
    assert list(hashtag_words(text)) == words


def test_each_capital_of_a_hashtag_begins_a_word() -> None:
    tag = "#IAcceptLGBTNow22x"
    assert [index for index in range(1, len(tag)) if is_joint(tag, index)] == [2, 8, 12, 15, 17]
    assert [in_hashtag(f"see {tag} there", index) for index in (2, 4, 10, 22, 25)] == [False, True, True, True, False]


def test_several_english_words_run_together_in_a_hashtag() -> None:
    assert run_together(key("Marriage equality")) == "marriageequality"
    assert run_together(key("women's rights")) == "womensrights"
    assert run_together("lgbt") == run_together("ខ្ញុំ ok") == ""


def test_a_phrase_tells_of_which_terms_in_it_the_case_counts() -> None:
    assert TERMS.exact("i accept") == TERMS.exact("I accept campaign") == (("I Accept", "#IAccept"),)
    assert TERMS.exact("RoCK concert") == ()  # it may stand there in Khmer, which has no capitals
    assert TERMS.exact("LGBT") == ()


def test_a_beginning_that_is_a_term_is_any_of_its_spellings() -> None:
    assert TERMS.beginnings("LGBT") == ("LGBT", "L.G.B.T", "ＬＧＢＴ", "អ៊ែលជីប៊ីធី")
    assert TERMS.beginnings("commun") == ("commun",)
    assert TERMS.beginnings("rock") == ("RoCK", "រ៉ុក")
