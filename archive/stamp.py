"""What Tamdan stamps on what it keeps: instants and its own name, written the same everywhere."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version


def instant(moment: datetime) -> str:
    """Write an instant as UTC in ISO 8601 to the second: 2021-12-10T08:45:00Z. A moment without a zone raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_instant(text: str) -> datetime:
    """Read an instant as `instant` writes it."""
    return datetime.fromisoformat(text)


@cache
def software() -> str:
    """Give name and version of the program: tamdan 0.1.0."""
    return f"tamdan {version('tamdan')}"
