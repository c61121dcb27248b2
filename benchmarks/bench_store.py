"""P7 and P9: what it costs to keep an article and to find it again; both sides in turns, in one run.

    python benchmarks/bench_store.py [NUMBER OF ARTICLES]

Ours cleans the text, cuts it into clusters and writes article, revision, match, capture and index in one transaction each; beside it
sqlite-utils upserts the same text, also in a transaction each, and a trigger keeps an FTS5 index of its own (SQLite's default tokenizer,
which finds a fifth of Khmer's words).
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

from sqlite_utils import Database

from archive.database import checkpoint, open_writer
from archive.khmer import clean, index_text
from archive.migrate import migrate
from archive.model import Article, Campaign, Campaigns, Capture, DateCandidate, Match, Query, Source
from archive.store import Store

PROMISED_MS = 2.5
PROMISED_SHARE = 0.45
SIZE = 10_000  # bytes of UTF-8 in one article, about 3,400 Khmer characters
ROUND = 100  # articles that each side writes before it is the other's turn
NOW = datetime(2024, 1, 1, tzinfo=UTC)

# Parts of sentences, each a line of 25: who, does, what, where, when.
PARTS = tuple(
    part.split()
    for part in (
        (
            "គ្រូបង្រៀន កសិករ សិស្សានុសិស្ស មេធាវី អ្នកកាសែត គ្រូពេទ្យ ស្ត្រីមេផ្ទះ យុវជន ព្រះសង្ឃ អ្នកនេសាទ កម្មករ អាជីវករ សិល្បករ អ្នកស្រាវជ្រាវ"
            " ចៅសង្កាត់ អភិបាលខេត្ត និស្សិត ក្រុមគ្រួសារ សហគមន៍ ប្រជាពលរដ្ឋ តន្ត្រីករ អ្នកបើកបរ ជាងឈើ មន្ត្រីបរិស្ថាន ក្រុមបាល់ទាត់"
        ),
        (
            "បានពន្យល់អំពី បានប្រជុំគ្នាអំពី ចង់ដឹងអំពី គាំទ្រ មិនយល់ស្របនឹង បានសរសេរអំពី សូមឱ្យគេគោរព បារម្ភអំពី រំពឹងលើ កំពុងរៀបចំ បានផ្សព្វផ្សាយ"
            " ទាមទារ បានស្នើ ចូលរួមក្នុង ពិភាក្សាអំពី បានរកឃើញ កំពុងសិក្សា ជួយដល់ បានបដិសេធ អបអរសាទរ បានអាន រង់ចាំ បានផ្លាស់ប្ដូរ ថែរក្សា បានចងក្រង"
        ),
        (
            "សិទ្ធិមនុស្ស ច្បាប់អាពាហ៍ពិពាហ៍ ភាពស្មើគ្នា តម្លៃស្រូវ ទឹកជំនន់ ការអប់រំ សុខភាពសាធារណៈ ផ្លូវថ្មី ពិធីបុណ្យអុំទូក ការងារ ប្រាក់ខែ យុទ្ធនាការ"
            " ភេទដូចគ្នា ការរើសអើង បរិស្ថាន ព្រៃឈើ ការបោះឆ្នោត ទីផ្សារ បច្ចេកវិទ្យា កីឡា តន្ត្រីបុរាណ អក្សរសាស្ត្រ ថាមពលពន្លឺព្រះអាទិត្យ ដីធ្លី សេវាអ៊ីនធឺណិត"
        ),
        (
            "នៅភ្នំពេញ នៅបាត់ដំបង នៅសៀមរាប នៅក្រចេះ នៅកំពត នៅស្វាយរៀង នៅតាកែវ នៅព្រៃវែង នៅកោះកុង នៅរតនគិរី នៅមណ្ឌលគិរី នៅពោធិ៍សាត់ នៅកំពង់ចាម"
            " នៅកំពង់ធំ នៅព្រះវិហារ នៅស្ទឹងត្រែង នៅប៉ៃលិន នៅកែប នៅកណ្ដាល នៅត្បូងឃ្មុំ តាមមាត់ទន្លេ នៅសាលារៀន នៅវត្ត នៅផ្សារ តាមវិទ្យុ"
        ),
        (
            "កាលពីម្សិលមិញ នៅព្រឹកនេះ នៅថ្ងៃចន្ទ នៅថ្ងៃអង្គារ នៅថ្ងៃពុធ នៅថ្ងៃសុក្រ នៅខែមករា នៅខែមេសា នៅខែធ្នូ ឆ្នាំ២០២១ ឆ្នាំ២០២២ ឆ្នាំ២០២៣ នៅរដូវវស្សា"
            " នៅរដូវប្រាំង រៀងរាល់ឆ្នាំ មុនពេលថ្ងៃត្រង់ នៅពេលល្ងាច ក្រោយពិធីបុណ្យ ជាលើកដំបូង ម្ដងទៀត ក្នុងរយៈពេលពីរថ្ងៃ នៅដើមសប្ដាហ៍ នៅចុងខែ នាពេលខាងមុខ"
            " យ៉ាងស្ងៀមស្ងាត់"
        ),
    )
)
CONSONANTS = "កតនសបរមពចទដលវអហងថខជញយគផឆភណធឈឋឡ"  # the frequent ones first, as in VOWELS
SUBSCRIPTS = "រយលងនវមត"
VOWELS = ("", "ា", "ិ", "េ", "់", "ី", "ុ", "ំ", "ោ", "ូ", "ែ", "ើ", "ួ", "ះ", "ៅ", "ាំ", "ៃ", "ឹ", "ៀ")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of one article on either side."""

    ours: float
    theirs: float


