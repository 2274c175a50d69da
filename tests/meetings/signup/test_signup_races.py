"""Two hundred people ask for twenty places at once: twenty get one (ME-01), with a control without the lock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from meetings.models import Participation, SignUp

SEATS, PEOPLE, WORKERS, TOWNS = 20, 200, 40, 10


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
        mine.assign_places([Participation.objects.get(pk=pk)], timezone.now(), "web")

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(press, people))
        list(threads.map(lambda _n: (start.wait(), connection.close()), range(WORKERS)))


@pytest.mark.django_db(transaction=True)
def test_two_hundred_sign_ups_for_twenty_places_give_twenty_places_and_a_line_of_the_others(twenty):
    people = list(twenty.meeting.participations.filter(user=None).values_list("pk", flat=True))
    all_at_once(twenty, people)
    (figures,) = twenty.figures()
    assert (figures["taken"], figures["waiting"], figures["offered"]) == (SEATS, PEOPLE - SEATS, 0)
    turns = sorted(twenty.position_of(person, timezone.now()) for person in twenty.meeting.participations.waiting())
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


@pytest.mark.django_db(transaction=True)
def test_while_each_town_gets_one_place_first_a_crowd_gets_one_each_and_the_rest_when_it_is_over(twenty):
    """Ten towns press at once; afterwards forty rounds at once give the ten places left, in order of arrival."""
    until = timezone.now() + timedelta(hours=1)
    SignUp.objects.update(fair_until=until)
    people = list(twenty.meeting.participations.filter(user=None).order_by("pk"))
    for number, person in enumerate(people):
        person.organisation_name = f"Kunta {number % TOWNS}"
    Participation.objects.bulk_update(people, ["organisation_name"])
    all_at_once(twenty, [person.pk for person in people])
    placed = twenty.meeting.participations.placed().values_list("comes_from", flat=True)
    assert sorted(placed) == sorted({person.organisation_name for person in people})
    first = list(twenty.meeting.participations.waiting().values_list("pk", flat=True)[: SEATS - TOWNS])
    start = Barrier(WORKERS)

    def round_comes(_n):
        start.wait()
        number = SignUp.objects.get(pk=twenty.pk).give_rest(until)
        start.wait()
        connection.close()
        return number

    with ThreadPoolExecutor(WORKERS) as threads:
        given = list(threads.map(round_comes, range(WORKERS)))
    assert sorted(given)[-2:] == [0, SEATS - TOWNS]
    assert twenty.figures()[0]["taken"] == SEATS
    assert twenty.meeting.participations.filter(pk__in=first).placed().count() == SEATS - TOWNS
