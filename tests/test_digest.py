import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.database import open_writer
from archive.digests.letter import UNREACHED, Letter
from archive.errors import CrawlRunning, NothingYet, UsageError
from archive.home import Home
from archive.lock import locked_to_tell
from archive.migrate import migrate
from archive.model import Channel
from archive.store import Store
from crawlers.digest import Unsent, dry_run, tell
from tamdan import tamdan
from tests.archives import ARTICLES, CAMPAIGNS, NOW, SOURCES, article, build_archive
from tests.channels import told_home

SITE = """
[site]
name = "Coverage"
name_km = "ការផ្សាយ"
url = "https://coverage.example/"

[[channel]]
id = "desk"
env = "TAMDAN_DESK"
hosts = ["desk.example"]
to = "operator"
lang = "en"

[[channel]]
id = "team"
env = "TAMDAN_TEAM"
hosts = ["team.example"]

[[digest]]
id = "daily"
channels = ["team"]
lang = "en"
most = 3
"""
NEWS = article("news", "2024-03-01", "ព័ត៌មានថ្មីអំពីសិទ្ធិ", "ព័ត៌មានថ្មីអំពីសិទ្ធិស្មើគ្នានៅព្រឹកនេះ។")


class Post:
    """Takes letters as channels do; those in `down` cannot be reached."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Letter]] = []
        self.down: set[str] = set()

    def __call__(self, channel: Channel, letter: Letter) -> None:
        if channel.id in self.down:
            raise Unsent(UNREACHED)
        self.sent.append((channel.id, letter))

    def subjects(self, channel: str) -> list[str]:
        return [letter.subject for name, letter in self.sent if name == channel]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return told_home(tmp_path, SITE)


@pytest.fixture
def archive(home: Home) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(home.archive)) as connection:
        yield connection


def put_news(connection: sqlite3.Connection) -> None:
    store = Store(connection)
    store.declare(SOURCES, CAMPAIGNS, NOW)
    store.put(NEWS, [], NOW)


def declare_quiet(home: Home, quiet: str) -> None:
    home.site_file.write_text(f"{SITE}quiet = {quiet}\n", encoding="utf-8")


def fail_lotus(home: Home, outcome: str | None) -> None:
    """Let the feed of Lotus Daily have failed in the last crawl, or have answered."""
    migrate(home.crawl, "crawl")
    with closing(open_writer(home.crawl)) as connection:
        connection.execute("delete from listing")
        connection.execute(
            "insert into listing (url, source, root, kind, page, polled_at, answered_at, outcome)"
            " values ('https://lotus.example/feed', 'lotus', 'https://lotus.example/feed', 'feed', 1, '2024-03-01T06:00:00Z', ?, ?)",
            [None if outcome else "2024-03-01T06:00:00Z", outcome or "ok"],
        )


# ---- what is told --------------------------------------------------------------------------------------------------------------------


def test_the_first_digest_of_an_old_archive_tells_the_newest_and_how_many_more_there_are(
    home: Home, post: Post
) -> None:
    assert tell(home, [], post) == 0
    [(channel, letter)] = post.sent
    assert channel == "team"
    assert letter.subject == f"Coverage: {len(ARTICLES)} new articles"
    assert [block.split("\n")[0] for block in letter.blocks[:3]] == [
        "1. អត្ថបទវែង",
        "2. <script>alert(1)</script> ចំណងជើង",
        '3. =HYPERLINK("http://evil.example","សិទ្ធិ")',
    ]
    assert letter.blocks[3] == "And 9 more articles.\nhttps://coverage.example/search"
    assert "<script>" not in letter.html


def test_an_article_is_told_with_its_source_day_quote_and_both_addresses(home: Home, post: Post) -> None:
    tell(home, [], post)
    first = post.sent[0][1].blocks[0].split("\n")
    assert first[1] == "Lotus Daily · February 29, 2024"
    assert first[2].startswith("«ពាក្យដំបូងនៃអត្ថបទវែងនិយាយអំពីសិទ្ធិ។")
    assert first[3].startswith("In the archive: https://coverage.example/article/a")
    assert first[4] == "At Lotus Daily: https://lotus.example/long"


def test_a_khmer_digest_writes_khmer_words_names_and_digits(home: Home, post: Post) -> None:
    home.site_file.write_text(SITE.replace('lang = "en"\nmost = 3', 'lang = "km"\nmost = 1'), encoding="utf-8")
    tell(home, [], post)
    letter = post.sent[0][1]
    assert letter.subject == "ការផ្សាយ៖ អត្ថបទថ្មី ១២"
    assert letter.blocks[0].split("\n")[:2] == ["១. អត្ថបទវែង", "ផ្កាឈូក · ២៩ កុម្ភៈ ២០២៤"]
    assert letter.blocks[1].startswith("និងអត្ថបទ ១១ ទៀត។")


def test_each_article_is_told_once(home: Home, archive: sqlite3.Connection, post: Post) -> None:
    tell(home, [], post)
    tell(home, [], post)
    put_news(archive)
    tell(home, [], post)
    assert post.subjects("team") == ["Coverage: 12 new articles", "Coverage: 1 new article"]
    assert post.sent[1][1].blocks[0].startswith("1. ព័ត៌មានថ្មីអំពីសិទ្ធិ\n")


@pytest.mark.parametrize(("quiet", "told"), [("true", 0), ("false", 1)])
def test_that_nothing_is_new_is_said_only_where_that_is_wanted(home: Home, post: Post, quiet: str, told: int) -> None:
    declare_quiet(home, quiet)
    tell(home, [], post)
    tell(home, [], post)
    assert post.subjects("team")[1:] == ["Coverage: nothing new"] * told


def test_only_what_the_search_finds_is_told(home: Home, post: Post) -> None:
    home.site_file.write_text(
        SITE + 'search = "https://coverage.example/search?source=delta&language=en"\ncampaign = "i-accept"\n',
        encoding="utf-8",
    )
    tell(home, [], post)
    letter = post.sent[0][1]
    assert letter.subject == "Coverage: 3 new articles"
    assert {block.split("\n")[1].split(" · ")[0] for block in letter.blocks} == {"Delta Post"}


@pytest.mark.parametrize("taken", ["decision = 'reject'", "hidden = 1"])
def test_what_people_rejected_or_hid_is_not_told(
    home: Home, archive: sqlite3.Connection, post: Post, taken: str
) -> None:
    archive.execute(f"update article set {taken} where url like '%/long'")
    tell(home, [], post)
    assert post.subjects("team") == ["Coverage: 11 new articles"]
    assert "អត្ថបទវែង" not in post.sent[0][1].text


def test_what_waits_obeys_what_people_decide_meanwhile(home: Home, archive: sqlite3.Connection, post: Post) -> None:
    post.down = {"team"}
    tell(home, [], post)
    archive.execute("update article set decision = 'reject' where url like '%/long'")
    archive.execute("update article set title = 'A corrected headline' where url like '%/script'")
    post.down = set()
    tell(home, [], post)
    letter = next(letter for channel, letter in post.sent if channel == "team")
    assert letter.subject == "Coverage: 11 new articles"
    assert letter.blocks[0].startswith("1. A corrected headline\n")


def test_what_was_all_rejected_while_it_waited_is_not_sent(home: Home, archive: sqlite3.Connection, post: Post) -> None:
    post.down = {"team"}
    tell(home, [], post)
    archive.execute("update article set decision = 'reject'")
    post.down = set()
    assert tell(home, [], post) == 0
    assert post.subjects("team") == []


def test_a_story_that_ran_at_several_sources_is_one_item(home: Home, archive: sqlite3.Connection, post: Post) -> None:
    archive.execute("insert into story (id, key, first_seen) values (99, 's0000000000000001', '2024-03-01T00:00:00Z')")
    archive.execute("update article set story = 99 where url like '%/en/rights' or url like '%/en/mixed'")
    home.site_file.write_text(f'{SITE}search = "source=delta"\n', encoding="utf-8")
    tell(home, [], post)
    letter = post.sent[0][1]
    assert letter.subject == "Coverage: 3 new articles"
    first = letter.blocks[0].split("\n")
    assert first[:3] == ["1. Activists call for equal rights", "Delta Post · May 17, 2022", "Delta Post · May 18, 2022"]
    assert "In the archive: https://coverage.example/story/s0000000000000001" in first
    assert len(letter.blocks) == 2


def test_an_article_of_which_only_the_headline_is_known_says_so(
    home: Home, archive: sqlite3.Connection, post: Post
) -> None:
    archive.execute("update article set status = 'headline only' where url like '%/long'")
    tell(home, [], post)
    assert "Only the headline could be read." in post.sent[0][1].blocks[0]
    assert "Only the headline could be read." in post.sent[0][1].html


def test_what_has_no_address_of_the_web_is_told_without_a_link(
    home: Home, archive: sqlite3.Connection, post: Post
) -> None:
    archive.execute("update article set url = 'urn:tamdan:a1' where url like '%/long'")
    home.site_file.write_text(SITE.replace("https://coverage.example/", ""), encoding="utf-8")
    tell(home, [], post)
    letter = post.sent[0][1]
    assert letter.subject == "Coverage: 12 new articles"
    assert "urn:" not in letter.text + letter.html
    assert '<b><span lang="km">អត្ថបទវែង</span></b><br>' in letter.html


def test_a_dry_run_tells_on_paper_and_notes_nothing(home: Home, post: Post) -> None:
    assert dry_run(home, ["daily"]).startswith("Coverage: 12 new articles\n\n1. អត្ថបទវែង\n")
    tell(home, [], post)
    assert post.subjects("team") == ["Coverage: 12 new articles"]


def test_without_an_address_of_the_site_there_are_links_to_the_originals_only(home: Home) -> None:
    home.site_file.write_text(SITE.replace("https://coverage.example/", ""), encoding="utf-8")
    told = dry_run(home, [])
    assert "coverage.example" not in told
    assert "In the archive" not in told
    assert told.endswith("And 9 more articles.")


# ---- channels that fail --------------------------------------------------------------------------------------------------------------


def test_what_a_channel_that_is_down_was_to_be_told_is_kept_and_sent_in_order(
    home: Home, archive: sqlite3.Connection, post: Post
) -> None:
    post.down = {"team"}
    assert tell(home, [], post) == 1
    put_news(archive)
    assert tell(home, [], post) == 1
    post.down = set()
    assert tell(home, [], post) == 0
    assert post.subjects("team") == ["Coverage: 12 new articles", "Coverage: 1 new article"]


def test_the_operator_is_told_once_that_a_channel_is_down_and_once_that_it_works_again(
    home: Home, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.down = {"team"}
    codes = [tell(home, [], post, quiet=True) for _ in range(3)]
    assert codes == [1, 1, 1]
    assert capsys.readouterr().err.count("channel team (TAMDAN_TEAM): It cannot be reached") == 1
    post.down = set()
    assert tell(home, [], post, quiet=True) == 0
    assert [letter.text for channel, letter in post.sent if channel == "desk"] == [
        "Channel team: It cannot be reached, or it does not take the message. Its messages are kept and sent later.",
        "Channel team works again.",
    ]
    assert capsys.readouterr().err == "channel team works again.\n"


def test_who_is_cut_off_between_sending_and_noting_sends_the_same_once_more(home: Home, post: Post) -> None:
    def cut_off(channel: Channel, letter: Letter) -> None:
        post(channel, letter)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(home, [], cut_off)
    tell(home, [], post)
    tell(home, [], post)
    assert [letter for _, letter in post.sent] == [post.sent[0][1]] * 2


def test_a_channel_that_was_down_for_days_hears_once_that_nothing_was_new(home: Home, post: Post) -> None:
    tell(home, [], post)
    declare_quiet(home, "false")
    post.down = {"team"}
    for _ in range(3):
        tell(home, [], post)
    post.down = set()
    tell(home, [], post)
    assert post.subjects("team")[1:] == ["Coverage: nothing new"]


# ---- sources in trouble --------------------------------------------------------------------------------------------------------------


def test_a_source_in_trouble_is_told_to_the_operator_once_and_once_that_it_works_again(home: Home, post: Post) -> None:
    for outcome in ("refused (403)", "too many requests (429)", None, None):
        fail_lotus(home, outcome)
        tell(home, [], post)
    assert [(letter.subject, letter.text) for channel, letter in post.sent if channel == "desk"] == [
        ("Coverage: trouble", "Source lotus: https://lotus.example/feed: refused (403)"),
        ("Coverage: works again", "Source lotus works again."),
    ]
    assert post.subjects("team") == ["Coverage: 12 new articles"]


# ---- what cannot be done -------------------------------------------------------------------------------------------------------------


def test_a_digest_that_is_not_declared_is_told(home: Home, post: Post) -> None:
    with pytest.raises(UsageError, match=r"weekly is no digest of .*There are: daily\."):
        tell(home, ["weekly"], post)


def test_a_site_without_digests_is_told(home: Home, post: Post) -> None:
    home.site_file.unlink()
    with pytest.raises(UsageError, match="there is no digest in it"):
        tell(home, [], post)


def test_a_home_without_an_archive_is_told(tmp_path: Path, post: Post) -> None:
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    (tmp_path / "data").mkdir()
    with pytest.raises(NothingYet):
        tell(Home(tmp_path), [], post)


def test_a_folder_that_is_no_home_is_told(tmp_path: Path, post: Post) -> None:
    with pytest.raises(UsageError, match="this is no home yet"):
        tell(Home(tmp_path / "none"), [], post)


def test_two_digests_at_once_do_not_tell_twice(home: Home, post: Post) -> None:
    with locked_to_tell(home), pytest.raises(CrawlRunning, match="another digest is being sent"):
        tell(home, [], post)
    assert post.sent == []


def test_an_empty_archive_has_nothing_new(tmp_path: Path, post: Post) -> None:
    home = told_home(tmp_path, SITE)
    home.archive.unlink()
    build_archive(home.archive, [], CAMPAIGNS)
    assert tell(home, [], post) == 0
    assert post.sent == []
    assert dry_run(home, []) == "Coverage: nothing new\n\nNothing is new."


def test_the_command_prints_a_dry_run(home: Home) -> None:
    done = CliRunner().invoke(tamdan, ["--home", str(home.path), "digest", "daily", "--dry-run"])
    assert done.exit_code == 0
    assert done.output.startswith("Coverage: 12 new articles\n")
    assert SOURCES[0].name in done.output
