from datetime import date
from pathlib import Path

import pytest

from archive.config import load_campaigns, load_sources
from archive.errors import ConfigError, Problem
from archive.model import Crawl, Source, Sources

SOURCE = '[[source]]\nid = "dap"\nname = "DAP News"\nlanguages = ["km"]\ndomains = ["dap-news.com"]\n'
LISTING = '[[source.listing]]\nkind = "section"\nurl = "https://dap-news.com/"\n'
CAMPAIGN = '[[campaign]]\nid = "c"\nname = "C"\nsince = 2021-12-01\n'
QUERY = '[[campaign.query]]\nid = "q"\nlabel = "Q"\nfind = "LGBT*"\n'


def problems(folder: Path, name: str, text: str | bytes) -> list[Problem]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as raised:
        load_sources(path) if name == "sources.toml" else load_campaigns(path)
    assert raised.value.path == path
    assert raised.value.exit_code == 2
    return raised.value.problems


# Each: what is written, the place after the file's name, words of what is wrong, words of the cure.
WRONG_SOURCES = [
    ("", "source", "is missing", "Add [[source]]"),
    ("source = []", "[[source]] (line 1)", "is empty", "[[source]]"),
    ("[crawl]\nworker = 3\n" + SOURCE, "[crawl], worker (line 2)", "is not known here", "Did you mean workers?"),
    ("[[crawl]]\n" + SOURCE, "[[crawl]]", "a row of tables", "[crawl] with single brackets"),
    (SOURCE.replace("[[source]]", "[source]"), "[source] (line 1)", "one table where", "[[source]] with double"),
    ("[[sorce]]\n" + SOURCE, "[[sorce]]", "is not known here", "Did you mean source?"),
    ("[crawl]\ndelay = -1\n" + SOURCE, "[crawl], delay (line 2)", "is -1", "Write 0 or more"),
    ("[crawl]\ndelay = nan\n" + SOURCE, "[crawl], delay (line 2)", "is nan", "Write 0 or more"),
    ("[crawl]\ndelay = inf\n" + SOURCE, "[crawl], delay (line 2)", "is inf", "Write 0 or more"),
    ("[crawl]\nworkers = 0\n" + SOURCE, "[crawl], workers (line 2)", "is 0", "Write 1 or more"),
    (
        "[crawl]\nhtml_days = 1.5\n" + SOURCE,
        "[crawl], html_days (line 2)",
        "1.5 where a whole number",
        "without a point",
    ),
    ("[crawl]\nworkers = true\n" + SOURCE, "[crawl], workers (line 2)", "true where a whole number", "without quotes"),
    ("[crawl]\ncontact = 3\n" + SOURCE, "[crawl], contact (line 2)", "3 where text", "in quotes"),
    (SOURCE + 'delay = "3"', '[[source]] "dap", delay (line 6)', '"3" where a number', "without quotes"),
    (SOURCE.replace('name = "DAP News"\n', ""), '[[source]] "dap", name (line 1)', "is missing", "name ="),
    (SOURCE.replace("DAP News", " "), '[[source]] "dap", name (line 3)', "is empty", "Write something"),
    (SOURCE.replace('id = "dap"\n', ""), "[[source]] 1, id (line 1)", "is missing", "id ="),
    (SOURCE.replace('dap"', 'Dap_News"'), '[[source]] "Dap_News", id (line 2)', "is no id", '"dap-news"'),
    (SOURCE + SOURCE, '[[source]] "dap", id (line 7)', "id of source 1", "of its own"),
    (SOURCE.replace('["km"]', '"km"'), '[[source]] "dap", languages (line 4)', "where a list", 'languages = ["km"]'),
    (
        SOURCE.replace('"km"', '"khm"'),
        '[[source]] "dap", languages 1 (line 4)',
        "no language code",
        "two small letters",
    ),
    (SOURCE.replace('["km"]', "[]"), '[[source]] "dap", languages (line 4)', "is empty", "at least one"),
    (
        SOURCE.replace('["dap-news.com"]', "[]"),
        '[[source]] "dap", domains (line 5)',
        "is empty",
        "at least the present",
    ),
    (
        SOURCE.replace("dap-news.com", "https://DAP-news.com/x"),
        '[[source]] "dap", domains 1 (line 5)',
        "no host",
        '"dap-news.com"',
    ),
    (
        SOURCE + 'status = "opn"',
        '[[source]] "dap", status (line 6)',
        'is "opn"',
        "Did you mean open? Allowed are open, closed",
    ),
    (SOURCE + 'tls = "none"', '[[source]] "dap", tls (line 6)', 'is "none"', "Allowed are verified, unverified"),
    (SOURCE + 'zone = "Asia/Phnom_Pehn"', '[[source]] "dap", zone (line 6)', "no known time zone", '"Asia/Phnom_Penh"'),
    (SOURCE + 'zone = "Asia"', '[[source]] "dap", zone (line 6)', "no known time zone", "Asia"),
    (SOURCE + 'zone = "../UTC"', '[[source]] "dap", zone (line 6)', "no known time zone", "UTC"),
    (SOURCE + 'verified_on = "17/09/2026"', '[[source]] "dap", verified_on (line 6)', "where a day", "as 2026-09-17"),
    (
        SOURCE + "verified_on = 2026-09-17T10:00:00",
        '[[source]] "dap", verified_on (line 6)',
        "where a day",
        "as 2026-09-17",
    ),
    (
        SOURCE + "verified_on = 20260917",
        '[[source]] "dap", verified_on (line 6)',
        "20260917 where a day",
        "as 2026-09-17",
    ),
    (SOURCE + "reading = 3", '[[source]] "dap", reading (line 6)', "3 where a table", "header in brackets"),
    (SOURCE + 'listing = ["x"]', '[[source]] "dap", listing 1 (line 6)', '"x" where a table', "header in brackets"),
    (
        SOURCE + "[source.listing]\n",
        '[[source]] "dap", listing (line 6)',
        "one table where",
        "[[source.listing]] with double",
    ),
    (
        SOURCE + LISTING.replace("section", "sektion"),
        '[[source]] "dap", listing 1, kind (line 7)',
        "sektion",
        "Did you mean section?",
    ),
    (
        SOURCE + LISTING.replace("https:", "ftp:"),
        '[[source]] "dap", listing 1, url (line 8)',
        "no address",
        "https:// or http://",
    ),
    (
        SOURCE + LISTING.replace("dap-news.com/", "[x"),
        '[[source]] "dap", listing 1, url (line 8)',
        "no address",
        "whole",
    ),
    (SOURCE + LISTING + LISTING + "pages = 0", '[[source]] "dap", listing 2, pages (line 12)', "is 0", "1 or more"),
    (SOURCE + LISTING + 'card = "a["', '[[source]] "dap", listing 1, card (line 9)', '"a[", which is no CSS', "Try it"),
    (SOURCE + LISTING + 'link = "a::text"', '[[source]] "dap", listing 1, link (line 9)', "no CSS selector", "Try it"),
    (SOURCE + '[source.reading]\ndrop = ["a", "b >"]', '[[source]] "dap", reading, drop 2 (line 7)', '"b >"', "Try it"),
    (
        SOURCE + "[source.reading]\ntext = 1",
        '[[source]] "dap", reading, text (line 7)',
        "not known",
        "Allowed are body, title",
    ),
    (
        SOURCE + LISTING.replace("section", "feed") + 'card = "p"',
        '[[source]] "dap", listing 1, card (line 9)',
        "no meaning for a feed",
        'kind = "section"',
    ),
]

