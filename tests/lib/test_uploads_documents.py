"""Documents are told by their structure; whatever runs, hides something or is locked is refused in words."""

import time
import zipfile
import zlib
from io import BytesIO

import pytest

from lib.exceptions import Refused
from lib.uploads.filenames import stem
from lib.uploads.validation import validate
from tests.lib.uploading import docx, odt, packed, pdf, picture, upload

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(), "pdf"),
        (pdf(b"/OpenAction [2 0 R /Fit]"), "pdf"),
        (pdf(b"/OpenAction << /S /GoTo /D [2 0 R /Fit] >>"), "pdf"),
        (pdf(b"/OpenAction 7 0 R", b"7 0 obj\n<< /S /GoTo /D [2 0 R /Fit] >>\nendobj\n"), "pdf"),
        (pdf(tail=b"3 0 obj\n<< /Length 9 >>\nstream\nx/JS /AA x\nendstream\nendobj\n"), "pdf"),
        (odt(), "odt"),
        (docx(), "docx"),
        (docx(("word/media/image1.png", picture())), "docx"),
    ],
)
def test_a_plain_document_is_taken_in_as_it_is(data, kind):
    judged = validate(upload(data, "Ohje.docx.exe"))
    assert (judged.kind, judged.name, judged.files) == (kind, "Ohje", {f"document.{kind}": data})


PACKED_SCRIPT = (
    b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n"
    + zlib.compress(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")
    + b"\nendstream\nendobj\n"
)
REFUSED = {
    "a drawing that can hold scripts": SVG,
    "a drawing behind an XML head": b'<?xml version="1.0"?>' + SVG,
    "a page": b"<!doctype html><script>alert(1)</script>",
    "an application of pages": b'<html><HTA:APPLICATION ID="x"></html>',
    "a packed drawing": b"\x1f\x8b\x08\x00" + zlib.compress(SVG),
    "a picture that is a script too": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//",
    "a program": b"MZ\x90\x00" + b"\0" * 60,
    "text": b"Hei vaan",
    "nothing known": b"\0" * 100,
    "a scanner's test": EICAR,
    "a scanner's test in a PDF": pdf(tail=EICAR),
    "a PDF with a script": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "a PDF with a script spelled oddly": pdf(b"/OpenAction << /S /J#61vaScr#69pt /J#53 (x) >>"),
    "a PDF with a script behind a number": pdf(b"/OpenAction 9 0 R"),
    "a PDF with a script packed away": pdf(tail=PACKED_SCRIPT),
    "a PDF with an action of a page": pdf(b"/AA << /O 9 0 R >>"),
    "a PDF that starts a program": pdf(b"/X << /S /Launch /F (cmd.exe) >>"),
    "a PDF with a file inside": pdf(b"/Names << /EmbeddedFiles 9 0 R >>"),
    "a locked PDF": pdf(tail=b"trailer << /Encrypt 8 0 R >>\n"),
    "half a PDF": pdf()[:60],
    "a page that claims to be a PDF": b"<script>%PDF-1.7</script>" + pdf(),
    "macros": docx(("word/vbaProject.bin", b"x")),
    "a type with macros": docx(types="<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"),
    "a macro of the other office": odt(("Basic/Standard/Module1.xml", "<x/>")),
    "a locked ODT": odt(manifest="<manifest:encryption-data/>"),
    "a locked package": packed(("mimetype", "x"), encrypted=True),
    "a locked or old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a plain package": packed(("a.txt", "x")),
    "a package in a package": odt(("Pictures/a.zip", packed(("b.txt", "x")))),
    "a table in a document": docx(("word/embeddings/Microsoft_Excel_Sheet.xlsx", packed(("x", "x")))),
    "a way out of the folder": docx(("../../etc/passwd", "x")),
    "another ODF": packed(("mimetype", "application/vnd.oasis.opendocument.spreadsheet")),
    "two files in one": odt() + pdf(),
    "a package behind a script": b"<script>1</script>" + odt(),
    "half a package": odt()[:120],
    "too many members": packed(*((f"word/{n}.xml", "") for n in range(1500))),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_run_hide_or_break_something_is_refused_in_words_at_once(what):
    began = time.monotonic()
    with pytest.raises(Refused) as refusal:
        validate(upload(REFUSED[what], "viaton.pdf"))
    assert str(refusal.value).endswith((".", "!", ")")) and "%" not in str(refusal.value)
    assert time.monotonic() - began < 2


def bomb(inside=300_000_000):
    """A small package whose one member unpacks to hundreds of megabytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        with package.open("word/document.xml", "w") as member:
            for _piece in range(inside // 10_000_000):
                member.write(bytes(10_000_000))
    return out.getvalue()


def test_a_packed_bomb_is_refused_by_its_directory_without_unpacking():
    data = bomb()
    assert len(data) < 1_000_000
    began = time.monotonic()
    with pytest.raises(Refused):
        validate(upload(data, "ohje.docx"))
    assert time.monotonic() - began < 0.5


def test_a_directory_of_a_hundred_thousand_names_is_not_even_read():
    data = packed(*((f"{number:06d}", "") for number in range(100_000)))
    began = time.monotonic()
    with pytest.raises(Refused):
        validate(upload(data, "ohje.docx"))
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ohje.pdf", "Ohje"),
        ("Ohje v1.2.pdf", "Ohje v1.2"),
        ("kuva.jpg.exe", "kuva"),
        ("kuva.php\0.png", "kuva"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Matti\\Tehtävä.docx", "Tehtävä"),
        ("lasku\u202efdp.exe", "laskufdp"),
        ("<img src=x onerror=paha>.png", "img src=x onerror=paha"),
        ("a" * 300 + ".pdf", "a" * 80),
        ('"; rm -rf.pdf', "; rm -rf"),
        ("rivi\r\nSet-Cookie: a=b.pdf", "riviSet-Cookie a=b"),
        ("  .  .pdf", ""),
        ("äö\u200bå.odt", "äöå"),
    ],
)
def test_names_are_cleaned_for_people_to_read(name, shown):
    assert stem(name) == shown
