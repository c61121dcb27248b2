import pytest

from archive.model import Article
from pipelines.language import language
from pipelines.page.document import Document
from tests.pages import ENGLISH, KHMER, markup, page, source

DOCUMENT = Document.parse(page(markup()))


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (KHMER[0], " ".join(KHMER), "km"),
        ("Rainbow Community Kampuchea", KHMER[0], "km"),  # Latin names in a Khmer story
        ("ព័ត៌មាន", " ".join(ENGLISH), "en"),
        ("I Accept", "", "km"),  # too short to tell: the source's own language
        ("Pride 2022", "", "km"),
        ("", " ".join(ENGLISH), "en"),
        (
            "",
            "Le gouvernement a présenté mardi un projet de loi sur la famille devant les députés réunis en séance.",
            "fr",
        ),
        ("", "Parlamentul s-a întrunit astăzi pentru a discuta noua lege privind familia și copiii din țară.", "km"),
        ("", "รัฐสภาประชุมเมื่อวานนี้เพื่อหารือเกี่ยวกับกฎหมายฉบับใหม่", "th"),
        ("", "国会昨天举行会议讨论新的法律草案", "zh"),
        ("", "国会は昨日、新しい法律について話し合いました", "ja"),
        ("", "국회는 어제 새로운 법안을 논의했다", "ko"),
        ("", "", "km"),
    ],
)
def test_the_language_is_told_by_script_then_by_langdetect_then_by_the_source(
    title: str, text: str, expected: str
) -> None:
    article = Article(url="https://news.example/a", source="news", title=title, text=text)
    assert {language(article, DOCUMENT).language for _ in range(3)} == {expected}


def test_without_any_sign_the_language_is_undetermined() -> None:
    document = Document.parse(page(markup(), source=source(languages=())))
    assert language(Article(url="https://news.example/a", source="news", text="123"), document).language == "und"


def test_the_share_of_khmer_and_the_words_are_counted() -> None:
    article = Article(url="https://news.example/a", source="news", title="Khmer", text="ខ្មែរ")
    counted = language(article, DOCUMENT)
    assert counted.khmer_share == pytest.approx(3 / 8)
    assert counted.words_est == 2
