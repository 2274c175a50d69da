"""One's own page and one's own details."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Municipality, Organisation
from meetings.models import Meeting

ME, EDIT = "contacts:me", "contacts:me-edit"


@pytest.fixture
def iso_meeting(world, term):
    now = timezone.now()
    meeting = Meeting.objects.create(
        area=world.area,
        slug="iso-tammikuu",
        title="ISO tammikuussa",
        summary="Kevät.",
        kind=term("event_types", "verkostotapaaminen"),
        starts_at=now + timedelta(days=7),
        ends_at=now + timedelta(days=7, hours=3),
    )
    meeting.networks.add(world.iso)
    meeting.publish(now)
    return meeting


def details(**more):
    return {
        "name": "Aino Jäsen",
        "title": "",
        "phone": "",
        "organisation": "",
        "municipality": "",
        "language": "fi",
    } | more


@pytest.mark.parametrize("name", [ME, EDIT])
def test_a_visitor_is_asked_to_sign_in(client, world, name):
    url = reverse(name)
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={url}"


def test_a_member_sees_own_networks_and_meetings(sign_in, world, iso_meeting):
    page = sign_in(world.aino).get(reverse(ME))
    assert [membership.network for membership in page.context["active"]] == [world.iso]
    assert [part.meeting for part in page.context["coming"]] == [iso_meeting]
    assert list(page.context["waiting"]) == []


def test_nobody_sees_the_meetings_of_somebody_else(sign_in, world, iso_meeting):
    page = sign_in(world.eetu).get(reverse(ME))
    assert [membership.network for membership in page.context["active"]] == [world.elsewhere]
    assert list(page.context["coming"]) == []


def test_a_cancelled_or_past_meeting_does_not_wait_for_me(sign_in, world, iso_meeting):
    iso_meeting.cancel(timezone.now())
    assert list(sign_in(world.aino).get(reverse(ME)).context["coming"]) == []


def test_somebody_without_a_network_learns_what_to_do(sign_in, world):
    page = sign_in(world.niilo).get(reverse(ME))
    assert page.status_code == 200
    assert reverse("networks:network-list") in page.content.decode()


def test_a_request_that_waits_is_seen_and_can_be_taken_back(sign_in, world):
    world.closed.receive_request(world.niilo, now=timezone.now())
    client = sign_in(world.niilo)
    assert [m.network for m in client.get(reverse(ME)).context["waiting"]] == [world.closed]
    client.post(reverse("networks:network-leave", args=[world.closed.slug]))
    assert list(client.get(reverse(ME)).context["waiting"]) == []


def test_a_coordinator_finds_the_way_to_the_desk_and_a_member_does_not(sign_in, client, world):
    assert [c.area for c in sign_in(world.kaisa).get(reverse(ME)).context["runs"]] == [world.area]
    assert list(sign_in(world.aino).get(reverse(ME)).context["runs"]) == []


def test_my_details_are_kept(sign_in, world):
    told = details(
        name="Aino Uusi",
        title="Nuorisotyöntekijä",
        phone="+46701740611",
        organisation=world.employer.pk,
        municipality=world.towns.saarijarvi.pk,
    )
    answer = sign_in(world.aino).post(reverse(EDIT), told)
    assert answer.status_code == 302
    assert answer["Location"] == reverse(ME)
    world.aino.refresh_from_db()
    assert (world.aino.name, world.aino.title, world.aino.phone) == ("Aino Uusi", "Nuorisotyöntekijä", "+46701740611")
    assert (world.aino.organisation, world.aino.municipality) == (world.employer, world.towns.saarijarvi)


def test_choosing_a_language_leads_to_the_page_in_that_language(sign_in, world):
    answer = sign_in(world.aino).post(reverse(EDIT), details(language="sv"))
    assert answer["Location"].startswith("/sv/")
    world.aino.refresh_from_db()
    assert world.aino.language == "sv"


def test_what_was_typed_stays_when_something_is_wrong(sign_in, world):
    page = sign_in(world.aino).post(reverse(EDIT), details(name="", title="Nuoriso-ohjaaja"))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["name"]
    assert 'value="Nuoriso-ohjaaja"' in page.content.decode()
    world.aino.refresh_from_db()
    assert world.aino.name == "Aino Jäsen"


def test_a_person_cannot_give_oneself_powers_or_another_address(sign_in, world):
    told = details(is_superuser="on", is_staff="on", is_active="", email="ulla@example.org", password="x")
    sign_in(world.aino).post(reverse(EDIT), told)
    world.aino.refresh_from_db()
    assert (world.aino.is_superuser, world.aino.is_staff, world.aino.is_active) == (False, False, True)
    assert world.aino.email == "aino@example.org"


def test_an_employer_that_has_ended_can_be_kept_but_not_chosen(sign_in, world, term):
    old = Organisation.objects.create(
        slug="vanha", name="Vanha virasto", type=term("organisation_types", "kunta"), successor=world.employer
    )
    client = sign_in(world.aino)
    refused = client.post(reverse(EDIT), details(organisation=old.pk))
    assert list(refused.context["form"].errors) == ["organisation"]
    world.aino.introduce(organisation=old)
    assert client.post(reverse(EDIT), details(organisation=old.pk)).status_code == 302


def test_looking_changes_nothing(sign_in, world):
    before = world.aino.__class__.objects.filter(pk=world.aino.pk).values().get()
    sign_in(world.aino).get(reverse(EDIT))
    after = world.aino.__class__.objects.filter(pk=world.aino.pk).values().get()
    assert {**after, "last_login": None} == {**before, "last_login": None}


def test_many_networks_and_meetings_ask_no_more_than_one(sign_in, world, queries, iso_meeting, term):
    sign_in(world.aino)
    one = queries(reverse(ME))
    for number in range(24):
        network = world.iso.__class__.objects.create(
            area=world.area, slug=f"verkosto-{number}", name_fi=f"Verkosto {number}", kind=world.iso.kind
        )
        network.take_in(world.aino, now=timezone.now())
        iso_meeting.copy(timezone.now()).publish(timezone.now())
    assert queries(reverse(ME)) == one


def test_an_old_name_of_a_municipality_can_be_chosen_and_means_the_present_one(sign_in, world):
    """Real use 35: whoever looks for Suolahti finds it, and counts for Äänekoski."""
    aanekoski, former = world.towns.aanekoski, {"valid_to": date(2006, 12, 31), "merged_into": world.towns.aanekoski}
    Municipality.objects.create(
        code="774", slug="suolahti", name_fi="Suolahti", region=aanekoski.region, valid_from=None, **former
    )
    client = sign_in(world.aino)
    assert "Suolahti (nykyisin Äänekoski)" in client.get(reverse(EDIT)).content.decode()
    client.post(reverse(EDIT), details(municipality="774"))
    world.aino.refresh_from_db()
    assert world.aino.municipality == aanekoski
