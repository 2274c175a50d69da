"""ODT and DOCX told by their package; those that run or hide something, reach elsewhere or are locked are refused.

They are opened only as far as that takes, and are served as downloads only.
"""

import re
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from typing import IO
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.uploads.pdf_documents import PDF

ODT, DOCX = "odt", "docx"
CONTENT_TYPES = {
    PDF: "application/pdf",
    ODT: "application/vnd.oasis.opendocument.text",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

MOST_MEMBERS = 1000
MOST_DIRECTORY = 256_000
MOST_INSIDE = 200_000_000
MOST_TIMES = 100  # larger unpacked than packed; text of ordinary documents shrinks to a tenth
FREE_OF_RATIO = 20_000_000
_END = b"PK\x05\x06"
_MACROS = re.compile(r"vbaproject|vbadata|(^|/)(basic|scripts)/", re.IGNORECASE)
_FOREIGN = re.compile(
    r"activex|embeddings/"
    r"|\.(zip|7z|rar|gz|jar|docx|docm|xlsx|xlsm|xlsb|pptx|odt|ods|exe|dll|com|msi|js|vbs|wsf|hta|html?|mht|svg|bin|scr|lnk"
    r"|ps1|bat|cmd)$",
    re.IGNORECASE,
)
# What office programs put into ordinary documents: settings of a printer, the sheet behind a chart, drawings.
_PRINTER = re.compile(r"(^|/)printersettings/[^/]+\.bin$", re.IGNORECASE)
_CHART_SHEET = re.compile(r"^word/embeddings/[^/]+\.xlsx$", re.IGNORECASE)
_DRAWING = re.compile(r"^(word/media|Pictures)/[^/]+\.svg$", re.IGNORECASE)
_RUNS_IN_A_DRAWING = re.compile(
    rb"<script|[\s\"'/]on[a-z]+\s*=|javascript:|<foreignobject|<!entity[^>]*<|<iframe|<embed|<handler", re.IGNORECASE
)
_FETCHES = re.compile(rb"<w:(?:instrText|fldSimple)[^>]*?(?:>|instr=\")\s*DDE(?:AUTO)?\b", re.IGNORECASE)
_PROGRAM = (b"MZ", b"\x7fELF", b"#!")
_ON_THE_OWN_DISK = re.compile(r"(file:/{0,3})?[A-Za-z](:|%3A)[/\\\\]", re.IGNORECASE)
_SHOWN = {"image", "video", "audio", "media"}
MOST_OF_A_PART = 20_000_000
MACROS = _("The document holds macros. Save it without them, or as PDF, and try again.")
FOREIGN = _("The document holds other files or programs inside it. Save it as PDF and try again.")
REACHES = _("The document takes its template or contents from elsewhere. Save it as PDF and try again.")
_MAIN_PART = b"wordprocessingml.document.main+xml"


_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError, zlib.error, EOFError,
    ElementTree.ParseError,
)  # fmt: skip


def packed(file: IO[bytes], size: int) -> str:
    """ODT or DOCX, judged by the directory of the package. Raises Refused."""
    _refuse_huge_directory(file, size)
    try:
        with zipfile.ZipFile(file) as package:
            _judge_members(package.infolist(), size)
            kind = _kind_of(package)
            _judge_parts(package)
            return kind
    except _BROKEN as error:
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
    if any(_MACROS.search(member.filename) for member in members):
        raise Refused(MACROS)


def _judge_parts(package: zipfile.ZipFile) -> None:
    """What lies inside next to the text: harmless things that office programs put there, or refused."""
    for name in package.namelist():
        if _beginning(package, name, 4).startswith(_PROGRAM):
            raise Refused(FOREIGN)
        if _CHART_SHEET.match(name):
            _judge_sheet(_beginning(package, name, MOST_OF_A_PART))
        elif _DRAWING.match(name):
            if _RUNS_IN_A_DRAWING.search(_beginning(package, name, MOST_OF_A_PART).replace(b"\0", b"")):
                raise Refused(_("A drawing in the document holds a script. Save it as PDF and try again."))
        elif _FOREIGN.search(name) and not _PRINTER.search(name):
            raise Refused(FOREIGN)
        elif name.lower().endswith(".rels"):
            _judge_targets(_beginning(package, name, MOST_OF_A_PART))
        elif name.lower().startswith("word/document") and _FETCHES.search(_beginning(package, name, MOST_OF_A_PART)):
            raise Refused(REACHES)


def _judge_targets(relations: bytes) -> None:
    """What a part points at outside the package (ECMA-376-2, 9.3): links to follow and pictures, but no template."""
    for each in ElementTree.fromstring(relations):
        if each.get("TargetMode", "").lower() != "external":
            continue
        kind, target = each.get("Type", "").rsplit("/", 1)[-1], each.get("Target", "").strip()
        if kind == "hyperlink":
            continue
        is_on_the_web = target.lower().startswith(("http://", "https://"))
        is_own = _ON_THE_OWN_DISK.match(target) is not None
        if not (is_own if kind == "attachedTemplate" else kind in _SHOWN and (is_own or is_on_the_web)):
            raise Refused(REACHES)


def _judge_sheet(data: bytes) -> None:
    """The workbook behind a chart: a sheet without macros and without files of its own."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = package.namelist()
        types = _beginning(package, "[Content_Types].xml", 256_000) if "[Content_Types].xml" in names else b""
    if any(_MACROS.search(name) for name in names) or b"macroEnabled" in types:
        raise Refused(MACROS)
    strange = any(_FOREIGN.search(name) and not _PRINTER.search(name) for name in names)
    if strange or b"spreadsheetml.sheet.main+xml" not in types:
        raise Refused(FOREIGN)


def _kind_of(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if "mimetype" in names and _beginning(package, "mimetype", 100) == CONTENT_TYPES[ODT].encode():
        if b"encryption-data" in _beginning(package, "META-INF/manifest.xml", 256_000):
            raise Refused(_("The document is locked with a password. Save it without one and try again."))
        return ODT
    if "[Content_Types].xml" in names and any(name.startswith("word/document") for name in names):
        parts = _beginning(package, "[Content_Types].xml", 256_000)
        if b"macroEnabled" in parts:
            raise Refused(MACROS)
        if _MAIN_PART in parts:
            return DOCX
    raise Refused(_("Packed files are not taken. Add documents as PDF, ODT or DOCX, one by one."))


def _beginning(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    with package.open(name) as member:
        return member.read(most)
