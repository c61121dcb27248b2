from dataclasses import replace
from datetime import date

import pytest

from archive.site.citation import Cited, apa, bibtex, chicago, plain

CITED = Cited(
    key="a0123456789abcdef",
    title="យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម",
    authors=("ចាន់ សុភា", "Dara Sok"),
    source="ផ្កាឈូក",
    day=date(2021, 12, 10),
    reliable=True,
    url="https://lotus.example/slogan",
    archive="Tamdan",
    address="https://coverage.example/article/a0123456789abcdef",
    archived=date(2024, 3, 1),
    language="km",
)
KEPT = "Archived March 1, 2024, in Tamdan, a0123456789abcdef (https://coverage.example/article/a0123456789abcdef)"


def test_khmer_names_and_titles_stand_as_they_are_printed() -> None:
    title = "យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម."
    assert plain(apa(CITED)) == (
        f"ចាន់ សុភា & Dara Sok. (2021, December 10). {title} ផ្កាឈូក. {KEPT}. https://lotus.example/slogan"
    )
    assert plain(chicago(CITED)) == (
        f"ចាន់ សុភា and Dara Sok. “{title}” ផ្កាឈូក, December 10, 2021. {KEPT}. https://lotus.example/slogan"
    )


def test_the_source_is_set_in_italics() -> None:
    assert [words for words, is_italic in (*apa(CITED), *chicago(CITED)) if is_italic] == ["ផ្កាឈូក", "ផ្កាឈូក"]


def test_an_entry_for_biblatex_keeps_titles_and_names_whole() -> None:
    assert bibtex(CITED) == (
        "@online{a0123456789abcdef,\n"
        "  author = {{ចាន់ សុភា} and {Dara Sok}},\n"
        "  title = {{យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម}},\n"
        "  journaltitle = {{ផ្កាឈូក}},\n"
        "  date = {2021-12-10},\n"
        "  url = {https://lotus.example/slogan},\n"
        "  urldate = {2024-03-01},\n"
        "  langid = {khmer},\n"
        f"  note = {{{KEPT}}},\n"
        "}"
    )


@pytest.mark.parametrize(
    ("change", "in_apa", "in_chicago"),
    [
        ({"authors": ()}, "ចាប់ផ្ដើម. (2021, December 10). ផ្កាឈូក", "“យុទ្ធនាការ"),
        ({"day": None}, "Dara Sok. (n.d.). ", "ផ្កាឈូក, n.d. Archived"),
        ({"reliable": False}, "(ca. 2021, December 10). ", ", ca. December 10, 2021. "),
        ({"title": ""}, "[Untitled]. ", "“[Untitled].”"),
        ({"title": "Why now?"}, " Why now? ", "“Why now?”"),
        ({"kind": "radio"}, "ចាប់ផ្ដើម [Radio broadcast]. ", "[Radio broadcast].”"),
        ({"authors": ("A", "B", "C")}, "A, B, & C. (2021", "A, B, and C. “"),
        ({"url": ""}, f"{KEPT}.", f"{KEPT}."),
        ({"address": ""}, "in Tamdan, a0123456789abcdef. https", "in Tamdan, a0123456789abcdef. https"),
    ],
)
def test_what_is_not_known_is_told_as_the_style_wants_it(
    change: dict[str, object], in_apa: str, in_chicago: str
) -> None:
    cited = replace(CITED, **change)  # type: ignore[arg-type]
    assert in_apa in plain(apa(cited))
    assert in_chicago in plain(chicago(cited))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("50% & more", r"50\% \& more"),
        ("{x}_#$", r"\{x\}\_\#\$"),
        ("a\\b~c^d", r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d"),
    ],
)
def test_signs_that_mean_something_to_bibtex_are_escaped(title: str, written: str) -> None:
    assert f"title = {{{{{written}}}}}" in bibtex(replace(CITED, title=title))


def test_an_address_cannot_end_an_entry() -> None:
    assert "url = {https://x.example/%7D%5Ca%20b}" in bibtex(replace(CITED, url="https://x.example/}\\a b"))
