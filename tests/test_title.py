import pytest

from archive.model import Reading
from pipelines.document import Document
from pipelines.title import headline
from tests.pages import listed, markup, page

ROAD = "ផ្លូវថ្មីទៅផ្សារ – ក្តីសង្ឃឹមថ្មី"
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s", "publisher": {"name": "Example Press"}}</script>'


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        (f"<title>{ROAD}</title>", "", ROAD),
        (f"<title>{ROAD} - News of the Example</title>", "", ROAD),
        (f"<title>News of the Example | {ROAD}</title>", "", ROAD),
        (f"<title>{ROAD} | National | News of the Example</title>", f"<h1>{ROAD}</h1>", ROAD),
        (f"<title>{ROAD} :: news.example</title>", "", ROAD),
        ('<meta property="og:site_name" content="ព័ត៌មាន"><title>A road - ព័ត៌មាន</title>', "", "A road"),
        (JSON_LD % "A road - Example Press", "", "A road"),
        (JSON_LD % "A road &amp; a bridge", "", "A road & a bridge"),
        (JSON_LD % "For machines", "<h1>For readers</h1>", "For machines"),
        (f'{JSON_LD % "A road opens today"}<meta property="og:title" content="A road opens…">', "<h1>A road opens today</h1>", "A road opens today"),
        (f'{JSON_LD % "A road opens"}<meta property="og:title" content="A road opens to the market">', "<h1>A road opens</h1>", "A road opens to the market"),
        ('<meta property="og:title" content="News of the Example">', "<h1>A road</h1>", "A road"),
        ("<title>News of the Example</title>", "<h1>ផ្លូវ <b>ថ្មី</b>\n ទៅ\u200bផ្សារ</h1>", "ផ្លូវ ថ្មី ទៅផ្សារ"),
        ("<title>Home</title>", "<nav><h1>Menu</h1></nav><h1>A road</h1>", "A road"),
        ("", "<h1>State-of-the-art - and cheap</h1>", "State-of-the-art - and cheap"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_headline_is_told_without_the_sites_name(head: str, before: str, expected: str) -> None:
    assert headline(Document.parse(page(markup(head, before)))) == expected


def test_the_sources_selector_counts_first_and_the_listing_last() -> None:
    html = markup("<title>News of the Example</title>", "<b class='big'>A road</b>")
    assert headline(Document.parse(page(html, reading=Reading(title=".big")))) == "A road"
    assert headline(Document.parse(page(html, link=listed(title="As  listed")))) == "As listed"


def test_a_title_without_end_is_cut() -> None:
    assert len(headline(Document.parse(page(markup(f"<title>{'word ' * 2_000}</title>"))))) <= 1_000
