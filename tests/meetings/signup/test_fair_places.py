"""One place per municipality first: who gets one, who waits and why, and what happens when its time is over (N11)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation
from meetings.models import Offer, Participation, SignUp
from meetings.models.waiting_list import where_from
from meetings.tasks import expire_offers, send_signup_letters
from outbox.tasks import send_queued
from tests.meetings.signup.test_signup import standing
from tests.meetings.signup.test_signup_pages import form_url, own_url

DAY = timedelta(days=1)


@pytest.fixture
def fair(training):
    """The training with four places, one per municipality until tomorrow."""
    SignUp.objects.update(fair_until=timezone.now() + DAY, capacity=4)
    training.refresh_from_db()
    return training


@pytest.fixture
def ask(fair):
    """ask("Muurame", "Muurame") signs people up one after the other, each from that organisation."""

    def sign_up(*towns):
        number = fair.meeting.participations.count()
        people = [
            fair.meeting.participations.create(email=f"f{number + n}@example.org", organisation_name=town)
            for n, town in enumerate(towns)
        ]
        for person in people:
            fair.assign_places([person], timezone.now(), "web")
        return people

    return sign_up


def states(people):
    return [standing(person) for person in people]


def test_each_municipality_gets_one_place_though_others_are_free(ask):
    people = ask("Muurame", "Muurame", "Laukaa", "muurame ", "", "")
    assert states(people) == ["place", 1, "place", 2, "place", "place"]


def test_when_all_places_are_taken_a_municipality_without_one_comes_before_others(ask):
    people = ask("Muurame", "Muurame", "Laukaa", "Toivakka", "Uurainen", "Laukaa", "Hankasalmi", "Hankasalmi", "")
    assert states(people) == ["place", 3, "place", "place", "place", 4, 1, 5, 2]


def test_a_place_given_up_is_offered_in_the_fair_order(fair, ask):
    people = ask("Muurame", "Muurame", "Laukaa", "Toivakka", "Uurainen", "Hankasalmi")
    fair.release_place(people[2], timezone.now(), "web")
    assert states(people) == ["place", 1, "", "place", "place", "offer"]


def test_when_the_only_one_of_a_municipality_leaves_the_next_from_there_is_served(fair, ask):
    people = ask("Muurame", "Muurame", "Muurame", "Laukaa")
    fair.release_place(people[0], timezone.now(), "web")
    assert states(people) == ["", "offer", 1, "place"]


def test_when_its_time_is_over_the_places_left_are_given_in_order_of_arrival_once(fair, ask):
    people = ask("Muurame", "Muurame", "Muurame", "Laukaa", "Laukaa")
    SignUp.objects.update(fair_until=timezone.now())
    for _round in range(2):
        expire_offers()
    assert states(people) == ["place", "place", "place", "place", 1]
    people[1].refresh_from_db()
    assert (people[1].answered_via, Offer.objects.count()) == ("turn", 0)
    fair.release_place(people[0], timezone.now(), "web")
    assert states(people) == ["", "place", "place", "place", "offer"]


def test_a_newcomer_after_the_time_does_not_overtake_those_whom_the_round_has_not_reached(fair, ask):
    people = ask("Muurame", "Muurame", "Muurame", "Muurame", "Muurame")
    SignUp.objects.update(fair_until=timezone.now())
    (newcomer,) = ask("Laukaa")
    assert states([*people, newcomer]) == ["place", "place", "place", "place", 1, 2]


def test_a_round_gives_nothing_for_a_cancelled_meeting(fair, ask):
    people = ask("Muurame", "Muurame")
    fair.meeting.cancel(timezone.now())
    SignUp.objects.update(fair_until=timezone.now())
    expire_offers()
    assert states(people)[0] == "place" and people[1].placed_at is None


def test_the_rule_can_be_made_later_longer_and_taken_away(fair, ask, training):
    SignUp.objects.update(fair_until=None)
    early = ask("Muurame", "Muurame")
    SignUp.objects.update(fair_until=timezone.now() + DAY)
    training.promote(timezone.now())
    late = ask("Muurame", "Laukaa")
    assert states(early + late) == ["place", "place", 1, "place"]
    SignUp.objects.update(fair_until=None)
    training.promote(timezone.now())
    assert states(early + late) == ["place", "place", "offer", "place"]


def test_the_coordinator_is_not_bound_to_the_rule(fair, ask):
    people = ask("Muurame", "Muurame", "Muurame")
    fair.move_first(people[2])
    assert states(people) == ["place", 2, 1]
    fair.seat(people[2], timezone.now())
    assert states(people) == ["place", 1, "place"]


def test_each_way_of_taking_part_has_a_place_per_municipality_of_its_own(make_training):
    hybrid = make_training(capacity=2, onsite_capacity=2, mode="hybrid", fair_until=timezone.now() + DAY)
    people = [
        hybrid.meeting.participations.create(email=f"h{n}@example.org", organisation_name="Muurame") for n in range(3)
    ]
    hybrid.assign_places(people[:2], timezone.now(), "web", "onsite")
    hybrid.assign_places(people[2:], timezone.now(), "web", "online")
    assert states(people) == ["place", 1, "place"]


def test_without_a_number_of_places_nobody_waits(fair, ask):
    people = ask("Muurame", "Muurame")
    fair.resize(timezone.now(), None)
    assert states(people) == ["place", "offer"]


# where somebody comes from


def test_the_municipality_is_that_of_the_organisation_else_the_own_else_the_organisation_itself(world, training):
    listed = training.meeting.participations
    niilo = listed.create(user=world.niilo)
    assert where_from(niilo) == "Jyväskylä"
    world.niilo.municipality, world.employer.municipality = world.towns.saarijarvi, None
    world.niilo.organisation = world.employer
    assert where_from(niilo) == "Saarijärvi"
    world.niilo.municipality = None
    assert where_from(niilo) == world.employer.name
    world.niilo.organisation = None
    assert where_from(niilo) == ""


@pytest.mark.parametrize(
    ("written", "town"),
    [
        ("jyväskylän kaupunki, NUORISOPALVELUT", "Jyväskylä"),
        (" äänekoski", "Äänekoski"),
        ("Nuoriso ry", "Nuoriso ry"),
        ("", ""),
    ],
)
def test_who_has_no_account_comes_from_the_organisation_as_written(world, training, written, town):
    assert where_from(training.meeting.participations.create(email="v@example.org", organisation_name=written)) == town


def test_a_colleague_comes_from_where_the_one_who_brings_them_does(world, training):
    aino = training.meeting.participations.get(user=world.aino)
    colleague = training.meeting.participations.create(name="Kolmas", brought_by=aino)
    assert where_from(colleague) == "Jyväskylä"
    assert Organisation.objects.count() == 1


# words


def test_who_waits_reads_why_on_the_page_the_meeting_and_in_the_letter(fair, ask, sign_in, world):
    fair.assign_places([fair.meeting.participations.get(user=world.matti)], timezone.now(), "web")
    client = sign_in(world.aino)
    assert "Jyväskylä" not in client.get(form_url(fair)).context["form"].as_p()
    assert client.get(form_url(fair)).context["fair_until"] == fair.fair_until
    client.post(form_url(fair), {"join": "1"})
    own = fair.meeting.participations.get(user=world.aino)
    for page in (own_url(own), fair.meeting.get_absolute_url()):
        shown = client.get(page)
        assert (shown.context["turn"], shown.context["town"]) == (1, "Jyväskylä")
        assert "Jyväskylä" in shown.text
    send_signup_letters()
    send_queued()
    body = next(letter.body for letter in mail.outbox if "aino@example.org" in letter.to[0])
    assert "Jyväskylä" in body


def test_the_coordinator_sees_the_line_in_the_order_of_giving_and_why(fair, ask, client, world):
    people = ask("Muurame", "Muurame", "Laukaa", "Toivakka", "Uurainen", "Hankasalmi", "Hankasalmi", "")
    client.force_login(world.kaisa)
    page = client.get(reverse("admin:meetings_meeting_places", args=[fair.meeting.pk]))
    (line,) = page.context["waiting_lists"]
    assert [person.pk for person in line["people"]] == [people[n].pk for n in (5, 7, 1, 6)]
    assert len({person.why for person in line["people"]}) == 4
    SignUp.objects.update(fair_until=None)
    (line,) = client.get(page.request["PATH_INFO"]).context["waiting_lists"]
    assert [person.pk for person in line["people"]] == [people[n].pk for n in (1, 5, 6, 7)]
    assert {person.why for person in line["people"]} == {""}


@pytest.mark.parametrize(("capacity", "days"), [(None, 1), (4, 8)])
def test_the_rule_needs_a_number_of_places_and_an_end_before_the_meeting(training, capacity, days):
    training.capacity, training.fair_until = capacity, timezone.now() + days * DAY
    with pytest.raises(ValidationError) as refusal:
        training.full_clean()
    assert list(refusal.value.message_dict) == ["fair_until"]


def test_nobody_but_the_house_reads_where_somebody_comes_from_when_the_rule_is_off(training, crowd):
    crowd(2)
    assert set(Participation.objects.values_list("comes_from", flat=True)) == {""}
