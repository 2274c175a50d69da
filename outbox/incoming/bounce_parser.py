"""Reads what comes back: reports of delivery (RFC 3464), complaints (RFC 5965), answers of machines (RFC 3834).

Pure: knows neither the database nor the settings, and never raises, whatever the bytes are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from outbox.incoming import mime_parser, smtp_status
from outbox.incoming.mime_parser import ADDRESS
from outbox.incoming.smtp_status import REPLY, STATUS, SmtpStatus

MOST_REPORTS = 50
# How much of what a server says is looked at, in characters.
SPOKEN = 20_000
# How much is kept of the reason that a server gives, and how much after the address can be one when there is no code.
LONGEST_REASON, AFTER_ADDRESS = 1000, 300
MDN = "message/disposition-notification"
# Headers in which receiving servers write down for whom a message came in.
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To")
ABUSE = frozenset(["abuse", "fraud", "virus", "opt-out", "opt-out-list", "other", "miscategorized", ""])

MESSAGE_ID = re.compile(r"^(?:Message-ID|In-Reply-To):\s*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)
RETURN_PATH = re.compile(r"^Return-Path:\s*<([^<>\s]{3,300})>", re.IGNORECASE | re.MULTILINE)
IDS = re.compile(r"<[^<>\s]{3,300}>")
DAEMON = re.compile(r"(?<![a-z])(?:mailer-?daemon|mdaemon|mail[ ._-]?delivery)(?![a-z])", re.IGNORECASE)
POSTMASTER = re.compile(
    r"(?<![a-z])(?:postmaster|(?:mail|system)[ ._-]?administrator|smtp|ndr)(?![a-z])", re.IGNORECASE
)
FAILED = re.compile(
    r"undeliver|undelivrable|not delivered|(?:could|can)(?: ?not|'t) (?:be )?deliver|unable to deliver"
    r"|n.t been delivered|returned mail|failure notice|deli?very (?:has )?fail|failure delivery|non-?deliver"
    r"|delivery (?:status|error|problem|notification|to the following)|mail system error|automatically rejected"
    r"|did(?: not|n't) (?:reach|receive)|could not be (?:sent|reached)"
    r"|toimittaminen epäonnistui|ei voitu toimittaa|kunde inte levereras",
    re.IGNORECASE,
)
NOBODY = re.compile(r"<>|mailer-daemon", re.IGNORECASE)
LATE = re.compile(r"not yet been delivered|delayed|just a warning|will be retried|advisory-only|will continue", re.I)
# `smtp; 550 …` (RFC 3464, 2.3.6); some servers leave the type out.
DIAGNOSTIC_TYPE = re.compile(r"^[\w-]+ ?;")
CALENDAR_METHODS = ("reply", "counter", "refresh")
CALENDAR_ANSWER = re.compile(rf"^METHOD:\s*(?:{'|'.join(CALENDAR_METHODS)})\s*$", re.IGNORECASE | re.MULTILINE)
# The class of an answer in a winmail.dat (MS-OXTNEF, 2.1.3.3), in one of two names.
OUTLOOK_ANSWER = re.compile(rb"IPM\.(?:Schedule\.Meeting\.Resp|Microsoft Schedule\.MtgResp)", re.IGNORECASE)
TNEF = b"\x78\x9f\x3e\x22"
# What a mailbox says that refuses by a rule of its owner (RFC 5429, 2.2.1), unlike a receipt of having deleted unread.
REJECTED = re.compile(r"reject|refus|hylät|hylkä|avvis|neka", re.IGNORECASE)
# The letter says that whoever had the mailbox has gone.
GONE = re.compile(
    r"no longer (?:work|employ|with (?:us|the|our)|(?:be )?at\b|in (?:use|this position)|active|monitored|valid)"
    r"|n.t work (?:here|there|for [^.\n]{0,40}) any ?more|(?:ha(?:s|ve)|.ve) (?:left (?:the|our|my|this)\b|retired)"
    r"|\ben (?:ole )?(?:enää )?(?:työskentele|töissä|työssä|palveluksessa)(?: \w+){0,3} enää"
    r"|\ben (?:ole )?enää (?:ole )?(?:työskentele|töissä|työssä|palveluksessa)|työsuhtee\w+ (?:on )?päätty"
    r"|\b(?:ei ole|ei) enää (?:ole )?(?:töissä|työssä|palvelukse|käytössä|työskentele)|ei työskentele (?:\w+ )?enää"
    r"|olen (?:siirtynyt (?:toisiin|uusiin|muihin|eläkkeelle|toisen)|jäänyt eläkkeelle|vaihtanut työ|lopettanut työ)"
    r"|osoite on poistu|(?:arbetar|jobbar) inte (?:längre|kvar)|har slutat|gått i pension"
    r"|inte längre (?:anställd|kvar|i bruk)|(?:används|gäller) inte längre",
    re.IGNORECASE,
)
# Where a letter begins that is quoted in an answer.
QUOTED = re.compile(
    r"^(?:>|-{2,} ?(?:original message|alkuperäinen viesti|ursprungligt meddelande)|(?:from|lähettäjä|från): )",
    re.IGNORECASE | re.MULTILINE,
)


class Kind(StrEnum):
    """What a message is, told by its form."""

    BOUNCE = "bounce"
    DELAY = "delay"  # or of having arrived: nothing came back
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    GONE = "gone"
    CALENDAR = "calendar"
    PERSON = "person"


@dataclass(frozen=True)
class Report:
    """What became of a letter to one recipient (empty when the server does not say whom).

    `action`: failed, delayed, delivered, relayed, expanded (RFC 3464, 2.3.3) or complaint.
    """

    recipient: str
    action: str
    status: str = ""
    diagnostic: str = ""

    @property
    def meaning(self) -> SmtpStatus:
        """Of a failure: why, and what that means for the address."""
        return smtp_status.of_reply(self.diagnostic, self.status)


@dataclass(frozen=True)
class Reading:
    """A message as far as the house understands it."""

    kind: Kind
    sender: str
    mailbox: str  # the one address in From; empty when there is none, or several
    subject: str
    message_id: str
    addressed_to: tuple[str, ...]
    # what names the letter that this is about: where it came back to, and the Message-IDs that are spoken of
    returned_to: tuple[str, ...] = ()
    returned_ids: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    # where the sender says that the mailbox has lost its owner: the words, and whom to write to instead
    gone: str = ""
    contacts: tuple[str, ...] = ()


def read(raw: bytes) -> Reading:
    """Never raises: the last resort is a person's letter, which a person will look at."""
    message = mime_parser.parsed(raw)
    found = list(mime_parser.walk(message))
    own = found[0]
    kind, reports = _understood(own, found)
    gone, contacts = _gone(own) if kind in (Kind.AUTO_REPLY, Kind.PERSON) else ("", ())
    return Reading(
        kind=Kind.GONE if gone and kind == Kind.AUTO_REPLY else kind,
        sender=mime_parser.header(own, "From"),
        mailbox=mime_parser.sole_sender(own),
        subject=mime_parser.header(own, "Subject"),
        message_id=mime_parser.header(own, "Message-ID"),
        addressed_to=_unique(mime_parser.addresses(own, *ADDRESSED)),
        returned_to=_unique(_returned_to(found)),
        returned_ids=_unique(_returned_ids(own, found)),
        reports=tuple(reports[:MOST_REPORTS]),
        gone=gone,
        contacts=contacts,
    )


