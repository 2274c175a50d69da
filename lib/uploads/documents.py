"""Documents: PDF, ODT and DOCX told by their structure; those that run or hide something, or are locked, are refused.

They are never opened here beyond their table of contents and are served as downloads only. The scan of a PDF is cheap
on purpose: it finds what ordinary tools put there, and what reaches people is guarded by how it is served.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused

PDF, ODT, DOCX = "pdf", "odt", "docx"
CONTENT_TYPES = {
    PDF: "application/pdf",
    ODT: "application/vnd.oasis.opendocument.text",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

# --- PDF ---

_STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_PACKED_OBJECTS = re.compile(rb"/Type\s*/ObjStm.{0,300}?stream\r?\n", re.DOTALL)
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
# Long names are told from chance even inside compressed pictures; the short one is looked for outside them only.
_RUNS = re.compile(rb"/(?:JavaScript|Launch|SubmitForm|ImportData|RichMedia|EmbeddedFiles?|XFA)\b")
_RUNS_SHORT = re.compile(rb"/(?:JS|AA)\b")
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_AT_OPENING = re.compile(rb"/OpenAction\s*(\[|<<|\d+\s+\d+\s+R)")
_TURNS_TO_A_PAGE = re.compile(rb"/S\s*/GoTo\b")
MOST_UNPACKED = 8_000_000


def pdf(data: bytes) -> str:
    """The kind, when this is a PDF that only shows itself. Raises Refused."""
    if b"startxref" not in data[-4096:]:
        raise Refused(_("The PDF is broken: its end is missing. Save it anew and try again."))
    outside = _STREAM.sub(b"", data)
    names = b"\n".join([outside, *_unpacked(data)])
    spelled, everywhere = _spelled_out(names), _spelled_out(data)
    if _LOCKED.search(spelled):
        raise Refused(_("The PDF is locked with a password. Save it without one and try again."))
    if _RUNS.search(spelled) or _RUNS.search(everywhere) or _RUNS_SHORT.search(spelled) or _is_active(spelled):
        raise Refused(
            _("The PDF holds scripts, attachments or a form that sends data. Print it to a new PDF and try again.")
        )
    return PDF


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Objects that newer PDFs pack together, unpacked as far as there is room."""
    room = MOST_UNPACKED
    for found in _PACKED_OBJECTS.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[found.end() : found.end() + 2_000_000], room)
        except zlib.error:
            continue
        room -= len(part)
        yield part
        if room <= 0:
            raise Refused(_("The PDF unpacks to far more than its size. Print it to a new PDF and try again."))


def _spelled_out(data: bytes) -> bytes:
    return _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), data)


def _is_active(names: bytes) -> bool:
    """Whether something happens at opening other than turning to a page, which office programs ask for."""
    for found in _AT_OPENING.finditer(names):
        begin = found[1]
        if begin == b"[":
            continue
        at = found.end()
        if begin != b"<<":
            wanted = re.search(rb"(?<!\d)" + b" ".join(begin.split()[:2]) + rb"\s+obj", names)
            if wanted is None:
                return True
            at = wanted.end()
            if names[at : at + 20].lstrip().startswith(b"["):
                continue
        if not _TURNS_TO_A_PAGE.search(names[at : at + 200].split(b">>")[0]):
            return True
    return False


# --- packed documents ---

MOST_MEMBERS = 1000
MOST_DIRECTORY = 256_000
MOST_INSIDE = 200_000_000
MOST_TIMES = 100  # larger unpacked than packed; text of ordinary documents shrinks to a tenth
FREE_OF_RATIO = 20_000_000
_END = b"PK\x05\x06"
_FOREIGN = re.compile(
    r"vbaproject|vbadata|activex|(^|/)(basic|scripts)/|embeddings/"
    r"|\.(zip|7z|rar|gz|jar|docx|docm|xlsx|xlsm|pptx|odt|ods|exe|dll|js|vbs|hta|html?|svg|bin|scr|lnk|ps1|bat|cmd)$",
    re.IGNORECASE,
)
_MAIN_PART = b"wordprocessingml.document.main+xml"


def packed(file: IO[bytes], size: int) -> str:
    """ODT or DOCX, judged by the directory of the package. Raises Refused."""
    _refuse_huge_directory(file, size)
    try:
        with zipfile.ZipFile(file) as package:
            _judge_members(package.infolist(), size)
            return _kind_of(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError, zlib.error) as error:
        raise Refused(_("The document is broken. Save it anew and try again.")) from error


def _refuse_huge_directory(file: IO[bytes], size: int) -> None:
    """Before Python reads the directory: it would be read whole, however many names it holds."""
    file.seek(max(0, size - 22))
    end = file.read(22)
    directory, begin = int.from_bytes(end[12:16], "little"), int.from_bytes(end[16:20], "little")
    if not end.startswith(_END) or begin + directory + 22 != size or directory > MOST_DIRECTORY:
        raise Refused(_("The file is packed in a way that no text document is. Save it as PDF and try again."))


def _judge_members(members: list[zipfile.ZipInfo], size: int) -> None:
    inside = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or inside > MOST_INSIDE or inside > max(FREE_OF_RATIO, size * MOST_TIMES):
        raise Refused(_("The document unpacks to far more than its size. Save it as PDF and try again."))
    if any(member.flag_bits & 1 for member in members):
        raise Refused(_("The document is locked with a password. Save it without one and try again."))
    by_place = sorted(members, key=lambda member: member.header_offset)
    overlap = any(one.header_offset + one.compress_size > other.header_offset for one, other in pairwise(by_place))
    astray = any(".." in member.filename or member.filename.startswith(("/", "\\")) for member in members)
    if overlap or astray:
        raise Refused(_("The document is broken. Save it anew and try again."))
    if any(_FOREIGN.search(member.filename) for member in members):
        raise Refused(_("The document holds macros or other files inside it. Save it as PDF and try again."))


def _kind_of(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if "mimetype" in names and _beginning(package, "mimetype", 100) == CONTENT_TYPES[ODT].encode():
        if b"encryption-data" in _beginning(package, "META-INF/manifest.xml", 256_000):
            raise Refused(_("The document is locked with a password. Save it without one and try again."))
        return ODT
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        parts = _beginning(package, "[Content_Types].xml", 256_000)
        if b"macroEnabled" in parts:
            raise Refused(_("The document holds macros or other files inside it. Save it as PDF and try again."))
        if _MAIN_PART in parts:
            return DOCX
    raise Refused(_("Packed files are not taken. Add documents as PDF, ODT or DOCX, one by one."))


def _beginning(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    with package.open(name) as member:
        return member.read(most)
