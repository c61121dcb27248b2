"""Words of a campaign as pages hide them from a search of the raw bytes: for tests and measures of triage.

A disguise takes a word and an ordinary page apart from it: `plant` gives the page with the word in it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from archive.model import Link, Page, Reading, Source

WORDS = ("ស្រឡាញ់ភេទដូចគ្នា", "អ៊ែលជីប៊ីធី", "សេចក្តីប្រកាសទំនាក់ទំនងគ្រួសារ", "same-sex marriage", "LGBTQ")
"""Of the shipped campaign, each enough for a match."""
MARK = "@@PLACE@@"
SENTENCE = "អ្នកភូមិបាននិយាយអំពី {} នៅក្នុងការប្រជុំរបស់ពួកគេ។ They spoke of it at length."

_KHMER = re.compile("[\u1780-\u17ff]")


@dataclass(frozen=True)
class Planted:
    """One page with one word in one disguise."""

    disguise: str
    word: str
    page: Page


def spread(word: str, between: str) -> str:
    """Put something between the first clusters and letters of a word, never before a dependent sign."""
    return re.sub("(?<=.)(?<!\u17d2)(?=[\u1780-\u17b3A-Za-z])", between.replace("\\", r"\\"), word, count=3)


def anywhere(word: str, between: str) -> str:
    """Put something between all characters, inside clusters too."""
    return between.join(word)


def wide(word: str) -> str:
    """Write Latin letters in the wide forms of East Asian fonts."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)


def disordered(word: str) -> str:
    """Type each vowel before the subscript or shifter it follows."""
    return re.sub("((?:\u17d2.|[\u17c9\u17ca])+)([\u17b6-\u17c5])", r"\2\1", word)


def escaped(text: str) -> str:
    """Write every character that is not ASCII, and every second other, as JSON may."""
    return "".join(
        f"\\u{ord(char):04x}" if ord(char) > 126 or (at % 2 and char.isalpha()) else char
        for at, char in enumerate(text)
    )


IN_TEXT: dict[str, Callable[[str], str]] = {
    "plain": lambda word: word,
    "decimal entities": lambda word: "".join(f"&#{ord(char)};" for char in word),
    "hex entities": lambda word: "".join(f"&#x{ord(char):x};" for char in word),
    "hex entities in capitals": lambda word: "".join(f"&#X{ord(char):X};" for char in word),
    "every second one an entity": lambda word: "".join(
        f"&#{ord(char)};" if at % 2 else char for at, char in enumerate(word)
    ),
    "zero-width spaces": lambda word: spread(word, "\u200b"),
    "zero-width spaces as entities": lambda word: spread(word, "&#8203;"),
    "&ZeroWidthSpace;": lambda word: spread(word, "&ZeroWidthSpace;"),
    "soft hyphens": lambda word: spread(word, "\u00ad"),
    "&shy;": lambda word: spread(word, "&shy;"),
    "word joiners": lambda word: spread(word, "\u2060"),
    "byte order marks": lambda word: spread(word, "\ufeff"),
    "bidi marks": lambda word: f"\u202a{spread(word, chr(0x200E))}\u202c",
    "control characters": lambda word: spread(word, "\x08") + "\x7f",
    "wbr": lambda word: spread(word, "<wbr>"),
    "wbr inside clusters": lambda word: anywhere(word, "<wbr>"),
    "comments": lambda word: spread(word, "<!-- ads -->"),
    "comments inside clusters": lambda word: anywhere(word, "<!---->"),
    "CDATA": lambda word: spread(word, "<![CDATA[x]]>"),
    "processing instructions": lambda word: spread(word, "<?x y?>"),
    "bold": lambda word: f"<b>{word[0]}</b>{word[1:]}",
    "bold inside clusters": lambda word: "".join(f"<b>{char}</b>" if at % 2 else char for at, char in enumerate(word)),
    "nested tags": lambda word: f"<span><em><b>{word[:4]}</b>{word[4:6]}</em></span><i>{word[6:]}</i>",
    "empty tags": lambda word: spread(word, "<span></span>"),
    "font tags": lambda word: "".join(f"<font color='#123'>{char}</font>" for char in word),
    "a link in it": lambda word: f"{word[:3]}<a href='/x'>{word[3:]}</a>",
    "disordered Khmer": disordered,
    "disordered Khmer with spaces": lambda word: spread(disordered(word), "\u200b"),
    "spaces": lambda word: spread(word, " ") if _KHMER.search(word) else word.replace(" ", "  "),
    "no-break spaces": lambda word: spread(word, "\u00a0") if _KHMER.search(word) else word.replace(" ", "\u00a0"),
    "&nbsp;": lambda word: spread(word, "&nbsp;") if _KHMER.search(word) else word.replace(" ", "&nbsp;"),
    "lines of the source": lambda word: word.replace(" ", "\n\t") if " " in word else f"\n{word}\n",
    "thin spaces": lambda word: word.replace(" ", "\u2009"),
    "other dashes": lambda word: word.replace("-", "\u2011"),
    "minus signs": lambda word: word.replace("-", "\u2212"),
    "no dashes": lambda word: word.replace("-", " "),
    "quotation marks": lambda word: f"«{word}»" if " " not in word else word.replace(" ", " “"),
    "wide letters": wide,
    "capitals": str.upper,
    "small letters": str.lower,
    "coeng DA": lambda word: word.replace("្ត", "្ដ"),
    "doubled signs": lambda word: word.replace("្", "្្").replace("ី", "ីី"),
    "e and i apart": lambda word: word.replace("ើ", "េី").replace("ោ", "េា"),
    "a share box in it": lambda word: spread(word, "<span class='share-box'>Share</span>"),
    "a button in it": lambda word: f"{word[:3]}<button>Play</button>{word[3:]}",
    "a script in it": lambda word: f"{word[:3]}<script>var a=1;</script>{word[3:]}",
    "a style in it": lambda word: f"{word[:3]}<style>b{{}}</style>{word[3:]}",
    "hashtag": lambda word: f"#{word.replace(' ', '_')}",
    "camel-case hashtag": lambda word: "#" + "".join(part.title() for part in re.split("[ -]", word)) + "KH",
    "in brackets": lambda word: f"({word})",
    "between other scripts": lambda word: f"ក{word}ក",
    "entities and tags": lambda word: "<b></b>".join(f"&#{ord(char)};" for char in word),
    "disordered in entities": lambda word: "".join(f"&#{ord(char)};" for char in disordered(word)),
    "zero-width spaces in tags": lambda word: spread(word, "<i>\u200b</i>"),
    "wide in entities": lambda word: "".join(f"&#{ord(char)};" for char in wide(word)),
}
"""How a word stands in a sentence of the body, as HTML."""


