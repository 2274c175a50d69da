"""A letter as the bytes that travel (RFC 5322, MIME), compiled once however many readers there are.

Knows nothing of the database or of Django. Words may hold merge fields; a compiled letter is fixed bytes with gaps
between them, and each reader costs no more than filling the gaps.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from html import escape
from io import BytesIO

from lib.text.mailboxes import ascii_domain, header_address
from outbox.message.body import CalendarFile, write_body
from outbox.message.quoted_printable import LINE, header_value, html_value, quoted, text_value

PEOPLE = ("From", "To", "Reply-To")
TO, MESSAGE_ID = "_to", "_message_id"

# Marks of a merge field in words: characters for private use, which no keyboard writes and no escaping changes.
OPEN, CLOSE = "\ue000", "\ue001"
MERGE_FIELD = re.compile(f"{OPEN}([a-z_]+){CLOSE}")

Encoder = Callable[[str], bytes]


@dataclass(frozen=True)
class Letter:
    """One letter to one person. `sender` and `reply_to` may carry names; `dated_at` is aware.

    In a letter to many, `recipient` and `message_id` are empty: they are merge fields, as in the words. A letter has
    one `calendar` or several `calendar_files`, not both.
    """

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
    calendar_files: tuple[CalendarFile, ...] = ()


@dataclass(frozen=True)
class Template:
    """A compiled letter: `fixed` has one piece more than there are `gaps` (name of the merge field, its encoder)."""

    fixed: tuple[bytes, ...]
    gaps: tuple[tuple[str, Encoder], ...]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The whole message: CRLF line ends, and no line begins with a dot.

        Raises KeyError for a missing value, ValueError for a forged one.
        """
        pieces = [self.fixed[0]]
        for (name, encode), piece in zip(self.gaps, self.fixed[1:], strict=True):
            pieces += (encode(values[name]), piece)
        return b"".join(pieces)


def merge_field(name: str) -> str:
    """Stands in words, or in a header, for what each reader brings."""
    return f"{OPEN}{name}{CLOSE}"


def filled(letter: Letter, values: Mapping[str, str]) -> Letter:
    """The letter with its merge fields filled, as one reader has it. HTML gets values escaped."""

    def put(words: str, change: Callable[[str], str] = str) -> str:
        return MERGE_FIELD.sub(lambda found: change(values[found[1]]), words)

    headers = {name: put(value) for name, value in letter.headers.items()}
    return replace(letter, text=put(letter.text), html=put(letter.html, escape), headers=headers)


def raw(letter: Letter) -> bytes:
    """The bytes of a letter to one person: the same at every attempt."""
    return build_template(letter, boundary=sha256(letter.message_id.encode()).hexdigest()[:24]).fill({})


def build_template(letter: Letter, boundary: str) -> Template:
    """Put a letter into bytes, with gaps where its merge fields are.

    With a calendar part it is mixed[alternative[plain, html, calendar], file]. The alternative comes first, because
    Outlook looks for the calendar only there (MS-STANOICAL 2.2.168), and its charset stands once. With several
    entries it is mixed[alternative[plain, html], file, file…]: no program would read more than one in the alternative.
    """
    writer = _Writer()
    for name, value in _headers(letter).items():
        writer.header(name, value)
    writer.add_line("MIME-Version: 1.0")
    write_body(writer, letter, f"=_{boundary}")
    return writer.template()


def recipient_values(recipient: str, recipient_name: str, message_id: str) -> dict[str, str]:
    """The values of the two merge fields that every letter to many has."""
    return {TO: header_address(recipient_name, recipient), MESSAGE_ID: message_id}


def message_id(key: str, number: int, domain: str) -> str:
    """The Message-ID of one letter of a mailing (RFC 5322, 3.6.4)."""
    return f"<{number}.{key}@{domain}>"


def domain_of(mailbox: str) -> str:
    """The domain of an address with or without a name, in its ASCII form (RFC 5891)."""
    return ascii_domain(mailbox.rpartition("@")[2].rstrip(">"))


