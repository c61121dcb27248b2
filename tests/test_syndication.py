"""The fingerprint of a text, and when two texts are one story: Khmer and English, copies of every kind, and what only looks like one."""

import subprocess
import sys
from dataclasses import replace

import pytest

from archive.khmer import clean
from archive.likeness import GRAM, SHORTEST, letters, likeness
from archive.model import Article
from archive.stories import MEETINGS
from pipelines.syndication import SAMPLE, fingerprint, syndication
from tests.archives import found

KHMER = (
    "សមាគមកសិករនៅស្រុកសំរោងបានបើកផ្សារពេលល្ងាចមួយ ដើម្បីលក់បន្លែសរីរាង្គដល់គ្រួសារដែលធ្វើការរោងចក្រ។",
    "អ្នកស្រី ចាន់ បុប្ផា ដែលជាប្រធានសមាគម ថ្លែងថា តម្លៃនៅទីនេះទាបជាងផ្សារធំ ព្រោះគ្មានឈ្មួញកណ្ដាល។",
    "ក្នុងសប្ដាហ៍ដំបូង មានអតិថិជនប្រមាណពីររយនាក់បានមកទិញត្រកួន ស្ពៃ និងត្រសក់ស្រស់ៗពីចម្ការ។",
    "មេឃុំបានផ្ដល់ដីទំនេរមួយកន្លែងឱ្យប្រើដោយមិនគិតថ្លៃ រហូតដល់ចុងរដូវប្រាំង។",
    "យុវជនម្នាក់ឈ្មោះ វិសាល និយាយថា គាត់ស្រលាញ់កន្លែងនេះ ព្រោះវាជាទីជួបជុំរបស់អ្នកភូមិគ្រប់វ័យ។",
    "សមាគមសង្ឃឹមថា នឹងបើកផ្សារបែបនេះពីរកន្លែងទៀតនៅឆ្នាំក្រោយ ប្រសិនបើមានជំនួយគ្រប់គ្រាន់។",
)
ENGLISH = (
    "A ferry that links two villages on the lower Tonle began running at night this week, after months of petitions.",
    "Its owner, Keo Samnang, fitted lamps along both rails and hired a second pilot for the late crossings.",
    "Teachers had asked for the service because evening classes end long after the last boat used to leave.",
    "“My mother no longer waits on the bank with a torch,” said one pupil, who studies bookkeeping across the river.",
    "The commune paid for a floating jetty and promised to dredge the channel before the dry season.",
    "Fishermen were worried about their nets at first, but agreed once the route was marked with painted buoys.",
    "Tickets cost the same as by day, and nurses on duty travel free.",
)
OTHER = (
    "អាជ្ញាធរខេត្តប្រកាសបិទស្ពានដែកចាស់មួយរយៈពេលបីខែ ដើម្បីប្ដូរបន្ទះដែកដែលច្រែះស៊ី។",
    "អ្នកបើកបរឡានធំត្រូវវាងតាមផ្លូវលំចម្ងាយដប់ពីរគីឡូម៉ែត្រ ខណៈម៉ូតូអាចឆ្លងដោយសាឡាងតូច។",
    "វិស្វករម្នាក់ពន្យល់ថា សសរស្ពាននៅរឹងមាំ តែគ្រឿងភ្ជាប់ត្រូវជំនួសទាំងអស់មុនទឹកឡើង។",
    "អ្នកលក់ដូរនៅក្បាលស្ពានសុំឱ្យរដ្ឋបាលបញ្ចុះថ្លៃជួលតូប ព្រោះបាត់អតិថិជនអស់ពាក់កណ្ដាល។",
)
COLUMN = (
    "Every Friday our kitchen table fills with letters from readers, and every Friday we choose one of them to answer.",
    "This week a widow from the hills asks whether old rice may be planted again, and whose advice she should trust.",
    "Seed that was kept dry will sprout, says the agronomist we called, but the yield falls year after year.",
    "She should trade a sack with a neighbour, he says, and sow the two kinds in alternate rows.",
)
NEXT_COLUMN = (
    COLUMN[0],
    "This time a mechanic wants to know how to quiet a pump that wakes his whole street before dawn.",
    "A rubber mat below the frame takes half of the noise, an engineer wrote back, and a longer pipe the rest.",
    "If nothing helps, let him run it at noon when the street is loud anyway, she adds, and sleep in peace.",
)
ABOUT = (
    "The campaign was begun by a circle of families who wish every couple to be welcome at every table in the land.",
    "It has no party and takes no money from any government; its meetings are open to all who come in good faith.",
)
STATEMENT = (
    "“We heard the families out, and we shall write down what they told us before the rains come,” the minister said.",
    "“No promise was made today, and none will be made before the committee has met for a second time.”",
)
CREDIT = "PHNOM PENH, Friday (Angkor Wire, by its own correspondent) – "


