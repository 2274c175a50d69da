"""The worker against a real mail server: what was answered is what the queue says, and nothing goes out twice."""

import threading
import time
from datetime import timedelta

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from outbox.models import Delivery, Heartbeat, Priority, State
from outbox.models.delivery_state import GIVE_UP, INTERRUPTIONS, LEASE, UNCERTAIN_PAUSE
from outbox.sending.claim import claim_due
from outbox.sending.worker import send_waiting

MINUTE = timedelta(minutes=1)


def slowly(server):
    time.sleep(0.01)
    return "250 OK"


def states():
    return {row.recipient: row.state for row in Delivery.objects.all()}


def test_a_waiting_letter_is_sent_as_it_was_written(queue, worker, relay, now):
    row = queue(html="<p>Tervetuloa</p>", headers={"List-Id": "iso <iso.example.org>"}, recipient_name="Aino Jäsen")
    assert worker() == 1
    [(recipient, message)] = relay.letters
    assert recipient == "aino@example.org"
    assert message["Message-ID"] == row.message_id
    assert message["Date"] == "Wed, 20 Jan 2027 09:00:00 +0000"
    assert message["List-Id"] == "iso <iso.example.org>"
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.claimed_at) == (State.SENT, now, 1, None)


def test_a_second_round_sends_nothing_again(queue, worker, relay):
    queue()
    assert (worker(), worker()) == (1, 0)
    assert relay.recipients == ["aino@example.org"]


def test_a_round_uses_one_connection(queue, worker, relay):
    for number in range(5):
        queue(f"person{number}@example.org")
    assert worker() == 5
    assert relay.greetings == 1


def test_codes_go_before_invitations_and_those_before_newsletters(queue, worker, relay):
    queue("newsletter@example.org", priority=Priority.BULK)
    queue("invitation@example.org", priority=Priority.ORDINARY)
    queue("code@example.org", priority=Priority.URGENT)
    worker()
    assert relay.recipients == ["code@example.org", "invitation@example.org", "newsletter@example.org"]


def test_an_address_that_does_not_exist_fails_alone_and_for_good(queue, worker, relay, now):
    relay.on_recipient["poissa@example.org"] = "550 5.1.1 no such user"
    queue("poissa@example.org")
    queue("aino@example.org")
    assert worker() == 1
    assert states() == {"poissa@example.org": State.FAILED, "aino@example.org": State.SENT}
    assert Delivery.objects.in_state("failed").get().last_error == "550 5.1.1 no such user"
    assert relay.greetings == 1
    assert worker(now + timedelta(hours=100)) == 0


def test_not_now_is_tried_again_after_a_minute_with_the_same_identity(queue, worker, relay, now):
    relay.on_data["aino@example.org"] = "451 4.7.1 greylisted"
    row = queue()
    assert worker() == 0
    row.refresh_from_db()
    assert (row.state, row.due_at, row.last_error) == (State.DEFERRED, now + MINUTE, "451 4.7.1 greylisted")
    assert worker(now + 0.5 * MINUTE) == 0
    del relay.on_data["aino@example.org"]
    assert worker(now + MINUTE) == 1
    assert relay.identities("aino@example.org") == {(row.message_id, "Wed, 20 Jan 2027 09:00:00 +0000")}
    assert states() == {"aino@example.org": State.SENT}


def test_the_waits_grow_and_end_after_three_days(queue, worker, relay, now):
    relay.on_recipient["aino@example.org"] = "450 4.2.1 try later"
    queue()
    waits, moment = [], now
    while Delivery.objects.waiting().exists():
        worker(moment)
        due_at = Delivery.objects.get().due_at
        waits.append((due_at - moment) / MINUTE)
        moment = due_at
    row = Delivery.objects.get()
    assert waits[:7] == [1, 5, 15, 60, 240, 720, 720]
    assert row.state is State.FAILED
    assert row.last_error == "450 4.2.1 try later"
    assert GIVE_UP - timedelta(hours=12) < row.failed_at - row.queued_at <= GIVE_UP


def test_a_code_is_given_up_after_an_hour_and_wiped(queue, worker, relay, now):
    relay.on_recipient["aino@example.org"] = "450 4.2.1 try later"
    queue(secret=True, text="123456")
    for minutes in (0, 1, 6, 21):
        worker(now + minutes * MINUTE)
    row = Delivery.objects.get()
    assert (row.state, row.text) == (State.FAILED, "")


def test_a_relay_that_refuses_the_sender_is_not_held_against_the_letter(queue, worker, relay):
    async def refuse(server, session, envelope, address, options):
        return "530 5.7.0 authentication required"

    relay.close()
    relay.handle_MAIL = refuse
    again = Controller(relay, hostname="127.0.0.1", port=relay.port)
    again.start()
    try:
        queue()
        assert worker() == 0
        assert states() == {"aino@example.org": State.DEFERRED}
    finally:
        again.stop()


