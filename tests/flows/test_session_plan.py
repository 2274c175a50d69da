"""From the bank to a meeting: the parts of a session plan become the agenda, by what the page of the plan sends."""

import re
from datetime import time
from html import unescape

from django.urls import reverse
from django.utils import timezone

from methods.models import SessionPlan
from tests.meetings.conftest import make_meeting, meeting  # noqa: F401  the fixtures
from tests.methods.conftest import method, words  # noqa: F401  the fixtures


def hidden(page, name):
    """What the form of the page sends under a name."""
    return [unescape(value) for value in re.findall(rf'name="{name}" value="([^"]*)"', page.text)]


def planned(owner, method):  # noqa: F811
    made = SessionPlan(title="Ryhmäilta", begins=time(17))
    made.start(owner, timezone.now())
    made.add(method("Hiljainen jana"), timezone.now())
    return made


def test_a_coordinators_plan_becomes_the_agenda_of_a_meeting(client, world, method, meeting):  # noqa: F811
    plan = planned(world.kaisa, method)
    client.force_login(world.kaisa)
    page = client.get(plan.get_absolute_url())
    rows = {name: hidden(page, name) for name in ("title", "minutes", "text")}
    assert [
        (title, int(minutes), text) for title, minutes, text in zip(*rows.values(), strict=True)
    ] == plan.as_agenda()
    take = reverse("meetings:agenda-take")
    assert meeting.pk in client.post(take, rows).context["form"].fields["meeting"].queryset.values_list("pk", flat=True)
    client.post(take, rows | {"meeting": meeting.pk})
    assert list(meeting.agenda.values_list("title", flat=True)) == ["Hiljainen jana"]


def test_a_member_makes_no_agenda(client, world, method):  # noqa: F811
    plan = planned(world.aino, method)
    client.force_login(world.aino)
    page = client.get(plan.get_absolute_url())
    assert reverse("meetings:agenda-take") not in page.text
    assert client.post(reverse("meetings:agenda-take"), {"title": "Kohta"}).status_code == 404
