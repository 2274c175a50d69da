"""A letter as the bytes that travel (RFC 5322, MIME); knows nothing of the database or of Django."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from io import BytesIO

# Quoted-printable keeps every line short and survives relays that know only seven bits.
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP

# Header lines are folded here, not by the library: it would leave "Message-ID:" alone on a line before a long value.
AS_FOLDED = compat32.clone(max_line_length=None)
LINE = 76

CALENDAR_METHOD = re.compile(r"[A-Z]{3,16}")
CALENDAR_FILE = "kutsu.ics"

PEOPLE = ("From", "To", "Reply-To")


@dataclass(frozen=True)
class Letter:
    """One letter to one person. `sender` and `reply_to` may carry names; `dated_at` is aware."""

    sender: str
    recipient: str
    subject: str
    text: str
    message_id: str
    dated_at: datetime
    html: str = ""
    recipient_name: str = ""
    language: str = ""
    reply_to: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    calendar: str = ""
    calendar_method: str = "REQUEST"


class WirePart:
    """Mixed into the outermost part: written with the line end that a Django e-mail backend asks for."""

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        out = BytesIO()
        writer = BytesGenerator(out, mangle_from_=False, policy=AS_FOLDED)
        writer.flatten(self, unixfrom=unixfrom, linesep=linesep)  # type: ignore[arg-type]
        return out.getvalue()


class WireText(WirePart, MIMEText):  # type: ignore[misc]
    pass


class WireMultipart(WirePart, MIMEMultipart):  # type: ignore[misc]
    pass


def build(letter: Letter) -> Message:
    """The whole message. Built twice from one letter it says the same, but for the random part boundaries.

    With a calendar part it is mixed[alternative[plain, html, calendar], file]. The alternative comes first, because
    Outlook looks for the calendar only there (MS-STANOICAL 2.2.168), and its charset stands once.
    """
    message = _parts(letter)
    for name, value in _headers(letter).items():
        message[name] = _folded(name, value)
    return message


def _parts(letter: Letter) -> Message:
    if not letter.html and not letter.calendar:
        return WireText(letter.text, "plain", UTF8)  # type: ignore[arg-type]
    readings = WireMultipart("alternative")
    readings.attach(MIMEText(letter.text, "plain", UTF8))  # type: ignore[arg-type]
    if letter.html:
        readings.attach(MIMEText(letter.html, "html", UTF8))  # type: ignore[arg-type]
    if not letter.calendar:
        return readings
    readings.attach(_calendar(letter, f"text/calendar; charset=UTF-8; method={_method(letter)}"))
    whole = WireMultipart("mixed")
    whole.attach(readings)
    whole.attach(_calendar_file(letter))
    return whole


def _calendar(letter: Letter, content_type: str) -> MIMEBase:
    part = MIMEBase("text", "calendar")
    del part["Content-Type"]
    part["Content-Type"] = content_type
    part.set_payload(letter.calendar.encode())
    encode_base64(part)
    return part


def _calendar_file(letter: Letter) -> MIMEBase:
    part = _calendar(letter, f'application/ics; name="{CALENDAR_FILE}"')
    part.add_header("Content-Disposition", "attachment", filename=CALENDAR_FILE)
    return part


def _method(letter: Letter) -> str:
    if not CALENDAR_METHOD.fullmatch(letter.calendar_method):
        raise ValueError("not a calendar method")
    return letter.calendar_method


def _headers(letter: Letter) -> dict[str, str]:
    """In the order readers expect; those of the letter win over ours, except for its identity and its people."""
    ours = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
    if letter.language:
        ours["Content-Language"] = letter.language
    people = {
        "From": _mailbox(letter.sender),
        "To": formataddr((_words(letter.recipient_name), _ascii(letter.recipient))),
    }
    if letter.reply_to:
        people["Reply-To"] = ", ".join(_mailbox(each) for each in letter.reply_to)
    identity = {"Date": format_datetime(letter.dated_at), "Message-ID": letter.message_id}
    return {**people, "Subject": letter.subject, **identity, **ours, **letter.headers}


def _mailbox(value: str) -> str:
    name, address = parseaddr(value)
    return formataddr((_words(name), _ascii(address)))


def _ascii(address: str) -> str:
    """Domains with other letters travel in their ASCII form (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _words(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode()


def _folded(name: str, value: str) -> str:
    """A header value that is safe to write: a line break in it would be the start of a forged header."""
    plain = value.replace("\n ", " ") if name in PEOPLE else value
    if "\n" in plain or "\r" in plain:
        raise ValueError(f"line break in {name}")
    return _wrapped(name, plain) if plain.isascii() else Header(plain, "utf-8", header_name=name).encode()


def _wrapped(name: str, value: str) -> str:
    """Broken before spaces only; the first word stays on the line of the name."""
    lines, room = [""], LINE - len(name) - 2
    for word in value.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = LINE
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n ".join(lines)
