"""What several tests stand on: a running newsroom, and a team that crawled it once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom.server import Newsroom
from tests.crawling import Team


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    """Give the newsroom, open for the whole session; tests only look at it."""
    with Newsroom() as running:
        yield running


@pytest.fixture(scope="session")
def crawled(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Give a team whose one crawl went through; tests only look at it."""
    team = Team(tmp_path_factory.mktemp("crawled"), newsroom)
    done = team.crawl()
    assert done.returncode == 0, done.stderr
    return team


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """Give a team of the test's own with a newsroom of its own, nothing crawled yet."""
    with Newsroom() as running:
        yield Team(tmp_path / "home", running)
