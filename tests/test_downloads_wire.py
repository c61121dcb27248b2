import http.client
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.archives import ARTICLES, build_archive
from tests.exporting import read_csv
from tests.served import METADATA, free_port

_SERVE = "import sys; from pathlib import Path; from archive.serve import serve; serve(Path(sys.argv[1]), Path(sys.argv[2]), port=int(sys.argv[3]))"


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive whose download with texts is 40 MB, more than any buffer on the way holds; its last row cannot be read."""
    path = tmp_path_factory.mktemp("wide") / "data" / "archive.db"
    build_archive(path, [ARTICLES[0], ARTICLES[1]])
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [
            row[1] for row in connection.execute("pragma table_info(article)") if row[1] not in ("id", "key", "url")
        ]
        copied = ", ".join(names)
        connection.execute(
            "with recursive n (i) as (select 3 union all select i + 1 from n where i < 2000)"
            f" insert into article (id, key, url, {copied}) select i, printf('a%016x', i), url || i, {copied} from article, n where article.id = 1"
        )
        connection.execute("insert into article_query select id, 1, 0 from article where id > 2")
        connection.execute(
            "insert into revision (article, number, seen_at, title, text, sha256, software)"
            " select id, 1, '', '', replace(hex(zeroblob(10000)), '0', 'x'), '', '' from article where id > 2"
        )
        connection.execute(
            "update article set authors = 'no json', published = '2030-01-01', language = 'en' where id = 2"
        )
    return path


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder in which the server builds what it cannot send at once."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def port(wide: Path, scratch: Path) -> Iterator[int]:
    port = free_port()
    line = [sys.executable, "-c", _SERVE, str(wide), str(METADATA), str(port)]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        wait_for(port)
        yield port
        process.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with asked(port, "/search.csv?source=delta") as answer:
                assert answer.status == 200
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise TimeoutError


class asked:  # noqa: N801  (read as a verb)
    """One request over a connection of its own."""

    def __init__(self, port: int, path: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._path = path

    def __enter__(self) -> http.client.HTTPResponse:
        self._connection.request("GET", self._path)
        self._answer = self._connection.getresponse()
        return self._answer

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()


@pytest.mark.parametrize("ending", ["csv", "excel.csv", "jsonl", "xlsx"])
def test_a_download_that_breaks_is_never_taken_for_a_whole_one(port: int, ending: str) -> None:
    with asked(port, f"/search.{ending}?text=yes") as answer:
        assert answer.status == 200
        assert answer.getheader("x-tamdan-rows") == "2000"
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
    with asked(port, f"/search.{ending}?language=km") as answer:
        assert len(answer.read()) > 10_000


def test_a_client_that_goes_away_leaves_nothing_behind(port: int, scratch: Path) -> None:
    for path in ("/search.csv?text=yes&language=km", "/search.xlsx?language=km"):
        with asked(port, path) as answer:
            answer.read(1)
    for _ in range(100):
        left = list(scratch.iterdir())
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    with asked(port, "/search.csv?language=km") as answer:
        assert len(read_csv(answer.read())) == 1999


def test_two_downloads_and_a_page_go_on_side_by_side(port: int) -> None:
    with (
        asked(port, "/search.csv?text=yes&language=km") as first,
        asked(port, "/search.jsonl?text=yes&language=km") as second,
    ):
        assert first.read(10)
        assert second.read(10)
        with asked(port, "/search.csv?source=delta") as page:
            assert page.read().count(b"\n") == 1
        assert len(first.read()) > 39_000_000
        assert len(second.read()) > 39_000_000
