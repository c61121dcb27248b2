"""Charts as SVG inside the page: stacked columns over time, lying bars with names, and the table behind each.

Nothing outside is needed to draw them: colours stand in the SVG itself, where reports, PDF and mail find them, and a style sheet may lay
its own over them by the classes `s0` to `s5`. Series differ by pattern too, so that they can be told apart without colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup, escape

from archive.drawing import FAINT, INK, TEXT, Bar, Chart, Drawing, Mark, Series, Surface, Word, figure, length, stacked
from archive.localize import Locale

__all__ = ["Bar", "Chart", "Mark", "Series", "columns", "open_table", "rows", "table"]

# ---- columns over time ------------------------------------------------------------------------------------------------------------

WIDTH, PLOT, RIGHT, TOP, BOTTOM = 640, 190, 16, 40, 62
MARK = 26  # height of the line of words above the plot that each mark takes
NARROWED = 1.75  # how much larger the style sheet makes the letters on a narrow screen


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the columns stand in the drawing."""

    left: float
    top: int
    count: int
    ceiling: int

    @property
    def floor(self) -> int:
        """Give where zero lies."""
        return self.top + PLOT

    @property
    def share(self) -> float:
        """Give the width that each column and its gap have."""
        return (WIDTH - RIGHT - self.left) / self.count

    def x(self, number: float) -> float:
        """Give where the share of a column begins."""
        return round(self.left + number * self.share, 1)

    def y(self, value: int) -> float:
        """Give the height at which a value lies."""
        return round(self.floor - PLOT * value / self.ceiling, 1)


def columns(chart: Chart, locale: Locale, surface: Surface = "screen") -> Markup:
    """Draw upright columns, the series of each stacked; a bar of nothing is a gap."""
    if not any(chart.totals):
        return figure(chart, None, locale, surface)
    ceiling, lines = _scale(max(chart.totals), 4)
    left = round(14 + NARROWED * length(locale.number(ceiling)))
    plot = _Plot(left, TOP + MARK * len(chart.marks), len(chart.bars), ceiling)
    drawing = Drawing(
        kind="columns",
        size=(WIDTH, plot.floor + BOTTOM),
        shapes=[_grid(lines, plot), *_stacks(chart, plot), _dashes(chart, plot)],
        words=[*_numbers(lines, plot, locale), *_names_below(chart, plot), *_axes(chart, plot), *_marks(chart, plot)],
        areas=[_column(plot, number) for number in range(plot.count)],
    )
    return figure(chart, drawing, locale, surface)


