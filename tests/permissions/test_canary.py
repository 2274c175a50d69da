"""Nothing of one area's closed rooms reaches outsiders: canary words are put there, and everything is read for them."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse

from contacts.models import Coordinator, User
from meetings.models import AgendaItem, MinutesVersion, Participation, Task, VisitReport
from networks.models import Membership, Question
from newsletters.models import MailingList
from tests.leaks import plain_text
from tests.permissions.scene import build
from tests.permissions.test_desk import pages as pages_of
from tests.permissions.test_pages import addresses, signed_in
from youthnet.site_search.groups import GROUPS

pytestmark = pytest.mark.long

OUTSIDERS = ["anonymous", "niilo", "eetu", "kerttu"]
# What is shared by all areas, and what a row of it shows to every coordinator.
SHARED = {"contacts.Municipality", "contacts.Region", "contacts.SubRegion", "contacts.Term", "contacts.Organisation"}
CANARY = re.compile(r"[\w.@/-]*kanaria[\w.@-]*", re.IGNORECASE)
NEEDLE = "anari"  # finds every canary and is none itself, so that an echo of the search is no leak
# Files, other languages, other orders of the same list, and the months of a hundred years are the same pages again.
ELSEWHERE = re.compile(r"/static/|/sv/|/en/|.*\?|.*/\d{4}/\d{1,2}/$")
LINK = re.compile(r'(?:href|src|action|data-[\w-]+)="(/[^"#]*)"')


@pytest.fixture
def scene(world, term):
    """The scene of the tables, with canary words in everything that outsiders may not see."""
    scene = build(world, term)
    for row in [scene.meeting_members, scene.meeting_closed, scene.meeting_draft, scene.training_closed]:
        sing(row, "title", "summary", "place_name", "description")
    for row in [scene.method_members, scene.method_waiting, scene.method_draft, scene.news_members, scene.news_draft]:
        sing(row, "title", "summary")
    for row in [scene.file_members, scene.picture_members]:
        sing(row, "name", "caption")
    for row in [scene.network_closed, scene.network_members]:
        sing(row, "name_fi", "tagline", "purpose", "description", "short_name")
    sing(scene.collection, "title", "note")
    sing(scene.session_plan, "title", "note")
    sing(scene.offer, "text")
    sing(scene.offer_question, "text")
    sing(scene.issue_draft, "subject_fi", "preheader_fi")
    sing(scene.plan_draft, "title", "mission")
    sing(scene.delivery, "subject", "text")
    for meeting in [scene.meeting, scene.meeting_members, scene.meeting_closed, scene.meeting_draft, scene.training]:
        keep(meeting, join_url="https://kokous.example.org/kanaria-linkki")
    for person in [world.kaisa, world.aino, world.matti]:
        keep(person, name="", email=f"{person.name.split()[0].lower()}@kanaria.example.org", phone="kanaria 040 1")
    keep(scene.subscription, email="tilaaja@kanaria.example.org", consent_note="Kanaria soitti")
    keep(scene.delivery, recipient="aino@kanaria.example.org")
    Participation.objects.update(comment="Kanaria tulee myöhässä")
    keep(scene.signup_request, email="vieras@kanaria.example.org", name="Kanaria Vieras")
    question = scene.signup.questions.create(text="Ruokavalio")
    question.replies.create(participation=scene.place, text="Kanarian ruokavalio")
    Membership.objects.filter(pk=scene.request.pk).update(user=world.matti, message="Kanaria haluaa mukaan")
    sing_in_papers(scene)
    sing_of_outings(scene)
    category = term("faq_categories", "jasenyys")
    Question.objects.create(
        area=world.area, network=world.closed, category=category, question="Kanaria?", answer="Kanaria."
    )
    MailingList.objects.create(area=world.area, code="kanaria-lista", name_fi="Kanarian oma lista", is_public=False)
    call_command("reindex", "--all", verbosity=0)
    return scene


def sing_in_papers(scene):
    """Notes, decisions, tasks, proposals, and what is for those of a meeting only."""
    AgendaItem.objects.update(notes="Kanaria muistio")
    AgendaItem.objects.exclude(meeting=scene.meeting).update(title="Kanaria kohta", text="Kanaria kohdasta")
    for row in (scene.item_members, scene.decision, scene.decision_draft, scene.task, scene.task_members):
        sing(row, "title" if row == scene.item_members else "text")
    sing(scene.proposal, "title", "text")
    sing(scene.material, "title")
    for row in (scene.paper_members, scene.image, scene.image_members):
        sing(row, "title", "name", "alt")
    for row in (scene.wish, scene.wish_closed):
        sing(row, "title", "text", "best_time")
    scene.wish.supports.update(comment="Kanaria tarvitsee")
    for version in MinutesVersion.objects.all():
        keep(version, content=version.content | {"title": "Kanaria", "notes": "Kanaria pöytäkirjassa"})


def sing_of_outings(scene):
    """Reports of visits and what was promised, and what came out of meetings held by others."""
    sing(scene.visit_own, "title", "summary")
    for report in VisitReport.objects.all():
        sing(report, "met", "talked", "strengths", "needs")
    Task.objects.filter(meeting=scene.visit).update(text="Kanaria lupaus")
    sing(scene.external.external_notes, "represented_by", "brought", "came_out")


def sing(row, *fields):
    keep(row, **{field: f"Kanaria {row._meta.model_name} {field}" for field in fields})


def keep(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


def outsider(world, role):
    return signed_in(None if role == "anonymous" else getattr(world, role))


def leaks(client, path, method="get", data=None):
    """Canary words in one answer, in its head or body."""
    answer = getattr(client, method)(path, data or {})
    echo = set(CANARY.findall(f"{path} {quote(path)}"))
    found = set(CANARY.findall(plain_text(answer))) - echo
    body = b"".join(answer) if answer.streaming else answer.content
    links = {unescape(link) for link in LINK.findall(body.decode("utf-8", "replace"))}
    return {f"{method} {path}: {word}" for word in found}, links


def crawl(client, begin, most=1200):
    """Canary words in everything that can be reached from some pages by links."""
    waiting, known, found = list(begin), set(begin), set()
    while waiting and len(known) < most:
        words, links = leaks(client, waiting.pop())
        found |= words
        fresh = {link for link in links if not ELSEWHERE.match(link)} - known
        known |= fresh
        waiting += sorted(fresh)
    assert len(known) < most, "the crawl has no end"
    return found


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_and_nothing_behind_its_links_tells_an_outsider(world, scene, role):
    own = [path for (_name, which), path in addresses(world, scene).items() if which != "good"]
    searches = [f"{reverse(name)}?q={NEEDLE}" for name in ("meetings:meeting-list", "methods:method-list")]
    searches += [f"{reverse('search')}?q=kanaria{more}" for more in ("", *(f"&in={group.code}" for group in GROUPS))]
    languages = [f"{prefix}{path}" for prefix in ("/sv", "/en") for path in ("/",)]
    assert crawl(outsider(world, role), own + searches + languages) == set()


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_refused_post_tells_an_outsider(world, scene, role):
    client = outsider(world, role)
    own = [path for (_name, which), path in addresses(world, scene).items() if which != "good"]
    assert set().union(*(leaks(client, path, "post")[0] for path in own)) == set()


def rows_of(world, scene):
    found = [value for value in vars(scene).values() if hasattr(value, "_meta")]
    found += [world.area, world.aino, world.kaisa, world.iso.memberships.get(user=world.aino), world.closed]
    found += [Question.objects.get(question="Kanaria?"), Coordinator.objects.get(user=world.kaisa)]
    return [row for row in found if type(row) in admin.site._registry]


def test_the_other_areas_coordinator_reads_nothing_on_the_desk(world, scene):
    client = signed_in(world.kerttu)
    paths = {reverse("admin:index")}
    for row in rows_of(world, scene):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        changelist = reverse(f"{name}_changelist")
        for _page, _method, path in pages_of(type(row), row):
            paths |= {path, f"{path}?_popup=1", f"{path}?_popup=1&_to_field=id"}
        paths |= {f"{changelist}?q={NEEDLE}", f"{changelist}?all=", f"{changelist}?o=1.2.3.4", f"{changelist}?o=-5"}
    assert crawl(client, paths, most=1500) == set()


def test_the_other_areas_coordinator_changes_nothing_on_the_desk(world, scene):
    client = signed_in(world.kerttu)
    found = set()
    for row in rows_of(world, scene):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        before = type(row)._base_manager.values().get(pk=row.pk)
        found |= leaks(client, reverse(f"{name}_change", args=[row.pk]), "post", {"name": "x"})[0]
        found |= leaks(client, reverse(f"{name}_delete", args=[row.pk]), "post", {"post": "yes"})[0]
        for action in admin.site._registry[type(row)].actions or ["delete_selected"]:
            chosen = {"action": action, "_selected_action": [row.pk], "post": "yes"}
            found |= leaks(client, reverse(f"{name}_changelist"), "post", chosen)[0]
        assert type(row)._base_manager.values().get(pk=row.pk) == before
    assert found == set()


def test_choices_refused_on_the_desk_do_not_name_foreign_rows(world, scene):
    """The number of a foreign row typed into a form must not come back with the row's name."""
    from tests.permissions.scene import method

    own = method(world, world.other_area, "oma", world.eetu, "public")
    client = signed_in(world.kerttu)
    found = set()
    for row in [world.aino, world.kaisa]:
        for field in ("author", "co_authors"):
            path = reverse("admin:methods_method_change", args=[own.pk])
            found |= leaks(client, path, "post", {"title": "Oma", field: row.pk})[0]
    found |= leaks(client, path, "post", {"title": "Oma", "derived_from": scene.method_members.pk})[0]
    assert found == set()


