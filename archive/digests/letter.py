"""A message in words: subject, text and HTML, in the language of the digest or of the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.digests.news import Item, News, selection_for
from archive.localize import Locale, locale_of
from archive.model import Channel, Digest, Site
from archive.site.rendering import page

NO_ADDRESS = "Its address is not in the environment."
WRONG_ADDRESS = "Its address is none that messages can be sent to."
OTHER_HOST = "Its address leads to a host that is not among its hosts."
NOT_PUBLIC = "Its host has no public address."
UNREACHED = "It cannot be reached, or it does not take the message."
MESSAGES = (
    "Its address is not in the environment.",
    "Its address is none that messages can be sent to.",
    "Its address leads to a host that is not among its hosts.",
    "Its host has no public address.",
    "It cannot be reached, or it does not take the message.",
)
"""Why a message was not sent; none of these words repeats anything of the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent. `blocks` are its text, each of them kept whole where a channel takes short messages only."""

    subject: str
    blocks: tuple[str, ...]
    html: str

    @property
    def text(self) -> str:
        """Give the whole text."""
        return "\n\n".join(self.blocks)


def digest_letter(digest: Digest, told: News, site: Site) -> Letter:
    """Tell what is new, or that nothing is."""
    locale = locale_of(digest.lang)
    subject = _subject(_name(digest, site, locale), told, locale)
    everything = _everything(digest, site) if told.more else ""
    html = page(
        "digest.html",
        locale,
        {"subject": subject, "news": told, "base": _base(site), "everything": everything},
    )
    blocks = [_item(number, item, site, locale) for number, item in enumerate(told.items, 1)]
    return Letter(
        subject=subject,
        blocks=(*(blocks or [locale.text("Nothing is new.")]), *_more(told, everything, locale)),
        html=html,
    )


def trouble_letter(subject: str, lines: Sequence[str], channel: Channel) -> Letter:
    """Tell the operator what was noted of sources and channels, one line each."""
    html = page("trouble.html", locale_of(channel.lang), {"subject": subject, "lines": lines})
    return Letter(subject=subject, blocks=("\n".join(lines),), html=html)


def site_name(site: Site, locale: Locale) -> str:
    """Give what the site is called in a language."""
    own = site.name_km if locale.code == "km" else site.name
    return own or site.name or locale.text("Tamdan")


def _name(digest: Digest, site: Site, locale: Locale) -> str:
    return digest.name or site_name(site, locale)


def _subject(name: str, told: News, locale: Locale) -> str:
    if not told.articles:
        return locale.text("{name}: nothing new", name=name)
    return locale.count("{name}: {number} new article", "{name}: {number} new articles", told.articles, name=name)


def _item(number: int, item: Item, site: Site, locale: Locale) -> str:
    told = item.told
    lines = [
        f"{locale.number(number)}. {told.title}",
        *(" · ".join(filter(None, (run.source, locale.day(run.day)))) for run in item.runs),
        f"«{told.quote}»" if told.quote else "",
        locale.text("Only the headline could be read.") if told.headline_only else "",
        locale.text("In the archive: {address}", address=_base(site) + item.path) if site.url else "",
        *(
            locale.text("At {source}: {address}", source=run.source, address=run.url)
            for run in item.runs
            if run.is_linked
        ),
    ]
    return "\n".join(filter(None, lines))


def _more(told: News, everything: str, locale: Locale) -> list[str]:
    if not told.more:
        return []
    words = locale.count("And {number} more article.", "And {number} more articles.", told.more)
    return [f"{words}\n{everything}" if everything else words]


def _everything(digest: Digest, site: Site) -> str:
    if not site.url:
        return ""
    asked = urlencode(selection_for(digest).parameters())
    return f"{_base(site)}/search" + (f"?{asked}" if asked else "")


def _base(site: Site) -> str:
    return site.url.rstrip("/")
