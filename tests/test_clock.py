from datetime import UTC, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.khmer import fold
from pipelines.days.clock import read_clock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ម៉ោង ៣កន្លះ រសៀល", time(15, 30)),
        ("ម៉ោង ១២ យប់", time(0, 0)),
        ("ម៉ោង ១២ ថ្ងៃត្រង់", time(12, 0)),
        ("ម៉ោង ១ ថ្ងៃ", time(13, 0)),
        ("ម៉ោង ១១ ថ្ងៃ", time(11, 0)),
        ("ម៉ោង ៨ ថ្ងៃទី", time(8, 0)),
        ("ម៉ោង ៥ ព្រលឹម", time(5, 0)),
        ("ម៉ោង ០៣ៈ៤៥ ល្ងាច", time(15, 45)),
        ("12:05 AM", time(0, 5)),
        ("12.05 pm", time(12, 5)),
        ("3 p.m.", time(15, 0)),
        ("15:45:30.5", time(15, 45, 30)),
    ],
)
def test_a_time_is_read_as_printed(text: str, expected: time) -> None:
    clock = read_clock(fold(text))
    assert clock
    assert clock.time == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [("15:45 ICT", 7), ("15:45 (GMT+7)", 7), ("15:45 utc", 0), ("15:45z", 0), ("15:45 -0500", -5), ("15:45 EST", -5)],
)
def test_a_zone_beside_a_time_counts(text: str, hours: int) -> None:
    clock = read_clock(fold(text))
    assert clock
    assert clock.time.utcoffset() == timedelta(hours=hours)


def test_the_end_of_a_span_is_no_zone() -> None:
    clock = read_clock("10:30-11:30")
    assert clock
    assert clock.time.tzinfo is None


@pytest.mark.parametrize("text", ["", "25:00", "3.50", "12:345", "1.2.3", "10 comments", "+99:99"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_clock(text) is None


@given(st.text(alphabet=st.sampled_from("0123456789:. hapm+-utcgmtz(ម៉ោងនាទីយប់"), max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    clock = read_clock(fold(text))
    assert clock is None or clock.time.replace(tzinfo=UTC)
