"""Which municipality a person counts for is one rule in every room: the employer's, else the person's own.

Silja lives in Saarijärvi and is employed in Äänekoski, where nobody else works: wherever the portal says or counts a
municipality, hers is Äänekoski.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation, User, municipality_of_work
from lib.tokens import sign
from meetings.models import Meeting, Participation, SignUp
from meetings.models.attendance import mark_all_present, mark_present, walk_in
from meetings.models.guest_history import claim
from methods.models import CompetenceOffer, Method, Trial
from networks.models import Membership
from newsletters.bounced_addresses.questions import Question
from newsletters.models import BouncedAddress, MailingList, Segment, Subscription
from outbox.models import Delivery
from tests.youthnet.site_search.test_words import desk

HOME, WORK = "Saarijärvi", "Äänekoski"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def silja(world, employed_in, now):
    person = User.objects.create_user("silja@example.org", name="Silja Sukkuloija", municipality=world.towns.saarijarvi)
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    employed_in("aanekoski", person)
    world.iso.take_in(person, now=now)
    return person


@pytest.fixture
def training(world, term, now):
    """The sign-up of a meeting in a week with four places, one per municipality until tomorrow."""
    meeting = Meeting.objects.create(
        area=world.area, slug="koulutus", title="Koulutus", summary="-", kind=term("event_types", "koulutus"),
        mode=Meeting.ONSITE, starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=7, hours=3),
    )  # fmt: skip
    meeting.networks.add(world.iso)
    meeting.publish(now)
    return SignUp.objects.create(
        meeting=meeting, capacity=4, fair_until=now + timedelta(days=1), open_to=SignUp.ANYBODY
    )


@pytest.fixture
def learns(world):
    """learns(page) gives whether a page or a letter names the municipality of work, and that of the home."""
    return lambda text: (WORK in text, HOME in text)


# the rule


@pytest.mark.parametrize(
    ("employed", "lives", "counts"),
    [
        ("aanekoski", "saarijarvi", WORK),
        ("aanekoski", None, WORK),
        (None, "saarijarvi", HOME),
        ("nowhere", "saarijarvi", HOME),
        ("nowhere", None, None),
        (None, None, None),
    ],
)
def test_the_rule_is_the_same_for_one_person_and_for_a_query(world, employed_in, term, employed, lives, counts):
    person = User.objects.create_user("silja@example.org", municipality=lives and getattr(world.towns, lives))
    if employed == "nowhere":
        kind = term("organisation_types", "jarjesto")
        person.introduce(organisation=Organisation.objects.create(slug="ry", name="Esimerkki ry", type=kind))
    elif employed:
        employed_in(employed, person)
    place = person.municipality_of_work()
    assert (place and place.name) == counts
    asked = User.objects.filter(pk=person.pk)
    assert asked.values_list(municipality_of_work(), flat=True).get() == (place and place.pk)
    town = world.towns.aanekoski if counts == WORK else world.towns.saarijarvi
    assert asked.working_in([town]).exists() == (counts is not None)
    assert not asked.working_in([world.towns.jyvaskyla]).exists()


# networks and the front page


def test_members_are_shown_and_counted_by_it(world, silja, sign_in, learns, now):
    own = User.objects.create_user("oma@example.org", name="Oma", municipality=world.towns.aanekoski)
    world.iso.take_in(own, now=now)
    assert world.iso.reach()["municipalities"] == 2
    assert learns(sign_in(world.aino).get(world.iso.get_absolute_url()).text) == (True, False)


def test_the_map_of_the_page_about_the_network_counts_workers_where_they_work(world, silja, client):
    world.other_area.networks.all().delete()
    world.other_area.delete()
    page = client.get(reverse("about"))
    assert {place.name: place.workers for place in page.context["places"]} == {"Jyväskylä": 2, HOME: 0, WORK: 1}


def test_a_request_to_join_tells_it_to_the_coordinator(world, silja, sign_in, learns, now):
    Membership.objects.filter(user=silja).delete()
    sign_in(silja).post(reverse("networks:network-join", args=[world.iso.slug]))
    letter = Delivery.objects.get(kind="networks.asked").as_letter()
    assert (learns(letter.text), learns(letter.html)) == ((True, False), (True, False))
    assert learns(sign_in(world.kaisa).get(reverse("networks:request-list")).text) == (True, False)


# the search and the desk


def test_members_are_found_by_it_and_shown_with_it(world, silja, sign_in):
    def found(words):
        answer = sign_in(world.aino).get(reverse("search"), {"q": words, "in": "members"})
        return "Silja" in answer.text, answer

    assert (found(WORK)[0], found(HOME)[0]) == (True, False)
    assert "· Äänekoski ·" in found("silja")[1].text


def test_people_are_found_by_the_employers_new_municipality(client, world, silja):
    desk(client, world, "contacts_organisation", silja.organisation, municipality="179")
    assert [silja] == list(User.objects.matching("silja jyväskylä"))
    assert list(User.objects.matching(f"silja {HOME}")) == []


def test_the_desk_lists_and_narrows_people_by_it(world, silja, sign_in, learns):
    client, page = sign_in(world.kaisa), reverse("admin:contacts_user_changelist")
    listed = client.get(page, {"q": "silja"})
    assert learns(listed.text.partition('id="result_list"')[2].partition("</table>")[0]) == (True, False)
    narrowed = {code: client.get(page, {"municipality": code}).context["cl"].queryset for code in ("992", "729", "x")}
    assert {code: set(rows) for code, rows in narrowed.items()} == {"992": {silja}, "729": set(), "x": set()}
    choices = client.get(page).context["cl"].filter_specs[-1].lookup_choices
    assert [name for _code, name in choices] == ["Jyväskylä", WORK]
    assert client.get(page, {"o": "3"}).status_code == 200


# newsletters


def test_an_audience_means_people_by_it(world, silja, now):
    letters = MailingList.objects.create(area=world.area, code="kirje", name_fi="Kirje")
    Subscription.objects.create(list=letters, email=silja.email, requested_at=now, confirmed_at=now)

    def meant(*towns):
        segment = Segment.objects.create(area=world.area, name=f"{towns}")
        segment.municipalities.set(towns)
        return Subscription.objects.in_segment(segment).count()

    assert (meant(world.towns.aanekoski), meant(world.towns.saarijarvi)) == (1, 0)


def test_the_question_about_a_dead_address_names_it(silja, now):
    silja.introduce(title="Nuoriso-ohjaaja")
    dead = BouncedAddress(since=now)
    dead.address = silja.email
    assert str(Question(dead, silja, "")).startswith(f"{WORK}: ")


# methods


@pytest.fixture
def method(world, silja, now):
    made = Method(title="Välituntikello", kind=Method.METHOD)
    made.start(silja, now)
    return made


def test_a_trial_a_draft_from_a_meeting_and_a_new_method_begin_with_it(world, silja, method, sign_in, now):
    trial = Trial(tried_on=now.date(), worked=5)
    trial.record(method, silja, now)
    draft = Method.objects.draft_from_meeting(kind=Method.METHOD, title="Kahvila", author=silja, now=now)
    form = sign_in(silja).get("/en/methods/new/?kind=method").context["editor"].form
    towns = [trial.municipality.name, draft.municipality.name, form["municipality"].initial]
    assert towns == [WORK, WORK, world.towns.aanekoski.pk]


@pytest.mark.parametrize(("town", "is_there"), [("aanekoski", True), ("saarijarvi", False)])
def test_an_author_of_two_areas_writes_for_the_area_of_it(world, silja, now, town, is_there):
    world.elsewhere.take_in(silja, now=now)
    silja.forget_answers()
    world.area.municipalities.remove(getattr(world.towns, town))
    world.other_area.municipalities.add(getattr(world.towns, town))
    made = Method(title="Välituntikello", kind=Method.METHOD)
    made.start(silja, now)
    assert (made.area == world.other_area) == is_there


def test_the_competence_bank_shows_and_narrows_by_it(world, silja, sign_in, term, now):
    offer = CompetenceOffer(competence=term("competences", "x"), level=term("competence_levels", "osaaja"))
    offer.start(silja, now)
    pages = {
        town: sign_in(world.aino).get(f"/en/methods/who-can/?municipality={town}")
        for town in ("aanekoski", "saarijarvi")
    }
    assert {town: list(page.context["page"]) for town, page in pages.items()} == {
        "aanekoski": [offer],
        "saarijarvi": [],
    }
    assert "· Äänekoski ·" in pages["aanekoski"].text


# meetings


def places(training):
    return {
        str(person): person.has_place
        for person in training.meeting.participations.exclude(queued_at=None, placed_at=None)
    }


def test_fair_places_and_the_waiting_list_go_by_it(world, silja, training, now):
    """Who lives in Saarijärvi and works there is no neighbour of Silja's; who works in Äänekoski is."""
    listed = training.meeting.participations
    rows = [listed.get(user=silja), listed.create(name="Koti", organisation_name=HOME)]
    rows.append(listed.create(name="Työ", organisation_name=WORK))
    for row in rows:
        training.assign_places([row], now, "web")
    assert places(training) == {"Silja Sukkuloija": True, "Koti": True, "Työ": False}
    assert list(listed.exclude(comes_from="").order_by("pk").values_list("comes_from", flat=True)) == [WORK, HOME, WORK]
    assert [person.name for person in training.pool_of("").waiting_list(training.is_fair(now)).held_back] == ["Työ"]


