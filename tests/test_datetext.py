from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.languages import MONTHS, WEEKDAYS
from pipelines.days.datetext import find_date, read_date

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
        "20211210",
        "2021-12-09T17:00:00Z",
        "ថ្ងៃទី១០ ខែ១២ ឆ្នាំ២០២១",
        "ឆ្នាំ២០២១ ខែធ្នូ ថ្ងៃទី១០",
        "ថ្ងៃទី១០ នៃខែធ្នូ ឆ្នាំ២០២១",
        "ថ្ងៃទីដប់ ខែធ្នូ ឆ្នាំពីរពាន់ម្ភៃមួយ",
        "ថ្ងៃសុក្រ ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១",
        "១០/ធ្នូ/២០២១",
        "១០-ធ្នូ-២១",
        "១០ធ្នូ២០២១",
        "១០ ធ្នូ គ.ស.២០២១",
        "ថ្ងៃទី១០ ខែធ្នូ ព.ស.២៥៦៥ គ.ស.២០២១",
        "៧កើត ខែមិគសិរ ព.ស.២៥៦៥ ត្រូវនិងថ្ងៃទី ១០-១២-២០២១",
        "ថ្ងៃសុក្រ ៧កើត ខែមិគសិរ ព.ស.២៥៦៥ រាជធានីភ្នំពេញ ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១",
        "Friday, December 10th 2021",
        "10-Dec-2021",
        "10-Dec-21",
        "10 Dec '21",
        "2021 December 10",
        "10 December B.E. 2565",
        "Friday, 12/10/2021",
        "10 December 2021, 25 comments",
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
        ("Fri Dec 10 2021 08:00:00 GMT+0700 (Indochina Time)", 8, 0),
        ("2021-12-10T8:05:00+07:00", 8, 5),
        ("2021-12-10T08:00:00 07:00", 8, 0),
        ("2021-12-10T08:00:00+07:00[Asia/Phnom_Penh]", 8, 0),
        ("1639098000", 8, 0),
        ("1639098000000", 8, 0),
        ("20211210080000", 8, 0),
        ("2021.12.10 | 00:30 AM ET", 12, 30),
        ("ម៉ោង ៨ ថ្ងៃទី១០ ខែធ្នូ ឆ្នាំ២០២១", 8, 0),
        ("ម៉ោង ៨ ថ្ងៃសុក្រ ទី១០ ខែធ្នូ ឆ្នាំ២០២១", 8, 0),
        ("10:30-11:30, 10 December 2021", 10, 30),
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
        ("ថ្ងៃទី១០ ខែឧសភា ព.ស.២៥៦៥", date(2021, 5, 10)),  # and 10 May 2022, which was still to come
    ],
)
def test_the_buddhist_year_begins_on_visak_bochea(text: str, expected: date) -> None:
    assert read_date(text, ZONE, NOW) == (expected, None)


@pytest.mark.parametrize(
    ("text", "day", "sure"),
    [
        ("10/12/2021", DAY, True),
        ("10/12/21", DAY, False),  # or 21 December 2010
        ("31/12/20", date(2020, 12, 31), True),
        ("Friday, 10/12/2021", DAY, True),
        ("Monday, 10/12/2021", DAY, False),
        ("Monday 12/13/2021", date(2021, 12, 13), True),
        ("2 days ago", date(2021, 12, 11), False),
        ("5 minutes ago", date(2021, 12, 13), True),
        ("3 hours ago", date(2021, 12, 13), False),  # or shortly before midnight
        ("yesterday", date(2021, 12, 12), True),
    ],
)
def test_a_text_that_may_mean_another_day_says_so(text: str, day: date, *, sure: bool) -> None:
    found = find_date(text, ZONE, NOW)
    assert found
    assert (found.day, found.sure) == (day, sure)


