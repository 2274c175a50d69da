"""News of a sending service: Anymail's events become the same rows as reports of our own relay."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from outbox.incoming import smtp_status
from outbox.incoming.smtp_status import Cause
from outbox.models import Delivery, InboundMessage, MailEvent, Suppression
from tests.outbox.samples import sample

signals = pytest.importorskip("anymail.signals")
inbound = pytest.importorskip("anymail.inbound")
exceptions = pytest.importorskip("anymail.exceptions")


@pytest.fixture
def sent(queue):
    from django.utils import timezone

    row = queue("aino@example.org")
    Delivery.objects.mark_sent([row.pk], timezone.now() - timedelta(hours=1))
    return row


def tell(event_type, **more):
    """As Anymail's webhook does once it has checked the service's secret."""
    fields = {"recipient": "aino@example.org", "event_id": "1", "message_id": None, "timestamp": None}
    fields |= {"reject_reason": None, "mta_response": None, "description": None, **more}
    event = signals.AnymailTrackingEvent(event_type=event_type, **fields)
    signals.tracking.send(sender=None, event=event, esp_name="Postal")


@pytest.mark.parametrize(
    ("event_type", "more", "news", "reasons"),
    [
        ("bounced", {"reject_reason": "bounced"}, "bounce_hard", ["dead"]),
        ("bounced", {"reject_reason": "invalid", "mta_response": "552 5.2.2 full"}, "bounce_soft", []),
        ("bounced", {"reject_reason": "bounced", "mta_response": "550 blocked as spam"}, "bounce_policy", []),
        ("bounced", {"reject_reason": "other", "mta_response": "550 No such user here"}, "bounce_hard", ["dead"]),
        ("bounced", {"reject_reason": "bounced", "mta_response": "550 Rejected"}, "bounce_hard", ["dead"]),
        ("rejected", {"reject_reason": "spam"}, "bounce_policy", []),
        ("failed", {"reject_reason": "timed_out"}, "bounce_soft", []),
        ("deferred", {}, "delayed", []),
        ("complained", {}, "complaint", ["complaint"]),
        ("delivered", {}, "delivered", []),
        ("autoresponded", {}, "auto_reply", []),
    ],
)
def test_each_event_becomes_news_of_the_letter_once(sent, event_type, more, news, reasons):
    tell(event_type, **more)
    tell(event_type, **more)
    [event] = MailEvent.objects.all()
    assert (event.type, event.delivery, event.source) == (news, sent, "esp postal")
    assert [stop.reason for stop in Suppression.objects.all()] == reasons


@pytest.mark.parametrize("event_type", ["opened", "clicked", "queued", "sent", "unsubscribed", "unknown"])
def test_what_is_no_news_leaves_no_trace(sent, event_type):
    tell(event_type)
    assert MailEvent.objects.count() == 0


def test_a_letter_is_known_by_its_message_id_first(sent, queue):
    other = queue("eetu@example.org")
    tell("delivered", message_id=other.message_id)
    assert MailEvent.objects.get().delivery == other


def test_news_of_a_letter_that_is_not_ours_is_left_aside(db):
    tell("bounced", recipient="nobody@example.org")
    assert MailEvent.objects.count() == 0


def test_mail_that_the_service_took_in_is_kept_with_its_envelope(db):
    message = inbound.AnymailInboundMessage.parse_raw_mime_bytes(sample("person"))
    message.envelope_recipient = "bounces@portal.example.org"
    event = signals.AnymailInboundEvent(event_type="inbound", timestamp=None, event_id="1", message=message)
    signals.inbound.send(sender=None, event=event, esp_name="Postal")
    row = InboundMessage.objects.get()
    assert row.source == "esp"
    assert bytes(row.raw).startswith(b"Delivered-To: bounces@portal.example.org\r\n")
    assert b"junalla" in bytes(row.raw)


# --- what a provider answers at once ---


class Refusing(BaseEmailBackend):
    """A provider that takes no letter."""

    error = Exception()

    def send_messages(self, email_messages):
        raise self.error


def api(status, words):
    response = SimpleNamespace(status_code=status, reason="", text=words, json=lambda: {"message": words})
    return exceptions.AnymailRequestsAPIError(response=response, status_code=status)


def refused(*statuses):
    letter = SimpleNamespace(anymail_status=SimpleNamespace(status=set(statuses)))
    return exceptions.AnymailRecipientsRefused(email_message=letter)


@pytest.mark.parametrize(
    ("error", "state", "cause", "news"),
    [
        (api(401, "Account not found: no such user"), "failed", Cause.RELAY_DENIED, ["bounce_policy"]),
        (api(403, "The account is disabled"), "failed", Cause.RELAY_DENIED, ["bounce_policy"]),
        (api(400, "Sender address is not verified"), "failed", Cause.SENDER_REJECTED, ["bounce_policy"]),
        (api(422, "Email address is invalid"), "failed", Cause.UNREADABLE, ["bounce_policy"]),
        (api(429, "Too many requests"), "deferred", Cause.TRY_LATER, []),
        (api(503, "User service unknown"), "deferred", Cause.TRY_LATER, []),
        (refused("invalid"), "failed", Cause.UNKNOWN_RECIPIENT, ["bounce_hard"]),
        (refused("rejected"), "failed", Cause.POLICY, ["bounce_policy"]),
        (exceptions.AnymailUnsupportedFeature("reply_to"), "failed", Cause.UNREADABLE, ["bounce_policy"]),
    ],
)
def test_a_request_that_a_provider_refuses_is_no_fault_of_the_address(
    queue, worker, settings, monkeypatch, error, state, cause, news
):
    settings.OUTBOX_TRANSPORT = "tests.outbox.incoming.test_esp_webhooks.Refusing"
    monkeypatch.setattr(Refusing, "error", error)
    letter = queue()
    worker()
    letter.refresh_from_db()
    assert letter.state == state
    assert smtp_status.of_reply(letter.last_error).cause == cause
    assert [event.type for event in MailEvent.objects.all()] == news
    assert Suppression.objects.exists() == (news == ["bounce_hard"])
