import json
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote

import pytest

from archive.accounts import put_account
from archive.errors import NothingYet, UsageError
from archive.serve import HOST, MEMORY, SETTINGS, command, require_port, serve
from tests.archives import ARTICLES, build_archive
from tests.served import METADATA

SERVE = "import sys; from pathlib import Path; from archive.serve import serve; serve(Path(sys.argv[1]), Path(sys.argv[2]), port=int(sys.argv[3]))"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    archive = tmp_path / "archive.db"
    build_archive(archive)
    line = [sys.executable, "-c", SERVE, str(archive), str(METADATA), str(port)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def asked(url: str) -> bytes:
    """Ask until the server has started, ten seconds long at most."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()  # type: ignore[no-any-return]
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_team_searches_its_archive_and_ends_it_quietly(
    server: subprocess.Popen[str], port: int, ending: signal.Signals
) -> None:
    site = f"http://{HOST}:{port}/archive/coverage"
    found = json.loads(asked(f"{site}.json?_shape=array&_search={quote('ទន្លេ -ដង្ហែ')}"))
    assert [row["url"] for row in found] == ["https://lotus.example/river"]
    page = asked(site).decode()
    assert f"{len(ARTICLES)} rows" in page
    assert "<mark>" in page
    assert "Suggested facets" not in page
    server.send_signal(ending)
    out, told = server.communicate(timeout=15)
    assert "Traceback" not in out + told
    assert server.returncode in (0, -ending)


def test_the_server_may_not_take_all_memory_and_a_query_that_would_fails_alone(
    server: subprocess.Popen[str], port: int
) -> None:
    site = f"http://{HOST}:{port}/archive"
    assert asked(f"{site}.json")
    limits = Path(f"/proc/{server.pid}/limits").read_text(encoding="utf-8").splitlines()
    (told,) = (line.split()[3] for line in limits if line.startswith("Max address space"))
    assert told == str(MEMORY)
    greedy = " || ".join(["hex(zeroblob(450000000))"] * 3)
    with pytest.raises(HTTPError) as refused:
        asked(f"{site}.json?sql={quote(f'select length({greedy})')}")
    assert refused.value.code < 600
    refused.value.close()
    assert json.loads(asked(f"{site}/coverage.json?_shape=array"))


def test_a_lower_limit_of_memory_stays(tmp_path: Path, port: int) -> None:
    archive = tmp_path / "archive.db"
    build_archive(archive)
    lower = MEMORY - 2**28
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({lower}, -1)); {SERVE}"
    with subprocess.Popen([sys.executable, "-c", limited, str(archive), str(METADATA), str(port)]) as process:
        try:
            assert asked(f"http://{HOST}:{port}/archive.json")
            assert resource.prlimit(process.pid, resource.RLIMIT_AS)[0] == lower
        finally:
            process.kill()


def test_without_an_archive_nothing_is_served_and_nothing_made(tmp_path: Path) -> None:
    with pytest.raises(NothingYet, match="there is no archive yet"):
        serve(tmp_path / "data" / "archive.db", METADATA)
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_told_with_the_way_out(tmp_path: Path) -> None:
    build_archive(tmp_path / "archive.db", [])
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {taken} .*--port"):
            serve(tmp_path / "archive.db", METADATA, port=taken)


def test_a_port_that_was_just_used_can_be_used_again(port: int) -> None:
    require_port(HOST, port)
    require_port(HOST, port)


@pytest.mark.parametrize("wrong", [0, -1, 65536, 99999999])
def test_a_number_that_is_no_port_is_told(wrong: int) -> None:
    with pytest.raises(UsageError, match="no such port"):
        require_port(HOST, wrong)


def test_a_host_that_is_not_here_is_told(port: int) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        require_port("192.0.2.1", port)


def test_missing_metadata_is_told(tmp_path: Path) -> None:
    build_archive(tmp_path / "archive.db", [])
    with pytest.raises(UsageError, match="this file is missing"):
        serve(tmp_path / "archive.db", tmp_path / "metadata.json")


def test_only_this_machine_is_served() -> None:
    line = command(Path("a.db"), METADATA, 8001)
    assert line[line.index("--host") + 1] == "127.0.0.1"


def test_every_setting_is_one_of_datasettes() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "datasette", "--help-settings"], capture_output=True, text=True, check=True
    )
    for name in SETTINGS:
        assert f"  {name} " in told.stdout


def test_with_an_account_the_served_archive_asks_for_a_login_unless_everybody_may_read(
    tmp_path: Path, port: int
) -> None:
    build_archive(tmp_path / "archive.db")
    put_account(tmp_path, "sophea", "four words and more")
    for options, code in (("", 403), (", everybody_reads=True", 200)):
        line = f"{SERVE[:-1]}{options})"
        with subprocess.Popen(
            [sys.executable, "-c", line, str(tmp_path / "archive.db"), str(METADATA), str(port)]
        ) as process:
            try:
                assert status_of(f"http://{HOST}:{port}/archive.json") == code
            finally:
                process.kill()
    assert {file.name for file in tmp_path.iterdir()} >= {"accounts.json", "secret", "metadata.json"}


def status_of(url: str) -> int:
    try:
        asked(url)
    except HTTPError as refused:
        refused.close()
        return refused.code
    return 200


def test_a_mistake_in_site_toml_is_told_before_anything_is_served(tmp_path: Path) -> None:
    build_archive(tmp_path / "data" / "archive.db", [])
    (tmp_path / "site.toml").write_text('[site]\nnmae = "Rivers"\n', encoding="utf-8")
    line = [sys.executable, "-m", "tamdan", "--home", str(tmp_path), "serve"]
    told = subprocess.run(line, capture_output=True, text=True, check=False, timeout=30)
    assert told.returncode == 2
    assert "site.toml, [site], nmae (line 2): is not known here" in told.stderr
