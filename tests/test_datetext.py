from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.khmer import MONTHS
from pipelines.datetext import read_date

ZONE = ZoneInfo("Asia/Phnom_Penh")
NOW = datetime(2021, 12, 12, 20, 0, tzinfo=UTC)  # the 13th in Phnom Penh
DAY = date(2021, 12, 10)


@pytest.mark.parametrize(
    "text",
    [
        "ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១",
        "ថ្ងៃទី ១០ ខែ ធ្នូ ឆ្នាំ ២០២១",
        "ថ្ងៃសុក្រ ទី១០ ខែធ្នូ ឆ្នាំ២០២១",
        "ថ្ងៃ\u200bសុក្រ\u200bទី១០\u200bខែ\u200bធ្នូ\u200bឆ្នាំ\u200b២០២១",
        "១០-ធ្នូ-២០២១",
        "១០ ធ្នូ ២០២១",
        "10 ធ្នូ 2021",
        "១០ ធ្នូរ ២០២១",
        "ធ្នូ ១០, ២០២១",
        "ខែធ្នូ ថ្ងៃទី១០ ឆ្នាំ២០២១",
        "១០/១២/២០២១",
        "10/12/2021",
        "10.12.2021",
        "10-12-2021",
        "2021-12-10",
        "2021/12/10",
        "ចុះផ្សាយ៖ ១០ ធ្នូ ២០២១",
        "ថ្ងៃសុក្រ ៧កើត ខែមិគសិរ ឆ្នាំឆ្លូវ ត្រីស័ក ព.ស.២៥៦៥ ត្រូវនឹងថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១",
        "ថ្ងៃទី១០ ខែធ្នូ ព.ស.២៥៦៥",
        "១០ ធ្នូ ២៥៦៥",
        "December 10, 2021",
        "Dec. 10, 2021",
        "DECEMBER 10TH, 2021",
        "10 December 2021",
        "10th of December, 2021",
        "Fri 10 Dec 2021",
        "2021-12-10T00:00:00+07:00",
        "2021-12-10 00:00:00",
        "2021-12-10T00:00:00Z",
        "20211210T000000",
    ],
)
def test_a_day_is_read_in_every_form(text: str) -> None:
    assert read_date(text, ZONE, NOW) == (DAY, None)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១ ម៉ោង ៣:៤៥ ល្ងាច", 15, 45),
        ("១០-ធ្នូ-២០២១ ៨:០៥ ព្រឹក", 8, 5),
        ("១០ ធ្នូ ២០២១ ម៉ោង ៩ យប់", 21, 0),
        ("១០ ធ្នូ ២០២១ ម៉ោង ២ រសៀល", 14, 0),
        ("១០ ធ្នូ ២០២១ ម៉ោង ១២:៣០ យប់", 0, 30),
        ("១០ ធ្នូ ២០២១ ម៉ោង ១២ ថ្ងៃត្រង់", 12, 0),
        ("១០ ធ្នូ ២០២១ ម៉ោង ៧ និង ១៥ នាទី ព្រឹក", 7, 15),
        ("ម៉ោង ១៥:៤៥ ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១", 15, 45),
        ("10/12/2021 - 17:05", 17, 5),
        ("December 10, 2021 5:05 PM", 17, 5),
        ("December 10, 2021 at 12:15 a.m.", 0, 15),
        ("2021-12-10T08:30:00", 8, 30),
        ("2021-12-10 08:30", 8, 30),
        ("2021-12-10T08:30:00+07:00", 8, 30),
        ("2021-12-10T08:30:00 +0700", 8, 30),
        ("2021-12-10T01:30:00Z", 8, 30),
        ("2021-12-10 01:30:00 UTC", 8, 30),
        ("2021-12-10T01:30:00.123456789Z", 8, 30),
        ("Fri, 10 Dec 2021 01:30:00 +0000", 8, 30),
        ("Fri, 10 Dec 2021 08:30:00 +0700", 8, 30),
        ("Fri, 10 Dec 2021 01:30:00 GMT", 8, 30),
    ],
)
def test_a_time_is_local_where_no_zone_is_told(text: str, hour: int, minute: int) -> None:
    day, at = read_date(text, ZONE, NOW) or (None, None)
    assert day == DAY
    assert at is not None
    assert at.tzinfo is UTC
    assert at.astimezone(ZONE).replace(second=0, microsecond=0) == datetime(2021, 12, 10, hour, minute, tzinfo=ZONE)


