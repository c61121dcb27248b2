"""How many pages triage lets go, what it misses and what it costs, beside a bare parse: `python benchmarks/bench_triage.py [FOLDER]`.

Pages of 82 kB are made by `press.py`. Words of the shipped campaign are planted in them in every disguise of `tests/disguises.py`, and
read by triage and by all stages. With FOLDER, else `../shared/pages` beside the clone, real pages are asked as well.
"""

import gzip
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

from lxml import html

from archive.config import load_campaigns
from archive.errors import Dropped
from archive.home import SHIPPED
from archive.model import Campaigns, Page
from benchmarks import press
from pipelines.match import Matcher
from pipelines.stages import read
from pipelines.triage import Triage
from tests.disguises import MARK, Planted, page, planted

ORDINARY = 60
"""Pages without a word of the campaign: of two Khmer sources and an English one."""
ROUNDS = 5  # the best of them is told
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "pages"


def ordinary() -> list[Page]:
    """Make pages without a word of the campaign."""
    numbers = (number for number in range(1, 1000) if not press.is_hit(number))
    return [page(press.page(source, next(numbers))) for _ in range(ORDINARY // 3) for source in (0, 1, 2)]


def template() -> str:
    """Make a page with a place for a word in the middle of its article."""
    whole = press.page(1, 2).decode()
    middle = whole.index("</p>", whole.index("entry-content") + 1_500)
    return f"{whole[: middle + 4]}{MARK}{whole[middle + 4 :]}"


def milliseconds(work: Callable[[Page], object], pages: Sequence[Page]) -> float:
    """Give the CPU time of a page, by the best round."""
    return min(_timed(work, pages) for _ in range(ROUNDS)) / len(pages) * 1000


def _timed(work: Callable[[Page], object], pages: Sequence[Page]) -> float:
    start = process_time()
    for one in pages:
        work(one)
    return process_time() - start


def parse(fetched: Page) -> object:
    """Do nothing but build the tree."""
    return html.document_fromstring(fetched.body, parser=html.HTMLParser(encoding="utf-8"))


def matches(fetched: Page, matcher: Matcher) -> bool:
    """Tell whether all stages find something."""
    try:
        return bool(read(fetched, matcher).matches)
    except Dropped:
        return False


def disguises(campaigns: Campaigns) -> None:
    """Print what of the planted words is found."""
    matcher, triage = Matcher(campaigns), Triage(campaigns)
    told = Counter[str]()
    missed: list[Planted] = []
    for one in planted(template()):
        found, may = matches(one.page, matcher), triage.may_match(one.page)
        told.update(planted=1, found=found, may=may)
        if found and not may:
            missed.append(one)
    print(f"planted: {told['planted']} pages, each word in each disguise")
    print(f"found by all stages                  {told['found']:6}")
    print(f"not found by all stages              {told['planted'] - told['found']:6}")
    print(f"let through by triage                {told['may']:6}")
    print(f"found, but not let through: missed   {len(missed):6}")
    for one in missed:
        print(f"  {one.disguise}: {one.word}")


def cost(campaigns: Campaigns) -> None:
    """Print the time of a page and the share that is let go, of pages without a word."""
    pages = ordinary()
    triage, matcher = Triage(campaigns), Matcher(campaigns)
    rejected = sum(not triage.may_match(one) for one in pages)
    bare, sieved = milliseconds(parse, pages), milliseconds(triage.may_match, pages)
    whole = _timed(lambda one: matches(one, matcher), pages[:12]) / 12 * 1000
    size = sum(len(one.body) for one in pages) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB without a word of the campaign")
    print(f"bare lxml parse                      {bare:6.2f} ms")
    print(f"triage, its own parse included       {sieved:6.2f} ms, {sieved - bare:.2f} beyond the bare parse")
    print(f"all stages                           {whole:6.2f} ms")
    print(f"let go by triage                     {rejected / len(pages):6.0%}")


def real(campaigns: Campaigns, folder: Path) -> None:
    """Print the same of real pages, which have nothing of the campaign but perhaps a word."""
    paths = sorted(folder.rglob("*.html.gz"))
    if not paths:
        return
    matcher, triage = Matcher(campaigns), Triage(campaigns)
    pages = [page(gzip.decompress(path.read_bytes())) for path in paths]
    may = [triage.may_match(one) for one in pages]
    found = [matches(one, matcher) for one in pages]
    missed = sum(found and not may for found, may in zip(found, may, strict=True))
    size = sum(len(one.body) for one in pages) / len(pages) / 1000
    print(f"{len(pages)} real pages of {size:.0f} kB")
    print(f"found / let through / missed         {sum(found)} / {sum(may)} / {missed}")
    print(
        f"bare lxml parse, triage              {milliseconds(parse, pages):.2f}, {milliseconds(triage.may_match, pages):.2f} ms"
    )


def main() -> None:
    """Print all three tables."""
    campaigns = load_campaigns(SHIPPED / "campaigns.toml")
    cost(campaigns)
    disguises(campaigns)
    real(campaigns, Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE)


if __name__ == "__main__":
    main()
