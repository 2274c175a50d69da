"""Who may open which page of the desk: a table, checked in, for every register of the admin."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import reverse

from contacts.models import Region, SubRegion
from newsletters.models import Segment
from search.models import ThesaurusEntry
from tests.permissions.scene import build
from tests.permissions.test_pages import signed_in, status

pytestmark = pytest.mark.long

TABLE = Path(__file__).parent / "desk.txt"
ROLES = ["anonymous", "niilo", "aino", "kaisa", "kerttu", "ulla"]


@pytest.fixture
def rows(world, term):
    """One row of Keski-Suomi for every register of the desk."""
    scene = build(world, term)
    region = Region.objects.get()
    found = [
        scene.meeting,
        scene.participation,
        scene.signup,
        scene.series,
        scene.calendar_answer,
        scene.wish,
        scene.method,
        scene.trial,
        scene.action,
        scene.offer,
        world.iso,
        world.iso.memberships.get(user=world.aino),
        scene.news,
        scene.page,
        scene.question,
        scene.card,
        scene.coordinator,
        scene.list,
        scene.subscription,
        scene.dead,
        scene.issue_draft,
        Segment.objects.create(area=world.area, name="Koulut"),
        scene.plan,
        scene.goal,
        scene.delivery,
        scene.mailing,
        scene.stop,
        scene.post,
        world.area,
        world.employer,
        world.aino,
        world.towns.jyvaskyla,
        region,
        SubRegion.objects.create(code="131", region=region, name_fi="Seutu"),
        term("topics", "osallisuus"),
        ThesaurusEntry.objects.create(words="nuta, nuorisotila"),
    ]
    return {type(row): row for row in found}


def test_every_register_has_a_row_in_the_table(rows):
    assert set(admin.site._registry) == set(rows)


def observed(world, rows):
    clients = {role: signed_in(None if role == "anonymous" else getattr(world, role)) for role in ROLES}
    yield f"{'register':32}{'page':20}" + "".join(f"{role:>10}" for role in ROLES)
    for model in sorted(rows, key=lambda model: model._meta.label):
        for page, method, path in pages(model, rows[model]):
            codes = [status(clients[role], method, path) for role in ROLES]
            yield f"{model._meta.label:32}{page:20}" + "".join(f"{code:>10}" for code in codes)


def pages(model, row):
    """The pages of one register: list, add, and one row of Keski-Suomi."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "list", "get", reverse(f"{name}_changelist")
    yield "add", "get", reverse(f"{name}_add")
    yield "change", "get", reverse(f"{name}_change", args=[row.pk])
    yield "change POST", "post", reverse(f"{name}_change", args=[row.pk])
    yield "history", "get", reverse(f"{name}_history", args=[row.pk])
    yield "delete", "get", reverse(f"{name}_delete", args=[row.pk])


def test_every_page_of_the_desk_answers_everybody_as_the_table_says(world, rows):
    assert "\n".join(observed(world, rows)) + "\n" == TABLE.read_text(encoding="utf-8")


def test_the_other_areas_coordinator_finds_none_of_our_rows_in_a_list(world, rows):
    shared = {
        "contacts.Municipality",
        "contacts.Region",
        "contacts.SubRegion",
        "contacts.Term",
        "contacts.Organisation",
        "search.ThesaurusEntry",
    }
    client = signed_in(world.kerttu)
    seen = []
    for model, row in rows.items():
        if model._meta.label not in shared:
            answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
            if answer.status_code == 200 and row in answer.context["cl"].queryset:
                seen.append(model._meta.label)
    assert seen == []
