"""What people add by hand, from the command line to the coverage, over outlets on loopback and real files."""

import base64
import io
import json
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from weasyprint import HTML

from archive.database import open_writer
from archive.desk import additions, uploads
from archive.desk.additions import Wish
from archive.home import Home
from tests.crawling import home_with, refused, rows, tamdan
from tests.outlets import Outlet, declared
from tests.pages import KHMER, markup

pytestmark = pytest.mark.xdist_group("adding")

PAGE = markup(
    '<link rel="canonical" href="https://kirirom.example/2021/12/10/road">', "<h1>ផ្លូវថ្មី LGBT</h1>", text=KHMER
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_with(tmp_path / "home", declared("kirirom", "https://kirirom.example/feed"))


def coverage(home: Home) -> list[tuple[str, ...]]:
    told = rows(
        home.archive, "select title, source_name, kind, media, status, campaigns from coverage order by article"
    )
    return [tuple(row.values()) for row in told]


def picture(path: Path, side: int = 20) -> Path:
    Image.new("RGB", (side, side), "purple").save(path, format="PNG")
    return path


def captures(home: Home) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in rows(home.archive, "select kind, file, length from capture order by id")]


def test_a_page_is_fetched_kept_as_evidence_and_covered_without_a_match(home: Home) -> None:
    with Outlet() as outlet:
        url = f"{outlet.root}/story/1"
        done = tamdan(home, "add", "--allow-private", "--owned", "--source", "River Radio", f"{url}?fbclid=1")
        again = tamdan(home, "add", "--allow-private", url)
        missing = tamdan(home, "add", "--allow-private", f"{outlet.root}/status/404")
    assert done.returncode == 0, done.stderr
    assert coverage(home) == [("Story 1", "River Radio", "article", "owned", "read", '["i-accept"]')]
    ((kind, file, _),) = captures(home)
    assert (kind, file.startswith("add-")) == ("response", True)
    assert "known already" in again.stdout
    assert (missing.returncode, "missing (404). Look at the link" in missing.stdout) == (1, True)
    (run, *_) = rows(home.archive, "select kind, exit_code, fetched from run order by started_at")
    assert run == {"kind": "add", "exit_code": 0, "fetched": 1}


def test_a_saved_page_is_read_as_if_fetched_and_the_copy_goes(home: Home, tmp_path: Path) -> None:
    (tmp_path / "road.html").write_text(PAGE, encoding="utf-8")
    done = tamdan(home, "add", str(tmp_path / "road.html"), "--by", "sophea")
    assert done.returncode == 0, done.stderr
    assert coverage(home) == [("ផ្លូវថ្មី LGBT", "kirirom", "article", "earned", "read", '["i-accept"]')]
    assert [kind for kind, *_ in captures(home)] == ["resource"]
    assert list((home.captures / "added").iterdir()) == []
    assert rows(home.archive, "select who, state, outcome from addition") == [
        {"who": "sophea", "state": "done", "outcome": "added"}
    ]
    assert "known already" in tamdan(home, "add", str(tmp_path / "road.html")).stdout
    assert len(coverage(home)) == 1


