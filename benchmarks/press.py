"""A press of any size on loopback, in a process of its own: `python benchmarks/press.py SOURCES [FOLDER]`.

It prints its ports and serves until its input ends; with a FOLDER it serves the pages in there (.html, .html.gz) instead of its own.

How real: a page has 82 kB, 700 elements and 25 to 45 kB of scripts and styles: an article of 4,000 to 6,000 characters, Khmer at two sources of
three, in an ordinary theme's menu, ticker, teasers, comments and footer. (45 pages of 60 to 105 kB of the Article Extraction Benchmark
have 640 elements and 18 kB of scripts in the median.) It is well-formed HTML and its sentences repeat, as in real pages they do not.
All words are the newsroom's, and none is the shipped campaign's but one sentence in one page of thirty. The same number gives the same
page in every run.
"""

import asyncio
import gzip
import json
import random
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from lxml import html

from archive.config import load_campaigns
from archive.home import SHIPPED
from archive.khmer import clean, fold
from archive.model import Article
from newsroom.site import Story, load_sites
from pipelines.match import Matcher

ONE_IN = 30
"""Of so many pages one holds a word of the campaign."""
WORDS_OF_IT = {
    "km": "អ្នកចូលរួមក៏បាននិយាយអំពីសិទ្ធិរបស់អ្នកស្រឡាញ់ភេទដូចគ្នាផងដែរ។",
    "en": "They also spoke about same-sex marriage.",
}
COMPANY = (
    "ទទួលយក",
    "ភេទ",
    "រៀបការ",
    "ពិពាហ៍",
    "យុទ្ធនាការ",
    "accept",
    "gay",
    "lesbian",
    "transgender",
    "marriage",
    "campaign",
)
"""Words that the campaign's queries ask for together with others: what holds one could match beside another passage."""
SCRIPT = {"km": 16_000, "en": 38_000}
STYLE = 8_000
PARAGRAPHS, SENTENCES = 18, 3
HEAD = "HTTP/1.1 200 OK\r\nServer: press\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nNothing"


class Prose:
    """What there is to say in one language, nothing of it the campaign's."""

    def __init__(self, language: str) -> None:
        matcher = Matcher(load_campaigns(SHIPPED / "campaigns.toml"))
        stories = [story for site in load_sites() for story in site.stories]
        self.language = language
        self.titles = [title for story in stories if self._fits(matcher, title := clean(story.title))]
        self.passages = [text for story in stories for text in passages(story) if self._fits(matcher, text)]

    def _fits(self, matcher: Matcher, text: str) -> bool:
        if any(fold(word) in fold(text) for word in COMPANY):
            return False
        spoken = "km" if any("\u1780" <= letter <= "\u17ff" for letter in text) else "en"
        return spoken == self.language and not matcher.match(Article(url="", source="", text=text)).matches


def passages(story: Story) -> list[str]:
    """Give the paragraphs of a story as plain text."""
    found = [
        clean(" ".join(part.text_content().split())) for part in html.fromstring(f"<div>{story.body}</div>").iter("p")
    ]
    return [text for text in found if text]


@cache
def prose(language: str) -> Prose:
    """Give what there is to say in a language."""
    return Prose(language)


def language_of(source: int) -> str:
    """Two sources of three are Khmer."""
    return "en" if source % 3 == 2 else "km"


def is_hit(number: int) -> bool:
    """Tell whether the page of that number holds a word of the campaign."""
    return number % ONE_IN == 7


# ---- pages ------------------------------------------------------------------------------------------------------------------------


def page(source: int, number: int) -> bytes:
    """Make one page of about 82 kB."""
    above, below = furniture(source)
    return BEGIN[language_of(source)] + story(source, number).encode().replace(MIDDLE.encode(), above) + below