WRONG_CAMPAIGNS = [
    ("", "campaign", "is missing", "[[campaign]]"),
    (CAMPAIGN, '[[campaign]] "c" (line 1)', "asks nothing", "[[campaign.query]]"),
    (
        CAMPAIGN.replace("2021-12-01", "2021") + QUERY,
        '[[campaign]] "c", since (line 4)',
        "2021 where a day",
        "2026-09-17",
    ),
    (CAMPAIGN.replace("since = 2021-12-01\n", "") + QUERY, '[[campaign]] "c", since (line 1)', "is missing", "since ="),
    (CAMPAIGN + QUERY + CAMPAIGN + QUERY, '[[campaign]] "c", id (line 10)', "id of campaign 1", "of its own"),
    (CAMPAIGN + QUERY + QUERY, '[[campaign]] "c", query "q", id (line 10)', "id of query 1", "of its own"),
    (
        CAMPAIGN + QUERY.replace('"Q"', '""'),
        '[[campaign]] "c", query "q", label (line 7)',
        "is empty",
        "Write something",
    ),
    (CAMPAIGN + QUERY.replace("LGBT*", "a AND (b"), '[[campaign]] "c", query "q", find (line 8)', "at character", ""),
    (
        CAMPAIGN + QUERY.replace("LGBT*", "title:a"),
        '[[campaign]] "c", query "q", find (line 8)',
        "character 1, ",
        "quotation marks",
    ),
    (CAMPAIGN + QUERY.replace("LGBT*", " "), '[[campaign]] "c", query "q", find (line 8)', "is empty", "words"),
    (CAMPAIGN + QUERY + "fnd = 3", '[[campaign]] "c", query "q", fnd (line 9)', "not known", "Did you mean find?"),
    ('[[term]]\nsay = ""\n' + CAMPAIGN + QUERY, "[[term]] 1, say (line 2)", "is empty", "Write something"),
    (
        '[[term]]\nsay = "x"\ncase = "exakt"\n' + CAMPAIGN + QUERY,
        '[[term]] "x", case (line 3)',
        "exakt",
        "Did you mean exact?",
    ),
    (
        '[[term]]\nsay = "LGBT"\n[[term]]\nsay = "gay"\nalso = ["lgbt"]\n' + CAMPAIGN + QUERY,
        '[[term]] "gay", also 1 (line 5)',
        '"lgbt" belongs to an earlier term',
        "one of the two",
    ),
    (
        '[[term]]\nsay = "ភេទ"\nunless = ["ប្រភេទ", "ភេទ", "សិទ្ធិ"]\n' + CAMPAIGN + QUERY,
        '[[term]] "ភេទ", unless 2 (line 3)|[[term]] "ភេទ", unless 3 (line 3)',
        "shuts out nothing",
        "whole longer word",
    ),
]


