"""One connection to the relay for a whole round, and what its answers mean for a letter."""

import logging
import smtplib
from dataclasses import dataclass
from email.message import Message
from enum import Enum
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from outbox import reasons, wire

log = logging.getLogger(__name__)

SERVICE_CLOSING = 421
TOO_BIG = 552


class RelayAway(Exception):
    """The relay cannot be reached; no letter is to blame."""


class Verdict(Enum):
    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    UNCLEAR = "unclear"  # broken off: nobody knows whether it was taken


@dataclass(frozen=True)
class Answer:
    """What became of one attempt, with the relay's own words."""

    verdict: Verdict
    reply: str = ""


class Envelope(EmailMultiAlternatives):
    """A letter as Django's e-mail backends know it; the message inside is the one built by wire.py."""

    def __init__(self, letter: wire.Letter) -> None:
        super().__init__(
            letter.subject,
            letter.text,
            letter.sender,
            [letter.recipient],
            reply_to=list(letter.reply_to),
            headers={**letter.headers, "Message-ID": letter.message_id},
        )
        self.letter = letter
        if letter.html:
            self.attach_alternative(letter.html, "text/html")
        if letter.calendar:
            self.attach_alternative(letter.calendar, f"text/calendar; method={letter.calendar_method}")

    def message(self) -> Message:  # type: ignore[override]
        return wire.build(self.letter)


class Transport:
    """Open as a context manager. `ready` before each letter; `hand_on` never raises for what one letter did."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(settings.OUTBOX_TRANSPORT)

    def __enter__(self) -> "Transport":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def ready(self) -> None:
        """Open the connection if it is not. Raises RelayAway."""
        try:
            self.backend.open()
        except OSError as error:
            self._hang_up()
            raise RelayAway(in_one_line(error)) from error

    def hand_on(self, letter: wire.Letter) -> Answer:
        try:
            self.backend.send_messages([Envelope(letter)])
        except Exception as error:
            answer = answer_for(error)
            if answer.verdict is not Verdict.NEVER:
                self._hang_up()
            return answer
        return Answer(Verdict.SENT)

    def _hang_up(self) -> None:
        try:
            self.backend.close()
        except OSError:
            log.info("the relay did not say goodbye")


def answer_for(error: Exception) -> Answer:
    """How an exception of a backend reads. Only an answer that concerns this letter is final."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _said(code, words)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_BIG:
        return Answer(Verdict.LATER, _reply(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    if not isinstance(error, OSError):
        log.error("a letter could not be built or handed on", exc_info=error)
    return Answer(Verdict.UNCLEAR, reasons.BROKE_OFF)


def in_one_line(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _said(code: int, words: bytes | str) -> Answer:
    final = 500 <= code < 600
    return Answer(Verdict.NEVER if final else Verdict.LATER, _reply(code, words))


def _reply(code: int, words: bytes | str) -> str:
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {told}".replace("\0", "").split())[:500]
