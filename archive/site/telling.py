"""What stands in the archive as one word, told in a sentence: messages in English, whose Khmer stands in `locale/km/tamdan.po`."""

from collections.abc import Mapping

ORIGINS: Mapping[str, str] = {
    "json-ld": "the page's own data for machines (JSON-LD)",
    "state": "data in the page that its scripts were to show",
    "meta": "the page's head (meta tags)",
    "time": "a time element of the page",
    "selector": "the place named for this source in sources.toml",
    "by-line": "the line printed by the headline",
    "listing": "the list in which the source announced it",
    "url": "the address of the page",
    "picture": "the file name of its picture",
    "person": "a person of the team",
}
"""Where a date was told."""

PRECISIONS: Mapping[str, str] = {"day": "to the day", "minute": "to the minute"}

FLAGS: Mapping[str, str] = {
    "short": "The text is short: it may not be the whole article.",
    "many links": "Much of the text is links: it may be a list rather than an article.",
    "big page, little text": "The page was large and little text was found in it: some may be missing.",
    "paywalled": "The page showed its beginning only and asked for payment: the rest is missing.",
    "one page of several": "The article goes on at further pages that could not be read.",
    "noarchive": "The page asks archives not to show copies of it: keep its text within the team.",
}

KINDS: Mapping[str, str] = {
    "article": "Article",
    "post": "Post",
    "radio": "Radio",
    "TV": "Television",
    "print": "Print",
}

MEDIA: Mapping[str, str] = {
    "earned": "Earned: others published it of their own accord",
    "owned": "Owned: the campaign's own publication",
}

DECISIONS: Mapping[str, str] = {
    "new": "Nobody has decided about it yet",
    "keep": "Kept",
    "reject": "Rejected: it counts nowhere",
    "unsure": "Somebody is unsure about it",
}

TONES: Mapping[str, str] = {"positive": "Positive", "neutral": "Neutral", "negative": "Negative"}

FIELDS: Mapping[str, str] = {
    "title": "Title",
    "text": "Text",
    "description": "Summary",
    "caption": "Caption",
    "tag": "Tag",
    "published": "Day",
    "source": "Source",
    "authors": "Authors",
}

CAUSES: Mapping[str, str] = {
    "fetched": "As the page was when it was fetched",
    "read again": "What was kept was read again by a later version",
}
"""Why there is a revision."""

TLS: Mapping[str, str] = {
    "verified": "The connection's certificate was verified",
    "unverified": "The connection was encrypted, its certificate not verified",
    "none": "The connection was not encrypted",
}

CAPTURES: Mapping[str, str] = {
    "response": "The answer of the site as it was sent",
    "resource": "The page as the crawler kept it, without the answer's head",
}

SIGNS: Mapping[str, str] = {
    "credited": "Others name it as where they have the text from: {says}",
    "credits": "It names another source as where it has the text from: {says}",
    "earliest": "It was first to the minute: {says}",
    "earlier day": "Its day is the earliest: {says}",
    "signed": "It is signed by a person: {says}",
    "fullest": "Its text is the longest: {says} characters",
}
"""What speaks for or against an article's being the original of its story."""

LIKENESSES: Mapping[str, str] = {
    "exact": "The same text",
    "contained": "{share} of the shorter text stands in the other",
}

STATUSES: Mapping[str, str] = {
    "open": "It publishes, and is followed",
    "closed": "It was closed",
    "suspended": "It is not followed at present",
    "unconfirmed": "It is followed; nobody has confirmed its listings yet",
    "by hand": "Only people add articles of it; no crawl asks it",
}
"""How a source stands."""

LANGUAGES: Mapping[str, str] = {"km": "Khmer", "en": "English", "und": "Language unknown"}

CHANGES: Mapping[str, str] = {"gained": "Gained", "withdrawn": "Withdrawn"}
"""What a query gained or lost when kept pages were read again."""

_ALL = (
    *(ORIGINS, PRECISIONS, FLAGS, KINDS, MEDIA, DECISIONS, TONES, FIELDS, CAUSES, TLS, CAPTURES, SIGNS, LIKENESSES),
    *(STATUSES, LANGUAGES, CHANGES),
)
MESSAGES = tuple(words for told in _ALL for words in told.values())
"""Every message of this module, for whoever looks for those without a translation."""
