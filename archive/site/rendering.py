"""Templates as HTML: one environment for the pages of the site and for the report, everything escaped."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from archive.khmer import count_khmer, ends_cluster, starts_cluster
from archive.localize import Locale
from archive.site.assets import address
from archive.site.menu import is_current, menu, site_name


@cache
def environment() -> Environment:
    """Make the environment of the templates; what a template names and nobody gives is an error."""
    made = Environment(
        loader=PackageLoader("archive.site", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"spoken": spoken, "marked": marked}
    made.globals |= {"asset": address, "menu": menu, "is_current": is_current, "called": called, "site_name": site_name}
    return made


def page(template: str, locale: Locale, values: Mapping[str, Any]) -> str:
    """Fill a template; in it `_` and `n_` give messages in the locale's language, `locale` dates and numbers."""
    return (
        environment().get_template(template).render({"_": locale.text, "n_": locale.count, "locale": locale, **values})
    )


def spoken(text: str | None) -> Markup:
    """Escape a text and say where it is Khmer, for screen readers, fonts and the breaking of lines."""
    shown = escape(text or "")
    return Markup('<span lang="km">{}</span>').format(shown) if count_khmer(shown) else shown


def marked(quote: str, words: str | None) -> Markup:
    """Escape a quote and mark the words where they first stand in it without cutting a cluster."""
    start = quote.find(words) if words else -1
    while words and start >= 0 and not _whole(quote, start, start + len(words)):
        start = quote.find(words, start + 1)
    if not words or start < 0:
        return spoken(quote)
    end = start + len(words)
    shown = Markup("{}<mark>{}</mark>{}").format(quote[:start], quote[start:end], quote[end:])
    return Markup('<span lang="km">{}</span>').format(shown) if count_khmer(quote) else shown


def _whole(text: str, start: int, end: int) -> bool:
    return starts_cluster(text, start) and ends_cluster(text, end)


def called(locale: Locale, name: str, name_km: str | None) -> str:
    """Give the name in the locale's language, else the only one there is."""
    return name_km if name_km and locale.code == "km" else name
