"""The pages of articles, stories, sources and queries, asked of Datasette in process."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from archive.database import immediate, open_reader, open_writer
from archive.declare import declare_by_hand
from archive.desk.decisions import Decision, decide
from archive.desk.verdicts import Wish
from archive.home import Home
from archive.keys import article_key, story_key
from archive.model import Article, DateCandidate, Source
from archive.site.article import load_article
from archive.site.causes import load_marks
from archive.site.source import load_source
from archive.site.story import load_story
from archive.store import Store
from pipelines.syndication import fingerprint
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive, found
from tests.served import Site

LATER = datetime(2024, 3, 2, 6, 30, tzinfo=UTC)
RECORD = b"\x1f\x8b the bytes of one record"
PICTURE = b"\x89PNG\r\n\x1a\n a picture"
COPY_OF_PICTURE = b"RIFF a copy that tells nothing of where it was taken"

_TEXT = "A ferry that links two villages on the lower river began running at night this week, after months of petitions for equal rights. "
_WIRE = (
    _TEXT + "Its owner fitted lamps along both rails and hired a second pilot for the late crossings of the evening."
)
_TOLD = (
    "A person was not named here, and rights were spoken of at length in a text without any other end than this one."
)

CHANGED = article(
    "en/changed", "2022-06-01", "Old words about rights", "The crowd was small. It asked for rights.\nIt left."
)
ORIGINAL = article(
    "en/ferry",
    "2022-07-01",
    "Night ferry",
    _WIRE,
    authors=("Keo Samnang",),
    fingerprint=fingerprint("Night ferry", _WIRE),
)
COPY = replace(ORIGINAL, url="https://lotus.example/ferry", source="lotus", authors=(), title="Night ferry again")
HEADLINE = article(
    "headline", "2022-08-01", "សិទ្ធិនៅភ្នំពេញ", "", found("rights", "សិទ្ធិនៅភ្នំពេញ", "សិទ្ធិ", "title"), status="headline only"
)
ODD = article(
    "en/odd", None, "\u202e<img src=x onerror=alert(1)>" + " word" * 100, "rights\n<script>alert(2)</script>",
    tags=("<b>tag</b>",), description="javascript:alert(3)", flags=("noarchive", "short"),
)  # fmt: skip
UNSURE = article("en/unsure", "2022-09-01", "Perhaps", _TOLD)
REJECTED = article("en/rejected", "2022-09-02", "Rejected rights", "Nothing about rights in it.")
HIDDEN = article("en/hidden", "2022-09-03", "Hidden rights", "Nothing at all about rights.")
LONG = article("en/long", "2022-09-04", "Long", "rights and wrongs. " * 26_000)
ALL = (*ARTICLES, CHANGED, ORIGINAL, COPY, HEADLINE, ODD, UNSURE, REJECTED, HIDDEN, LONG)


def key(one: Article) -> str:
    return article_key(one.url)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("team"))
    build_archive(home.archive, ALL)
    (home.captures / "added").mkdir(parents=True)
    (home.captures / "one.warc.gz").write_bytes(b"before" + RECORD + b"after")
    (home.captures / "added" / "face.png").write_bytes(PICTURE)
    (home.captures / "added" / "face.shown.webp").write_bytes(COPY_OF_PICTURE)
    (home.captures / "added" / "page.html").write_bytes(b"<script>alert(1)</script>")
    (home.data / "secret.txt").write_bytes(b"secret")
    with closing(open_writer(home.archive)) as connection:
        _change(Store(connection), connection)
    return home


def _change(store: Store, connection: Any) -> None:
    store.declare(SOURCES, CAMPAIGNS, NOW)
    text = CHANGED.text.replace("small", "large")
    store.put(
        replace(CHANGED, title="New words about rights", text=text, matches=(found("rights", text, "rights"),)),
        [],
        LATER,
    )
    wishes = {
        key(UNSURE): [Wish(kind="published", value="2022-08-31"), Wish(kind="title", value="Surely")],
        key(REJECTED): [Wish(kind="reject", reason="another matter")],
        key(HIDDEN): [Wish(kind="hide")],
    }
    for place, (name, wish) in enumerate((name, wish) for name, several in wishes.items() for wish in several):
        decide(connection, Decision(token=f"t{place}", article=name, wish=wish, who="dara", seen=None), LATER)
    files = (("one.warc.gz", 6, len(RECORD)), ("added/face.png", 0, len(PICTURE)), ("added/page.html", 0, 25))
    outside = (("../secret.txt", 0, 6), ("/etc/hostname", 0, 1), ("gone.warc.gz", 0, 10), ("one.warc.gz", 6, 9999))
    with immediate(connection):
        for number, (file, offset, length) in enumerate((*files, *outside), 901):
            connection.execute(
                "insert into capture (id, article, url, file, offset, length, sha256, fetched_at, tls)"
                " select ?, id, url, ?, ?, ?, '', '2024-03-01T06:30:00Z', 'none' from article where key = ?",
                [number, file, offset + (length == 9999), length, key(ODD)],
            )


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Site]:
    with closing(Site(home.archive)) as site:
        yield site


@pytest.fixture
def account(site: Site) -> Iterator[Site]:
    site.log_in("dara")
    yield site
    site.log_out()


def page(site: Site, path: str, status: int = 200, /, **asked: str) -> str:
    answer = site.get(path, **{"lang": "en", **asked})
    assert answer.status_code == status, answer.text[-500:]
    return str(answer.text)


def words(html: str) -> str:
    """Give what a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])).split())