class _Writer:
    """Collects bytes and gaps."""

    def __init__(self) -> None:
        self.fixed: list[bytes] = []
        self.gaps: list[tuple[str, Encoder]] = []
        self.piece: list[bytes] = []

    def put(self, words: str) -> None:
        self.piece.append(words.encode("ascii"))

    def add_line(self, words: str = "") -> None:
        self.put(f"{words}\r\n")

    def gap(self, name: str, encode: Encoder) -> None:
        self.fixed.append(b"".join(self.piece))
        self.gaps.append((name, encode))
        self.piece = []

    def header(self, name: str, value: str) -> None:
        """One header, folded. Around a merge field only after commas: a long address is one word (at most 998)."""
        if not MERGE_FIELD.search(value):
            return self.add_line(f"{name}: {_folded(name, value)}".replace("\n", "\r\n"))
        self.put(f"{name}: ")
        for word, gap in _split(value):
            if gap:
                self.gap(gap, header_value)
            else:
                self.put(_folded(name, word).replace(", ", ",\r\n "))
        return self.add_line()

    def quoted(self, words: str, html: bool) -> None:
        """A body in quoted-printable (RFC 2045, 6.7): seven bits and short lines, whatever is in it."""
        encode = html_value if html else text_value
        for part, gap in _split(words):
            if gap:
                self.put("=\r\n")
                self.gap(gap, encode)
                self.put("=\r\n")
            else:
                self.put(quoted(part))
        self.add_line()

    def template(self) -> Template:
        return Template((*self.fixed, b"".join(self.piece)), tuple(self.gaps))


def _headers(letter: Letter) -> dict[str, str]:
    """In the order readers expect; those of the letter win over ours, except for its identity and its people."""
    ours = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
    if letter.language:
        ours["Content-Language"] = letter.language
    to = header_address(letter.recipient_name, letter.recipient) if letter.recipient else merge_field(TO)
    people = {"From": _mailbox(letter.sender), "To": to}
    if letter.reply_to:
        people["Reply-To"] = ", ".join(_mailbox(each) for each in letter.reply_to)
    identity = {"Date": format_datetime(letter.dated_at), "Message-ID": letter.message_id or merge_field(MESSAGE_ID)}
    return {**people, "Subject": letter.subject, **identity, **ours, **letter.headers}


def _mailbox(value: str) -> str:
    return header_address(*parseaddr(value))


def _folded(name: str, value: str) -> str:
    """A header value that is safe to write: a line break in it would be the start of a forged header."""
    plain = value.replace("\n ", " ") if name in PEOPLE else value
    if "\n" in plain or "\r" in plain:
        raise ValueError(f"line break in {name}")
    return (
        _wrapped(name, plain) if plain.isascii() else Header(plain, "utf-8", maxlinelen=LINE, header_name=name).encode()
    )


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


def _split(words: str) -> list[tuple[str, str]]:
    """Words and merge fields by pieces: (words, "") or ("", name)."""
    pieces = MERGE_FIELD.split(words)
    pairs = [("", each) if turn % 2 else (each, "") for turn, each in enumerate(pieces)]
    return [pair for pair in pairs if pair != ("", "")]


# --- for transports that want Python's own message ---

# Header lines are folded here, not by the library: it would leave "Message-ID:" alone on a line before a long value.
AS_FOLDED = compat32.clone(max_line_length=None)


class BuiltMessage(Message):
    """Written with the line end that a Django e-mail backend asks for."""

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n", **_unused: object) -> bytes:  # type: ignore[override]
        out = BytesIO()
        writer = BytesGenerator(out, mangle_from_=False, policy=AS_FOLDED)
        writer.flatten(self, unixfrom=unixfrom, linesep=linesep)
        return out.getvalue()


def build(letter: Letter) -> Message:
    """The same bytes as a message of the standard library."""
    return message_from_bytes(raw(letter), _class=BuiltMessage)
