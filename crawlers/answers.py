"""What an answer means for the ledger: read it, let it go for good, or leave it for a later run."""

from dataclasses import dataclass
from typing import Literal

from crawlers.handler import outcome_of
from crawlers.pace import SourcePaused
from crawlers.robots import RobotsUnavailable

Fate = Literal["read", "done", "later", "later, blameless"]

FINAL = frozenset({"too large", "blocked address", "forbidden by robots.txt"})
"""Outcomes that another try does not change."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The short name of an outcome, and what becomes of the address."""

    outcome: str
    fate: Fate


def of_status(status: int) -> Verdict:
    """Judge an answer by its HTTP status."""
    named = {
        200: "fine",
        304: "not modified",
        404: "missing (404)",
        410: "missing (410)",
        429: "too many requests (429)",
    }
    outcome = named.get(status) or _family(status)
    if status == 200:
        return Verdict(outcome, "read")
    return Verdict(outcome, "later" if status in (401, 403, 408, 425, 429, 451) or status >= 500 else "done")


def of_failure(failure: BaseException) -> Verdict:
    """Judge a request to which no answer came."""
    outcome = outcome_of(failure)
    if isinstance(failure, RobotsUnavailable) and failure.__cause__:
        outcome = f"{outcome} ({outcome_of(failure.__cause__)})"
    if isinstance(failure, SourcePaused | RobotsUnavailable):
        return Verdict(outcome, "later, blameless")
    return Verdict(outcome, "done" if outcome in FINAL else "later")


def _family(status: int) -> str:
    if status in (401, 403, 451):
        return f"refused ({status})"
    return f"server error ({status})" if status >= 500 else f"unexpected answer ({status})"
