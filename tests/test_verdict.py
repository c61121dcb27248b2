import pytest

from archive.errors import NotAnArticle
from archive.model import Article
from pipelines.document import Document
from pipelines.verdict import verdict
from tests.pages import ENGLISH, KHMER, markup, page

ARTICLE = Article(url="https://news.example/a", source="news")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>Just a moment...</title><p>Checking</p>", "challenge"),
        ("<title>news.example</title><script>window._cf_chl_opt={}</script><p>Enable JavaScript</p>", "challenge"),
        ("<title>DDoS-Guard</title><p>Wait</p>", "challenge"),
        ("<title>Access denied</title><p>Error 15</p>", "challenge"),
        (
            "<title>A</title><script>1</script><script>2</script><script>3</script><div id='app'></div>",
            "nearly no text",
        ),
        ("<title>404 Not Found</title><h1>404 Not Found</h1>", "error page"),
        ("<title>Page not found - News of the Example</title><p>Sorry.</p>", "error page"),
        ("<title>News</title><h1>រកទំព័រមិនឃើញ</h1>", "error page"),
        ("<title>News</title><h1>Oops! That page can’t be found.</h1>" + KHMER[0] * 9, "error page"),
        ("<title>Error 404 | News of the Example</title>", "error page"),
        ("<title>Nothing found</title>", "error page"),
        (
            '<title>National</title><script type="application/ld+json">{"@type": "CollectionPage"}</script>' + KHMER[0],
            "a list",
        ),
    ],
)
def test_what_is_surely_no_article_is_named(html: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        verdict(ARTICLE, Document.parse(page(html)))


@pytest.mark.parametrize("url", ["https://news.example/", "https://news.example"])
def test_the_home_page_is_no_article(url: str) -> None:
    with pytest.raises(NotAnArticle, match="home page"):
        verdict(ARTICLE, Document.parse(page(markup(), url=url)))


@pytest.mark.parametrize(
    "html",
    [
        markup("<title>ផ្លូវថ្មី</title>"),
        markup("<title>Just a moment of peace: a village rests</title>", text=ENGLISH * 4),
        markup("<title>Missing boy not found after three days</title>"),
        markup("<title>Nothing found in the well | News of the Example</title>"),
        markup("<title>គ្រួសារស្វែងរកកូនប្រុសបីថ្ងៃហើយនៅតែរកមិនឃើញ</title>"),
        markup("<title>ទឹកជំនន់ប៉ះពាល់មនុស្ស 404 នាក់</title>"),
        markup("<title>Found after 404 days</title><meta property='og:type' content='article'>"),
        markup(
            "<title>Nothing found in the well, and what the village did about it then, after all those long and dry years</title>"
        ),
        markup("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", text=ENGLISH),
        "<title>A</title><script>1</script><script>2</script><script>3</script><p>short</p><meta property='og:type' content='article'>",
    ],
)
def test_what_may_be_an_article_passes(html: str) -> None:
    assert verdict(ARTICLE, Document.parse(page(html))) is ARTICLE


def test_an_article_named_by_its_query_on_the_home_address_passes() -> None:
    assert verdict(ARTICLE, Document.parse(page(markup(), url="https://news.example/?page=detail&id=7"))) is ARTICLE
