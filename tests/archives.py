"""An archive to look at: a dozen articles of our own, stored as a crawl stores them."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from archive.database import checkpoint, open_writer
from archive.migrate import migrate
from archive.model import Article, Campaign, Campaigns, Capture, DateCandidate, Field, Match, Query, Source, Term
from archive.store import Store

NOW = datetime(2024, 3, 1, 6, 30, tzinfo=UTC)

SOURCES = (
    Source(id="lotus", name="Lotus Daily", name_km="ផ្កាឈូក", languages=("km",), domains=("lotus.example",)),
    Source(id="delta", name="Delta Post", languages=("en", "km"), domains=("delta.example",)),
)

CAMPAIGNS = Campaigns(
    term=(Term(say="ស្រឡាញ់ភេទដូចគ្នា", also=("ស្រលាញ់ភេទដូចគ្នា",)), Term(say="សិទ្ធិ", unless=("កម្មសិទ្ធិ",))),
    campaign=(
        Campaign(
            id="i-accept",
            name="I Accept",
            name_km="ខ្ញុំទទួលយក",
            since=date(2021, 12, 1),
            query=(
                Query(id="slogan", label="The campaign by name", label_km="ឈ្មោះយុទ្ធនាការ", find="ខ្ញុំទទួលយក"),
                Query(id="rights", label="Rights", label_km="សិទ្ធិ", find="សិទ្ធិ OR rights"),
            ),
        ),
        Campaign(
            id="rivers",
            name="Rivers",
            since=date(2023, 1, 1),
            query=(Query(id="water", label="Water", find="ទន្លេ OR river"),),
        ),
    ),
)


def article(path: str, day: str | None, title: str, text: str, *matches: Match, **fields: object) -> Article:
    """Make an article of Lotus Daily, or of Delta Post where the path begins with `en/`."""
    source = SOURCES[path.startswith("en/")]
    return Article(
        url=f"https://{source.domains[0]}/{path}",
        source=source.id,
        title=title,
        text=text,
        language="en" if source.id == "delta" else "km",
        published=DateCandidate(origin="meta", raw=day, day=date.fromisoformat(day), chosen=True) if day else None,
        matches=matches or (found("rights", text, "សិទ្ធិ" if "សិទ្ធិ" in text else "rights"),),
        words_est=len(text) // 5,
        **fields,  # type: ignore[arg-type]
    )


def found(query: str, where: str, words: str, field: Field = "text", campaign: str = "i-accept") -> Match:
    """Make the match of words that stand in a text."""
    start = where.index(words)
    end = start + len(words)
    return Match(
        campaign=campaign,
        query=query,
        term=words,
        field=field,
        part=0,
        start=start,
        end=end,
        words=words,
        quote=where[max(0, start - 40) : end + 40],
        weak=field not in ("title", "text"),
    )


_SLOGAN = "សហគមន៍បានបើកយុទ្ធនាការ ខ្ញុំទទួលយក នៅភ្នំពេញកាលពីព្រឹកមិញ។\nអ្នកចូលរួមបានដង្ហែក្បួនតាមមាត់ទន្លេ ហើយនិយាយអំពីសិទ្ធិរបស់ខ្លួន។"
_RIVER = "ទឹកទន្លេឡើងខ្ពស់នៅខេត្តក្រចេះ ហើយកសិករព្រួយបារម្ភអំពីសិទ្ធិកាន់កាប់ដី។"
_CAPTION = "ក្មេងៗកាន់ផ្លាក ខ្ញុំទទួលយក នៅមុខសាលារៀន"

ARTICLES = (
    article(
        "slogan",
        "2021-12-10",
        "យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម",
        _SLOGAN,
        found("slogan", _SLOGAN, "ខ្ញុំទទួលយក"),
        found("rights", _SLOGAN, "សិទ្ធិ"),
    ),
    article("love", "2021-12-10", "ការស្រលាញ់ភេទដូចគ្នា", "ការស្រលាញ់ភេទដូចគ្នាមិនមែនជាជំងឺទេ គ្រូពេទ្យម្នាក់បានពន្យល់ អំពីសិទ្ធិសុខភាព។"),
    article("digits", "2022-01-05", "ឆ្នាំ២០២២", "នៅថ្ងៃទី០៥ ខែមករា ឆ្នាំ២០២២ មេធាវីចំនួន១២នាក់បានប្រជុំអំពីសិទ្ធិស្មើគ្នា។"),
    article("order", None, "ស្ត្រីនិងក្រុមគ្រួសារ", "ស្ត្រីម្នាក់ប្រាប់ថាក្រុមគ្រួសាររបស់គាត់គាំទ្រសិទ្ធិគ្រប់គ្រាន់ ប៉ុន្តែអ្នកជិតខាងនៅស្ងៀម។"),
    article("river", "2023-07-02", "ទឹកទន្លេ", _RIVER, found("water", _RIVER, "ទន្លេ", campaign="rivers")),
    article(
        "caption",
        "2023-08-01",
        "ថ្ងៃបើកសាលា",
        "សិស្សានុសិស្សចូលរៀនឡើងវិញនៅព្រឹកនេះ ក្រោមភ្លៀងរលឹម។",
        found("slogan", _CAPTION, "ខ្ញុំទទួលយក", "caption"),
        captions=(_CAPTION,),
    ),
    article(
        "formula",
        "2023-09-09",
        '=HYPERLINK("http://evil.example","សិទ្ធិ")',
        "មាត្រា១៖ សិទ្ធិរស់នៅ។\n=១+១ មិនមែនជារូបមន្តទេ។",
        authors=("@sum", "＝ចាន់ សុភា"),
    ),
    article(
        "script",
        "2023-09-10",
        "<script>alert(1)</script> ចំណងជើង",
        "អត្ថបទនេះមានសញ្ញា <b>សិទ្ធិ</b> & «សម្រង់» ក្នុងតួអត្ថបទ។",
        authors=("ចាន់ សុភា", "Dara, Jr."),
    ),
    article(
        "en/rights",
        "2022-05-17",
        "Activists call for equal rights",
        'Dozens of activists gathered, and asked for equal rights "today",\nnot tomorrow.',
    ),
    article(
        "en/mixed",
        "2022-05-18",
        "+855 and I Accept",
        "The slogan ខ្ញុំទទួលយក was printed on shirts; the rights group sold out in an hour. 🏳️‍🌈",
    ),
    article(
        "en/undated", None, "-5 degrees", "A column about rights without any date at all, by nobody in particular."
    ),
    article("long", "2024-02-29", "អត្ថបទវែង", "ពាក្យដំបូងនៃអត្ថបទវែងនិយាយអំពីសិទ្ធិ។" + "ប្រយោគនេះធ្វើឱ្យអត្ថបទវែងណាស់។\n" * 1500),
)


def build_archive(path: Path, articles: Iterable[Article] = ARTICLES, campaigns: Campaigns = CAMPAIGNS) -> None:
    """Make an archive.db that holds these articles, each with a capture; the folder may be missing."""
    migrate(path, "archive")
    with closing(open_writer(path)) as connection:
        store = Store(connection)
        store.declare(SOURCES, campaigns, NOW)
        for number, one in enumerate(articles):
            store.put(one, [_capture(one.url, number)], NOW)
        store.count_days({("lotus", "2021-12-10"): 40, ("delta", "2022-05-17"): 10})
        checkpoint(connection)


def _capture(url: str, number: int) -> Capture:
    return Capture(
        url=f"{url}?amp=1",
        file="crawl-20240301.warc.gz",
        offset=number * 1000,
        length=900,
        sha256="0" * 64,
        fetched_at=NOW,
        tls="verified",
    )
