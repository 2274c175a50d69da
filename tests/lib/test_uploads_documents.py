"""Documents are told by their structure; whatever runs, hides something or is locked is refused in words."""

import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from lib.exceptions import Refused
from lib.uploads.filenames import stem
from lib.uploads.validation import validate
from tests.lib.uploading import docx, odt, packed, pdf, picture, upload

DATA = Path(__file__).parent / "data" / "uploads"
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


def packed_objects(objects, before=b""):
    """A stream in which newer PDFs pack objects, given by their numbers."""
    head, body = b"", b""
    for number, data in objects.items():
        head += b"%d %d " % (number, len(body))
        body += data + b" "
    facts = b"/N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    return b"5 0 obj\n<< /Type /ObjStm %s >>\nstream\n%s\nendstream\nendobj\n" % (facts, zlib.compress(head + body))


def encrypted(script="", attachment=b"", **passwords):
    """A PDF locked against changes; with `user_password` against reading too."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_outline_item(title="Alku", page_number=0)
    if script:
        writer.add_open_action(JavaScript(script))
    if attachment:
        writer.add_attachment("a.exe", attachment)
    writer.encrypt(**({"user_password": "", "owner_password": "omistaja"} | passwords))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def sheet(*more):
    """A workbook, as it lies behind a chart."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return packed(
        ("[Content_Types].xml", f'<Types><Override ContentType="{kind}"/></Types>'), ("xl/workbook.xml", "<x/>"), *more
    )


def relations(kind, target):
    """What the text of a DOCX points at outside."""
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    name = "word/_rels/settings.xml.rels" if kind.endswith("attachedTemplate") else "word/_rels/document.xml.rels"
    one = f'<Relationship Id="rId1" Type="{kind}" Target="{target}" TargetMode="External"/>'
    return (
        name,
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{one}</Relationships>',
    )


ORDINARY = {
    "a PDF with outlines whose opening is packed": pdf(
        b"/OpenAction 7 0 R", packed_objects({6: b"<</A 1>>", 7: b"<</D[4 0 R/XYZ null null 0]/S/GoTo>>"})
    ),
    "a PDF that opens at a packed place": pdf(b"/OpenAction 7 0 R", packed_objects({7: b"[4 0 R /Fit]"})),
    "a PDF behind a byte order mark": b"\xef\xbb\xbf" + pdf(),
    "a PDF behind blank lines": b"\r\n \0" + pdf(),
    "a PDF behind the words of a printer": b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n" + pdf(),
    "a PDF behind the head of an answer": b"Content-Type: application/pdf\r\nDate: tiistai\r\n\r\n" + pdf(),
    "a PDF before many blanks": pdf() + b"\0" * 9000,
    "a PDF locked against changes": encrypted(),
    "a PDF locked against changes, newer": encrypted(algorithm="AES-256"),
    "a PDF locked against changes, in between": encrypted(algorithm="AES-128"),
    "settings of a printer": docx(("word/printerSettings/printerSettings1.bin", b"H\0P\0")),
    "a drawing": docx(("word/media/image1.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')),
    "a chart": docx(("word/charts/chart1.xml", "<x/>"), ("word/embeddings/Microsoft_Excel_Worksheet.xlsx", sheet())),
    "a chart with settings of a printer": docx(
        ("word/embeddings/S1.xlsx", sheet(("xl/printerSettings/printerSettings1.bin", b"H\0")))
    ),
    "links": docx(relations("hyperlink", "https://example.org/ilmo")),
    "a picture that stays on the web": docx(relations("image", "https://example.org/kuva.png")),
    "the template of the office": docx(relations("attachedTemplate", r"file:///C:\Users\x\AppData\Kirje.dotx")),
    "a drawing of the other office": odt(("Pictures/1.svg", "<svg/>"), ("Object 1/content.xml", "<x/>")),
}


@pytest.mark.parametrize("what", ORDINARY)
def test_what_office_programs_put_into_ordinary_documents_is_taken(what):
    """Real use 27: printer settings, drawings, sheets behind charts, outlines, marks before a PDF, locks on changes."""
    assert set(validate(upload(ORDINARY[what], "ohje")).files.values()) == {ORDINARY[what]}


@pytest.mark.parametrize("name", ["word-printer.docx", "word-icon.docx"])
def test_documents_of_real_programs_are_taken(name):
    """Real use 27: files that Word wrote."""
    assert validate(upload((DATA / name).read_bytes(), name)).kind == "docx"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pdf(b"/X << /S /Launch /F (cmd.exe) >>"), "ohjelmia"),
        (pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"), "JavaScript"),
        (pdf(b"/Names << /EmbeddedFiles 9 0 R >>"), "muita tiedostoja"),
        (docx(("word/vbaProject.bin", b"x")), "makroja"),
        (docx(relations("attachedTemplate", "https://paha.example/x.dotm")), "pohjansa"),
    ],
)
def test_the_words_of_a_refusal_name_what_was_found(data, word):
    """Real use 27: the refusal is true."""
    with pytest.raises(Refused, match=word), translation.override("en"):
        validate(upload(data))


