"""The words by which a page tells who, when and what, one table per language: what such a table holds, and patterns made of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import chain, zip_longest
from typing import Any

from archive.khmer import fold

Words = tuple[str, ...]
"""Words that mean the same; their order tells nothing."""
Groups = tuple[Words, ...]
"""Spellings of one thing after the other: January, February …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words by which a page in one language tells who, when and what: data only, each in its clean form.

    What a language has no word for stays empty. The words of all languages are looked for in every page.
    """

    # ---- days
    months: Groups = ()
    """Twelve, each with the spellings seen in print."""
    weekdays: Groups = ()
    """Seven, from Monday."""
    day_words: Words = ()
    """«day», as it stands before a date or a weekday."""
    month_words: Words = ()
    year_words: Words = ()
    nth: Words = ()
    """What makes a number the day of a month."""
    of_words: Words = ()
    """What may stand between a day and its month."""
    buddhist_era: Words = ()
    """Full stops and blanks between them may be missing."""
    common_era: Words = ()
    era_words: Words = ()
    """«era», as it stands before a year in words."""
    which_is: Words = ()
    """Between a lunar date and the common one."""
    which_is_next: Words = ()
    """What follows it there, where the word for day does not follow at once."""
    date_labels: Words = ()
    """What may stand beside «today» in a line that tells nothing else."""

    # ---- numbers in words
    ones: Groups = ()
    """One to nine."""
    tens: Groups = ()
    """Ten to ninety."""
    hundred: Words = ()
    thousand: Words = ()

    # ---- times of day
    hour_words: Words = ()
    minute_words: Words = ()
    and_words: Words = ()
    half_past: Words = ()
    morning: Words = ()
    midday: Words = ()
    afternoon: Words = ()
    """And evening."""
    night: Words = ()
    daytime: Words = ()
    """Late morning or early afternoon."""
    after_day: Words = ()
    """Where these follow, the word for daytime means «day»."""

    # ---- counted back from now
    ago_units: Groups = ()
    """Seconds, minutes, hours, days, weeks; then all that have no fixed number of days."""
    ago: Words = ()
    ends_in_ago: Words = ()
    """The one with which what stands beside a name is known as a date."""
    yesterday: Words = ()
    today: Words = ()
    just_now: Words = ()

    # ---- the lunar calendar
    lunar_months: Groups = ()
    """Fourteen, as `pipelines.days.lunar` counts them."""
    waxing: Words = ()
    waning: Words = ()

    # ---- whose text it is
    credit_words: Words = ()
    """In running text, before the name of the source it is from."""
    desk_words: Words = ()
    """In the names of desks, agencies and offices, and in no person's."""

    # ---- by-lines
    by: Words = ()
    before_by: Words = ()
    """Of what someone did: the word for «by» follows."""
    after_no_by: Words = ()
    """Where these follow, the word for «by» is part of another."""
    reporters: Words = ()
    """Who writes news: with a colon before a name, without one before or after it."""
    by_labels: Words = ()
    """Before a colon and a name, beside the reporters."""
    inner_labels: Words = ()
    """The same within a line, after a date."""
    text_and_pictures: Words = ()
    """The same, of who did both; blanks may be missing."""
    translators: Words = ()
    """The same, of who translated."""
    translated: Words = ()
    """With which a line begins that tells who translated."""
    other_work: Words = ()
    """With which a line begins that tells who took pictures, filmed or edited."""
    source_labels: Words = ()
    """Before a colon and the source a text is from."""
    courtesy: Words = ()
    """Before names and degrees."""
    honorifics: Words = ()
    """Before names alone."""
    degrees: Words = ()
    offices: Words = ()
    """Beginnings of what stands after a name."""
    between_names: Words = ()
    from_words: Words = ()
    """Between a name and where its bearer is."""
    place_words: Words = ()
    """Beginnings of what follows there."""
    province_words: Words = ()
    """Beginnings of what is a place and no name."""
    places: Words = ()
    """What stands where a name is looked for."""
    desk_signatures: Words = ()
    """The same: what desks sign, and labels."""
    desk_beginnings: Words = ()
    """Beginnings of what a desk signs."""
    agency_words: Words = ()
    """In the names of news agencies."""
    posted: Words = ()
    """After a name, before a date."""
    at_words: Words = ()

    # ---- labels of dates
    published: Words = ()
    changed: Words = ()
    edited: Words = ()
    """Tells a change, but with «by» after it the editor."""

    # ---- lines that are no text of the article
    leads_elsewhere: Words = ()
    """With which a line begins that leads to other articles or to comments."""
    farewell: Words = ()
    """With which a line begins that asks to share and to follow, or keeps rights."""
    head_labels: Words = ()
    """With which a line begins that tells by whom and when it was written."""
    counted: Words = ()
    """In a line that counts pictures or readers."""
    page_kinds: Words = ()
    """What sites write beside or instead of a headline: the kind of page."""
    next_page: Words = ()
    """Of a link to the following page."""
    page_words: Words = ()
    """Before the number of a page."""

    # ---- pages in an article's place
    wall_titles: Words = ()
    """The whole title of a bot wall."""
    wall_title_beginnings: Words = ()
    wall_phrases: Words = ()
    """In the text of one."""
    consent: Words = ()
    """What only the question for consent says."""
    consent_topics: Words = ()
    """What its sentences are about."""
    subscribe: Words = ()
    """What an offer asks for …"""
    to_read: Words = ()
    """… and what it is for."""
    paid_only: Words = ()
    """What an offer says by itself."""
    missing: Words = ()
    """What says that a page is not there."""
    missing_words: Words = ()
    """All words of such a page; what holds another one may be an article."""
    javascript: Words = ()


def joined(wordings: Iterable[Wording]) -> Wording:
    """Give the words of several languages as if they were of one."""
    told = {field.name: [getattr(each, field.name) for each in wordings] for field in fields(Wording)}
    groups = {field.name for field in fields(Wording) if field.type == Groups}
    one: dict[str, Any] = {name: (_one_by_one if name in groups else _in_a_row)(each) for name, each in told.items()}
    return Wording(**one)


def _one_by_one(told: Iterable[Groups]) -> Groups:
    return tuple(map(_in_a_row, zip_longest(*told, fillvalue=())))


def _in_a_row(told: Iterable[Words]) -> Words:
    return tuple(chain.from_iterable(told))


# ---- patterns and numbers --------------------------------------------------------------------------------------------------------


def any_of(words: Iterable[str]) -> str:
    """Give the pattern of any of the words, the longest first."""
    return _any(map(re.escape, words))


def any_folded(words: Iterable[str]) -> str:
    """Give the pattern of any of the words in a folded text."""
    return any_of(map(fold, words))


def any_spaced(words: Iterable[str]) -> str:
    """Give the pattern of any of the words, whatever blanks stand at theirs."""
    return _any(re.escape(word).replace(r"\ ", r"\s*") for word in words)


def any_abbreviated(words: Iterable[str]) -> str:
    """Give the pattern of any of the words in a folded text, with or without their full stops and with blanks after these."""
    return _any(r"\.?\s*".join(map(re.escape, fold(word).split("."))) for word in words)


def _any(patterns: Iterable[str]) -> str:
    return "(?:{})".format("|".join(sorted(dict.fromkeys(patterns), key=len, reverse=True)))


def numbered(groups: Groups, first: int = 1) -> Mapping[str, int]:
    """Map every folded word to the number of its group."""
    return {fold(word): number for number, words in enumerate(groups, first) for word in words}
