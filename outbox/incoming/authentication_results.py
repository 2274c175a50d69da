"""Authentication-Results (RFC 8601): what our own receiving mail server verified about the sender of a message.

Pure, and never raising. Only what the own server wrote is read: the headers that bear its authserv-id, in the block of
trace headers on top. A stranger can write such headers too, but they lie below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from lib.text.mailboxes import normal_domain
from outbox.incoming import mime_parser

HEADER = "authentication-results"
LONGEST = 10_000
# Headers of the author: what stands below the first of them is not the work of the receiving server.
OF_AUTHOR = frozenset(
    [
        *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"),
        *("mime-version", "content-type", "content-transfer-encoding", "dkim-signature"),
    ]
)
QUOTED = r'"(?:\\.|[^"\\])*"'
VALUE = rf'(?:{QUOTED}|[^\s;"])*'
PIECES = re.compile(rf'(?:{QUOTED}|[^";])+')
SERVER = re.compile(rf'\s*({QUOTED}|[^\s;"]+)')
# `dkim=pass`, `dkim/1 = pass`; then `header.d=…`, `reason="…"` and what some servers write besides, as `action=none`.
METHOD = re.compile(r"\s*([A-Za-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z]+)(?![\w.@-])")
PROPERTY = re.compile(rf"\s+([A-Za-z][\w-]*)(?:\s*\.\s*([A-Za-z][\w-]*))?\s*=\s*({VALUE})")
SKIPPED = re.compile(r"\s+\S+|\S+")
ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Result:
    """One method and what came of it: `dkim`, `pass`, {"header.d": ["example.org"]}. All in small letters."""

    method: str
    result: str
    properties: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """One header. `server` is the authserv-id, empty where there is none, as in boxes of Microsoft 365."""

    server: str
    results: tuple[Result, ...]


def parse(value: str) -> Results:
    """The value of one header; without results when it is broken, so that nothing can be read out of it by mistake."""
    plain = _without_comments(mime_parser.FOLD.sub(" ", value)[:LONGEST])
    if plain is None:
        return Results("", ())
    pieces = PIECES.findall(plain)
    named = SERVER.match(pieces[0]) if pieces and not METHOD.match(pieces[0]) else None
    found = (_result(piece) for piece in (pieces[1:] if named else pieces))
    return Results(_unquoted(named[1]).lower() if named else "", tuple(each for each in found if each))


def of_server(message: Message, server: str, without_id: bool = False) -> list[Result]:
    """What the server of this name found. With `without_id` the topmost header counts also if it bears no name.

    A method counts as the topmost header that knows it says: servers write a header for each filter, the newest on top.
    """
    found: list[Result] = []
    for header in _own(message, server.lower(), without_id):
        known = {each.method for each in found}
        found += [each for each in header.results if each.method not in known]
    return found


def is_sender_proven(message: Message, server: str, without_id: bool = False) -> bool:
    """Whether the server found that the domain of the one mailbox in From sent this.

    By DMARC (RFC 7489), which speaks of that very domain, or by a DKIM signature of that domain or of one above it. A
    signature of a domain below proves nothing without a list of the domains under which strangers can register. A
    DMARC that failed is the last word, and SPF alone speaks of the envelope only.
    """
    domain = mime_parser.sole_sender(message).rpartition("@")[2]
    results = of_server(message, server, without_id) if domain else []
    verdicts = [each for each in results if each.method == "dmarc"]
    if any(each.result in ("fail", "reject", "quarantine") for each in verdicts):
        return False
    if any(each.result == "pass" and _all_are(each, "header.from", domain) for each in verdicts):
        return True
    return any(each.method == "dkim" and each.result == "pass" and _is_signed_by(each, domain) for each in results)


def _own(message: Message, server: str, without_id: bool) -> Iterator[Results]:
    """The headers of the own server, the topmost first, down to where the message was when it came to the server."""
    began = False
    for name, value in message.raw_items():
        if name.lower() in OF_AUTHOR or (began and name.lower() == "received"):
            return
        if name.lower() != HEADER:
            continue
        header = parse(str(value))
        if not began and without_id and not header.server:
            yield header
            return
        if not server or header.server != server:
            return
        began = True
        yield header


def _result(piece: str) -> Result | None:
    """`dkim=pass (good) reason="fine" header.d=example.org`, its comments gone."""
    begun = METHOD.match(piece)
    if begun is None:
        return None
    properties: dict[str, list[str]] = {}
    at = begun.end()
    while at < len(piece):
        named = PROPERTY.match(piece, at)
        if named:
            name = f"{named[1]}.{named[2]}" if named[2] else named[1]
            properties.setdefault(name.lower(), []).append(_unquoted(named[3]).lower())
        skipped = named or SKIPPED.match(piece, at)
        at = skipped.end() if skipped else len(piece)
    return Result(begun[1].lower(), begun[2].lower(), properties)


def _without_comments(value: str) -> str | None:
    """Comments may lie in comments, and brackets in quoted words are no comments. None when one is not closed."""
    kept, depth, quoted, at = [], 0, False, 0
    while at < len(value):
        mark = value[at]
        if mark == "\\" and (depth or quoted):
            kept.append("" if depth else value[at : at + 2])
            at += 2
            continue
        if not depth and mark == '"':
            quoted = not quoted
        elif not quoted and mark in "()":
            depth += 1 if mark == "(" else -1
            mark = " "
        if depth < 0:
            return None
        kept.append("" if depth else mark)
        at += 1
    return None if depth or quoted else "".join(kept)


def _unquoted(value: str) -> str:
    value = value.strip()
    return ESCAPED.sub(r"\1", value.replace('\\"', "\0").replace('"', "").replace("\0", '"')) if '"' in value else value


def _is_signed_by(result: Result, domain: str) -> bool:
    if "header.d" in result.properties:
        return _all_are(result, "header.d", domain, above=True)
    agents = result.properties.get("header.i", [])
    return bool(agents) and all(_is_of(agent.rpartition("@")[2], domain) for agent in agents)


def _all_are(result: Result, name: str, domain: str, above: bool = False) -> bool:
    """A property given twice must not say two things."""
    values = result.properties.get(name, [])
    return bool(values) and all(_is_of(value, domain, above) for value in values)


def _is_of(value: str, domain: str, above: bool = False) -> bool:
    value = normal_domain(value.strip("<>. ").removeprefix("@"))
    return value == domain or (above and "." in value and domain.endswith(f".{value}"))