def test_a_text_a_picture_and_a_pdf_are_found_exported_and_read_again(home: Home, tmp_path: Path) -> None:
    HTML(string="<p>I Accept</p>").write_pdf(tmp_path / "page.pdf")
    talk = ("--title", "ពិភាក្សា", "--text", "ខ្ញុំទទួលយក ជាពាក្យស្លោក\nបន្ទាត់ទីពីរ", "--source", "វិទ្យុទន្លេ", "--kind", "radio")
    post = (
        str(picture(tmp_path / "post.png")),
        "--url",
        "https://social.example/p/1",
        "--title",
        "រូបថត",
        "--kind",
        "post",
    )
    clip = (
        str(tmp_path / "page.pdf"),
        "--title",
        "ទំព័រកាសែត",
        "--source",
        "កាសែត",
        "--kind",
        "print",
        "--day",
        "2021-12-09",
    )
    for words in (talk, talk, post, clip):
        done = tamdan(home, "add", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    assert [row[:3] for row in coverage(home)] == [
        ("ពិភាក្សា", "វិទ្យុទន្លេ", "radio"), ("រូបថត", "social.example", "post"), ("ទំព័រកាសែត", "កាសែត", "print"),
    ]  # fmt: skip
    kept = captures(home)
    assert [(kind, (home.captures / file).stat().st_size == length) for kind, file, length in kept] == [
        ("file", True)
    ] * 2
    before = rows(home.archive, "select id, published, published_origin, weak, url from coverage order by article")
    assert [row["url"].startswith("urn:tamdan:") for row in before] == [True, False, True]
    assert (before[2]["published"], before[2]["published_origin"], before[2]["weak"]) == ("2021-12-09", "person", 0)
    again = tamdan(home, "reread")
    assert (again.returncode, "not found" in again.stdout) == (0, False), again.stdout
    assert (
        rows(home.archive, "select id, published, published_origin, weak, url from coverage order by article") == before
    )
    found = rows(home.archive, "select rowid from article_fts where article_fts match 'គ្នា OR \"ទំ\"'")
    assert found
    exported = tamdan(home, "export", "--format", "jsonl")
    assert [json.loads(line)["title"] for line in exported.stdout.splitlines()].count("ទំព័រកាសែត") == 1


MHTML = """From: <Saved by a browser>
Snapshot-Content-Location: https://kirirom.example/2021/12/10/road
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="edge"

--edge
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64
Content-Location: https://kirirom.example/2021/12/10/road

{page}

--edge
Content-Type: image/png
Content-Location: https://kirirom.example/logo.png

x
--edge--
"""


def test_a_page_saved_with_its_pictures_is_read_and_the_file_kept(home: Home, tmp_path: Path) -> None:
    page = markup("", "<h1>ផ្លូវថ្មី LGBT</h1>", text=KHMER).encode()
    (tmp_path / "road.mhtml").write_text(MHTML.format(page=base64.encodebytes(page).decode()), encoding="ascii")
    (tmp_path / "torn.mhtml").write_text(MHTML.partition("--edge")[0], encoding="ascii")
    done = tamdan(home, "add", str(tmp_path / "road.mhtml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert coverage(home) == [("ផ្លូវថ្មី LGBT", "kirirom", "article", "earned", "read", '["i-accept"]')]
    assert rows(home.archive, "select url from coverage") == [{"url": "https://kirirom.example/2021/12/10/road"}]
    kept = {kind: file for kind, file, _ in captures(home)}
    assert sorted(kept) == ["file", "resource"]
    assert (home.captures / kept["file"]).read_bytes() == (tmp_path / "road.mhtml").read_bytes()
    torn = tamdan(home, "add", str(tmp_path / "torn.mhtml"))
    assert (torn.returncode, "no text" in torn.stdout) == (1, True), torn.stdout + torn.stderr


def test_a_picture_is_kept_whole_and_shown_without_what_it_tells(home: Home, tmp_path: Path) -> None:
    taken = Image.Exif()
    taken[0x010F], taken[0x0112] = "a telephone", 6  # its maker, and that it was held upright
    taken.get_ifd(0x8825)[2] = (11.0, 33.0, 0.0)  # where
    photo = Image.effect_noise((2000, 1000), 50).convert("RGB")
    photo.save(tmp_path / "photo.jpg", exif=taken, comment=b"at home", xmp=b"<x:xmpmeta/>")
    done = tamdan(home, "add", str(tmp_path / "photo.jpg"), "--title", "រូបថត", "--source", "ទំព័រ")
    assert done.returncode == 0, done.stdout + done.stderr
    ((_, file, _),) = captures(home)
    assert (home.captures / file).read_bytes() == (tmp_path / "photo.jpg").read_bytes()
    with Image.open(home.captures / uploads.copy_to_show(file)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (800, 1600))
        assert dict(shown.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(shown.info)
    assert b"telephone" not in (home.captures / uploads.copy_to_show(file)).read_bytes()


def test_the_same_picture_sent_twice_lies_there_once(home: Home, tmp_path: Path) -> None:
    words = (str(picture(tmp_path / "post.png")), "--title", "រូបថត", "--source", "ទំព័រ")
    for note in ("one", "two"):
        done = tamdan(home, "add", *words, "--note", note)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(rows(home.archive, "select * from addition where state = 'done'")) == 2
    ((_, file, _),) = captures(home)
    there = {f"added/{path.name}" for path in (home.captures / "added").iterdir()}
    assert there == {file, uploads.copy_to_show(file)}
    once_more = tamdan(home, "add", *words, "--note", "one")  # its file stays
    assert (once_more.returncode, "known already" in once_more.stdout) == (0, True), once_more.stdout
    assert {f"added/{path.name}" for path in (home.captures / "added").iterdir()} == there


def test_what_is_wrong_with_one_addition_is_told_of_it_and_the_others_go_on(home: Home) -> None:
    tamdan(home, "add", "--title", "the first", "--source", "ទំព័រ")
    wishes = {"gone": uploads.PAGE, "shut": uploads.PAGE, "unfit": None, "good": None}
    with closing(open_writer(home.archive)) as archive:
        for number, (name, file_type) in enumerate(wishes.items()):
            wish = Wish(token=f"{number:032}", campaign="i-accept", title=name, source="ទំព័រ", who="sophea")
            if file_type:
                wish = replace(wish, file=f"added/{name}.html", file_name="a.html", file_type=file_type)
            additions.put(archive, wish, datetime.now(UTC))
        archive.execute(
            "create trigger unfit before insert on revision when new.title = 'unfit' begin select raise(abort, 'unfit'); end"
        )
    (home.captures / "added").mkdir(exist_ok=True)
    (home.captures / "added" / "shut.html").mkdir()
    done = tamdan(home, "add", "--waiting")
    assert done.returncode == 1, done.stdout + done.stderr
    told = rows(home.archive, "select title, state, outcome from addition where title != 'the first' order by id")
    assert [tuple(row.values()) for row in told] == [
        ("gone", "failed", additions.NO_FILE),
        ("shut", "failed", additions.SHUT_FILE),
        ("unfit", "failed", additions.UNFIT),
        ("good", "done", additions.ADDED),
    ]


def test_a_headline_is_opened_by_its_page_and_keeps_its_key(home: Home, tmp_path: Path) -> None:
    with Outlet() as outlet:
        url = f"{outlet.root}/status/403"
        done = tamdan(home, "add", "--allow-private", url, "--title", "ផ្លូវថ្មី LGBT", "--day", "2021-12-10")
        assert "kept as a headline" in done.stdout
        (tmp_path / "saved.html").write_text(markup("", "<h1>ផ្លូវថ្មី LGBT</h1>", text=KHMER), encoding="utf-8")
        opened = tamdan(home, "add", str(tmp_path / "saved.html"), "--url", url)
    assert "the headline is an article now" in opened.stdout, opened.stdout + opened.stderr
    ((status, key),) = [tuple(r.values()) for r in rows(home.archive, "select status, id from coverage")]
    assert (status, key in done.stdout, key in opened.stdout) == ("read", True, True)


def hostile(folder: Path) -> dict[str, Path]:
    """Make files that are not what their names say, or too much."""
    (folder / "page.jpg").write_text("<html><body>x")
    with zipfile.ZipFile(folder / "zip.pdf", "w") as archive:
        archive.writestr("a", "b")
    (folder / "empty.png").touch()
    with (folder / "large.png").open("wb") as large:
        large.write(b"\x89PNG\r\n\x1a\n")
        large.truncate(200 * 2**20)
    return {path.name: path for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("page.jpg", "By its name this file is a picture"),
        ("zip.pdf", "By its name this file is a PDF"),
        ("empty.png", "The file is empty"),
        ("large.png", "The file is larger than 20 MB"),
        ("none.png", "No such file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(home: Home, tmp_path: Path, name: str, said: str) -> None:
    hostile(tmp_path)
    done = refused(home, "add", str(tmp_path / name), "--title", "x", "--source", "y")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not home.archive.exists()


def test_a_picture_that_unpacks_to_too_much_fails_by_name(home: Home, tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png", optimize=False)
    (tmp_path / "torn.jpg").write_bytes(torn())
    for name in ("bomb.png", "torn.jpg"):
        done = tamdan(home, "add", str(tmp_path / name), "--title", "x", "--source", "y")
        assert (done.returncode, "damaged or too large" in done.stdout) == (1, True), done.stdout + done.stderr
    assert coverage(home) == []


def torn() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 400), 50).save(out, format="JPEG")
    return out.getvalue()[:2000]


def test_a_table_adds_many_once(home: Home, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    table = tmp_path / "found.csv"
    table.write_text(
        'kind;title;source;day;file;text\r\nTV;កម្មវិធី;ទូរទស្សន៍;2021-12-09;a.png;\r\nradio;"ពីរ\nបន្ទាត់";វិទ្យុ;;;អត្ថបទ\r\n;;;;;\r\n',
        encoding="utf-8-sig",
    )
    first, second = tamdan(home, "add", str(table)), tamdan(home, "add", str(table))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "2 added." in first.stdout
    assert [row[:3] for row in coverage(home)] == [("កម្មវិធី", "ទូរទស្សន៍", "TV"), ("ពីរ បន្ទាត់", "វិទ្យុ", "radio")]
    assert len(rows(home.archive, "select * from addition")) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"link,day\nx,y\n",
            ["line 1: no column may be called 'link'", "line 1: the names of the columns are missing"],
        ),
        (
            b"url,day\nhttps://a.example/1,9/12/2021\nnonsense,\n",
            ["line 2: day: '9/12/2021'", "line 3: url: 'nonsense'"],
        ),
        (b"url\nhttps://a.example/1,2,3\n", ["line 2: 3 cells"]),
        ("url,title\n,ចំណងជើង\n".encode("utf-16"), ["no UTF-8"]),
        (b'url,title\nhttps://a.example/1,"open\n', ["quotation mark"]),
        (b"", ["line 1: the names of the columns are missing"]),
        (b"title,source,file\nx,y,nofile.png\n", ["line 2: ", "No such file"]),
    ],
)
def test_all_mistakes_of_a_table_are_told_before_anything_is_added(
    home: Home, tmp_path: Path, data: bytes, said: list[str]
) -> None:
    table = tmp_path / "found.csv"
    table.write_bytes(data)
    done = refused(home, "add", str(table))
    assert done.returncode == 2
    assert [words for words in said if words not in done.stderr] == [], done.stderr
    assert "nothing was added" in done.stderr
    assert not home.archive.exists()
