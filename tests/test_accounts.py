"""Who may log in: names and passwords that can be, files that nobody else reads, and the door they make of the site."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette_auth_passwords.utils import verify_password

from archive.accounts import accounts, put_account, remove_account, secret
from archive.errors import DiskFull, UsageError
from archive.home import Home, init_home
from archive.serve import door
from tests.archives import build_archive
from tests.served import METADATA, Site

PASSWORD = "four words and more"


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def typed(home: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tamdan", "--home", str(home), "account", *words]
    return subprocess.run(line, input=said, capture_output=True, text=True, check=False)


def test_an_account_is_made_and_its_password_is_kept_as_a_hash_for_its_owner_alone(tmp_path: Path) -> None:
    assert put_account(tmp_path, "sophea", PASSWORD)
    held = accounts(tmp_path)
    assert verify_password(PASSWORD, held["sophea"])
    assert PASSWORD not in (tmp_path / "accounts.json").read_text(encoding="utf-8")
    assert mode(tmp_path / "accounts.json") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["accounts.json"]


def test_the_secret_outlasts_the_server_and_ends_with_a_changed_password_or_a_removed_account(tmp_path: Path) -> None:
    put_account(tmp_path, "sophea", PASSWORD)
    first = secret(tmp_path)
    put_account(tmp_path, "dara", PASSWORD)
    assert secret(tmp_path) == first
    assert mode(tmp_path / "secret") == 0o600
    assert not put_account(tmp_path, "dara", PASSWORD + "!")
    second = secret(tmp_path)
    remove_account(tmp_path, "dara")
    assert len({first, second, secret(tmp_path)}) == 3
    assert list(accounts(tmp_path)) == ["sophea"]


@pytest.mark.parametrize("name", ["sophea", "dara-2", "press.desk", "សុភា", "ដារា២", "a" * 40])
def test_a_name_may_be_latin_or_khmer(name: str, tmp_path: Path) -> None:
    put_account(tmp_path, name, PASSWORD)
    assert name in accounts(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["", "So", "two words", "-x", ".x", "a" * 41, "a/b", 'a"b', "a$b", "x_password_hash", "ណី\u200bតា", "។", "é", "a\n"],
)
def test_a_name_that_cannot_be_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a name has"):
        put_account(tmp_path, name, PASSWORD)
    assert list(tmp_path.iterdir()) == []


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="10 characters"):
        put_account(tmp_path, "sophea", "123456789")


def test_an_account_that_is_not_there_is_not_removed(tmp_path: Path) -> None:
    put_account(tmp_path, "sophea", PASSWORD)
    with pytest.raises(UsageError, match="There are: sophea"):
        remove_account(tmp_path, "dara")


def test_a_damaged_file_of_accounts_is_told_and_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "accounts.json").write_text("{", encoding="utf-8")
    for ask in (lambda: accounts(tmp_path), lambda: door(tmp_path, METADATA)):
        with pytest.raises(UsageError, match="no list of accounts"):
            ask()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "accounts.json.new").mkdir()
    with pytest.raises(DiskFull, match="cannot be written"):
        put_account(tmp_path, "sophea", PASSWORD)


def test_the_command_makes_lists_changes_and_removes(tmp_path: Path) -> None:
    init_home(tmp_path)
    assert "no account yet" in typed(tmp_path).stdout
    made = typed(tmp_path, "sophea", said=f"{PASSWORD}\n")
    assert (made.returncode, made.stdout) == (0, "")
    assert PASSWORD not in made.stderr
    assert typed(tmp_path).stdout == "sophea\n"
    assert "new password" in typed(tmp_path, "sophea", said="another password").stderr
    assert verify_password("another password", accounts(Home(tmp_path).data)["sophea"])
    assert typed(tmp_path, "sophea", said="short\n").returncode == 2
    assert typed(tmp_path, "So Phea", said=f"{PASSWORD}\n").returncode == 2
    assert typed(tmp_path, "sophea", "--remove").returncode == 0
    assert typed(tmp_path, "sophea", "--remove").returncode == 2
    assert accounts(Home(tmp_path).data) == {}


def test_where_there_is_no_home_no_account_is_made(tmp_path: Path) -> None:
    done = typed(tmp_path / "none", "sophea", said="short")  # no word of the password that was asked for
    assert done.returncode == 2
    assert "no home yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_who_removes_an_account_must_name_it(tmp_path: Path) -> None:
    init_home(tmp_path)
    done = typed(tmp_path, "--remove")
    assert done.returncode == 2
    assert "needs the name" in done.stderr


# ---- the door -------------------------------------------------------------------------------------------------------------------------


def test_without_accounts_the_door_is_the_shipped_metadata_and_nothing_is_written(tmp_path: Path) -> None:
    made = door(tmp_path, METADATA)
    assert (made.metadata, dict(made.environment)) == (METADATA, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("readers", ["account", "everybody"])
def test_what_the_door_writes_down_holds_no_hash_and_no_secret(readers: str, tmp_path: Path) -> None:
    put_account(tmp_path, "sophea", PASSWORD)
    made = door(tmp_path, METADATA, everybody_reads=readers == "everybody")
    told = made.metadata.read_text(encoding="utf-8")
    assert mode(made.metadata) == 0o600
    assert set(made.environment) == {"DATASETTE_SECRET", "TAMDAN_PASSWORD_1"}
    assert not any(value in told for value in made.environment.values())
    assert json.loads(told).get("allow") == (None if readers == "everybody" else {"id": "*"})
    shipped = json.loads(METADATA.read_text(encoding="utf-8"))
    assert json.loads(told)["title"] == shipped["title"]
    assert json.loads(told)["databases"]["archive"].get("allow_sql") == (
        {"id": "*"} if readers == "everybody" else None
    )
    assert (
        json.loads(told)["databases"]["archive"]["tables"]["article"]
        == shipped["databases"]["archive"]["tables"]["article"]
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    build_archive(tmp_path / "data" / "archive.db")
    put_account(tmp_path / "data", "sophea", PASSWORD)
    return tmp_path / "data"


@pytest.fixture
def site(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = door(data, METADATA)
    for name, value in made.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    opened = Site(data / "archive.db", made.metadata)
    yield opened
    opened.close()


PRIVATE = ["/", "/search", "/search.csv", "/inbox", "/archive", "/archive/coverage", "/archive/coverage.csv", "/status"]
BARE = ["/archive.json", "/archive.json?sql=select+1", "/archive/coverage.json", "/-/metadata.json", "/-/plugins.json", "/-/databases.json"]  # fmt: skip


@pytest.mark.parametrize("path", PRIVATE)
def test_a_stranger_is_sent_to_log_in(path: str, site: Site) -> None:
    answer = site.get(path)
    assert answer.status_code in (302, 303)
    assert answer.headers["location"].startswith("/-/login?next=")


@pytest.mark.parametrize("path", BARE)
def test_a_stranger_is_given_no_data(path: str, site: Site) -> None:
    assert site.get(path).status_code == 403


def test_the_login_page_and_what_it_looks_like_are_for_everybody(site: Site) -> None:
    page = site.get("/-/login")
    assert page.status_code == 200
    assert site.get("/-/tamdan/tamdan.css").status_code == 200
    assert site.get("/-/tamdan/noto-sans-khmer.woff2").status_code == 200
    switched = site.get("/-/language/en", next="/-/login?next=/inbox")
    assert switched.headers["location"] == "/-/login?next=/inbox"
    assert switched.cookies["tamdan_language"] == "en"


def test_who_logs_in_reads_and_sees_no_hash_and_who_logs_out_does_not(site: Site, data: Path) -> None:
    wrong = site.post("/-/login", username="sophea", password="wrong wrong")
    assert "ds_actor" not in wrong.cookies
    answer = site.post("/-/login", username="sophea", password=PASSWORD)
    assert answer.status_code in (302, 303)
    site.cookies["ds_actor"] = answer.cookies["ds_actor"]
    assert site.get("/inbox").status_code == 200
    metadata = site.get("/-/metadata.json")
    assert metadata.status_code == 200
    assert accounts(data)["sophea"] not in metadata.text
    assert not any(words in metadata.text for words in ("$env", "sophea"))
    left = site.post("/-/logout")
    assert left.headers["set-cookie"].startswith('ds_actor=""')
    site.log_out()
    assert site.get("/inbox").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/inbox?all=yes", "/inbox?all=yes"),
        ("/search?q=%E1%9E%9F%E1%9E%B7%E1%9E%91%E1%9F%92%E1%9E%92%E1%9E%B7&from=2022-01-01", None),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_who_logs_in_is_led_to_the_page_that_was_wanted_and_nowhere_else(
    wanted: str, led: str | None, site: Site
) -> None:
    where = f"/-/login?next={quote(wanted, safe='')}"
    assert f'action="{where}&amp;"' in site.get(where).text
    answer = site.post(where, username="sophea", password=PASSWORD)
    assert (answer.headers["location"], "ds_actor" in answer.cookies) == (wanted if led is None else led, True)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Invalid username or password"), ("km", "ឈ្មោះគណនី ឬពាក្យសម្ងាត់មិនត្រឹមត្រូវ")]
)
def test_a_wrong_password_is_told_in_the_language_of_the_visitor(language: str, words: str, site: Site) -> None:
    answer = site.post(f"/-/login?next=%2Finbox&lang={language}", username="sophea", password="wrong wrong")
    assert answer.status_code == 200
    assert words in answer.text
    assert "location" not in answer.headers


def test_a_login_that_another_secret_signed_is_none(site: Site) -> None:
    site.cookies["ds_actor"] = "eyJhIjp7ImlkIjoic29waGVhIn19.forged"
    assert site.get("/").status_code == 303