# ---- an article -------------------------------------------------------------------------------------------------------------------


def test_the_hits_of_each_query_are_marked_and_lead_to_what_caused_them(site: Site) -> None:
    shown = page(site, f"/article/{key(ARTICLES[0])}")
    body = shown.partition('class="body"')[2]
    assert re.findall(r'<mark class="(q\d) ">([^<]+)</mark><a class="cause" href="#cause-(\d)"', body) == [
        ("q1", "ខ្ញុំទទួលយក", "1"),
        ("q2", "សិទ្ធិ", "2"),
    ]
    for place, query in ((1, "slogan"), (2, "rights")):
        assert re.search(rf'id="cause-{place}"[^>]*>\s*<a href="/query/i-accept/{query}">', shown)


def test_a_weak_match_is_marked_where_it_stands(site: Site) -> None:
    caption = next(one for one in ARTICLES if one.url.endswith("/caption"))
    shown = page(site, f"/article/{key(caption)}")
    captions = shown.partition("Captions of its pictures")[2].partition("</ul>")[0]
    assert "ខ្ញុំទទួលយក</span></mark>" in captions
    assert "weak match" in words(shown)


def test_nothing_of_a_page_runs_or_is_linked(site: Site) -> None:
    shown = page(site, f"/article/{key(ODD)}")
    assert "<img src=x" not in shown
    assert "<script>alert" not in shown
    assert "<b>tag" not in shown
    assert 'href="javascript' not in shown
    assert shown.count("<script") == 1
    assert "keep its text within the team" in words(shown)


def test_original_and_wayback_are_plainly_outside_and_told_nothing(site: Site) -> None:
    shown = page(site, f"/article/{key(ARTICLES[0])}")
    for address in (
        ARTICLES[0].url,
        f"https://web.archive.org/web/20240301063000/{ARTICLES[0].url}",
        f"https://web.archive.org/web/*/{ARTICLES[0].url}",
    ):
        assert re.search(rf'<a href="{re.escape(address)}" rel="noreferrer[^>]*class="outside">', shown)


def test_all_days_are_shown_and_which_was_chosen(home: Home, site: Site) -> None:
    dates = (
        DateCandidate(origin="json-ld", raw="2022-05-17T09:00", day=ORIGINAL.published.day, chosen=True),  # type: ignore[union-attr]
        DateCandidate(origin="url", raw="/2022/07/03/", day=NOW.date(), reliable=False),
    )
    with closing(open_writer(home.archive)) as connection:
        store = Store(connection)
        store.declare(SOURCES, CAMPAIGNS, NOW)
        store.put(replace(ORIGINAL, dates=dates), [], NOW)
    told = words(page(site, f"/article/{key(ORIGINAL)}")).partition("Days that were told")[2]
    assert re.search(r"JSON-LD\) 2022-05-17T09:00 chosen", told)
    assert re.search(r"the address of the page /2022/07/03/ not sure", told)


def test_what_people_corrected_stands_beside_what_was_read(site: Site) -> None:
    shown = words(page(site, f"/article/{key(UNSURE)}"))
    assert "Surely" in shown
    assert "Headline as it was read: Perhaps" in shown
    assert re.search(r"As it was read: September 1, 2022", shown)
    assert "August 31, 2022" in shown
    assert "told by a person of the team" in shown
    assert "August 31, 2022 a person of the team chosen" in shown


