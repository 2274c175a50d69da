"""Files as people bring them, good and bad, made on the spot."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ODT = "application/vnd.oasis.opendocument.text"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'


def upload(data, name="kuva.png"):
    return SimpleUploadedFile(name, data)


def picture(kind="PNG", size=(640, 480), colour="#0f6b5c", mode="RGB", **more):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def packed(*members, encrypted=False):
    """A zip of (name, data) in this order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(name, data)
    data = out.getvalue()
    if encrypted:
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + b"\x01\x00" + data[at + 2 :]
    return data


def odt(*more, manifest="<manifest/>"):
    return packed(("mimetype", ODT), ("content.xml", "<x/>"), ("META-INF/manifest.xml", manifest), *more)


def docx(*more, types=TYPES, document="<w/>"):
    return packed(("[Content_Types].xml", types), ("word/document.xml", document), *more)


def pdf(objects=b"", tail=b""):
    begin = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + objects + b">>\nendobj\n"
    return begin + b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + tail + b"startxref\n0\n%%EOF\n"
