"""The parts of a text by script, since Word sets Khmer by other fonts, sizes and languages than Latin."""

import re
from collections.abc import Iterator

from archive.khmer import SCRIPT

_KHMER = re.compile(f"[{SCRIPT}](?:[{SCRIPT}\u200b-\u200d]|[ \u201c\u201d\u00ab\u00bb()?!,.:]+(?=[{SCRIPT}]))*")
"""Khmer with the blanks and signs between its words."""


def by_script(text: str) -> Iterator[tuple[str, bool]]:
    """Give the parts of a text in order, each with whether it is Khmer."""
    done = 0
    for found in _KHMER.finditer(text):
        if found.start() > done:
            yield text[done : found.start()], False
        yield found[0], True
        done = found.end()
    if done < len(text):
        yield text[done:], False