PROBES = [
    ("contacts_user", "password__startswith", "pbkdf2"),
    ("contacts_user", "phone__contains", "1"),
    ("contacts_user", "is_superuser", "1"),
    ("contacts_user", "memberships__network__name_fi__startswith", "K"),
    ("contacts_user", "memberships__message__startswith", "K"),
    ("contacts_user", "emailaddress__email__startswith", "a"),
    ("outbox_delivery", "text__contains", "answer/"),
    ("outbox_delivery", "html__regex", "a.*"),
    ("outbox_delivery", "calendar__contains", "teams"),
    ("meetings_meeting", "join_url__startswith", "https"),
    ("meetings_meeting", "participations__user__email__startswith", "a"),
    ("meetings_meeting", "networks__memberships__user__password__startswith", "a"),
    ("meetings_participation", "user__password__startswith", "pbkdf2"),
    ("methods_method", "author__password__startswith", "pbkdf2"),
    ("methods_trial", "person__password__startswith", "pbkdf2"),
    ("methods_competenceoffer", "member__email__startswith", "a"),
    ("networks_membership", "user__password__startswith", "pbkdf2"),
    ("contacts_organisation", "people__email__startswith", "a"),
    ("contacts_organisation", "people__password__startswith", "a"),
    ("contacts_municipality", "people__email__startswith", "a"),
    ("contacts_region", "municipalities__people__email__startswith", "a"),
    ("contacts_coordinationarea", "networks__name_fi__startswith", "a"),
]


