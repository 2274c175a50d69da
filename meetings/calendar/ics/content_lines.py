"""The content lines of a calendar file and the components that they make (RFC 5545, 3.1 and 3.6; vCalendar 1.0).

Pure, and forgiving: what one component does wrong stays within it. Lines are unfolded as bytes, since simple programs
fold in the middle of a character, and each line is decoded for itself, since programs of Windows mix encodings.
"""

import codecs
import re
from base64 import b64decode
from binascii import Error as NotBase64
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from quopri import decodestring

MOST_DEEP = 20
_CHARSETS = ("utf-8", "ascii", "iso8859", "cp1", "cp4", "cp8", "koi8", "mac")
TOP_LEVEL = ("VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")
_QUOTED_PRINTABLE = re.compile(
    rb"^[^\n:]*;(?:ENCODING=)?QUOTED-PRINTABLE[^\n:]*:(?:[^\n]*=\n)+", re.IGNORECASE | re.MULTILINE
)
_ENCODED = re.compile(r";(?:ENCODING=)?\"?(QUOTED-PRINTABLE|BASE64|B)\"?(?=[;:])", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=\"?([^;:\"]*)\"?(?=[;:])", re.IGNORECASE)
_HEAD = re.compile(r"[^:\"]*(?:\"[^\"]*\"[^:\"]*)*:")
_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]+)[ \t]*(?=[;:])")
_OLD_RULE = re.compile(r"(D|W|MP|MD|YM)(\d+)((?: +[^ ]+)*)$")
_FREQUENCIES = {"D": "DAILY", "W": "WEEKLY", "MP": "MONTHLY", "MD": "MONTHLY", "YM": "YEARLY"}


class Broken(Exception):
    """The components lie so deep in one another that the file is none."""


@dataclass
class Block:
    """One component: its name, its own lines, and the components in it. `is_cut`: its end is missing."""

    name: str
    lines: list[str] = field(default_factory=list)
    inner: list["Block"] = field(default_factory=list)
    is_cut: bool = False

    def named(self, name: str) -> list["Block"]:
        """The components of a name in this one, at any depth."""
        found = []
        for each in self.inner:
            found += [each] if each.name == name else []
            found += each.named(name)
        return found

    def text(self, name: str) -> str:
        """The value of the first line of a name, or nothing."""
        return next((value_of(line).strip() for line in self.lines if name_of(line) == name), "")


def unfolded(data: bytes) -> bytes:
    """Each content line as one line of bytes; soft line breaks of quoted-printable are closed first."""
    data = data.replace(b"\r", b"") if b"\n" in data else data.replace(b"\r", b"\n")
    data = re.sub(rb"\n{2,}", b"\n", data)
    if b"QUOTED-PRINTABLE" in data.upper():
        data = _QUOTED_PRINTABLE.sub(lambda found: found[0].replace(b"=\n", b""), data)
    return data.replace(b"\n ", b"").replace(b"\n\t", b"")


def lines_of(data: bytes) -> list[str]:
    """The lines of a file, unfolded and decoded."""
    data = unfolded(data)
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [decoded(line) for line in data.split(b"\n")]


def utf_8(data: bytes) -> bytes:
    """The file without a byte order mark and without null bytes, and not in UTF-16 any more."""
    if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(BOM_UTF8).replace(b"\0", b"")


def decoded(data: bytes, charset: str = "") -> str:
    """In the character set that is named, in UTF-8, or as old programs of Windows write in western Europe."""
    for name in (charset, "utf-8"):
        try:
            if codecs.lookup(name).name.startswith(_CHARSETS):
                return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def calendars_in(lines: list[str]) -> list[Block]:
    """The calendars, and one more around components that stand outside of any. Raises Broken."""
    roof = Block("")
    stack = [roof]
    for line in lines:
        head = line[:6].upper()
        if head == "BEGIN:":
            _open(stack, line[6:].strip().upper())
        elif head[:4] == "END:":
            _end(stack, line[4:].strip().upper())
        elif line:
            stack[-1].lines.append(line)
    _close(stack, 1)
    bare = Block("VCALENDAR", inner=[each for each in roof.inner if each.name != "VCALENDAR"])
    return [each for each in (*roof.inner, bare) if each.name == "VCALENDAR" and (each is not bare or each.inner)]


