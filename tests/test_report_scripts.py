"""Texts in a report: what is left out of them, what may be a link, where a line of Khmer may end, and their parts by script."""

from dataclasses import replace

import pytest

from archive.report.blocks import Document, Run, link, words
from archive.report.breaking import BREAK, breakable, broken
from archive.report.scripts import by_script


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\u202eb\x00c\u2066d", "abcd"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("\ud800lone", "lone"),
        ("🏳️‍🌈", "🏳️‍🌈"),
    ],
)
def test_what_cannot_be_seen_or_turns_the_writing_is_left_out(text: str, told: str) -> None:
    assert words(text).text == told


@pytest.mark.parametrize(
    ("href", "led"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("", False),
        ("https://", False),
        ("file:///etc", False),
    ],
)
def test_a_link_leads_to_the_web_only(href: str, led: bool) -> None:  # noqa: FBT001
    assert bool(link("words", href).href) is led


# ---- lines and scripts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ស្រឡាញ់ភេទដូចគ្នា", ["ស្រ", "ឡាញ់", "ភេទ", "ដូច", "គ្នា"]),
        ("សិទ្ធិមនុស្ស", ["សិ", "ទ្ធិម", "នុ", "ស្ស"]),
        ("I Accept ខ្ញុំ", ["I Accept ខ្ញុំ"]),
        ("", [""]),
    ],
)
def test_a_line_may_end_between_syllables_and_never_inside_a_cluster(text: str, parts: list[str]) -> None:
    assert breakable(text).split(BREAK) == parts


def test_links_and_languages_are_not_broken() -> None:
    told = Document(language="km", title="ស្រឡាញ់", days="", made="", sections=())
    assert broken(told) == replace(told, title=f"ស្រ{BREAK}ឡាញ់")
    assert broken(Run("គ្នាគ្នា", "https://a.example/គ្នាគ្នា")) == Run(f"គ្នា{BREAK}គ្នា", "https://a.example/គ្នាគ្នា")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("LGBT+ និង ខ្ញុំ", [("LGBT+ ", False), ("និង ខ្ញុំ", True)]),
        ("យុទ្ធនាការ «ខ្ញុំទទួលយក» – I Accept", [("យុទ្ធនាការ «ខ្ញុំទទួលយក", True), ("» – I Accept", False)]),
        ("", []),
        ("១៤", [("១៤", True)]),
    ],
)
def test_a_text_is_parted_by_script_and_loses_nothing(text: str, parts: list[tuple[str, bool]]) -> None:
    assert list(by_script(text)) == parts
    assert "".join(part for part, _ in by_script(text)) == text