@pytest.mark.parametrize(("register", "lookup", "value"), PROBES)
def test_columns_that_a_list_does_not_show_cannot_be_guessed_through_its_address(
    client, world, scene, register, lookup, value
):
    client.force_login(world.kaisa)
    assert client.get(reverse(f"admin:{register}_changelist"), {lookup: value}).status_code == 400


def test_powers_are_not_given_by_boxes_that_are_not_in_the_form(client, world):
    client.force_login(world.kaisa)
    powers = {"is_staff": "1", "is_superuser": "1", "is_active": "", "password": "x", "groups": "1"}
    typed = {"name": "Aino", "title": "", "phone": "", "language": "fi", "email": "kaappaaja@example.org"}
    assert client.post(reverse("admin:contacts_user_change", args=[world.aino.pk]), typed | powers).status_code == 302
    aino = User.objects.get(pk=world.aino.pk)
    assert (aino.name, aino.is_staff, aino.is_superuser, aino.is_active) == ("Aino", False, False, True)
    assert (aino.email, aino.password) == ("aino@example.org", world.aino.password)
    added = {"email": "uusi@example.org", "name": "Uusi", "language": "fi"}
    assert client.post(reverse("admin:contacts_user_add"), added | powers).status_code == 302
    fresh = User.objects.get(email="uusi@example.org")
    assert (fresh.is_staff, fresh.is_superuser, fresh.is_active) == (False, False, True)
    client.force_login(world.aino)
    assert client.post(reverse("contacts:me-edit"), typed | powers).status_code == 302
    aino.refresh_from_db()
    assert (aino.is_staff, aino.is_superuser, aino.email) == (False, False, "aino@example.org")
