import pytest

from pipelines.signed.names import names, signed


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("ដោយ៖ ចាន់ សុភា", ["ចាន់ សុភា"]),
        ("ដោយ ៖ គង់ សុខៈ", ["គង់ សុខៈ"]),
        ("ដោយ លោក សុខ ដារា និង កញ្ញា ចាន់ សុភា", ["សុខ ដារា", "ចាន់ សុភា"]),
        ("អត្ថបទដោយ៖ ថោង វី និងកញ្ញា ហួត វាសនា", ["ថោង វី", "ហួត វាសនា"]),
        ("អត្ថបទ និងរូបថត៖ ង៉ែត វណ្ណា", ["ង៉ែត វណ្ណា"]),
        ("អ្នកយកព័ត៌មាន៖ ចាន់ សុភា, ភ្នំពេញ", ["ចាន់ សុភា"]),
        ("ដោយ៖ សុខ ដារា, រូបភាព៖ ចាន់ សុភា", ["សុខ ដារា"]),
        ("រូបភាព៖ សុខ ដារា", []),
        ("ក្រុមការងារព័ត៌មាន", []),
        ("សុខ កញ្ញា", ["សុខ កញ្ញា"]),
        ("សុខ ដារា ធ្នូ 11, 2021", []),
        ("By Jane Roe, Staff Reporter", ["Jane Roe"]),
        ("By Jane Roe and John Doe in Phnom Penh", ["Jane Roe", "John Doe"]),
        ("Jane Roe / AFP", ["Jane Roe", "AFP"]),
        ("Jane Roe (AFP)", ["Jane Roe", "AFP"]),
        ("(Jane Roe)", ["Jane Roe"]),
        ("Roe, Jane", ["Roe, Jane"]),
        ("AFP, Reuters", ["AFP", "Reuters"]),
        ("Dara Roe, Jr.", ["Dara Roe, Jr."]),
        ("Jane Roe jane@news.example", ["Jane Roe"]),
        ("@jane", []),
        ("https://news.example/u/1", []),
        ("Reporting by Jane Roe; Editing by John Doe", ["Jane Roe"]),
        ("Photo by Jane Roe", []),
        ("Sat, 11 March 2017", []),
        ("Camera: Jane Roe", []),
        ("Jane Roe und John Doe, Ann", ["Jane Roe", "John Doe", "Ann"]),
        ("Jane Roe og John Doe-Roe", ["Jane Roe", "John Doe-Roe"]),
        ("José Roe y Doe", ["José Roe y Doe"]),
        ("von Jane Roe", ["Jane Roe"]),
        ("Von Roe", ["Von Roe"]),
        ("text by Jane Roe, translation John Doe", ["Jane Roe"]),
        ("xyz/abcd;efgh", ["xyz/abcd", "efgh"]),
        ("ZUMA Press Wire / Imago Images", []),
        ("សម្ភាសដោយ៖ ស៊ុន ណារី", ["ស៊ុន ណារី"]),
        ("រាយការណ៍ដោយ៖ លោក សុខ ដារា ពីខេត្តកំពត", ["សុខ ដារា"]),
        ("ដោយ លោក សុខ ដារា, ខេត្តកំពត", ["សុខ ដារា"]),
        ("ដោយ៖ លោកបណ្ឌិត ហុង ដារា ទីប្រឹក្សាច្បាប់", ["ហុង ដារា"]),
        ("រូបភាព និងអត្ថបទ ធឿន ដារា ១៩ តុលា ២០១៩", ["ធឿន ដារា"]),
        ("By Lok Chan Sophea", ["Chan Sophea"]),
    ],
)
def test_a_by_line_gives_names_and_nothing_else(told: str, expected: list[str]) -> None:
    assert list(names([told])) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "ដោយសារភ្លៀងធ្លាក់ខ្លាំង ផ្លូវត្រូវបិទ",
        "ដោយទទួលបានកម្រៃ ៣០០ រៀល",
        "By Friday the road was open.",
        "By the way",
        "Photo by Jane Roe",
    ],
)
def test_a_sentence_that_begins_like_a_by_line_signs_nothing(sentence: str) -> None:
    assert not signed(sentence)


def test_names_without_end_cost_little_and_are_counted() -> None:
    assert names(["Jane Roe and " * 100_000]) == ()
    assert names([", ".join(f"Jane R{letter}{other}" for letter in "abcdef" for other in "abcdef")])[19:] == (
        "Jane Rdb",
    )
