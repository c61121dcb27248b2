"""What an answer means for the ledger: read it, let it go for good, or leave it for a later run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archive.errors import Challenged
from crawlers.handler import outcome_of
from crawlers.pace import SourcePaused
from crawlers.robots import RobotsUnavailable
from pipelines.page.markers import challenge_in_headers, is_challenge

Fate = Literal["read", "done", "later", "later, blameless"]

FINAL = frozenset({"too large", "blocked address", "forbidden by robots.txt"})
"""Outcomes that another try does not change."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The short name of an outcome, and what becomes of the address."""

    outcome: str
    fate: Fate


def of_answer(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """Judge an answer by its HTTP status, and one that is none by whether it is a bot wall; a page with status 200 is for the stages."""
    if status != 200 and (challenge_in_headers(headers) or is_challenge(body)):
        return Verdict(Challenged.outcome, "later")
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
