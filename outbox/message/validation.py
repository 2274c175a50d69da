"""What may stand on an envelope: addresses and header lines are checked before a letter enters the queue."""

import re
from collections.abc import Iterable, Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr, quote

from django.utils.translation import gettext as _

from lib.exceptions import Refused
from lib.text.addresses import is_address
from lib.text.mailboxes import NoMailbox, ascii_address

# These belong to the row itself (its identity, its people, its parts); nobody hands them in.
OWN = frozenset(
    ["from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "reply-to", "mime-version", "return-path"]
)
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
# Marks that some mail programs take for the end of a line (str.splitlines), and others nobody can read.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class LetterRefused(Refused):
    """The letter cannot enter the queue. The text says why, to a person."""


def one_line(name: object, value: object) -> str:
    """The value as one header line. Raises LetterRefused when it holds a line break: that is how headers are forged."""
    words = str(value)
    if "\n" in words or "\r" in words:
        raise LetterRefused(_("The letter was refused: “%(name)s” holds a line break.") % {"name": name})
    return " ".join(CONTROL.sub(" ", words).split())


def address(value: object) -> str:
    """A bare e-mail address, its domain in ASCII. Raises LetterRefused when it is not one."""
    bare = one_line(_("address"), value)
    try:
        plain = ascii_address(bare)
    except NoMailbox as refused:
        raise LetterRefused(str(refused)) from None
    if not is_address(plain):
        raise LetterRefused(_("“%(address)s” is not an e-mail address.") % {"address": bare})
    return plain


def name_and_address(value: object) -> tuple[str, str]:
    """The two parts of `Aino <aino@example.org>`; the name may be empty, or encoded as in a header (RFC 2047)."""
    name, bare = parseaddr(one_line(_("address"), value))
    return one_line(_("name"), _decoded(name)), address(bare or value)


def mailbox(value: object) -> str:
    """An address with or without a name before it, in one form."""
    name, bare = name_and_address(value)
    return f'"{quote(name)}" <{bare}>' if name else bare


def mailboxes(values: Iterable[object]) -> list[str]:
    return [mailbox(value) for value in values]


def extra(headers: Mapping[str, object]) -> dict[str, str]:
    """Further header lines of a letter (List-Unsubscribe and the like)."""
    return {_header_name(name): one_line(name, value) for name, value in headers.items()}


def calendar_method(value: str) -> str:
    """What the calendar part asks for (RFC 5546): REQUEST, CANCEL and so on."""
    if not re.fullmatch("[A-Z]{3,16}", value):
        raise LetterRefused(_("The letter was refused: “%(name)s” may not be set.") % {"name": value})
    return value


def calendar_files(files: list[dict[str, str]] | None, secret: bool) -> None:
    """Raises LetterRefused for a method unheard of, and for files of a letter whose words shall not stay."""
    if files and secret:
        raise LetterRefused(_("The letter was refused: “%(name)s” may not be set.") % {"name": "calendar_files"})
    for each in files or ():
        calendar_method(each["method"])


def body(words: str) -> str:
    """Words of a letter with one kind of line end and without marks that the database or the wire cannot carry."""
    return CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(name: str) -> str:
    try:
        return str(make_header(decode_header(name))) if "=?" in name else name
    except (HeaderParseError, LookupError, ValueError):  # it only looks as if it were encoded
        return name


def _header_name(name: str) -> str:
    if name.lower() in OWN or name.lower().startswith("content-") or not HEADER_NAME.fullmatch(name):
        raise LetterRefused(_("The letter was refused: “%(name)s” may not be set.") % {"name": name})
    return name
