"""The public keys of articles and stories: short, stable, and never read as a number by a spreadsheet."""

from hashlib import sha256


def article_key(url: str) -> str:
    """Give the key of the article at this canonical URL: `a` and 16 hexadecimal digits."""
    return "a" + _digest(url)


def story_key(article: str) -> str:
    """Give the key of the story that begins with the article of this key: `s` and 16 hexadecimal digits."""
    return "s" + _digest(article)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
