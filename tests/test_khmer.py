"""Khmer letters: pairs that look alike, both normal forms, offsets, clusters on a real index, words, sentences, numbers."""

import csv
import sqlite3
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import khmer

SAME_LOOKING = Path(__file__).with_name("same_looking.tsv")
STEADY = settings(derandomize=True, deadline=None, database=None)
TOKENIZE = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"


def pairs() -> list[tuple[str, str, str, str]]:
    lines = SAME_LOOKING.read_text(encoding="utf-8").splitlines()[1:]
    rows = csv.DictReader(lines, delimiter="\t")
    return [(row["what"], spoken(row["written"]), spoken(row["also_written"]), row["verdict"]) for row in rows]


def spoken(cell: str) -> str:
    """The cell with its \\uXXXX written out."""
    head, *escaped = cell.split("\\u")
    return head + "".join(chr(int(part[:4], 16)) + part[4:] for part in escaped)


@pytest.mark.parametrize(("written", "also_written", "verdict"), [pytest.param(*row[1:], id=row[0]) for row in pairs()])
def test_pairs_that_look_alike_meet_as_the_table_says(written: str, also_written: str, verdict: str) -> None:
    cleaned = khmer.clean(written) == khmer.clean(also_written)
    folded = khmer.fold(written) == khmer.fold(also_written)
    assert (cleaned, folded) == {"same": (True, True), "folds": (False, True)}.get(verdict, (False, False))


def test_the_table_has_every_verdict() -> None:
    assert {row[3] for row in pairs()} == {"same", "folds", "matches", "spelling", "different"}


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ufeffក\x00ខ\x1f\ud800", "កខ"),
        ("ក\u2029ខ\x0cគ\u3000ឃ", "ក ខ គ ឃ"),
        ("ស្រ្តី", "ស្ត្រី"),
        ("🏳️\u200d🌈ក\u200dខ", "🏳️\u200d🌈កខ"),
        ("a\u200db", "a\u200db"),
        ("នុ៎ះ ញ៉ាំ ធម៌ ព្រះ", "នុ៎ះ ញ៉ាំ ធម៌ ព្រះ"),
        ("", ""),
    ],
)
def test_clean_text_is_what_the_table_says(raw: str, cleaned: str) -> None:
    assert khmer.clean(raw) == cleaned


mixed = st.text(
    st.one_of(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17FF),
        st.sampled_from("កសបមរត\u17d2\u17d2\u17c9\u17ca\u17bb\u17b8\u17b6\u17c6\u17c1\u17cc\u17dd"),
        st.sampled_from("\u200b\u200c\u200d\u00ad\u034f\ufeff\u202a\u00a0\r\n\t \0\ud83c\udf08"),
        st.sampled_from("AbcéİßǰHJᾳα\u0300\u0323\u0331\u0308\u0345ﬁ1.?"),
        st.sampled_from("🏳️🌈⚧👩\u20e3"),
        st.characters(exclude_categories=()),
    ),
    max_size=24,
)


