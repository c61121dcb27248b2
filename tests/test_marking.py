import pytest

from archive.site.marking import Hit, Piece, line, paragraphs

KHMER = "យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម"


def shown(text: str, *hits: Hit) -> str:
    """Write marks as [words|causes] and what ends with them behind it."""
    return "/".join("".join(map(written, pieces)) for pieces in paragraphs(text, hits))


def written(piece: Piece) -> str:
    causes, ends = ("".join(map(str, numbers)) for numbers in (piece.causes, piece.ends))
    return f"[{piece.text}|{causes}]{ends}" if causes else piece.text


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ((), "equal rights today"),
        ((Hit(6, 12, 1),), "equal [rights|1]1 today"),
        ((Hit(6, 11, 1),), "equal [rights|1]1 today"),
        ((Hit(0, 12, 1), Hit(6, 18, 2)), "[equal |1][rights|12]1[ today|2]2"),
        ((Hit(0, 18, 1), Hit(6, 12, 2)), "[equal |1][rights|12]2[ today|1]1"),
        ((Hit(6, 12, 1), Hit(6, 12, 1), Hit(6, 12, 3)), "equal [rights|13]13 today"),
        ((Hit(0, 5, 1), Hit(5, 18, 2)), "[equal|1]1[ rights today|2]2"),
    ],
    ids=["none", "one", "a part of a word", "crossing", "one in the other", "the same twice", "touching"],
)
def test_every_hit_is_marked_with_what_caused_it(hits: tuple[Hit, ...], expected: str) -> None:
    assert shown("equal rights today", *hits) == expected


def test_no_cluster_is_cut() -> None:
    start = KHMER.index("ខ្ញុំ")
    assert shown(KHMER, Hit(start, start + 2, 1)) == KHMER.replace("ខ្ញុំ", "[ខ្ញុំ|1]1")


def test_a_hit_over_the_end_of_a_paragraph_is_marked_in_both() -> None:
    assert shown("one two\n\nthree four", Hit(4, 14, 1)) == "one [two|1]/[three|1]1 four"


@pytest.mark.parametrize("hit", [Hit(5, 99, 1), Hit(-1, 2, 1), Hit(3, 3, 1)])
def test_a_hit_that_does_not_lie_in_the_text_is_passed_over(hit: Hit) -> None:
    assert shown("equal rights", hit) == "equal rights"


def test_a_headline_is_one_line() -> None:
    assert [piece.text for piece in line("one\ntwo", [Hit(0, 3, 1)])] == ["one", " two"]


def test_nothing_is_lost_of_a_long_text_with_many_hits() -> None:
    text = "rights and " * 8_000
    pieces = line(text, [Hit(at, at + 6, at % 3) for at in range(0, len(text), 11)])
    assert "".join(piece.text for piece in pieces) == text
