"""Every error Tamdan raises on purpose.

TamdanError                 the program stops; shown without a traceback; carries its exit code
├── UsageError        2     what was typed cannot be done
│   ├── ConfigError   2     a configuration file is wrong; every problem in it is told at once
│   ├── ConfigErrors  2     more than one of them is
│   └── QueryError    2     a query does not parse or uses what is refused
├── NothingYet        2     there is no archive to show or export
├── DiskFull          3     no room, or the folder cannot be written
├── NewerArchive      2     the archive was written by a later version
├── OlderArchive      2     the archive was written by an earlier version and waits to be brought up to date
└── CrawlRunning     75     another crawl holds the lock
Dropped                     an article goes no further; counted by its outcome
├── Unreadable              no text could be read from the page
├── NotAnArticle            no HTML, the home page, or one of these:
│   ├── ListingPage         a page that lists articles
│   ├── Missing             an error page with status 200 (soft 404)
│   ├── Challenged          a bot wall; the page is asked for again later
│   ├── ConsentWall         nothing but a question for consent
│   ├── Paywalled           a beginning that is too short to be the article, and an offer to subscribe
│   └── Shell               a page that only scripts fill, with nothing to read in its data
└── Quarantined             the page broke a limit or a worker; kept to be read again
"""

from dataclasses import dataclass
from pathlib import Path


class TamdanError(Exception):
    """The program cannot go on; the message says which file or URL, what is wrong, and what to do."""

    exit_code = 1


class UsageError(TamdanError):
    """What was asked for cannot be done as it was typed."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a configuration file: where it is, what is wrong, and the cure."""

    place: str
    wrong: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}. {self.cure}"


class ConfigError(UsageError):
    """A configuration file has mistakes; all of them are in `problems`."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{path}: {len(problems)} problem{'s' if len(problems) != 1 else ''}\n{lines}")


class ConfigErrors(UsageError):  # noqa: N818  (several of them)
    """More than one configuration file is wrong; all are told at once."""

    def __init__(self, errors: list[ConfigError]) -> None:
        self.errors = errors
        super().__init__("\n".join(map(str, errors)))


class QueryError(UsageError):
    """A query does not parse or uses what is refused; `position` counts characters from 0."""

    def __init__(self, wrong: str, position: int, cure: str) -> None:
        self.wrong = wrong
        self.position = position
        self.cure = cure
        super().__init__(f"at character {position + 1}: {wrong}. {cure}")


class NothingYet(UsageError):  # noqa: N818  (a state, told to the user in these words)
    """There is no archive in this home to show or export."""


class NewerArchive(UsageError):  # noqa: N818
    """The archive was written by a later version of Tamdan."""


class OlderArchive(UsageError):  # noqa: N818
    """The archive was written by an earlier version of Tamdan."""


class DiskFull(TamdanError):  # noqa: N818
    """There is no room left, or the folder cannot be written."""

    exit_code = 3


class CrawlRunning(TamdanError):  # noqa: N818
    """Another crawl of this home holds the lock."""

    exit_code = 75


class Dropped(Exception):  # noqa: N818  (Scrapy's own word for it)
    """An article goes no further; `outcome` is the short name the ledger and the summary count it by."""

    outcome = "dropped"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __reduce__(self) -> tuple[type["Dropped"], tuple[str]]:
        """Travels whole from a worker process."""
        return type(self), (self.reason,)


class Unreadable(Dropped):
    """No text could be read from the page."""

    outcome = "no text"


class NotAnArticle(Dropped):
    """The page is none that could be read as an article."""

    outcome = "not an article"


class ListingPage(NotAnArticle):
    """The page lists articles."""

    outcome = "listing page"


class Missing(NotAnArticle):
    """The page says, with status 200, that there is no such page."""

    outcome = "missing page"


class ConsentWall(NotAnArticle):
    """A question for consent stands in the article's place."""

    outcome = "consent wall"


class Paywalled(NotAnArticle):
    """The page shows a beginning only and offers a subscription."""

    outcome = "paywall stub"


class Shell(NotAnArticle):
    """Only scripts fill the page, and its data hold no text."""

    outcome = "needs JavaScript"


class Challenged(NotAnArticle):
    """A bot wall stands before the page; it is asked for again later."""

    outcome = "bot challenge"


class Quarantined(Dropped):
    """The page broke a limit or its worker; it is kept to be read again."""

    outcome = "quarantined"