def text(*sentences: str) -> str:
    return clean("\n".join(sentences))


COPIES = {
    "the same": (text(*KHMER), text(*KHMER)),
    "cut to a third": (text(*KHMER), text(*KHMER[:2])),
    "cut to 60 %": (text(*ENGLISH), text(*ENGLISH[:4])),
    "cut in the middle of a word": (text(*ENGLISH), text(*ENGLISH)[:220]),
    "an agency's credit before it": (text(*KHMER), text("កំពត (ទីភ្នាក់ងារព័ត៌មានអង្គរ) ៖ " + KHMER[0], *KHMER[1:])),
    "cut, with a credit before it": (text(*ENGLISH), text("PURSAT (Angkor Wire) – " + ENGLISH[0], ENGLISH[1])),
    "a sentence left out": (text(*KHMER), text(*KHMER[:2], *KHMER[3:])),
    "a sentence put in": (text(*ENGLISH), text(*ENGLISH[:3], COLUMN[2], *ENGLISH[3:])),
    "its own first sentence": (text(*ENGLISH), text(COLUMN[1], *ENGLISH[1:])),
    "only some sentences": (text(*ENGLISH), text(ENGLISH[0], ENGLISH[3], ENGLISH[6])),
    "from its middle": (text(*KHMER), text(*KHMER[2:4])),
    "another spelling of a word": (text(*KHMER), text(*KHMER).replace("ស្រលាញ់", "ស្រឡាញ់").replace("ឱ្យ", "ឲ្យ")),
    "other quotes and dashes": (text(*ENGLISH), text(*ENGLISH).replace("“", '"').replace("”", '"').upper()),
}
STRANGERS = {
    "two subjects": (text(*KHMER), text(*OTHER)),
    "two languages": (text(*KHMER), text(*ENGLISH)),
    "a column with its usual opening": (text(*COLUMN), text(*NEXT_COLUMN)),
    "one closing paragraph": (text(*ENGLISH[:4], *ABOUT), text(*COLUMN[1:], *ABOUT)),
    "one statement quoted at length": (text(*ENGLISH[:3], *STATEMENT), text(*COLUMN[:3], *STATEMENT)),
    "an item of a round-up": (text(*OTHER, *KHMER, *COLUMN, *ENGLISH, *NEXT_COLUMN[1:]), text(*ENGLISH[:3])),
    "one credit before short texts": (text(CREDIT + ENGLISH[6]), text(CREDIT + "Rain fell.")),
    "nothing": (text(*ENGLISH), ""),
}


@pytest.mark.parametrize(("whole", "copy"), COPIES.values(), ids=COPIES)
def test_a_copy_is_one_story_with_the_original(whole: str, copy: str) -> None:
    assert likeness(letters("", whole), letters("", copy)).is_one_story(same_source=False)


@pytest.mark.parametrize(("whole", "copy"), COPIES.values(), ids=COPIES)
def test_a_copy_shares_enough_n_grams_to_be_found(whole: str, copy: str) -> None:
    one, other = fingerprint("", whole), fingerprint("", copy)
    assert one
    assert other
    assert len(set(one.grams) & set(other.grams)) >= 2 * MEETINGS


@pytest.mark.parametrize(("one", "other"), STRANGERS.values(), ids=STRANGERS)
def test_what_only_shares_a_part_is_not_one_story(one: str, other: str) -> None:
    assert not likeness(letters("", one), letters("", other)).is_one_story(same_source=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(text(ENGLISH[6], *ABOUT), text(COLUMN[2], *ABOUT), id="its standing paragraph"),
        pytest.param(text(*ABOUT, COLUMN[1]), text(*ABOUT, *ENGLISH[:2]), id="its opening"),
    ],
)
def test_two_texts_of_one_source_take_more_to_be_one_story(one: str, other: str) -> None:
    both = likeness(letters("", one), letters("", other))
    assert both.is_one_story(same_source=False)
    assert not both.is_one_story(same_source=True)


def test_a_source_that_runs_one_text_at_two_addresses_is_seen() -> None:
    same = likeness(letters("", text(*KHMER)), letters("", text(*KHMER[:-1])))
    assert same.is_one_story(same_source=True)


