"""How the invented outlets print a date; all take Phnom Penh time."""

from datetime import UTC, datetime
from email.utils import format_datetime

DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
WEEKDAYS = ("ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ")
MONTHS = ("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ")
PARTS_OF_DAY = ((12, "ព្រឹក"), (15, "រសៀល"), (18, "ល្ងាច"), (24, "យប់"))


def iso(moment: datetime) -> str:
    """2021-12-10T15:45:00+07:00."""
    return moment.isoformat(timespec="seconds")


def utc(moment: datetime) -> str:
    """2021-12-10T08:45:00+00:00, as a server that was never told its zone prints it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def rfc822(moment: datetime) -> str:
    """Fri, 10 Dec 2021 15:45:00 +0700."""
    return format_datetime(moment)


def english(moment: datetime) -> str:
    """10 December 2021 | 15:45 ICT."""
    return f"{moment.day} {moment:%B %Y} | {moment:%H:%M} ICT"


def khmer_digits(number: int | str) -> str:
    """Write the number in Khmer digits."""
    return str(number).translate(DIGITS)


def khmer_long(moment: datetime) -> str:
    """ថ្ងៃសុក្រ ទី១០ ខែធ្នូ ឆ្នាំ២០២១ ម៉ោង ៣:៤៥ ល្ងាច."""
    clock = f"{(moment.hour - 1) % 12 + 1}:{moment:%M}"
    part = next(word for end, word in PARTS_OF_DAY if moment.hour < end)
    day = f"ថ្ងៃ{WEEKDAYS[moment.weekday()]} ទី{moment.day} ខែ{MONTHS[moment.month - 1]} ឆ្នាំ{moment.year}"
    return khmer_digits(f"{day} ម៉ោង {clock} {part}")


def khmer_short(moment: datetime) -> str:
    """១០/១២/២០២១, the day first."""
    return khmer_digits(f"{moment:%d/%m/%Y}")


def khmer_dashed(moment: datetime) -> str:
    """១០-ធ្នូ-២០២១."""
    return khmer_digits(f"{moment.day}-{MONTHS[moment.month - 1]}-{moment.year}")
