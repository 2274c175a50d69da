"""Letters with answers of calendars: the server that receives them, and the way they take."""

import pytest
from django.utils import timezone

from meetings.models import CalendarAnswer
from meetings.tasks import process_calendar_answers
from outbox.models import InboundMessage
from outbox.tasks import read_inbound

HOUSE = "mx.portaali.example.org"


@pytest.fixture(autouse=True)
def house(settings):
    settings.AUTHSERV_ID = HOUSE


@pytest.fixture
def post(db, noon):
    """post(letter) takes it in, reads it and lets the round heed it."""

    def take(raw):
        InboundMessage.objects.receive(raw, "test", timezone.now())
        read_inbound()
        process_calendar_answers()
        return CalendarAnswer.objects.latest("pk")

    return take
