from datetime import date, timedelta

import pytest

from pipelines.days.lunar import FIRST_ASADH, SECOND_ASADH, YEARS, buddhist_years, solar_days, visak_bochea
from pipelines.days.lunartext import LUNAR_MONTHS, read_lunar

BHADRABOT, KATTIK = 9, 11
VISAK_DAYS = (
    date(2010, 4, 28), date(2011, 5, 17), date(2012, 5, 5), date(2013, 5, 24), date(2014, 5, 13), date(2015, 5, 2), date(2016, 5, 20), date(2017, 5, 10),
    date(2018, 4, 29), date(2019, 5, 18), date(2020, 5, 6), date(2021, 4, 26), date(2022, 5, 15), date(2023, 5, 4), date(2024, 5, 22), date(2025, 5, 11),
)  # fmt: skip
PCHUM_BEN = (
    date(2018, 10, 9), date(2019, 9, 28), date(2020, 9, 17), date(2021, 10, 6), date(2022, 9, 25), date(2023, 10, 14), date(2024, 10, 2), date(2025, 9, 22),
)  # fmt: skip
WATER_FESTIVAL = (
    date(2018, 11, 22), date(2019, 11, 11), date(2020, 10, 31), date(2021, 11, 19), date(2022, 11, 8), date(2023, 11, 27), date(2024, 11, 15), date(2025, 11, 5),
)  # fmt: skip


@pytest.mark.parametrize("day", VISAK_DAYS)
def test_visak_bochea_is_the_public_holiday_of_its_year(day: date) -> None:
    assert visak_bochea(day.year) == day


@pytest.mark.parametrize("day", PCHUM_BEN)
def test_the_feast_of_the_dead_ends_with_the_dark_half_of_its_month(day: date) -> None:
    assert solar_days(30, BHADRABOT, day.year + 544) == (day,)


@pytest.mark.parametrize("day", WATER_FESTIVAL)
def test_the_water_festival_is_at_the_full_moon_of_kattik(day: date) -> None:
    assert solar_days(15, KATTIK, day.year + 544) == (day,)


def test_the_era_changes_with_visak_bochea() -> None:
    eve = date(2021, 4, 25)
    assert [buddhist_years(eve + timedelta(days=n)) for n in range(3)] == [(2564,), (2564, 2565), (2565,)]
    assert buddhist_years(date(YEARS[0] - 1, 6, 1)) == ()
    assert buddhist_years(date(9999, 6, 1)) == ()


def test_every_visak_bochea_is_a_full_moon_between_april_and_june() -> None:
    month = 29.530588
    for year in YEARS:
        day = visak_bochea(year)
        assert day
        assert date(year, 4, 14) <= day <= date(year, 5, 31)
        age = (day - date(2021, 4, 27)).days % month
        assert min(age, month - age) < 2.5, day


def test_a_lunar_date_has_no_day_where_its_month_is_too_short() -> None:
    assert solar_days(30, 0, 2565) == ()
    assert solar_days(31, 1, 2565) == ()
    assert solar_days(0, 1, 2565) == ()


def test_a_month_that_the_year_does_not_have_has_no_day() -> None:
    assert solar_days(1, FIRST_ASADH, 2567)  # 2023 had the two
    assert solar_days(1, SECOND_ASADH, 2567)
    assert solar_days(1, FIRST_ASADH, 2566) == ()


@pytest.mark.parametrize(
    ("text", "weekday", "expected"),
    [
        ("15កើត ខែពិសាខ ឆ្នាំឆ្លូវ ព.ស.2564", 1, date(2021, 4, 26)),
        ("15 កើត ខែពិសាខ ព.ស. 2565", 1, date(2021, 4, 26)),
        ("15រោច ខែភទ្របទ ពុទ្ធសករាជ 2565", 3, date(2021, 10, 6)),
        ("15រោច ខែភទ្របទ ព.ស.2565", 4, None),
        ("15រោច ខែភទ្របទ ព.ស.2565", None, None),
        ("15រោច ខែភទ្របទ", 3, None),
        ("ព.ស.2565", 3, None),
    ],
)
def test_a_whole_lunar_date_is_converted_where_the_weekday_fits(text: str, weekday: int | None, expected: date) -> None:
    assert read_lunar(text, weekday) == expected


def test_every_month_has_its_place() -> None:
    assert set(LUNAR_MONTHS.values()) == set(range(14))
