import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import khmer
from tests.archives import ARTICLES, build_archive
from tests.served import METADATA, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("home") / "archive.db"
    build_archive(path)
    with closing(Site(path)) as site:
        yield site


def test_the_newest_coverage_stands_first(site: Site) -> None:
    rows = site.get("/archive/coverage.json?_shape=array").json()
    days = [row["published"] for row in rows]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert days[: len(dated)] == dated


def test_the_facets_count(site: Site) -> None:
    facets = site.get("/archive/coverage.json").json()["facet_results"]
    counts = {name: {one["value"]: one["count"] for one in facet["results"]} for name, facet in facets.items()}
    assert counts["language"] == {"km": 9, "en": 3}
    assert counts["source_name"] == {"Lotus Daily": 9, "Delta Post": 3}
    assert counts["weak"] == {0: 11, 1: 1}
    assert counts["queries"] == {"rights": 10, "slogan": 2, "water": 1}
    assert counts["month"]["2021-12"] == 2
    assert set(counts) == {"source_name", "language", "month", "queries", "weak", "status"}


def canned() -> dict[str, Any]:
    return json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["archive"]["queries"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", canned())
def test_every_canned_query_runs(site: Site, name: str) -> None:
    assert site.get(f"/archive/{name}", words="សិទ្ធិ").status_code == 200
    assert site.get(f"/archive/{name}.json", words="សិទ្ធិ").json()["rows"]
    assert_in_both_languages(canned()[name]["title"])
    assert_in_both_languages(canned()[name]["description"])


def test_canned_queries_count_what_is_there(site: Site) -> None:
    def rows(name: str) -> list[dict[str, Any]]:
        return site.get(f"/archive/{name}.json?_shape=array").json()  # type: ignore[no-any-return]

    assert {row["query"]: row["articles"] for row in rows("by_query")} == {"rights": 10, "slogan": 2, "water": 1}
    assert {row["month"]: row["articles"] for row in rows("by_month")}["no date"] == 2
    assert sum(row["articles"] for row in rows("by_month")) == len(ARTICLES)
    lotus, delta = rows("by_source")
    assert (lotus["articles"], lotus["all_counted"], lotus["percent"]) == (9, 40, 5.0)  # 2 of the 40 of one day
    assert (delta["articles"], delta["all_counted"], delta["percent"]) == (3, 10, 10.0)
    assert sum(row["percent"] for row in rows("by_language")) == 100


# ---- what the metadata says -------------------------------------------------------------------------------------------------------


def assert_in_both_languages(text: str) -> None:
    assert khmer.count_khmer(text) >= 2, text
    assert khmer.count_latin(text) >= 2, text


def test_every_table_view_and_column_is_described_in_both_languages(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    build_archive(archive, [])
    described = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["archive"]["tables"]
    with closing(sqlite3.connect(archive)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select name from sqlite_master where type in ('table', 'view')"
                " and name not like 'sqlite\\_%' escape '\\' and name not like 'article\\_fts\\_%' escape '\\'"
            )
        ]
        columns = {name: [row[1] for row in connection.execute(f"pragma table_info({name})")] for name in names}
    assert {name: list(table["columns"]) for name, table in described.items()} == {
        name: columns[name] for name in described
    }
    assert set(described) == set(columns)
    for table in described.values():
        for text in (table["title"], table["description"], *table["columns"].values()):
            assert_in_both_languages(text)


def test_the_page_of_the_data_leads_to_the_articles_in_both_languages(site: Site) -> None:
    (ways,) = re.findall("(?s)<ul class='ways'>(.*?)</ul>", site.get("/archive").text)
    links = re.findall("<a href='([^']+)'>([^<]+)</a>", ways)
    assert [href for href, _ in links] == ["/search", "/archive/coverage", "/archive/newest", "/archive/search"]
    for href, words in links:
        assert site.get(href).status_code == 200
        assert_in_both_languages(words)
        assert khmer.is_khmer(words[0])


def test_the_inner_tables_are_hidden(site: Site) -> None:
    tables = site.get("/archive.json").json()["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"article", "match", "revision", "capture"} <= shown
    assert not {"meta", "_sqlite_migrations", "article_fts", "article_fts_data", "sqlite_stat1"} & shown


def test_the_licence_is_told(site: Site) -> None:
    assert "belong to their publishers" in site.get("/archive/coverage").text