def _ld(**told: object) -> str:
    return json.dumps({"@type": "NewsArticle", **told}, ensure_ascii=False)


def _script(kind: str, text: str) -> str:
    return f"<script type='{kind}'>{text}</script>"


LONG = "អ្នកភូមិបានជួបជុំគ្នានៅសាលាឃុំ ដើម្បីពិភាក្សាអំពីផ្លូវថ្មីដែលតភ្ជាប់ទៅផ្សារ ហើយមនុស្សជាច្រើនបានលើកដៃសួរសំណួរ។ " * 6
HEADLINE = "Villagers meet at the hall"


def _state(body: object) -> str:
    return json.dumps({"props": {"article": {"title": HEADLINE, "body": body}}}, ensure_ascii=False)


def _leaves(word: str) -> object:
    half = len(word) // 2
    parts = [{"text": LONG + word[:half]}, {"text": word[half:], "bold": True}, {"text": " " + LONG}]
    return [{"type": "paragraph", "children": parts}]


IN_HEAD: dict[str, Callable[[str], str]] = {
    "title tag": lambda word: f"<title>{word}</title>",
    "og:title": lambda word: f"<meta property='og:title' content='{word}'>",
    "description": lambda word: f"<meta name='description' content='On {word} here'>",
    "description in entities": lambda word: (
        f"<meta name=description content='{''.join(f'&#{ord(char)};' for char in word)}'>"
    ),
    "keywords": lambda word: f"<meta name='keywords' content='a,{word},b'>",
    "article:tag": lambda word: f"<meta property='article:tag' content='{spread(word, chr(0x200B))}'>",
    "JSON-LD headline": lambda word: _script("application/ld+json", _ld(headline=word)),
    "JSON-LD description, escaped": lambda word: _script(
        "application/ld+json", _ld(headline="x", description="@").replace("@", escaped(word))
    ),
    "JSON-LD keywords, escaped": lambda word: _script(
        "application/ld+json", _ld(headline="x", keywords=["@"]).replace("@", escaped(word))
    ),
    "JSON-LD with entities": lambda word: _script(
        "application/ld+json", _ld(headline="x", description="".join(f"&#{ord(char)};" for char in word))
    ),
    "JSON-LD in CDATA": lambda word: _script("application/ld+json", f"//<![CDATA[\n{_ld(headline=word)}\n//]]>"),
    "JSON-LD with slashes escaped": lambda word: _script(
        "application/ld+json", _ld(headline="x", description=f"a/{word}").replace("/", "\\/")
    ),
    "JSON-LD in a graph": lambda word: _script(
        "application/ld+json", json.dumps({"@graph": [{"@type": "NewsArticle", "headline": word}]})
    ),
    "JSON-LD with lines escaped": lambda word: _script(
        "application/ld+json", _ld(headline="x", description=f"a\n{word}\tb")
    ),
    "__NEXT_DATA__": lambda word: _script("application/json' id='__NEXT_DATA__", _state(f"{LONG} {word} {LONG}")),
    "__NEXT_DATA__, escaped": lambda word: _script(
        "application/json' id='__NEXT_DATA__", _state(f"{LONG} @ {LONG}").replace("@", escaped(word))
    ),
    "__NEXT_DATA__, HTML": lambda word: _script(
        "application/json", _state(f"<p>{LONG}</p><p><b>{word[:3]}</b>{word[3:]}</p>").replace("<", "\\u003c")
    ),
    "__NEXT_DATA__, rich text": lambda word: _script("application/json", _state(_leaves(word))),
    "state given to a variable": lambda word: f"<script>window.__STATE__ = {_state(f'{LONG} {word}')};</script>",
    "state escaped twice": lambda word: (
        f"<script>window.__S__ = JSON.parse({json.dumps(json.dumps(json.loads(_state(f'{LONG} {word}'))))});</script>"
    ),
}
"""How a word stands in the head; what it is there for, a body that is written by scripts included."""

