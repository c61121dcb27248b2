"""What every page of ours answers where what was asked means nothing."""

from collections.abc import Iterator

import pytest

from archive.home import Home
from tests.archives import build_archive
from tests.served import Site

DAYS = "from=2022-02-02&to=2022-01-01"
ASKED = {
    **{f"/search{end}?from=never": "នេះមិនមែនជាថ្ងៃទេ" for end in ("", ".csv", ".excel.csv", ".xlsx", ".jsonl", ".atom")},
    f"/search.csv?{DAYS}": "ថ្ងៃចាប់ផ្ដើម ២ កុម្ភៈ ២០២២ នៅក្រោយថ្ងៃបញ្ចប់ ១ មករា ២០២២",
    "/search.xlsx?tone=loud": "តម្លៃនេះគ្មានន័យនៅទីនេះទេ",
    "/search.atom?source=nobody": "បណ្ណសារមិនស្គាល់ទេ",
    "/archive/coverage.csv?words_est__gt=5": "នឹងបាត់ជួរ",
    **{f"/report{end}?campaign=i-accept&{DAYS}": "ថ្ងៃចាប់ផ្ដើម ២ កុម្ភៈ ២០២២" for end in ("", ".html", ".docx", ".pdf")},
    "/report.pdf?campaign=nobody&from=2022-01-01&to=2022-01-02": "គ្មានយុទ្ធនាការនេះទេ",
}
"""Address -> a part of what is told in Khmer."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = Home(tmp_path_factory.mktemp("team"))
    build_archive(home.archive)
    running = Site(home.archive)
    yield running
    running.close()


@pytest.mark.parametrize("path", ASKED)
def test_what_means_nothing_is_told_in_the_visitors_language(path: str, site: Site) -> None:
    told = site.get(path, lang="km")
    assert told.status_code == 400
    assert ASKED[path] in told.text
    english = site.get(path, lang="en")
    assert english.status_code == 400
    assert ASKED[path] not in english.text
