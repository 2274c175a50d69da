"""A Django e-mail backend whose letters enter the queue: everything that Django and allauth send goes the same way."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.tasks import wake
from outbox.message import validation
from outbox.models import Delivery, LetterRefused, Priority
from outbox.tasks import send_queued


class OutboxBackend(BaseEmailBackend):
    """One row per recipient, in this transaction. They carry codes: they go first, and their words do not stay."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        drafts = [draft for message in email_messages for draft in _drafts(message)]
        Delivery.objects.queue(drafts, timezone.now())
        wake(send_queued)
        return len(email_messages)


def _drafts(message: EmailMessage) -> Iterator[Delivery]:
    if message.attachments:
        raise LetterRefused(_("The letter was refused: the ledger keeps no attachments."))
    text, html = _readings(message)
    extra = {name: value for name, value in message.extra_headers.items() if name.lower() not in validation.OWN}
    for recipient in message.recipients():
        yield Delivery(
            kind="account",
            priority=Priority.URGENT,
            secret=True,
            recipient=recipient,
            language=get_language() or "",
            from_email=message.from_email,
            reply_to=message.reply_to,
            subject=str(message.subject),
            text=text,
            html=html,
            headers=extra,
        )


def _readings(message: EmailMessage) -> tuple[str, str]:
    """The plain and the HTML reading; a message may have only one of them."""
    others: list[Any] = getattr(message, "alternatives", [])
    html = next((content for content, kind in others if kind == "text/html"), "")
    if message.content_subtype == "html":
        return "", str(message.body)
    return str(message.body), str(html)
