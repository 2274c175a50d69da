"""The body of a letter: its readings one beside the other, its calendar entry, or several entries as files."""

import re
from base64 import encodebytes
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outbox.message.builder import Letter, _Writer

CALENDAR_METHOD = re.compile(r"[A-Z]{3,16}")
CALENDAR_FILE = "kutsu.ics"
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\.ics")


@dataclass(frozen=True)
class CalendarFile:
    """One of several entries of a letter: each has its own file, for a message of RFC 5546 has one UID (3.2)."""

    name: str
    method: str
    text: str


def write_body(writer: "_Writer", letter: "Letter", boundary: str) -> None:
    """The words in all their readings, and what is attached."""
    if letter.calendar_files:
        return _with_files(writer, letter, boundary)
    if not letter.html and not letter.calendar:
        return _text_part(writer, letter.text, "plain")
    if not letter.calendar:
        return _readings(writer, letter, boundary)
    method = _method(letter.calendar_method)
    writer.add_line(f'Content-Type: multipart/mixed; boundary="{boundary}m"\r\n\r\n--{boundary}m')
    _readings(writer, letter, boundary, f"text/calendar; charset=UTF-8; method={method}")
    writer.add_line(f"\r\n--{boundary}m")
    file = f'application/ics; name="{CALENDAR_FILE}"'
    _calendar_part(writer, letter.calendar, file, _attached(CALENDAR_FILE))
    return writer.add_line(f"--{boundary}m--")


def _with_files(writer: "_Writer", letter: "Letter", boundary: str) -> None:
    writer.add_line(f'Content-Type: multipart/mixed; boundary="{boundary}m"\r\n\r\n--{boundary}m')
    _readings(writer, letter, boundary)
    for each in letter.calendar_files:
        if not FILE_NAME.fullmatch(each.name):
            raise ValueError("not a name for a calendar file")
        writer.add_line(f"\r\n--{boundary}m")
        kind = f'text/calendar; charset=UTF-8; method={_method(each.method)}; name="{each.name}"'
        _calendar_part(writer, each.text, kind, _attached(each.name))
    writer.add_line(f"--{boundary}m--")


def _attached(name: str) -> str:
    return f'Content-Disposition: attachment; filename="{name}"\r\n'


def _readings(writer: "_Writer", letter: "Letter", boundary: str, calendar_type: str = "") -> None:
    """The same said in several ways, the best last."""
    writer.add_line(f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}')
    _text_part(writer, letter.text, "plain")
    if letter.html:
        writer.add_line(f"--{boundary}")
        _text_part(writer, letter.html, "html")
    if calendar_type:
        writer.add_line(f"--{boundary}")
        _calendar_part(writer, letter.calendar, calendar_type)
    writer.add_line(f"--{boundary}--")


def _text_part(writer: "_Writer", words: str, subtype: str) -> None:
    writer.add_line(f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n')
    writer.quoted(words, html=subtype == "html")


def _calendar_part(writer: "_Writer", calendar: str, content_type: str, more: str = "") -> None:
    writer.add_line(f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n{more}")
    writer.put(encodebytes(calendar.encode()).decode().replace("\n", "\r\n"))


def _method(method: str) -> str:
    if not CALENDAR_METHOD.fullmatch(method):
        raise ValueError("not a calendar method")
    return method