def _understood(own: Message, found: list[Message]) -> tuple[Kind, list[Report]]:
    """What the form says first, then what a machine says of itself; words count only when a mail server speaks."""
    said = found if _is_report(own) else list(mime_parser.walk(own, into_letters=False))
    complaint = next((part for part in said if part.get_content_type() == "message/feedback-report"), None)
    if complaint is not None:
        return _complaint(complaint)
    reports = [report for part in said for report in _of_status_part(part)] or _of_rejection(said)
    if reports:
        return _kind_of(reports), reports
    if any(_is_calendar_answer(part) for part in found):
        return Kind.CALENDAR, []
    if _came_back(own, found):
        reports = _of_server_text(own, found)
        return _kind_of(reports), reports
    return (Kind.AUTO_REPLY if _is_of_a_machine(own, found) else Kind.PERSON), []


def _kind_of(reports: list[Report]) -> Kind:
    """Word of a delay, or of having arrived, brings nothing back."""
    passing = ("delayed", "delivered", "relayed", "expanded")
    return Kind.DELAY if all(report.action in passing for report in reports) else Kind.BOUNCE


# --- RFC 3464 ---


def _of_status_part(part: Message) -> Iterator[Report]:
    """The groups of fields of a message/delivery-status, one per recipient after the first, which is of the server."""
    if part.get_content_type() != "message/delivery-status":
        return
    for group in mime_parser.inside(part):
        recipient = _typed(group, "Original-Recipient") or _typed(group, "Final-Recipient")
        action = mime_parser.header(group, "Action").lower().partition(" ")[0]
        if recipient and action:
            diagnostic = DIAGNOSTIC_TYPE.sub("", mime_parser.header(group, "Diagnostic-Code")).strip()
            status = _status(mime_parser.header(group, "Status"), diagnostic)
            yield Report(recipient, action, status, diagnostic[:LONGEST_REASON])