def test_when_the_rule_is_made_later_it_is_written_down_for_those_who_had_places(silja, training, now):
    SignUp.objects.update(fair_until=None)
    row = training.meeting.participations.get(user=silja)
    training.assign_places([row], now, "web")
    SignUp.objects.update(fair_until=now + timedelta(days=1))
    training.promote(now)
    row.refresh_from_db()
    assert row.comes_from == WORK


def by_tick(client, world, meeting, row):
    client.force_login(world.kaisa)
    client.post(reverse("meetings:attendance", args=[meeting.slug]), {"act": f"here-{row.pk}"})


def all_at_once(client, world, meeting, row):
    meeting.take_answer(row.user, "yes", timezone.now())
    mark_all_present(meeting, timezone.now())


def by_the_code(client, world, meeting, row):
    client.force_login(row.user)
    client.post(reverse("meetings:here", args=[sign("meetings.here", meeting.pk)]))


def at_the_door(client, world, meeting, row):
    walk_in(meeting, timezone.now(), email=row.user.email)


@pytest.mark.parametrize("mark", [by_tick, all_at_once, by_the_code, at_the_door])
def test_every_way_of_marking_who_came_copies_it_and_a_later_move_rewrites_nothing(
    client, world, silja, training, mark
):
    SignUp.objects.all().delete()
    meeting, row = Meeting.objects.get(), Participation.objects.get(user=silja)
    mark(client, world, meeting, row)
    row.refresh_from_db()
    employer = silja.organisation
    assert (row.municipality, row.organisation, row.sector) == (world.towns.aanekoski, employer, employer.sector)
    Organisation.objects.filter(pk=employer.pk).update(municipality=world.towns.jyvaskyla)
    silja.introduce(organisation=None)
    row.refresh_from_db()
    assert row.municipality == world.towns.aanekoski