def _scale(most: int, lines: int) -> tuple[int, list[int]]:
    """Give the height of the plot and the whole numbers at which a line is drawn: 1, 2 or 5 times a power of ten apart."""
    steps = (factor * 10**power for power in range(19) for factor in (1, 2, 5))
    step = next(step for step in steps if step * lines >= most)
    ceiling = -(-most // step) * step
    return ceiling, list(range(0, ceiling + 1, step))


def _grid(lines: Sequence[int], plot: _Plot) -> str:
    path = "".join(f"M{plot.left:g} {plot.y(value):g}H{WIDTH - RIGHT}" for value in lines)
    return f'<path class="grid" stroke="{FAINT}" d="{path}"/>'


def _numbers(lines: Sequence[int], plot: _Plot, locale: Locale) -> Iterator[Word]:
    for value in lines:
        yield Word(text=locale.number(value), x=plot.left - 6, y=plot.y(value) + 4, anchor="end")


def _stacks(chart: Chart, plot: _Plot) -> Iterator[str]:
    width = round(min(plot.share * 0.8, 110), 1)

    def piece(number: int, below: int, value: int) -> str:
        height = round(PLOT * value / plot.ceiling, 1)
        x = plot.x(number + 0.5) - width / 2
        return f"M{x:.1f} {plot.y(below):g}v-{height:g}h{width:g}v{height:g}z"

    return stacked(chart, piece)


def _names_below(chart: Chart, plot: _Plot) -> Iterator[Word]:
    """Write the names of the bars, so few that none touch; those of the kind `also` are left out where letters are larger."""
    widths = [length(bar.label) for bar in chart.bars]
    step = ceil((max(widths) + TEXT) / plot.share)
    every = ceil((NARROWED * max(widths) + TEXT) / (plot.share * step))
    for place, number in enumerate(range(0, plot.count, step)):
        half = widths[number] / 2
        x = round(min(max(plot.x(number + 0.5), half), WIDTH - half))
        kind = "also" if place % every else ""
        yield Word(text=chart.bars[number].label, x=x, y=plot.floor + 22, anchor="middle", kind=kind)


def _axes(chart: Chart, plot: _Plot) -> Iterator[Word]:
    yield Word(text=chart.y, x=0, y=16, kind="axis")
    yield Word(text=chart.x, x=plot.x(plot.count / 2), y=plot.floor + 50, anchor="middle", kind="axis")


def _dashes(chart: Chart, plot: _Plot) -> str:
    path = "".join(f"M{plot.x(mark.at):g} {TOP + MARK * row + 4}V{plot.floor}" for row, mark in enumerate(chart.marks))
    return f'<path class="mark" stroke="{INK}" stroke-dasharray="4 3" d="{path}"/>' if path else ""


def _marks(chart: Chart, plot: _Plot) -> Iterator[Word]:
    for row, mark in enumerate(chart.marks):
        x, y = plot.x(mark.at), TOP + MARK * row + 16
        if x < WIDTH / 2:
            yield Word(text=mark.words, x=x + 5, y=y)
        else:
            yield Word(text=mark.words, x=x - 5, y=y, anchor="end")


def _column(plot: _Plot, number: int) -> str:
    return f"M{plot.x(number):g} {plot.top}h{plot.share:.1f}v{PLOT}h-{plot.share:.1f}z"


# ---- lying bars with names --------------------------------------------------------------------------------------------------------

ROW, THICK, NARROW = 40, 12, 360


def rows(chart: Chart, locale: Locale, surface: Surface = "screen") -> Markup:
    """Draw lying bars in the order given, each with its name above its left end, where a long one has room, and its number behind."""
    if not any(chart.totals):
        return figure(chart, None, locale, surface)
    numbers = [locale.number(total) for total in chart.totals]
    unit = (NARROW - max(map(length, numbers)) - TEXT) / max(chart.totals)
    drawing = Drawing(
        kind="rows",
        size=(NARROW, ROW * len(chart.bars)),
        shapes=[*_lying(chart, unit)],
        words=[*_names_above(chart), *_numbers_behind(chart, numbers, unit)],
        areas=[f"M0 {ROW * row}h{NARROW}v{ROW}h-{NARROW}z" for row in range(len(chart.bars))],
    )
    return figure(chart, drawing, locale, surface)


def _lying(chart: Chart, unit: float) -> Iterator[str]:
    def piece(row: int, before: int, value: int) -> str:
        width = round(unit * value, 1)
        return f"M{unit * before:.1f} {ROW * row + 22}h{width:g}v{THICK}h-{width:g}z"

    return stacked(chart, piece)


def _names_above(chart: Chart) -> Iterator[Word]:
    for row, bar in enumerate(chart.bars):
        yield Word(text=_cut(bar.label, NARROW), x=0, y=ROW * row + 15)


def _numbers_behind(chart: Chart, numbers: Sequence[str], unit: float) -> Iterator[Word]:
    for row, (total, number) in enumerate(zip(chart.totals, numbers, strict=True)):
        yield Word(text=number, x=round(unit * total + 5, 1), y=ROW * row + 32)


def _cut(text: str, room: float) -> str:
    """Shorten a name that is wider than the drawing, at a space; the table has it whole."""
    if length(text) <= room:
        return text
    words = text.split(" ")
    while len(words) > 1 and length(" ".join(words)) > room - TEXT:
        words.pop()
    return " ".join(words) + "…"


# ---- the table behind -------------------------------------------------------------------------------------------------------------


def table(chart: Chart, locale: Locale) -> Markup:
    """Give the numbers of a chart as a table that opens on demand."""
    return Markup('<details class="behind"><summary>{}</summary>{}</details>').format(
        locale.text("Show as a table"), open_table(chart, locale)
    )


def open_table(chart: Chart, locale: Locale) -> Markup:
    """Give the numbers of a chart as a table."""
    many = len(chart.series) > 1
    names = [chart.x, *(one.name for one in chart.series if many), locale.text("Total") if many else chart.y]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(_line(bar, locale, many=many) for bar in chart.bars)
    return Markup(  # noqa: S704  every word in it was escaped where it was put in
        f"<table><caption>{escape(chart.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _line(bar: Bar, locale: Locale, *, many: bool) -> str:
    label = f'<a href="{escape(bar.href)}">{escape(bar.label)}</a>' if bar.href else escape(bar.label)
    numbers = [*(bar.values if many else ()), sum(bar.values)]
    cells = "".join(f'<td class="number">{locale.number(number)}</td>' for number in numbers)
    return f'<tr><th scope="row">{label}</th>{cells}</tr>'