PACKED_SCRIPT = packed_objects({7: b"<< /S /JavaScript /JS (app.alert(1)) >>"})
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
    "a PDF that goes to the web at once": pdf(b"/OpenAction << /S /URI /URI (https://paha.example) >>"),
    "a PDF that goes to the web at once, packed": pdf(b"/OpenAction 7 0 R", packed_objects({7: b"<</S/URI/URI(x)>>"})),
    "a PDF that sends": pdf(b"/X << /S /SubmitForm /F (https://paha.example) >>"),
    "a PDF with a password": encrypted(user_password="salainen"),
    "a PDF with a newer password": encrypted(user_password="salainen", algorithm="AES-256"),
    "a PDF locked against changes with a script": encrypted(script="app.alert(1)"),
    "a PDF locked against changes with a script, newer": encrypted(script="app.alert(1)", algorithm="AES-256"),
    "a PDF locked against changes with a file": encrypted(attachment=b"x"),
    "a page before a PDF": b"<html>\r\n" + pdf(),
    "a program before a PDF": b"MZ\x90\x00" + b"\0" * 60 + pdf(),
    "a script before a PDF": b"alert(1)//\r\n" + pdf(),
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
    "a file that is not the sheet it claims to be": docx(
        ("word/embeddings/Microsoft_Excel_Sheet.xlsx", packed(("x", "x")))
    ),
    "a sheet with macros behind a chart": docx(("word/embeddings/S1.xlsx", sheet(("xl/vbaProject.bin", "x")))),
    "a sheet with a program behind a chart": docx(("word/embeddings/S1.xlsx", sheet(("xl/embeddings/a.exe", "x")))),
    "an object of another program": docx(("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")),
    "a program among the settings of a printer": docx(("word/printerSettings/printerSettings1.bin", b"MZ\x90\0")),
    "a control": docx(("word/activeX/activeX1.bin", b"x")),
    "a program named as a picture": docx(("word/media/image1.png", b"MZ\x90\0")),
    "a drawing with a script": docx(("word/media/image1.svg", SVG)),
    "a drawing that acts": docx(("word/media/image1.svg", b'<svg><g onload="x()"/></svg>')),
    "a drawing with a script in a text of the other office": odt(("Pictures/1.svg", SVG)),
    "a template from the web": docx(relations("attachedTemplate", "https://paha.example/x.dotm")),
    "a template from another machine": docx(relations("attachedTemplate", r"file:///\\\\paha.example\\x.dotm")),
    "a picture from another machine": docx(relations("image", r"\\\\paha.example\\x.png")),
    "an object from the web": docx(relations("oleObject", "mhtml:https://paha.example/x.html!x-usc:x")),
    "a field that starts a program": docx(document="<w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText>"),
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