@STEADY
@given(mixed)
@example("\u17ce\u200c\u0361\u17d2x")  # NFC carries the coeng past the mark to the joiner
@example("ក\u17dd\u17b6\u17d2")  # and the attachan past the coeng
@example("İ\u17d2\u1797\u17b7\u17c5")  # and before the dot that folding sets free
@example("ᾳ\u0308")  # folds to a letter that then takes the mark
def test_clean_and_fold_are_idempotent(text: str) -> None:
    cleaned, folded = khmer.clean(text), khmer.fold(text)
    assert khmer.clean(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert khmer.fold(folded) == folded == khmer.fold(cleaned)
    assert not set(cleaned) & set("\u200b\u00ad\ufeff\u202a\u00a0\r\0\ud83c\udf08")


@STEADY
@given(mixed, st.data())
def test_a_piece_of_the_fold_leads_back_to_the_words_it_came_from(text: str, data: st.DataObject) -> None:
    cleaned = khmer.clean(text)
    folded, starts = khmer.fold_with_offsets(cleaned)
    assert folded == khmer.fold(text)
    assert len(starts) == len(folded) + 1
    assert (starts[0], starts[-1]) == (0, len(cleaned))
    assert list(starts) == sorted(starts)
    i = data.draw(st.integers(0, len(folded)))
    j = data.draw(st.integers(i, len(folded)))
    if all(ord(char) < 0x80 or khmer.is_khmer(char) for char in cleaned):
        assert khmer.fold_with_offsets(cleaned[starts[i] : starts[j]])[0].translate(BA) == folded[i:j].translate(BA)


BA = {0x17C9: 0x17CA, 0x178A: 0x178F}  # what fold changes by its neighbours, which a cut may have taken away


@pytest.mark.parametrize(
    ("cleaned", "found", "original"),
    [
        ("Große Straße ស្ត្រី", "strasse", "Straße"),
        ("Große Straße ស្ត្រី", "ស្ត្រី", "ស្ត្រី"),
        ("ﬁx កណ្ដាល២០២១", "កណ្តាល2021", "កណ្ដាល២០២១"),
        ("H\u0331a İstanbul ឲ្យ", "ឱ្យ", "ឲ្យ"),
        ("H\u0331a İstanbul ឲ្យ", "\u1e96a", "H\u0331a"),
    ],
)
def test_a_hit_in_the_fold_shows_the_original_words(cleaned: str, found: str, original: str) -> None:
    folded, starts = khmer.fold_with_offsets(cleaned)
    at = folded.index(found)
    assert cleaned[starts[at] : starts[at + len(found)]] == original


def test_offsets_of_a_text_in_which_nothing_moves_are_a_range() -> None:
    assert khmer.fold_with_offsets("សិទ្ធិ ២០២១ LGBT")[1] == range(17)


def indexed(text: str) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(f'create virtual table search using fts5(text, tokenize="{TOKENIZE}")')
    database.execute("create virtual table term using fts5vocab(search, 'instance')")
    database.execute("insert into search values (?)", [khmer.index_text(text)])
    return database


def index_tokens(text: str) -> list[str]:
    database = indexed(text)
    try:
        return [row[0] for row in database.execute("select term from term order by offset")]
    finally:
        database.close()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ទី១០ខែ", "ទី 10 ខែ"),
        ("ខ្ញុំទទួលយក", "ខ្ញុំ ទ ទួ ល យ ក"),
        ("ផ្សេងៗគ្នា", "ផ្សេ ង ៗ គ្នា"),
        ("LGBTក្នុងCambodia", "lgbt ក្នុ ង cambodia"),
        ("I ❤️ you, café 🌈ស្ត្រី។", "i you cafe ស្ត្រី"),
        ("accepted", "accept"),
        ("", ""),
    ],
)
def test_the_index_keeps_each_cluster_and_each_latin_word_as_one_token(text: str, tokens: str) -> None:
    assert index_tokens(text) == tokens.split()


@STEADY
@given(st.text(st.one_of(st.characters(min_codepoint=0x1780, max_codepoint=0x17D3), st.sampled_from("a1 ។"))))
def test_every_cluster_of_any_text_is_one_token(text: str) -> None:
    folded = khmer.fold(text)
    wanted = [folded[start:end] for start, end in khmer.clusters(folded)]
    assert [token for token in index_tokens(text) if token[0] in khmer.KHMER_LETTERS] == wanted
    assert khmer.cluster_count(folded) == len(wanted)


@pytest.mark.parametrize(
    ("query", "hits"),
    [("ទទួលយក", 1), ("ទទួ\u200bលយក", 1), ("១០ ខែធ្នូ", 1), ("10 ខែ", 1), ("i accept", 1), ("ទល", 0), ("យកទទួល", 0)],
)
def test_a_phrase_of_clusters_finds_the_text(query: str, hits: int) -> None:
    database = indexed("ថ្ងៃទី១០ ខែធ្នូ យុទ្ធនាការ«ខ្ញុំទទួលយក – I Accept»")
    phrase = f'"{khmer.index_text(query)}"'
    assert len(database.execute("select 1 from search where search match ?", [phrase]).fetchall()) == hits
    database.close()


@pytest.mark.parametrize(
    ("text", "start", "end", "edges"),
    [
        ("ភេទដូចគ្នា", 0, 3, (True, True)),
        ("ប្រភេទ", 3, 6, (True, True)),
        ("ស្ត្រី", 0, 1, (True, False)),
        ("ស្ត្រី", 2, 6, (False, True)),
        ("ស្ត្រី", 0, 2, (True, False)),
        ("កា", 1, 2, (False, True)),
        ("ក\u17dd", 0, 1, (True, False)),
        ("LGBTក", 0, 4, (True, True)),
        ("", 0, 0, (True, True)),
    ],
)
def test_a_hit_has_cluster_edges_or_not(text: str, start: int, end: int, edges: tuple[bool, bool]) -> None:
    assert (khmer.starts_cluster(text, start), khmer.ends_cluster(text, end)) == edges


