"""Datasette over an archive, asked in process."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette

METADATA = Path(__file__).parent.parent / "datasette-metadata.json"
TARGETS = {"article": "key", "coverage": "id"}
"""What can be searched, and the column of the public key there."""

_QUICK = "_shape=objects&_nofacet=1&_nocount=1&_size=max"


class Site:
    """Datasette over one archive, asked in process."""

    def __init__(self, archive: Path, metadata: Path = METADATA) -> None:
        self._runner = asyncio.Runner()
        self.datasette = Datasette([str(archive)], metadata=json.loads(metadata.read_text(encoding="utf-8")))
        self.cookies: dict[str, str] = {}
        """What the visitor's browser sends."""

    def get(self, path: str, **arguments: str) -> Any:
        given = "&".join(f"{name}={quote(value, safe='')}" for name, value in arguments.items())
        asked = f"{path}{'&' if '?' in path else '?'}{given}"
        return self._runner.run(self.datasette.client.get(asked, cookies=self.cookies))

    def log_in(self, account: str) -> None:
        """Be somebody with an account from now on."""
        self.cookies["ds_actor"] = self.datasette.sign({"a": {"id": account}}, "actor")

    def log_out(self) -> None:
        """Be nobody from now on."""
        self.cookies.pop("ds_actor", None)

    def post(self, path: str, **form: str) -> Any:
        """Send a form as a page of the site does, with the token that page held."""
        if "ds_csrftoken" not in self.cookies:
            self.cookies["ds_csrftoken"] = self.get("/-/login").cookies["ds_csrftoken"]
        sent = {"csrftoken": self.cookies["ds_csrftoken"], **form}
        return self._runner.run(self.datasette.client.post(path, data=sent, cookies=self.cookies))

    def ask(self, method: str, path: str) -> Any:
        """Ask with any method, as no browser does."""
        return self._runner.run(self.datasette.client.request(method, path, cookies={}))

    def keys(self, table: str, **arguments: str) -> set[str]:
        answer = self.get(f"/archive/{table}.json?{_QUICK}", **arguments)
        assert answer.status_code == 200, answer.text
        return {row[TARGETS[table]] for row in answer.json()["rows"]}

    def close(self) -> None:
        self.datasette.executor.shutdown()
        self._runner.close()


def free_port() -> int:
    """Find a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
