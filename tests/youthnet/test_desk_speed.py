"""The desk asks the database as often for many rows as for few."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, User
from networks.models import Network
from newsletters.models import Subscription
from outbox.models import Delivery
from tests.permissions import scene as make
from tests.permissions.test_pages import signed_in

MANY = 12


@pytest.fixture
def scene(world, term):
    return make.build(world, term)


def grow(world, term, scene):
    """Many more rows of everything that a list of the desk shows."""
    now = timezone.now()
    for number in range(MANY):
        person = User.objects.create_user(
            f"uusi{number}@example.org", name=f"Uusi {number}", organisation=world.employer
        )
        person.municipality = world.towns.jyvaskyla
        person.save()
        world.iso.take_in(person, now=now)
        kind, role = world.iso.kind, term("contact_roles", "aluekoordinaattori")
        network = Network.objects.create(area=world.area, slug=f"v{number}", name_fi=f"V{number}", kind=kind)
        network.receive_request(world.niilo, now)
        ContactCard.objects.create(area=world.area, role=role, name=f"Kortti {number}", organisation=world.employer)
        make.news(world.area, f"uutinen-{number}", "public", published=True)
        make.method(world, world.area, f"menetelma-{number}", person, "public", publish=False, submit=True)
        make.meeting(world, term, f"tapaaminen-{number}", [world.iso, network], "public", publish=number % 2 == 0)
        make.issue(scene.list, f"kirje-{number}", sent=False)
        make.plan(world.area, f"suunnitelma-{number}", published=True)
        later = now + timedelta(seconds=number)
        Subscription.objects.create(
            list=scene.list, email=f"l{number}@example.org", requested_at=now, confirmed_at=later
        )
        draft = {"kind": "test", "recipient": f"k{number}@example.org", "subject": "x", "text": "x"}
        Delivery.objects.queue([Delivery(reference=f"s{number}", area_id=world.area.pk, **draft)], now)


def counted(client, paths):
    """How many questions each page asks; the first reading warms what is remembered."""
    found = {}
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(path).status_code in (200, 302, 403), path
        found[path] = len(asked)
    return found


def test_no_page_of_the_desk_asks_more_when_there_is_more(world, term, scene):
    rows = [value for value in vars(scene).values() if type(value) in admin.site._registry]
    rows += [world.area, world.aino, world.employer, world.iso]
    names = {f"admin:{row._meta.app_label}_{row._meta.model_name}": row for row in rows}
    paths = [reverse("admin:index"), reverse("admin:meetings_meeting_calendar"), reverse("networks:request-list")]
    paths += [reverse("methods:review-list"), *(reverse(f"{name}_changelist") for name in names)]
    paths += [reverse(f"{name}_change", args=[row.pk]) for name, row in names.items()]
    client = signed_in(world.kaisa)
    few = counted(client, paths)
    grow(world, term, scene)
    many = counted(client, paths)
    # The first rows of a kind may bring one more question (prefetch); a row each would bring a dozen.
    assert {path: (few[path], many[path]) for path in paths if many[path] > few[path] + 3} == {}
    assert {path: asked for path, asked in many.items() if asked > 40} == {}
