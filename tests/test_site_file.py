from pathlib import Path

import pytest

from archive.config import load_site, load_site_file
from archive.errors import ConfigError, Problem
from archive.home import SHIPPED
from archive.model import Channel, Digest, Site, SiteFile
from tests.channels import CANARY

CHANNEL = '[[channel]]\nid = "team"\nenv = "TAMDAN_TEAM"\nhosts = ["smtp.example.org"]\n'
DIGEST = '[[digest]]\nid = "daily"\nchannels = ["team"]\n'


def problems(folder: Path, text: str) -> list[Problem]:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_site_file(path)
    return raised.value.problems


# Each: what is written, the place after the file's name, words of what is wrong, words of the cure.
WRONG = [
    ('[site]\nurl = "coverage.example"', "[site], url (line 2)", "no address of the web", "https://"),
    ("[[site]]", "[[site]]", "a row of tables", "[site] with single brackets"),
    ('[site]\nnme = "x"', "[site], nme (line 2)", "is not known here", "Did you mean name?"),
    (CHANNEL.replace("team", "My Team"), '[[channel]] "My Team", id (line 2)', "is no id", '"my-team"'),
    (CHANNEL + CHANNEL, '[[channel]] "team", id (line 6)', "id of channel 1", "of its own"),
    (CHANNEL.replace('env = "TAMDAN_TEAM"\n', ""), '[[channel]] "team", env (line 1)', "is missing", "env ="),
    (CHANNEL + 'for = "operator"', '[[channel]] "team", for (line 5)', "is not known here", "to"),
    (CHANNEL + 'to = "boss"', '[[channel]] "team", to (line 5)', 'is "boss"', "readers, operator"),
    (CHANNEL.replace('["smtp.example.org"]', "[]"), '[[channel]] "team", hosts (line 4)', "is empty", "at least one"),
    (
        CHANNEL.replace("smtp.example.org", "https://smtp.example.org/x"),
        '[[channel]] "team", hosts 1 (line 4)',
        "no host name",
        '"smtp.example.org"',
    ),
    (CHANNEL + DIGEST.replace("team", "tem"), '[[digest]] "daily", channels 1 (line 7)', "no channel", "Did you mean team?"),
    (DIGEST, '[[digest]] "daily", channels 1 (line 3)', "no channel", "Add a [[channel]]"),
    (CHANNEL + DIGEST.replace('["team"]', "[]"), '[[digest]] "daily", channels (line 7)', "is empty", "at least one"),
    (CHANNEL + DIGEST + DIGEST, '[[digest]] "daily", id (line 9)', "id of digest 1", "of its own"),
    (CHANNEL + DIGEST + "most = 0", '[[digest]] "daily", most (line 8)', "is 0", "1 or more"),
    (CHANNEL + DIGEST + 'lang = "fr"', '[[digest]] "daily", lang (line 8)', 'is "fr"', "km, en"),
    (CHANNEL + DIGEST + 'quiet = "yes"', '[[digest]] "daily", quiet (line 8)', "true or false", "without quotes"),
    (CHANNEL + DIGEST + 'search = "from=soon"', '[[digest]] "daily", search (line 8)', "this is no day", "Copy the address"),
    (CHANNEL + DIGEST + 'search = "rivers"', '[[digest]] "daily", search (line 8)', "is no search", "Copy the address"),
    (
        CHANNEL + DIGEST + 'search = "decision=reject"',
        '[[digest]] "daily", search (line 8)',
        "rejected or hidden",
        "never tells those",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "wrong", "cure"), WRONG)
def test_a_mistake_is_told_with_its_place_and_its_cure(
    tmp_path: Path, text: str, place: str, wrong: str, cure: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.place.startswith(f"site.toml, {place}")
    assert wrong in problem.wrong
    assert cure in problem.cure


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = CHANNEL.replace("TAMDAN_TEAM", "team") + DIGEST.replace("team", "desk") + 'most = 0\nlang = "fr"\n'
    assert len(problems(tmp_path, text)) == 4


@pytest.mark.parametrize("wrong", [f"tgram://{CANARY}/1", CANARY])
def test_a_secret_that_was_written_into_the_file_is_not_repeated(tmp_path: Path, wrong: str) -> None:
    (problem,) = problems(tmp_path, CHANNEL.replace("TAMDAN_TEAM", wrong))
    assert "is no name of an environment variable" in problem.wrong
    assert CANARY not in str(problem)


def test_a_file_that_is_right_is_read(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        f'[site]\nname = "Ours"\n{CHANNEL}to = "operator"\n{DIGEST}search = "https://x.example/search?q=a&language=en"\n',
        encoding="utf-8",
    )
    assert load_site_file(path) == SiteFile(
        site=Site(name="Ours"),
        channel=(Channel(id="team", env="TAMDAN_TEAM", hosts=("smtp.example.org",), to="operator"),),
        digest=(Digest(id="daily", channels=("team",), search="https://x.example/search?q=a&language=en"),),
    )
    assert load_site(path) == Site(name="Ours")


def test_the_file_may_be_missing_and_the_shipped_one_is_right(tmp_path: Path) -> None:
    assert load_site_file(tmp_path / "site.toml") == SiteFile()
    assert load_site_file(SHIPPED / "site.toml").digest == ()


def test_the_examples_in_the_shipped_file_are_right(tmp_path: Path) -> None:
    _, _, examples = (SHIPPED / "site.toml").read_text(encoding="utf-8").partition("#\n# [[channel]]")
    path = tmp_path / "site.toml"
    path.write_text("[[channel]]" + examples.replace("\n# ", "\n").replace("\n#\n", "\n"), encoding="utf-8")
    told = load_site_file(path)
    assert [channel.to for channel in told.channel] == ["readers", "operator"]
    assert told.digest == (Digest(id="daily", channels=("team",)),)
