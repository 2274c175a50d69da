"""The sign-up form in the hands of somebody who means harm: nobody is buried, nothing is told (AC-01, AC-02)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lib.counters import rate_limit
from newsletters.models import AddressChange, ConfirmationLimit, Subscription
from newsletters.subscriptions import signed_links
from newsletters.subscriptions.subscriber import Subscriber
from newsletters.tasks import forget_unconfirmed, send_confirmations
from outbox.models import Delivery
from tests.leaks import assert_not_leaked

VICTIMS, ROUNDS = 30, 10


def submit(letters, email, number, **more):
    """One submission from an address of its own, with a forged one before it."""
    asked = {"email": email, "lists": [letters.pk], "language": "fi"} | more
    here, forged = f"10.{number // 250}.{number % 250}.1", {"X-Forwarded-For": f"192.0.2.{number % 250}"}
    return Client().post(reverse("newsletters:subscribe"), asked, headers=forged, REMOTE_ADDR=here)


def test_hundreds_of_presses_naming_strangers_bring_each_one_letter_a_day_and_three_ever(letters):
    victims = [f"Victim{number}@example.org" for number in range(VICTIMS)]
    most_in_a_day = []
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        for day in range(5):
            cache.clear()
            before = Delivery.objects.count()
            for number in range(VICTIMS * ROUNDS // 5):
                assert submit(letters, victims[number % VICTIMS], day * 100 + number).status_code == 302
                if number % 20 == 0:
                    send_confirmations()
            send_confirmations()
            most_in_a_day.append(Delivery.objects.count() - before)
            clock.shift(timedelta(hours=25))
        letters_each = set(Delivery.objects.values("recipient").annotate(n=Count("pk")).values_list("n", flat=True))
        clock.shift(timedelta(days=8))
        forget_unconfirmed()
    assert most_in_a_day == [VICTIMS, VICTIMS, VICTIMS, 0, 0]
    assert letters_each == {3}
    assert Subscription.objects.count() == 0
    assert_not_leaked("victim", repr(list(ConfirmationLimit.objects.values())))


def test_presses_of_one_hour_end_at_the_limit_for_all_together_and_sound_an_alarm(letters, caplog, monkeypatch):
    monkeypatch.setattr(rate_limit, "ALTOGETHER", 40)
    codes = [submit(letters, f"victim{number}@example.org", number).status_code for number in range(50)]
    assert codes == [302] * 40 + [429] * 10
    assert [record.levelname for record in caplog.records if record.name == "lib.counters.rate_limit"] == ["WARNING"]
    assert Subscription.objects.count() == 40


@pytest.fixture
def addresses(letters, reads, now):
    """One address of each kind that the portal can know, and one that it does not."""
    reads("reader@example.org")
    reads("gone@example.org").leave(now)
    Subscription.objects.request([letters], "waiting@example.org", "fi", now)
    ConfirmationLimit.objects.claim("written@example.org", now)
    return ["reader@example.org", "gone@example.org", "waiting@example.org", "written@example.org", "aino@example.org"]


def facts(answer):
    return answer.status_code, answer.content, sorted(answer.items()), answer.cookies.output()


def test_every_address_gets_the_same_answer_to_the_byte(letters, world, addresses):
    unknown = submit(letters, "nobody@example.org", 1)
    assert {str(facts(submit(letters, email, 2 + n))) for n, email in enumerate(addresses)} == {str(facts(unknown))}
    assert facts(submit(letters, "robot@example.org", 99, website="https://spam.example")) == facts(unknown)
    pages = [Client().get(unknown["Location"]) for _again in range(2)]
    assert facts(pages[0])[1:] == facts(pages[1])[1:]


def test_a_new_address_gets_the_same_answer_whether_it_is_known_or_not(letters, world, addresses, reads):
    mine = reads("virpi@example.org")
    path = signed_links.settings_url(mine.pk, "fi").removeprefix("http://127.0.0.1:8000")
    answers = {
        str(facts(Client().post(path, {"new_address": "1", "email": email})))
        for email in [*addresses, "nobody@example.org"]
    }
    assert len(answers) == 1
    assert AddressChange.objects.count() == len(addresses) + 1


def test_changing_to_a_strangers_address_again_and_again_brings_one_letter_a_day_and_three_ever(reads):
    reader = Subscriber.of_subscription(reads("virpi@example.org"))
    with time_machine.travel("2027-01-10T08:00+02:00", tick=False) as clock:
        counts = []
        for _day in range(5):
            for _click in range(4):
                reader.ask_to_move("victim@example.org", now=timezone.now())
                send_confirmations()
            counts.append(Delivery.objects.filter(recipient="victim@example.org").count())
            clock.shift(timedelta(hours=25))
    assert counts == [1, 2, 3, 3, 3]


def test_one_link_cannot_write_to_many_strangers(reads):
    path = signed_links.settings_url(reads("virpi@example.org").pk, "fi").removeprefix("http://127.0.0.1:8000")
    asked = [
        {"new_address": "1", "email": f"victim{number}@example.org"} for number in range(rate_limit.PER_VISITOR + 2)
    ]
    codes = [Client().post(path, each).status_code for each in asked]
    assert codes == [302] * rate_limit.PER_VISITOR + [429] * 2
    assert AddressChange.objects.count() == rate_limit.PER_VISITOR