def test_while_the_relay_is_away_letters_wait_untouched_and_leave_when_it_is_back(queue, worker, relay, settings, now):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    queue()
    assert worker() == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == (State.WAITING, 0, "")
    assert Heartbeat.objects.get().relay_lost_at == now
    settings.EMAIL_PORT = port
    assert worker(now + MINUTE) == 1
    assert (Heartbeat.objects.get().relay_lost_at, Heartbeat.objects.get().last_round_at) == (None, now + MINUTE)


def test_a_connection_dropped_after_the_letter_was_taken_repeats_it_with_the_same_identity(queue, worker, relay, now):
    relay.on_data["aino@example.org"] = "drop"
    row = queue()
    queue("eetu@example.org")
    assert worker() == 1
    assert states() == {"aino@example.org": State.UNCERTAIN, "eetu@example.org": State.SENT}
    del relay.on_data["aino@example.org"]
    assert worker(now + 0.9 * UNCERTAIN_PAUSE) == 0
    assert worker(now + UNCERTAIN_PAUSE) == 1
    assert relay.recipients == ["aino@example.org", "eetu@example.org", "aino@example.org"]
    assert relay.identities("aino@example.org") == {(row.message_id, "Wed, 20 Jan 2027 09:00:00 +0000")}


def test_a_letter_that_always_breaks_the_connection_stops_repeating(queue, worker, relay, now):
    relay.on_data["aino@example.org"] = "drop"
    queue()
    for hours in range(20):
        worker(now + timedelta(hours=4 * hours))
    assert relay.recipients == ["aino@example.org"] * INTERRUPTIONS
    assert states() == {"aino@example.org": State.FAILED}


def test_a_poison_row_fails_alone(queue, worker, relay, now):
    poison = queue("poison@example.org")
    Delivery.objects.filter(pk=poison.pk).update(calendar="BEGIN", calendar_method="no\nmethod")
    queue("aino@example.org")
    for hours in range(20):
        worker(now + timedelta(hours=4 * hours))
    assert relay.recipients == ["aino@example.org"]
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (State.FAILED, INTERRUPTIONS)


def test_a_letter_that_kills_its_pump_is_left_behind_after_a_few_times(queue, worker, relay, now):
    queue(secret=True)
    for number in range(INTERRUPTIONS):
        assert Delivery.objects.in_state("failed").count() == 0
        claim_due(now + 2 * number * LEASE, 1)
    assert worker(now + 2 * INTERRUPTIONS * LEASE) == 0
    row = Delivery.objects.get()
    assert (row.state, row.text) == (State.FAILED, "")
    assert row.reason != ""


def test_what_a_dead_pump_held_is_sent_by_the_next_one(queue, worker, relay, now):
    queue()
    claim_due(now, 1)
    assert worker(now + 0.9 * LEASE) == 0
    assert worker(now + 1.1 * LEASE) == 1


def test_a_failed_letter_may_be_tried_again_but_a_secret_one_not(queue, worker, relay, now):
    relay.on_recipient = dict.fromkeys(("aino@example.org", "code@example.org"), "550 5.7.1 not from you")
    row = queue()
    queue("code@example.org", secret=True)
    worker()
    relay.on_recipient = {}
    assert Delivery.objects.all().try_again(now + MINUTE) == 1
    assert worker(now + MINUTE) == 1
    assert relay.identities("aino@example.org") == {(row.message_id, "Wed, 20 Jan 2027 09:00:00 +0000")}


def test_a_round_ends_in_time_and_leaves_the_rest_for_the_next(queue, relay, now):
    queue()
    assert send_waiting(clock=lambda: now, seconds=0) == 0
    assert states() == {"aino@example.org": State.WAITING}


@pytest.mark.django_db(transaction=True)
def test_two_pumps_at_once_send_each_letter_once(queue, relay, now):
    rows = [queue(f"person{number}@example.org") for number in range(40)]
    relay.on_data = {row.recipient: slowly for row in rows}
    sent, start = [], threading.Barrier(2)

    def work():
        try:
            start.wait()
            sent.append(send_waiting(clock=lambda: now))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(timeout=60)
    assert sum(sent) == 40
    assert min(sent) > 0
    assert sorted(relay.recipients) == sorted(row.recipient for row in rows)


@pytest.mark.django_db(transaction=True)
def test_what_the_relay_took_is_not_forgotten_when_the_database_goes_away(queue, worker, relay, now):
    """The server ends every connection of the worker just before it says 250."""

    def cut_the_database(server):
        known = connection.settings_dict
        with psycopg2.connect(
            dbname=known["NAME"],
            user=known["USER"],
            password=known["PASSWORD"],
            host=known["HOST"],
            port=known["PORT"] or None,
        ) as other:
            other.cursor().execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        other.close()
        return "250 OK"

    relay.on_data["aino@example.org"] = cut_the_database
    queue()
    assert worker() == 1
    assert states() == {"aino@example.org": State.SENT}
    assert worker(now + timedelta(hours=1)) == 0
    assert relay.recipients == ["aino@example.org"]
