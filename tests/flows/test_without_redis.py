"""With Redis and the workers away people still sign in, answer, join and subscribe, and nobody waits for it."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign
from meetings.models import Meeting, Participation
from networks.models import Membership
from newsletters.models import MailingList, Subscription
from outbox.models import Delivery
from tests.youthnet.test_accounts import code_in, give_code, last_letter, whose
from youthnet.celery import app

# A page may try to reach the broker once; whoever waits longer than this notices.
PATIENCE = 3.0

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def redis_away(settings):
    """A port where nobody answers, for every producer of this process, and for the counters."""
    shared = {"BACKEND": "lib.counters.shared_cache.SharedCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": shared}
    before = app.conf.broker_url, app.conf.broker_write_url
    point_to("redis://127.0.0.1:1/0", "redis://127.0.0.1:1/0")
    yield
    point_to(*before)


def point_to(broker_url, write_url):
    """Connections are kept in a pool; the next one goes to the new address."""
    app.conf.broker_url, app.conf.broker_write_url = broker_url, write_url
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def meeting(world, term):
    starts_at = timezone.now() + timedelta(days=7)
    made = Meeting.objects.create(
        area=world.area,
        slug="tapaaminen",
        title="Tapaaminen",
        kind=term("event_types", "verkostotapaaminen"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        summary="Tavataan.",
    )
    made.networks.set([world.iso])
    made.publish(timezone.now())
    return made


def quickly(act, *args):
    began = time.monotonic()
    answer = act(*args)
    assert time.monotonic() - began < PATIENCE
    assert answer.status_code == 302
    return answer


def test_broker_is_really_away():
    with app.connection_for_write() as broker, pytest.raises(Exception):  # noqa: B017  each transport has its own
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)


def test_a_member_signs_in_by_a_code_that_waits_in_the_ledger(client, world):
    quickly(client.post, reverse("account_login"), {"login": world.aino.email})
    quickly(give_code, client, code_in(last_letter(world.aino.email)))
    assert whose(client) == world.aino


def test_a_visitor_subscribes(client, world, caplog):
    letters = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Infokirje")
    asked = {"email": "virpi@example.org", "lists": [letters.pk], "language": "fi"}
    quickly(client.post, reverse("newsletters:subscribe"), asked)
    assert Subscription.objects.get().email == "virpi@example.org"
    assert "broker away" in caplog.text


def test_a_newcomer_asks_to_join_and_the_letter_waits(client, world):
    client.force_login(world.niilo)
    quickly(client.post, reverse("networks:network-join", args=[world.iso.slug]), {"message": "Hei"})
    assert Membership.objects.get(user=world.niilo).is_waiting
    assert Delivery.objects.waiting().get().recipient == world.kaisa.email


def test_a_member_answers_by_the_link(client, world, meeting):
    own = Participation.objects.get(user=world.aino)
    quickly(client.post, reverse("meetings:answer", args=[sign("answer", own.pk)]), {"answer": "yes"})
    assert Participation.objects.get(user=world.aino).answer == "yes"


def test_the_coordinator_publishes_and_invites(client, world, meeting):
    client.force_login(world.kaisa)
    quickly(client.post, reverse("admin:meetings_meeting_invite", args=[meeting.pk]), {"_tell": "1"})
    meeting.refresh_from_db()
    assert meeting.invited_at is not None
