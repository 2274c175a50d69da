"""The queue: what may enter it, who sees it, and what a row knows of its own fate."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from outbox.models import Delivery, LeftOut, LetterRefused, State
from outbox.sending.claim import claim_due


def test_a_queued_letter_has_an_identity_of_the_senders_domain(queue, now):
    row = queue(from_email="ISO-verkosto <iso@verkosto.example>")
    assert row.message_id.endswith("@verkosto.example>")
    assert (row.dated_at, row.queued_at, row.due_at) == (now, now, now)
    assert row.from_email == '"ISO-verkosto" <iso@verkosto.example>'
    assert row.state is State.WAITING


def test_the_same_letter_to_the_same_person_is_queued_once(queue, now):
    queue("Aino@example.org", reference="meeting:12:0")
    again = Delivery(kind="invitation", reference="meeting:12:0", recipient="aino@EXAMPLE.org", subject="Hei")
    assert Delivery.objects.queue([again], now) == 0
    assert Delivery.objects.count() == 1


def test_letters_about_nothing_in_particular_may_repeat(queue):
    queue()
    queue()
    assert Delivery.objects.count() == 2


def test_one_letter_twice_in_one_handful_is_queued_once(db, now):
    drafts = [
        Delivery(kind="newsletter", reference="issue:1", recipient=to) for to in ("a@example.org", "A@example.org")
    ]
    assert Delivery.objects.queue(drafts, now) == 1


def test_queueing_many_letters_asks_as_much_as_queueing_one(db, now):
    def queries(reference, count):
        drafts = [Delivery(kind="k", reference=reference, recipient=f"p{n}@example.org") for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            assert Delivery.objects.queue(drafts, now) == count
        return len(asked)

    assert queries("one", 1) == queries("many", 25)


@pytest.mark.parametrize(
    "forged",
    [
        {"subject": "Hei\r\nBcc: kaikki@example.org"},
        {"subject": "Hei\nkaikki"},
        {"recipient": "aino@example.org\nBcc: kaikki@example.org"},
        {"recipient_name": "Aino\r\nBcc: kaikki@example.org"},
        {"recipient": "=?utf-8?q?Aino=0ABcc=3A_x?= <aino@example.org>"},
        {"from_email": "iso@example.org\r\nBcc: kaikki@example.org"},
        {"reply_to": ["kaisa@example.org\nBcc: kaikki@example.org"]},
        {"headers": {"List-Id": "iso\r\nBcc: kaikki@example.org"}},
        {"headers": {"Bcc": "kaikki@example.org"}},
        {"headers": {"Message-ID": "<own@example.org>"}},
        {"headers": {"Content-Type": "text/html"}},
        {"headers": {"X Y": "z"}},
        {"calendar": "BEGIN", "calendar_method": "REQUEST\r\nX: y"},
    ],
)
def test_a_forged_header_is_refused_and_nothing_is_queued(db, now, forged):
    draft = Delivery(**{"kind": "invitation", "recipient": "aino@example.org", "subject": "Hei", **forged})
    with pytest.raises(LetterRefused):
        Delivery.objects.queue([Delivery(kind="k", recipient="ok@example.org"), draft], now)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["", "aino", "aino@", "@example.org", "a b@example.org", "äinö@example.org", "a@b@c"]
)
def test_what_is_not_an_address_is_refused_in_words(db, now, address):
    with translation.override("en"), pytest.raises(LetterRefused) as refused:
        Delivery.objects.queue([Delivery(kind="k", recipient=address)], now)
    assert str(refused.value) == f"“{address}” is not an e-mail address."


def test_odd_characters_from_a_word_processor_are_cleaned_away(queue):
    row = queue(
        subject="Kutsu\x0bkevään\u2028kokoukseen\x00", text="Hei\r\nsinä\x00\x0b\ud83d\n", recipient_name="Ai\x0bno"
    )
    assert (row.subject, row.text, row.recipient_name) == ("Kutsu kevään kokoukseen", "Hei\nsinä\n", "Ai no")


def test_a_name_may_stand_before_the_address_even_encoded(queue):
    assert queue("=?utf-8?b?w4VrZSBPLg==?= <ake@example.org>").recipient_name == "Åke O."
    assert queue('"Virtanen, Äinö" <aino@example.org>').as_letter().recipient == "aino@example.org"


def test_cancelling_stops_what_waits_and_nothing_else(queue, worker, now):
    queue("sent@example.org", reference="meeting:1")
    worker()
    queue("waits@example.org", reference="meeting:1")
    queue("other@example.org", reference="meeting:2")
    assert Delivery.objects.cancel("invitation", "meeting:1", now, "Peruttu") == 1
    states = {row.recipient: row.state for row in Delivery.objects.all()}
    assert states == {
        "sent@example.org": State.SENT,
        "waits@example.org": State.CANCELLED,
        "other@example.org": State.WAITING,
    }
    assert Delivery.objects.in_state("cancelled").get().reason == "Peruttu"


def test_a_letter_that_left_while_it_was_cancelled_counts_as_sent(queue, now):
    queue(reference="meeting:1")
    claim_due(now, 1)
    held = Delivery.objects.get()
    Delivery.objects.cancel("invitation", "meeting:1", now)
    held.mark_sent(now)
    assert Delivery.objects.get().state is State.SENT


def test_a_letter_cancelled_while_its_pump_died_never_leaves(queue, worker, now):
    queue(reference="meeting:1")
    claim_due(now, 1)
    Delivery.objects.cancel("invitation", "meeting:1", now)
    assert worker(now + timedelta(hours=1)) == 0
    assert Delivery.objects.get().state is State.CANCELLED


def test_the_state_of_a_row_and_the_list_of_that_state_agree(queue, now):
    rows = {state: queue(f"{state}@example.org") for state in State}
    facts = {
        State.DEFERRED: {"attempts": 1},
        State.SENDING: {"attempts": 1, "claimed_at": now},
        State.SENT: {"sent_at": now},
        State.FAILED: {"failed_at": now},
        State.UNCERTAIN: {"attempts": 1, "uncertain_at": now},
        State.BOUNCED: {"sent_at": now, "bounced_at": now},
        State.COMPLAINED: {"sent_at": now, "bounced_at": now, "complained_at": now},
        **{State(why.value): {"cancelled_at": now, "left_out": why.value} for why in LeftOut},
    }
    for state, columns in facts.items():
        Delivery.objects.filter(pk=rows[state].pk).update(**columns)
    for state in State:
        [row] = Delivery.objects.in_state(state)
        assert (row, row.state) == (rows[state], state)


def test_a_letter_cannot_end_twice(queue, now):
    queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(sent_at=now, failed_at=now)


def test_the_database_refuses_a_sent_secret_that_still_has_words(queue, now):
    queue(secret=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(sent_at=now)


def test_coordinators_see_the_letters_of_their_own_areas_only(queue, world):
    mine = queue(area_id=world.area.pk)
    theirs = queue(area_id=world.other_area.pk)
    nobodys = queue()
    assert set(Delivery.objects.run_by(world.kaisa)) == {mine}
    assert set(Delivery.objects.run_by(world.kerttu)) == {theirs}
    assert set(Delivery.objects.run_by(world.aino)) == set()
    assert set(Delivery.objects.run_by(world.ulla)) == {mine, theirs, nobodys}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("", ""),
        ("550 5.1.1 no such user", "The address does not exist. (550 5.1.1 no such user)"),
        ("552 5.2.2 over quota", "The mailbox is full. (552 5.2.2 over quota)"),
        ("550 5.7.1 spam", "The recipient's mail server refused the letter as unwanted. (550 5.7.1 spam)"),
        ("451 4.7.1 greylisted", "The mail server asked us to try later. (451 4.7.1 greylisted)"),
        ("broken off", "The connection broke before the mail server answered."),
    ],
)
def test_the_reason_is_told_in_words(reply, words):
    with translation.override("en"):
        assert Delivery(last_error=reply).reason == words
