"""Two hundred people ask for twenty places at once: twenty get one (ME-01), with a control without the lock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from meetings.models import Participation, SignUp

SEATS, PEOPLE, WORKERS = 20, 200, 40


@pytest.fixture
def twenty(make_training):
    rules = make_training(capacity=SEATS)
    listed = [Participation(meeting=rules.meeting, email=f"n{n}@example.org") for n in range(PEOPLE)]
    Participation.objects.bulk_create(listed)
    return rules


def all_at_once(rules, people):
    """Each person signs up on a connection of a thread; forty press in the same instant, five times."""
    start = Barrier(WORKERS)

    def press(pk):
        start.wait()
        mine = SignUp.objects.get(pk=rules.pk)
        mine.take_in([Participation.objects.get(pk=pk)], timezone.now(), "web")

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(press, people))
        list(threads.map(lambda _n: (start.wait(), connection.close()), range(WORKERS)))


@pytest.mark.django_db(transaction=True)
def test_two_hundred_sign_ups_for_twenty_places_give_twenty_places_and_a_line_of_the_others(twenty):
    people = list(twenty.meeting.participations.filter(user=None).values_list("pk", flat=True))
    all_at_once(twenty, people)
    (figures,) = twenty.figures()
    assert (figures["taken"], figures["waiting"], figures["offered"]) == (SEATS, PEOPLE - SEATS, 0)
    turns = sorted(twenty.turn_of(person) for person in twenty.meeting.participations.in_line())
    assert turns == list(range(1, PEOPLE - SEATS + 1))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_crowd_overbooks(twenty, monkeypatch):
    """The control: should this ever give twenty, the test above has proved nothing."""
    monkeypatch.setattr(SignUp, "hold", lambda self: self.refresh_from_db())
    all_at_once(twenty, list(twenty.meeting.participations.filter(user=None).values_list("pk", flat=True)))
    assert twenty.figures()[0]["taken"] > SEATS


@pytest.mark.django_db(transaction=True)
def test_the_same_person_in_many_tabs_gets_one_place(twenty):
    (one,) = twenty.meeting.participations.filter(email="n0@example.org").values_list("pk", flat=True)
    all_at_once(twenty, [one] * WORKERS)
    assert (twenty.figures()[0]["taken"], twenty.figures()[0]["waiting"]) == (1, 0)
