from datetime import date

import pytest

from archive.desk import wishes
from archive.desk.wishes import Attachment, Draft, mistakes, token_of, wish

TODAY = date(2024, 3, 1)
PNG, HTML = "image/png", "text/html"


@pytest.mark.parametrize(
    ("draft", "file_type", "said"),
    [
        (Draft(), None, [("url", wishes.NOTHING)]),
        (Draft(url="https://page.example/1"), None, []),
        (Draft(url="រឿងនេះល្អ https://page.example/1?fbclid=x"), None, []),
        (Draft(url="page.example/story"), None, []),
        (Draft(url="what is this"), None, [("url", wishes.NO_LINK)]),
        (Draft(url="ftp://page.example/"), None, [("url", wishes.NO_LINK)]),
        (Draft(title="ចំណងជើង"), None, [("source", wishes.NO_SOURCE)]),
        (Draft(title="ចំណងជើង", source="វិទ្យុ"), None, []),
        (Draft(), PNG, [("title", wishes.NO_TITLE), ("source", wishes.NO_SOURCE)]),
        (Draft(), HTML, []),
        (Draft(url="https://page.example/1", kind="song", day="9.12.2021"), None, [("kind", wishes.NO_KIND), ("day", wishes.NO_DAY)]),
        (Draft(url="https://page.example/1", day="2024-03-02"), None, [("day", wishes.FUTURE)]),
        (Draft(url="https://page.example/1", media="paid"), None, [("media", wishes.NO_MEDIA)]),
        (Draft(url="https://page.example/1", campaign="other"), None, [("campaign", wishes.NO_CAMPAIGN)]),
        (Draft(url="https://page.example/1", title="x" * 1001), None, [("title", wishes.TOO_LONG)]),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_told_at_once(draft: Draft, file_type: str | None, said: list[tuple[str, str]]) -> None:
    assert [(one.field, one.message) for one in mistakes(draft, ["i-accept"], TODAY, file_type)] == said


def test_of_several_campaigns_one_must_be_named() -> None:
    (one,) = mistakes(Draft(url="https://page.example/1"), ["i-accept", "rivers"], TODAY, None)
    assert (one.field, one.message) == ("campaign", wishes.WHICH_CAMPAIGN)


def test_a_draft_becomes_a_wish() -> None:
    draft = Draft(url="See https://page.example/1 now", kind="tv", media="Owned", day="2021-12-09", title=" ចំណងជើង ")
    made = wish(draft, ["i-accept"], "0" * 32, "sophea", Attachment(file="added/0.png", name="a.png", type=PNG))
    assert (made.url, made.kind, made.media, made.published) == (
        "https://page.example/1", "TV", "owned", date(2021, 12, 9),
    )  # fmt: skip
    assert (made.campaign, made.title, made.text, made.file) == ("i-accept", "ចំណងជើង", None, "added/0.png")


def test_the_same_thing_has_one_token_and_another_thing_another() -> None:
    draft = Draft(title="ចំណងជើង", source="វិទ្យុ")
    assert token_of(draft) == token_of(Draft(title=" ចំណងជើង", source="វិទ្យុ "))
    assert len({token_of(draft), token_of(draft, b"a"), token_of(draft, b"b"), token_of(Draft(title="ចំណងជើង"))}) == 4
