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


def test_more_people_by_the_headline_count_before_fewer_of_them_in_the_data() -> None:
    by = "<div><a rel='author'>Jane Roe</a> <a rel='author'>John Doe</a></div>"
    assert names(markup(JSON_LD % '"John Doe"', before=TITLE + by)) == ("Jane Roe", "John Doe")
    beside = (
        "<div><a rel='author'>John Doe</a></div><p>" + "ផ្លូវថ្មី " * 80 + "</p><div><a rel='author'>Jane Roe</a></div>"
    )
    assert names(markup(JSON_LD % '"John Doe"', before=TITLE + beside)) == ("John Doe",)


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("<p style='text-align:right'>Jane Roe</p>", ("Jane Roe",)),
        ("<p><strong>Jane Roe</strong></p>", ("Jane Roe",)),
        ("<p>Jane Roe</p>", ("News of the Example",)),
        ("<p><strong>Breaking news</strong></p>", ("News of the Example",)),
    ],
)
def test_a_name_set_apart_at_the_end_counts_before_the_outlets_own(paragraph: str, expected: tuple[str, ...]) -> None:
    text = "".join(f"<p>{'The road to the market was opened again. ' * 5}{number}</p>" for number in range(4))
    html = markup(
        JSON_LD % '"News of the Example"', before=f"{TITLE}<div class='entry-content'>{text}{paragraph}</div>"
    )
    assert names(html) == expected


@pytest.mark.parametrize(
    "noise", ['"admin"', '"Super User"', '"https://news.example/u/1"', '""', "null", "[]", '"%s"' % ("long " * 30), "7"]
)
def test_noise_is_no_name(noise: str) -> None:
    assert names(markup(JSON_LD % noise, before=TITLE)) == ()


def test_a_sentence_that_begins_with_by_far_below_is_no_by_line() -> None:
    assert names(markup(before=TITLE, after="<p>By Friday the road was open.</p>")) == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{TITLE}<p>១០-ធ្នូ-២០២១ ដោយ៖ {SOPHEA}</p>", "", (SOPHEA,)),
        (f"{TITLE}<div class='by'>ដោយ</div><a href='/u'>{SOPHEA}</a>", "", (SOPHEA,)),
        (f"{TITLE}<div>ដោយ៖ <a href='/author/admin/'>Admin</a> | <span>អ្នកមើល ២.៣១៨</span></div>", "", ()),
        (f"{TITLE}<p>ដោយ៖ {SOPHEA} <time>ធ្នូ 11, 2021</time></p>", "", (SOPHEA,)),
        (f"{TITLE}<p>Jane Roe / AFP</p>", "", ("Jane Roe", "AFP")),
        (TITLE, f"<p>(ដោយ៖ {SOPHEA})</p>", (SOPHEA,)),
        (TITLE, f"<p>រាយការណ៍ដោយ {SOPHEA} និង {SOKHA}</p>", (SOPHEA, SOKHA)),
        (TITLE, f"<p>({SOPHEA})</p>", (SOPHEA,)),
        (TITLE, f"<p>© {SOPHEA}</p>", (SOPHEA,)),
        (TITLE, "<p>ប្រភព៖ AKP</p>", ("AKP",)),
        (f"{TITLE}<p>ដោយ៖ {SOPHEA}</p>", "<p>ប្រភព៖ AKP</p>", (SOPHEA,)),
        (TITLE, f"<p>បកប្រែដោយ៖ {SOPHEA}</p>", (SOPHEA,)),
        (TITLE, f"<p>រូបភាព៖ {SOPHEA}</p>", ()),
        (TITLE, f"<div class='related'><p>ដោយ៖ {SOPHEA}</p></div>", ()),
        (TITLE, "<p>Posted by Jane Roe</p>", ()),
        (f"{TITLE}<p>By News of the Example</p>", "", ()),
        (f"{TITLE}<figure><figcaption>© John Doe Wire</figcaption></figure>", "", ()),
        (f"{TITLE}<div><span>Words Jane Roe</span><span>Pictures John Doe</span></div>", "", ("Jane Roe",)),
        (
            f"{TITLE}<div class='article-byline'><span>Jane Roe</span> <span>John Doe</span></div>",
            "",
            ("Jane Roe", "John Doe"),
        ),
        (
            f"{TITLE}<div><time>10 May</time><ul><li>Jane Roe</li><li>John Doe</li></ul></div>",
            "",
            ("Jane Roe", "John Doe"),
        ),
        (f"{TITLE}<div><a href='/autor/jane'>Jane Roe</a></div>", "", ("Jane Roe",)),
        (f"{TITLE}<div><a href='/section/asia'>Asia Pacific</a></div>", "", ()),
        (f"{TITLE}<div><time>10 May</time><ul><li>Politics</li></ul></div>", "", ()),
        (f"{TITLE}<p>ដោយ៖ លោកបណ្ឌិត <b>{SOPHEA}</b><br>ប្រធានគណៈមេធាវី</p>", "", (SOPHEA,)),
    ],
)
def test_readers_by_lines_above_and_below_the_text(before: str, after: str, expected: tuple[str, ...]) -> None:
    assert names(markup(before=before, after=after)) == expected


def test_what_is_printed_counts_before_a_latin_account_name_on_a_khmer_page() -> None:
    assert names(markup(JSON_LD % '"Chan Sophea"', before=f"{TITLE}<p>ដោយ៖ {SOPHEA}</p>")) == (SOPHEA,)
    assert names(markup(JSON_LD % '"sophea.c"', before=f"{TITLE}<p>By Jane Roe</p>")) == ("Jane Roe",)


def test_an_agency_above_is_completed_by_who_signs_below() -> None:
    html = markup(JSON_LD % '"AFP"', before=TITLE, after=f"<p>(ដោយ៖ {SOPHEA})</p>")
    assert names(html) == (SOPHEA,)
    html = markup(JSON_LD % '"ទីភ្នាក់ងារ ក"', before=TITLE, after=f"<p>(ដោយ៖ {SOPHEA})</p>")
    assert names(html) == ("ទីភ្នាក់ងារ ក", SOPHEA)


@pytest.mark.parametrize(
    ("html", "place"),
    [
        (markup(JSON_LD % '"Jane Roe"'), "json-ld"),
        (markup('<meta name="author" content="Jane Roe">'), "meta"),
        (markup(before=f"{TITLE}<p>By Jane Roe</p>"), "page"),
        (markup(before=TITLE), None),
    ],
)
def test_the_place_of_the_names_is_told_beside_the_others(html: str, place: str | None) -> None:
    article, document = extracted(page(html))
    found = authors(article, document).origins
    assert found.get("authors") == place
    assert {name: told for name, told in found.items() if name != "authors"} == dict(article.origins)