def _typed(group: Message, name: str) -> str:
    """`rfc822; <aino@example.org>` without its type; X.400 and other addresses that are not ours give nothing."""
    kind, mark, value = mime_parser.header(group, name).partition(";")
    found = ADDRESS.search(value if mark else kind)
    return found[0] if found else ""


def _status(given: str, diagnostic: str) -> str:
    """The code; the server's own answer is more exact than a code that ends in zeros, which says only yes or no."""
    code = STATUS.search(given)
    exact = STATUS.search(diagnostic)
    if code and not (code[1].endswith(".0.0") and exact and exact[1][0] == code[1][0]):
        return code[1]
    return exact[1] if exact else ""


# --- RFC 5965 ---


def _complaint(part: Message) -> tuple[Kind, list[Report]]:
    """The fields stand in the part's body; some programs give them as a message of their own."""
    fields = next(iter(mime_parser.inside(part)), None) or mime_parser.parsed(mime_parser.text(part).encode())
    if mime_parser.header(fields, "Feedback-Type").lower() not in ABUSE:
        return Kind.AUTO_REPLY, []
    recipient = next(iter(mime_parser.addresses(fields, "Original-Rcpt-To", "Removal-Recipient")), "")
    return Kind.COMPLAINT, [Report(recipient, "complaint", "", mime_parser.header(fields, "Feedback-Type"))]


# --- bounces in words only ---


def _came_back(own: Message, found: list[Message]) -> bool:
    """Is it a server that speaks, and of a letter that did not arrive? A subject alone proves nothing."""
    if own.get("X-Failed-Recipients"):
        return True
    words = _server_text(found)
    told = FAILED.search(f"{mime_parser.header(own, 'Subject')}\n{words}") or LATE.search(words)
    if _is_daemon(own):
        return bool(told or any(_recipients(own, words)))
    if _is_postmaster(own):
        return bool(told) and (_comes_from_nobody(own) or _has_proof(words, found) or any(_recipients(own, words)))
    return _comes_from_nobody(own) and not _submitted(own) and bool(FAILED.search(words)) and _has_proof(words, found)


def _is_daemon(own: Message) -> bool:
    """A name that no person goes by, or a report of delivery by its form (RFC 6522)."""
    return not _is_away(own) and (bool(DAEMON.search(mime_parser.header(own, "From"))) or _is_report(own))


def _is_postmaster(own: Message) -> bool:
    """People read and write under these names too."""
    return not _is_away(own) and bool(POSTMASTER.search(mime_parser.header(own, "From")))