def articles(number: int) -> Iterator[Article]:
    """Give articles of about 10 kB, the same ones in every run; spaces of no width stand in two of three, as in real pages."""
    chance = random.Random(7)
    for one in range(number):
        text = _text(chance, "\u200b" if one % 3 else "")
        title = text.partition("។")[0]
        yield Article(
            url=f"https://news.example/{one}",
            source="news",
            title=title,
            text=text,
            language="km",
            published=DateCandidate(origin="meta", raw="2021-12-10", day=date(2021, 12, 10), chosen=True),
            matches=(_match(title),),
        )


def _text(chance: random.Random, between: str) -> str:
    sentences: list[str] = []
    size = 0
    while size < SIZE:
        words = [_name(chance), *(chance.choice(part) for part in PARTS)]
        sentences.append(between.join(words) + ("។\n" if chance.random() < 0.2 else "។ "))
        size += len(sentences[-1].replace("\u200b", "").encode())
    return "".join(sentences)


def _name(chance: random.Random) -> str:
    """Give a made-up name of two to four clusters, so that there are as many clusters as in news, and rare ones."""
    return "".join(_cluster(chance) for _ in range(chance.randint(2, 4)))


def _cluster(chance: random.Random) -> str:
    subscript = "\u17d2" + chance.choice(SUBSCRIPTS) if chance.random() < 0.15 else ""
    return _frequent(chance, CONSONANTS) + subscript + _frequent(chance, VOWELS)


def _frequent(chance: random.Random, letters: Sequence[str]) -> str:
    """Choose a letter, the first twice as often as the second, three times as often as the third."""
    return chance.choices(letters, [1 / rank for rank in range(1, len(letters) + 1)])[0]


def _match(title: str) -> Match:
    return Match(
        campaign="c",
        query="q",
        term=title[:4],
        field="title",
        part=0,
        start=0,
        end=4,
        words=title[:4],
        quote=title,
        weak=False,
    )


