"""Rows gone through one by one: what fails is undone, counted and tried again later, and stops no other."""

from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from contacts.models import User
from lib.models import FailedRow
from lib.tasks import LEFT, Attempts, for_all_held, for_each_locked, forget_failures, locked
from tests.leaks import assert_not_leaked

NOON = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)


def minutes(number):
    return timedelta(minutes=number)


def people():
    """Those whose language is to be changed."""
    return User.objects.filter(language="fi", is_active=True).exclude(name="")


def speak(person):
    person.language = "sv"
    person.save(update_fields=["language"])
    return person.name


def go(now=NOON, act=speak, due=people, **more):
    return for_each_locked(due, act, round="contacts.test", now=now, **more)


def left():
    return set(people().values_list("name", flat=True))


def failed():
    return list(FailedRow.objects.order_by("pk").values_list("round", "model", "key", "times"))


def test_each_row_is_dealt_with_in_order(world):
    first, *_others, last = people().order_by("pk")
    done = go()
    assert (done[0], done[-1], len(done)) == (first.name, last.name, 7)
    assert (left(), failed()) == (set(), [])
    done = go(due=lambda: User.objects.filter(language="sv").order_by("-pk"), act=lambda person: person.pk)
    assert done == sorted(done, reverse=True)


def test_a_row_that_is_due_no_more_is_left_alone(world):
    def act(person):
        people().exclude(pk=person.pk).update(language="en")
        return speak(person)

    assert go(act=act) == [people().model.objects.get(language="sv").name]


@pytest.mark.parametrize("is_first", [True, False])
def test_one_that_fails_is_undone_counted_and_stops_no_other(world, is_first):
    bad = people().order_by("pk" if is_first else "-pk").first()

    def act(person):
        speak(person)
        if person.pk == bad.pk:
            raise OSError("no paper for aino@example.org")

    go(act=act)
    assert left() == {bad.name}
    row = FailedRow.objects.get()
    assert (row.round, row.model, row.key, row.times) == ("contacts.test", "contacts.user", str(bad.pk), 1)
    assert (row.first_failed_at, row.last_failed_at, row.reason) == (NOON, NOON, "OSError: no paper for …")


def test_an_error_of_the_database_stops_no_other_either(world, broken):
    mend = broken(world.kaisa)
    go()
    assert left() == {world.kaisa.name}
    assert FailedRow.objects.get().reason.endswith("the row of … is broken")
    mend()
    assert go(NOON + minutes(2)) == [world.kaisa.name]
    assert failed() == []


def test_it_rests_twice_as_long_after_each_failure_and_an_hour_at_most(world, broken):
    broken(world.kaisa)
    tried, now = [], NOON
    while len(tried) < 10:
        before = FailedRow.objects.filter(last_failed_at=now).count()
        go(now)
        if FailedRow.objects.filter(last_failed_at=now).count() > before:
            tried.append(now)
        now += minutes(1)
    pauses = [(later - earlier) // minutes(1) for earlier, later in pairwise(tried)]
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 60]
    row = FailedRow.objects.get()
    assert (row.times, row.first_failed_at) == (10, NOON)


def test_rows_that_rest_take_no_place_from_others(world, broken):
    first, second = people().order_by("pk")[:2]
    broken(first)
    assert go(most=1) == []
    assert go(NOON + minutes(1), most=1) == [second.name]


def test_what_is_due_no_more_or_gone_is_forgotten_and_nothing_else(world, broken):
    mends = [broken(person) for person in (world.kaisa, world.matti, world.niilo)]
    go()
    for mend in mends:
        mend()
    broken(world.niilo)
    User.objects.filter(pk=world.kaisa.pk).update(language="en")
    world.matti.delete()
    FailedRow.objects.record("contacts.other", User, world.kaisa.pk, "OSError", NOON)
    go(NOON + minutes(1))
    assert failed() == [
        ("contacts.test", "contacts.user", str(world.niilo.pk), 1),
        ("contacts.other", "contacts.user", str(world.kaisa.pk), 1),
    ]


def test_the_log_names_round_and_row_and_no_person(world, broken, caplog):
    broken(world.kaisa)
    go()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert f"contacts.test: contacts.user {world.kaisa.pk} failed" in record.message
    assert "in speak" in caplog.text
    assert_not_leaked("aino", caplog.text)
    assert_not_leaked(world.kaisa.email, caplog.text)


def test_three_failures_make_it_stuck_until_nobody_tries_it_any_more(world, broken):
    broken(world.kaisa)
    for moment, number in [(0, 0), (2, 0), (6, 1)]:
        go(NOON + minutes(moment))
        assert FailedRow.objects.stuck(NOON + minutes(moment)).count() == number
    assert FailedRow.objects.stuck(NOON + timedelta(days=3)).count() == 0
    FailedRow.objects.record("contacts.other", User, world.matti.pk, "OSError", NOON + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=2, minutes=6), tick=False):
        forget_failures()
    assert [row[0] for row in failed()] == ["contacts.other"]


# several rows at once


def test_of_rows_that_belong_together_each_is_tried_by_itself_when_one_is_bad(world, broken):
    broken(world.matti)
    groups = []

    def act(some):
        groups.append(len(some))
        for person in some:
            speak(person)

    def try_all(now):
        return for_all_held(User, people().order_by("pk"), act, round="contacts.all", now=now)

    assert try_all(NOON) is False
    assert left() == {world.matti.name}
    assert groups == [7, *([1] * 7)]
    assert failed() == [("contacts.all", "contacts.user", str(world.matti.pk), 1)]
    groups.clear()
    assert try_all(NOON + minutes(1)) is False
    assert groups == []


def test_it_is_told_when_all_have_succeeded(world):
    assert for_all_held(User, list(people()), len, round="contacts.all", now=NOON) is True
    assert for_all_held(User, [], len, round="contacts.all", now=NOON) is True


def test_work_that_did_nothing_is_no_success(world):
    FailedRow.objects.record("contacts.test", User, world.kaisa.pk, "OSError", NOON)
    assert Attempts("contacts.test", User, NOON + minutes(5)).on([world.kaisa.pk], lambda keys: LEFT) == []
    assert FailedRow.objects.count() == 1
    assert Attempts("contacts.test", User, NOON + minutes(5)).on([world.kaisa.pk], len) == [1]
    assert FailedRow.objects.count() == 0


# two workers


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_row(world):
    for number in range(30):
        User.objects.create_user(f"p{number}@example.org", name=f"P{number}")
    names, start = [], Barrier(2)

    def worker():
        start.wait()
        names.extend(go())
        connection.close()

    workers = [Thread(target=worker) for _worker in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(names) == len(set(names)) == 37


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_holds_is_passed_over_and_its_failure_kept(world):
    FailedRow.objects.record("contacts.test", User, world.kaisa.pk, "OSError", NOON)
    done = []

    def worker():
        done.extend(go(NOON + minutes(5)))
        connection.close()

    with transaction.atomic():
        assert locked(people(), [world.kaisa.pk]).get() == world.kaisa
        other = Thread(target=worker)
        other.start()
        other.join()
    assert world.kaisa.name not in done and len(done) == 6
    assert failed() == [("contacts.test", "contacts.user", str(world.kaisa.pk), 1)]
