"""Two rounds at the same moment: each person gets one letter."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from meetings.models import Dispatch, Participation
from meetings.tasks import send_invitations, send_reminders
from outbox.models import Delivery


def at_the_same_moment(task):
    """Two workers make the same round."""
    start = Barrier(2)

    def round_of_one_worker():
        start.wait()
        task()
        connection.close()

    workers = [Thread(target=round_of_one_worker) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_ask_everybody_once(meeting):
    for n in range(10):
        Participation(meeting=meeting, email=f"vieras{n}@example.org").list_as_guest(timezone.now())
    meeting.invite(timezone.now())
    Dispatch.objects.send_now(timezone.now())
    at_the_same_moment(send_invitations)
    assert Delivery.objects.count() == 12
    assert meeting.participations.filter(asked_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [1, 7])
def test_two_rounds_at_the_same_moment_remind_everybody_once(meeting, days):
    """The day before, and a week before; on the way a third round finds nothing to do."""
    long_ago = meeting.starts_at - timedelta(days=20)
    for n in range(10):
        Participation(meeting=meeting, email=f"vieras{n}@example.org", asked_at=long_ago).list_as_guest(long_ago)
    meeting.participations.update(asked_at=long_ago)
    hour = timezone.localtime(meeting.starts_at - timedelta(days=days)).replace(hour=9, minute=30)
    with time_machine.travel(hour, tick=False):
        at_the_same_moment(send_reminders)
        send_reminders()
    kind = "meeting-reminder-coming" if days == 1 else "meeting-reminder-unanswered"
    assert Delivery.objects.filter(kind=kind).count() == 12
    assert meeting.reminders.count() == len({reminder.step for reminder in meeting.reminders.all()})


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_invite_once(make_meeting):
    made = make_meeting(days=30, changed_at=timezone.now())
    made.publish(timezone.now())
    hour = timezone.localtime(made.starts_at - timedelta(days=21)).replace(hour=9, minute=30)
    with time_machine.travel(hour, tick=False):
        at_the_same_moment(send_reminders)
        send_invitations()
    assert made.reminders.count() == 1
    assert Delivery.objects.filter(kind="meeting-invitation").count() == 2
