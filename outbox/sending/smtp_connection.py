"""One SMTP connection without waiting: several of them are driven by one thread.

smtplib opens it (EHLO, STARTTLS, AUTH); after that the connection speaks for itself, because smtplib waits for an
answer after each of four steps. A relay that offers PIPELINING (RFC 2920) is sent MAIL, RCPT and DATA in one go,
together with the end of the letter before; one that does not is asked step by step.

A connection that has an answer about a letter waits until the caller has written it down (`acknowledge`) before it
sends the next. So at any moment no more than one letter per connection is in doubt.
"""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from outbox.incoming import smtp_status
from outbox.incoming.smtp_status import BROKE_OFF, Cause

# Seconds to wait for an answer: before and after the letter itself (RFC 5321, 4.5.3.2: more patience at the end).
PATIENCE, LAST_PATIENCE = 60.0, 300.0
CHUNK = 65536
SERVICE_CLOSING = 421


class Outcome(Enum):
    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    UNCLEAR = "unclear"  # broken off: nobody knows whether it was taken
    UNTOUCHED = "untouched"  # the connection broke before the letter was on its way


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one attempt, with the relay's own words."""

    verdict: Outcome
    reply: str = ""


class OutgoingMessage:
    """One letter for a connection: envelope and content as bytes, and what the caller calls it.

    No line of the content begins with a dot (message/quoted_printable.py sees to it), so none needs to be stuffed.
    """

    __slots__ = ("commands", "content", "tag")

    def __init__(self, sender: str, recipient: str, content: bytes, tag: Any) -> None:
        """Raises ValueError for what SMTP cannot carry: no other letter is harmed by it."""
        for address in (sender, recipient):
            if not address.isascii() or not address.isprintable() or set(address) & set("<> "):
                raise ValueError("not an address for SMTP")
        self.commands = (f"MAIL FROM:<{sender}>\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n")
        self.content = content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
        self.tag = tag


Reply = tuple[int, bytes]
Asked = Generator[tuple[bytes, int], list[Reply], None]


class ConnectionLost(Exception):
    """The connection is no more."""


