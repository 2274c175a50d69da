"""I tried this: telling, counting, changing, taking back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import User
from methods.models import Favourite, Trial
from methods.tasks import forget_removed
from outbox.models import Delivery
from tests.conftest import HELSINKI
from tests.methods.conftest import MONDAY

LIST = "/en/methods/"
MONDAY_ON = MONDAY.date()
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def told(world):
    """told(method, person, day=…) stores a trial as the page does."""

    def tell(method, person, day=MONDAY_ON, **more):
        trial = Trial(tried_on=day, **{"worked": 4, **more})
        trial.record(method, person, TUESDAY)
        return trial

    return tell


@pytest.fixture
def mail_sent():
    """mail_sent(kind) → to whom letters of a kind were queued."""

    def sent(kind):
        return list(Delivery.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))

    return sent


def answer(**other):
    return {"tried_on": "2026-11-16", "worked": "5", "group_size": "12", "note": "Toimi hyvin.", **other}


def test_a_member_tells_of_a_trial_and_where_the_person_works_is_copied(world, method, sign_in, employed_in):
    made = method()
    employer = employed_in("saarijarvi", world.matti)
    done = sign_in(world.matti).post(f"{LIST}{made.slug}/trial/", answer(adopted="on"))
    assert (done.status_code, done["Location"]) == (302, f"{LIST}{made.slug}/#trials")
    trial = Trial.objects.get()
    assert (trial.person, trial.municipality, trial.organisation) == (
        world.matti,
        world.towns.saarijarvi,
        employer,
    )
    assert (trial.tried_on, trial.adopted_on, trial.area) == (date(2026, 11, 16), date(2026, 11, 16), world.area)
    made.refresh_from_db()
    assert made.trial_count == 1

    # a later change of job rewrites nothing
    employed_in("aanekoski", world.matti)
    trial.refresh_from_db()
    assert trial.municipality == world.towns.saarijarvi


@pytest.mark.parametrize(("person", "status"), [(None, 302), ("niilo", 403), ("eetu", 404), ("matti", 302)])
def test_only_who_sees_the_method_tells_of_a_trial(world, method, client, person, status):
    made = method(visibility="members")
    if person:
        client.force_login(getattr(world, person))
    assert client.post(f"{LIST}{made.slug}/trial/", answer()).status_code == status
    assert Trial.objects.count() == (person == "matti")


@pytest.mark.parametrize(
    "wrong", [{"worked": "6"}, {"worked": ""}, {"tried_on": "2026-11-18"}, {"tried_on": ""}, {"group_size": "0"}]
)
def test_what_cannot_be_is_refused(world, method, sign_in, wrong):
    made = method()
    assert sign_in(world.matti).post(f"{LIST}{made.slug}/trial/", answer(**wrong)).status_code == 422
    made.refresh_from_db()
    assert (Trial.objects.count(), made.trial_count) == (0, 0)


def test_the_same_day_counts_once(world, method, sign_in, told):
    made = method()
    client = sign_in(world.matti)
    assert client.post(f"{LIST}{made.slug}/trial/", answer()).status_code == 302
    assert client.post(f"{LIST}{made.slug}/trial/", answer()).status_code == 422
    assert not Trial(tried_on=MONDAY.date(), worked=1).record(made, world.matti, TUESDAY)
    made.refresh_from_db()
    assert (Trial.objects.count(), made.trial_count) == (1, 1)


def test_an_own_trial_is_changed_removed_and_put_back_and_the_count_follows(world, method, sign_in, told):
    made = method()
    trial = told(made, world.matti)
    client = sign_in(world.matti)
    assert client.post(f"{LIST}trials/{trial.pk}/", answer(worked="2")).status_code == 302
    removed = client.post(f"{LIST}trials/{trial.pk}/remove/")
    assert removed["Location"] == f"{LIST}{made.slug}/?removed={trial.pk}#trials"
    client.post(f"{LIST}trials/{trial.pk}/remove/")
    made.refresh_from_db()
    assert made.trial_count == 0
    assert client.get(removed["Location"]).context["removed_trial"] == trial
    client.post(f"{LIST}trials/{trial.pk}/remove/", {"put_back": "1"})
    client.post(f"{LIST}trials/{trial.pk}/remove/", {"put_back": "1"})
    made.refresh_from_db()
    trial.refresh_from_db()
    assert (made.trial_count, trial.worked, trial.removed_at) == (1, 2, None)


def test_a_trial_told_anew_is_not_doubled_by_the_undo(world, method, sign_in, told):
    made = method()
    first = told(made, world.matti)
    client = sign_in(world.matti)
    client.post(f"{LIST}trials/{first.pk}/remove/")
    told(made, world.matti)
    assert client.post(f"{LIST}trials/{first.pk}/remove/", {"put_back": "1"}).status_code == 302
    made.refresh_from_db()
    assert (made.trial_count, Trial.objects.kept().count()) == (1, 1)


def test_another_ones_trial_is_not_there_to_change(world, method, sign_in, told):
    trial = told(method(), world.matti)
    client = sign_in(world.aino)
    paths = [f"{LIST}trials/{trial.pk}/", f"{LIST}trials/{trial.pk}/remove/"]
    assert [client.post(path, answer()).status_code for path in paths] == [404, 404]


def test_the_page_tells_how_often_and_where_and_names_only_to_members_of_the_area(
    world, method, client, told, employed_in
):
    made = method()
    told(made, world.matti)
    told(made, world.matti, day=date(2026, 11, 9), adopted_on=date(2026, 11, 9))
    employed_in("aanekoski", world.aino)
    told(made, User.objects.get(pk=world.aino.pk))
    page = client.get(f"{LIST}{made.slug}/")
    assert (page.context["trial_places"], page.context["adopters"]) == (2, [world.employer.name])
    assert "Tried 3 times, in 2 municipalities." in page.text
    names = {}
    for person in (None, "eetu", "aino"):
        client.logout() if person is None else client.force_login(getattr(world, person))
        names[person] = world.matti.name in client.get(f"{LIST}{made.slug}/").text
    assert names == {None: False, "eetu": False, "aino": True}


@pytest.fixture
def enter(db):
    """enter(person) → a browser of that person's own."""

    def sign_in(person):
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in


