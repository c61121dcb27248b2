import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import khmer
from archive.site.revisions import Paragraph, difference

SIGNS = {"same": "", "deleted": "-", "inserted": "+"}


def shown(one: str, other: str) -> list[str]:
    """Write each paragraph with what went as [-words] and what came as [+words]."""
    return [written(paragraph) for paragraph in difference(one, other).paragraphs]


def written(paragraph: Paragraph) -> str:
    return "".join(f"[{SIGNS[piece.kind]}{piece.text}]" if SIGNS[piece.kind] else piece.text for piece in paragraph)


def side(one: str, other: str, kind: str) -> str:
    """Give one of the two texts back from their difference, without what parts paragraphs."""
    pieces = (piece for paragraph in difference(one, other).paragraphs for piece in paragraph)
    return "".join(
        "".join(piece.text.split()) for piece in pieces if piece.kind in ("same", kind) and piece.text != "¶"
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ten people came.", "Twelve people came.", ["[-Ten][+Twelve] people came."]),
        ("He left.", "He left early.", ["He left[+ early]."]),
        ("One.\nTwo.", "One.\nNew.\nTwo.", ["One.", "[+New.]", "Two."]),
        ("One.\nOld.\nTwo.", "One.\nTwo.", ["One.", "[-Old.]", "Two."]),
        ("", "New.", ["[+New.]"]),
        ("Old.", "", ["[-Old.]"]),
        ("one two\nthree four five", "one two three four five", ["one two[-¶]", "[+ ]three four five"]),
        ("Apples fell.", "Nobody knows why.", ["[-Apples fell.]", "[+Nobody knows why.]"]),
        (
            "អ្នកចូលរួម១២នាក់បានជួបជុំនៅភ្នំពេញ។",
            "អ្នកចូលរួម២០នាក់បានជួបជុំនៅសៀមរាប។",
            ["អ្នកចូលរួម[-១២][+២០]នាក់បានជួបជុំនៅ[-ភ្នំពេញ][+សៀមរាប]។"],
        ),
        ("ភាពយន្តខ្លី។\nតួឯកនិយាយ។", "ភាពយន្តខ្លី។\nប្រយោគថ្មី។\nតួឯកនិយាយ។", ["ភាពយន្តខ្លី។", "[+ប្រយោគថ្មី។]", "តួឯកនិយាយ។"]),
    ],
)
def test_a_change_is_shown_word_by_word(one: str, other: str, expected: list[str]) -> None:
    assert shown(one, other) == expected


@pytest.mark.parametrize("text", ["", "One.", "មួយ។\nពីរ។", "\n\n"])
def test_the_same_text_has_no_change(text: str) -> None:
    assert difference(text, text).is_none
    assert not difference(text, text).changed


def test_a_change_is_counted_in_words_and_paragraphs() -> None:
    found = difference("One.\nTen people came.\nTwo.", "One.\nTwelve old people came.\nTwo.")
    assert (found.words("deleted"), found.words("inserted"), found.changed) == (1, 2, 1)


def test_paragraphs_far_from_a_change_are_put_aside() -> None:
    lines = [f"Paragraph {number} stays." for number in range(20)]
    found = difference("\n".join(lines), "\n".join([*lines[:9], "New.", *lines[9:]]))
    assert [(stretch.near, len(stretch.paragraphs)) for stretch in found.stretches] == [
        (False, 8),
        (True, 3),
        (False, 10),
    ]


@pytest.mark.parametrize("glue", ["\n", " ", "។ "], ids=["paragraphs", "one paragraph", "sentences"])
def test_texts_of_500_kilobytes_are_compared_in_seconds(glue: str) -> None:
    parts = [f"the {number * 7919 % 1009} ខ្ញុំទទួលយក said {number % 13}" for number in range(16_000)]
    other = [part if number % 400 else f"{part} again" for number, part in enumerate(parts)]
    begun = time.perf_counter()
    assert difference(glue.join(parts), glue.join(other)).changed
    assert time.perf_counter() - begun < 10


WORDS = st.lists(st.sampled_from(["a", "b c", "ខ្ញុំ", "ទទួល", " ", "\n", "។", ".", "១២"]), max_size=30).map("".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_in_their_difference(one: str, other: str) -> None:
    assert side(one, other, "deleted") == "".join(one.split())
    assert side(one, other, "inserted") == "".join(other.split())


@given(WORDS, WORDS)
def test_no_cluster_is_cut_by_a_change(one: str, other: str) -> None:
    for paragraph in difference(one, other).paragraphs:
        for piece in paragraph:
            assert khmer.starts_cluster(piece.text, 0)
