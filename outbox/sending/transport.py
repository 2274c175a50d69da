"""The transports: the relay by a pool of connections, or any e-mail backend of Django, one letter at a time."""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from outbox.incoming.smtp_status import BROKE_OFF
from outbox.message import builder
from outbox.message.body import CALENDAR_FILE
from outbox.models import Delivery, Heartbeat, LeftOut
from outbox.models.delivery_state import INTERRUPTIONS, LONG_LEASE
from outbox.sending import claim
from outbox.sending.connection_pool import Relay, RelayUnreachable, in_one_line
from outbox.sending.sender import HEARTBEAT_INTERVAL, record_outcome, write_with_retries
from outbox.sending.smtp_connection import Answer, Outcome, answer_to

log = logging.getLogger(__name__)

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def relay() -> Relay | None:
    """The relay of the settings; None when letters leave through another backend."""
    if settings.OUTBOX_TRANSPORT != SMTP:
        return None
    return Relay(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        tls=settings.EMAIL_USE_TLS,
        ssl=settings.EMAIL_USE_SSL,
    )


def send_one_by_one(clock: Callable[[], datetime], ends: float, held_since: datetime | None = None) -> int:
    """Through a backend without a pool: files in development, an e-mail service. Tells how many were sent."""
    backend: Any = get_connection(settings.OUTBOX_TRANSPORT)
    sent, beat_at = 0, time.monotonic()
    try:
        while time.monotonic() < ends and (claimed := claim.claim_next(clock(), 1, held_since, LONG_LEASE)):
            sent += _send(claimed[0], backend, clock)
            if time.monotonic() - beat_at > HEARTBEAT_INTERVAL:
                Heartbeat.objects.beat(clock())
                beat_at = time.monotonic()
    finally:
        _quit(backend)
    return sent


def _send(claimed: claim.ClaimedDelivery, backend: Any, clock: Callable[[], datetime]) -> bool:
    if claimed.is_stopped:
        Delivery.objects.filter(pk=claimed.pk).leave_out(LeftOut.SUPPRESSED, clock())
        return False
    if claimed.interruptions >= INTERRUPTIONS:
        Delivery.objects.fail_poisonous([claimed.pk], clock())
        return False
    try:
        backend.open()
    except OSError as error:
        Delivery.objects.release_claims([claimed.pk], clock())
        raise RelayUnreachable(in_one_line(error)) from error
    answer = _hand_on(claimed, backend)
    write_with_retries(lambda: record_outcome(claimed, answer, clock()))
    return answer.verdict is Outcome.SENT


def _hand_on(claimed: claim.ClaimedDelivery, backend: Any) -> Answer:
    try:
        row = Delivery.objects.select_related("wording__mailing", "mailing").get(pk=claimed.pk)
        backend.send_messages([Envelope(row.as_letter())])
    except Exception as error:
        answer = answer_for(error)
        if answer.verdict is not Outcome.NEVER:
            _quit(backend)
        return answer
    return Answer(Outcome.SENT)


def _quit(backend: Any) -> None:
    try:
        backend.close()
    except OSError:
        log.info("the transport did not say goodbye")


class Envelope(EmailMultiAlternatives):
    """A letter as Django's e-mail backends know it; the message inside is the one built by message/builder.py."""

    def __init__(self, letter: builder.Letter) -> None:
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
        if letter.calendar and settings.ESP:  # providers take files, and no third reading
            self.attach(CALENDAR_FILE, letter.calendar, f"text/calendar; method={letter.calendar_method}")
        elif letter.calendar:
            self.attach_alternative(letter.calendar, f"text/calendar; method={letter.calendar_method}")
        for each in letter.calendar_files:
            self.attach(each.name, each.text, f"text/calendar; method={each.method}")

    def message(self) -> Message:  # type: ignore[override]
        return builder.build(self.letter)


def answer_for(error: Exception) -> Answer:
    """How an exception of a backend reads. Only an answer that concerns this letter is final."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return answer_to(in_one_line(smtplib.SMTPResponseException(code, words)))
    if isinstance(error, smtplib.SMTPResponseException):
        return answer_to(in_one_line(error), of_sender=isinstance(error, smtplib.SMTPSenderRefused))
    if provider := _said_by_provider(error):
        return provider
    if not isinstance(error, OSError):
        log.error("a letter could not be built or handed on", exc_info=error)
    return Answer(Outcome.UNCLEAR, BROKE_OFF)


def _said_by_provider(error: Exception) -> Answer | None:
    """Anymail's errors; by name and status, for the package is not always there."""
    code = _code_of_provider(error, {kind.__name__ for kind in type(error).__mro__})
    return answer_to(f"{code} {in_one_line(error)}"[:500]) if code else None


def _code_of_provider(error: Exception, names: set[str]) -> str:
    """The codes that a mail server would have given: they say whose fault it is, which a provider's words leave open.

    A provider that refuses a request speaks of our key or of the letter's form, whatever addresses its words name.
    """
    if "AnymailRecipientsRefused" in names:
        letter = getattr(error, "email_message", None)
        said = getattr(getattr(letter, "anymail_status", None), "status", None)
        return "550 5.1.1" if said == {"invalid"} else "550 5.7.0"
    if names & {"AnymailUnsupportedFeature", "AnymailInvalidAddress"}:
        return "554 5.6.0"
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return ""
    if status == 429 or status >= 500:
        return "450 4.3.0"
    return "535 5.7.8" if status in (401, 402, 403) else "554 5.6.0"