def story(source: int, number: int) -> str:
    """Make the article's own part of a page, from its head to the end of its text; MIDDLE stands where the theme's head and menu do."""
    language, chance = language_of(source), random.Random(source * 1_000_003 + number)
    words = prose(language)
    title = f"{chance.choice(words.titles)} ({number})"
    day = f"2021-{number % 12 + 1:02}-{number % 28 + 1:02}T09:{number % 60:02}:00+07:00"
    paragraphs = [" ".join(chance.choices(words.passages, k=SENTENCES)) for _ in range(PARAGRAPHS)]
    if is_hit(number):
        paragraphs[3] += " " + WORDS_OF_IT[language]
    return head(title, day, number) + MIDDLE + article(title, day, number, paragraphs)


def head(title: str, day: str, number: int) -> str:
    """Make what a page says of itself."""
    about = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": day}
    return (
        f'<title>{title}</title><link rel="canonical" href="/news/{number}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{title}"><meta property="article:published_time" content="{day}">'
        f'<script type="application/ld+json">{json.dumps(about)}</script>'
    )


def article(title: str, day: str, number: int, paragraphs: list[str]) -> str:
    """Make headline, by-line, picture and text."""
    text = "".join(
        f'<p>{text} <a href="/topic/{place}">{title[:20]}</a></p>{ADVERT if place % 4 == 1 else ""}\n'
        for place, text in enumerate(paragraphs)
    )
    return (
        f'<article class="post type-post"><header><h1 class="entry-title">{title}</h1>'
        f'<p class="meta">By <a rel="author" href="/author/{number % 9}">Sok Dara</a> · <time datetime="{day}">{day[:10]}</time></p>{SHARING}'
        f'</header><figure><img src="/media/{number}.jpg" alt=""><figcaption>{title}</figcaption></figure>'
        f'<div class="entry-content">{text}</div></article>'
    )


ADVERT = '<div class="ad-slot" data-sizes="[[300,250],[336,280]]"><script>window.ads=window.ads||[];ads.push({slot:7});</script></div>'
MIDDLE = "<!-- theme -->"
BEGIN = {
    language: f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'.encode()
    for language in ("km", "en")
}
SHARING = (
    '<ul class="share">'
    + "".join(f'<li><a href="https://{to}.example/share">{to}</a></li>' for to in "abcdef")
    + "</ul>"
)


@cache
def furniture(source: int) -> tuple[bytes, bytes]:
    """Make what stands above and below every article of one source."""
    language, chance = language_of(source), random.Random(source)
    titles = prose(language).titles
    theme = (
        "".join(f'<meta property="og:detail{n}" content="{chance.choice(titles)}">\n' for n in range(25))
        + "".join(f'<link rel="preload" as="font" href="/fonts/{n}.woff2">\n' for n in range(20))
        + f"<style>{styles(chance)}</style><script>{scripts(chance, SCRIPT[language] // 2)}</script></head><body>"
    )
    menu = "".join(
        f'<li class="menu-item menu-{n}"><a href="/section/{n}/">{chance.choice(titles)[:18]}</a></li>\n'
        for n in range(60)
    )
    ticker = "".join(f'<span><a href="/news/t{n}">{chance.choice(titles)}</a></span>' for n in range(8))
    above = f'{theme}<header><nav><ul>{menu}</ul></nav><div class="ticker">{ticker}</div></header><main>'
    below = f"</main>{teasers(chance, titles, prose(language).passages)}{comments(chance, language)}{footer(chance, titles)}"
    return above.encode(), f"{below}<script>{scripts(chance, SCRIPT[language] // 2)}</script></body></html>".encode()


def teasers(chance: random.Random, titles: list[str], words: list[str]) -> str:
    """Make a column of other stories."""
    cards = "".join(
        f'<div class="card"><div class="thumb"><a href="/news/r{n}"><img loading="lazy" src="/media/r{n}.jpg" srcset="/media/r{n}-300.jpg 300w"'
        f' alt=""></a></div><div class="body"><h3><a href="/news/r{n}">{chance.choice(titles)}</a></h3><span class="date">2021-12-{n % 28 + 1:02}'
        f"</span><p>{chance.choice(words)[:90]} …</p></div></div>\n"
        for n in range(32)
    )
    return f'<aside class="related">{cards}</aside>'


