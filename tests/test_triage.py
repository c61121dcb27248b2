import pickle
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.config import load_campaigns
from archive.errors import Dropped
from archive.model import Campaign, Campaigns, Page, Query, Term
from archive.vocabulary import key
from pipelines.match import Matcher
from pipelines.stages import read
from pipelines.triage import Triage
from pipelines.words.skeleton import skeleton
from tests.disguises import MARK, WORDS, Planted, page, planted
from tests.pages import ENGLISH, KHMER, markup

SHIPPED = load_campaigns(Path(__file__).parent.parent / "campaigns.toml")
TEMPLATE = markup(
    "<title>A road for three villages</title>", "<h1>A road for three villages</h1>", text=KHMER[:2]
).replace("</p>", f"</p>{MARK}", 1)
PLANTED = list(planted(TEMPLATE, (WORDS[2], "same-sex marriage")))
REPEATABLE = settings(derandomize=True, database=None, deadline=None, max_examples=100)


def matches(fetched: Page, matcher: Matcher) -> bool:
    try:
        return bool(read(fetched, matcher).matches)
    except Dropped:
        return False


def campaigns(*finds: str, terms: tuple[Term, ...] = ()) -> Campaigns:
    queries = tuple(Query(id=f"q{number}", label="", find=find) for number, find in enumerate(finds))
    return Campaigns(term=terms, campaign=(Campaign(id="c", name="c", since=date(2021, 12, 1), query=queries),))


def test_no_disguise_hides_a_word_that_reading_the_page_would_find() -> None:
    matcher, triage = Matcher(SHIPPED), Triage(SHIPPED)
    found = [one for one in PLANTED if matches(one.page, matcher)]
    assert len(PLANTED) >= 150
    assert len(found) >= 0.85 * len(PLANTED)
    missed = [(one.disguise, one.word) for one in found if not triage.may_match(one.page)]
    assert missed == []


def test_a_page_without_a_word_of_the_campaign_is_let_go() -> None:
    triage = Triage(SHIPPED)
    for text in (KHMER, ENGLISH):
        assert not triage.may_match(page(markup(text=text).encode()))


@pytest.mark.parametrize(
    ("find", "text", "may"),
    [
        ("gay Cambodia", "a gay couple", False),
        ("gay Cambodia", "gay in Cambodia", True),
        ("gay NOT Cambodia", "gay in Cambodia", True),
        ("gay OR NOT Cambodia", "nothing", True),
        ('"gay couple"~2', "a gay pride; a couple far away from it", True),
        ('"gay couple"~2', "gay pride", False),
        ("gay", "saying a year", False),
        ("gay", "gays, gayest", True),
        ("rock*", "rockers", True),
        ("RoCK", "rock music", False),
        ("RoCK", "the RoCK", True),
        ("RoCK", "#RoCKPride", True),
        ("Düsseldorf", "in Du\u0308sseldorf", True),
        ("Düsseldorf", "in Cologne", False),
        ("🏳️\u200d🌈", "Pride 🏳️\u200d🌈!", True),
        ("🏳️\u200d🌈", "Pride", False),
        ("office", "o\ufb03ce", True),
        ("ស្ត្រី", "សី្រ្ត", True),
        ("ស្ត្រី", "ស្រី", False),
        ("ភេទ", "ប្រភេទ", True),
    ],
)
def test_and_and_or_count_and_the_rest_does_not(find: str, text: str, may: bool) -> None:  # noqa: FBT001
    triage = Triage(campaigns(find, terms=(Term(say="RoCK", case="exact"), Term(say="ភេទ", unless=("ប្រភេទ",)))))
    assert triage.may_match(page(markup(text=(text, KHMER[0])).encode())) is may


def test_what_reading_would_name_an_outcome_of_is_left_to_it() -> None:
    triage = Triage(SHIPPED)
    for body in (b"", b"%PDF-1.4" + b"\x00", b"<a>" * 50_000):
        assert triage.may_match(page(body))


def test_the_following_pages_of_an_article_count() -> None:
    first, second = (page(markup(text=(text,)).encode()) for text in (KHMER[0], "LGBTQ"))
    assert Triage(SHIPPED).may_match(replace(first, further=(second,)))


def test_it_travels_to_another_process() -> None:
    travelled = pickle.loads(pickle.dumps(Triage(campaigns("gay"))))
    assert travelled.may_match(page(markup(text=("a gay couple", *ENGLISH)).encode()))
    assert not travelled.may_match(page(markup(text=ENGLISH).encode()))


def test_every_letter_that_folds_to_ascii_is_in_the_skeleton_as_that() -> None:
    others = (chr(code) for code in range(0x80, 0x30000) if not 0x1780 <= code < 0x1800 and not 0xD800 <= code < 0xE000)
    told = {char: "".join(re.findall("[a-z0-9]", key(char))) for char in others}
    assert [char for char, folded in told.items() if skeleton(f"x{char}y") != f"x{folded}y"] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("ស្រ្តី", "ស្ត្រី"), ("ខុំ្ញ", "ខ្ញុំ"), ("សេចក្ដី", "សេចក្តី"), ("២០២១", "2021"), ("ＬＧＢＴ", "l\u00adg b-t"), ("ឲ្យ", "ឱ្យ")],
)
def test_a_skeleton_is_the_same_however_a_word_is_typed(text: str, told: str) -> None:
    assert skeleton(text) == skeleton(told) != ""


PIECES = [
    "L",
    "GBT",
    " ",
    "<b>",
    "</b>",
    "<wbr>",
    "<p>",
    "</p>",
    "x",
    "ភេទ",
    "ប្រ",
    "ដូច",
    "គ្នា",
    "&#8203;",
    "\n",
    "<br>",
    "#",
    "gay",
    "។ ",
]


@REPEATABLE
@given(st.sampled_from(["LGBT", "ភេទដូចគ្នា", '"gay LGBT"', "gay ភេទ"]), st.lists(st.sampled_from(PIECES), max_size=14))
def test_it_never_says_no_where_reading_finds_something(find: str, pieces: list[str]) -> None:
    asked = campaigns(find)
    fetched = page(markup(text=(KHMER[0], "".join(pieces), KHMER[1])).encode())
    if matches(fetched, Matcher(asked)):
        assert Triage(asked).may_match(fetched)


def test_every_disguise_is_of_its_own() -> None:
    assert len({(one.disguise, one.word) for one in PLANTED}) == len(PLANTED)
    assert all(isinstance(one, Planted) for one in PLANTED)
