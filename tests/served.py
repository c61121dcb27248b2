"""Datasette over an archive, asked in process."""

import asyncio
import json
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

    def __init__(self, archive: Path) -> None:
        self._runner = asyncio.Runner()
        self.datasette = Datasette([str(archive)], metadata=json.loads(METADATA.read_text(encoding="utf-8")))

    def get(self, path: str, **arguments: str) -> Any:
        given = "&".join(f"{name}={quote(value, safe='')}" for name, value in arguments.items())
        return self._runner.run(self.datasette.client.get(f"{path}{'&' if '?' in path else '?'}{given}"))

    def keys(self, table: str, **arguments: str) -> set[str]:
        answer = self.get(f"/archive/{table}.json?{_QUICK}", **arguments)
        assert answer.status_code == 200, answer.text
        return {row[TARGETS[table]] for row in answer.json()["rows"]}

    def close(self) -> None:
        self.datasette.executor.shutdown()
        self._runner.close()
