"""What strangers, and those who mean harm, get from the site: a short answer in words, and nothing of the team's."""

import os
import time
from collections.abc import Iterator

import pytest

from archive.accounts import put_account
from archive.serve import OF_THE_TEAM, door
from archive.site.gate import MOST_PARAMETERS
from tests.archives import build_archive
from tests.served import METADATA, Site

PASSWORD = "four words and more"
NOTE = "a canary in a note"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that everybody reads, with an account and a note of its own."""
    data = tmp_path_factory.mktemp("team") / "data"
    build_archive(data / "archive.db")
    put_account(data, "canary-name", PASSWORD)
    made = door(data, METADATA, everybody_reads=True)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in made.environment.items():
            patched.setitem(os.environ, name, value)
        opened = Site(data / "archive.db", made.metadata)
        opened.log_in("canary-name")
        key = min(opened.keys("coverage"))
        assert opened.post("/decide", article=key, kind="note", value=NOTE, token="1").status_code == 303
        opened.log_out()
        yield opened
        opened.close()


@pytest.mark.parametrize("method", ["PROPFIND", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/search", "/archive", "/archive/coverage.json", "/-/logout"])
def test_a_method_that_nobody_serves_is_refused(method: str, path: str, site: Site) -> None:
    answer = site.ask(method, path)
    assert answer.status_code == 405
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "GET, HEAD, POST" in answer.text


@pytest.mark.parametrize("path", ["/archive/coverage", "/archive/coverage.json", "/archive/article.json"])
def test_a_form_sent_to_a_table_is_refused_in_words(path: str, site: Site) -> None:
    assert site.ask("POST", path).status_code == 405


@pytest.mark.parametrize("asked", ["_sort=nothing", "_next=nothing", "_next=%00", "_through=%7B%7D"])
def test_what_a_table_cannot_do_is_the_visitors_mistake(asked: str, site: Site) -> None:
    assert site.get(f"/archive/coverage?{asked}").status_code == 400


@pytest.mark.parametrize("path", ["/-/password-tool", "/-/allow-debug"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_tools_that_are_not_ours_are_shut(method: str, path: str, site: Site) -> None:
    assert site.ask(method, path).status_code == 404


def test_an_address_of_thousands_of_parameters_costs_no_time(site: Site) -> None:
    many = "&".join(f"a{number}=b" for number in range(5000))
    started = time.monotonic()
    assert site.get(f"/search?{many}").status_code == 400
    assert time.monotonic() - started < 1
    few = "&".join(f"a{number}=b" for number in range(MOST_PARAMETERS - 1))
    assert site.get(f"/search?{few}").status_code == 200


@pytest.mark.parametrize(
    "path", [*(f"/archive/{table}.json" for table in OF_THE_TEAM), "/archive/decision/1.json", "/archive.json?sql=select+1"]
)  # fmt: skip
def test_what_the_team_wrote_is_for_people_with_an_account_alone(path: str, site: Site) -> None:
    assert site.get(path).status_code == 403
    site.log_in("canary-name")
    answer = site.get(path)
    site.log_out()
    assert answer.status_code == (404 if "/-/" in path else 200)


def test_a_stranger_meets_no_note_and_no_account_anywhere(site: Site) -> None:
    key = min(site.keys("coverage"))
    paths = ["/", "/search", "/search.csv?text=yes", "/search.jsonl?text=yes", "/search.atom", "/status", "/status.json", "/method", f"/article/{key}"]  # fmt: skip
    data = ["/archive", "/archive.json", "/archive/article.json?_shape=array", "/-/metadata.json", "/-/metadata", "/-/plugins.json?all=1"]  # fmt: skip
    for path in (*paths, *data):
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert "canary" not in answer.text, path


def test_the_metadata_still_tell_what_columns_mean(site: Site) -> None:
    told = site.get("/-/metadata.json").json()
    assert "columns" in told["databases"]["archive"]["tables"]["article"]


def test_no_script_can_read_who_is_logged_in(site: Site) -> None:
    answer = site.post("/-/login", username="canary-name", password=PASSWORD)
    (told,) = (value for value in answer.headers.get_list("set-cookie") if value.startswith("ds_actor="))
    assert "; HttpOnly" in told


@pytest.mark.parametrize("path", ["/", "/search", "/report", "/sources", "/status", "/nothing"])
def test_our_own_pages_take_no_style_but_from_a_file(path: str, site: Site) -> None:
    answer = site.get(path)
    assert "style-src 'self'" in answer.headers.get_list("content-security-policy")
    assert "<style" not in answer.text
    assert " style=" not in answer.text
