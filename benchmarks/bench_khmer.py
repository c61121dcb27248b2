"""Speed of the Khmer text forms, beside Unicode's NFC alone in the same run: python benchmarks/bench_khmer.py [MEGABYTES]."""

import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive import khmer

ROUNDS = 5  # the best of five: what the machine's other work adds is left out

SENTENCES = (
    "ព្រឹកថ្ងៃសុក្រ ទី១០ ខែធ្នូ ឆ្នាំ២០២១ យុវជនជាង៣០០នាក់បានជួបជុំគ្នានៅរាជធានីភ្នំពេញ ដើម្បីពិភាក្សាអំពីសិទ្ធិមនុស្ស។",
    "អ្នករៀបចំថ្លែងថា យុទ្ធនាការ «ខ្ញុំទទួលយក – I Accept» ចង់ឱ្យក្រុមគ្រួសារ និងសាលារៀនបើកចិត្តទទួលស្គាល់មនុស្សគ្រប់រូប។",
    "លោកស្រី ចាន់ សុភា ជាគ្រូបង្រៀននៅខេត្តបាត់ដំបង ប្រាប់ថា សិស្សរបស់គាត់ជាច្រើនធ្លាប់ត្រូវគេសើចចំអកនៅក្នុងថ្នាក់។",
    "តើច្បាប់អាពាហ៍ពិពាហ៍ត្រូវកែប្រែយ៉ាងដូចម្តេច? មន្ត្រីក្រសួងយុត្តិធម៌មួយរូបឆ្លើយថា ការសិក្សាកំពុងបន្ត។",
    "នៅផ្សារកណ្តាល អាជីវករលក់បន្លែ ត្រី សាច់ ផ្លែឈើ ។ល។ និយាយថា ពួកគេគោរពការសម្រេចចិត្តរបស់កូនៗ។",
    "ការស៊ើបអង្កេតរបស់អាជ្ញាធរបានបញ្ចប់កាលពីសប្តាហ៍មុន ហើយសំណុំរឿងត្រូវបញ្ជូនទៅសាលាដំបូង៕",
    "អង្គការ LGBT ក្នុងស្រុកចំនួន ១២ ចេញសេចក្តីថ្លែងការណ៍រួម អំពាវនាវឱ្យរដ្ឋាភិបាលបង្កើតច្បាប់មុនឆ្នាំ២០២៥។",
    "ភ្លៀងធ្លាក់ពេញមួយយប់ធ្វើឱ្យផ្លូវជាតិលេខ៥លិចទឹក រថយន្តធំៗឆ្លងកាត់មិនបាន កសិករបាត់បង់ស្រូវជាច្រើនរយហិកតា។",
)
DISGUISES = {
    "សិទ្ធិ": "សិទិ្ធ",
    "ន្ត្រ": "ន្រ្ត",
    "ឱ្យ": "ឲ្យ",
    "ណ្ត": "ណ្ដ",
    "ខ្ញុំ": "ខ្ញំុ",
    "ស៊ើ": "សេុី",
    "និង": "\u200bនិង\u200b",
    "ការ": "ការ\u200b",
    "មនុស្ស": "មនុស្\u200dស",
    "ឆ្នាំ": "ឆ្នំា",
    " «": "\u00a0«",
}


def article(megabytes: float) -> str:
    """Give ordinary text of at least so many megabytes in UTF-8, its sentences in changing order."""
    lines: list[str] = []
    size = turn = 0
    while size < megabytes * 1_000_000:
        turn += 1
        lines.append(" ".join(SENTENCES[(turn * step) % len(SENTENCES)] for step in (1, 3, 5)))
        size += len(lines[-1].encode())
    return "\n".join(lines)


def disguised(text: str) -> str:
    """Give the same words as careless keyboards and web editors write them."""
    for plain, other in DISGUISES.items():
        text = text.replace(plain, other)
    return text


def seconds(form: Callable[[str], object], text: str) -> float:
    """Give the least processor time that one call took."""
    least = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        form(text)
        least = min(least, time.process_time() - started)
    return least


def main() -> None:
    """Print megabytes of UTF-8 per second for each form, on plain and on disguised text."""
    plain = article(float(sys.argv[1]) if len(sys.argv) > 1 else 1.5)
    print(f"{'MB/s':18}{'plain':>9}{'disguised':>11}")
    texts = (plain, disguised(plain))
    cleaned = [khmer.clean(text) for text in texts]
    folded = [khmer.fold(text) for text in texts]
    forms: tuple[tuple[str, Callable[[str], object], list[str]], ...] = (
        ("NFC alone", lambda text: unicodedata.normalize("NFC", text), list(texts)),
        ("clean", khmer.clean, list(texts)),
        ("fold", khmer.fold, list(texts)),
        ("fold_with_offsets", khmer.fold_with_offsets, cleaned),
        ("tokens", khmer.tokens, folded),
        ("index_text", khmer.index_text, list(texts)),
        ("sentences", lambda text: list(khmer.sentences(text)), cleaned),
    )
    for name, form, inputs in forms:
        rates = [len(text.encode()) / 1e6 / seconds(form, text) for text in inputs]
        print(f"{name:18}{rates[0]:9.1f}{rates[1]:11.1f}")
    alike = unicodedata.normalize("NFC", texts[0]) == unicodedata.normalize("NFC", texts[1])
    print(f"disguised text equals plain text: by fold {folded[0] == folded[1]}, by NFC alone {alike}")


if __name__ == "__main__":
    main()
