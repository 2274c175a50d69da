"""The menu of the desk: every register is under one job, and what waits is counted for the own area only."""

from collections import Counter

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from meetings.models import Proposal
from methods.models import Method
from youthnet.desk.dashboard import how_much_waits
from youthnet.desk.menu import JOBS


def lines(client, name="admin:index"):
    return {line.icon: line for line in client.get(reverse(name)).context["desk_menu"]}


def test_every_register_of_the_desk_is_under_exactly_one_job():
    under = Counter(label for job in JOBS for label in job.models)
    assert under == Counter(model._meta.label_lower for model in admin.site._registry)


def test_a_job_tells_how_much_waits_in_it_and_shows_its_registers_when_it_is_open(sign_in, world):
    now = timezone.now()
    world.iso.receive_request(world.niilo, now=now)
    Method.objects.create(area=world.area, slug="m", title="M", kind=Method.METHOD, submitted_at=now)
    Proposal.objects.create(network=world.iso, proposer=world.aino, title="Ehdotus", created_at=now)
    first = lines(sign_in(world.kaisa))
    assert {icon: line.waiting for icon, line in first.items() if line.waiting} == {
        "people": 1,
        "book": 1,
        "calendar": 1,
    }
    assert first["home"].is_here and not any(line.registers for line in first.values())
    people = lines(sign_in(world.kaisa), "admin:networks_membership_changelist")["people"]
    assert people.is_current and not people.is_here
    assert [is_open for _name, _url, is_open in people.registers] == [False, True, False, False, False]


def test_the_menu_of_another_area_counts_none_of_it(sign_in, world):
    world.iso.receive_request(world.niilo, now=timezone.now())
    assert not any(line.waiting for line in lines(sign_in(world.kerttu)).values())


def test_a_small_window_has_no_menu(sign_in, world):
    page = sign_in(world.kaisa).get(reverse("admin:networks_network_changelist"), {"_popup": "1"})
    assert page.context["desk_menu"] == []


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Sinulla ei ole avoimia tehtäviä"),
        (1, "Yksi asia odottaa sinua"),
        (10, "Kymmenen asiaa odottaa sinua"),
        (11, "11 asiaa odottaa sinua"),
    ],
)
def test_the_title_says_in_words_how_much_waits(count, words):
    assert how_much_waits(count) == words
