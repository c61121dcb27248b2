"""A release: a frozen, numbered bundle of the coverage that can be cited, and made again byte by byte."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archive.database import immediate, open_reader, open_writer
from archive.errors import DiskFull, UsageError
from archive.exports.export import Choice, counted, replacing, require_possible, writer_of, written
from archive.model import Site
from archive.release.papers import Bundle, Sum, checksums, citation, codebook_of, data_package, queries, readme, sources
from archive.stamp import instant, software


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release, as the archive remembers it."""

    number: int
    day: str
    articles: int
    asked: str
    """What was chosen, as the parameters of a search; empty for all."""
    software: str
    made_at: str
    file: Path | None = None
    """Where it was written."""


def make_release(archive: Path, choice: Choice, site: Site, folder: Path) -> Release:
    """Write release-N.zip below `folder`, which is made where it is missing; the same contents have the same number and bytes.

    Raises NothingYet, OlderArchive and NewerArchive for the archive, UsageError for a choice that cannot be or holds nothing, DiskFull.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".release-", dir=folder) as made:
            bundle = _written(archive, choice, site, Path(made))
            digest = _digest(Path(made), bundle)
            release = _remembered(archive, bundle, digest)
            file = folder / f"release-{release.number}.zip"
            _zipped(Path(made), replace(bundle, number=release.number), file)
    except OSError as error:
        raise DiskFull(f"{folder}: {error.strerror}. Free some space, or name another folder by -o.") from error
    return replace(release, file=file)


def releases(archive: Path) -> list[Release]:
    """List the releases there were, first to last."""
    with closing(open_reader(archive)) as connection:
        rows = connection.execute("select number, day, articles, asked, software, made_at from release order by number")
        return [Release(**dict(row)) for row in rows]


# ---- what is in it ----------------------------------------------------------------------------------------------------------------


def _written(archive: Path, choice: Choice, site: Site, made: Path) -> Bundle:
    """Write all that does not tell the number, as it stands at one moment."""
    with closing(open_reader(archive)) as connection:
        connection.execute("begin")
        rows = counted(connection, choice).rows
        require_possible(connection, choice, rows)
        if not rows:
            raise UsageError("there is no coverage of this to release. Ask for other days, or run a crawl first.")
        _write_rows(connection, replace(choice, format="csv"), made / "coverage.csv")
        _write_rows(connection, replace(choice, format="jsonl"), made / "coverage.jsonl")
        _write(made / "sources.csv", sources(connection))
        _write(made / "queries.toml", queries(connection, choice.selection.campaign))
        _write(made / "CODEBOOK.md", codebook_of(choice))
        return Bundle(number=0, day=_day(connection, choice), articles=rows, choice=choice, site=site)


def _write_rows(connection: sqlite3.Connection, choice: Choice, file: Path) -> None:
    with closing(writer_of(choice)) as writer, file.open("wb") as out:
        out.writelines(written(connection, choice, writer))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _day(connection: sqlite3.Connection, choice: Choice) -> str:
    """Give the day of the newest change of what is chosen: seen, read again, matched anew or decided; a note changes nothing that is told."""
    of = f"(select article from candidate where {choice.selection.condition()})"  # noqa: S608  our own words
    sql = (
        f"select max(at) from (select max(seen_at) as at from revision where article in {of}"  # noqa: S608  our own words
        f" union all select max(at) from match_change where article in {of}"
        " union all select max(decision.at) from decision left join decision as undone on undone.id = decision.undoes"
        f" where coalesce(undone.kind, decision.kind) != 'note' and decision.article in {of})"
    )
    newest: str = connection.execute(sql, choice.selection.bound(connection)).fetchone()[0]
    return newest[:10]


def _papers(made: Path, bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Give the papers that tell the number, the checksums of all others last."""
    sums = _sums(made)
    told = {
        "datapackage.json": data_package(bundle, sums),
        "CITATION.cff": citation(bundle),
        "README.md": readme(bundle),
    }
    yield from told.items()
    encoded = {name: text.encode() for name, text in told.items()}
    told_sums = {name: Sum(len(text), hashlib.sha256(text).hexdigest()) for name, text in encoded.items()}
    yield "SHA256SUMS", checksums(sums | told_sums)


def _sums(made: Path) -> dict[str, Sum]:
    return {file.name: _sum(file) for file in sorted(made.iterdir())}


def _sum(file: Path) -> Sum:
    with file.open("rb") as opened:
        return Sum(file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


# ---- its number -------------------------------------------------------------------------------------------------------------------


def _digest(made: Path, bundle: Bundle) -> str:
    """Give the digest of everything in it but its number: the checksums of all files, where the number is 0."""
    return hashlib.sha256(dict(_papers(made, bundle))["SHA256SUMS"].encode()).hexdigest()


def _remembered(archive: Path, bundle: Bundle, digest: str) -> Release:
    """Give the release of these contents, which is a new one where nobody made it before."""
    with closing(open_writer(archive)) as connection, immediate(connection):
        connection.execute(
            "insert or ignore into release (digest, asked, day, articles, software, made_at) values (?, ?, ?, ?, ?, ?)",
            [digest, bundle.asked, bundle.day, bundle.articles, software(), instant(datetime.now(UTC))],
        )
        row = connection.execute(
            "select number, day, articles, asked, software, made_at from release where digest = ?", [digest]
        ).fetchone()
        return Release(**dict(row))


# ---- the file ---------------------------------------------------------------------------------------------------------------------


def _zipped(made: Path, bundle: Bundle, file: Path) -> None:
    """Pack it: names in order, the day of the data as the time of each, so that the machine and its clock leave no trace."""
    for name, text in list(_papers(made, bundle)):
        _write(made / name, text)
    with replacing(file) as out, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for one in sorted(made.iterdir()):
            info = ZipInfo(
                f"release-{bundle.number}/{one.name}", (*date.fromisoformat(bundle.day).timetuple()[:3], 0, 0, 0)
            )
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            info.create_system = 3  # as if on Unix
            info.file_size = one.stat().st_size  # tells whether the long form is needed
            with one.open("rb") as opened, packed.open(info, "w") as target:
                copyfileobj(opened, target)
