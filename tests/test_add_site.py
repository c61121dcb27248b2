"""The form by which people add, and the list that is opened by hand: asked in process."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.database import open_reader, open_writer
from archive.desk import uploads
from archive.desk.additions import Addition, Made, fail, find, finish
from tests.archives import ARTICLES, NOW, build_archive
from tests.served import Site

TOKEN = "ab" * 16
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FIELDS = {
    "token": TOKEN,
    "url": "https://page.example/1?a=1",
    "campaign": "i-accept",
    "kind": "post",
    "day": "2021-12-09",
}
EDGE = "edge-of-the-form"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "home" / "data" / "archive.db"
    headline = replace(ARTICLES[0], url="https://lotus.example/wall", status="headline only", text="")
    build_archive(path, [*ARTICLES[1:4], headline])
    with closing(Site(path)) as site:
        site.log_in("sophea")
        yield site


def archive(site: Site) -> Path:
    return Path(site.datasette.get_database("archive").path)


def addition(site: Site) -> Addition | None:
    with closing(open_reader(archive(site))) as connection:
        return find(connection, TOKEN)


def send(site: Site, fields: dict[str, str], file: tuple[str, bytes] | None = None, *, csrf: bool = True) -> Any:
    """Send the form as browsers do, the fields in order and the file last."""
    if "ds_csrftoken" not in site.cookies:
        site.cookies["ds_csrftoken"] = site.get("/-/login").cookies["ds_csrftoken"]
    token = {"csrftoken": site.cookies["ds_csrftoken"]} if csrf else {}
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**token, **fields}.items()
    ]
    if file:
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(head.encode() + file[1] + b"\r\n")
    body = b"".join([*parts, f"--{EDGE}--\r\n".encode()])
    headers = {"content-type": f"multipart/form-data; boundary={EDGE}"}
    client = site.datasette.client
    return site._runner.run(client.post("/add", content=body, headers=headers, cookies=site.cookies))


def kept(site: Site) -> list[str]:
    folder = archive(site).parent / "captures" / "added"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_form_stands_in_both_languages_for_those_with_an_account(site: Site) -> None:
    page = site.get("/add", lang="en", url="https://x.example/", title="A <b>")
    assert 'value="https://x.example/"' in page.text
    assert "A &lt;b&gt;" in page.text
    assert 'name="day" type="date" value=""' in page.text  # nobody's day is guessed
    assert page.text.index('name="csrftoken"', page.text.index('class="fields add"')) < page.text.index('name="file"')
    assert "បន្ថែម" in site.get("/add").text
    site.log_out()
    for address in ("/add", "/by-hand", f"/added/{TOKEN}"):
        assert site.get(address).status_code == 403


def test_a_form_makes_one_addition_however_often_it_is_sent(site: Site) -> None:
    answers = [send(site, FIELDS, ("រូប.png", PNG)) for _ in range(2)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, f"/added/{TOKEN}")] * 2
    found = addition(site)
    assert found
    assert (found.wish.url, found.wish.kind, found.wish.who) == ("https://page.example/1?a=1", "post", "sophea")
    assert (found.wish.file, found.wish.file_name, found.wish.file_type) == (
        f"added/{TOKEN}.png",
        "រូប.png",
        "image/png",
    )
    assert kept(site) == [f"{TOKEN}.png"]
    page = site.get(f"/added/{TOKEN}", lang="en").text
    assert '<meta http-equiv="refresh"' in page


@pytest.mark.parametrize(
    ("fields", "file", "said"),
    [
        ({"url": "nonsense"}, None, "This is no link."),
        ({"day": "tomorrow"}, None, "Write the day as in"),
        ({"campaign": ""}, None, "Say for which campaign."),
        ({}, ("holiday.jpg", b"<html><body>"), "By its name this file is a picture"),
        ({}, ("a.pdf", b"PK\x03\x04"), "By its name this file is a PDF"),
        ({}, ("a.png", b""), "The file is empty."),
        ({"token": "../../etc"}, ("a.png", PNG), "This form is not complete."),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_stays(
    site: Site, fields: dict[str, str], file: tuple[str, bytes] | None, said: str
) -> None:
    site.cookies["tamdan_language"] = "en"
    answer = send(site, {**FIELDS, **fields}, file)
    assert (answer.status_code, said in answer.text) == (400, True), answer.text
    assert (addition(site), kept(site)) == (None, [])


@pytest.mark.parametrize(
    ("boundary", "body", "status"),
    [("x" * 5000, b"x", 400), (EDGE, b"x", 400), (EDGE, f"--{EDGE}\r\n\r\n\r\n".encode() * 100_000, 413)],
)
def test_what_is_no_form_is_refused_in_words(site: Site, boundary: str, body: bytes, status: int) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    asked = site.datasette.client.post("/add", content=body, headers=headers, cookies=site.cookies)
    assert site._runner.run(asked).status_code == status
    assert (addition(site), kept(site)) == (None, [])


def test_a_file_that_is_too_large_is_refused_and_nothing_stays(site: Site) -> None:
    site.cookies["tamdan_language"] = "en"
    answer = send(site, FIELDS, ("a.png", PNG + bytes(25 * 2**20)))
    assert (answer.status_code, "larger than 20 MB" in answer.text) == (413, True)
    over = send(site, FIELDS, ("a.png", PNG + bytes(uploads.MOST_BYTES)))
    assert (over.status_code, "larger than 20 MB" in over.text) == (413, True)
    assert (addition(site), kept(site)) == (None, [])


def test_without_a_token_or_an_account_nothing_is_added(site: Site) -> None:
    assert send(site, FIELDS, csrf=False).status_code == 400
    assert send(site, FIELDS, ("a.png", PNG), csrf=False).status_code == 400
    assert send(site, {**FIELDS, "csrftoken": "x"}, csrf=False).status_code == 400
    site.log_out()
    assert send(site, FIELDS).status_code == 403
    assert (addition(site), kept(site)) == (None, [])


def test_the_page_tells_what_became_of_it(site: Site) -> None:
    send(site, FIELDS)
    found = addition(site)
    assert found
    with closing(open_writer(archive(site))) as connection:
        fail(connection, found, "bot challenge", NOW)
        failed = site.get(f"/added/{TOKEN}", lang="en").text
        finish(connection, found, Made(article=key(connection), outcome="known already"), NOW)
        done = site.get(f"/added/{TOKEN}", lang="en").text
        assert f"/article/{key(connection)}" in done
    assert "Open the page in your browser, save it" in failed
    assert "Try once more" in failed
    assert "known already" in done
    assert "http-equiv" not in failed + done
    assert site.get(f"/added/{'0' * 32}").status_code == 404


def key(connection: sqlite3.Connection) -> str:
    return str(connection.execute("select key from article order by id limit 1").fetchone()[0])


def test_headlines_are_listed_until_they_are_opened_or_called_gone(site: Site) -> None:
    page = site.get("/by-hand", lang="en").text
    assert page.count('class="card"') == 1
    assert "/add?url=https%3A%2F%2Flotus.example%2Fwall" in page
    with closing(open_writer(archive(site))) as connection:
        connection.execute("update article set gone_on = '2024-03-01'")
    assert "nothing is to be opened by hand" in site.get("/by-hand", lang="en").text


def test_what_cannot_be_had_leaves_the_list_and_the_inbox_alike(site: Site) -> None:
    link = re.compile(r'href="/by-hand">[^<]*<span class="number">1</span>')
    assert link.search(site.get("/inbox", lang="en").text)
    with closing(open_reader(archive(site))) as connection:
        headline = connection.execute("select id from coverage where status = 'headline only'").fetchone()[0]
    site.post("/decide", article=headline, kind="gone", value="2024-02-01", token="t", seen="0", next="/inbox")
    assert 'class="card"' not in site.get("/by-hand").text
    assert not link.search(site.get("/inbox", lang="en").text)


def test_the_form_says_what_becomes_of_what_a_photo_tells(site: Site) -> None:
    assert "Readers are shown a copy without that." in site.get("/add", lang="en").text
