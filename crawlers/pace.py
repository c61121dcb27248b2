"""When a source may be asked again: Retry-After and a circuit breaker; every instant is an aware UTC datetime."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

# A server that asks for more is asked again the next day anyway.
LONGEST_WAIT = 24 * 3600.0
# "Too many", "unavailable": the two answers whose Retry-After is about us.
_WAITING = frozenset({429, 503})
_REFUSING = frozenset({403, 429})


class SourcePaused(IgnoreRequest):
    """The source refused several times in a row, or asked us to wait; the rest of its requests wait for a later run."""

    outcome = "source paused"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (number or HTTP date; 0 to 24 h), or None without a readable one."""
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "").strip()
    seconds = float(value) if value.isascii() and value.isdigit() else _until(value, now)
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_WAIT)


@dataclass(slots=True)
class Breaker:
    """Opens after `limit` refusals (403, 429) in a row, or when asked to wait; closes by itself at `until`."""

    limit: int = 3
    pause: float = 3600.0
    """Seconds a source is left alone after refusing; a blocked crawler that keeps knocking stays blocked."""
    refusals: int = 0
    until: datetime | None = None

    def record(self, status: int, wait: float | None, now: datetime) -> None:
        """Take an answer's status and the seconds of its Retry-After into account."""
        self.refusals = self.refusals + 1 if status in _REFUSING else 0
        if self.refusals >= self.limit:
            wait = max(self.pause, wait or 0.0)
        elif status not in _WAITING:
            return
        if wait:
            self.until = max(self.until or now, now + timedelta(seconds=wait))

    def is_open(self, now: datetime) -> bool:
        """Say whether the source is to be left alone."""
        return self.until is not None and now < self.until


class BreakerMiddleware:
    """One `Breaker` per download slot, which is the source's id; `breakers` may be read by the run.

    As a downloader middleware it drops a paused source's requests before they queue; the download handler asks it once more for
    those that were queued already, and tells it every answer.
    """

    def __init__(self) -> None:
        self.breakers: defaultdict[str, Breaker] = defaultdict(Breaker)

    def process_request(self, request: Request) -> None:
        """Raise `SourcePaused` for a source that is left alone."""
        slot: str = request.meta.get("download_slot", "")
        if slot in self.breakers and self.breakers[slot].is_open(datetime.now(UTC)):
            raise SourcePaused(f"{slot} is left alone until {self.breakers[slot].until:%Y-%m-%d %H:%M} UTC")

    def answered(self, request: Request, response: Response) -> None:
        """Note an answer."""
        now = datetime.now(UTC)
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        self.breakers[request.meta["download_slot"]].record(
            response.status, retry_after({"Retry-After": asked}, now), now
        )


def _until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
