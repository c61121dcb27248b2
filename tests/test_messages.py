"""Every message that people read has its Khmer, and the Khmer says nothing that nobody asks for."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from archive.home import SHIPPED
from archive.localize import FOLDER

KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "text": None, "n_": (1, 2), "count": (1, 2)}
ROOMS = ("archive", "crawlers")
FILES = sorted((FOLDER / "km").glob("*.po"))
NAMES = {"Atom", "CSV", "Excel", "Internet Archive", "JSON Lines"}
"""What is called the same in both languages."""

KHMER = re.compile("[\u1780-\u17ff]")
PLACE = re.compile(r"\{(\w+)\}", re.ASCII)


@cache
def used() -> dict[str, str]:
    """Give every message that code and templates use, and a place where it is used."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((SHIPPED / room).rglob("*.py")):
            found |= {words: str(path.relative_to(SHIPPED)) for words in (*in_python(path), *listed(path))}
    for path in sorted((SHIPPED / "archive" / "site").rglob("*.html")):
        found |= {words: str(path.relative_to(SHIPPED)) for words in in_template(path)}
    return found


def in_python(path: Path) -> Iterator[str]:
    """Give what is said to `text` and `count`; what is no literal is chosen when the program runs and stands in MESSAGES."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if name in KEYWORDS and len(said) >= len(KEYWORDS[name] or (1,)):
                yield said[0]


def in_template(path: Path) -> Iterator[str]:
    options = {"silent": "false", "trimmed": "false"}
    with path.open("rb") as file:
        yield from map(first, (found[1] for found in extract("jinja2", file, KEYWORDS, (), options)))


def first(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def last(message: str | Sequence[str]) -> str:
    """Give the form for many, which holds the number where the one for one may leave it out."""
    return message if isinstance(message, str) else message[-1]


def listed(path: Path) -> Iterator[str]:
    """Give the messages of a module that stand in its constant MESSAGES, since they are chosen when it runs."""
    names = {
        target.id
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    if "MESSAGES" in names:
        module = ".".join(path.relative_to(SHIPPED).with_suffix("").parts)
        yield from import_module(module).MESSAGES


def catalog(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="km", abort_invalid=True) if message.id]


@cache
def khmer() -> dict[str, Message]:
    return {first(message.id): message for path in FILES for message in catalog(path)}


def test_every_message_has_its_khmer() -> None:
    missing = {words: place for words, place in used().items() if words not in khmer() or not told(khmer()[words])}
    assert len(used()) > 100
    assert missing == {}


def told(message: Message) -> str:
    return first(message.string) if message.string else ""


def test_every_translation_holds_what_is_put_into_it() -> None:
    wrong = {
        words: told(message)
        for words, message in khmer().items()
        if set(PLACE.findall(told(message))) != set(PLACE.findall(last(message.id)))
    }
    assert wrong == {}


def test_every_translation_is_khmer_but_for_names() -> None:
    same = {words for words, message in khmer().items() if not KHMER.search(told(message))}
    assert {words for words in same if re.search("[A-Za-z]", PLACE.sub("", words))} <= NAMES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_translation_is_of_a_message_that_nobody_uses(path: Path) -> None:
    assert {first(message.id) for message in catalog(path)} - set(used()) == set()


def test_no_message_is_translated_twice_in_different_words() -> None:
    every = [(first(message.id), told(message)) for path in FILES for message in catalog(path)]
    words = Counter(key for key, _ in set(every))
    assert {key for key, times in words.items() if times > 1} == set()


def test_a_plural_has_the_one_form_of_khmer() -> None:
    for message in khmer().values():
        assert isinstance(message.string, str) or len(message.string or ()) == 1, message.id