def _is_away(own: Message) -> bool:
    return "vacation" in mime_parser.header(own, "Auto-Submitted").lower()


def _is_report(own: Message) -> bool:
    return str(own.get_param("report-type") or "").lower() == "delivery-status"


def _comes_from_nobody(own: Message) -> bool:
    """Mail that must not be answered has an empty way back (RFC 5321, 4.5.5); a box may not write it there."""
    way_back = mime_parser.header(own, "Return-Path")
    return bool(NOBODY.search(way_back)) or (not way_back and _is_postmaster(own))


def _has_proof(words: str, found: list[Message]) -> bool:
    """An enhanced code of a mail server, or the letter itself, given back; three digits may be a room's number."""
    returned = ("message/rfc822", "text/rfc822-headers")
    return bool(STATUS.search(words)) or any(part.get_content_type() in returned for part in found[1:])


def _of_rejection(said: list[Message]) -> list[Report]:
    """A mailbox that refuses by a rule of its owner answers with a receipt that says so (RFC 8098, RFC 5429)."""
    for part in said:
        for fields in mime_parser.inside(part) if part.get_content_type() == MDN else []:
            disposition = mime_parser.header(fields, "Disposition").lower()
            words = _server_text(said)
            if "automatic-action" in disposition and "deleted" in disposition and REJECTED.search(words):
                return [
                    Report(
                        _typed(fields, "Final-Recipient"), "failed", "5.7.1", " ".join(words.split())[:LONGEST_REASON]
                    )
                ]
    return []


def _of_server_text(own: Message, found: list[Message]) -> list[Report]:
    words = _server_text(found)
    code = STATUS.search(words) or REPLY.search(words)
    late = LATE.search(f"{mime_parser.header(own, 'Subject')}\n{words}")
    action = "delayed" if late and not (code and code[1].startswith("5")) else "failed"
    status = code[1] if code and "." in code[1] else ""
    addresses = _recipients(own, words) or ("",)
    return [Report(address, action, status, _reason(address, words, code)) for address in addresses]


def _reason(address: str, words: str, code: "re.Match[str] | None") -> str:
    """The lines from the code on to the next empty one, or else what stands after the address."""
    if code:
        start = words.rfind("\n", 0, code.start()) + 1
        return " ".join(words[start:].partition("\n\n")[0].split())[:LONGEST_REASON]
    after = words.partition(address)[2] if address else ""
    return " ".join(after.split()).lstrip(">): ")[:AFTER_ADDRESS]


def _recipients(own: Message, words: str) -> tuple[str, ...]:
    named = ADDRESS.findall(mime_parser.header(own, "X-Failed-Recipients"))
    if named:
        return _unique(named)
    ours = {
        each.lower() for each in mime_parser.addresses(own, *ADDRESSED, "From", "Sender", "Reply-To", "Return-Path")
    }
    for pattern in SAID_OF:
        told = [address for address in pattern.findall(words) if address.lower() not in ours]
        if told:
            return _unique(told)
    return ()


def _server_text(found: list[Message]) -> str:
    """What the server says itself, without the letter that it gives back."""
    said = []
    for part in found:
        if part is not found[0] and part.get_content_type() == "message/rfc822":
            break
        if part.get_content_maintype() == "text":
            said.append(mime_parser.text(part))
    return RETURNED.split("\n".join(said)[:SPOKEN], maxsplit=1)[0]


# --- others ---


def _is_calendar_answer(part: Message) -> bool:
    """An answer to an invitation (RFC 5546), as a part of the letter or as a file of it."""
    if part.is_multipart():
        return False
    kind, name = part.get_content_type(), mime_parser.file_name(part).lower()
    if kind in ("text/calendar", "application/ics") or name.endswith((".ics", ".vcs")):
        method = str(part.get_param("method") or "").lower()
        return method in CALENDAR_METHODS or bool(CALENDAR_ANSWER.search(mime_parser.text(part)))
    data = mime_parser.content(part) if "tnef" in kind or name.endswith(".dat") else b""
    return data.startswith(TNEF) and bool(OUTLOOK_ANSWER.search(data.replace(b"\0", b"")))


