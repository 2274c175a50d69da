"""News and mail of a sending service, through django-anymail when it is installed: the same rows as of our own relay.

The service's webhooks carry a secret of their own, so that what they say of an address is believed.
"""

from typing import Any

from django.utils import timezone

from lib.tasks import wake
from outbox.incoming import match_delivery, smtp_status
from outbox.incoming.smtp_status import Cause
from outbox.models import Delivery, InboundMessage, MailEvent
from outbox.tasks import read_inbound

BY_EVENT = {
    "deferred": MailEvent.Type.DELAYED,
    "delivered": MailEvent.Type.DELIVERED,
    "complained": MailEvent.Type.COMPLAINT,
    "autoresponded": MailEvent.Type.AUTO_REPLY,
}
# What the service calls the reason of a bounce, when the answer of the receiving house does not say it.
BY_REASON = {
    "invalid": MailEvent.Type.HARD,
    "bounced": MailEvent.Type.HARD,
    "blocked": MailEvent.Type.POLICY,
    "spam": MailEvent.Type.POLICY,
}
REFUSED = ("bounced", "rejected", "failed")


def connect() -> None:
    """Listen to the service. Called once, and only where the package is installed."""
    from anymail.signals import inbound, tracking

    tracking.connect(_on_tracking, dispatch_uid="outbox.incoming.esp_webhooks")
    inbound.connect(_on_inbound, dispatch_uid="outbox.incoming.esp_webhooks")


def anymail_tracking(event: Any, service: str = "esp") -> MailEvent | None:
    """One normalised tracking event of Anymail as one piece of news; None for what is no news of a letter of ours."""
    letter = _letter_of(event)
    news = _meaning(event)
    if letter is None or not news:
        return None
    words = str(event.mta_response or event.description or "")
    mark = str(event.event_id or f"{letter.pk} {news} {event.timestamp or ''}")[:200]
    source, code = f"esp {service}"[:40].lower(), smtp_status.enhanced_code(words)
    return MailEvent.objects.record(
        letter, news, timezone.now(), source=source, external_id=mark, code=code, detail=words
    )


def anymail_inbound(message: Any) -> bool:
    """A message that the service took in for us; its envelope is put before it as mail servers do."""
    to = " ".join(str(message.envelope_recipient or "").split())
    raw = (f"Delivered-To: {to}\r\n".encode("ascii", "ignore") if to else b"") + message.as_bytes()
    is_new = InboundMessage.objects.receive(raw, "esp", timezone.now())
    wake(read_inbound)
    return is_new


def _on_tracking(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    anymail_tracking(event, esp_name)


def _on_inbound(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    anymail_inbound(event.message)


def _letter_of(event: Any) -> Delivery | None:
    """By our Message-ID where the service keeps it, or else the newest letter to that person."""
    mark = str(event.message_id or "").strip("<>")
    named = match_delivery.letter_of_message_id(f"<{mark}>") if mark else None
    return named or match_delivery.newest_letter_to(str(event.recipient or ""), timezone.now())


def _meaning(event: Any) -> str:
    if event.event_type not in REFUSED:
        return BY_EVENT.get(event.event_type, "")
    if event.reject_reason == "unsubscribed":
        return ""
    meaning = smtp_status.of_reply(str(event.mta_response or ""))
    if meaning.cause is not Cause.REFUSED:
        return MailEvent.Type.of_refusal(meaning)
    return BY_REASON.get(event.reject_reason, MailEvent.Type.SOFT)
