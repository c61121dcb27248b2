import re
from pathlib import Path

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
WORDS = [
    *(
        "source",
        "listing",
        "article",
        "canonical URL",
        "capture",
        "revision",
        "campaign",
        "query",
        "term",
        "match",
        "quote",
    ),
    *("coverage", "clipping", "syndication", "story", "tone"),
]


def test_every_word_of_the_house_has_a_khmer_word_of_its_own_and_a_meaning() -> None:
    rows = re.findall(
        r"^\| ([a-zA-Z ]+) \| ([\u1780-\u17ff]+) \| (.+) \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [english for english, _, _ in rows] == WORDS
    assert len({khmer for _, khmer, _ in rows}) == len(WORDS)
