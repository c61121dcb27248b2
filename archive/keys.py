"""The public key of an article: short, stable, and never read as a number by a spreadsheet."""

from hashlib import sha256


def article_key(url: str) -> str:
    """Give the key of the article at this canonical URL: `a` and 16 hexadecimal digits."""
    return "a" + sha256(url.encode()).hexdigest()[:16]