def name_of(line: str) -> str:
    """The name of a line's property in capitals; nothing for a line that has none."""
    found = _NAME.match(line)
    return found[1].upper() if found else ""


def head_of(line: str) -> str:
    """Name and parameters up to the colon, which may stand in quotes before."""
    found = _HEAD.match(line)
    return found[0][:-1] if found else line


def value_of(line: str) -> str:
    return line[len(head_of(line)) + 1 :]


def without_encoding(line: str) -> str:
    """A line of text as RFC 5545 writes it: quoted-printable and base64 of vCalendar 1.0 are undone."""
    head = head_of(line) + ":"
    encoding, charset = _ENCODED.search(head), _CHARSET.search(head)
    if not encoding and not charset:
        return line
    value = line[len(head) :]
    if encoding:
        value = _plain(value, encoding[1].upper(), charset[1] if charset else "")
    return _CHARSET.sub("", _ENCODED.sub("", head)) + value


def rule_of_vcalendar(value: str) -> str:
    """A rule of vCalendar 1.0, such as `W1 MO WE #10`, as RFC 5545 writes it; any other text as it is."""
    found = _OLD_RULE.match(value.strip())
    if not found:
        return value
    kind, every, rest = found[1], found[2], found[3].split()
    parts = [f"FREQ={_FREQUENCIES[kind]}", f"INTERVAL={every}"]
    ends = rest.pop() if rest and (rest[-1][0] == "#" or ("T" in rest[-1] and rest[-1][0].isdigit())) else "#2"
    parts += [f"UNTIL={ends}"] if ends[0] != "#" else [f"COUNT={ends[1:]}"] if ends != "#0" else []
    if rest:
        parts.append({"W": "BYDAY", "MP": "BYDAY", "MD": "BYMONTHDAY", "YM": "BYMONTH"}.get(kind, "BY") + "=")
        parts[-1] += ",".join(_weekdays(rest) if kind == "MP" else [_signed(each) for each in rest])
    return ";".join(parts)


def _open(stack: list[Block], name: str) -> None:
    if name == "VCALENDAR":
        _close(stack, 1)
    elif name in TOP_LEVEL:
        _close(stack, 2 if len(stack) > 1 and stack[1].name == "VCALENDAR" else 1)
    if len(stack) > MOST_DEEP:
        raise Broken
    block = Block(name)
    stack[-1].inner.append(block)
    stack.append(block)


def _end(stack: list[Block], name: str) -> None:
    """The component of this name ends, and so do those in it that were never ended."""
    depth = next((n for n in range(len(stack) - 1, 0, -1) if stack[n].name == name), 0)
    if depth:
        _close(stack, depth + 1)
        stack.pop()


def _close(stack: list[Block], depth: int) -> None:
    for block in stack[depth:]:
        block.is_cut = True
    del stack[depth:]


def _plain(value: str, encoding: str, charset: str) -> str:
    try:
        octets = decodestring(value.encode()) if encoding[0] == "Q" else b64decode(value.encode())
    except (NotBase64, ValueError):
        return value
    return decoded(octets, charset).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _signed(number: str) -> str:
    """`1-` of vCalendar 1.0 is -1."""
    return f"-{number[:-1]}" if number.endswith("-") else number.rstrip("+")


def _weekdays(words: list[str]) -> list[str]:
    """`1+ MO TU 1- FR` of vCalendar 1.0 is 1MO, 1TU, -1FR."""
    found, number = [], "1"
    for word in words:
        if word[0].isdigit():
            number = _signed(word)
        else:
            found.append(number + word)
    return found
