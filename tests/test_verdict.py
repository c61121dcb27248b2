import json

import pytest

from archive.errors import Challenged, ConsentWall, ListingPage, Missing, NotAnArticle, Paywalled, Shell
from archive.model import Article
from pipelines.page.document import Document
from pipelines.page.markers import challenge_in_headers, is_challenge
from pipelines.verdict import verdict
from tests.pages import ENGLISH, KHMER, listed, markup, page

ARTICLE = Article(url="https://news.example/a", source="news")


SCRIPTS = "<script>1</script><script>2</script><script>3</script>"
CARD = "<div class='card'><h3><a href='/{0}'>The story that has the number {0} today</a></h3><p>Some words about it, and a few more.</p></div>"
CARDS = "".join(CARD.format(number) for number in range(9))
UNFREE = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H", "isAccessibleForFree": "False"}</script>'


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<title>Just a moment...</title><p>Checking</p>", Challenged),
        ("<title>news.example</title><script>window._cf_chl_opt={}</script><p>Enable JavaScript</p>", Challenged),
        ("<title>DDoS-Guard</title><p>Wait</p>", Challenged),
        ("<title>Access denied</title><p>Error 15</p>", Challenged),
        ("<title>Access to this site was restricted - news.example</title><p>Block 15</p>", Challenged),
        ("<h1>One more step</h1><p>We noticed unusual traffic. Verifying you are human. Your IP 203.0.113.8</p>" + "Write to us. " * 50, Challenged),
        ("<iframe src='/_Incapsula_Resource?x=1'></iframe>Request unsuccessful.", Challenged),
        ("<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'></script>", Challenged),
        ("<p>សូមបញ្ជាក់ថាអ្នកជាមនុស្ស</p><div class='h-captcha'></div>", Challenged),
        ("<meta http-equiv='refresh' content='1'><p>One second</p>", Challenged),
        ("<meta http-equiv='refresh' content='0; url=/other/page'><p>One second</p>", NotAnArticle),
        (f"<title>A</title>{SCRIPTS}<div id='app'></div>", Shell),
        ("<meta property='og:type' content='article'><div id='__next'></div><script src='a.js'></script>", Shell),
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div></div><script src='a.js'></script>", Shell),
        ("<title>404 Not Found</title><h1>404 Not Found</h1>", Missing),
        ("<title>Page not found - News of the Example</title><p>Sorry.</p>", Missing),
        ("<title>News</title><h1>រកទំព័រមិនឃើញ</h1>", Missing),
        ("<title>News</title><h2>ទំព័រដែលអ្នកកំពុងស្វែងរកមិនមានទេ</h2>" + KHMER[0] * 9, Missing),
        ("<title>News</title><p>សូមអភ័យទោស អត្ថបទនេះត្រូវបានលុប។</p>", Missing),
        ("<title>News</title><h1>Oops! That page can’t be found.</h1>" + KHMER[0] * 9, Missing),
        ("<title>Error 404 | News of the Example</title>", Missing),
        ("<title>Nothing found</title>", Missing),
        ("<title>News</title><p>This article is no longer available.</p>", Missing),
        ("<body class='page error404'><p>Come back</p>", Missing),
        ("<title>News</title><h2>អូ! អត្ថបទដែលអ្នកស្វែងរក លែងមាននៅទីនេះហើយ</h2>" + KHMER[0] * 9, Missing),
        ("<title>News</title><h3>រកមិនឃើញអត្ថបទនេះទេ អត្ថបទអាចត្រូវបានលុប ឬប្តូរទីតាំង</h3>" + KHMER[0] * 9, Missing),
        ('<title>National</title><script type="application/ld+json">{"@type": "CollectionPage"}</script>' + KHMER[0], ListingPage),
        (f"<body class='archive category category-news'>{CARDS}</body>", ListingPage),
        (f"<title>National</title><h1>National</h1>{CARDS}", ListingPage),
        (f"<meta property='og:type' content='article'><body class='archive'><h1>National</h1>{CARDS}</body>", ListingPage),
        ("<title>Privacy</title><h1>We value your privacy</h1><p>We and our 800 partners store cookies to show personalised ads.</p><button>Accept all</button>", ConsentWall),
        ("<h1>ឯកជនភាពរបស់អ្នក</h1><p>គេហទំព័រនេះប្រើប្រាស់ខូគី ដើម្បីផ្សាយពាណិជ្ជកម្ម។</p><button>យល់ព្រម</button>", ConsentWall),
        (f"{UNFREE}<p>{ENGLISH[0]}</p><div>Subscribe to continue reading</div>", Paywalled),
        (
            f"{UNFREE}<p>{ENGLISH[0]}</p><section><p>Already a subscriber?</p><p>{'What every reader of ours gets for the money. ' * 11}</p></section>",
            Paywalled,
        ),
        (f"<h1>H</h1><p>{KHMER[0]}</p><p>សូមជាវដើម្បីអានបន្ត</p>", Paywalled),
        (f"<meta property='article:content_tier' content='locked'><h1>H</h1><p>{ENGLISH[0]}</p>", Paywalled),
    ],
)  # fmt: skip
def test_what_is_surely_no_article_is_named(html: str, kind: type[NotAnArticle]) -> None:
    with pytest.raises(NotAnArticle) as refused:
        verdict(ARTICLE, Document.parse(page(html)))
    assert type(refused.value) is kind