TIMES = (
    "ម៉ោង ០៣ និង ៤៥ នាទី រសៀល", "ម៉ោង ៣:៤៥ ល្ងាច", "ម៉ោង៣និង៤៥នាទីរសៀល", "ម៉ោង ៣:៤៥នាទី ល្ងាច", "ម៉ោង ៣៖៤៥ រសៀល", "៣:៤៥ ល្ងាច", "3:45 PM", "3.45pm", "03:45 p.m.",
    "15h45", "15:45", "15:45 (GMT+7)", "15:45 UTC+07:00", "15:45 ICT", "08:45 GMT", "15:45:00 +07:00",
)  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("day", ["១០ ធ្នូ ២០២១", "10 December 2021", "December 10, 2021", "2021-12-10", "10/12/2021"])
def test_every_time_goes_with_every_day(day: str, time: str) -> None:
    expected = (DAY, datetime(2021, 12, 10, 8, 45, tzinfo=UTC))
    for text in (f"{day} {time}", f"{day} | {time}", f"{time} {day}"):
        assert read_date(text, ZONE, NOW) == expected


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
        ("an hour ago", date(2021, 12, 13)),
        ("1 day 3 hours ago", date(2021, 12, 12)),
        ("3h ago", date(2021, 12, 13)),
        ("២ ម៉ោង ៣០ នាទីមុន", date(2021, 12, 13)),
        ("៣ ម៉ោង កន្លងទៅ", date(2021, 12, 13)),
        ("អម្បាញ់មិញ", date(2021, 12, 13)),
        ("just now", date(2021, 12, 13)),
        ("ចុះផ្សាយ៖ ថ្ងៃនេះ", date(2021, 12, 13)),
    ],
)
def test_days_are_counted_back_from_the_time_of_the_fetch(text: str, expected: date) -> None:
    assert read_date(text, ZONE, NOW) == (expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "", "2021", "ឆ្នាំ២០២១", "© 2015-2024", "ធ្នូ ២០២១", "December 2021", "៣២ ធ្នូ ២០២១", "30 February 2021", "10/13/2021", "2021-13-45", "ម៉ោង ៣:៤៥",
        "012 345 678", "ថ្ងៃសុក្រ ៧កើត ខែមិគសិរ ព.ស.២៥៦៥", "9999-99-99", "Fri, 99 Dec 2021 99:99:99 GMT",
        "10 ធ្នូ 2021 " + "x" * 300, "ថ្ងៃទី៥ ខែឧសភា ព.ស.២៥៦១", "៧កើត ខែមិគសិរ ព.ស.២៥៦៥", "១ ខែមុន", "1 month ago", "1 year, 2 days ago", "USA Today", "ព័ត៌មានថ្ងៃនេះ",
        "Dec 10 12 comments", "10 Dec 21:30", "1.2.33", "12/13/2021", "0000-00-00 00:00:00",
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


def test_a_lunar_date_counts_only_where_its_weekday_proves_the_reckoning() -> None:
    assert read_date("ថ្ងៃសៅរ៍ ៧កើត ខែមិគសិរ ឆ្នាំឆ្លូវ ត្រីស័ក ព.ស.២៥៦៥", ZONE, NOW) == (date(2021, 12, 11), None)
    assert read_date("ថ្ងៃពុធ ៧កើត ខែមិគសិរ ឆ្នាំឆ្លូវ ត្រីស័ក ព.ស.២៥៦៥", ZONE, NOW) is None


# ---- every form of every day ------------------------------------------------------------------------------------------------------

ENGLISH = [f"{date(2021, month, 1):%B}" for month in range(1, 13)]
ENGLISH_DAYS = [f"{date(2021, 2, day):%A}" for day in range(1, 8)]
DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def names_of(numbered: Mapping[str, int], number: int) -> list[str]:
    return [name for name, told in numbered.items() if told == number]


def khmer_forms(day: date) -> list[str]:
    number, year = day.day, day.year
    weekday = names_of(WEEKDAYS, day.isoweekday())[0]
    months = names_of(MONTHS, day.month)
    return [
        form
        for month in months
        for form in (
            f"ថ្ងៃទី{number} ខែ{month} ឆ្នាំ{year}",
            f"ថ្ងៃ{weekday} ទី{number} ខែ{month} ឆ្នាំ{year}",
            f"{number}-{month}-{year}",
            f"{number} {month} {year}",
            f"{month} {number}, {year}",
            f"{number:02} {month}, {year} ដោយ ចាន់ សុភា",
        )
    ]


def english_forms(day: date) -> list[str]:
    month, weekday = ENGLISH[day.month - 1], ENGLISH_DAYS[day.weekday()]
    return [
        f"{day.day} {month} {day.year}",
        f"{weekday}, {day.day} {month} {day.year}",
        f"{weekday[:3]}, {month[:3]}. {day.day:02}, {day.year}",
        f"{month} {day.day}, {day.year} by Sok Dara",
        f"{day.day}-{month[:3]}-{day.year}",
        f"{day:%d/%m/%Y}",
        f"{weekday} {day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%d-%m-%Y}",
    ]


@given(DAYS)
@example(date(2000, 2, 29))
def test_every_form_of_every_day_is_read_back(day: date) -> None:
    for text in (*khmer_forms(day), *english_forms(day)):
        for written in (text, text.translate(DIGITS)):
            found = find_date(written, ZONE, NOW)
            assert found, written
            assert (found.day, found.at, found.sure) == (day, None, True), written


@given(st.integers(631_152_000, 1_924_991_999))
def test_an_instant_is_read_back_from_every_zone(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, ZONE)
    moment = moment.replace(minute=moment.minute or 1)  # on the hour it may be a bare day
    for zone in (ZONE, UTC, timezone(timedelta(hours=-5))):
        there = moment.astimezone(zone)
        for text in (there.isoformat(), f"{there:%a, %d %b %Y %H:%M:%S %z}", f"{there:%d %B %Y %H:%M:%S %z}"):
            assert read_date(text, ZONE, NOW) == (moment.date(), moment.astimezone(UTC)), text


@given(
    st.text(max_size=80)
    | st.text(alphabet=st.sampled_from("0123456789០១២៣៤៥៦៧៨៩ខែធ្នូឆ្នាំថ្ងៃទីម៉ោង:-/., TZ+Decmbrago"), max_size=60)
)
def test_no_text_makes_it_fail(text: str) -> None:
    read = read_date(text, ZONE, NOW)
    assert read is None or isinstance(read[0], date)
