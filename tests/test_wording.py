"""The words of a language are one table of data, no other module holds a Khmer letter, and patterns are made of the table."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from archive import khmer
from archive.languages import MONTHS, WEEKDAYS, WORDING, WORDINGS
from archive.wording import Wording, any_abbreviated, any_folded, any_of, any_spaced, joined

ROOT = Path(__file__).parent.parent
FIELDS = [field.name for field in fields(Wording)]
GROUPS = {"months": 12, "weekdays": 7, "ones": 9, "tens": 9, "ago_units": 6, "lunar_months": 14}
MODULES = [
    ROOT / "tamdan.py",
    *(path for room in ("archive", "pipelines", "crawlers") for path in sorted((ROOT / room).rglob("*.py"))),
]
MAY_HOLD_LETTERS = {
    "archive/khmer.py": "how Khmer is written",
    "archive/khmer_wording.py": "the words",
    "archive/plugin.py": "what the site says to its readers, beside the English",
}
LETTER = re.compile("[\u1780-\u17ff\u19e0-\u19ff]|" + r"\\u(?:17[89a-f]|19[ef])[0-9a-f]", re.IGNORECASE)
"""Also written as an escape that only a pattern reads."""


def words_of(wording: Wording, field: str) -> list[str]:
    told = getattr(wording, field)
    return [word for group in told for word in group] if field in GROUPS else list(told)


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the line and the text of every string of a module that is no docstring."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def letters(module: str) -> list[tuple[int, str]]:
    return [(line, text) for line, text in strings(ast.parse(module)) if LETTER.search(text)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_khmer_letters_stand_in_the_script_and_the_wording_only(path: Path) -> None:
    found = letters(path.read_text(encoding="utf-8"))
    assert bool(found) == (str(path.relative_to(ROOT)) in MAY_HOLD_LETTERS), found


@pytest.mark.parametrize(
    ("module", "holds"),
    [
        ('"""ដោយ"""\nBY = "by"  # ដោយ\n"""Stands for ដោយ."""', False),
        ('BY = "ដោយ"', True),
        ('BY = f"[:៖]{1}"', True),
        ('SIGN = "\\u17d2"', True),
        ('RANGE = r"[\\u1780-\\u17D3]"', True),
        ('MOON = r"\\u19e0"', True),
        ('THAI, PLAIN = "ที่", r"\\u1700"', False),
    ],
)
def test_a_letter_is_seen_however_it_is_written(module: str, holds: bool) -> None:  # noqa: FBT001
    assert bool(letters(module)) == holds


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("wording", WORDINGS)
def test_every_word_is_in_its_clean_form_and_stands_once_in_its_field(wording: Wording, field: str) -> None:
    words = words_of(wording, field)
    assert [khmer.clean(word) for word in words] == words
    assert [word.strip() for word in words] == words
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("field", FIELDS)
def test_every_use_has_words_in_some_language(field: str) -> None:
    assert all(words_of(WORDING, field)), "an empty word would be found everywhere"
    assert words_of(WORDING, field), "a pattern of no words would be found everywhere"


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_a_row_of_words_or_as_many_groups_as_it_counts(field: str) -> None:
    told = getattr(WORDING, field)
    assert isinstance(told, tuple)
    assert len(told) == GROUPS.get(field, len(told))
    assert all(isinstance(one, tuple if field in GROUPS else str) for one in told)


def test_month_and_day_names_are_folded_and_complete() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    assert set(WEEKDAYS.values()) == set(range(1, 8))
    assert all(khmer.fold(name) == name for name in (*MONTHS, *WEEKDAYS))


@pytest.mark.parametrize(("month", "number"), [("កុម្ភះ", 2), ("មិនា", 3), ("កក្តដា", 7), ("កក្ដដា", 7), ("ធ្នូរ", 12)])
def test_a_month_is_read_in_its_variants(month: str, number: int) -> None:
    assert MONTHS[khmer.fold(month)] == number


def test_languages_are_joined_word_by_word_and_group_by_group() -> None:
    one = Wording(nth=("ទី",), ones=(("មួយ",), ("ពីរ", "២")))
    other = Wording(nth=("ที่",), ones=(("หนึ่ง",),), hundred=("ร้อย",))
    both = Wording(nth=("ទី", "ที่"), ones=(("មួយ", "หนึ่ง"), ("ពីរ", "២")), hundred=("ร้อย",))
    assert joined([one, other]) == both


THAI = """
import archive.khmer_wording as known
from archive.wording import Wording, joined

thai = Wording(
    months=(*((),) * 11, ("ธันวาคม",)), common_era=("ค.ศ.",), day_words=("วัน",), nth=("ที่",), hour_words=("เวลา",), yesterday=("เมื่อวานนี้",)
)
known.KHMER = joined([known.KHMER, thai])

from datetime import UTC, datetime
from pipelines.days.datetext import read_date

for text in ("วันที่ 10 ธันวาคม ค.ศ. 2021 เวลา 9:30", "เมื่อวานนี้", "ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១"):
    day, at = read_date(text, UTC, datetime(2022, 1, 2, tzinfo=UTC))
    print(day, at and at.time())
"""


def test_another_language_is_read_once_its_words_are_told() -> None:
    told = subprocess.run([sys.executable, "-c", THAI], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["2021-12-10 09:30:00", "2022-01-01 None", "2021-12-10 None"]


def test_of_two_words_the_longer_one_is_found() -> None:
    found = re.search(any_of(("ប្រាំ", "ប្រាំមួយ")), "ទីប្រាំមួយ")
    assert found is not None
    assert found[0] == "ប្រាំមួយ"


@pytest.mark.parametrize(
    ("pattern", "text", "whole"),
    [
        (any_of(("a.b", "c")), "a.b", True),
        (any_of(("a.b", "c")), "axb", False),
        (any_of(("a.b", "c")), "c", True),
        (any_folded(("កណ្ដាល",)), "កណ្តាល", True),
        (any_spaced(("អត្ថបទ និង រូបថត",)), "អត្ថបទនិង  រូបថត", True),
        (any_abbreviated(("ព.ស.", "ពុទ្ធសករាជ")), "ព.ស.", True),
        (any_abbreviated(("ព.ស.", "ពុទ្ធសករាជ")), "ព. ស", True),
        (any_abbreviated(("ព.ស.", "ពុទ្ធសករាជ")), "ពស", True),
        (any_abbreviated(("ព.ស.", "ពុទ្ធសករាជ")), "ពុទ្ធសករាជ", True),
        (any_abbreviated(("ព.ស.", "ពុទ្ធសករាជ")), "ព", False),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, text: str, whole: bool) -> None:  # noqa: FBT001
    assert bool(re.fullmatch(pattern, text)) == whole
