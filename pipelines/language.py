"""In which language an article is written: by script where that tells, else by langdetect where it is sure."""

import re
from array import array
from dataclasses import replace
from functools import cache
from pathlib import Path

from langdetect import DetectorFactory, LangDetectException
from langdetect.detector_factory import PROFILES_DIRECTORY

from archive.khmer import SCRIPT, khmer_share, words_est
from archive.model import Article
from pipelines.page.document import Document

VERSION = 1
"""Raised whenever this stage may make something else of the same page."""

KHMER_FROM = 0.25
"""Share of Khmer among Khmer and Latin letters: Khmer stories name people and bodies in Latin letters."""
SURE_FROM = 0.9
LETTERS_FROM = 25
"""Latin letters below which langdetect guesses."""
SAMPLE = 1_000
"""Characters that langdetect sees; more changes no answer and costs time."""
ALLOWED = frozenset({"en", "fr", "vi", "id", "de", "es", "it", "nl", "pt"})
"""Languages in which the press writes about Cambodia; any other answer on Latin letters is langdetect's error."""

_LATIN_PROFILES = "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi"
"""Those of langdetect's 55 languages that are written in Latin letters: only these are asked for, and all would take 60 MB."""

_SCRIPTS = {
    "th": "\u0e01-\u0e5b",
    "lo": "\u0e81-\u0edf",
    "my": "\u1000-\u109f",
    "ja": "\u3041-\u30ff",
    "ko": "\uac00-\ud7a3",
    "zh": "\u4e00-\u9fff",
    "ru": "\u0400-\u04ff",
    "ar": "\u0600-\u06ff",
    "he": "\u05d0-\u05ea",
    "hi": "\u0900-\u097f",
    "el": "\u0370-\u03ff",
}
_OTHER = {code: re.compile(f"[{letters}]") for code, letters in _SCRIPTS.items()}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ANY_OTHER = re.compile("[{}]".format("".join(_SCRIPTS.values())))


def language(article: Article, document: Document) -> Article:
    """Set the language, the share of Khmer and the estimated number of words, from title and text together."""
    text = f"{article.title}\n{article.text}"
    share = khmer_share(text)
    code = _by_script(text, share) or _by_langdetect(text) or _declared(document)
    return replace(article, language=code, khmer_share=share, words_est=words_est(text))


def _by_script(text: str, share: float) -> str | None:
    if share >= KHMER_FROM:
        return "km"
    others = len(_ANY_OTHER.findall(text))
    if others <= len(_LATIN.findall(text)):
        return None
    counts = {code: len(letters.findall(text)) for code, letters in _OTHER.items()}
    if counts["ja"] * 10 >= counts["zh"] > 0:  # Japanese writes Chinese characters between its own
        return "ja"
    return max(counts, key=counts.__getitem__)


def _by_langdetect(text: str) -> str | None:
    latin = _without_khmer(text)[:SAMPLE]
    if len(_LATIN.findall(latin)) < LETTERS_FROM:
        return None
    detector = _factory().create()
    detector.append(latin)
    try:
        best = detector.get_probabilities()[0]
    except LangDetectException:
        return None
    return str(best.lang) if best.lang in ALLOWED and best.prob >= SURE_FROM else None


@cache
def _factory() -> DetectorFactory:
    """Load langdetect's profiles of Latin scripts, with a fixed seed: without it short texts change from run to run."""
    folder = Path(PROFILES_DIRECTORY)
    factory = DetectorFactory()
    factory.set_seed(0)
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in _LATIN_PROFILES.split()])
    chances = factory.word_lang_prob_map
    factory.word_lang_prob_map = {gram: array("d", each) for gram, each in chances.items()}  # a third of the memory
    return factory


def _without_khmer(text: str) -> str:
    return re.sub(f"[{SCRIPT}]+", " ", text)


def _declared(document: Document) -> str:
    languages = document.page.source.languages
    return languages[0] if languages else "und"
