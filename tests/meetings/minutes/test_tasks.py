"""Tasks from meetings: seen by their people, done by one press, taken back by another, reminded of twice."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Minutes, Task
from meetings.tasks import remind_of_tasks
from outbox.models import Delivery

PAGE = "meetings:task-list"
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def task(meeting, world):
    return Task.objects.give(meeting, "Kootaan luvut", timezone.now(), owner=world.aino)


def act(client, name, task, **facts):
    return client.post(reverse(f"meetings:task-{name}", args=[task.pk]), facts)


def shown(client, **query):
    return [task.text for task in client.get(reverse(PAGE), query).context["page"]]


def test_my_tasks_come_with_the_soonest_first(world, sign_in, meeting, task):
    day = timezone.localdate()
    Task.objects.give(meeting, "Myöhemmin", timezone.now(), owner=world.aino, due_on=day + timedelta(days=9))
    Task.objects.give(meeting, "Ensin", timezone.now(), owner=world.aino, due_on=day + timedelta(days=2))
    Task.objects.give(meeting, "Matin", timezone.now(), owner=world.matti)
    client = sign_in(world.aino)
    assert shown(client) == ["Ensin", "Myöhemmin", "Kootaan luvut"]
    assert shown(client, whose="all") == ["Ensin", "Myöhemmin", "Kootaan luvut", "Matin"]
    assert [task.text for task in client.get(reverse("contacts:me")).context["tasks"]] == shown(client)


def test_one_press_does_it_and_another_takes_it_back(world, sign_in, task):
    client = sign_in(world.aino)
    act(client, "done", task)
    task.refresh_from_db()
    assert (task.is_open, shown(client)) == (False, [])
    assert list(client.get(reverse(PAGE)).context["closed"]) == [task]
    act(client, "reopen", task)
    task.refresh_from_db()
    assert (task.is_open, shown(client)) == (True, ["Kootaan luvut"])


def test_a_task_is_done_from_ones_own_page_which_tells_what_is_late(world, sign_in, meeting, task):
    yesterday = timezone.localdate() - timedelta(days=1)
    Task.objects.give(meeting, "Myöhässä", timezone.now(), owner=world.aino, due_on=yesterday)
    client, me = sign_in(world.aino), reverse("contacts:me")
    assert client.get(me).text.count("Määräpäivä on mennyt") == 1
    assert act(client, "done", task, next=me)["Location"] == me
    assert [open_one.text for open_one in client.get(me).context["tasks"]] == ["Myöhässä"]


def test_a_task_is_dropped_only_with_words(world, sign_in, task):
    client = sign_in(world.aino)
    act(client, "drop", task, reason=" ")
    task.refresh_from_db()
    assert task.is_open
    act(client, "drop", task, reason="Rahoitus ei toteutunut")
    task.refresh_from_db()
    assert (task.dropped_at is not None, task.drop_reason) == (True, "Rahoitus ei toteutunut")


def test_what_is_done_is_not_dropped_as_well(world, sign_in, task):
    act(sign_in(world.aino), "done", task)
    act(sign_in(world.aino), "drop", task, reason="Myöhässä")
    task.refresh_from_db()
    assert (task.done_at is not None, task.dropped_at) == (True, None)


@pytest.mark.parametrize("who", ["matti", "niilo", "eetu", "kerttu"])
@pytest.mark.parametrize("name", ["done", "drop", "reopen"])
def test_others_do_not_touch_it(world, sign_in, task, who, name):
    assert act(sign_in(getattr(world, who)), name, task, reason="Ei").status_code == 404
    task.refresh_from_db()
    assert task.is_open


def test_the_coordinator_and_the_writer_of_the_minutes_may_call_it_done(world, sign_in, meeting, task):
    act(sign_in(world.kaisa), "done", task)
    task.open_again()
    Minutes.objects.start(meeting).hand_to(world.matti)
    act(sign_in(world.matti), "done", task)
    task.refresh_from_db()
    assert task.done_at is not None


def test_nobody_is_led_away_from_the_portal(world, sign_in, task):
    answer = act(sign_in(world.aino), "done", task, next="https://muualla.example.org/")
    assert answer["Location"] == reverse(PAGE)


@pytest.mark.parametrize(("who", "titles"), [("niilo", []), ("eetu", []), ("kerttu", []), ("matti", ["Kootaan luvut"])])
def test_only_the_people_of_the_network_see_its_tasks(world, sign_in, task, who, titles):
    assert shown(sign_in(getattr(world, who)), whose="all") == titles


def reminders():
    return list(Delivery.objects.filter(kind="task-reminder").order_by("pk").values_list("recipient", "reference"))


def test_the_owner_hears_three_days_before_and_once_after(world, meeting):
    noon = datetime(2027, 3, 1, 12, tzinfo=HELSINKI)
    due = noon.date() + timedelta(days=10)
    task = Task.objects.give(meeting, "Kootaan luvut", noon, owner=world.aino, due_on=due)
    heard = {}
    for days in (6, 7, 8, 10, 11, 12):
        with time_machine.travel(noon + timedelta(days=days)):
            remind_of_tasks()
            remind_of_tasks()
        heard[days] = len(reminders())
    assert heard == {6: 0, 7: 1, 8: 1, 10: 1, 11: 2, 12: 2}
    assert {recipient for recipient, _reference in reminders()} == {"aino@example.org"}
    assert [reference for _recipient, reference in reminders()] == [
        f"task {task.pk}/near/{due}",
        f"task {task.pk}/over/{due}",
    ]


def test_nobody_is_reminded_before_seven_or_of_what_is_done_or_by_no_address(world, meeting, task):
    noon = datetime(2027, 3, 1, 12, tzinfo=HELSINKI)
    due = {"due_on": noon.date()}
    Task.objects.give(meeting, "Tehty", noon, owner=world.aino, **due).finish(noon)
    Task.objects.give(meeting, "Nimetön", noon, owner_name="Talonmies", **due)
    Task.objects.give(meeting, "Poissa", noon, owner=world.vaino, **due)
    with time_machine.travel(noon):
        remind_of_tasks()
    Task.objects.filter(pk=task.pk).update(**due)
    with time_machine.travel(noon.replace(hour=6)):
        remind_of_tasks()
    assert reminders() == []
    with time_machine.travel(noon.replace(hour=7)):
        remind_of_tasks()
    assert len(reminders()) == 1


def test_the_page_asks_as_often_for_many_tasks_as_for_one(world, sign_in, meeting, task):
    client, found = sign_in(world.aino), set()
    for number in (1, 25):
        while Task.objects.count() < number:
            Task.objects.give(meeting, "Lisää", timezone.now(), owner=world.aino)
        client.get(reverse(PAGE))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(PAGE), {"whose": "all"})
        found.add(len(asked))
    assert len(found) == 1