@pytest.mark.parametrize(("one", "other"), [*COPIES.values(), *STRANGERS.values()], ids=[*COPIES, *STRANGERS])
def test_the_order_of_two_texts_makes_no_difference_and_every_figure_is_a_share(one: str, other: str) -> None:
    a, b = letters("", one), letters("", other)
    both = likeness(a, b)
    assert both == likeness(b, a)
    assert all(0 <= figure <= 1 for figure in (both.kept, both.share, both.reach, both.lead))


def test_a_changed_word_costs_its_own_letters_only() -> None:
    whole = letters("", text(*ENGLISH))
    assert likeness(whole, whole.replace("painted", "coloured")).kept > 1 - 2 * len("coloured") / len(whole)
    same = likeness(whole, whole)
    assert (same.shared, same.kept, same.share, same.lead) == (len(whole), 1.0, 1.0, 1.0)
    assert same.reach == pytest.approx(0.8, abs=0.01)


# ---- the fingerprint --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("\u200b".join(text(*KHMER)), id="zero-width spaces"),
        pytest.param(text(*KHMER).replace(" ", "  ").replace("\n", " "), id="other blanks"),
        pytest.param(text(*KHMER).replace("។", "").replace(" ៖", ":"), id="other punctuation"),
        pytest.param(text(*KHMER).replace("ឱ្យ", "ឲ្យ"), id="ឲ for ឱ"),
        pytest.param(text(*KHMER).replace("្ដ", "្ត"), id="coeng DA and TA"),
        pytest.param(text(*KHMER).replace("ុំ", "ំុ"), id="signs out of order"),
        pytest.param("ផ្សារពេលល្ងាច\n" + text(*KHMER), id="its headline once more"),
    ],
)
def test_texts_that_read_alike_have_one_fingerprint(other: str) -> None:
    known = fingerprint("ផ្សារពេលល្ងាច", text(*KHMER))
    assert known
    assert known == fingerprint("ផ្សារពេលល្ងាច", other)


def test_another_headline_makes_no_other_fingerprint() -> None:
    assert fingerprint("One", text(*ENGLISH)) == fingerprint("Two", text(*ENGLISH))


def test_a_changed_letter_makes_another_hash() -> None:
    one, other = fingerprint("", text(*ENGLISH)), fingerprint("", text(*ENGLISH).replace("ferry", "fErrx"))
    assert one
    assert other
    assert one.exact != other.exact


def test_a_text_too_short_to_be_known_again_has_none() -> None:
    assert fingerprint("", "a" * (SHORTEST - 1)) is None
    assert fingerprint("", "") is None
    assert fingerprint("A headline and no text", " — … \u200b") is None
    assert fingerprint("", text(*ENGLISH)[: SHORTEST * 2]) is not None


def test_the_sample_is_small_sorted_and_fits_the_database() -> None:
    known = fingerprint("", text(*KHMER, *ENGLISH, *OTHER, *COLUMN))
    assert known
    assert len(known.grams) == SAMPLE
    assert list(known.grams) == sorted(set(known.grams))
    assert all(0 <= gram < 2**63 for gram in known.grams)


@pytest.mark.parametrize(
    "odd", ["\ud800" * 80, "🏳️‍🌈" * 80, "𐐀" * 80, "\x00" * 80, "ា" * 80, "a" * 200_000, "្" * 80], ids=repr
)
def test_no_text_is_too_odd(odd: str) -> None:
    known = fingerprint(odd[:100], text(*ENGLISH) + odd)
    assert known
    assert len(known.grams) <= SAMPLE
    assert len(letters("", odd)) <= len(odd)


def test_it_is_the_same_in_every_process() -> None:
    program = "from pipelines.syndication import fingerprint; from tests.test_syndication import *; print(fingerprint('', text(*KHMER)))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {f"{fingerprint('', text(*KHMER))}\n"}


def test_only_coverage_gets_a_fingerprint() -> None:
    body = text(*ENGLISH)
    article = Article(url="https://delta.example/ferry", source="delta", title="Night ferry", text=body)
    assert syndication(article).fingerprint is None
    matched = replace(article, matches=(found("rights", body, "ferry"),))
    assert syndication(matched) == replace(matched, fingerprint=fingerprint("Night ferry", body))


def test_a_text_of_one_letter_more_than_a_gram_is_compared() -> None:
    assert likeness("x" * GRAM, "x" * (GRAM + 1)).kept == 1.0
