"""What charts are made of: their nouns, colours, patterns and words, as SVG on the screen and on paper.

On paper (PDF, mail) words are laid over the SVG as HTML, since WeasyPrint draws the text of an SVG letter by letter, which Khmer does not
bear; on the screen they are in the SVG, since our pages allow no styles of single elements.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from markupsafe import Markup, escape

from archive.khmer import cluster_count, count_khmer
from archive.localize import Locale

Surface = Literal["screen", "paper"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour stands for."""

    name: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, month, source or query: a value for each series; `href` is where its articles are, `title` what pointing at it tells."""

    label: str
    values: tuple[int, ...]
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened just before the bar of this number, from 0: a word watched since, a source added."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: `x` says what the bars are, `y` what their length counts; marks are drawn by `columns` only."""

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def totals(self) -> list[int]:
        """Give the whole length of each bar."""
        return [sum(bar.values) for bar in self.bars]

    @property
    def key(self) -> str:
        """Give a name for its parts that no other chart of the page has."""
        told = f"{self.title}\n{self.x}\n{self.y}\n{[bar.values for bar in self.bars]}"
        return f"c{sha256(told.encode()).hexdigest()[:8]}"


# Told apart on white by anybody, and dark enough (3 to 1) against it.
COLOURS = ("#0b5f8f", "#c2571a", "#2f7d4f", "#8a4b9c", "#8c6d00", "#5b6470")
# What is drawn over the colour: nothing, stripes, dots, lines, a grid, stripes the other way.
PATTERNS = (
    "",
    "M-1 1 1-1M0 6 6 0M5 7 7 5",
    "M2 2h2v2h-2z",
    "M0 3H6",
    "M0 3H6M3 0V6",
    "M-1 5 1 7M0 0 6 6M5-1 7 1",
)
INK, FAINT = "#333", "#d0d0d0"
FONT = 'font-family="Noto Sans Khmer, Khmer OS Battambang, sans-serif"'
TEXT = 12  # size of letters in the units of the drawing; the style sheet makes them larger on a narrow screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Some words on the drawing, where their baseline begins, has its middle or ends; `kind` is their class in the style sheet."""

    text: str
    x: float
    y: float
    anchor: Anchor = "start"
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart as drawn: shapes as SVG, words, and for each bar the outline of where it is pointed at."""

    kind: str
    size: tuple[int, int]
    shapes: Sequence[str]
    words: Sequence[Word]
    areas: Sequence[str]


def figure(chart: Chart, drawing: Drawing | None, locale: Locale, surface: Surface) -> Markup:
    """Put a drawing under its title and legend; None says in words that there is nothing to draw."""
    title = f"<figcaption>{escape(chart.title)}</figcaption>"
    if drawing is None:
        words = escape(locale.text("There is nothing to show for this yet."))
        return Markup(f'<figure class="chart">{title}<p class="nothing">{words}</p></figure>')  # noqa: S704  escaped above
    drawn = _on_paper(chart, drawing, locale) if surface == "paper" else _on_screen(chart, drawing, locale)
    return Markup(  # noqa: S704  every word in it was escaped where it was put in
        f'<figure class="chart {drawing.kind}">{title}{_legend(chart)}{drawn}</figure>'
    )


def _on_screen(chart: Chart, drawing: Drawing, locale: Locale) -> str:
    # Of sixty columns none is a stop for the keyboard: the table behind has the same links.
    pointed = _pointed(chart, drawing.areas, locale, ' tabindex="-1"' if drawing.kind == "columns" else "")
    return _svg(chart, drawing, locale, "".join(map(_written, drawing.words)) + pointed)


def _written(word: Word) -> str:
    kind = f' class="{word.kind}"' if word.kind else ""
    return f'<text{kind} x="{word.x:g}" y="{word.y:g}"{_ANCHORED[word.anchor]}>{escape(word.text)}</text>'


_ANCHORED = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}


PAPER = {"columns": "170mm", "rows": "100mm"}
"""How wide a drawing is at most: there 8 points are hardly smaller than letters of the drawing."""


def _on_paper(chart: Chart, drawing: Drawing, locale: Locale) -> str:
    box = f"position:relative;font-size:8pt;line-height:1.15;max-width:{PAPER[drawing.kind]}"
    words = "".join(_laid(word, drawing.size) for word in drawing.words)
    return f'<div style="{box}">{_svg(chart, drawing, locale, "")}{words}</div>'


def _laid(word: Word, size: tuple[int, int]) -> str:
    width, height = size
    at = f"right:{1 - word.x / width:.2%}" if word.anchor == "end" else f"left:{word.x / width:.2%}"
    middle = ";transform:translateX(-50%)" if word.anchor == "middle" else ""
    top = f"top:{(word.y - TEXT) / height:.2%}"
    return f'<span style="position:absolute;white-space:nowrap;{top};{at}{middle}">{escape(word.text)}</span>'


def _svg(chart: Chart, drawing: Drawing, locale: Locale, over: str) -> str:
    # Links inside an image of one piece would be lost to screen readers, so that a chart with links is a group.
    role = "group" if over and any(bar.href for bar in chart.bars) else "img"
    width, height = drawing.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="{role}" aria-labelledby="{chart.key}t {chart.key}d"'
        f' {FONT} font-size="{TEXT}" fill="{INK}"><title id="{chart.key}t">{escape(chart.title)}</title>'
        f'<desc id="{chart.key}d">{_described(chart, locale)}</desc>{_patterns(chart)}{"".join(drawing.shapes)}{over}</svg>'
    )


def _described(chart: Chart, locale: Locale) -> Markup:
    most = max(chart.totals)
    where = chart.bars[chart.totals.index(most)].label
    words = locale.text(
        "{total} in all; the most, {most}, at {where}.", total=sum(chart.totals), most=most, where=where
    )
    return escape(words)


def _pointed(chart: Chart, areas: Sequence[str], locale: Locale, stop: str) -> str:
    """Lay over each bar what tells about it and leads to its articles."""
    told = ""
    for bar, area in zip(chart.bars, areas, strict=True):
        drawn = f'<title>{escape(bar.title or _told(chart, bar, locale))}</title><path d="{area}"/>'
        told += f'<a href="{escape(bar.href)}"{stop}>{drawn}</a>' if bar.href else f"<g>{drawn}</g>"
    return f'<g class="hit" fill-opacity="0">{told}</g>'


def _told(chart: Chart, bar: Bar, locale: Locale) -> str:
    pairs = [(one.name, value) for one, value in zip(chart.series, bar.values, strict=True) if value]
    return "\n".join([bar.label, *(f"{name}: {locale.number(value)}" for name, value in pairs or [(chart.y, 0)])])


# ---- colours and patterns ---------------------------------------------------------------------------------------------------------


def stacked(chart: Chart, path: Callable[[int, int, int], str]) -> Iterator[str]:
    """Draw one path for all the bars of a series, so that sixty months of six series stay small.

    `path` draws one piece by the number of its bar, what lies before it in the stack, and its value.
    """
    before = [0] * len(chart.bars)
    for place in range(len(chart.series)):
        drawn = ""
        for number, bar in enumerate(chart.bars):
            if value := bar.values[place]:
                drawn += path(number, before[number], value)
                before[number] += value
        if drawn:
            yield f'<path {_fill(f"{chart.key}{place}", place)} d="{drawn}"/>'


def _fill(name: str, place: int) -> str:
    """Fill a shape with the pattern of that name; the first series has its colour alone."""
    return f'fill="url(#{name})"' if place else f'class="s0" fill="{COLOURS[0]}"'


def _patterns(chart: Chart) -> str:
    made = "".join(_pattern(f"{chart.key}{place}", place) for place in range(1, len(chart.series)))
    return f"<defs>{made}</defs>" if made else ""


def _pattern(name: str, place: int) -> str:
    kind = place % len(COLOURS)
    return (
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse"><path class="s{kind}" fill="{COLOURS[kind]}"'
        f' d="M0 0h6v6h-6z"/><path class="over" stroke="#fff" stroke-width="1.3" fill="none" d="{PATTERNS[kind]}"/></pattern>'
    )


def _legend(chart: Chart) -> str:
    if len(chart.series) < 2:
        return ""
    items = "".join(_swatch(f"{chart.key}l{place}", place, one) for place, one in enumerate(chart.series))
    return f'<p class="legend">{items}</p>'


def _swatch(name: str, place: int, series: Series) -> str:
    defs = f"<defs>{_pattern(name, place)}</defs>" if place else ""
    return (
        '<span><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">'
        f'{defs}<path {_fill(name, place)} d="M0 0h12v12h-12z"/></svg>\u00a0{escape(series.name)}</span> '
    )


def length(text: str) -> float:
    """Guess the width of a text: what a cluster, or a Latin letter, takes in most fonts."""
    return TEXT * (0.85 * cluster_count(text) + 0.6 * (len(text) - count_khmer(text)))
