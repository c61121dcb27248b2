"""The data that a page holds for its scripts: JSON in scripts of their own, given to variables, streamed, or in attributes."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import html

MIN_LENGTH = 300
"""Characters of a script below which it holds no article."""
MAX_ASSIGNMENTS = 40
"""Places of one script tried as data; real pages have up to a dozen."""

_HOLDERS = "//script[not(@src)] | //*[@data-page or @data-state or @data-props]"
_ATTRIBUTES = ("data-page", "data-state", "data-props")
_CODE = re.compile(r"(?:(?:text|application)/(?:javascript|ecmascript|x-javascript)|module)?$", re.IGNORECASE)
_GIVEN = r"\s{0,9}(?:(?=[{\[]\s{0,99}[\"\[{])|JSON\.parse\(\s{0,9}(?=[\"']))"
_ASSIGNED, _ADDED = re.compile(f"={_GIVEN}"), re.compile(rf"\.push\({_GIVEN}")
"""What stands before an object, a list or a text with JSON in it that is given to a name or added to a list; as one pattern it takes
four times as long, since no letter begins it."""
_PUSHED = re.compile(r"__next_f\.push\(\s{0,9}(?=\[1)")
_ROW = re.compile(rb"([0-9a-f]{1,6}):(?:T([0-9a-f]{1,6}),)?")
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})")
_DECODER = json.JSONDecoder(strict=False)


def values(tree: html.HtmlElement) -> Iterator[Any]:
    """Give every value that a page holds as JSON for its scripts; what cannot be read is left out."""
    streamed: list[str] = []
    for holder in tree.xpath(_HOLDERS):
        if holder.tag == "script":
            yield from _of_script(holder.get("type", "").strip().lower(), holder.text or "", streamed)
        else:
            yield from (_read(told) for name in _ATTRIBUTES if (told := holder.get(name, "")).startswith("{"))
    yield from _of_stream("".join(streamed).encode("utf-8", "ignore"))


def _of_script(kind: str, text: str, streamed: list[str]) -> Iterator[Any]:
    """Give the values of one script; what is a piece of a stream is added to that."""
    if "ld+json" in kind or (len(text) < MIN_LENGTH and "__next_f" not in text):
        return
    if "json" in kind:
        yield _revived(_read(text))
    elif _CODE.match(kind):
        streamed.extend(_pieces(text))
        yield from _assigned(text)


def _read(text: str) -> Any:
    """Read JSON; None where it cannot be."""
    try:
        return json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return None


def _read_at(text: str, start: int) -> tuple[Any, int]:
    """Read the JSON that begins at a place of a script; None where it cannot be, and where it ends."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start


def _assigned(text: str) -> Iterator[Any]:
    """Give what a script gives to names, objects inside one that was read not again."""
    end = 0
    given = (found for sign in (_ASSIGNED, _ADDED) for found in islice(sign.finditer(text), MAX_ASSIGNMENTS))
    for found in sorted(given, key=re.Match.start)[:MAX_ASSIGNMENTS]:
        if found.end() < end:
            continue
        value, end = _read_at(text, found.end())
        if "JSON" in found[0]:
            value = _read(_literal(text, found.end(), value))
        yield value


def _literal(text: str, start: int, value: Any) -> str:
    """Give the text that a literal of a script means: `value` where JSON reads it too, else with the escapes of scripts undone."""
    if isinstance(value, str):
        return value
    quote = text[start]
    end = re.compile(rf"(?<!\\){quote}\s{{0,9}}\)").search(text, start + 1)
    inside = _ESCAPED.sub(r"\\u00\1", text[start + 1 : end.start() if end else start + 1]).replace("\\'", "'")
    inside = re.sub(r'(?<!\\)"', r"\"", inside)
    told = _read(f'"{inside}"')
    return told if isinstance(told, str) else ""


def _pieces(text: str) -> Iterator[str]:
    for found in _PUSHED.finditer(text):
        pushed, _ = _read_at(text, found.end())
        if isinstance(pushed, list) and len(pushed) == 2 and isinstance(pushed[1], str):
            yield pushed[1]


def _of_stream(stream: bytes) -> Iterator[Any]:
    """Give the rows of a stream: each has a number and is JSON, or a text of a told length to which others refer as `$number`."""
    texts: dict[str, str] = {}
    rows: list[bytes] = []
    at = 0
    while found := _ROW.match(stream, at):
        at = found.end() + int(found[2], 16) if found[2] else (stream.find(b"\n", at) + 1 or len(stream))
        if found[2]:
            texts["$" + found[1].decode()] = stream[found.end() : at].decode("utf-8", "replace")
        else:
            rows.append(stream[found.end() : at])
    for row in rows:
        if len(row) >= MIN_LENGTH and row[:1] in (b"{", b"["):
            yield _with_texts(_read(row.decode("utf-8", "replace")), texts)


def _with_texts(value: Any, texts: dict[str, str]) -> Any:
    """Put the texts in the place of what refers to them."""
    waiting = [value]
    while waiting:
        held = waiting.pop()
        places = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
        for place, inner in list(places):
            if isinstance(inner, str):
                held[place] = texts.get(inner, inner)
            else:
                waiting.append(inner)
    return value


def _revived(value: Any) -> Any:
    """Give a value that was written flat, as a list whose objects hold numbers of its other items, in its own shape; others as they are."""
    if not isinstance(value, list) or not value or not _is_flat(value):
        return value
    made: list[Any] = [type(item)() if isinstance(item, dict | list) else item for item in value]
    for item, shape in zip(value, made, strict=True):
        if isinstance(item, dict):
            shape.update({key: made[number] for key, number in item.items() if number >= 0})
        elif isinstance(item, list):
            shape.extend(made[inner] if _is_place(inner, value) else inner for inner in item)
    return made


def _is_flat(value: list[Any]) -> bool:
    """Tell whether all objects of a list hold numbers of its items only; -1 and below stand for nothing."""
    objects = [item for item in value if isinstance(item, dict)]
    places = (number for item in objects for number in item.values())
    return bool(objects) and all(type(number) is int and number < len(value) for number in places)


def _is_place(number: Any, value: list[Any]) -> bool:
    return type(number) is int and 0 <= number < len(value)
