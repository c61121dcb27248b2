"""How fast campaign words are looked for in Khmer, beside a regular expression: `python benchmarks/bench_match.py`.

The text is made up from a seed: sentences of words that are themselves made of Khmer syllables, a few Latin words among them, and terms
every 2,000 words or so. Megabytes are of UTF-8.
"""

import random
import re
from collections.abc import Callable
from datetime import date
from time import process_time

from archive import khmer
from archive.model import Article, Campaign, Campaigns, Query, Term
from archive.vocabulary import FlatText, flatten, key
from pipelines.match import Matcher

CONSONANTS = "កខគឃងចឆជញដណតថទធនបផពភមយរលវសហឡអ"
SUBSCRIPTS = ("", "", "", "", "្រ", "្ល", "្ម", "្ញ", "្ធ")
VOWELS = ("", "ា", "ា", "ិ", "ី", "ុ", "ូ", "េ", "ែ", "ោ", "ំ", "ះ", "ើ")
CHARACTERS = 1_500_000
TERMS = 1_000
ROUNDS = 5  # the best of them is told


def words(number: int, longest: int, seed: int) -> list[str]:
    """Make different Khmer words of up to so many syllables, at least half as many."""
    chance = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < number:
        made["".join(_syllable(chance) for _ in range(chance.randint(longest // 2, longest)))] = None
    return list(made)


def _syllable(chance: random.Random) -> str:
    return chance.choice(CONSONANTS) + chance.choice(SUBSCRIPTS) + chance.choice(VOWELS)


def text(terms: list[str]) -> str:
    """Make a long text in which the terms stand here and there."""
    chance = random.Random(2)
    ordinary = [*words(3_000, longest=4, seed=3), "Phnom Penh", "LGBT", "NGO"]
    pieces: list[str] = []
    size = 0
    while size < CHARACTERS:
        run = chance.choices(ordinary, k=8)
        if chance.random() < 8 / 2_000:
            run.append(chance.choice(terms))
        pieces.append("".join(run) + chance.choice([" ", " ", "។\n"]))
        size += len(pieces[-1])
    return khmer.clean("".join(pieces))


def speed(work: Callable[[], object], size: int) -> float:
    """Give megabytes a second, by the CPU time of the best round."""
    best = min(_timed(work) for _ in range(ROUNDS))
    return size / best / 1e6


def _timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def main() -> None:
    """Print one line for each way."""
    terms = words(TERMS, longest=8, seed=1)
    body = text(terms)
    size = len(body.encode())
    queries = tuple(Query(id=f"q{number}", label="", find=f'"{term}"') for number, term in enumerate(terms))
    campaign = Campaign(id="c", name="c", since=date(2021, 12, 1), query=queries)
    matcher = Matcher(Campaigns(term=tuple(Term(say=term) for term in terms), campaign=(campaign,)))
    article = Article(url="https://example.org/1", source="s", text=body)
    folded = khmer.fold(body)
    flat = FlatText(body).text
    automaton = matcher._automaton  # noqa: SLF001
    hundred, thousand = (
        re.compile("|".join(re.escape(key(term)) for term in terms[:number])) for number in (100, TERMS)
    )
    some = flat[: len(flat) // 20]  # the regular expression is slow
    rows = [
        (f"automaton alone, {TERMS:,} terms", speed(lambda: sum(1 for _ in automaton.iter(flat)), size)),
        (
            "over folded text: flatten and automaton",
            speed(lambda: sum(1 for _ in automaton.iter(flatten(folded))), size),
        ),
        ("folding alone, with its offsets", speed(lambda: khmer.fold_with_offsets(body), size)),
        ("the whole of match, folding included", speed(lambda: matcher.match(article), size)),
        ("re, alternation of 100 terms", speed(lambda: sum(1 for _ in hundred.finditer(some)), len(some.encode()))),
        (
            f"re, alternation of {TERMS:,} terms",
            speed(lambda: sum(1 for _ in thousand.finditer(some)), len(some.encode())),
        ),
    ]
    print(f"{size / 1e6:.1f} MB of Khmer, {len(matcher.match(article).matches)} matches")
    for name, megabytes in rows:
        print(f"{name:<42} {megabytes:8.2f} MB/s")


if __name__ == "__main__":
    main()
