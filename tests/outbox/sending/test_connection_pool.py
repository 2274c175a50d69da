"""Lanes and the relay: encryption is never given up, a house that is full is left alone, and answers are understood."""

from datetime import timedelta

import pytest

from outbox.models import Delivery, Heartbeat, State
from outbox.sending import domain_limits
from outbox.sending.worker import send_waiting


def test_without_encryption_where_it_is_asked_for_nothing_is_sent(queue, worker, relay, settings):
    settings.EMAIL_USE_TLS = True
    queue()
    assert worker() == 0
    assert relay.letters == []
    assert Delivery.objects.get().state is State.WAITING
    assert "STARTTLS" in Heartbeat.objects.get().relay_error


def test_a_relay_that_refuses_the_password_is_out_of_reach(queue, worker, relay, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    queue()
    assert worker() == 0
    assert Delivery.objects.get().attempts == 0


def test_many_letters_use_several_lanes_and_few_use_one(queue, worker, relay, settings):
    settings.OUTBOX_LANES = 3
    for number in range(60):
        queue(f"person{number}@example.org")
    assert worker() == 60
    assert 1 < relay.greetings <= 3


def test_a_refused_recipient_does_not_disturb_the_letters_after_it(queue, worker, relay, settings):
    settings.OUTBOX_LANES = 1
    people = [f"person{number}@example.org" for number in range(12)]
    for person in people:
        queue(person)
    relay.on_recipient = dict.fromkeys(people[::3], "550 5.1.1 no such user")
    relay.on_data = dict.fromkeys(people[1::3], "554 5.6.0 no")
    assert worker() == 4
    assert sorted(relay.recipients) == sorted(people[2::3])
    assert relay.greetings == 1
    assert {row.last_error for row in Delivery.objects.in_state("failed")} == {"550 5.1.1 no such user", "554 5.6.0 no"}


def test_a_relay_that_closes_at_once_keeps_the_letters_waiting(queue, worker, relay, now):
    async def close(server, session, envelope, address, options):
        return "421 4.3.2 closing"

    relay.handle_MAIL = close
    queue()
    assert worker() == 0
    row = Delivery.objects.get()
    assert row.state in (State.WAITING, State.DEFERRED)
    assert row.failed_at is None


def test_a_letter_is_dot_safe(queue, worker, relay):
    queue(text=".\n..\n.piste\n", html="<p>.</p>\n.\n")
    assert worker() == 1
    [(_to, message)] = relay.letters
    text, html = [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in message.get_payload()]
    assert (text.rstrip("\n"), html.rstrip("\n")) == (".\n..\n.piste", "<p>.</p>\n.")


# --- receiving houses ---


def test_limits_are_read_from_the_settings():
    assert domain_limits.limits("") == {}
    assert domain_limits.limits("Outlook.com=2/120, gmail.com=5") == {
        "outlook.com": domain_limits.Limit(2, 120),
        "gmail.com": domain_limits.Limit(5),
    }


@pytest.mark.parametrize("wrong", ["outlook.com", "outlook.com=", "outlook.com=0", "outlook.com=x", "a.com=1/x"])
def test_a_limit_that_makes_no_sense_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match="OUTBOX_DOMAIN_LIMITS"):
        domain_limits.limits(wrong)


def test_a_house_with_a_limit_takes_no_more_than_that_and_the_others_do_not_wait(queue, relay, settings, now):
    settings.OUTBOX_DOMAIN_LIMITS = "slow.example=1/2"
    for number in range(6):
        queue(f"person{number}@slow.example")
    queue("aino@example.org")
    assert send_waiting(clock=lambda: now, seconds=1) == 3
    assert sorted(relay.recipients) == ["aino@example.org", "person0@slow.example", "person1@slow.example"]
    assert [row.attempts for row in Delivery.objects.waiting()] == [0] * 4


def test_a_house_that_says_too_fast_is_left_alone(queue, relay, settings, now):
    settings.OUTBOX_LANES = 1
    relay.on_recipient = {f"person{n}@full.example": "421 4.7.0 too many" for n in range(5)}
    for number in range(5):
        queue(f"person{number}@full.example")
    queue("aino@example.org", now=now + timedelta(seconds=1))
    assert send_waiting(clock=lambda: now + timedelta(seconds=2), seconds=1) == 1
    assert Delivery.objects.filter(attempts__gt=0, sent_at=None).count() == 1