CALLED = "Ohjaajan numero on 040 123 4567."


def shown(client, made):
    """The trials on a method's page, and how many there are by its count."""
    made.refresh_from_db()
    return [trial.note for trial in client.get(f"{LIST}{made.slug}/").context["trials"]], made.trial_count


def test_a_telephone_number_in_a_trial_is_warned_of_and_held_for_the_coordinator(world, method, enter, client):
    """Real use 16: nothing is stored before the warning; sent all the same, only the writer and the desk see it."""
    made = method()
    path, writer = f"{LIST}{made.slug}/trial/", enter(world.matti)
    page = writer.post(path, answer(note=CALLED))
    assert (page.status_code, Trial.objects.count()) == (422, 0)
    assert "telephone number" in page.context["form"].errors["note"][0]
    assert "knowingly" in page.context["form"].fields
    told = writer.post(path, answer(note=CALLED, knowingly="on"), follow=True)
    assert [trial.note for trial in told.context["held_trials"]] == [CALLED]
    assert shown(client, made) == ([], 0)
    client.force_login(world.kaisa)
    desk = client.get(reverse("admin:index")).context["held_texts"]
    assert [(held.kind.code, held.writer) for held in desk] == [("trial", world.matti)]
    trial = Trial.objects.get()
    for _click in range(2):
        client.post(reverse("held-text-answer", args=["trial", trial.pk]), {"show": "1"})
    client.logout()
    assert shown(client, made) == ([CALLED], 1)


def test_the_writer_is_asked_to_mend_and_what_is_mended_is_shown(world, method, enter, client, mail_sent):
    """Real use 16: the letter does not repeat the text; without the number the trial is shown at once."""
    made = method()
    writer = enter(world.matti)
    writer.post(f"{LIST}{made.slug}/trial/", answer(note=CALLED, knowingly="on"))
    trial = Trial.objects.get()
    client.force_login(world.kaisa)
    for _click in range(2):
        client.post(reverse("held-text-answer", args=["trial", trial.pk]), {"mend": "1", "words": "Poista numero."})
    assert mail_sent("mend-asked") == [world.matti.email]
    assert client.get(reverse("admin:index")).context["held_texts"] == []
    writer.post(f"{LIST}trials/{trial.pk}/", answer(note="Soita minulle."))
    client.logout()
    assert shown(client, made) == (["Soita minulle."], 1)


def test_what_was_shown_is_held_when_a_number_comes_into_it_and_counts_no_more(world, method, enter, client, told):
    """Real use 16: also when it is changed afterwards; what a coordinator let through is not asked about again."""
    made = method()
    trial = told(made, world.matti)
    writer = enter(world.matti)
    writer.post(f"{LIST}trials/{trial.pk}/", answer(note=CALLED, knowingly="on"))
    assert shown(client, made) == ([], 0)
    assert Trial.objects.get().release()
    assert writer.post(f"{LIST}trials/{trial.pk}/", answer(note=CALLED, worked="3")).status_code == 302
    assert shown(client, made) == ([CALLED], 1)
    writer.post(f"{LIST}trials/{trial.pk}/remove/")
    assert shown(client, made) == ([], 0)


