"""From what people write in a form, on the command line or in a table to a wish: what is understood, and what is wrong with the rest."""

import re
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlsplit

from archive.desk.additions import KINDS, MEDIA, Wish
from archive.desk.uploads import PAGE, WHOLE_PAGE

NOTHING = "Give a link, a text, a file or a title."
NO_LINK = "This is no link. Copy the whole address from the browser, as in https://outlet.example/story"
NO_TITLE = "Without a link, write a title or paste the text."
NO_SOURCE = "Without a link, say who published it."
NO_KIND = "The kind is one of: article, post, radio, TV, print."
NO_MEDIA = "It is either earned or owned."
NO_DAY = "Write the day as in 2021-12-09."
FUTURE = "The day lies in the future."
NO_CAMPAIGN = "There is no such campaign."
WHICH_CAMPAIGN = "Say for which campaign."
TOO_LONG = "This is too long: a title has at most 1,000 signs, a text 500,000, a note 5,000."
MESSAGES = (
    NOTHING,
    NO_LINK,
    NO_TITLE,
    NO_SOURCE,
    NO_KIND,
    NO_MEDIA,
    NO_DAY,
    FUTURE,
    NO_CAMPAIGN,
    WHICH_CAMPAIGN,
    TOO_LONG,
)

_LONGEST = {"title": 1_000, "text": 500_000, "note": 5_000, "source": 200, "url": 8_000}
"""Characters of each field; a book's chapter has 50,000."""

Chosen = TypeVar("Chosen", bound=str)

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
"""An address without its https://, as people write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wrote, as it was written; empty where nothing was."""

    url: str = ""
    kind: str = ""
    title: str = ""
    text: str = ""
    source: str = ""
    day: str = ""
    media: str = ""
    campaign: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that lies below captures/ and belongs to a wish."""

    file: str
    name: str
    """As the person called it."""
    type: str
    """Media type, told by the content."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one field: its name, and what to do about it, which is a message."""

    field: str
    message: str


def mistakes(draft: Draft, campaigns: Collection[str], today: date, file_type: str | None) -> list[Mistake]:
    """List all that is wrong with a draft; `file_type` is the media type of what is attached."""
    given = {name for name in ("url", "title", "text", "source") if getattr(draft, name).strip()}
    is_linkless = "url" not in given and file_type not in (PAGE, WHOLE_PAGE)
    is_named = bool(given & {"title", "text"})
    checks = (
        ("url", NOTHING, not is_named and "url" not in given and file_type is None),
        ("url", NO_LINK, "url" in given and _link(draft.url) is None),
        ("title", NO_TITLE, is_linkless and file_type is not None and not is_named),
        ("source", NO_SOURCE, is_linkless and (is_named or file_type is not None) and "source" not in given),
        ("kind", NO_KIND, _choice(draft.kind, KINDS) is None),
        ("media", NO_MEDIA, _choice(draft.media, MEDIA) is None),
        ("day", NO_DAY, bool(draft.day.strip()) and _day(draft.day) is None),
        ("day", FUTURE, (_day(draft.day) or today) > today),
        ("campaign", NO_CAMPAIGN, bool(draft.campaign.strip()) and draft.campaign.strip() not in campaigns),
        ("campaign", WHICH_CAMPAIGN, not draft.campaign.strip() and len(campaigns) != 1),
        *((name, TOO_LONG, len(getattr(draft, name)) > most) for name, most in _LONGEST.items()),
    )
    return [Mistake(field, message) for field, message, wrong in checks if wrong]


def wish(draft: Draft, campaigns: Collection[str], token: str, who: str, attached: Attachment | None) -> Wish:
    """Make the wish of a draft without mistakes."""
    return Wish(
        token=token,
        campaign=draft.campaign.strip() or next(iter(campaigns)),
        kind=_choice(draft.kind, KINDS) or "article",
        media=_choice(draft.media, MEDIA) or "earned",
        url=_link(draft.url),
        file=attached.file if attached else None,
        file_name=attached.name if attached else None,
        file_type=attached.type if attached else None,
        title=draft.title.strip() or None,
        text=draft.text.strip() or None,
        source=draft.source.strip() or None,
        published=_day(draft.day),
        note=draft.note.strip() or None,
        who=who,
    )


def token_of(draft: Draft, file: bytes = b"") -> str:
    """Give the token of what is added from a command line or table: the same thing once more is the same addition."""
    told = "\x1f".join((*(part.strip() for part in astuple(draft)), sha256(file).hexdigest() if file else ""))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _link(text: str) -> str | None:
    """Find the link in what was pasted: phones share it in the middle of words."""
    found = _LINK.search(text)
    if found is None:
        return f"https://{text.strip()}" if _BARE.fullmatch(text.strip()) else None
    try:
        return found[0] if urlsplit(found[0]).hostname else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _choice(text: str, known: tuple[Chosen, ...]) -> Chosen | None:
    wanted = text.strip().casefold() or known[0].casefold()
    return next((one for one in known if one.casefold() == wanted), None)
