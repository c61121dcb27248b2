"""What the documents say is there is there, and what is there is in the documents."""

import ast
import re
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import click
import pytest

from archive.model import Campaign, Channel, Crawl, Digest, Listing, Query, Reading, Site, Source, Term
from tamdan import tamdan

ROOT = Path(__file__).parent.parent
ROOMS = ("archive", "pipelines", "crawlers", "newsroom")
NOT_OURS = {".venv", ".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".scrapy", "__pycache__"} | {
    "build", "data", "demo", "dist", "home"
}  # fmt: skip
TOPS = [top for top in sorted(ROOT.iterdir()) if top.name not in NOT_OURS]
FILES = [
    path
    for path in chain.from_iterable([top, *sorted(top.rglob("*"))] for top in TOPS)
    if path.is_file() and path.suffix not in (".png", ".pyc")
]
DOCS = [path for path in FILES if path.suffix == ".md"]
TOLD = [*DOCS, ROOT / "sources.toml", ROOT / "campaigns.toml"]
CODE = [path for path in FILES if path.suffix == ".py"]
BESIDE = [path.stem for path in CODE if path.parent.name in ("tests", "benchmarks")]
OWN = {*ROOMS, "tamdan", "tests", "benchmarks", *BESIDE}
FORBIDDEN = {
    "a package index": r"[p]ypi\.org|[p]ythonhosted\.org|[-]-(?:extra-)?index-url[ =]",
    "a developer's folder": r"(?<![\w.:/])/(?:[w]ork|[r]oot)/|(?<![\w.:/])/[h]ome/\w",
    "something left undone": r"\b(?:T[O]DO|F[I]XME|X[X]X)\b",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def sections(text: str, heading: str) -> dict[str, str]:
    """Give what stands under each heading of that level that is a name in backticks."""
    parts = re.split(rf"^{heading} ", text, flags=re.MULTILINE)[1:]
    return {found[1]: part for part in parts if (found := re.match(r"`([^`]+)`", part))}


def rows(section: str) -> list[str]:
    """Give what the first cells of a section's tables name."""
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


# ---- commands -------------------------------------------------------------------------------------------------------------------------

COMMANDS = {"tamdan": tamdan} | {f"tamdan {key}": command for key, command in tamdan.commands.items()}
COMMAND_SECTIONS = sections(read("docs/commands.md"), "##")


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert {key for key in COMMAND_SECTIONS if key.startswith("tamdan")} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_of_a_command_holds_its_options_and_no_other(command: str) -> None:
    options = [option for option in COMMANDS[command].params if isinstance(option, click.Option)]
    table = "\n".join(re.findall(r"^\| `-.*$", COMMAND_SECTIONS[command], re.MULTILINE))
    told = set(re.findall(r"`(--?[a-z-]+)`", "\n".join(line.split(" | ")[0] for line in table.splitlines())))
    shared = {"-h", "--help"} if command == "tamdan" else set()
    assert told == {form for option in options for form in option.opts} | shared


@pytest.mark.parametrize("command", COMMANDS)
def test_the_section_of_a_command_names_its_arguments_and_shows_an_example(command: str) -> None:
    section = COMMAND_SECTIONS[command]
    arguments = [one.name or "" for one in COMMANDS[command].params if isinstance(one, click.Argument)]
    assert [one for one in arguments if one.upper() not in section] == []
    assert re.search(rf"^tamdan (--home \w+ )?{command.removeprefix('tamdan').strip()}", section, re.MULTILINE)


@pytest.mark.parametrize("path", TOLD, ids=name)
def test_no_document_tells_of_a_command_that_is_not_there(path: Path) -> None:
    told = re.findall(r"\btamdan (?:--home \S+ )?([a-z]+)\b[^\n]*", "\n".join(commands_in(path)))
    assert {verb for verb in told if f"tamdan {verb}" not in COMMANDS} == set()


@pytest.mark.parametrize("path", TOLD, ids=name)
def test_no_document_tells_of_a_make_target_that_is_not_there(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^|&& )make ([a-z-]+)", "\n".join(commands_in(path)), re.MULTILINE))
    assert told <= targets


def commands_in(path: Path) -> Iterator[str]:
    """Give the code of a document: what stands in backticks, and the lines of its blocks."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return chain(chain.from_iterable(block.splitlines() for block in blocks), re.findall(r"`([^`\n]+)`", text))


# ---- configuration --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Crawl, Source, Listing, Reading, Term, Campaign, Query, Site, Channel, Digest])
def test_every_key_of_the_three_files_is_documented_and_no_other(kind: type) -> None:
    found = sections(read("docs/configuration.md"), "###")
    (section,) = [text for key, text in found.items() if key.strip("[]").split(".")[-1] == kind.__name__.lower()]
    assert sorted(rows(section)) == sorted(field.name for field in fields(kind))


# ---- the archive ----------------------------------------------------------------------------------------------------------------------


def schema() -> dict[str, set[str]]:
    """Give the columns of every table and view of both databases."""
    found: dict[str, set[str]] = {}
    for part in read("archive/schema.sql").split("-- crawl.db"):
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(part)
            names = [row[0] for row in connection.execute("select name from pragma_table_list where type != 'shadow'")]
            for table in names:
                columns = connection.execute("select name from pragma_table_info(?)", [table])
                found |= {table: {row[0] for row in columns}}
    return {table: columns for table, columns in found.items() if not table.startswith("sqlite_")}


def test_every_table_view_and_column_is_documented_and_no_other() -> None:
    told = {table: set(rows(section)) for table, section in sections(read("docs/archive.md"), "###").items()}
    assert len(told) > 15
    assert told == schema()


# ---- dependencies ---------------------------------------------------------------------------------------------------------------------


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared() -> set[str]:
    project = tomllib.loads(read("pyproject.toml"))
    extras = chain.from_iterable(project["project"]["optional-dependencies"].values())
    wanted = [*project["project"]["dependencies"], *extras, *project["build-system"]["requires"]]
    return {normal(re.split(r"[ <>=!~;\[]", requirement)[0]) for requirement in wanted}


def imported() -> dict[str, set[str]]:
    """Give the packages that may be meant by each import of the code that is neither Python's nor ours."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in CODE)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    tops = {module.split(".")[0] for module in whole | parts} - sys.stdlib_module_names - OWN
    known = packages_distributions()
    return {top: {normal(distribution) for distribution in known.get(top, [top])} for top in tops}


def test_every_package_that_is_imported_is_declared() -> None:
    assert {top for top, packages in imported().items() if not packages & declared()} == set()


def test_every_dependency_has_a_row_and_every_row_is_one() -> None:
    told = [normal(row) for row in rows(read("docs/dependencies.md"))]
    assert sorted(told) == sorted(declared())


def test_every_row_says_what_for_why_and_under_which_licence() -> None:
    lines = re.findall(r"^\| `.*$", read("docs/dependencies.md"), re.MULTILINE)
    assert lines
    assert [line for line in lines if not re.fullmatch(r"\|( [^|]+ \|){4}", line)] == []


# ---- the house ------------------------------------------------------------------------------------------------------------------------


def test_architecture_names_every_module_and_no_other() -> None:
    told = set(re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w/]+\.py)`", read("docs/architecture.md")))
    modules = {name(path) for path in CODE if path.relative_to(ROOT).parts[0] in ROOMS}
    assert told == {module for module in modules if not module.endswith(("__init__.py", "__main__.py"))}


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_path_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    folders = "|".join((*ROOMS, "tests", "docs", "benchmarks"))
    told = re.findall(rf"`((?:{folders})/[\w/.-]*)`", text)
    assert [one for one in told if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    near = [target.partition("#") for target in targets if "://" not in target]
    assert [target for target, _, part in near if not leads(path.parent / target if target else path, part)] == []


def leads(path: Path, part: str) -> bool:
    """Tell whether a file is there and, where a part of it is named, has that heading."""
    return path.exists() and (not part or part in anchors(path.read_text(encoding="utf-8")))


def anchors(text: str) -> set[str]:
    """Give the names under which headings can be linked to: lower case, hyphens for blanks, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[`:,.!?()\[\]·]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds_what_belongs_to_one_machine_or_one_day(what: str) -> None:
    found = [
        f"{name(path)}: {hit[0]}"
        for path in FILES
        for hit in re.finditer(FORBIDDEN[what], path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
