from pathlib import Path

import pytest

from archive.config import load_campaigns, load_sources
from archive.errors import DiskFull, UsageError
from archive.home import Home, init_home

ROOT = Path(__file__).parent.parent


def test_a_new_home_holds_the_shipped_words_and_an_empty_data_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "team" / "home")
    assert init_home(home.path) == [home.sources_file, home.campaigns_file, home.site_file]
    assert load_sources(home.sources_file) == load_sources(ROOT / "sources.toml")
    assert load_campaigns(home.campaigns_file) == load_campaigns(ROOT / "campaigns.toml")
    assert list(home.data.iterdir()) == []


def test_what_a_team_wrote_is_never_overwritten(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.sources_file.write_text("ours", encoding="utf-8")
    assert init_home(tmp_path) == [home.campaigns_file, home.site_file]
    assert init_home(tmp_path) == []
    assert home.sources_file.read_text(encoding="utf-8") == "ours"


def test_naming_the_places_of_a_home_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    names = [path.relative_to(home.data).as_posix() for path in (home.archive, home.crawl, home.captures, home.lock)]
    assert names == ["archive.db", "crawl.db", "captures", "crawl.lock"]
    assert not home.path.exists()


@pytest.mark.parametrize("inner", ["", "inner", "inner/deeper"])
def test_a_file_in_the_way_is_told(tmp_path: Path, inner: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="a file stands where a folder is wanted"):
        init_home(tmp_path / "file" / inner)


def test_a_folder_that_cannot_be_written_is_told() -> None:
    with pytest.raises(DiskFull, match="/proc/nobody/home: cannot be written") as raised:
        init_home(Path("/proc/nobody/home"))
    assert raised.value.exit_code == 3
