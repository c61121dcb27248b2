from datetime import date

import pytest

from archive.config import warnings_for
from archive.model import Campaign, Campaigns, Query, Term


def campaigns(*terms: Term, since: date = date(2021, 12, 1), find: str = "LGBT*") -> Campaigns:
    query = Query(id="q", label="Q", find=find)
    return Campaigns(term=terms, campaign=(Campaign(id="c", name="C", since=since, query=(query,)),))


@pytest.mark.parametrize(
    ("declared", "place", "wrong"),
    [
        (campaigns(Term(say="ស្រី", also=("x",))), 'campaigns.toml, [[term]] "ស្រី"', "one Khmer cluster"),
        (campaigns(find="ស្រី OR LGBT*"), 'campaigns.toml, [[campaign]] "c", query "q", find', "one Khmer cluster"),
        (campaigns(Term(say="ឲ្យខ្ញុំ", also=("ឱ្យ ខ្ញុំ",))), 'campaigns.toml, [[term]] "ឲ្យខ្ញុំ"', "is compared just as"),
        (campaigns(Term(say="gay", also=("Gay",))), 'campaigns.toml, [[term]] "gay"', "is compared just as"),
        *(
            (campaigns(find=find), 'campaigns.toml, [[campaign]] "c", query "q", find', wrong)
            for find, wrong in (
                ("LGBT* or gay or lesbian", '"or" in small letters'),
                ("LGBT* AND (gay and lesbian)", '"and" in small letters'),
                ("LGBT* Not gay", '"Not" in small letters'),
            )
        ),
        (campaigns(since=date(2026, 11, 23)), 'campaigns.toml, [[campaign]] "c", since', "in the future"),
    ],
)
def test_what_is_allowed_but_hardly_meant_is_warned_of(declared: Campaigns, place: str, wrong: str) -> None:
    (warning,) = warnings_for(declared, today=date(2026, 11, 22))
    assert warning.place == place
    assert wrong in warning.wrong
    assert warning.cure


def test_a_first_day_in_the_future_is_not_said_to_hide_anything() -> None:
    (warning,) = warnings_for(campaigns(since=date(2026, 11, 23)), today=date(2026, 11, 22))
    assert "nothing is left out because of it" in warning.cure


def test_the_cure_of_an_operator_in_small_letters_is_to_write_it_in_capitals() -> None:
    (warning,) = warnings_for(campaigns(find="LGBT* or gay"), today=date(2026, 11, 22))
    assert "Write OR in capitals" in warning.cure


@pytest.mark.parametrize(
    "declared",
    [
        campaigns(since=date(2026, 11, 22)),
        campaigns(Term(say="ស្រី", unless=("បុរសស្រី",))),
        campaigns(Term(say="I Accept", also=("I ACCEPT",), case="exact")),
        campaigns(find="LGBT* NOT ស្រី"),
        campaigns(find='LGBT* OR "lesbian and gay" OR «to be or not»'),
        campaigns(find='LGBT* AND "or"'),
        campaigns(find="or"),
        campaigns(find="LGBT* AND order"),
    ],
)
def test_what_is_meant_is_not_warned_of(declared: Campaigns) -> None:
    assert warnings_for(declared, today=date(2026, 11, 22)) == []
