import pytest

from pipelines.page.subject import likeness, subject

HERE = "https://news.example/national/a-new-road-to-the-market.html"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("A new road to the market", "a-new-road-to-the-market", True),
        ("A new road to the market", "A NEW ROAD to the market | News of the Example", True),
        ("ផ្លូវថ្មីទៅផ្សារ", "ផ្លូវថ្មី\u200bទៅផ្សារ – ព័ត៌មាន", True),
        ("A new road to the market", "Boats on the lake are painted", False),
        ("News", "News of the lake and its boats", False),
        ("", "A new road", False),
    ],
)
def test_titles_are_alike_whatever_stands_around_them(one: str, other: str, alike: bool) -> None:  # noqa: FBT001  (a column)
    assert (likeness(one, other) >= 0.6) is alike


def test_a_page_knows_its_addresses_and_names() -> None:
    page = subject(HERE, ["/amp/story", "http://[::1", ""], ["News", "A new road to the market"], ["News"], "Window")
    assert page.headlines == ("A new road to the market",)
    assert page.stands_at("http://www.news.example/national/a-new-road-to-the-market.html#top")
    assert page.stands_at("/amp/story/")
    assert not page.stands_at(None)
    assert page.stands_elsewhere("/other")
    assert not page.stands_elsewhere("https://news.example/")
    assert page.is_named("New road to the market")
    assert page.is_other("Boats on the lake are painted")
    assert not page.is_other("Boats")
