"""PDF: taken when it only shows itself; one that runs, sends, hides something or needs a password is refused in words.

The scan is cheap on purpose: it finds what ordinary tools put there, and what reaches people is guarded by how it is
served. Only a PDF that is encrypted but opens without a password is read object by object (pypdf), since nothing in it
can be seen otherwise.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused

PDF = "pdf"
HEADER_WITHIN = 1024  # bytes: what readers allow to stand before the header (ISO 32000-2, annex I)
MOST_UNPACKED = 8_000_000
MOST_OBJECTS = 200_000
SEEN = 400  # bytes of an object that is looked up

# What may stand before the header: a byte order mark, blanks, and the lines of a printer's language; never a page.
_BEFORE = re.compile(
    rb"(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?[\s\0]*(?:(?:\x1b%-12345X|@PJL)[^<\0]*|(?:[A-Za-z-]+: [^\r\n<\0]*\r?\n)+\s*)?"
)
_STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_PACKED_OBJECTS = re.compile(rb"/Type\s*/ObjStm.{0,300}?stream\r?\n", re.DOTALL)
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_AT_OPENING = re.compile(rb"/OpenAction\s*(\[|<<|\d+\s+\d+\s+R)")
_TURNS_TO_A_PAGE = re.compile(rb"/S\s*/GoTo\b")

SCRIPTS = _("The PDF holds scripts (JavaScript). Print it to a new PDF and try again.")
PROGRAMS = _("The PDF starts other programs. Print it to a new PDF and try again.")
ATTACHMENTS = _("The PDF has other files inside it. Print it to a new PDF, and add those files one by one.")
SENDS = _("The PDF is a form that sends or fetches data. Print it to a new PDF and try again.")
ACTS = _("The PDF does something by itself when it is opened or leafed through. Print it to a new PDF and try again.")
LOCKED = _("The PDF is locked with a password. Save it without one and try again.")
# Long names are told from chance even inside compressed pictures; short ones are looked for outside them only.
_LONG: dict[str, Promise] = {
    "Launch": PROGRAMS,
    "JavaScript": SCRIPTS,
    "EmbeddedFiles": ATTACHMENTS,
    "EmbeddedFile": ATTACHMENTS,
    "RichMedia": ATTACHMENTS,
    "SubmitForm": SENDS,
    "ImportData": SENDS,
    "XFA": SENDS,
}
_SHORT: dict[str, Promise] = {"JS": SCRIPTS, "AA": ACTS}


def begins_as_pdf(head: bytes) -> bool:
    """Whether a file with this beginning is a PDF: its header comes first but for what harmless programs put there."""
    at = head[:HEADER_WITHIN].find(b"%PDF-")
    return at == 0 or (at > 0 and _BEFORE.fullmatch(head[:at]) is not None)


def pdf(data: bytes) -> str:
    """The kind, when this is a PDF that only shows itself. Raises Refused."""
    if b"startxref" not in data.rstrip(b"\0\t\n\r \x1a")[-4096:]:
        raise Refused(_("The PDF is broken: its end is missing. Save it anew and try again."))
    packed: dict[int, bytes] = {}
    parts = []
    for part, first in _unpacked(data):
        parts.append(part)
        packed |= _by_number(part, first)
    names = _spelled_out(b"\n".join([_STREAM.sub(b"", data), *parts]))
    _refuse_names(names, {**_LONG, **_SHORT})
    _refuse_names(_spelled_out(data), _LONG)
    if _LOCKED.search(names):
        _judge_encrypted(data)
    elif _does_something(names, packed):
        raise Refused(ACTS)
    return PDF


def _refuse_names(data: bytes, refused: dict[str, Promise]) -> None:
    for name, words in refused.items():
        if re.search(rb"/" + name.encode() + rb"(?![A-Za-z0-9])", data):
            raise Refused(words)


def _unpacked(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Objects that newer PDFs pack together, as far as there is room, and where the first of them begins."""
    room = MOST_UNPACKED
    for found in _PACKED_OBJECTS.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[found.end() : found.end() + 2_000_000], room)
        except zlib.error:
            continue
        firsts = re.findall(rb"/First\s+(\d{1,9})", data[max(0, found.start() - 200) : found.end()])
        room -= len(part)
        yield part, int(firsts[-1]) if firsts else 0
        if room <= 0:
            raise Refused(_("The PDF unpacks to far more than its size. Print it to a new PDF and try again."))


def _by_number(part: bytes, first: int) -> dict[int, bytes]:
    """The beginnings of the objects of a stream, whose head is pairs of number and offset (ISO 32000-2, 7.5.7)."""
    pairs = re.findall(rb"(\d{1,9})\s+(\d{1,9})", part[:first])
    return {int(number): part[first + int(offset) : first + int(offset) + SEEN] for number, offset in pairs}


def _spelled_out(data: bytes) -> bytes:
    return _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), data)


def _does_something(names: bytes, packed: dict[int, bytes]) -> bool:
    """Whether something happens at opening other than turning to a page, which office programs ask for."""
    return any(
        not _only_turns(found[1], names[found.end() : found.end() + SEEN], names, packed)
        for found in _AT_OPENING.finditer(names)
    )


def _only_turns(begin: bytes, after: bytes, names: bytes, packed: dict[int, bytes]) -> bool:
    if begin == b"[":
        return True
    if begin != b"<<":
        number, generation = begin.split()[:2]
        plain = re.search(rb"(?<!\d)" + number + rb"\s+" + generation + rb"\s+obj", names)
        after = names[plain.end() : plain.end() + SEEN] if plain else _spelled_out(packed.get(int(number), b""))
        if after.lstrip().startswith(b"["):
            return True
    return _TURNS_TO_A_PAGE.search(after.split(b">>")[0]) is not None


# --- encrypted, but open to everybody ---


def _judge_encrypted(data: bytes) -> None:
    """One that opens without a password, locked against changes only, is judged like any other. Raises Refused."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(LOCKED)
        _judge_objects(reader)
    except Refused:
        raise
    except DependencyError as missing:
        raise Refused(LOCKED) from missing
    except Exception as error:  # on hostile bytes readers raise whatever they like
        raise Refused(_("The PDF is broken. Save it anew and try again.")) from error


def _judge_objects(reader: Any) -> None:
    from pypdf.generic import DictionaryObject, IndirectObject

    numbers = [(each, of) for of, table in reader.xref.items() for each in table]
    numbers += [(each, 0) for each in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused(_("The PDF unpacks to far more than its size. Print it to a new PDF and try again."))
    for number, generation in numbers:
        for name in _names_of(reader.get_object(IndirectObject(number, generation, reader))):
            if words := {**_LONG, **_SHORT}.get(name.removeprefix("/")):
                raise Refused(words)
    action = reader.trailer["/Root"].get("/OpenAction")
    action = action.get_object() if action is not None else None
    if isinstance(action, DictionaryObject) and action.get("/S") != "/GoTo":
        raise Refused(ACTS)


def _names_of(thing: Any) -> Iterator[str]:
    """Every name in an object, as a key or a value, without following references."""
    from pypdf.generic import NameObject

    waiting = [thing]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from each
            waiting.extend(dict.values(each))
        elif isinstance(each, list):
            waiting.extend(list.__iter__(each))
        elif isinstance(each, NameObject):
            yield each
