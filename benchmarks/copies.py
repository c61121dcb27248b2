"""Texts to be known again, copies of them as other sources would run them, and texts that only look alike."""

import html
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.khmer import clean, khmer_share, sentences
from newsroom.site import Story, load_sites

CREDITS = {"km": "ភ្នំពេញ (ទីភ្នាក់ងារព័ត៌មានសមុទ្រ) ៖ ", "en": "PHNOM PENH (Sea News Agency) – "}
SPELLINGS = (
    ("ស្រលាញ់", "ស្រឡាញ់"),
    ("ឱ្យ", "ឲ្យ"),
    ("្ត", "្ដ"),
    ("’", "'"),
    ("“", '"'),
    ("”", '"'),
    ("–", "-"),
    ("our", "or"),
)
SHORT, LONG = 400, 900  # characters of a short item and of a part of a made text
TRAPS = 60


@dataclass(frozen=True, slots=True)
class Text:
    """One text as a source ran it; texts of one origin are one story."""

    origin: str
    source: str
    text: str


# ---- texts ------------------------------------------------------------------------------------------------------------------------


def texts(folder: Path) -> Iterator[Text]:
    """Give all texts at hand; an address met twice is one origin, and so is a headline two outlets of the newsroom share."""
    for site in load_sites():
        yield from (Text(clean(story.title), site.id, plain(story)) for story in site.stories if plain(story))
    for name, field in (("aeb/ground-truth.json", "articleBody"), ("news/truth.json", "body")):
        if (folder / name).exists():
            rows: Mapping[str, Mapping[str, Any]] = json.loads((folder / name).read_text(encoding="utf-8"))
            for row in rows.values():
                if row[field].strip():
                    yield Text(row["url"], urlsplit(row["url"]).netloc, clean(row[field]))


def plain(story: Story) -> str:
    """Give the text of a story of the newsroom."""
    return clean(html.unescape(re.sub("<[^>]+>", "", re.sub("</p>|<br ?/?>", "\n", story.body)))).strip()


def copies(kind: str, stored: Sequence[Text]) -> Iterator[Text]:
    """Make one copy of every text, at a source of its own."""
    chance = random.Random(kind)
    for number, text in enumerate(stored):
        made = KINDS[kind](text.text, chance.choice(stored).text, chance)
        yield Text(text.origin, f"copier-{number % 7}", clean(made))


def cut(share: float) -> Callable[[str, str, random.Random], str]:
    """Keep the beginning."""
    return lambda text, _other, _chance: text[: round(len(text) * share)]


def edited(text: str, other: str, chance: random.Random) -> str:
    """Change or leave out 5 % of the sentences, one at least."""
    parts, others = pieces(text), pieces(other)
    for place in chance.sample(range(len(parts)), max(1, round(len(parts) * 0.05))):
        parts[place] = chance.choice(others)[: len(parts[place])] if chance.random() < 0.5 else ""
    return "\n".join(part for part in parts if part)


def thinned(text: str, _other: str, chance: random.Random) -> str:
    """Keep a third of the sentences, two at least."""
    parts = pieces(text)
    kept = sorted(chance.sample(range(len(parts)), min(len(parts), max(2, len(parts) // 3))))
    return "\n".join(parts[place] for place in kept)


def excerpt(text: str, _other: str, chance: random.Random) -> str:
    """Keep 30 % in one piece from anywhere."""
    length = round(len(text) * 0.3)
    start = chance.randrange(len(text) - length)
    return text[start : start + length]


def headed(text: str, other: str, _chance: random.Random) -> str:
    """Put another headline before it, as some pages print it inside the text."""
    return f"{other[:60]}\n{text}"


def credited(text: str, _other: str, _chance: random.Random) -> str:
    """Put an agency's credit before it."""
    return CREDITS["km" if khmer_share(text) > 0.5 else "en"] + text


def respelled(text: str, _other: str, chance: random.Random) -> str:
    """Write it in other spellings, with zero-width spaces."""
    for one, other in SPELLINGS:
        text = text.replace(one, other)
    return "".join(letter + ("\u200b" if chance.random() < 0.1 else "") for letter in text)


def pieces(text: str) -> list[str]:
    """Give the sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


KINDS: Mapping[str, Callable[[str, str, random.Random], str]] = {
    "as it is": cut(1.0),
    "cut to 30 %": cut(0.3),
    "cut to 60 %": cut(0.6),
    "light edits": edited,
    "another headline": headed,
    "an agency's credit": credited,
    "other spellings": respelled,
    "edited, cut to 60 %, credited": lambda text, other, chance: credited(
        cut(0.6)(edited(text, other, chance), "", chance), "", chance
    ),
    "a third of its sentences": thinned,
    "30 % from anywhere": excerpt,
}


def traps(stored: Sequence[Text], unused: Sequence[Text]) -> Mapping[str, list[Text]]:
    """Make texts that share a part with others and are one story with none."""
    long = [text for text in unused if len(text.text) > 3 * LONG][:TRAPS]
    shared, quote = (text.text[-SHORT:] for text in unused[:2])
    items = [text.text[:SHORT] for text in stored if len(text.text) <= 2 * SHORT]
    chance = random.Random("digest")
    made = {
        "one closing paragraph": [(f"outlet-{n % 3}", f"{text.text[:LONG]}\n{shared}") for n, text in enumerate(long)],
        "one opening": [("outlet-0", f"{shared}\n{text.text[:LONG]}") for text in long],
        "one statement quoted": [
            (f"outlet-{n}", f"{text.text[:SHORT]}\n{quote}\n{text.text[SHORT:LONG]}") for n, text in enumerate(long)
        ],
        "round-up of stored items": [
            (f"outlet-{n}", "\n".join([text.text[:LONG], *chance.sample(items, 5)])) for n, text in enumerate(long)
        ],
    }
    return {
        kind: [Text(f"{kind} {number}", source, clean(text)) for number, (source, text) in enumerate(rows)]
        for kind, rows in made.items()
    }
