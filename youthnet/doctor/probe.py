"""Letters to look at: the probe, and an issue of a newsletter as its readers get it."""

from datetime import datetime

from django.conf import settings

from lib.absolute_urls import absolute
from newsletters.issues.mailing import preview
from newsletters.models import Issue
from outbox import compose
from outbox.message import builder
from outbox.models import Delivery, Priority

TEMPLATE, KIND = "youthnet/emails/probe", "doctor-probe"


def send(address: str, now: datetime) -> Delivery:
    """Queue one probe letter. Raises LetterRefused when the address is none."""
    return compose.letter(
        TEMPLATE,
        to=address,
        language=settings.LANGUAGE_CODE,
        context={"page_url": absolute("/")},
        kind=KIND,
        priority=Priority.URGENT,
        now=now,
    )


def probe(address: str, now: datetime) -> bytes:
    """The probe as it would travel; nothing is stored."""
    row = compose.draft(
        TEMPLATE,
        to=address,
        language=settings.LANGUAGE_CODE,
        context={"page_url": absolute("/")},
        kind=KIND,
    )
    return _as_sent(row, now)


def newest_issue(address: str, now: datetime) -> bytes | None:
    """The newest issue as a reader without an account gets it; None when no list has an issue yet."""
    issue = Issue.objects.newest().first()
    if issue is None:
        return None
    row = preview(issue, settings.LANGUAGE_CODE, None, now)
    row.recipient = address
    return _as_sent(row, now)


def _as_sent(row: Delivery, now: datetime) -> bytes:
    message = builder.build(row.seal(now).as_letter())
    return message.as_bytes(linesep="\r\n")  # type: ignore[call-arg]
