import pytest

from archive.site import wayback


def test_a_link_names_the_instant_and_the_page() -> None:
    assert wayback.copy_near("https://lotus.example/a?b=1", "2024-03-01T06:30:00Z") == (
        "https://web.archive.org/web/20240301063000/https://lotus.example/a?b=1"
    )
    assert wayback.all_copies("http://lotus.example/") == "https://web.archive.org/web/*/http://lotus.example/"


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "data:text/html,x", "added:0123", "https://a b", "https://a\n"]
)
def test_what_is_no_page_of_the_web_is_never_linked(url: str) -> None:
    assert not wayback.is_web(url)
    assert wayback.copy_near(url, "2024-03-01T06:30:00Z") == wayback.all_copies(url) == ""