@pytest.mark.parametrize(
    ("text", "start", "end", "grown"),
    [
        ("ខ្ញុំ ស្ត្រី ទេ", 8, 9, "ស្ត្រី"),
        ("we accept it", 5, 6, "accept"),
        ("ឆ្នាំ២០២១នេះ", 7, 8, "២០២១"),
        ("ឆ្នាំ2021នេះ", 4, 7, "ឆ្នាំ2021"),
        ("a b", 1, 2, " "),
        ("កខ", 1, 1, ""),
        ("ខ្ញុំ", 2, 2, "ខ្ញុំ"),
        ("", 0, 0, ""),
    ],
)
def test_a_span_grows_to_whole_clusters_and_words(text: str, start: int, end: int, grown: str) -> None:
    first, last = khmer.grow_to_clusters(text, start, end)
    assert text[first:last] == grown


@pytest.mark.parametrize(
    "sentences",
    [
        ["ពួកគេមកដល់ហើយ។", "តើអ្នកណាទទួលយក?", "យើង!"],
        ["គេលក់ត្រី សាច់ ។ល។ និងបន្លែ។", "ផ្សារបិទ៕"],
        ["គេលក់ត្រី សាច់។ល។", "ចំណងជើងថ្មី"],
        ["តម្លៃ 3.50 ដុល្លារ។"],
        ["«ខ្ញុំទទួលយក។»", "គាត់ញញឹម"],
        ["Mr. Smith of the U.S. spoke.", "He left...", "“Really?”", "Yes."],
        ["It began in 2021.", "2. The second point is this."],
        ["ឯ.ឧ. ចាន់ សុភា អញ្ជើញមក។"],
        ["See https://example.org/?q=1 for more.", "Done"],
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n "])
def test_sentences_end_where_a_reader_ends_them(sentences: list[str], between: str) -> None:
    text = between.join(sentences)
    assert [text[start:end] for start, end in khmer.sentences(text)] == sentences


def test_sentences_on_one_line_are_told_apart_by_their_signs() -> None:
    text = "យើងទៅ។ តើទៅណា? ត្រី សាច់ ។ល។ ទៅផ្សារ៕ Dr. Sok came at 3.30. He sat."
    ends = ["យើងទៅ។", "តើទៅណា?", "ត្រី សាច់ ។ល។ ទៅផ្សារ៕", "Dr. Sok came at 3.30.", "He sat."]
    assert [text[start:end] for start, end in khmer.sentences(text)] == ends


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("I Accept", 2), ("it’s well-known 2021", 2), ("ក" * 48, 10), ("ក" * 48 + " – I Accept", 12), ("...", 0)],
)
def test_words_are_estimated_in_both_scripts(text: str, words: int) -> None:
    assert khmer.words_est(text) == words


@pytest.mark.parametrize(
    ("text", "share"), [("", 0.0), ("2021 ។", 0.0), ("abc", 0.0), ("កខ", 1.0), ("ក្ខ ab", 0.5), ("កា×÷é", 0.5)]
)
def test_the_share_of_khmer_counts_letters_only(text: str, share: float) -> None:
    assert khmer.khmer_share(text) == share


def test_digits_and_script_are_known() -> None:
    assert khmer.arabic_digits("០១២៣៤៥៦៧៨៩ ១២/២០២១") == "0123456789 12/2021"
    assert [khmer.is_khmer(char) for char in "ក៕៛a1។\u200b"] == [True, True, True, False, False, True, False]
    assert khmer.count_latin("I Accept ខ្ញុំ 1") == 7


HOSTILE = [
    "្ក",
    "្រ្ត",
    "ា",
    "្",
    "\u200dក",
    "\u0301\u200d",
    "H\u0331",
    "ß",
    ".",
    ". ",
    "»",
    "A. ",
    "។ល។",
    "\ud800",
    "\n",
    " ",
]


@pytest.mark.parametrize("form", [khmer.index_text, khmer.clean, lambda text: list(khmer.sentences(text))])
@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_long_rows_of_one_thing_take_linear_time(form: Callable[[str], object], piece: str) -> None:
    started = time.process_time()
    form("ក" + piece * 60_000 + "x")
    assert time.process_time() - started < 3  # linear takes some .1 s, quadratic half a minute
