"""Addresses of this site, as forms and links carry them along: nobody is sent elsewhere from here."""

from urllib.parse import parse_qsl, urlencode, urlsplit


def inside(address: str) -> str:
    """Give an address of this site; empty for any other, to which nobody may be sent from here."""
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own and address.isprintable() else ""


def told_at(address: str, **told: object) -> str:
    """Give an address of this site with these parameters in place of those of the same names; None leaves one out."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in told]
    new = [(name, str(value)) for name, value in told.items() if value is not None]
    return parts._replace(query=urlencode([*kept, *new])).geturl()
