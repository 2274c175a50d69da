"""Takes mail from strangers apart, however broken it is: bounded, without recursion of its own, and never raising."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, InvalidHeaderDefect
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry
from email.message import Message
from email.parser import BytesParser
from html import unescape
from typing import Any

from lib.text.mailboxes import normal_domain

MOST_PARTS = 200
LONGEST_HEADER = 2000
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}")
FOLD = re.compile(r"\r?\n[ \t]")
# Marks that the database cannot keep (NUL), that nobody can read, or that cut a line where none should be cut.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# An encoded word (RFC 2047) may stand in a name only; what it says is never structure, so it is read as a plain word.
ENCODED_WORD, IN_NAME = re.compile(r"=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=", re.IGNORECASE), "encoded_word"
TAG = re.compile(r"<(/?[a-zA-Z][^<>]{0,2000})>")
BLOCK_TAG = re.compile(r"/?(?:p|br|div|tr|li|h\d)\b", re.IGNORECASE)


def parsed(raw: bytes) -> Message:
    """With the lenient policy (compat32); only the headers of a message that is nested too deeply to be read."""
    try:
        return message_from_bytes(raw)
    except RecursionError:
        return BytesParser().parsebytes(raw, headersonly=True)


def walk(message: Message, into_letters: bool = True) -> Iterator[Message]:
    """The message, then all parts in the order in which they stand, as far as anybody can be expected to read.

    Without `into_letters` a letter that is attached is one part: what stands in it somebody else has said.
    """
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        yield part
        if into_letters or part is message or part.get_content_type() != "message/rfc822":
            waiting.extend(reversed(inside(part)))


def inside(part: Message) -> list[Message]:
    """The parts right inside this one."""
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def header(message: Message, name: str) -> str:
    """One header in words (RFC 2047), on one line; empty when it is missing."""
    plain = clean(FOLD.sub(" ", _first(message, name))[:LONGEST_HEADER])
    try:
        words = str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, ValueError):
        words = plain
    return " ".join(clean(words).split())


def addresses(message: Message, *names: str) -> list[str]:
    """The bare addresses that stand in these headers."""
    lines = (str(each)[:LONGEST_HEADER] for name in names for each in message.get_all(name, []))
    return [address for line in lines for address in ADDRESS.findall(line)]


def mailboxes(message: Message, name: str) -> list[str]:
    """The addresses in these headers as RFC 5322 reads them: never those in a name, a comment or an encoded word.

    A group (RFC 6854) and a header that cannot be read give an empty address each, so that they are counted.
    """
    return [address for value in _all(message, name) for address in _mailboxes(value, name)]


def sole_sender(message: Message) -> str:
    """The mailbox in From, its domain in ASCII; empty unless there is exactly one From with exactly one mailbox."""
    found = mailboxes(message, "From")
    return found[0] if len(found) == 1 and len(_all(message, "From")) == 1 else ""


def text(part: Message) -> str:
    """What a part says; of HTML only the words."""
    if part.is_multipart():
        return ""
    words = _decoded(part)
    return _without_tags(words) if part.get_content_type() == "text/html" else words


def markup(part: Message) -> str:
    """A part of HTML as it came."""
    return "" if part.is_multipart() else _decoded(part)


def content(part: Message) -> bytes:
    """The bytes of a part that is no multipart, whatever they were encoded as."""
    try:
        raw = part.get_payload(decode=True)
    except ValueError:  # an encoding that is none
        raw = None
    return raw if isinstance(raw, bytes) else b""


def file_name(part: Message) -> str:
    """What the sender called an attachment (RFC 2183, 2231); empty when it has no name."""
    try:
        name = part.get_filename() or ""
        words = str(make_header(decode_header(name))) if "=?" in name else str(name)
    except (HeaderParseError, LookupError, ValueError, TypeError):
        return ""
    return " ".join(clean(words).split())[:200]


def clean(words: str) -> str:
    return CONTROL.sub("", words)


def _first(message: Message, name: str) -> str:
    """The header as it came."""
    return next(iter(_all(message, name)), "")


def _all(message: Message, name: str) -> list[str]:
    return [_as_words(str(value)) for each, value in message.raw_items() if each.lower() == name.lower()]


def _as_words(raw: str) -> str:
    """Bytes that should have been encoded are UTF-8 (RFC 6532), or else Latin-1."""
    if raw.isascii():
        return raw
    octets = raw.encode("utf-8", "surrogateescape")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _mailboxes(value: str, name: str) -> list[str]:
    plain = ENCODED_WORD.sub(f" {IN_NAME} ", clean(FOLD.sub(" ", value)))
    if len(plain) > LONGEST_HEADER:
        return [""]
    try:
        header: Any = HeaderRegistry()(name, plain)
        if any(type(defect) is InvalidHeaderDefect for defect in header.defects):
            return [""]
        return [
            "" if group.display_name is not None else _address(each.username, each.domain)
            for group in header.groups
            for each in group.addresses or [None]
        ]
    except Exception:  # the library raises whatever comes to it on headers that are crafted
        return [""]


def _address(local: str, domain: str) -> str:
    address = f"{local}@{normal_domain(domain)}".lower()
    return address if ADDRESS.fullmatch(address) and IN_NAME not in address else ""


def _decoded(part: Message) -> str:
    raw = content(part)
    try:
        words = raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        words = raw.decode("utf-8", "replace")
    return clean(words.replace("\r\n", "\n").replace("\r", "\n"))


def _without_tags(markup: str) -> str:
    return unescape(TAG.sub(lambda tag: "\n" if BLOCK_TAG.match(tag[1]) else _kept(tag), markup))


def _kept(tag: "re.Match[str]") -> str:
    """`<aino@example.org>` in careless HTML is an address and no tag."""
    return tag[0] if "@" in tag[1] and " " not in tag[1] else ""
