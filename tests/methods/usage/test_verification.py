"""Old methods are asked about; what was told at a meeting becomes a draft."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from contacts.models import User
from methods.models import Method
from methods.models.verification import months_before
from methods.tasks import ask_to_check
from outbox.models import Delivery
from tests.conftest import HELSINKI
from youthnet.desk.dashboard import dashboard

ROOM = "/en/methods/"
DUE = datetime(2028, 11, 16, 12, tzinfo=HELSINKI)  # two years after the review of the tests' methods


def letters(kind="method-check"):
    return list(Delivery.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


def on(day):
    with time_machine.travel(day, tick=False):
        ask_to_check()


def test_authors_are_asked_after_two_years_once_more_after_a_month_and_then_the_coordinator_sees_it(world, method):
    made = method()
    made.co_authors.add(world.matti)
    both = ["aino@example.org", "matti@example.org"]
    on(DUE - timedelta(days=1))
    assert letters() == []
    on(DUE)
    on(DUE)
    assert letters() == both
    on(DUE + timedelta(days=29))
    assert (letters(), list(dashboard(world.kaisa, DUE)["unchecked"])) == (both, [])
    month = DUE + timedelta(days=30)
    on(month)
    on(month + timedelta(days=300))
    assert letters() == both * 2
    assert list(dashboard(world.kaisa, month)["unchecked"]) == [made]
    assert list(dashboard(User.objects.get(pk=world.kerttu.pk), month)["unchecked"]) == []


@pytest.mark.parametrize("state", ["draft", "waiting", "archived"])
def test_only_what_is_published_is_asked_about(method, state):
    method(state=state)
    on(DUE)
    assert letters() == []


def test_a_method_without_an_author_to_ask_goes_to_the_coordinator_at_once(world, method):
    made = method()
    User.objects.filter(pk=world.aino.pk).update(is_active=False)
    on(DUE)
    assert (letters(), list(dashboard(world.kaisa, DUE)["unchecked"])) == ([], [made])


def test_one_press_says_that_it_is_still_right(world, method, sign_in):
    made = method()
    on(DUE)
    letter = Delivery.objects.get(kind="method-check")
    assert f"/{made.slug}/" in letter.text
    with time_machine.travel(DUE + timedelta(days=3), tick=False):
        client = sign_in(world.aino)
        assert client.get(f"{ROOM}{made.slug}/check/").status_code == 200
        made.refresh_from_db()
        assert made.verified_on == date(2026, 11, 16)
        assert client.post(f"{ROOM}{made.slug}/check/")["Location"] == f"{ROOM}{made.slug}/"
    made.refresh_from_db()
    assert (made.verified_on, made.check_asked_at) == (date(2028, 11, 19), None)
    on(DUE + timedelta(days=60))
    assert letters() == ["aino@example.org"]
    on(DUE + timedelta(days=3 + 731))
    assert letters() == ["aino@example.org"] * 2


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("matti", 404), ("kerttu", 404), ("aino", 302), ("kaisa", 302)]
)
def test_only_its_authors_and_the_coordinator_say_so(world, method, client, person, status):
    made = method()
    Method.objects.update(check_asked_at=DUE)
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"{ROOM}{made.slug}/check/").status_code == status
    made.refresh_from_db()
    assert (made.check_asked_at is None) == (person in ("aino", "kaisa"))


@pytest.mark.parametrize(
    ("day", "before"),
    [((2028, 11, 16), (2026, 11, 16)), ((2028, 2, 29), (2026, 2, 28)), ((2028, 1, 31), (2026, 1, 31))],
)
def test_two_years_before_a_day(day, before):
    assert months_before(date(*day), 24) == date(*before)


# --- drafts from meetings ---


@pytest.fixture
def told(world):
    return {
        "kind": "method",
        "title": "Välituntikahvila",
        "summary": "Kahvila välitunnilla.",
        "credits": "Verkostotapaaminen 20.1.",
        "source_url": "",
        "author": world.matti.pk,
    }


def test_the_page_is_filled_in_by_its_address_and_writes_nothing(world, sign_in):
    page = sign_in(world.kaisa).get(f"{ROOM}harvest/", {"title": "Välituntikahvila", "author": world.matti.pk})
    form = page.context["form"]
    assert (form["title"].value(), form["author"].value()) == ("Välituntikahvila", str(world.matti.pk))
    assert Method.objects.count() == 0


def test_the_coordinator_makes_a_draft_in_a_members_name_who_gets_a_letter(world, sign_in, told):
    done = sign_in(world.kaisa).post(f"{ROOM}harvest/", told)
    draft = Method.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"{ROOM}{draft.slug}/")
    assert (draft.author, draft.state, draft.credits) == (world.matti, "draft", "Verkostotapaaminen 20.1.")
    assert (draft.organisation, draft.municipality, draft.area) == (world.employer, world.towns.jyvaskyla, world.area)
    letter = Delivery.objects.get(kind="method-harvested")
    assert (letter.recipient, letter.reply_to) == ("matti@example.org", ["kaisa@example.org"])
    assert draft.slug in letter.text


def test_a_draft_in_ones_own_name_needs_no_letter(world, sign_in, told):
    sign_in(world.kaisa).post(f"{ROOM}harvest/", told | {"author": world.kaisa.pk})
    assert (Method.objects.get().author, letters("method-harvested")) == (world.kaisa, [])


@pytest.mark.parametrize("wrong", [{"title": "x"}, {"author": ""}, {"kind": "song"}, {"source_url": "javascript:x"}])
def test_a_draft_from_a_meeting_that_lacks_something_is_refused(sign_in, world, told, wrong):
    assert sign_in(world.kaisa).post(f"{ROOM}harvest/", told | wrong).status_code == 422
    assert Method.objects.count() == 0


@pytest.mark.parametrize("person", ["eetu", "niilo", "vaino"])
def test_only_a_present_member_of_the_area_can_be_named(sign_in, world, told, person):
    answer = sign_in(world.kaisa).post(f"{ROOM}harvest/", told | {"author": getattr(world, person).pk})
    assert (answer.status_code, Method.objects.count()) == (422, 0)


@pytest.mark.parametrize(("person", "status"), [(None, 302), ("niilo", 404), ("aino", 404), ("kaisa", 200)])
def test_only_coordinators_draft_from_meetings(world, client, person, status):
    if person:
        client.force_login(getattr(world, person))
    assert client.get(f"{ROOM}harvest/").status_code == status
