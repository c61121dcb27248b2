"""Which articles are one story, whatever the order they come in, and which of them is the original and why."""

import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.database import immediate, open_writer
from archive.keys import story_key
from archive.migrate import migrate
from archive.model import Article, Campaigns, DateCandidate, Source
from archive.original import Member, Outlet, original
from archive.store import Store
from archive.stories import join
from pipelines.syndication import fingerprint
from tests.archives import NOW
from tests.test_syndication import COLUMN, ENGLISH, KHMER, OTHER, STATEMENT, text

SOURCES = (
    Source(id="lotus", name="Lotus Daily", name_km="ផ្កាឈូក", languages=("km",), domains=("lotus.example",)),
    Source(id="delta", name="Delta Post", languages=("en",), domains=("delta.example",)),
    Source(
        id="angw", name="Angkor Wire", name_km="ទីភ្នាក់ងារអង្គរ", languages=("km", "en"), domains=("angkorwire.example",)
    ),
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    migrate(tmp_path / "archive.db", "archive")
    with closing(open_writer(tmp_path / "archive.db")) as opened:
        Store(opened).declare(SOURCES, Campaigns(), NOW)
        yield opened


def keep(connection: sqlite3.Connection, path: str, body: str, day: str | None = None, **fields: Any) -> str:
    """Store an article and join it to its story, its source told by how the path begins; gives its key."""
    source = next(source for source in SOURCES if path.startswith(source.id))
    found = DateCandidate(origin="meta", raw=day, day=date.fromisoformat(day), chosen=True) if day else None
    article = Article(
        **{
            "url": f"https://{source.domains[0]}/{path}",
            "source": source.id,
            "title": path,
            "text": body,
            "published": found,
            "fingerprint": fingerprint(path, body),
            **fields,
        }
    )
    key = Store(connection).put(article, [], NOW)
    with immediate(connection):
        row = connection.execute("select id from article where key = ?", [key]).fetchone()["id"]
        join(connection, row, article.fingerprint, NOW)
    return key


def grouped(connection: sqlite3.Connection) -> set[frozenset[str]]:
    """Give the stories, each as the titles of its articles."""
    rows = connection.execute("select group_concat(title, '|') as titles from article group by story")
    return {frozenset(row["titles"].split("|")) for row in rows}


def story(connection: sqlite3.Connection, path: str) -> sqlite3.Row:
    sql = (
        "select story.*, (select title from article where id = original) as first from story join article on story = story.id"
        " where title = ?"
    )
    row: sqlite3.Row = connection.execute(sql, [path]).fetchone()
    return row


def state(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    """Give everything this module writes."""
    tables = ("story", "syndication", "gram")
    rows = [[tuple(row) for row in connection.execute(f"select * from {table} order by 1, 2")] for table in tables]
    return [*rows, [tuple(row) for row in connection.execute("select id, story, text_hash from article order by id")]]


TEXTS = {
    "lotus/market": text(*KHMER),
    "angw/market": text(*KHMER[:4]),
    "delta/market": text(*KHMER[3:]),
    "delta/ferry": text(*ENGLISH),
    "angw/ferry": text("PURSAT (Angkor Wire) – " + ENGLISH[0], *ENGLISH[1:]),
    "lotus/bridge": text(*OTHER),
    "angw/flash": "ភ្លើងឆេះផ្ទះមួយ",
    "delta/flash": "ភ្លើងឆេះផ្ទះមួយ",
}
STORIES = {
    frozenset({"lotus/market", "angw/market", "delta/market"}),
    frozenset({"delta/ferry", "angw/ferry"}),
    frozenset({"lotus/bridge"}),
    frozenset({"angw/flash"}),
    frozenset({"delta/flash"}),
}


@pytest.mark.parametrize(
    "order",
    [*itertools.islice(itertools.permutations(TEXTS), 0, None, 5039), tuple(reversed(TEXTS))],
    ids=lambda order: " ".join(path[0] + path.partition("/")[2][0] for path in order),
)
def test_the_order_of_arrival_makes_no_difference(connection: sqlite3.Connection, order: Sequence[str]) -> None:
    for path in order:
        keep(connection, path, TEXTS[path])
    assert grouped(connection) == STORIES


def test_an_exact_copy_and_a_cut_one_are_linked_with_their_score(connection: sqlite3.Connection) -> None:
    for path, body in (("lotus/a", text(*KHMER)), ("delta/b", text(*KHMER)), ("angw/c", text(*KHMER[:3]))):
        keep(connection, path, body)
    rows = connection.execute("select article, other, kind, score from syndication order by article, other")
    assert [tuple(row) for row in rows] == [(2, 1, "exact", 1.0), (3, 1, "contained", 1.0), (3, 2, "contained", 1.0)]


def test_a_text_that_joins_two_stories_merges_them_into_the_older(connection: sqlite3.Connection) -> None:
    keep(connection, "lotus/start", text(*KHMER[:2]))
    keep(connection, "delta/end", text(*KHMER[3:]))
    older, younger = story(connection, "lotus/start"), story(connection, "delta/end")
    assert older["key"] != younger["key"]
    keep(connection, "angw/whole", text(*KHMER))
    assert {story(connection, path)["key"] for path in ("lotus/start", "delta/end", "angw/whole")} == {older["key"]}
    assert [tuple(row) for row in connection.execute("select key, merged_into from story order by id")] == [
        (older["key"], None),
        (younger["key"], older["id"]),
    ]


def test_a_changed_text_leaves_its_story_and_comes_back(connection: sqlite3.Connection) -> None:
    for path in ("lotus/start", "delta/end"):
        keep(connection, path, text(*(KHMER[:2] if path == "lotus/start" else KHMER[3:])))
    keys = [story(connection, path)["key"] for path in ("lotus/start", "delta/end")]
    keep(connection, "angw/whole", text(*KHMER))
    together = grouped(connection)
    keep(connection, "angw/whole", text(*ENGLISH))
    assert grouped(connection) == {frozenset({path}) for path in ("lotus/start", "delta/end", "angw/whole")}
    assert [story(connection, path)["key"] for path in ("lotus/start", "delta/end")] == keys
    assert not connection.execute("select 1 from syndication").fetchone()
    keep(connection, "angw/whole", text(*KHMER))
    assert grouped(connection) == together
    assert story(connection, "angw/whole")["key"] == keys[0]
    assert connection.execute("select count(*) from article").fetchone()[0] == 3


def test_storing_the_same_again_changes_nothing(connection: sqlite3.Connection) -> None:
    for path, body in TEXTS.items():
        keep(connection, path, body)
    before = state(connection)
    for path, body in reversed(TEXTS.items()):
        keep(connection, path, body)
    assert state(connection) == before


def test_another_version_of_the_sample_is_taken_over(connection: sqlite3.Connection) -> None:
    keep(connection, "lotus/market", text(*KHMER))
    known = fingerprint("lotus/market", text(*KHMER))
    assert known
    with immediate(connection):
        join(connection, 1, type(known)(exact=known.exact, grams=(1, 2, 3)), NOW)
    assert [row["gram"] for row in connection.execute("select gram from gram order by gram")] == [1, 2, 3]


def test_a_story_is_named_after_the_article_that_began_it(connection: sqlite3.Connection) -> None:
    first = keep(connection, "lotus/market", text(*KHMER))
    keep(connection, "delta/market", text(*KHMER))
    assert story(connection, "delta/market")["key"] == story_key(first)
    assert story_key(first).startswith("s")
    assert len(story_key(first)) == 17


@pytest.mark.parametrize("path", ["angw/flash", "delta/headline"])
def test_a_headline_or_a_short_text_is_a_story_of_its_own(connection: sqlite3.Connection, path: str) -> None:
    body = TEXTS.get(path, "")
    keep(connection, path, body, status="read" if body else "headline only")
    assert story(connection, path)["first"] == path
    assert story(connection, path)["score"] is None
    assert connection.execute("select text_hash from article").fetchone()["text_hash"] is None


def test_a_headline_joins_the_story_once_its_text_is_read(connection: sqlite3.Connection) -> None:
    keep(connection, "delta/ferry", text(*ENGLISH))
    keep(connection, "angw/ferry", "", status="headline only")
    assert len(grouped(connection)) == 2
    keep(connection, "angw/ferry", text(*ENGLISH[:4]))
    assert grouped(connection) == {frozenset({"delta/ferry", "angw/ferry"})}


def test_articles_that_share_a_stock_sentence_are_neither_joined_nor_lost(connection: sqlite3.Connection) -> None:
    bodies = [
        text(ENGLISH[number % 7], COLUMN[number % 4], f"Number {number} of the series.", STATEMENT[1])
        for number in range(28)
    ]
    for number, body in enumerate(bodies):
        keep(connection, f"lotus/{number}", body)
    assert len(grouped(connection)) == 28


def test_the_original_is_told_with_its_evidence(connection: sqlite3.Connection) -> None:
    keep(connection, "lotus/market", text(*KHMER, "ប្រភព៖ ទីភ្នាក់ងារអង្គរ"), "2022-03-05", authors=("ក្រុមការងារផ្កាឈូក",))
    first = keep(connection, "angw/market", text(*KHMER), "2022-03-04", authors=("កែវ សុជាតា",))
    found = story(connection, "lotus/market")
    assert found["first"] == "angw/market"
    assert found["score"] > 0.9
    evidence = {(sign["sign"], sign["says"]) for sign in json.loads(found["evidence"]) if sign["article"] == first}
    assert evidence == {("credited", "lotus"), ("earlier day", "2022-03-04"), ("signed", "កែវ សុជាតា")}


def test_a_later_date_of_a_known_article_is_weighed_anew(connection: sqlite3.Connection) -> None:
    keep(connection, "lotus/market", text(*KHMER), "2022-03-05")
    keep(connection, "angw/market", text(*KHMER), "2022-03-06")
    assert story(connection, "lotus/market")["first"] == "lotus/market"
    keep(connection, "lotus/market", text(*KHMER), "2022-03-07")
    assert story(connection, "lotus/market")["first"] == "angw/market"


# ---- the original -----------------------------------------------------------------------------------------------------------------

OUTLETS = [Outlet.of(source.id, (source.name, source.name_km), f"https://{source.domains[0]}/") for source in SOURCES]


@dataclass(frozen=True)
class Case:
    """Two articles, the second of which is the original."""

    first: dict[str, Any]
    second: dict[str, Any]
    sign: str


def member(number: int, **fields: Any) -> Member:
    source = ("delta", "angw")[number]
    usual: dict[str, Any] = {
        "row": number + 1,
        "key": f"a{number}",
        "url": f"https://{source}.example/{number}",
        "source": source,
    }
    unknown: dict[str, Any] = {"day": None, "at": None, "reliable": True, "authors": (), "text": "x" * 500}
    return Member(**{**usual, **unknown, **fields})


def at(hour: int) -> dict[str, str]:
    moment = datetime(2022, 3, 5, hour, tzinfo=UTC)
    return {"day": "2022-03-05", "at": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


CASES = {
    "the earlier minute": Case(at(9), at(8), "earliest"),
    "the earlier day": Case({"day": "2022-03-06"}, {"day": "2022-03-05"}, "earlier day"),
    "a minute against a later day": Case({"day": "2022-03-06"}, at(8), "earliest"),
    "a named person against a desk": Case({"authors": ("News desk",)}, {"authors": ("Keo Samnang",)}, "signed"),
    "a named person against an agency": Case({"authors": ("AKP",)}, {"authors": ("ចាន់ បុប្ផា",)}, "signed"),
    "a named person against an outlet": Case({"authors": ("Delta Post",)}, {"authors": ("Dara",)}, "signed"),
    "the longer text": Case({}, {"text": "x" * 900}, "fullest"),
    "according to": Case({"text": "The ferry runs by night, according to Angkor Wire. It is free."}, {}, "credited"),
    "reported": Case({"text": "The ferry runs by night, the Angkor Wire reported on Monday."}, {}, "credited"),
    "in brackets": Case({"text": "PURSAT (ANGW) – The ferry runs by night now."}, {}, "credited"),
    "ប្រភព": Case({"text": "សាឡាងដំណើរការពេលយប់។\nប្រភព ៖ ទីភ្នាក់ងារអង្គរ"}, {}, "credited"),
    "យោងតាម": Case({"text": "យោងតាមសារព័ត៌មាន «ទីភ្នាក់ងារអង្គរ» សាឡាងដំណើរការពេលយប់។"}, {}, "credited"),
    "its site": Case({"text": "Read it at www.angkorwire.example or nowhere."}, {}, "credited"),
    "its address": Case({"text": "Read it at https://angw.example/1 today."}, {}, "credited"),
    "a credit against the minute": Case({**at(8), "text": "Source: Angkor Wire"}, at(9), "credited"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_sign_tells_the_original(case: Case) -> None:
    found = original([member(0, **case.first), member(1, **case.second)], OUTLETS)
    assert found.row == 2
    assert case.sign in {sign.sign for sign in found.signs if sign.article == "a1"}
    assert found.score is not None
    assert 0 < found.score <= 1


@pytest.mark.parametrize(
    "said",
    [
        "Angkor Wire opened an office in Kep.",
        "According to the harbour master the boat is new. Angkor Wire was not there.",
        "A barbed angkor wire (angwire) fence, via angkorwire-example.",
        "Delta Post (delta.example) according to Delta Post",
    ],
)
def test_a_name_alone_is_no_credit(said: str) -> None:
    found = original([member(0, text=said.ljust(500, "x")), member(1)], OUTLETS)
    assert (found.row, found.score, found.signs) == (1, 0.0, ())


def test_an_unreliable_or_equal_time_decides_nothing() -> None:
    for first, second in ((at(9), at(9)), ({**at(9), "reliable": False}, {**at(8), "reliable": False}), ({}, at(8))):
        assert not original([member(0, **first), member(1, **second)], OUTLETS).signs


def test_a_story_taken_from_a_source_outside_it_counts_against_both() -> None:
    texts: Iterable[str] = ("Source: Lotus Daily.".ljust(500, "x"), "x" * 500)
    found = original([member(number, text=said) for number, said in enumerate(texts)], OUTLETS)
    assert (found.row, found.score) == (2, 0.5)
