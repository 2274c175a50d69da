"""A coordinator cannot put anything into another area: numbers of foreign rows typed into a form are refused there."""

import pytest
from django.urls import reverse

from contacts.models import ContactCard
from meetings.models import Meeting, Participation
from networks.models import Membership, Network, NewsItem, Page, Question
from newsletters.models import Block, Issue, MailingList, Subscription
from plans.models import Goal, Plan
from tests.permissions.scene import build, issue, news
from tests.permissions.test_pages import signed_in


@pytest.fixture
def scene(world, term):
    return build(world, term)


def refused(client, path, typed):
    """The fields that were refused."""
    answer = client.post(path, typed)
    assert answer.status_code == 200, path
    return set(answer.context["adminform"].form.errors)


@pytest.mark.parametrize("model", [Meeting, NewsItem, Page, Question, ContactCard, Network, MailingList, Plan])
def test_nothing_is_added_to_a_foreign_area(world, scene, model):
    before = model.objects.count()
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    assert "area" in refused(signed_in(world.kerttu), path, {"area": world.area.pk, "title": "x", "slug": "x"})
    assert model.objects.count() == before


def test_an_own_row_cannot_be_moved_to_a_foreign_area_or_network(world, scene):
    own = news(world.other_area, "oma", NewsItem.PUBLIC, published=True)
    typed = {"area": world.area.pk, "network": world.closed.pk, "title": "x", "slug": "x", "summary": "x"}
    path = reverse("admin:networks_newsitem_change", args=[own.pk])
    assert {"area", "network"} <= refused(signed_in(world.kerttu), path, typed)


@pytest.mark.parametrize(
    ("model", "field", "which"),
    [
        (Membership, "network", "network_closed"),
        (Participation, "meeting", "meeting"),
        (Subscription, "list", "list"),
        (Goal, "plan", "plan"),
        (Meeting, "networks", "network"),
        (Plan, "network", "network"),
        (MailingList, "network", "network_closed"),
    ],
)
def test_nothing_is_hung_on_a_foreign_row(world, scene, model, field, which):
    before = model.objects.count()
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    client = signed_in(world.kerttu)
    if client.get(path).status_code == 403:
        return
    typed = {field: getattr(scene, which).pk, "area": world.other_area.pk, "email": "x@example.org", "name": "x"}
    assert field in refused(client, path, typed)
    assert model.objects.count() == before


def test_a_newsletter_does_not_tell_of_a_foreign_meeting(world, scene):
    own = issue(MailingList.objects.create(area=world.other_area, code="oma", name_fi="Oma"), "oma", sent=False)
    typed = {"slug": "oma", "subject_fi": "Oma", "blocks-TOTAL_FORMS": 1, "blocks-INITIAL_FORMS": 0}
    block = {"blocks-0-kind": "meeting", "blocks-0-order": 0, "blocks-0-meeting": scene.meeting_closed.pk}
    answer = signed_in(world.kerttu).post(reverse("admin:newsletters_issue_change", args=[own.pk]), typed | block)
    assert (answer.status_code, Block.objects.count(), Issue.objects.get(pk=own.pk).blocks.count()) == (200, 0, 0)


def test_the_next_issue_is_not_begun_on_a_foreign_list(world, scene):
    before = Issue.objects.count()
    signed_in(world.kerttu).post(reverse("admin:newsletters_issue_begin"), {"list": scene.list.pk})
    assert Issue.objects.count() == before


def test_a_members_form_takes_neither_author_nor_area_nor_state_nor_a_foreign_network(world, scene):
    from methods.models import Method

    typed = {"title": "Oma menetelmä", "visibility": "network", "network": world.closed.pk, "action": "save"}
    typed |= {"author": world.kaisa.pk, "area": world.area.pk, "published_at": "2026-01-01T09:00", "slug": "kaapattu"}
    typed |= {"steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0}
    client, path = signed_in(world.eetu), reverse("methods:method-new") + "?kind=method"
    assert client.post(path, typed).status_code == 422
    assert client.post(path, typed | {"network": "", "visibility": "public"}).status_code == 302
    made = Method.objects.get(title="Oma menetelmä")
    assert (made.author, made.area, made.published_at) == (world.eetu, world.other_area, None)
    assert made.slug != "kaapattu"