IN_BODY: dict[str, Callable[[str], str]] = {
    "alternative text": lambda word: f"<img src='/a.jpg' alt='{word} today'>",
    "caption": lambda word: f"<figure><img src='/a.jpg'><figcaption>{spread(word, '<wbr>')}</figcaption></figure>",
    "list of tags": lambda word: f"<p class='tags'><a rel='tag' href='/t'>{word}</a></p>",
    "list": lambda word: f"<ul><li>one</li><li>{word}</li></ul>",
    "table": lambda word: f"<table><tr><td>{word}</td><td>other words</td></tr></table>",
    "heading": lambda word: f"<h2>{word}</h2>",
    "quotation": lambda word: f"<blockquote><p>{word}</p></blockquote>",
    "blocks that touch": lambda word: f"<p>abc</p><p>{word}</p><p>def</p>",
    "broken lines": lambda word: f"<p>words before<br>{word}<br>words after</p>",
    "a div in the line": lambda word: (
        f"<div class='text'>{LONG} {word[:3]}<div class='share'>Share</div>{word[3:]} {LONG}</div>"
    ),
}
"""What stands in the body by itself."""

CHARSETS = ("utf-8-sig", "utf-16", "utf-16-le")
SOURCE = Source(
    id="s",
    name="S",
    languages=("km",),
    domains=("news.example",),
    reading=Reading(drop=(".never",)),
)


def page(body: bytes, kind: str = "text/html", link: Link | None = None) -> Page:
    """Give a fetched page."""
    fetched = datetime(2022, 6, 1, tzinfo=UTC)
    return Page(
        url="https://news.example/2022/a", source=SOURCE, body=body, fetched_at=fetched, content_type=kind, link=link
    )


def planted(template: str, words: Iterable[str] = WORDS) -> Iterator[Planted]:
    """Plant each word in every disguise in a page that has `<head>` and MARK, in the middle of its article, in it."""
    for word in words:
        for name, html in _markup(template, word):
            yield Planted(name, word, page(html.encode("utf-8", "surrogatepass")))
        plain = template.replace(MARK, f"<p>{SENTENCE.format(word)}</p>")
        for charset in CHARSETS:
            kind = f"text/html; charset={charset}" if charset == "utf-16-le" else "text/html"
            told = plain if charset == "utf-8-sig" else plain.replace("charset='utf-8'", "")
            yield Planted(charset, word, page(told.encode(charset), kind))
        bare = template.replace(MARK, "").encode()
        yield Planted(
            "the listing's title", word, page(bare.replace(b"<h1>", b"<h6>"), link=Link(url="/a", title=word))
        )
        dropped = SENTENCE.format(f"{word[:3]}<span class='never'>x</span>{word[3:]}")
        yield Planted("what the source drops", word, page(template.replace(MARK, f"<p>{dropped}</p>").encode()))


def _markup(template: str, word: str) -> Iterator[tuple[str, str]]:
    for name, dress in IN_TEXT.items():
        yield name, template.replace(MARK, f"<p>{SENTENCE.format(dress(word))}</p>")
    for name, dress in IN_HEAD.items():
        written_by_scripts = name.startswith(("__NEXT", "state"))
        base = _shell() if written_by_scripts else template
        yield name, base.replace(MARK, "").replace("<head>", f"<head>{dress(word)}", 1)
    for name, dress in IN_BODY.items():
        yield name, template.replace(MARK, dress(word))


def _shell() -> str:
    """Give a page whose text only scripts write."""
    return f"<html><head><meta charset='utf-8'><title>{escape(HEADLINE)}</title></head><body><h1>{escape(HEADLINE)}</h1></body></html>"
