"""Templates as HTML: one environment for the pages of the site and for the report, everything escaped."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from archive.khmer import count_khmer
from archive.localize import Locale
from archive.site.assets import address
from archive.site.menu import menu, site_name


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
    made.filters["spoken"] = spoken
    made.globals |= {"asset": address, "menu": menu, "site_name": site_name}
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
