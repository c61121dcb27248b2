import pytest

from archive.model import Reading
from pipelines.page.document import Document
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
        (JSON_LD % "A road for machines", "<h1>A road for readers</h1>", "A road for machines"),
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
    assert headline(Document.parse(page(markup(head, before)))).text == expected


def test_the_sources_selector_counts_first_and_the_listing_last() -> None:
    html = markup("<title>News of the Example</title>", "<b class='big'>A road</b>")
    assert headline(Document.parse(page(html, reading=Reading(title=".big")))) == ("A road", "selector")
    assert headline(Document.parse(page(html, link=listed(title="As  listed")))) == ("As listed", "listing")


def test_a_title_without_end_is_cut() -> None:
    assert len(headline(Document.parse(page(markup(f"<title>{'word ' * 2_000}</title>")))).text) <= 1_000


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        (f"<title>{ROAD} « News of the Example</title>", "", ROAD),
        (f"<title>::: News of the Example ::: {ROAD}</title>", "", ROAD),
        (f"<title>{ROAD} | Video | News of the Example - All the news</title>", "", ROAD),
        (f"<title>Provinces | {ROAD}, National, News</title>", f"<h3>{ROAD}</h3>", ROAD),
        (f'<meta property="article:section" content="ជាតិ"><title>{ROAD} - ជាតិ</title>', "", ROAD),
        ('<meta property="og:title" content="A &amp;amp;quot;road&amp;amp;quot; opens">', "", 'A "road" opens'),
        (JSON_LD % "A <b>road</b> opens", "", "A road opens"),
        (JSON_LD % "A ROAD OPENS", "<h1>A road opens</h1>", "A road opens"),
        ('<meta property="og:title" content="A road to the…">', "<h1>A road to the market</h1>", "A road to the market"),
        (f"<title>{ROAD}</title>", f"<h1>Another matter</h1><h1>{ROAD}</h1>", ROAD),
        (f"<title>{ROAD} again</title>", f"<nav><h1>{ROAD}</h1></nav><h2 class='entry-title'>{ROAD} again</h2>", f"{ROAD} again"),
        ('<meta property="og:title" content="Your daily window on life"><title>A road opens</title>', "<h1>A road opens</h1>", "A road opens"),
        ('<meta property="og:title" content="The road, by Jane Roe"><title>OPINION: We need a road</title>', "<h1>OPINION: We need a road</h1>", "OPINION: We need a road"),
        (JSON_LD % "A road opens", "<h1>A road opens in the market after years of work</h1>", "A road opens"),
        (f'{JSON_LD % "A road"}<meta property="og:title" content="A road opens at last">', "<h1>A road opens at last</h1>", "A road opens at last"),
    ],
)  # fmt: skip
def test_oddities_of_titles(head: str, before: str, expected: str) -> None:
    assert headline(Document.parse(page(markup(head, before)))).text == expected


@pytest.mark.parametrize("piece", ["a - ", "| ", "&amp;", "ទៅ", "<b>", "… "])
def test_a_title_of_anything_without_end_is_read_and_cut_in_whole_clusters(piece: str) -> None:
    found = headline(Document.parse(page(markup(f"<title>{piece * 10_000}</title>"))))
    assert len(found.text) <= 1_000


def test_a_title_of_bearable_length_counts_before_one_without_end() -> None:
    html = markup(f'<meta property="og:title" content="{"word " * 1_500}">', "<h1>A road</h1>")
    assert headline(Document.parse(page(html))) == ("A road", "heading")


def test_where_no_heading_tells_it_the_headline_is_what_stands_alone_in_bold() -> None:
    menu = (
        "<center><b><a href='/'>The first page of all</a></b></center><marquee><b>Petrol is cheaper today</b></marquee>"
    )
    html = markup(before=f"{menu}<p align=center><b><font size=4>{ROAD}</font></b></p>")
    assert headline(Document.parse(page(html))) == (ROAD, "heading")
    assert headline(Document.parse(page(markup(before="<p><b>Bold</b> words in a sentence.</p>")))).text == ""