@pytest.mark.parametrize("more", [{}, {"knowingly": "on"}])
def test_an_identity_code_stops(world, method, enter, more):
    """Real use 16: no word of the writer's lets a code through."""
    path = f"{LIST}{method().slug}/trial/"
    page = enter(world.matti).post(path, answer(note="Asiakas 131052-308T kävi", **more))
    assert (page.status_code, Trial.objects.count()) == (422, 0)


def test_a_young_persons_name_in_a_trial_is_asked_about(world, method, enter):
    """Real use 16: a trial is about young people, so that a full name in it is likely one of theirs."""
    page = enter(world.matti).post(f"{LIST}{method().slug}/trial/", answer(note="Veera Virtanen innostui."))
    assert (page.status_code, Trial.objects.count()) == (422, 0)


def test_a_coordinator_is_warned_and_not_made_to_wait(world, method, enter, client):
    """Real use 16: whoever would read it has written it."""
    made = method()
    coordinator = enter(world.kaisa)
    coordinator.post(f"{LIST}{made.slug}/trial/", answer(note=CALLED))
    assert Trial.objects.count() == 0
    coordinator.post(f"{LIST}{made.slug}/trial/", answer(note=CALLED, knowingly="on"))
    client.logout()
    assert shown(client, made) == ([CALLED], 1)


@pytest.mark.parametrize(("who", "status"), [("kerttu", 404), ("matti", 404), ("ulla", 302)])
def test_held_texts_of_an_area_are_answered_by_its_coordinators_only(world, method, enter, client, who, status):
    """Real use 16: rows of foreign areas are not there."""
    enter(world.matti).post(f"{LIST}{method().slug}/trial/", answer(note=CALLED, knowingly="on"))
    client.force_login(getattr(world, who))
    path = reverse("held-text-answer", args=["trial", Trial.objects.get().pk])
    assert client.post(path, {"show": "1"}).status_code == status
    assert Trial.objects.get().is_held is (status == 404)


def test_the_figures_of_a_period(world, method, told):
    made = method()
    told(made, world.matti, day=date(2026, 10, 31), group_size=9)
    told(made, world.matti, day=date(2026, 11, 1), group_size=10)
    told(made, world.aino, day=date(2026, 11, 16), group_size=None, adopted_on=date(2026, 11, 16))
    told(made, world.aino, day=date(2026, 11, 15)).remove(TUESDAY)
    totals = Trial.objects.in_period(date(2026, 11, 1), date(2026, 11, 30)).totals()
    assert totals == {"trials": 2, "people": 10, "municipalities": 1, "adopters": 1}


def test_what_was_removed_a_month_ago_is_forgotten(world, method, told):
    old, fresh = told(method(), world.matti), told(method("Toinen menetelmä"), world.matti)
    old.remove(TUESDAY - timedelta(days=31))
    fresh.remove(TUESDAY - timedelta(days=29))
    forget_removed()
    assert list(Trial.objects.all()) == [fresh]


def test_the_desk_removes_a_trial_so_that_the_count_holds(world, method, told, client):
    trial = told(method(), world.matti)
    client.force_login(world.kaisa)
    assert client.post(f"/tyopoyta/methods/trial/{trial.pk}/delete/", {"post": "yes"}).status_code == 302
    trial.method.refresh_from_db()
    assert (trial.method.trial_count, Trial.objects.kept().count()) == (0, 0)


def test_the_heart_is_pressed_and_pressed_again(world, method, sign_in):
    made = method()
    client, path = sign_in(world.matti), f"{LIST}{made.slug}/favourite/"
    for _click in range(2):
        assert client.post(path, {"heart": "on"})["Location"] == f"{LIST}{made.slug}/"
    assert list(Favourite.objects.methods_of(world.matti)) == [made]
    assert client.get(f"{LIST}{made.slug}/").context["is_favourite"]
    part = client.post(path, {"heart": "off"}, headers={"HX-Request": "true"})
    assert (part.status_code, part.text.count("<form"), Favourite.objects.count()) == (200, 1, 0)


def test_a_favourite_that_one_may_not_see_any_more_is_not_listed(world, method):
    made = method(visibility="members")
    Favourite.objects.add(world.matti, made, MONDAY)
    world.iso.memberships.get(user=world.matti).leave(TUESDAY)
    assert list(Favourite.objects.methods_of(User.objects.get(pk=world.matti.pk))) == []


@pytest.mark.parametrize("who", [None, "matti"])
def test_a_page_costs_the_same_with_one_trial_and_with_25(world, method, client, told, who):
    made = method(kind="method")
    if who:
        client.force_login(getattr(world, who))
    told(made, world.aino)
    client.get(f"{LIST}{made.slug}/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"{LIST}{made.slug}/")
    for number in range(24):
        told(made, world.aino, day=MONDAY.astimezone(HELSINKI).date() - timedelta(days=number + 1))
    with CaptureQueriesContext(connection) as many:
        client.get(f"{LIST}{made.slug}/")
    assert len(many) == len(one)