@pytest.mark.parametrize(
    ("name", "case"),
    [("sources.toml", case) for case in WRONG_SOURCES] + [("campaigns.toml", case) for case in WRONG_CAMPAIGNS],
)
def test_a_mistake_is_told_with_its_place_and_cure(tmp_path: Path, name: str, case: tuple[str, str, str, str]) -> None:
    text, places, wrong, cure = case
    told = [problem for problem in problems(tmp_path, name, text) if wrong in problem.wrong]
    assert [problem.place for problem in told] == [f"{name}, {place}" for place in places.split("|")]
    assert all(cure in problem.cure for problem in told)


@pytest.mark.parametrize(
    ("text", "place", "wrong", "cure"),
    [
        (b"# x\nname = \xff", "sources.toml (line 2)", "not UTF-8", "encoding UTF-8"),
        (b"# x\nname = = 3", "sources.toml (line 2, column 8)", "not TOML", "Mend that line"),
        (b'name = "x', "sources.toml (the end of the file)", "not TOML", "Mend that line"),
        (b"a = 1\na = 2\n", "sources.toml (line 2, column 6)", "not TOML: Cannot overwrite a value", "only once"),
        (b"day = 2021-02-30", "sources.toml (line 1, column 7)", "not TOML: Invalid date", "Mend that line"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, text: bytes, place: str, wrong: str, cure: str
) -> None:
    (problem,) = problems(tmp_path, "sources.toml", text)
    assert problem.place == place
    assert wrong in problem.wrong
    assert cure in problem.cure


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file.*tamdan init"):
        load_sources(tmp_path / "sources.toml")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_campaigns(tmp_path)


def test_five_mistakes_in_one_file_are_told_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    text = (
        SOURCE.replace('dap"', 'DAP"') + 'nmae = "x"\nzone = "Mars"\n' + LISTING.replace("https://", "") + 'card = "["'
    )
    told = problems(tmp_path, "sources.toml", text)
    assert [problem.place.rpartition(", ")[2] for problem in told] == [
        "id (line 2)",
        "nmae (line 6)",
        "zone (line 7)",
        "url (line 10)",
        "card (line 11)",
    ]


def test_lines_are_counted_past_text_over_several_lines_and_inline_tables(tmp_path: Path) -> None:
    text = CAMPAIGN + QUERY.replace('"LGBT*"', "'''\n[[campaign]]\nid = 1\n'''") + CAMPAIGN.replace('"c"', '"d"')
    places = [problem.place for problem in problems(tmp_path, "campaigns.toml", text)]
    assert places == [
        'campaigns.toml, [[campaign]] "c", query "q", find (line 8)',
        'campaigns.toml, [[campaign]] "d" (line 12)',
    ]
    text = SOURCE + 'listing = [\n  {kind = "feed", url = "http://a.org/"},\n  {kind = "feed", url = "b"},\n]\n'
    (problem,) = problems(tmp_path, "sources.toml", text)
    assert problem.place == 'sources.toml, [[source]] "dap", listing 2, url (line 6)'


def test_a_file_from_an_editor_that_marks_utf8_and_ends_lines_its_own_way_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (SOURCE + LISTING).replace("\n", "\r\n").encode())
    assert load_sources(path).by_id()["dap"].listing[0].url == "https://dap-news.com/"


def test_what_is_left_out_takes_its_default(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(SOURCE + "verified_on = 2026-09-17\n", encoding="utf-8")
    source = Source(
        id="dap", name="DAP News", languages=("km",), domains=("dap-news.com",), verified_on=date(2026, 9, 17)
    )
    assert load_sources(path) == Sources(crawl=Crawl(), source=(source,))