def store_ours(folder: Path) -> tuple[Path, Callable[[Article], None]]:
    """Open an archive; gives its path and what keeps one article in it, cleaning it first."""
    path = folder / "archive.db"
    migrate(path, "archive")
    store = Store(open_writer(path))
    query = Query(id="q", label="q", find="q")
    source = Source(id="news", name="News", languages=("km",), domains=("news.example",))
    store.declare(
        [source], Campaigns(campaign=(Campaign(id="c", name="c", since=date(2021, 1, 1), query=(query,)),)), NOW
    )

    def put(article: Article) -> None:
        whole = replace(article, title=clean(article.title), text=clean(article.text))
        capture = Capture(
            url=article.url,
            file="f",
            offset=int(article.url.rsplit("/", 1)[1]),
            length=1,
            sha256="0" * 64,
            fetched_at=NOW,
            tls="verified",
        )
        store.put(whole, [capture], NOW)

    return path, put


def store_theirs(folder: Path) -> Callable[[Article], None]:
    """Open a database of sqlite-utils with an index kept by triggers; gives what upserts one article in it."""
    connection = open_writer(folder / "theirs.db")
    database = Database(connection)
    table = database.table("article", pk="url")
    table.create({"url": str, "source": str, "title": str, "text": str, "language": str})
    table.enable_fts(["title", "text"], create_triggers=True)

    def put(article: Article) -> None:
        row = {
            "url": article.url,
            "source": article.source,
            "title": article.title,
            "text": article.text,
            "language": article.language,
        }
        table.upsert(row, pk="url")

    return put


def measure(folder: Path, number: int) -> tuple[Path, Cost]:
    """Write the same articles on both sides, a hundred each in turns; gives our archive and the costs."""
    path, ours = store_ours(folder)
    theirs = store_theirs(folder)
    made = articles(number)
    spent = {ours: 0.0, theirs: 0.0}
    for _ in range(number // ROUND):
        batch = [next(made) for _ in range(ROUND)]
        for put in spent:
            start = process_time()
            for article in batch:
                put(article)
            spent[put] += process_time() - start
    return path, Cost(spent[ours] / number * 1000, spent[theirs] / number * 1000)


def report_index(path: Path) -> float:
    """Print how large the index is beside the text it is of; gives their ratio."""
    with closing(open_writer(path)) as connection:
        checkpoint(connection)
        (text,) = connection.execute(
            "select sum(length(cast(title as blob)) + length(cast(text as blob))) from revision"
        ).fetchone()
        (blocks,) = connection.execute("select sum(length(block)) from article_fts_data").fetchone()
        (sizes,) = connection.execute("select sum(length(sz)) from article_fts_docsize").fetchone()
        (sample,) = connection.execute("select text from revision limit 1").fetchone()
        connection.execute("create virtual table temp.words using fts5vocab(main, article_fts, row)")
        (distinct,) = connection.execute("select count(*) from temp.words").fetchone()
    share = (blocks + sizes) / text
    print(
        f"P9  index {(blocks + sizes) / 2**20:.1f} MB of {text / 2**20:.1f} MB of text: {share:.3f} (promised {PROMISED_SHARE})"
    )
    tokens = index_text(sample).split()
    print(
        f"    {distinct:,} distinct tokens in all, {len(set(tokens)):,} of {len(tokens):,} in one article. Sentences are put together"
    )
    print(
        "    from 125 parts and a made-up name each; news repeats its words less evenly, so the third digit means nothing."
    )
    return float(share)


def main() -> int:
    """Measure and print; 1 where a promise is broken."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as folder:
        path, cost = measure(Path(folder), number)
        print(f"{number:,} articles of {SIZE // 1000} kB")
        print(
            f"P7  ours {cost.ours:.2f} ms CPU an article (promised {PROMISED_MS}); sqlite-utils with its own FTS5 {cost.theirs:.2f} ms",
            end="",
        )
        print(f"; ratio {cost.ours / cost.theirs:.2f}")
        share = report_index(path)
    return int(cost.ours > PROMISED_MS or share > PROMISED_SHARE)


if __name__ == "__main__":
    sys.exit(main())
