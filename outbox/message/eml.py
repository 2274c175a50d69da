"""Reads a letter back from its bytes, however broken they are: for the mailbox page, and for mail that comes in."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from textwrap import shorten

FOLD = re.compile(r"\r?\n[ \t]")
# NAME;PARAM="a:b":value (RFC 5545, 3.1): the first colon outside quotes ends the name.
PROPERTY = re.compile(r'([A-Z0-9-]+)((?:;[^:;"]+(?:"[^"]*")*)*):(.*)', re.IGNORECASE)
ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Mail:
    """What a person would see of a letter."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    html: str = ""
    calendar: str = ""
    files: list[tuple[str, str]] = field(default_factory=list)  # several entries: name and text of each

    def header(self, wanted: str) -> str:
        return next((value for name, value in self.headers if name.lower() == wanted.lower()), "")

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def sender(self) -> str:
        return self.header("From")

    @property
    def to(self) -> str:
        return self.header("To")

    @property
    def dated_at(self) -> datetime | None:
        try:
            return parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None

    @property
    def preview(self) -> str:
        """The beginning of the text in one line."""
        return shorten(self.text, 180, placeholder=" …")

    @property
    def entry(self) -> list[tuple[str, str]]:
        """Names and values of the calendar part, without the rules of its time zone."""
        return _properties(self.calendar)

    @property
    def entries(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Of a letter about several meetings: the name of each file, and its names and values."""
        return [(name, _properties(text)) for name, text in self.files]


def read(raw: bytes) -> Mail:
    """Parsed leniently (compat32): the strict policies of the library stumble over headers that occur in real mail."""
    message = message_from_bytes(raw)
    single = [part for part in message.walk() if not part.is_multipart()]
    files = [part for part in single if part.get_content_type() == "text/calendar" and part.get_filename()]
    parts = {part.get_content_type(): part for part in reversed(single) if part not in files}
    return Mail(
        headers=[(name, _decoded(value)) for name, value in message.items()],
        text=_body(parts.get("text/plain")),
        html=_body(parts.get("text/html")),
        calendar=_body(parts.get("text/calendar")),
        files=[(str(part.get_filename()), _body(part)) for part in files],
    )


def _decoded(value: object) -> str:
    """A header value decoded (RFC 2047), or as it stands when that fails."""
    plain = FOLD.sub(" ", str(value))
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, ValueError):
        return plain


def _body(part: Message | None) -> str:
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _properties(calendar: str) -> list[tuple[str, str]]:
    found, in_zone = [], False
    for line in FOLD.sub("", calendar).splitlines():
        in_zone = (in_zone or line == "BEGIN:VTIMEZONE") and line != "END:VTIMEZONE"
        parts = PROPERTY.fullmatch(line)
        if parts and not in_zone and parts[1].upper() not in ("BEGIN", "END"):
            found.append((parts[1] + parts[2], ESCAPED.sub(_unescaped, parts[3])))
    return found


def _unescaped(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]
