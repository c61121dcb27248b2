"""Imports go tamdan -> newsroom -> crawlers -> pipelines -> archive -> libraries, never back, and stand at the top of a module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["tamdan", "newsroom", "crawlers", "pipelines", "archive"]
MODULES = [ROOT / "tamdan.py", *(path for room in ORDER[1:] for path in sorted((ROOT / room).rglob("*.py")))]
WEB = {"scrapy", "twisted", "trafilatura"}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_downward(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
    upward = tops & set(ORDER[: ORDER.index(room(path))])
    assert not upward, f"{path.name} imports {upward}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) in ("archive", "pipelines")], ids=lambda path: path.stem
)
def test_the_archive_knows_neither_scrapy_nor_trafilatura_and_no_stage_the_web(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
    assert not tops & (WEB if room(path) == "archive" else WEB - {"trafilatura"})


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) != "tamdan"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_import_hides_in_a_function(path: Path) -> None:
    functions = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    ]
    assert not [name for function in functions for name in imports(function)]


def graph() -> dict[str, set[str]]:
    """Module -> the modules of ours it imports, both as dotted names."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    edges: dict[str, set[str]] = {}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {f"{n.module}.{a.name}" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
        edges[name] = {target for target in {*imports(tree), *inner} if target in names and target != name}
    return edges


def test_no_two_modules_import_each_other_in_a_ring() -> None:
    edges, done = graph(), set[str]()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join([*above[above.index(name) :], name])
        if name not in done:
            for target in sorted(edges[name]):
                walk(target, (*above, name))
            done.add(name)

    for name in sorted(edges):
        walk(name, ())
