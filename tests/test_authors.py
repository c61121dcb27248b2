import pytest

from archive.model import Reading
from pipelines.authors import authors
from tests.pages import extracted, markup, page

TITLE = "<h1>ផ្លូវថ្មីទៅផ្សារ</h1>"
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H", "author": %s}</script>'
SOPHEA = "ចាន់ សុភា"
SOKHA = "កែវ សុខា"


def names(html: str, reading: Reading | None = None) -> tuple[str, ...]:
    return authors(*extracted(page(html, reading=reading))).authors


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (markup(JSON_LD % f'{{"@type": "Person", "name": "{SOPHEA}"}}'), (SOPHEA,)),
        (markup(JSON_LD % f'[{{"name": "{SOPHEA}"}}, "{SOKHA}", {{"name": "{SOPHEA}"}}]'), (SOPHEA, SOKHA)),
        (markup(JSON_LD % '"Jane Roe, John Doe and AFP"'), ("Jane Roe", "John Doe", "AFP")),
        (markup(f'<meta name="author" content="ដោយ៖ {SOPHEA}">'), (SOPHEA,)),
        (
            markup(
                '<meta property="article:author" content="https://facebook.com/x"><meta name="author" content="Jane Roe">'
            ),
            ("Jane Roe",),
        ),
        (markup(before=f'{TITLE}<a rel="author" href="/u/1">{SOPHEA}</a>'), (SOPHEA,)),
        (markup(before=f'{TITLE}<span itemprop="author"><span itemprop="name">{SOPHEA}</span></span>'), (SOPHEA,)),
        (markup(before=f"{TITLE}<p>ដោយ {SOPHEA}</p>"), (SOPHEA,)),
        (markup(before=f"{TITLE}<p>ដោយ៖ <b>{SOPHEA}</b> និង {SOKHA} | ១០ ធ្នូ ២០២១</p>"), (SOPHEA, SOKHA)),
        (markup(before=f"{TITLE}<p>អត្ថបទ៖ {SOPHEA}</p>"), (SOPHEA,)),
        (markup(before=f"{TITLE}<p>By Jane Roe on 10 December 2021</p>"), ("Jane Roe",)),
        (markup(before=f"{TITLE}<p>By Jane Roe &amp; John Doe</p>"), ("Jane Roe", "John Doe")),
        (markup(before=f'{TITLE}<div class="post-author">{SOPHEA} - 10/12/2021</div>'), (SOPHEA,)),
    ],
)
def test_each_origin_tells_whole_names(html: str, expected: tuple[str, ...]) -> None:
    assert names(html) == expected


def test_the_sources_selector_counts_first() -> None:
    html = markup(JSON_LD % '"Jane Roe"', before=f"{TITLE}<i class='who'>ដោយ៖ {SOPHEA}</i>")
    assert names(html, Reading(author=".who")) == (SOPHEA,)


@pytest.mark.parametrize("name", ["ចាន់ សុភា", "ម៉ៅ ពិសី", "សុខ លីន់", "ហេង ភារុណ៍", "អ៊ុំ ស្រីនាត់", "ឡុង ធំ", "គង់ សុខៈ"])
def test_the_last_sign_of_a_khmer_name_is_kept(name: str) -> None:
    for html in (markup(JSON_LD % f'"{name}"'), markup(before=f"{TITLE}<p>ដោយ៖ {name}</p>")):
        assert names(html) == (name,)


def test_a_person_counts_before_the_outlets_own_name() -> None:
    assert names(markup(JSON_LD % '"News of the Example"', before=f"{TITLE}<p>By Jane Roe</p>")) == ("Jane Roe",)
    assert names(markup(JSON_LD % '"News of the Example"', before=TITLE)) == ("News of the Example",)


@pytest.mark.parametrize(
    "noise", ['"admin"', '"Super User"', '"https://news.example/u/1"', '""', "null", "[]", '"%s"' % ("long " * 30), "7"]
)
def test_noise_is_no_name(noise: str) -> None:
    assert names(markup(JSON_LD % noise, before=TITLE)) == ()


def test_a_sentence_that_begins_with_by_far_below_is_no_by_line() -> None:
    assert names(markup(before=TITLE, after="<p>By Friday the road was open.</p>")) == ()
