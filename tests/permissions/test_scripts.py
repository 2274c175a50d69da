"""Whatever people write into names, titles and texts is shown as text: on pages, on the desk, and in letters."""

import re

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone

from networks import emails as network_letters
from networks.models import Membership
from newsletters.issues import mailing as issue_letters
from outbox.models import Delivery
from tests.meetings.conftest import hand_over
from tests.permissions.scene import build
from tests.permissions.test_canary import ELSEWHERE, LINK
from tests.permissions.test_pages import addresses, signed_in

ATTACK = "\"'><svg onload=paha(1)>{{7*7}}</script><img src=x onerror=paha(2)>"
SHORT = "\"'><b onclick=paha>"
# What a browser would take for an element or an attribute of the attacker's.
ALIVE = re.compile(r"<(?:svg|img|b|script)\b[^>]*paha|<a [^>]*href=[\"']?javascript", re.IGNORECASE)
# The description of one of our pictures, as it should be: a quotation mark of the attacker's would end it early.
DESCRIPTION = re.compile(r' alt="[^"]*"')
SPARED = {"slug", "code", "language", "email", "recipient", "from_email", "uid", "time_zone", "accent", "kind", "list"}
SPARED |= {"join_url", "source_url", "website", "message_id", "iso", "nuts3", "password", "reference", "state", "mode"}
SPARED |= {"headers", "calendar", "calendar_method", "search_backend", "sender_email", "visibility", "answer", "token"}
# A link is of the web, and only a dropped task has a reason: the database sees to both.
SPARED |= {"url", "drop_reason"}
# What only the program itself writes, in a shape of its own.
SPARED |= {"kept", "replies", "colleagues"}


def poison(row):
    """Put the attack into every column of a row that holds words, past every form."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in SPARED or field.choices or field.primary_key:
            continue
        if isinstance(field, models.JSONField):
            values[field.name] = [ATTACK]
        elif isinstance(field, models.CharField | models.TextField):
            room = field.max_length or 1000
            values[field.name] = ATTACK if room >= len(ATTACK) else SHORT if room >= len(SHORT) else "<b>"[:room]
    type(row)._base_manager.filter(pk=row.pk).update(**values)


@pytest.fixture
def scene(world, term):
    scene = build(world, term)
    rows = [value for value in vars(scene).values() if hasattr(value, "_meta")]
    rows += [world.area, world.employer, world.iso, world.aino, world.niilo, *world.area.municipalities.all()]
    for row in rows:
        poison(row)
        row.refresh_from_db()
    scene.rows = [row for row in rows if type(row) in admin.site._registry]
    return scene


@pytest.mark.parametrize("role", ["anonymous", "aino", "kaisa", "ulla"])
def test_no_page_lets_written_scripts_live(world, scene, role):
    client = signed_in(None if role == "anonymous" else getattr(world, role))
    waiting = [path for (_name, which), path in addresses(world, scene).items() if which != "foreign"]
    if role in ("kaisa", "ulla"):
        for row in scene.rows:
            name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
            waiting += [reverse(f"{name}_changelist")]
            waiting += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    known, alive = set(waiting), set()
    while waiting and len(known) < 800:
        path = waiting.pop()
        answer = client.get(path)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        assert answer.status_code < 500, path
        alive |= {(path, found) for found in ALIVE.findall(DESCRIPTION.sub("", answer.text))}
        fresh = {link for link in LINK.findall(answer.text) if not ELSEWHERE.match(link)} - known
        known |= fresh
        waiting += sorted(fresh)
    assert alive == set()


def test_no_letter_lets_written_scripts_live_and_no_head_line_breaks(noon, world, scene):
    scene.meeting.invite(timezone.now())
    hand_over()
    request = Membership.objects.select_related("user", "network__area").get(pk=scene.request.pk)
    network_letters.asked(request)
    network_letters.refused(request)
    issue = scene.issue_draft
    issue.blocks.create(kind="meeting", meeting=scene.meeting)
    issue.blocks.create(kind="text", title_fi="x")
    issue.blocks.update(body_fi=ATTACK)
    issue_letters.send_test(issue, world.kaisa, scene.meeting.created_at)
    letters = Delivery.objects.exclude(kind="test")
    assert {letter.kind for letter in letters} >= {"meeting-invitation", "networks.asked", "newsletter-test"}
    assert [letter.kind for letter in letters if ALIVE.search(letter.html)] == []
    assert [letter.kind for letter in letters if "\n" in letter.subject] == []
