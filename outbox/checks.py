"""System checks of the outbox: settings of incoming mail that would not work, or would not protect."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

SHORTEST_SECRET = 20


@register
def mail_can_come_in(app_configs: Any, **kwargs: Any) -> list[Error]:
    found = []
    if settings.INBOUND_SECRET and len(settings.INBOUND_SECRET) < SHORTEST_SECRET:
        found.append(
            Error(
                "INBOUND_SECRET is so short that it can be guessed.",
                hint='python -c "import secrets; print(secrets.token_urlsafe(24))" makes a good one.',
                id="outbox.E001",
            )
        )
    if settings.INBOX_URL and not settings.INBOX_URL.startswith(("imap+tls://", "imap://")):
        found.append(
            Error(
                "INBOX_URL is not the address of a mail box.",
                hint="Give it as INBOX_URL=imap+tls://user:password@mail.example.org:993/INBOX",
                id="outbox.E002",
            )
        )
    return found