def test_the_home_page_served_for_an_article_is_a_missing_page() -> None:
    with pytest.raises(Missing):
        verdict(ARTICLE, Document.parse(page(markup(), url="https://news.example/", link=listed())))


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
        markup("<meta property='og:type' content='article'>", after=f"<div class='more'>{CARDS}</div>"),
        markup(after=f"<div class='more'>{CARDS}</div>", text=KHMER * 2),
        markup(after="<div class='cookie-bar'>We use cookies. Accept all. Manage preferences.</div>"),
        markup(
            "<meta property='og:type' content='article'>",
            after="<p>We value your privacy. Accept all</p>",
            text=KHMER[:1],
        ),
        markup(UNFREE, after="<p>Subscribe to continue reading</p>", text=ENGLISH * 2),
        markup(UNFREE, text=KHMER * 2),
        "<meta property='og:type' content='article'><h1>A picture of the day</h1><img src='/a.jpg'><script>1</script>",
        '<div id="root"></div><script src="a.js"></script><script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": "H", "articleBody": KHMER[0] * 4}, ensure_ascii=False)
        + "</script>",
        '<div id="root"></div><script type="application/json">'
        + json.dumps({"title": "A road", "body": KHMER})
        + "</script>",
    ],
)
def test_what_may_be_an_article_passes(html: str) -> None:
    assert verdict(ARTICLE, Document.parse(page(html))) is ARTICLE


def test_an_article_named_by_its_query_on_the_home_address_passes() -> None:
    assert verdict(ARTICLE, Document.parse(page(markup(), url="https://news.example/?page=detail&id=7"))) is ARTICLE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<title>Just a moment...</title>", True),
        (b"<title>403 Forbidden</title><p>nginx</p>", True),
        (b"<script src='/.well-known/sgcaptcha/'></script>", True),
        (b"<title>Forbidden words of the law</title><p>A text</p>", False),
        (b"<p>Please verify you are human</p>", True),
        (markup(text=ENGLISH * 4).encode(), False),
        (b"", False),
        (b"\xff\xfe\x00<title>", False),
        (b"<" * 300_000, False),
        (b"<script>" * 40_000, False),
    ],
)
def test_a_bot_wall_is_known_in_any_answer(body: bytes, expected: bool) -> None:  # noqa: FBT001  (a table's column)
    assert is_challenge(body) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"CF-Mitigated": "challenge"}, True),
        ({"x-amzn-waf-action": "captcha"}, True),
        ({"Server": "cloudflare", "cf-ray": "1"}, False),
        ({}, False),
    ],
)
def test_the_headers_of_a_bot_wall_are_known(headers: dict[str, str], expected: bool) -> None:  # noqa: FBT001
    assert challenge_in_headers(headers) is expected