def comments(chance: random.Random, language: str) -> str:
    """Make what readers wrote below."""
    said = "".join(
        f'<li class="comment"><div class="comment-body"><cite>Reader {n}</cite><p>{chance.choice(prose(language).passages)}</p>'
        f'<a class="reply" href="?reply={n}">Reply</a></div></li>'
        for n in range(10)
    )
    return f'<section id="comments" class="comments"><ol>{said}</ol></section>'


def footer(chance: random.Random, titles: list[str]) -> str:
    """Make the end of a page."""
    links = "".join(f'<li><a href="/page/{n}">{chance.choice(titles)[:24]}</a></li>\n' for n in range(40))
    return f'<footer class="site-footer"><ul>{links}</ul><p>© Press</p></footer>'


def styles(chance: random.Random) -> str:
    """Make rules that style nothing."""
    rules = (
        f".c{n}-{chance.randrange(10**6)}{{margin:{n % 40}px auto;color:#{chance.randrange(16**6):06x}}}"
        for n in range(10**6)
    )
    return cut(rules, STYLE)


def scripts(chance: random.Random, size: int) -> str:
    """Make statements that do nothing."""
    lines = (f'q.push(["e{n}",{{"k":"{chance.randrange(10**9)}","v":{chance.random():.6f}}}]);' for n in range(10**6))
    return cut(lines, size)


def cut(parts: Iterator[str], size: int) -> str:
    """Join parts up to a size."""
    joined: list[str] = []
    length = 0
    while length < size:
        joined.append(next(parts))
        length += len(joined[-1])
    return "\n".join(joined)


# ---- serving ----------------------------------------------------------------------------------------------------------------------


class Pages:
    """What is served: pages that are made, or those of a folder in turn."""

    def __init__(self, folder: Path | None) -> None:
        found = sorted(folder.rglob("*.html*")) if folder else []
        self._stored = [
            gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in found
        ]

    def answer(self, source: int, base: str, path: str) -> bytes:
        """Answer a path: /sitemap-<n>.xml lists n pages, /news/<number> is one; nothing else is there, robots.txt neither."""
        if path.startswith("/sitemap-"):
            return framed("application/xml", sitemap(base, int(path[9:].removesuffix(".xml"))))
        if path.startswith("/news/") and path[6:].isdecimal():
            return framed("text/html", self._page(source, int(path[6:])))
        return MISSING

    def _page(self, source: int, number: int) -> bytes:
        if not self._stored:
            return page(source, number)
        return self._stored[(number * 20 + source) % len(self._stored)]


def framed(kind: str, body: bytes) -> bytes:
    """Put a head before a body."""
    return HEAD.format(kind, len(body)).encode() + body


def sitemap(base: str, number: int) -> bytes:
    """List the first pages of a source."""
    entries = "".join(f"<url><loc>{base}/news/{n}</loc></url>" for n in range(number))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


class Connection(asyncio.Protocol):
    """One client; keeps the connection, answers GET only."""

    def __init__(self, pages: Pages, source: int) -> None:
        self.pages, self.source = pages, source
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        host, port = transport.get_extra_info("sockname")
        self.base = f"http://{host}:{port}"

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        *requests, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for request in requests:
            self.transport.write(self.pages.answer(self.source, self.base, request.split(b" ", 2)[1].decode()))


async def serve(sources: int, pages: Pages) -> None:
    """Serve so many sources, each on a port of its own, until the input ends; prints the ports first."""
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(partial(Connection, pages, source), "127.0.0.1", 0) for source in range(sources)
    ]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Pages(Path(sys.argv[2]) if len(sys.argv) > 2 else None)))