def test_the_local_day_comes_from_the_instant() -> None:
    assert read_date("2021-12-09T20:30:00Z", ZONE, NOW) == (DAY, datetime(2021, 12, 9, 20, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ថ្ងៃទី១ ខែមករា ព.ស.២៥៦៤", date(2021, 1, 1)),  # before Visak Bochea the year is 543 behind
        ("ថ្ងៃទី២០ ខែមេសា ព.ស.២៥៦៤", date(2021, 4, 20)),
        ("ថ្ងៃទី១ ខែមិថុនា ព.ស.២៥៦៥", date(2021, 6, 1)),
        ("ថ្ងៃទី១ ខែមិថុនា ព.ស.២៥៦៨", date(2024, 6, 1)),  # Visak Bochea was on 22 May
        ("ថ្ងៃទី១០ ខែមេសា ព.ស.២៥៦៧", date(2024, 4, 10)),
    ],
)
def test_the_buddhist_year_begins_on_visak_bochea(text: str, expected: date) -> None:
    assert read_date(text, ZONE, NOW) == (expected, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("២ ថ្ងៃមុន", date(2021, 12, 11)),
        ("២ថ្ងៃ មុន", date(2021, 12, 11)),
        ("៥ ម៉ោងមុន", date(2021, 12, 12)),
        ("2 days ago", date(2021, 12, 11)),
        ("1 hour ago", date(2021, 12, 13)),
        ("១ សប្តាហ៍មុន", date(2021, 12, 6)),
        ("ម្សិលមិញ", date(2021, 12, 12)),
        ("Yesterday", date(2021, 12, 12)),
    ],
)
def test_days_are_counted_back_from_the_time_of_the_fetch(text: str, expected: date) -> None:
    assert read_date(text, ZONE, NOW) == (expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "", "2021", "ឆ្នាំ២០២១", "© 2015-2024", "ធ្នូ ២០២១", "December 2021", "៣២ ធ្នូ ២០២១", "30 February 2021", "10/13/2021", "2021-13-45", "ម៉ោង ៣:៤៥",
        "012 345 678", "ថ្ងៃសុក្រ ៧កើត ខែមិគសិរ ព.ស.២៥៦៥", "9999-99-99", "Fri, 99 Dec 2021 99:99:99 GMT",
        "10 ធ្នូ 2021 " + "x" * 300,
    ],
)  # fmt: skip
def test_what_tells_no_whole_date_is_none(text: str) -> None:
    assert read_date(text, ZONE, NOW) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-01-01T00:00:00+99:00", date(1, 1, 1)),
        ("0001-01-01T03:00:00+07:00", date(1, 1, 1)),
        ("9999-12-31T23:59:59-07:00", date(9999, 12, 31)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_the_ends_of_time_are_read_and_do_no_harm(text: str, expected: date) -> None:
    read = read_date(text, ZONE, NOW)
    assert read is not None
    assert read[0] == expected


@pytest.mark.parametrize("name", MONTHS)
def test_every_spelling_of_a_month_is_known(name: str) -> None:
    assert read_date(f"៥ {name} ២០២១", ZONE, NOW) == (date(2021, MONTHS[name], 5), None)


@given(st.text(alphabet=st.sampled_from("0123456789០១២៣៤៥៦៧៨៩ខែធ្នូឆ្នាំថ្ងៃទីម៉ោង:-/., TZ+Decmbrago"), max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    read = read_date(text, ZONE, NOW)
    assert read is None or isinstance(read[0], date)
