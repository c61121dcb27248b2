from datetime import date

from archive.model import Campaign, Campaigns, Query
from pipelines.match import Matcher
from pipelines.stages import STAGES, read
from tests.pages import URL, markup, page

CAMPAIGNS = Campaigns(
    campaign=(
        Campaign(id="road", name="Road", since=date(2021, 1, 1), query=(Query(id="q", label="Q", find="ផ្លូវថ្មី"),)),
    )
)


def test_the_stages_run_in_one_named_order() -> None:
    assert [stage.__name__ for stage in STAGES] == ["verdict", "extract", "authors", "dates", "urls", "language"]


def test_a_page_becomes_a_matched_article() -> None:
    head = '<link rel="canonical" href="/national/2021/story"><meta name="author" content="ដោយ៖ ចាន់ សុភា"><meta name="date" content="2021-12-10">'
    article = read(page(markup(head, "<h1>ផ្លូវ\u200bថ្មីទៅផ្សារ</h1>"), URL + "/amp/"), Matcher(CAMPAIGNS))
    assert article.url == URL
    assert (article.source, article.title, article.authors) == ("news", "ផ្លូវថ្មីទៅផ្សារ", ("ចាន់ សុភា",))
    assert article.published is not None
    assert article.published.day == date(2021, 12, 10)
    assert (article.language, article.khmer_share) == ("km", 1.0)
    assert {match.field for match in article.matches} == {"title", "text"}