def test_a_guest_counts_for_the_organisation_or_the_town_that_was_written(world, silja, training, now):
    rows = [walk_in(training.meeting, now, name=f"V{n}", organisation_name=name) for n, name in enumerate(
        [silja.organisation.name.upper(), f" {WORK.lower()} ", "Esimerkki ry", ""]
    )]  # fmt: skip
    assert [row.municipality for row in rows] == [world.towns.aanekoski, world.towns.aanekoski, None, None]
    assert [row.organisation for row in rows] == [silja.organisation, None, None, None]


def test_a_colleague_of_whom_nothing_is_known_counts_where_the_one_who_signed_up_works(world, silja, training, now):
    row = training.meeting.participations.get(user=silja)
    colleagues = [
        training.meeting.participations.create(brought_by=row),
        training.meeting.participations.create(brought_by=row, organisation_name=HOME),
        training.meeting.participations.create(brought_by=row, organisation_name="Esimerkki ry"),
    ]
    came = [mark_present(colleague, now) for colleague in colleagues]
    assert [row.municipality and row.municipality.name for row in came] == [WORK, HOME, None]
    assert [row.organisation for row in came] == [None, None, None]


def test_a_guest_who_gets_an_account_takes_the_row_along_as_it_was(world, silja, training, now):
    row = walk_in(training.meeting, now, email="silja.koti@example.org", name="Silja", organisation_name=HOME)
    training.meeting.participations.filter(user=silja).delete()
    silja.emailaddress_set.create(email="silja.koti@example.org", verified=True)
    assert claim(silja, now) == 1
    row.refresh_from_db()
    assert (row.user, row.municipality.name) == (silja, HOME)
