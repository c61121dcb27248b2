import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import tamdan as cli
from archive.digests.letter import NO_ADDRESS, NOT_PUBLIC, OTHER_HOST, UNREACHED, WRONG_ADDRESS, Letter
from archive.model import Channel
from crawlers.digest import Unsent
from crawlers.notify import packed, send
from tests.channels import CANARY, HOST, free_port, mail_server, told_home, webhook

LETTER = Letter(
    subject="តាមដាន៖ អត្ថបទថ្មី ២",
    blocks=("១. ចំណងជើងទីមួយ", "២. ចំណងជើងទីពីរ & <b>"),
    html="<p>ចំណងជើង <a href='https://coverage.example/article/a0'>https://coverage.example/article/a0</a></p>",
)
SITE = """
[site]
name_km = "តាមដាន"
url = "https://coverage.example"
[[channel]]
id = "mail"
env = "TAMDAN_MAIL"
hosts = ["127.0.0.1"]
[[channel]]
id = "hook"
env = "TAMDAN_HOOK"
hosts = ["127.0.0.1"]
[[channel]]
id = "desk"
env = "TAMDAN_DESK"
hosts = ["127.0.0.1"]
to = "operator"
[[digest]]
id = "daily"
channels = ["mail", "hook"]
"""


def channel(monkeypatch: pytest.MonkeyPatch, address: str, *hosts: str) -> Channel:
    monkeypatch.setenv("TAMDAN_TEST", address)
    return Channel(id="test", env="TAMDAN_TEST", hosts=hosts or (HOST,))


# ---- what arrives --------------------------------------------------------------------------------------------------------------------


def test_a_mail_arrives_with_khmer_in_its_subject_its_text_and_its_html(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with mail_server(port) as mails:
        address = f"mailto://{HOST}:{port}?from=desk@tamdan.example&to=team@tamdan.example"
        send(channel(monkeypatch, address), LETTER, allow_private=True)
    (mail,) = mails
    assert mail["subject"] == LETTER.subject
    assert mail["to"] == "team@tamdan.example"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert "ចំណងជើង https://coverage.example/article/a0" in plain.get_content()
    assert html
    assert LETTER.html in html.get_content()


def test_a_webhook_is_given_subject_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with webhook(port) as posted:
        send(channel(monkeypatch, f"json://{HOST}:{port}/"), LETTER, allow_private=True)
    assert [(one["title"], one["message"]) for one in posted] == [(LETTER.subject, LETTER.text)]


def test_blocks_are_kept_whole_where_messages_are_short() -> None:
    assert packed(("a" * 4, "b" * 4, "c" * 9, "d"), 10) == ["aaaa\n\nbbbb", "c" * 9, "d"]


# ---- what is refused -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hosts", "allowed", "why"),
    [
        (("hooks.example",), {"allow_private": True}, OTHER_HOST),
        ((f"{HOST}:1",), {"allow_private": True}, OTHER_HOST),
        ((HOST,), {}, NOT_PUBLIC),
    ],
)
def test_a_host_that_is_not_meant_or_not_public_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...], allowed: dict[str, bool], why: str
) -> None:
    port = free_port()
    with webhook(port) as posted, pytest.raises(Unsent) as unsent:
        send(channel(monkeypatch, f"json://{HOST}:{port}/{CANARY}", *hosts), LETTER, **allowed)
    assert unsent.value.words == why
    assert posted == []


def test_a_mail_server_that_is_not_meant_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with mail_server(port) as mails, pytest.raises(Unsent, match="not among its hosts"):
        send(
            channel(monkeypatch, f"mailto://{HOST}:{port}?from=a@b.example&to=c@d.example", "smtp.example"),
            LETTER,
            allow_private=True,
        )
    assert mails == []


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    port, other = free_port(), free_port()
    with webhook(other) as elsewhere, webhook(port, 307, f"http://{HOST}:{other}/") as posted, pytest.raises(Unsent):
        send(channel(monkeypatch, f"json://{HOST}:{port}/"), LETTER, allow_private=True)
    assert (len(posted), len(elsewhere)) == (1, 0)


def test_a_redirect_that_an_address_asks_for_leads_to_no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    port, other = free_port(), free_port()
    with webhook(other) as elsewhere, webhook(port, 307, f"http://127.0.0.2:{other}/"), pytest.raises(Unsent) as unsent:
        send(channel(monkeypatch, f"json://{HOST}:{port}/?redirect=yes"), LETTER, allow_private=True)
    assert (unsent.value.words, elsewhere) == (OTHER_HOST, [])


