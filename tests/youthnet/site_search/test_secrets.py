"""Nothing that somebody may not see is ever found, counted, suggested or quoted: side doors are doors."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, Organisation, User
from meetings.models import Minutes
from networks.models import Page, Question
from newsletters.models import Issue
from tests.leaks import assert_not_leaked, plain_text
from tests.permissions.scene import build
from tests.permissions.test_pages import signed_in
from youthnet.site_search.groups import GROUPS

EVERYBODY = {"anonymous", "niilo", "eetu", "aino", "matti", "kaisa", "kerttu", "ulla", "vaino"}
MEMBERS = {"aino", "matti", "kaisa", "ulla"}
COORDINATOR = {"kaisa", "ulla"}
NOBODY: set[str] = set()

# Each thing of the scene: the column of its name, and who may find it.
MAY_FIND = {
    "meeting": ("title", EVERYBODY),
    "meeting_members": ("title", MEMBERS),
    "meeting_closed": ("title", COORDINATOR),
    "meeting_draft": ("title", NOBODY),
    "method": ("title", EVERYBODY),
    "method_members": ("title", MEMBERS),
    "method_waiting": ("title", NOBODY),
    "method_draft": ("title", NOBODY),
    "network": ("name_fi", EVERYBODY),
    "network_members": ("name_fi", MEMBERS),
    "network_closed": ("name_fi", COORDINATOR),
    "news": ("title", EVERYBODY),
    "news_members": ("title", MEMBERS),
    "news_draft": ("title", NOBODY),
    "page": ("title", EVERYBODY),
    "page_draft": ("title", NOBODY),
    "question": ("question", EVERYBODY),
    "question_closed": ("question", COORDINATOR),
    "wish": ("title", MEMBERS),
    "wish_closed": ("title", COORDINATOR),
    "plan": ("title", EVERYBODY),
    "plan_draft": ("title", NOBODY),
    "issue": ("subject_fi", EVERYBODY),
    "issue_draft": ("subject_fi", NOBODY),
    "issue_hidden": ("subject_fi", NOBODY),
    "item": ("title", EVERYBODY),
    "item_members": ("title", MEMBERS),
    "decision": ("text", MEMBERS),
    "decision_draft": ("text", COORDINATOR),
    "task": ("text", MEMBERS),
    "task_members": ("text", MEMBERS),
    "minutes_members": ("in_short", MEMBERS),
    "minutes_draft": ("in_short", COORDINATOR),
    "organisation": ("name", EVERYBODY),
    "card": ("name", EVERYBODY),
    "card_ended": ("name", NOBODY),
    "aino": ("name", MEMBERS),
    "vaino": ("name", NOBODY),
    "kerttu": ("name", NOBODY),
    "eetu": ("name", {"eetu", "kerttu", "ulla"}),
    "niilo": ("name", NOBODY),
}
NAME = re.compile(r"Kanaria (\w+)")


@pytest.fixture
def scene(world, term):
    """The scene of the tables, where every thing is called "Kanaria" and its place in the scene."""
    scene = build(world, term)
    now = timezone.now()
    scene.page_draft = Page.objects.create(area=world.area, slug="tulossa", title="x", body="x", published_at=None)
    scene.question_closed = Question.objects.create(
        area=world.area, network=world.closed, category=term("faq_categories", "jasenyys"), question="x", answer="x"
    )
    scene.issue_hidden = Issue.objects.create(
        list=scene.list_closed, number=1, slug="piilossa", subject_fi="x", addressed_at=now
    )
    scene.card_ended = ContactCard.objects.create(
        area=world.area, role=scene.card.role, name="x", ended_on=timezone.localdate(now)
    )
    scene.minutes_draft, scene.minutes_members = (
        Minutes.objects.get(meeting=meeting) for meeting in (scene.meeting, scene.meeting_members)
    )
    scene.organisation = Organisation.objects.create(slug="kanaria", name="x", type=world.employer.type)
    for name in ("aino", "vaino", "kerttu", "eetu", "niilo"):
        setattr(scene, name, getattr(world, name))
    for name, (column, _roles) in MAY_FIND.items():
        row = getattr(scene, name)
        type(row).objects.filter(pk=row.pk).update(**{column: f"Kanaria {name}"})
    User.objects.exclude(name__startswith="Kanaria").update(name="")
    call_command("reindex", "--all", verbosity=0)
    return scene


def client_of(world, role):
    return signed_in(None if role == "anonymous" else getattr(world, role))


def expected(role):
    return {name for name, (_column, roles) in MAY_FIND.items() if role in roles}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_everybody_finds_what_they_may_see_and_nothing_else(world, scene, role):
    answer = client_of(world, role).get(reverse("search"), {"q": "kanaria"})
    found = set(NAME.findall(plain_text(answer)))
    assert (found, answer.context["total"]) == (expected(role), len(expected(role)))


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_one_kind_alone_tells_no_more(world, scene, role):
    client = client_of(world, role)
    answers = [client.get(reverse("search"), {"q": "kanaria", "in": group.code}) for group in GROUPS]
    assert [answer.context["results"][0].group for answer in answers] == GROUPS
    numbers = sum(answer.context["results"][0].number for answer in answers)
    found = {name for answer in answers for name in NAME.findall(plain_text(answer))}
    assert (found, numbers) == (expected(role), len(expected(role)))


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_words_that_only_hidden_things_hold_are_neither_found_nor_suggested(world, scene, role):
    type(scene.meeting_closed).objects.filter(pk=scene.meeting_draft.pk).update(title="Strutsinmunakakku")
    scene.meeting_draft.refresh_from_db()
    scene.meeting_draft.index()
    client = client_of(world, role)
    for typed in ("strutsinmunakakku", "strutsi", "strutsinmunakaku", "strutsinmuna"):
        answer = client.get(reverse("search"), {"q": typed})
        assert answer.context["total"] == 0
        assert_not_leaked("Strutsinmunakakku", plain_text(answer).replace(typed, ""))


def test_people_are_not_found_by_their_addresses(world, scene):
    world.aino.introduce(name="Aino Jäsen", phone="040 765 4321")
    for who in (world.aino, world.matti, world.kaisa, world.ulla):
        for typed in ("aino@example.org", "example.org", "040 765 4321", "7654321"):
            answer = signed_in(who).get(reverse("search"), {"q": typed, "in": "members"})
            assert answer.context["results"][0].number == 0


def test_a_link_for_joining_is_not_found(world, scene):
    scene.meeting.change(timezone.now(), join_url="https://kokous.example.org/strutsi")
    for who in (world.aino, world.kaisa, world.ulla):
        assert signed_in(who).get(reverse("search"), {"q": "strutsi"}).context["total"] == 0


def test_leaving_a_network_ends_finding_its_people(world, scene):
    client = signed_in(world.matti)

    def people():
        return client.get(reverse("search"), {"q": "kanaria", "in": "members"}).context["results"][0].number

    before = people()
    world.iso.memberships.get(user=world.matti).leave(timezone.now())
    assert (before, people()) == (1, 0)


def test_a_filter_through_relations_is_ignored(world, scene):
    client = client_of(world, "anonymous")
    plain = client.get(reverse("search"), {"q": "kanaria"}).context["total"]
    for key in ("author__email__startswith", "order", "o", "ordering", "visibility", "area", "published_at__isnull"):
        assert client.get(reverse("search"), {"q": "kanaria", key: "x"}).context["total"] == plain
    assert client.get(reverse("search"), {"q": "kanaria", "in": "user__email"}).context["total"] == plain
