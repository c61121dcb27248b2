"""A team's own folder: its two files of words, and the data a crawl makes of them."""

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import DiskFull, UsageError

SHIPPED = Path(__file__).resolve().parent.parent
"""Where the files a new home begins with lie, beside tamdan.py."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one team lies; nothing is created by asking."""

    path: Path

    @property
    def sources_file(self) -> Path:
        """The outlets and how this home crawls."""
        return self.path / "sources.toml"

    @property
    def campaigns_file(self) -> Path:
        """The words that are followed."""
        return self.path / "campaigns.toml"

    @property
    def site_file(self) -> Path:
        """How the site calls itself, and whom digests go to; may be missing."""
        return self.path / "site.toml"

    @property
    def data(self) -> Path:
        """The folder of everything that is not written by hand."""
        return self.path / "data"

    @property
    def archive(self) -> Path:
        """The coverage: private and precious."""
        return self.data / "archive.db"

    @property
    def crawl(self) -> Path:
        """The crawler's memory, which a new crawl rebuilds."""
        return self.data / "crawl.db"

    @property
    def captures(self) -> Path:
        """The folder of WARC files: responses as they were sent."""
        return self.data / "captures"

    @property
    def lock(self) -> Path:
        """The file a running crawl holds locked."""
        return self.data / "crawl.lock"


def init_home(path: Path) -> list[Path]:
    """Make a home, or what is missing of one; gives what was made and never overwrites a file.

    Raises DiskFull when the folder cannot be written, and UsageError when a file stands where a folder is wanted.
    """
    home = Home(path)
    try:
        home.data.mkdir(parents=True, exist_ok=True)
        made = [target for target in (home.sources_file, home.campaigns_file, home.site_file) if copied(target)]
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{error.filename}: a file stands where a folder is wanted. Choose another folder") from error
    except OSError as error:
        raise DiskFull(
            f"{path}: cannot be written ({error.strerror}). Choose another folder, or make room in it"
        ) from error
    if not os.access(home.data, os.W_OK):
        raise DiskFull(
            f"{home.data}: cannot be written. Give yourself the right to write there, or choose another folder"
        )
    return made


def require_home(home: Home) -> None:
    """Raise UsageError where there is no home, so that a mistyped folder is told as one."""
    if not home.data.is_dir():
        raise UsageError(
            f"{home.path}: this is no home yet. Run `tamdan init FOLDER`, or name the right folder by --home."
        )


def copied(target: Path) -> bool:
    """Copy the shipped file of that name unless one is there; tells whether it did. A copy cut short is taken away again."""
    words = (SHIPPED / target.name).read_bytes()
    try:
        with target.open("xb") as file:
            file.write(words)
    except FileExistsError:
        return False
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return True