def test_the_proxies_of_the_environment_are_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    port, proxy = free_port(), free_port()
    monkeypatch.setenv("HTTP_PROXY", f"http://{HOST}:{proxy}")
    monkeypatch.setenv("http_proxy", f"http://{HOST}:{proxy}")
    with webhook(port) as posted, webhook(proxy) as proxied:
        send(channel(monkeypatch, f"json://{HOST}:{port}/"), LETTER, allow_private=True)
    assert (len(posted), len(proxied)) == (1, 0)
    assert "no_proxy" not in os.environ


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", NO_ADDRESS),
        (f"nonsense://{CANARY}", WRONG_ADDRESS),
        (f"tgram://{CANARY}", WRONG_ADDRESS),
        (CANARY, WRONG_ADDRESS),
    ],
)
def test_an_address_that_is_none_is_told_without_it(monkeypatch: pytest.MonkeyPatch, address: str, why: str) -> None:
    with pytest.raises(Unsent) as unsent:
        send(channel(monkeypatch, address), LETTER)
    assert unsent.value.words == why


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_webhook_that_refuses_has_not_taken_it(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    port = free_port()
    with webhook(port, status), pytest.raises(Unsent) as unsent:
        send(channel(monkeypatch, f"json://{HOST}:{port}/"), LETTER, allow_private=True)
    assert unsent.value.words == UNREACHED


# ---- secrets -------------------------------------------------------------------------------------------------------------------------


def test_nothing_of_an_address_is_logged_or_stands_in_an_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with webhook(port := free_port(), 500), pytest.raises(Unsent) as unsent:
        send(channel(monkeypatch, f"json://user:{CANARY}@{HOST}:{port}/{CANARY}"), LETTER, allow_private=True)
    with pytest.raises(Unsent):
        send(channel(monkeypatch, f"json://{HOST}:{free_port()}/{CANARY}"), LETTER, allow_private=True)
    told = capfd.readouterr()
    assert CANARY not in caplog.text + told.out + told.err + str(unsent.value)
    assert unsent.value.__context__ is None
    logging.getLogger("apprise").warning("heard again")
    assert "heard again" in caplog.text


def test_a_token_is_in_no_output_file_or_export(tmp_path: Path) -> None:
    home = told_home(tmp_path / "home", SITE)
    mail, hook, down = free_port(), free_port(), free_port()
    environment = os.environ | {
        "TAMDAN_MAIL": f"mailto://{HOST}:{mail}?from=desk@tamdan.example&to=team@tamdan.example&name={CANARY}",
        "TAMDAN_HOOK": f"json://{HOST}:{down}/{CANARY}",
        "TAMDAN_DESK": f"json://{HOST}:{hook}/{CANARY}",
    }
    with mail_server(mail) as mails, webhook(hook) as noted:
        first = tamdan(home.path, environment, "digest", "--allow-private")
        with webhook(down) as posted:
            second = tamdan(home.path, environment, "digest", "--allow-private")
    assert (first.returncode, second.returncode) == (1, 0)
    assert "channel hook (TAMDAN_HOOK): It cannot be reached" in first.stderr
    assert [one["subject"] for one in mails] == ["តាមដាន៖ អត្ថបទថ្មី ១២"]
    assert [one["title"] for one in posted] == ["តាមដាន៖ អត្ថបទថ្មី ១២"]
    assert [one["title"] for one in noted] == ["តាមដាន៖ មានបញ្ហា", "តាមដាន៖ ដំណើរការវិញហើយ"]
    exported = CliRunner().invoke(cli.tamdan, ["--home", str(home.path), "export", "--format", "jsonl", "--text"])
    assert exported.exit_code == 0
    with closing(sqlite3.connect(home.archive)) as connection:
        dump = "\n".join(connection.iterdump())
    kept = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert CANARY not in dump + exported.output + first.stdout + first.stderr + second.stdout + second.stderr
    assert CANARY.encode() not in kept


def tamdan(home: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tamdan", "--home", str(home), *words]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)


def test_apprise_is_not_loaded_before_something_is_sent() -> None:
    told = "import sys, tamdan, crawlers.digest; print('apprise' in sys.modules, 'scrapy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
