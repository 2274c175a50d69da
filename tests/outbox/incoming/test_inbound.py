"""Post that comes in: what it is, which letter it is about, and that nothing made up does any harm."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from outbox.incoming import verp
from outbox.incoming.views import BIGGEST
from outbox.models import Delivery, InboundMessage, MailEvent, Mailing, State, Suppression
from outbox.models.inbound import KEEP, KEEP_WAITING
from outbox.tasks import read_inbound
from tests.outbox.conftest import NOW
from tests.outbox.samples import sample

BOX = "bounces@portal.example.org"


@pytest.fixture(autouse=True)
def with_a_box(settings):
    settings.BOUNCE_ADDRESS = BOX


@pytest.fixture
def sent(queue):
    """sent("aino@example.org") is a letter that left the house."""

    def letter(recipient="aino@example.org", **more):
        row = queue(recipient, **more)
        Delivery.objects.mark_sent([row.pk], NOW)
        row.refresh_from_db()
        return row

    return letter


@pytest.fixture
def comes_in(db):
    """comes_in(raw) is received and understood; gives its row."""

    def message(raw, now=NOW):
        InboundMessage.objects.receive(raw, "test", now)
        with time_machine.travel(now, tick=False):
            read_inbound()
        return InboundMessage.objects.order_by("-pk").first()

    return message


def about(letter, name, **gaps):
    return sample(name, RETURN_TO=verp.envelope_sender(letter.pk, ""), RECIPIENT=letter.recipient, **gaps)


def stops(email="aino@example.org"):
    return [(row.reason, row.scope) for row in Suppression.objects.of(email).current(NOW)]


# --- which letter ---


def test_a_dead_address_is_stopped_at_once(sent, comes_in):
    letter = sent()
    message = comes_in(about(letter, "postfix"))
    letter.refresh_from_db()
    assert (message.kind, message.delivery) == ("bounce", letter)
    assert letter.state is State.BOUNCED
    [event] = letter.events.all()
    assert (event.type, event.code) == ("bounce_hard", "5.1.1")
    assert stops() == [("dead", "all")]
    assert Suppression.objects.get().event == event


@pytest.mark.parametrize("name", ["exchange", "qmail", "exim"])
def test_servers_of_all_sorts_are_understood(sent, comes_in, name):
    letter = sent()
    comes_in(about(letter, name))
    assert stops() == [("dead", "all")]


def test_without_the_mark_a_letter_is_known_by_its_message_id(sent, comes_in):
    letter = sent()
    message = comes_in(sample("exchange", RETURN_TO="portal@example.org", MESSAGE_ID=letter.message_id))
    assert message.delivery == letter
    assert stops() == [("dead", "all")]


def test_a_letter_of_a_mailing_is_known_by_its_message_id(comes_in):
    mailing = Mailing.objects.open("newsletter", "1", "Uutiskirje", NOW)
    wording = mailing.add_wording("fi", "Uutiskirje", "Hei.", "", {})
    mailing.address(wording, [("aino@example.org", "", 1)], NOW)
    letter = Delivery.objects.get()
    message = comes_in(sample("exchange", RETURN_TO="portal@example.org", MESSAGE_ID=letter.own_message_id))
    assert message.delivery == letter
    other_key = letter.own_message_id.replace(mailing.key, "0" * 12)
    raw = sample("exchange", RETURN_TO="portal@example.org", MESSAGE_ID=other_key).replace(b"-0001", b"-0009")
    assert comes_in(raw).delivery is None


def test_a_report_that_names_only_a_person_is_no_more_than_a_passing_trouble(sent, comes_in):
    letter = sent()
    message = comes_in(sample("postfix", RETURN_TO="portal@example.org"))
    assert message.delivery == letter
    assert [event.type for event in letter.events.all()] == ["bounce_soft"]
    assert stops() == []


def test_a_complaint_that_names_only_a_person_does_nothing(sent, comes_in):
    letter = sent()
    message = comes_in(sample("complaint", RETURN_TO="portal@example.org"))
    assert message.kind == "complaint"
    assert (list(letter.events.all()), stops()) == ([], [])


@pytest.mark.parametrize("name", ["postfix", "complaint", "away", "qmail"])
def test_a_made_up_mark_does_nothing(sent, comes_in, name):
    letter = sent()
    forged = f"bounces+{letter.pk}.aaaaaaaa@portal.example.org"
    message = comes_in(sample(name, RETURN_TO=forged, MESSAGE_ID=letter.message_id))
    assert (message.kind, message.delivery) == ("unreadable", None)
    assert message.error
    assert (MailEvent.objects.count(), stops()) == (0, [])


def test_a_number_too_big_for_any_row_is_no_letter(comes_in):
    raw = sample("postfix", RETURN_TO="bounces+9999999999999999999.aaaaaaaa@portal.example.org")
    assert comes_in(raw).kind == "unreadable"
    raw = sample("person", MESSAGE_ID="<999999999999999999.abcdef@example.org>")
    assert comes_in(raw).kind == "person"


def test_the_same_report_twice_is_one_piece_of_news(sent, comes_in):
    letter = sent()
    comes_in(about(letter, "postfix"))
    comes_in(about(letter, "postfix"))
    assert (InboundMessage.objects.count(), MailEvent.objects.count()) == (1, 1)
    comes_in(b"Received: by another way\n" + about(letter, "postfix"))
    assert (InboundMessage.objects.count(), MailEvent.objects.count()) == (2, 1)


def test_of_a_group_of_which_one_member_is_dead_the_mildest_counts(sent, comes_in):
    letter = sent("ryhma@example.org")
    raw = (
        about(letter, "postfix").replace(b"rfc822; ryhma@", b"rfc822; eetu@").replace(b"rfc822;ryhma@", b"rfc822;eetu@")
    )
    well = b"Final-Recipient: rfc822; niilo@example.org\nAction: relayed\nStatus: 2.0.0\n\nFinal-Recipient"
    comes_in(raw.replace(b"Final-Recipient", well))
    assert [event.type for event in letter.events.all()] == ["delivered"]
    assert stops("ryhma@example.org") == []


# --- what follows ---


def test_a_rule_of_the_receiving_house_never_counts_against_the_person(sent, comes_in):
    letter = sent()
    comes_in(about(letter, "postfix", STATUS="5.7.1", DIAGNOSTIC="550 5.7.1 blocked"))
    assert [event.type for event in letter.events.all()] == ["bounce_policy"]
    assert stops() == []


def test_a_delay_is_only_noted(sent, comes_in):
    letter = sent()
    comes_in(about(letter, "postfix", STATUS="4.4.1").replace(b"Action: failed", b"Action: delayed"))
    letter.refresh_from_db()
    assert [event.type for event in letter.events.all()] == ["delayed"]
    assert (letter.state, stops()) == (State.SENT, [])


def test_a_complaint_stops_all_but_urgent_letters(sent, comes_in, queue, relay, worker):
    letter = sent()
    message = comes_in(about(letter, "complaint"))
    letter.refresh_from_db()
    assert (message.kind, letter.state, stops()) == ("complaint", State.COMPLAINED, [("complaint", "all")])
    queue(kind="newsletter", subject="Uutiskirje", priority=9)
    queue(kind="invitation", subject="Kutsu")
    code = queue(kind="account", subject="Koodi", priority=0)
    cancelled = queue(kind="meeting-cancellation", subject="Peruttu", priority=0)
    worker(NOW + timedelta(minutes=1))
    assert {message["Message-ID"] for _to, message in relay.letters} == {code.message_id, cancelled.message_id}
    assert Delivery.objects.in_state("suppressed").count() == 2


def test_leaving_by_letter_is_kept_with_its_token(comes_in):
    message = comes_in(sample("leaving", LEAVE_TO="Bounces+leave-12-AbC_dE-f@portal.example.org"))
    assert message.kind == "leaving"
    [event] = MailEvent.objects.all()
    assert (event.type, event.detail, event.delivery) == ("left", "12-AbC_dE-f", None)


def test_a_machines_answer_is_only_counted(sent, comes_in):
    letter = sent()
    assert comes_in(about(letter, "away")).kind == "auto_reply"
    assert [event.type for event in letter.events.all()] == ["auto_reply"]
    assert stops() == []


def test_a_persons_answer_is_kept_with_the_letter_it_answers(sent, comes_in):
    letter = sent()
    message = comes_in(sample("person", MESSAGE_ID=letter.message_id))
    assert (message.kind, message.delivery, message.subject) == ("person", letter, "Re: Kutsu")
    assert message.sender == "Aino <aino@example.org>"
    assert InboundMessage.objects.get() == message


def test_answers_of_calendars_wait_for_the_meetings(sent, comes_in):
    letter = sent()
    message = comes_in(sample("calendar", MESSAGE_ID=letter.message_id))
    assert (message.kind, message.delivery) == ("calendar", letter)
    assert list(InboundMessage.objects.calendar_replies()) == [message]


# --- one by one ---


def test_a_message_that_cannot_be_stored_holds_up_no_other(sent, settings):
    letter = sent()
    InboundMessage.objects.receive(about(letter, "postfix"), "test", NOW)
    InboundMessage.objects.receive(sample("person"), "test", NOW)
    settings.ADDRESS_KEY = None  # the mark cannot be computed
    read_inbound()
    settings.ADDRESS_KEY = "key"
    assert sorted(InboundMessage.objects.values_list("kind", flat=True)) == ["person", "unreadable"]
    assert InboundMessage.objects.get(kind="unreadable").error
    assert MailEvent.objects.count() == 0


@pytest.mark.parametrize("raw", [b"\0\0\0", b"Subject: \0\xff\n\n\0", b"x" * 2_000_000, b""])
def test_odd_bytes_become_a_row_with_a_clear_state(comes_in, raw):
    message = comes_in(raw)
    assert message.read_at is not None
    assert message.kind in InboundMessage.Kind.values


def test_the_words_of_a_message_are_wiped_after_a_month(comes_in):
    message = comes_in(sample("away"))
    assert InboundMessage.objects.forget(NOW + KEEP - timedelta(seconds=1)) == 0
    assert InboundMessage.objects.forget(NOW + KEEP) == 1
    message.refresh_from_db()
    assert (bytes(message.raw), message.sender, message.subject, message.kind) == (b"", "", "", "auto_reply")
    assert InboundMessage.objects.forget(NOW + KEEP) == 0


def test_a_persons_words_are_wiped_a_month_after_somebody_saw_to_them_and_at_the_latest_after_half_a_year(comes_in):
    """Real use 5: a letter that came in on the first day of a holiday is still there on the last."""
    seen, unseen = comes_in(sample("person")), comes_in(sample("person") + b"2")
    seen.mark_handled(NOW + timedelta(days=40))
    assert InboundMessage.objects.forget(NOW + timedelta(days=40) + KEEP - timedelta(seconds=1)) == 0
    assert InboundMessage.objects.forget(NOW + timedelta(days=40) + KEEP) == 1
    assert InboundMessage.objects.forget(NOW + KEEP_WAITING - timedelta(seconds=1)) == 0
    assert InboundMessage.objects.forget(NOW + KEEP_WAITING) == 1
    unseen.refresh_from_db()
    assert bytes(unseen.raw) == b""


# --- the door ---


@pytest.fixture
def door(settings):
    settings.INBOUND_SECRET = "a-secret-of-the-mail-server"
    return reverse("outbox:inbound", args=[settings.INBOUND_SECRET])


def hand_over(client, door, raw):
    return client.post(door, raw, content_type="message/rfc822")


def test_a_server_hands_a_message_over(client, door, sent):
    letter = sent()
    assert hand_over(client, door, about(letter, "postfix")).status_code == 200
    assert hand_over(client, door, about(letter, "postfix")).status_code == 200
    read_inbound()
    assert (InboundMessage.objects.count(), MailEvent.objects.count()) == (1, 1)


def test_the_door_needs_no_csrf_token(door, db):
    from django.test import Client

    assert hand_over(Client(enforce_csrf_checks=True), door, sample("person")).status_code == 200


@pytest.mark.parametrize("secret", ["wrong", "ä", "a-secret-of-the-mail-serveR"])
def test_a_wrong_secret_finds_nothing(client, db, door, secret):
    assert hand_over(client, f"/inbound/{secret}/", sample("person")).status_code == 404
    assert InboundMessage.objects.count() == 0


def test_without_a_secret_there_is_no_door(client, settings, db):
    settings.INBOUND_SECRET = ""
    assert hand_over(client, "/inbound/x/", sample("person")).status_code == 404


def test_the_door_is_only_for_handing_over(client, door, db):
    assert client.get(door).status_code == 405


def test_ten_megabytes_are_taken_and_more_is_refused(client, door, db):
    raw = sample("person")
    assert hand_over(client, door, raw + b"x" * (BIGGEST - len(raw))).status_code == 200
    assert hand_over(client, door, raw + b"x" * BIGGEST).status_code == 413
    assert hand_over(client, door, b"").status_code == 400
    message = InboundMessage.objects.get()
    assert (message.size, len(message.raw)) == (BIGGEST, 1_000_000)
    read_inbound()
    message.refresh_from_db()
    assert message.kind == "person"
    assert message.error
