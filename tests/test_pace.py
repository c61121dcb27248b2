"""When a source may be asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.pace import LONGEST_WAIT, Breaker, retry_after
from tests.fetching import private
from tests.hostile import HostileServer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("999999999", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 19:02:00 +0700", 120.0),
        ("Sun, 22 Nov 2026 12:02:00 -0000", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 11:00:00 GMT", LONGEST_WAIT),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("១២០", None),
        ("Sun, 99 Nov 2026 12:02:00 GMT", None),
        ("Sun, 22 Nov 2026 12:02:00 +9999999999", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_without_retry_after_nothing_is_asked() -> None:
    assert retry_after({"Content-Type": "text/html"}, NOW) is None


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ([403, 403, 403], True),
        ([429, 403, 429], True),
        ([403, 403], False),
        ([403, 403, 200, 403, 403], False),
        ([403, 404, 403, 403], False),
        ([500] * 9, False),
        ([404] * 9, False),
        ([], False),
    ],
)
def test_three_refusals_in_a_row_open_the_circuit(answers: list[int], opened: bool) -> None:  # noqa: FBT001
    breaker = Breaker()
    for status in answers:
        breaker.record(status, None, NOW)
    assert breaker.is_open(NOW) is opened


def test_an_open_circuit_closes_by_itself() -> None:
    breaker = Breaker(limit=1, pause=60)
    breaker.record(403, None, NOW)
    assert breaker.is_open(NOW + timedelta(seconds=59))
    assert not breaker.is_open(NOW + timedelta(seconds=60))


@pytest.mark.parametrize(("status", "opened"), [(429, True), (503, True), (200, False), (404, False), (403, False)])
def test_one_answer_that_asks_to_wait_is_waited_for(status: int, opened: bool) -> None:  # noqa: FBT001
    breaker = Breaker()
    breaker.record(status, 30.0, NOW)
    assert breaker.is_open(NOW) is opened
    assert not breaker.is_open(NOW + timedelta(seconds=30))


def test_the_longer_of_pause_and_retry_after_counts() -> None:
    breaker = Breaker(limit=1, pause=60)
    breaker.record(429, 600.0, NOW)
    assert breaker.is_open(NOW + timedelta(seconds=599))


def test_a_later_answer_never_shortens_a_wait() -> None:
    breaker = Breaker(limit=1, pause=3600)
    breaker.record(403, None, NOW)
    breaker.record(503, 5.0, NOW)
    assert breaker.is_open(NOW + timedelta(minutes=59))


def test_a_source_that_refuses_is_left_alone_and_the_others_are_not() -> None:
    with HostileServer() as refusing, HostileServer("127.0.0.2") as friendly:
        urls = {f"refused {n}": f"{refusing.url('403')}?{n}" for n in range(9)}
        urls |= {f"fine {n}": f"{friendly.url('good')}?{n}" for n in range(9)}
        # Without any delay Scrapy starts all that is queued at once, whatever the limit says.
        done = private(urls, SAME_SLOT=True, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.05).results
        knocked = sum(path.startswith("/403") for path in refusing.requests)
    assert knocked == 3
    outcomes = sorted(fetched.outcome for name, fetched in done.items() if name.startswith("refused"))
    assert outcomes == ["http 403"] * 3 + ["source paused"] * 6
    assert {fetched.outcome for name, fetched in done.items() if name.startswith("fine")} == {"fetched"}
