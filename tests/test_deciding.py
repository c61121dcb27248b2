"""The desk as a browser uses it: who may decide, what a form does, what two people at once see, and what bad input comes to."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.database import open_reader, open_writer
from archive.keys import article_key
from archive.site.inside import inside, told_at
from archive.store import Store
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, build_archive, found
from tests.served import Site

SLOGAN = article_key("https://lotus.example/slogan")
LOVE = article_key("https://lotus.example/love")
SCRIPT = article_key("https://lotus.example/script")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "archive.db"
    build_archive(path)
    return path


@pytest.fixture
def site(archive: Path) -> Iterator[Site]:
    opened = Site(archive)
    opened.log_in("sophea")
    yield opened
    opened.close()


def decide(site: Site, kind: str, value: str = "", article: str = SLOGAN, **more: str) -> Any:
    form = {
        "token": f"t{kind}{value[:30]}{more}",
        "seen": "0",
        "kind": kind,
        "value": value,
        "article": article,
        **more,
    }
    return site.post("/decide?lang=en", **form)


def asked(archive: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(open_reader(archive)) as connection:
        return [tuple(row) for row in connection.execute(sql, values)]


# ---- who ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/inbox", "/decide", "/looked"])
def test_without_an_account_the_desk_is_shut_and_says_how_to_make_one(path: str, site: Site, archive: Path) -> None:
    site.log_out()
    answers = [
        site.get(path, lang="en"),
        site.post(f"{path}?lang=en", article=SLOGAN, kind="keep", token="t", seen="0"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "account NAME" in answer.text
    assert asked(archive, "select * from decision") == asked(archive, "select * from looked") == []


def test_a_form_from_elsewhere_is_refused(site: Site, archive: Path) -> None:
    answer = decide(site, "keep", csrftoken="forged")
    assert answer.status_code == 403
    assert asked(archive, "select * from decision") == []


# ---- deciding -------------------------------------------------------------------------------------------------------------------------


def test_a_decision_leads_back_and_can_be_undone_there(site: Site, archive: Path) -> None:
    answer = decide(site, "reject", reason="duplicate", next="/inbox?all=yes#top")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?all=yes&done=1#top")
    page = site.get("/inbox?all=yes&done=1", lang="en").text
    assert "Rejected: duplicate" in page
    assert f'id="{SLOGAN}"' not in page
    form = re.search(r'role="status".*?</form>', page, re.DOTALL)
    assert form
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    sent.pop("csrftoken")
    assert site.post("/decide", **sent).status_code == 303
    assert asked(archive, "select decision from article where key = ?", SLOGAN) == [("new",)]
    again = site.get("/inbox?all=yes&done=2", lang="en").text
    assert "Taken back." in again
    assert f'id="{SLOGAN}"' in again


def test_nobody_else_is_told_what_was_just_done(site: Site) -> None:
    decide(site, "keep")
    site.log_in("dara")
    assert 'role="status"' not in site.get("/inbox", done="1").text


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "//[", "http://[", "/\r\nx: y", ""],
)
def test_nobody_is_sent_elsewhere(next_page: str, site: Site) -> None:
    assert decide(site, "keep", next=next_page).headers["location"] == f"/article/{SLOGAN}?done=1"


@pytest.mark.parametrize(
    ("address", "told"),
    [("/a?x=1&done=3", "/a?x=1"), ("/a?done=3#k", "/a#k"), ("/a", "/a"), ("/a?q=%E1%9E%80&q=b", "/a?q=%E1%9E%80&q=b")],
)
def test_an_address_loses_what_is_taken_from_it_and_no_more(address: str, told: str) -> None:
    assert inside(address) == address
    assert told_at(address, done=None) == told


def test_two_who_decide_at_once_see_each_other(site: Site, archive: Path) -> None:
    site.log_in("dara")
    decide(site, "reject", reason="wrong page")
    site.log_in("sophea")
    answer = decide(site, "keep", next="/inbox")
    assert answer.status_code == 409
    assert "dara" in answer.text
    assert "Rejected: wrong page" in answer.text
    assert asked(archive, "select decision from article where key = ?", SLOGAN) == [("reject",)]
    form = re.search(r'<form action="/decide".*?Decide nevertheless', answer.text, re.DOTALL)
    assert form
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    sent.pop("csrftoken")
    nevertheless = site.post("/decide", **sent)
    assert nevertheless.headers["location"] == "/inbox?done=2"
    assert asked(archive, "select decision from article where key = ?", SLOGAN) == [("keep",)]


# ---- bad input ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("published", "2021-13-40", "Write the day"),
        ("published", "", "Write the day"),
        ("published", "2999-01-01", "not come yet"),
        ("published", "0202-01-01", "too far back"),
        ("gone", "yesterday", "Write the day"),
        ("title", " \u200b ", "Give a title"),
        ("title", "x" * 1001, "too long"),
        ("source", "nowhere", "no such source"),
        ("tone", "angry", "no such tone"),
        ("merge", SLOGAN, "with itself"),
        ("merge", "https://lotus.example/slogan", "with itself"),
        ("merge", "a" + "0" * 16, "no article here"),
        ("split", "", "own already"),
        ("note", "x" * 20_001, "too long"),
        ("note", "  ", "Write a note"),
        ("reject", "", "Say why"),
        ("undo", "", "which decision"),
        ("dance", "", "cannot be decided"),
        ("", "", "cannot be decided"),
    ],
)
def test_what_cannot_be_decided_is_told_and_writes_nothing(
    kind: str, value: str, told: str, site: Site, archive: Path
) -> None:
    answer = decide(site, kind, value)
    assert answer.status_code == 400
    assert told in answer.text
    assert asked(archive, "select * from decision") == []


def test_what_is_wrong_is_told_in_khmer_as_well(site: Site) -> None:
    form = {"token": "t", "seen": "0", "kind": "title", "value": "", "article": SLOGAN}
    assert "សូមដាក់ចំណងជើង" in site.post("/decide?lang=km", **form).text


@pytest.mark.parametrize("undoes", ["77", "-1", "x", "9" * 40])
def test_what_was_never_decided_is_not_taken_back(undoes: str, site: Site) -> None:
    assert decide(site, "undo", undoes=undoes).status_code == 400


@pytest.mark.parametrize("article", ["a" + "0" * 16, "", "'; drop table article", "ក"])
def test_an_unknown_article_is_told(article: str, site: Site) -> None:
    assert decide(site, "keep", article=article).status_code == 404


def test_decisions_are_not_made_by_following_a_link(site: Site, archive: Path) -> None:
    assert site.get("/decide", article=SLOGAN, kind="keep").status_code == 404
    assert site.get("/looked").status_code == 404
    assert asked(archive, "select * from decision") == []


def test_a_note_of_ten_thousand_characters_and_html_is_kept_as_it_is_and_harmless(site: Site, archive: Path) -> None:
    note = "<script>alert(1)</script>" + "ក" * 9_975
    assert decide(site, "note", note).status_code == 303
    assert len(asked(archive, "select value ->> '$' from decision")[0][0]) == 10_000
    site.log_in("dara")
    page = decide(site, "keep").text or site.get("/inbox", lang="en").text
    assert "<script>alert(1)" not in page


def test_a_title_of_html_is_shown_as_letters(site: Site) -> None:
    page = site.get("/inbox", all="yes").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# ---- the inbox ------------------------------------------------------------------------------------------------------------------------


def cards(page: str) -> list[str]:
    return re.findall(r'<li class="card" id="(\w+)"', page)


def test_the_inbox_holds_what_arrived_since_i_looked_and_nobody_decided(site: Site, archive: Path) -> None:
    page = site.get("/inbox", lang="en").text
    every = cards(page)
    assert every == [key for (key,) in asked(archive, "select key from article order by id desc")]
    until = re.search(r'name="until" value="(\d+)"', page)
    assert until
    assert site.post("/looked", until=str(int(until[1]) - 2)).status_code == 303
    assert cards(site.get("/inbox").text) == every[:2]
    assert cards(site.get("/inbox", all="yes").text) == every
    decide(site, "keep", article=every[0])
    assert cards(site.get("/inbox").text) == every[1:2]
    site.log_in("dara")
    assert cards(site.get("/inbox").text) == every[1:]


@pytest.mark.parametrize("until", ["999999999", "5"])
def test_nobody_has_looked_at_what_is_not_there_yet_nor_less_far_than_before(
    until: str, site: Site, archive: Path
) -> None:
    last = asked(archive, "select max(id) from article")[0][0]
    site.post("/looked", until=str(last))
    site.post("/looked", until=until)
    assert asked(archive, "select who, article from looked") == [("sophea", last)]


def test_a_long_inbox_goes_on_where_the_page_ended(site: Site, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.site.inbox.SIZE", 5)
    page, seen = "/inbox", list[str]()
    while page:
        text = site.get(page).text
        seen += cards(text)
        further = re.search(r'href="(/inbox\?before=\d+)"', text)
        page = further[1] if further else ""
    assert seen == [key for (key,) in asked(archive, "select key from article order by id desc")]


def test_a_headline_waits_to_be_opened_by_hand_and_not_in_the_inbox(site: Site, archive: Path) -> None:
    with closing(open_writer(archive)) as connection:
        connection.execute("update article set status = 'headline only' where key = ?", [LOVE])
    page = site.get("/inbox", lang="en").text
    assert LOVE not in cards(page)
    assert 'href="/by-hand"' in page


def test_an_old_article_that_is_coverage_again_is_new_to_those_who_looked(site: Site, archive: Path) -> None:
    with closing(open_writer(archive)) as connection:
        store = Store(connection)
        store.declare(SOURCES, CAMPAIGNS, NOW)
        kept, known = ARTICLES[0], ARTICLES[1]
        rows = {one.url: connection.execute("select id from article where url = ?", [one.url]).fetchone()[0] for one in (kept, known)}  # fmt: skip
        store.rematch(rows[kept.url], replace(kept, matches=()), "other words", NOW)
        store.rematch(rows[known.url], replace(known, matches=known.matches[:1]), "other words", NOW)
        page = site.get("/inbox").text
        until, change = (re.search(rf'name="{name}" value="(\d+)"', page) for name in ("until", "change"))
        assert until
        assert change
        store.rematch(rows[kept.url], kept, "other words", NOW)
        slogan = found("slogan", known.text, known.text[:5])
        store.rematch(rows[known.url], replace(known, matches=(*known.matches, slogan)), "other words", NOW)
    site.post("/looked", until=until[1], change=change[1])
    assert cards(site.get("/inbox").text) == [article_key(kept.url)]  # the other was looked at before it gained a query
    site.post("/looked", until=until[1], change="999999")
    assert cards(site.get("/inbox").text) == []
    site.post("/looked", until=until[1], change=change[1])
    assert cards(site.get("/inbox").text) == []


def test_an_inbox_of_an_empty_archive_says_so(tmp_path: Path) -> None:
    build_archive(tmp_path / "data" / "archive.db", ())
    site = Site(tmp_path / "data" / "archive.db")
    site.log_in("sophea")
    assert "Nothing waits here" in site.get("/inbox", lang="en").text
    site.close()


# ---- everything obeys -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [{"kind": "reject", "reason": "duplicate"}, {"kind": "hide"}])
def test_what_is_rejected_or_hidden_is_in_no_row_file_or_figure(
    form: dict[str, str], site: Site, archive: Path
) -> None:
    assert SLOGAN in site.get("/search.csv").text
    before = dict(asked(archive, "select source, count(*) from coverage group by 1"))
    kind = form.pop("kind")
    decide(site, kind, **form)
    assert SLOGAN not in {key for (key,) in asked(archive, "select id from coverage")}
    assert dict(asked(archive, "select source, count(*) from coverage group by 1")) == before | {
        "lotus": before["lotus"] - 1
    }
    for address in (
        "/search.csv",
        "/search.jsonl",
        "/search.atom",
        "/archive/coverage.json?_shape=array",
        "/inbox?all=yes",
        "/",
    ):
        answer = site.get(address)
        assert answer.status_code == 200, address
        assert SLOGAN not in answer.text, address
