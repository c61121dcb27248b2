"""Messages, days, months and numbers as people read them, in Khmer and in English."""

from datetime import UTC, date, datetime

import pytest

from archive.localize import FOLDER, LANGUAGES, locale_of

KM, EN = locale_of("km"), locale_of("en")
DAY = date(2021, 12, 9)


def test_khmer_comes_first() -> None:
    assert LANGUAGES == ("km", "en")


@pytest.mark.parametrize(
    ("told", "khmer", "english"),
    [
        (lambda locale: locale.day(DAY), "៩ ធ្នូ ២០២១", "December 9, 2021"),
        (lambda locale: locale.day("2021-12-09", "medium"), "៩ ធ្នូ ២០២១", "Dec 9, 2021"),
        (lambda locale: locale.day(None), "", ""),
        (lambda locale: locale.day(""), "", ""),
        (lambda locale: locale.month("2021-12"), "ធ្នូ ២០២១", "Dec 2021"),
        (lambda locale: locale.number(1234567), "១,២៣៤,៥៦៧", "1,234,567"),
        (lambda locale: locale.number(0), "០", "0"),
        (lambda locale: locale.percent(0.125), "១២.៥%", "12.5%"),
        (lambda locale: locale.instant("2021-12-09T17:30:00Z"), "១០ ធ្នូ ២០២១, ០០:៣០", "10 Dec 2021, 00:30"),
        (lambda locale: locale.instant(datetime(2021, 12, 9, 1, tzinfo=UTC)), "៩ ធ្នូ ២០២១, ០៨:០០", "9 Dec 2021, 08:00"),
        (lambda locale: locale.instant(None), "", ""),
    ],
)
def test_days_and_numbers_have_the_form_of_the_language(told: object, khmer: str, english: str) -> None:
    assert callable(told)
    assert (told(KM), told(EN)) == (khmer, english)


def test_a_message_is_translated_and_filled() -> None:
    assert KM.text("Home") == "ទំព័រដើម"
    assert EN.text("Home") == "Home"


def test_a_message_that_nobody_translated_stays_english_with_the_digits_of_the_language() -> None:
    assert KM.text("No such message, {count} times", count=12) == "No such message, ១២ times"


def test_a_text_with_braces_and_nothing_to_fill_in_stays_as_it_is() -> None:
    assert EN.text("{not a place}") == "{not a place}"


@pytest.mark.parametrize(("number", "english"), [(0, "0 hens"), (1, "1 hen"), (1200, "1,200 hens")])
def test_a_number_of_things_takes_its_plural(number: int, english: str) -> None:
    assert EN.count("{number} hen", "{number} hens", number) == english


def test_every_file_of_messages_is_khmer_and_read_without_a_fault() -> None:
    files = sorted(FOLDER.glob("*/*.po"))
    assert files
    assert {file.parent.name for file in files} == {"km"}
    assert len(KM.messages) > 2
    assert not EN.messages
