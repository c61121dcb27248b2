"""What the page of the method tells is what the archive holds."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import open_reader, open_writer
from archive.home import Home
from archive.model import Article
from archive.site.method import Gaps, Method, load_method
from tests.archives import ARTICLES, build_archive
from tests.served import Site


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = Home(tmp_path).archive
    build_archive(path)
    return path


def told(archive: Path) -> Method:
    with closing(open_reader(archive)) as connection:
        return load_method(connection)


def test_sources_are_told_with_their_days(archive: Path) -> None:
    lotus = next(one for one in told(archive).sources if one.id == "lotus")
    assert (lotus.articles, lotus.first, lotus.last, lotus.counted) == (9, "2021-12-10", "2024-02-29", 1)
    assert (told(archive).first, told(archive).last) == ("2021-12-10", "2024-02-29")


def test_queries_in_force_are_told_with_their_version_and_words(archive: Path) -> None:
    with closing(open_writer(archive)) as connection:
        connection.execute("update query set retired_at = first_used where name = 'water'")
    assert [(one.campaign, one.name, one.version, one.find) for one in told(archive).queries] == [
        ("i-accept", "slogan", 1, "ខ្ញុំទទួលយក"),
        ("i-accept", "rights", 1, "សិទ្ធិ OR rights"),
    ]
    assert [(one.say, one.unless) for one in told(archive).terms][1] == ("សិទ្ធិ", ("កម្មសិទ្ធិ",))


def test_the_gaps_are_counted(archive: Path) -> None:
    assert told(archive).gaps == Gaps(headlines=0, undated=2, unsure=0, weak=1, gone=0)
    with closing(open_writer(archive)) as connection:
        connection.execute(
            "update article set status = 'headline only', gone_on = '2024-01-01' where url like '%/river'"
        )
        connection.execute("update article set published_reliable = 0 where url like '%/digits'")
        connection.execute("update article set decision = 'reject' where url like '%/order'")
    assert told(archive).gaps == Gaps(headlines=1, undated=1, unsure=1, weak=1, gone=1)


def test_software_and_stages_are_those_of_the_newest_article(archive: Path) -> None:
    with closing(open_writer(archive)) as connection:
        connection.execute("""update revision set software = 'tamdan 9', versions = '{"dates": 7, "source": 123}'""")
    assert (told(archive).software, told(archive).stages) == ("tamdan 9", (("dates", 7),))


@pytest.mark.parametrize("language", ["km", "en"])
@pytest.mark.parametrize("articles", [ARTICLES, ()])
def test_the_page_claims_no_reach_and_no_recall_that_nobody_measured(
    language: str,
    articles: tuple[Article, ...],
    tmp_path: Path,
) -> None:
    build_archive(Home(tmp_path).archive, articles)
    site = Site(Home(tmp_path).archive)
    answer = site.get("/method", lang=language)
    site.close()
    assert answer.status_code == 200
    words = {"en": "has not been measured for this archive yet", "km": "មិនទាន់មានការវាស់វែងសម្រាប់បណ្ណសារនេះ"}
    assert words[language] in answer.text
    assert not re.search(r"[0-9០-៩]\s?%", answer.text)
