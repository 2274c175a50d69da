"""One thing said to many: addressed once, paused and resumed, stopped, and over when none of its letters waits."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from outbox.models import Delivery, Mailing, MailingState, Priority, State, Suppression
from outbox.models.delivery_state import LEASE
from outbox.sending.sender import TOO_MANY

AINO, EETU = "aino@example.org", "eetu@example.org"
READERS = [f"reader{number}@example.org" for number in range(60)]


def counts(mailing):
    return {state: count for state, count in mailing.progress().items() if count}


def states():
    return {row.recipient: row.state for row in Delivery.objects.all()}


# --- addressing ---


def test_a_mailing_about_one_thing_is_opened_once(mailing, now):
    made = mailing([AINO])
    assert Mailing.objects.open("newsletter", "issue:1", "Toinen", now) == made
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.create(
            kind="newsletter", reference="issue:1", key="x", from_email="a@b", dated_at=now, created_at=now
        )


def test_a_reader_who_is_addressed_twice_has_one_letter(mailing, now):
    made = mailing([AINO, "AINO@example.org"])
    wording = made.wordings.get()
    assert made.address(wording, [("Aino@Example.org", "", 2), (EETU, "", 3)], now) == 1
    assert sorted(states()) == [AINO, EETU]


def test_addressing_takes_one_query_however_many_readers(mailing, django_assert_num_queries, now):
    made = mailing([])
    wording = made.wordings.get()
    with django_assert_num_queries(1):
        assert made.address(wording, [(each, "", 1) for each in READERS], now) == len(READERS)


def test_whoever_is_on_the_stop_list_has_a_row_that_says_so_and_gets_nothing(mailing, worker, relay, now):
    Suppression.objects.add("AINO@example.org", Suppression.Reason.MANUAL, now, scope=Suppression.Scope.BULK)
    mailing([AINO, EETU])
    assert states() == {AINO: State.SUPPRESSED, EETU: State.WAITING}
    worker()
    assert relay.recipients == [EETU]


def test_what_is_no_address_fails_at_once_and_the_others_get_their_letter(mailing, worker, relay):
    mailing(["no address", "a b@example.org", "x@y\r\nBcc: z@example.org", AINO])
    assert worker() == 1
    assert relay.recipients == [AINO]
    assert Delivery.objects.in_state("failed").count() == 3


def test_the_letters_bear_the_mailings_date_and_their_own_number(mailing, worker, relay, now):
    made = mailing([AINO])
    worker(now + timedelta(hours=1))
    [(_to, message)] = relay.letters
    row = Delivery.objects.get()
    assert message["Message-ID"] == row.own_message_id == f"<{row.pk}.{made.key}@example.org>"
    assert message["Date"] == "Wed, 20 Jan 2027 09:00:00 +0000"


# --- on the way ---


def test_a_reader_stopped_between_addressing_and_sending_gets_nothing(mailing, worker, relay, now):
    mailing([AINO, EETU])
    Suppression.objects.add(AINO, Suppression.Reason.COMPLAINT, now)
    worker()
    assert relay.recipients == [EETU]
    assert states() == {AINO: State.SUPPRESSED, EETU: State.SENT}


@pytest.mark.parametrize(
    ("scope", "passing"),
    [
        (Suppression.Scope.ALL, [Priority.URGENT]),
        (Suppression.Scope.BULK, [Priority.URGENT, Priority.ORDINARY]),
    ],
)
def test_codes_and_cancellations_pass_the_stop_list(queue, worker, relay, now, scope, passing):
    Suppression.objects.add(AINO, Suppression.Reason.COMPLAINT, now, scope=scope)
    for priority in Priority:
        queue(AINO, priority=priority, subject=priority.name)
    worker()
    assert sorted(message["Subject"] for _to, message in relay.letters) == sorted(each.name for each in passing)


def test_a_stop_that_was_lifted_or_has_run_out_stops_nobody(mailing, worker, relay, now):
    Suppression.objects.add(AINO, Suppression.Reason.FULL, now)
    Suppression.objects.of(AINO).lift(now)
    Suppression.objects.add(EETU, Suppression.Reason.FULL, now - timedelta(days=2), until=now - timedelta(days=1))
    mailing([AINO, EETU])
    assert worker() == 2


def test_a_mailing_is_over_when_none_of_its_letters_waits(mailing, worker, relay, now):
    relay.on_recipient[EETU] = "451 4.2.1 later"
    made = mailing([AINO, EETU])
    assert made.state is MailingState.SENDING
    worker()
    made.refresh_from_db()
    assert (made.state, counts(made)) == (MailingState.SENDING, {"total": 2, "sent": 1, "deferred": 1})
    relay.on_recipient = {}
    worker(now + timedelta(minutes=2))
    made.refresh_from_db()
    assert (made.state, made.finished_at) == (MailingState.SENT, now + timedelta(minutes=2))


def test_single_letters_go_before_a_mailing(mailing, queue, worker, relay):
    mailing([AINO])
    queue("code@example.org", priority=Priority.URGENT)
    worker()
    assert relay.recipients == ["code@example.org", AINO]


def test_a_paused_mailing_waits_untouched_and_others_pass_it(mailing, queue, worker, relay, now):
    made = mailing([AINO])
    assert made.pause(now, "Tarkistetaan osoitteet")
    assert not made.pause(now)
    queue(EETU)
    assert worker() == 1
    assert (relay.recipients, made.state) == ([EETU], MailingState.PAUSED)
    assert Delivery.objects.get(recipient=AINO).attempts == 0
    assert made.resume() and not made.resume()
    assert worker() == 1


@pytest.mark.django_db(transaction=True)
def test_a_pause_in_the_middle_silences_the_wire_and_resuming_sends_each_once(mailing, worker, relay, now):
    made = mailing(READERS)

    def pause(server):
        def press():
            Mailing.objects.get().pause(now)
            connection.close()

        coordinator = threading.Thread(target=press)
        coordinator.start()
        coordinator.join()
        return "250 OK"

    relay.on_data[READERS[5]] = pause
    sent = worker()
    assert 6 <= sent < len(READERS)
    relay.on_data = {}
    made.refresh_from_db()
    assert counts(made) == {"total": len(READERS), "sent": sent, "waiting": len(READERS) - sent}
    made.resume()
    worker(now + LEASE)
    assert sorted(relay.recipients) == sorted(READERS)


def test_what_is_left_of_a_stopped_mailing_is_cancelled_and_the_figures_add_up(mailing, worker, relay, now):
    relay.on_recipient[EETU] = "451 4.2.1 later"
    made = mailing([AINO, EETU])
    worker()
    assert made.stop(now, "Väärä liite") == 1
    assert made.stop(now) == 0
    assert (made.state, counts(made)) == (MailingState.CANCELLED, {"total": 2, "sent": 1, "cancelled": 1})
    assert not made.pause(now) and not made.resume()
    assert worker(now + timedelta(days=1)) == 0


def test_a_mailing_of_which_too_much_is_refused_is_paused_with_the_reason(mailing, worker, relay):
    many = [f"reader{number}@example.org" for number in range(TOO_MANY + 120)]
    relay.on_recipient = dict.fromkeys(many, "550 5.7.1 we do not like you")
    made = mailing(many)
    worker()
    made.refresh_from_db()
    assert made.state is MailingState.PAUSED
    assert "550 5.7.1 we do not like you" in made.pause_reason
    assert TOO_MANY <= counts(made)["failed"] < len(many)


def test_a_failed_letter_tried_again_opens_its_mailing_again(mailing, worker, relay, now):
    relay.on_recipient[AINO] = "550 5.6.0 bad content"
    made = mailing([AINO, EETU])
    worker()
    made.refresh_from_db()
    assert made.state is MailingState.SENT
    relay.on_recipient = {}
    assert Delivery.objects.all().try_again(now) == 1
    made.refresh_from_db()
    assert made.state is MailingState.SENDING
    assert worker(now + timedelta(minutes=1)) == 1
    assert relay.recipients == [EETU, AINO]


def test_coordinators_see_the_mailings_of_their_own_areas_only(mailing, world):
    mine, theirs = mailing([], "1", area_id=world.area.pk), mailing([], "2", area_id=world.other_area.pk)
    assert list(Mailing.objects.run_by(world.kaisa)) == [mine]
    assert list(Mailing.objects.run_by(world.kerttu)) == [theirs]
    assert list(Mailing.objects.run_by(world.aino)) == []
    assert set(Mailing.objects.run_by(world.ulla)) == {mine, theirs}
