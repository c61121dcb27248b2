import pytest

from pipelines.days.stamps import in_address, in_picture

DAY = "2021-12-10"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/2021/12/10/story", [DAY]),
        ("https://news.example/2021-12-10-story", [DAY]),
        ("https://news.example/2021-12-10-05-12-33", [DAY]),
        ("https://news.example/20211210-story", [DAY]),
        ("https://news.example/a?id=20211210", [DAY]),
        ("https://news.example/a?id=202112101530", [DAY]),
        ("https://news.example/world/2021/dec/10/story", [DAY]),
        ("https://news.example/2021/12/story", []),
        ("https://news.example/article/12345678", []),
        ("https://news.example/a/202112109", []),
        ("https://news.example/20211310", []),
    ],
)
def test_a_day_in_an_address_is_found(url: str, expected: list[str]) -> None:
    assert list(in_address(url)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/up/IMG_20211210_081500.jpg", [DAY]),
        ("/up/photo_2021-12-10_15-45-33.jpg", [DAY]),
        ("/up/2021-12-10-market.jpg", [DAY]),
        ("/up/10-12-2021.jpg", [DAY]),
        ("/up/1639098000.jpg", [DAY]),
        ("/up/1639098000123_a.jpg", [DAY]),
        ("/up/2021/12/10/market.jpg", [DAY]),
        ("/up/2021/12/10-ways.jpg", []),
        ("/up/2021/12/market.jpg", []),
        ("/up/265839_16390980001234567_n.jpg", []),
        ("/up/a1639098000.jpg", []),
        ("", []),
    ],
)
def test_a_day_in_the_name_of_a_picture_is_found(path: str, expected: list[str]) -> None:
    assert list(in_picture(path)) == expected
