"""Two rounds at the same moment: each person gets one letter."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from lib.models import FailedRow
from meetings.models import Dispatch, Offer, Participation
from meetings.tasks import expire_offers, send_invitations, send_reminders, send_signup_letters
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


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_tell_each_of_the_place_once(training, crowd):
    crowd(10)
    at_the_same_moment(send_signup_letters)
    send_signup_letters()
    assert Delivery.objects.count() == 10
    assert (Participation.objects.wanting_letter().count(), FailedRow.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_rounds_and_somebody_who_signs_up_give_each_place_once(make_training):
    """The round holds the meeting before its people, as signing up does: nobody waits for each other for ever."""
    now = timezone.now()
    trainings = [make_training(capacity=1, offer_hours=1, title=f"Koulutus {number}") for number in range(5)]
    for signup in trainings:
        first, *waiting = [signup.meeting.participations.create(email=f"n{n}@example.org") for n in range(3)]
        for person in (first, *waiting):
            signup.assign_places([person], now, "coordinator")
        signup.release_place(first, now, "web")
    late = [signup.meeting.participations.create(email="myohassa@example.org") for signup in trainings]

    def round_or_sign_up():
        for signup, person in zip(trainings, late, strict=True):
            if not person.is_queued:
                type(signup).objects.get(pk=signup.pk).assign_places([person], timezone.now(), "coordinator")
        expire_offers()

    with time_machine.travel(now + timedelta(hours=2), tick=False):
        at_the_same_moment(round_or_sign_up)
        expire_offers()
        assert Offer.objects.due(timezone.now()).count() == 0
    assert [signup.meeting.participations.offered().count() for signup in trainings] == [1] * 5
    assert FailedRow.objects.count() == 0
