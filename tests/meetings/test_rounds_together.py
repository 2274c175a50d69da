"""Two rounds at the same moment: each person gets one letter."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from meetings.models import Dispatch, Participation
from meetings.tasks import send_invitations
from outbox.models import Delivery


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_ask_everybody_once(meeting):
    for n in range(10):
        Participation(meeting=meeting, email=f"vieras{n}@example.org").list_as_guest(timezone.now())
    meeting.invite(timezone.now())
    Dispatch.objects.send_now(timezone.now())
    start = Barrier(2)

    def round_of_one_worker():
        start.wait()
        send_invitations()
        connection.close()

    workers = [Thread(target=round_of_one_worker) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Delivery.objects.count() == 12
    assert meeting.participations.filter(asked_at=None).count() == 0
