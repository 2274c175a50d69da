"""The whole way of incoming mail with a real Postfix and Dovecot with Sieve: letters out, and what comes back."""

from email import message_from_bytes
from email.message import EmailMessage

import pytest
from django.utils import timezone

from meetings.invitations import emails
from meetings.models import Participation
from meetings.tasks import process_calendar_answers
from outbox.models import Delivery, InboundMessage, State, Suppression
from outbox.sending.worker import send_waiting
from outbox.tasks import poll_inbox
from tests.outbox.incoming.mail_servers import SERVER, MailServers, wait_for, why_not

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.skipif(bool(why_not()), reason=why_not())]


@pytest.fixture
def servers(settings, db):
    running = MailServers()
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.smtp, 10
    settings.DEFAULT_FROM_EMAIL = "Portaali <youthnet@portal.test>"
    settings.BOUNCE_ADDRESS, settings.AUTHSERV_ID = "bounces@portal.test", SERVER
    settings.INBOX_URL = running.inbox_url
    yield running
    running.close()


def invited(meeting, address):
    row = Participation(meeting=meeting, email=address)
    row.list_as_guest(timezone.now())
    return emails.invitation(row)


def news_of(letter):
    return list(letter.events.values_list("type", flat=True))


def answer_to(raw, sender):
    """As a calendar program answers the invitation in this letter."""
    entry = next(part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar")
    lines = entry.get_payload(decode=True).decode().replace("\r\n ", "").splitlines()
    kept = [line for line in lines if line.startswith(("UID:", "SEQUENCE:"))]
    stamp = f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}"
    who = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{sender}"
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", *kept, stamp, who, "END:VEVENT"]
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Hyvä <{sender}>", "youthnet@portal.test", "Accepted"
    made.set_content("Tulen.")
    made.add_alternative(
        "\r\n".join([*text, "END:VCALENDAR", ""]).encode(), "text", "calendar", params={"method": "REPLY"}
    )
    return bytes(made)


def test_bounces_delays_vacations_and_answers_take_the_whole_way(servers, meeting):
    """Real use 5, 9, 19, 20, 21: each kind that a real server sends lands where it should."""
    people = ["good@remote.test", "nobody@remote.test", "loma@remote.test", "gone@remote.test", "strict@remote.test"]
    letters = {each: invited(meeting, each) for each in [*people, "hidas@late.test"]}
    send_waiting()
    assert Delivery.objects.in_state("sent").count() == 6

    [invitation] = wait_for(lambda: servers.letters_of("good@remote.test"), "the invitation")
    servers.send("good@remote.test", "youthnet@portal.test", answer_to(invitation, "good@remote.test"))
    human = (
        "From: good@remote.test\r\nTo: youthnet@portal.test\r\nSubject: Kalvoja ei voitu toimittaa\r\n\r\nTulen.\r\n"
    )
    servers.send("good@remote.test", "youthnet@portal.test", human.encode())

    def has_come():
        poll_inbox()
        return InboundMessage.objects.count() >= 7

    wait_for(has_come, "seven letters that come back")
    kinds = sorted(InboundMessage.objects.values_list("kind", flat=True))
    assert kinds == ["auto_reply", "bounce", "bounce", "calendar", "delay", "gone", "person"]
    assert {each: news_of(letter) for each, letter in letters.items()} == {
        "good@remote.test": [],
        "nobody@remote.test": ["bounce_hard"],
        "loma@remote.test": ["auto_reply"],
        "gone@remote.test": ["gone"],
        "strict@remote.test": ["bounce_policy"],
        "hidas@late.test": ["delayed"],
    }
    assert Suppression.objects.count() == 1
    letters["hidas@late.test"].refresh_from_db()
    assert letters["hidas@late.test"].state is State.SENT
    process_calendar_answers()
    assert meeting.participations.get(email="good@remote.test").answer == "yes"
    waiting = InboundMessage.objects.unhandled().oldest_first()
    assert {message.letter().text for message in waiting.filter(kind="person")} == {"Tulen."}
    assert waiting.get(kind="gone").reading().contacts == ("uusi@remote.test",)
