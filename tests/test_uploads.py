import pytest

from archive.desk import uploads
from archive.desk.uploads import Refused, type_of

PNG = b"\x89PNG\r\n\x1a\n0000"
PAGE = b"<!DOCTYPE html><html><p>x"


@pytest.mark.parametrize(
    ("head", "name", "found"),
    [
        (PNG, "a.png", "image/png"),
        (PNG, "a.jpg", "image/png"),
        (PNG, "no ending", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.JPEG", "image/jpeg"),
        (b"GIF89a", "a.gif", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
        (PAGE, "ទំព័រ.html", "text/html"),
        (b"\xef\xbb\xbf\n  <!-- saved from url=(0)x -->\n<html>", "a.htm", "text/html"),
        ("\ufeff<html><body>".encode("utf-16-le"), "a.html", "text/html"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", "a.mhtml", "multipart/related"),
    ],
)  # fmt: skip
def test_a_file_is_what_it_holds(head: bytes, name: str, found: str) -> None:
    assert type_of(head, name, len(head)) == found


@pytest.mark.parametrize(
    ("head", "name", "size", "said"),
    [
        (PAGE, "holiday.jpg", 9, uploads.NO_PICTURE),
        (b"PK\x03\x04", "report.pdf", 9, uploads.NO_PDF),
        (PNG, "page.html", 9, uploads.NO_PAGE),
        (b"PK\x03\x04", "letter.docx", 9, uploads.UNKNOWN),
        (b"<svg onload=alert(1)>", "a.svg", 9, uploads.UNKNOWN),
        (b"", "a.png", 0, uploads.EMPTY),
        (PNG, "a.png", uploads.MOST_BYTES + 1, uploads.TOO_LARGE),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_with_a_cure(head: bytes, name: str, size: int, said: str) -> None:
    with pytest.raises(Refused, match=said.partition(".")[0]):
        type_of(head, name, size)