class SmtpConnection:
    """One connection. `offer` gives it the next letter to come; `results` holds answers not yet collected."""

    def __init__(self, smtp: smtplib.SMTP, offer: Callable[[], OutgoingMessage | None]) -> None:
        self.pipelining = smtp.has_extn("pipelining")
        assert smtp.sock
        self.socket: socket.socket = smtp.sock
        self.socket.setblocking(False)
        self.offer = offer
        self.results: list[tuple[OutgoingMessage, Answer]] = []
        self.outgoing: OutgoingMessage | None = None  # the letter this connection is busy with
        self.following: OutgoingMessage | None = None  # announced to the relay, not yet on its way
        self.carried = 0
        self.body_is_out = False
        self.is_held = False  # an answer waits to be written down
        self.is_gone = False
        self.deadline = 0.0
        self._received = b""
        self._replies: list[Reply] = []
        self._lines: list[bytes] = []
        self._wanted = 0
        self._unsent = memoryview(b"")
        self._talk: Asked | None = None

    # what the caller does

    @property
    def is_idle(self) -> bool:
        return self.outgoing is None and not self.is_gone and not self.is_held

    @property
    def wants_to_write(self) -> bool:
        return bool(self._unsent)

    def start(self) -> bool:
        """Take a letter when one is offered and start to talk."""
        self.outgoing = self.offer() if self.is_idle else None
        if self.outgoing is None:
            return False
        self._talk = self._conversation(announced=False)
        self._advance(lambda talk: next(talk))
        return True

    def acknowledge(self) -> None:
        """The answers were written down: the next letter may leave."""
        if self.is_held and not self.is_gone:
            self.is_held = False
            self._advance(lambda talk: talk.send([]))

    def readable(self) -> None:
        """Bytes have come (or the end of the connection)."""
        try:
            self._read()
        except ConnectionLost:
            self.lose()
            return
        if self._wanted and len(self._replies) >= self._wanted:
            replies, self._replies = self._replies[: self._wanted], self._replies[self._wanted :]
            self._wanted = 0
            self._advance(lambda talk: talk.send(replies))

    def writable(self) -> None:
        """There is room for bytes."""
        try:
            while self._unsent:
                self._unsent = self._unsent[self.socket.send(self._unsent) :]
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            pass
        except OSError:
            self.lose()

    def lose(self) -> None:
        """The connection broke or was silent for too long: what was on its way may have arrived."""
        if self.is_gone:
            return
        self.is_gone = True
        self._close()
        if self.outgoing:
            verdict = Outcome.UNCLEAR if self.body_is_out else Outcome.UNTOUCHED
            self.results.append((self.outgoing, Answer(verdict, BROKE_OFF)))
        if self.following:
            self.results.append((self.following, Answer(Outcome.UNTOUCHED, BROKE_OFF)))
        self.outgoing = self.following = None

    def quit(self) -> None:
        """Say goodbye; nobody waits for the answer."""
        if not self.is_gone:
            self.is_gone = True
            try:
                self.socket.send(b"QUIT\r\n")
            except OSError:
                pass
            self._close()

    # the conversation

    def _conversation(self, announced: bool) -> Asked:
        """Letter after letter. Yields bytes and how many answers they ask for; is sent the answers."""
        replies: list[Reply] = []
        while self.outgoing:
            if not announced:
                replies = yield from self._announce(self.outgoing)
            if self._is_accepted(replies):
                replies = yield from self._send_content(self.outgoing)
            else:
                yield from self._reset(self.outgoing, replies)
                replies = []
            announced = self.following is not None
            self.outgoing = self.following or self.offer()
            self.following = None

    def _announce(self, outgoing: OutgoingMessage) -> Generator[tuple[bytes, int], list[Reply], list[Reply]]:
        """MAIL, RCPT and DATA: together, or one by one as long as they are accepted."""
        if self.pipelining:
            return (yield b"".join(outgoing.commands), len(outgoing.commands))
        replies: list[Reply] = []
        for command in outgoing.commands:
            replies += yield command, 1
            if replies[-1][0] >= 400:
                break
        return replies

    def _send_content(self, outgoing: OutgoingMessage) -> Generator[tuple[bytes, int], list[Reply], list[Reply]]:
        """The letter itself, with the announcement of the next one. Returns the answers to that."""
        self.following = self.offer() if self.pipelining else None
        announcement = b"".join(self.following.commands) if self.following else b""
        self.body_is_out = True
        final, *replies = yield outgoing.content + announcement, 4 if self.following else 1
        self.body_is_out = False
        yield from self._report(outgoing, _said(final))
        return replies

    def _reset(
        self, outgoing: OutgoingMessage, replies: list[Reply]
    ) -> Generator[tuple[bytes, int], list[Reply], None]:
        """A step was not accepted. A relay that waits for the letter all the same is sent none (RFC 2920, 3.1)."""
        refusal = next(reply for reply in replies if reply[0] >= 400 or reply is replies[-1])
        if replies[-1][0] == 354:
            yield b".\r\n", 1
        elif not self.pipelining or len(replies) == 3:
            yield b"RSET\r\n", 1
        yield from self._report(outgoing, answer_to(_reply_text(refusal), of_sender=replies[0] is refusal))

    def _report(self, outgoing: OutgoingMessage, answer: Answer) -> Generator[tuple[bytes, int], list[Reply], None]:
        """Keep the answer for the caller and wait until it is written down."""
        self.results.append((outgoing, answer))
        self.outgoing = None
        self.carried += 1
        self.is_held = True
        yield b"", 0
        if answer.reply.startswith(str(SERVICE_CLOSING)):
            raise ConnectionLost

    def _is_accepted(self, replies: list[Reply]) -> bool:
        return len(replies) == 3 and replies[1][0] in (250, 251, 252) and replies[2][0] == 354 and replies[0][0] == 250

    def _advance(self, forward: Callable[[Asked], tuple[bytes, int]]) -> None:
        assert self._talk
        try:
            out, self._wanted = forward(self._talk)
        except StopIteration:
            self._talk = None
            return
        except ConnectionLost:
            self.lose()
            return
        if out:
            self._unsent = memoryview(out)
            self.deadline = time.monotonic() + (LAST_PATIENCE if self.body_is_out else PATIENCE)
            self.writable()

    # bytes

    def _read(self) -> None:
        try:
            while True:
                some = self.socket.recv(CHUNK)
                if not some:
                    raise ConnectionLost
                self._received += some
                if len(some) < CHUNK and not isinstance(self.socket, ssl.SSLSocket):
                    break
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as error:
            raise ConnectionLost from error
        self._parse()

    def _parse(self) -> None:
        """Answers of one or more lines (RFC 5321, 4.2.1)."""
        *lines, rest = self._received.split(b"\n")
        self._received = rest
        for line in lines:
            self._lines.append(line[4:])
            if line[3:4] != b"-":
                code = int(line[:3]) if line[:3].isdigit() else 0
                self._replies.append((code, b" ".join(self._lines)))
                self._lines = []
                if code == SERVICE_CLOSING and not self._wanted:
                    raise ConnectionLost

    def _close(self) -> None:
        try:
            self.socket.close()
        except OSError:
            pass


def _said(reply: Reply) -> Answer:
    return Answer(Outcome.SENT) if 200 <= reply[0] < 300 else answer_to(_reply_text(reply))


def answer_to(refusal: str, of_sender: bool = False) -> Answer:
    """What follows from a refusal; from what is none, nothing for good.

    That our sender is refused is no fault of the letter, except where it is for the letter's size (RFC 1870, 6.1).
    """
    meaning = smtp_status.of_reply(refusal)
    is_final = refusal[:1] in ("4", "5") and meaning.is_permanent and (not of_sender or meaning.cause is Cause.TOO_BIG)
    return Answer(Outcome.NEVER if is_final else Outcome.LATER, refusal)


def _reply_text(reply: Reply) -> str:
    words = reply[1].decode("utf-8", "replace").replace("\0", "")
    return " ".join(f"{reply[0]} {words}".split())[:500]