def _is_of_a_machine(own: Message, found: list[Message]) -> bool:
    """RFC 3834, 5, and what was usual before it; a receipt of having been read (RFC 8098) is also one.

    A letter through a mailing list is a person's, and so is one whose program asks others not to answer by themselves.
    """
    return (
        _submitted(own)
        or any(own.get(name) for name in ("X-Autoreply", "X-Autorespond"))
        or mime_parser.header(own, "Precedence").lower() in ("auto_reply", "bulk", "junk")
        or bool(NOBODY.search(mime_parser.header(own, "Return-Path")))
        or bool(DAEMON.search(mime_parser.header(own, "From")))
        or any(part.get_content_type() == MDN for part in found)
    )


def _submitted(own: Message) -> bool:
    """Does it say that no person has sent it (RFC 3834, 5)?"""
    submitted = re.split(r"[\s;(]", mime_parser.header(own, "Auto-Submitted").lower(), maxsplit=1)[0]
    return submitted not in ("", "no")


def _gone(own: Message) -> tuple[str, tuple[str, ...]]:
    """The words that say that whoever had the mailbox has gone, and the addresses named in them; else nothing."""
    words = QUOTED.split(_server_text(list(mime_parser.walk(own, into_letters=False))), maxsplit=1)[0]
    if not GONE.search(" ".join(words.split())):
        return "", ()
    known = {each.lower() for each in mime_parser.addresses(own, *ADDRESSED, "From", "Sender", "Reply-To")}
    contacts = (each.rstrip(".").lower() for each in ADDRESS.findall(words))
    return " ".join(words.split())[:LONGEST_REASON], _unique(each for each in contacts if each not in known)[:5]


def _returned_to(found: list[Message]) -> Iterator[str]:
    """The envelope's sender of the letter that is given back, in whatever form that is."""
    for part in found:
        if part is not found[0]:
            yield from mime_parser.addresses(part, "Return-Path")
        if part.get_content_type() == "message/feedback-report":
            for fields in mime_parser.inside(part):
                yield from mime_parser.addresses(fields, "Original-Mail-From")
        if not part.is_multipart():
            yield from RETURN_PATH.findall(mime_parser.text(part))


def _returned_ids(own: Message, found: list[Message]) -> Iterator[str]:
    for name in ("In-Reply-To", "References", "X-MS-Exchange-Parent-Message-Id"):
        yield from IDS.findall(mime_parser.header(own, name))
    for part in found:
        if part is not own:
            yield from IDS.findall(mime_parser.header(part, "Message-ID"))
        if not part.is_multipart():
            yield from MESSAGE_ID.findall(mime_parser.text(part))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:MOST_REPORTS]


# Where the letter that is given back begins when it is only text.
RETURNED = re.compile(
    r"^[ \t>*-]{0,80}(?:below this line|below the next line|original message|this is a copy of|included is a copy"
    r"|start of returned|message (?:header|text)|returned mail|old message|the header|your message reads"
    r"|a copy of the original|unsent message|here is your returned|end of message|return-path:|received: )[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
# How servers name a recipient, the clearest way first.
SAID_OF = [
    re.compile(rf"^[ \t*>-]*<({ADDRESS.pattern})>:", re.MULTILINE),
    re.compile(
        rf"(?:rcpt to|final recipient|failed recipient|undeliverable address|recipient|error-for|smtp=)"
        rf":?[ \t]*(?:\[?smtp:)?<?({ADDRESS.pattern})",
        re.IGNORECASE,
    ),
    re.compile(rf"^[ \t*>-]*(?:\(expanded from: )?[<\[\"(]?({ADDRESS.pattern})[>\]\")]?:?[ \t]*$", re.MULTILINE),
    re.compile(rf"[<\[\"']({ADDRESS.pattern})[>\]\"']"),
    re.compile(rf"({ADDRESS.pattern})"),
]
