"""Quick methods: five boxes on a phone, and the coordinator completes what was told."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from methods.models import Attachment, Method
from outbox.models import Delivery
from tests.lib.uploading import pdf, picture, upload

NEW = reverse("methods:method-quick")


@pytest.fixture
def told(words):
    def fill(**other):
        facts = {"title": "Iltapalaringit", "what": "Tehtiin iltapala yhdessä.", "minutes": 90}
        facts |= {"whom": [words["ylakoululaiset"].pk], "key": uuid4()}
        return {name: value for name, value in {**facts, **other}.items() if value is not None}

    return fill


@pytest.fixture
def enter(db):
    """enter(person) → a browser of that person's own."""

    def sign_in(person):
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in


def test_five_boxes_make_a_draft_that_waits_for_the_coordinator(world, told, enter):
    """Real use 34: title, what, whom, how long and a photo; the coordinator gets a letter and a row on the desk."""
    sent = told(photo=upload(picture(), "kuva.png"), agrees="on")
    answer = enter(world.matti).post(NEW, sent)
    made = Method.objects.get()
    assert (answer.status_code, answer.url, made.author, made.area) == (
        302,
        made.get_absolute_url(),
        world.matti,
        world.area,
    )
    assert (made.duration_min, made.duration_max, made.is_handed_over, made.kind) == (90, 90, True, "method")
    assert [step.text for step in made.steps.all()] == ["Tehtiin iltapala yhdessä."]
    assert [term.code for term in made.target_groups.all()] == ["ylakoululaiset"]
    assert (made.organisation, made.licence.code) == (world.employer, "cc-by-4.0")
    assert Attachment.objects.covers().get().method == made
    letters = Delivery.objects.filter(kind="method-handed_over").values_list("recipient", flat=True)
    assert list(letters) == [world.kaisa.email]
    coordinator = enter(world.kaisa)
    assert list(coordinator.get(reverse("admin:index")).context["quick_methods"]) == [made]
    assert list(coordinator.get(reverse("methods:review-list")).context["unfinished"]) == [made]


def test_the_coordinator_completes_it_reviews_it_and_the_author_hears(world, told, typed, enter):
    """Real use 34: what is missing stands at the top; completed, it is published in its author's name."""
    enter(world.matti).post(NEW, told())
    made, coordinator = Method.objects.get(), enter(world.kaisa)
    path = reverse("methods:method-edit", args=[made.slug])
    assert len(coordinator.get(f"{path}?missing=1").context["missing"]) > 5
    rest = typed(title=made.title, action="submit", key=made.key)
    assert coordinator.post(path, rest, follow=True).context["form"]
    coordinator.post(reverse("methods:method-review", args=[made.slug]), {"verdict": "accepted"})
    made.refresh_from_db()
    assert (made.is_published, made.author, made.is_handed_over) == (True, world.matti, False)
    assert list(coordinator.get(reverse("admin:index")).context["quick_methods"]) == []
    assert Delivery.objects.filter(kind="method-submitted").count() == 0
    assert Delivery.objects.get(kind="method-accepted").recipient == world.matti.email


def test_a_double_click_makes_one(world, told, enter):
    """Real use 34: the form has a key; somebody else's key is nobody's business."""
    browser, sent = enter(world.matti), told()
    assert [browser.post(NEW, sent).status_code for _click in range(2)] == [302, 302]
    assert Method.objects.count() == 1
    assert Delivery.objects.filter(kind="method-handed_over").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"what": ""}, "what"),
        ({"whom": None}, "whom"),
        ({"minutes": "tunti"}, "minutes"),
        ({"what": "Soita Jannelle 040 123 4567"}, "what"),
        ({"what": "Asiakas 131052-308T", "knowingly": "on"}, "what"),
        ({"photo": True}, "agrees"),
        ({"photo": False, "agrees": "on"}, "photo"),
    ],
)
def test_what_is_missing_or_does_not_belong_there_is_told_at_its_box(world, told, enter, wrong, field):
    """Real use 34: nothing is stored, and what was typed stays in the boxes."""
    if "photo" in wrong:
        wrong = wrong | {"photo": upload(picture() if wrong["photo"] else pdf(), "kuva.png")}
    answer = enter(world.matti).post(NEW, told(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors), Method.objects.count()) == (422, [field], 0)


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("niilo", 403), ("matti", 200), ("kaisa", 200)])
def test_members_only(world, client, who, status):
    """Real use 34: as with any other method."""
    if who:
        client.force_login(getattr(world, who))
    assert client.get(NEW).status_code == status