def test_who_corrected_it_is_told_to_people_with_an_account_only(account: Site) -> None:
    assert "dara" in words(page(account, f"/article/{key(UNSURE)}")).partition("Corrected by people")[2]
    account.log_out()
    assert "dara" not in page(account, f"/article/{key(UNSURE)}")


@pytest.mark.parametrize("one", [REJECTED, HIDDEN], ids=["rejected", "hidden"])
def test_what_people_took_out_is_shown_to_people_with_an_account_only(site: Site, one: Article) -> None:
    assert one.title not in page(site, f"/article/{key(one)}", 404)
    page(site, f"/article/{key(one)}/changes", 404)
    site.log_in("dara")
    shown = page(site, f"/article/{key(one)}")
    site.log_out()
    assert one.title in shown
    assert "only people with an account see this page" in shown


def test_a_headline_alone_says_so(site: Site) -> None:
    shown = words(page(site, f"/article/{key(HEADLINE)}"))
    assert "Only the headline is here" in shown
    assert "There is no text here." in shown


def test_an_article_no_query_holds_for_any_more_says_so(home: Home, site: Site) -> None:
    one = article("en/let-go", "2022-10-01", "Let go", "Once it spoke of rights.")
    with closing(open_writer(home.archive)) as connection:
        store = Store(connection)
        store.declare(SOURCES, CAMPAIGNS, NOW)
        name = store.put(one, [], NOW)
        row = connection.execute("select id from article where key = ?", [name]).fetchone()["id"]
        store.rematch(row, replace(one, matches=()), "another version", LATER)
    assert "No query holds here any more" in words(page(site, f"/article/{name}"))
    gained = words(page(site, "/query/i-accept/rights"))
    assert "1 article withdrawn" in gained
    assert "another version" in gained


@pytest.mark.parametrize("language", ["km", "en"])
def test_a_long_text_and_a_hostile_title_are_shown(site: Site, language: str) -> None:
    for one in (LONG, ODD):
        assert site.get(f"/article/{key(one)}", lang=language).status_code == 200


def test_an_unknown_key_is_told_in_both_languages(site: Site) -> None:
    assert "There is no article affffffffffffffff here" in page(site, "/article/affffffffffffffff", 404)
    assert "គ្មានអត្ថបទ" in page(site, "/article/affffffffffffffff", 404, lang="km")


# ---- passing on -------------------------------------------------------------------------------------------------------------------


def test_a_card_and_an_address_that_stays_are_offered(site: Site) -> None:
    shown = page(site, f"/article/{key(ARTICLES[0])}")
    assert f'<link rel="canonical" href="/article/{key(ARTICLES[0])}">' in shown
    assert '<meta property="og:type" content="article">' in shown
    assert f'<meta property="og:title" content="{ARTICLES[0].title}">' in shown


def test_the_text_for_telegram_is_khmer_in_both_languages(site: Site) -> None:
    for language in ("km", "en"):
        shown = page(site, f"/article/{key(ARTICLES[0])}", lang=language)
        text = unescape(re.findall(r'<textarea id="telegram"[^>]*>([^<]*)</textarea>', shown)[0])
        assert text == f"{ARTICLES[0].title}\nផ្កាឈូក · ១០ ធ្នូ ២០២១\n{ARTICLES[0].url}"


def test_three_styles_of_citation_are_offered(site: Site) -> None:
    shown = page(site, f"/article/{key(ARTICLES[0])}")
    for style in ("apa", "chicago", "bibtex"):
        assert f'id="cite-{style}"' in shown
    assert re.search(r"Archived March 1, 2024, in Tamdan, " + key(ARTICLES[0]), words(shown))


# ---- captures ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "body", "kind", "name"),
    [
        (901, RECORD, "application/gzip", f"{key(ODD)}-901.warc.gz"),
        (902, PICTURE, "application/octet-stream", f"{key(ODD)}-902.png"),
        (903, b"<script>alert(1)</script>", "application/octet-stream", f"{key(ODD)}-903.html"),
    ],
)
def test_a_capture_is_sent_byte_by_byte_and_never_as_a_page(
    site: Site, number: int, body: bytes, kind: str, name: str
) -> None:
    answer = site.get(f"/capture/{number}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, body, kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "sandbox; default-src 'none'" in answer.headers.get_list("content-security-policy")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_the_copy_of_a_picture_is_ever_shown(site: Site, home: Home) -> None:
    picture = site.get("/capture/902?show=picture")
    assert (picture.content, picture.headers["content-type"]) == (COPY_OF_PICTURE, "image/webp")
    assert picture.headers["content-disposition"] == "inline"
    assert "sandbox; default-src 'none'" in picture.headers.get_list("content-security-policy")
    for number in (901, 903):
        assert site.get(f"/capture/{number}?show=picture").headers["content-disposition"].startswith("attachment")
    assert 'src="/capture/902?show=picture"' in page(site, f"/article/{key(ODD)}")
    copy = home.captures / "added" / "face.shown.webp"
    copy.rename(copy.with_suffix(".away"))
    assert site.get("/capture/902?show=picture").status_code == 404
    copy.with_suffix(".away").rename(copy)


@pytest.mark.parametrize("number", [904, 905, 906, 907], ids=["above the folder", "elsewhere", "gone", "cut short"])
def test_a_file_that_is_not_there_is_named_and_no_other_is_sent(site: Site, number: int) -> None:
    shown = page(site, f"/capture/{number}", 404)
    assert "is missing in the folder of captures, or cut short" in unescape(shown)
    assert "secret\n" not in shown


def test_a_capture_of_what_was_taken_out_is_for_people_with_an_account(site: Site, home: Home) -> None:
    with closing(open_reader(home.archive)) as connection:
        number = connection.execute(
            "select capture.id from capture join article on article.id = capture.article where key = ?", [key(HIDDEN)]
        ).fetchone()[0]
    assert "There is no capture" in page(site, f"/capture/{number}", 404)
    site.log_in("dara")
    assert "is missing in the folder" in page(site, f"/capture/{number}", 404)
    site.log_out()


# ---- changes ----------------------------------------------------------------------------------------------------------------------


def test_two_revisions_are_compared_word_by_word(site: Site) -> None:
    shown = page(site, f"/article/{key(CHANGED)}/changes", **{"from": "1", "to": "2"})
    plain = re.sub(r'<span class="unseen">[^<]*</span>', "", shown)
    assert "The crowd was <del>small</del><ins>large</ins>. It asked for rights." in plain
    assert "<del>Old</del><ins>New</ins> words about rights" in plain
    assert "About 1 word was removed. About 1 word was added. 1 paragraph has changes." in words(shown)
    assert f'href="/article/{key(CHANGED)}/changes?from=1&amp;to=2"' in page(site, f"/article/{key(CHANGED)}")


def test_one_revision_beside_itself_says_so(site: Site) -> None:
    assert "one and the same revision" in page(site, f"/article/{key(CHANGED)}/changes", **{"from": "2", "to": "2"})
    assert "one and the same revision" in page(site, f"/article/{key(ARTICLES[0])}/changes")


@pytest.mark.parametrize(
    ("asked", "status"), [({"from": "9"}, 404), ({"from": "x"}, 400), ({"to": "-1"}, 400), ({"to": "៣"}, 400)]
)
def test_a_revision_that_is_none_is_refused(site: Site, asked: dict[str, str], status: int) -> None:
    page(site, f"/article/{key(CHANGED)}/changes", status, **asked)


# ---- a story ----------------------------------------------------------------------------------------------------------------------


def test_a_story_tells_its_original_and_why(site: Site, home: Home) -> None:
    with closing(open_reader(home.archive)) as connection:
        story = load_story(connection, story_key(key(ORIGINAL)), whole=False)
    assert story is not None
    assert {member.key for member in story.members} == {key(ORIGINAL), key(COPY)}
    assert story.original is not None
    assert story.original.key == key(ORIGINAL)
    shown = words(page(site, f"/story/{story.key}"))
    assert "2 articles carry this text. It ran at 2 sources." in shown
    assert "It is signed by a person: Keo Samnang" in shown
    assert "The same text" in shown


def test_an_article_names_the_others_of_its_story(site: Site) -> None:
    shown = page(site, f"/article/{key(COPY)}").partition('id="also"')[2].partition("</section>")[0]
    assert f'href="/article/{key(ORIGINAL)}"' in shown
    assert "the original, as far as can be told" in shown


def test_two_articles_of_a_story_are_compared(site: Site) -> None:
    path = f"/story/{story_key(key(ORIGINAL))}/difference"
    shown = page(site, path, one=key(ORIGINAL), other=key(COPY))
    assert "<ins>" in shown
    assert "The text is the same." in shown
    page(site, path, 400, one=key(ORIGINAL), other=key(LONG))
    page(site, path, 400)


def test_the_old_key_of_a_story_leads_to_the_one_it_was_merged_into(site: Site, home: Home) -> None:
    with closing(open_writer(home.archive)) as connection, immediate(connection):
        connection.execute(
            "insert into story (key, first_seen, merged_into) select 's0123456789abcdef', '', id from story where key = ?",
            [story_key(key(ORIGINAL))],
        )
    answer = site.get("/story/s0123456789abcdef")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/story/{story_key(key(ORIGINAL))}")


def test_a_story_of_which_all_was_rejected_is_for_people_with_an_account(site: Site) -> None:
    page(site, f"/story/{story_key(key(REJECTED))}", 404)
    site.log_in("dara")
    page(site, f"/story/{story_key(key(REJECTED))}")
    site.log_out()


# ---- sources and queries ----------------------------------------------------------------------------------------------------------


def test_a_source_tells_its_share_of_coverage(site: Site, home: Home) -> None:
    with closing(open_reader(home.archive)) as connection:
        loaded = load_source(connection, "lotus")
    assert loaded is not None
    _, share, part = loaded
    assert (share.articles, share.published, share.share) == (2, 40, 0.05)
    shown = page(site, "/source/lotus")
    assert "2 of 40 articles" in words(shown)
    assert f"All {part.articles} articles in the search" in words(shown)
    assert "/search?source=lotus&amp;from=" in shown


def test_what_was_taken_out_counts_nowhere(home: Home) -> None:
    with closing(open_reader(home.archive)) as connection:
        expected = connection.execute("select count(*) from coverage where source = 'delta'").fetchone()[0]
        loaded = load_source(connection, "delta")
    assert loaded is not None
    part = loaded[2]
    assert part.articles == expected
    assert sum(day.articles for day in part.days) + part.undated == expected
    assert not {key(REJECTED), key(HIDDEN)} & {one.id for one in part.newest}


def test_a_query_tells_its_words_terms_and_since_when(site: Site) -> None:
    shown = words(page(site, "/query/i-accept/rights"))
    assert "សិទ្ធិ OR rights" in shown
    assert "កម្មសិទ្ធិ" in shown
    assert "Watched since 1 Mar 2024" in shown
    assert "ស្រលាញ់ភេទដូចគ្នា" not in shown.partition("What it asks")[2].partition("Newest coverage")[0]


def test_a_source_that_people_named_in_khmer_has_its_page(site: Site, home: Home) -> None:
    with closing(open_writer(home.archive)) as connection:
        declare_by_hand(connection, Source(id="by-hand-វិទ្យុ", name="វិទ្យុ ទន្លេ", languages=("km",), domains=()))
    listed = re.findall(r'href="(/source/by-hand-[^"]+)"', page(site, "/sources"))
    shown = words(page(site, listed[0]))
    assert "វិទ្យុ ទន្លេ" in shown
    assert "Only people add articles of it" in shown


@pytest.mark.parametrize("path", ["/sources", "/queries"])
def test_the_lists_lead_to_each(site: Site, path: str) -> None:
    shown = page(site, path)
    for address in {"/sources": ("/source/lotus", "/source/delta"), "/queries": ("/query/rivers/water",)}[path]:
        assert f'href="{address}"' in shown


@pytest.mark.parametrize(
    "path", ["/source/nobody", "/query/i-accept/nothing", "/story/sffffffffffffffff", "/capture/123456789"]
)
def test_what_is_not_there_is_told_with_a_way_on(site: Site, path: str) -> None:
    assert 'href="/search"' in page(site, path, 404)


def test_an_archive_without_articles_has_all_its_pages(tmp_path: Path) -> None:
    build_archive(Home(tmp_path).archive, ())
    with closing(Site(Home(tmp_path).archive)) as empty:
        for path in ("/sources", "/queries", "/source/lotus", "/query/i-accept/slogan"):
            page(empty, path)


# ---- what they load ---------------------------------------------------------------------------------------------------------------


def test_overlapping_queries_are_all_named_in_a_mark(home: Home) -> None:
    with closing(open_reader(home.archive)) as connection:
        row = connection.execute("select id, revision from article where key = ?", [key(ARTICLES[0])]).fetchone()
        marks = load_marks(connection, row["id"], row["revision"])
        shown = load_article(connection, key(ARTICLES[0]), whole=False)
    assert [(cause.number, cause.query, cause.terms[0].term) for cause in marks.causes] == [
        (1, "slogan", "ខ្ញុំទទួលយក"),
        (2, "rights", "សិទ្ធិ"),
    ]
    assert shown is not None
    assert "".join(piece.text for piece in shown.text[0]) == ARTICLES[0].text.split("\n")[0]
