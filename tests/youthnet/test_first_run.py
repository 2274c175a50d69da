"""The first run: from an empty installation to an area with a coordinator and five steps."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import (
    AreaLogo,
    CoordinationArea,
    Coordinator,
    CoordinatorInvitation,
    Municipality,
    SetupStep,
    User,
)
from contacts.reference_data import loading
from networks.models import Network
from outbox.models import Delivery
from tests.lib.uploading import pdf, picture, upload

BEGIN, DESK = "setup-begin", "admin:index"
KAINUU = {"290", "205", "578", "620", "697", "765", "777", "105"}


@pytest.fixture
def empty(db):
    """A new installation: the registers and a superuser."""
    loading.load(apps.get_model)
    return User.objects.create_superuser("eka@example.org", name="Eka Ylläpitäjä")


@pytest.fixture
def boss(empty, sign_in):
    return sign_in(empty)


@pytest.fixture
def kainuu(boss):
    boss.post(f"{reverse(BEGIN)}?region=18", {"municipalities": sorted(KAINUU), "myself": "on"})
    return CoordinationArea.objects.get()


def test_the_first_page_leads_to_the_regions_and_the_region_to_its_municipalities(boss):
    """Real use 35: the first run asks the region, and its municipalities are ticked."""
    assert reverse(BEGIN) in boss.get(reverse("home")).content.decode()
    assert reverse(BEGIN) in boss.get(reverse(DESK)).content.decode()
    regions = boss.get(reverse(BEGIN))
    assert {region.name_fi: region.places for region in regions.context["regions"]}["Kainuu"] == 8
    form = boss.get(f"{reverse(BEGIN)}?region=18").context["form"]
    assert set(form.fields["municipalities"].initial) == KAINUU


def test_an_area_is_made_with_its_names_in_three_languages(kainuu):
    """Real use 35: name, languages and heading come from the register, inflected."""
    assert (kainuu.slug, kainuu.name_fi, kainuu.name_sv) == ("kainuu", "Kainuu", "Kajanaland")
    assert (kainuu.title_fi, kainuu.title_sv, kainuu.title_en) == (
        "Maakunnallinen nuorisotyö Kainuussa",
        "Regionalt ungdomsarbete i Kajanaland",
        "Regional youth work in Kainuu",
    )
    assert set(kainuu.municipalities.values_list("pk", flat=True)) == KAINUU
    assert [each.user.email for each in Coordinator.objects.filter(area=kainuu)] == ["eka@example.org"]


def test_municipalities_can_be_left_out_and_others_added_also_by_their_former_names(boss):
    """Real use 35: the municipalities are editable; old names are understood."""
    typed = {"municipalities": ["205", "765"], "others": "Nilsiä, Vaala"}
    boss.post(f"{reverse(BEGIN)}?region=18", typed)
    places = CoordinationArea.objects.get().municipalities.alphabetical()
    assert [str(place) for place in places] == ["Kajaani", "Kuopio", "Sotkamo", "Vaala"]


@pytest.mark.parametrize(
    "typed, field",
    [
        ({}, "municipalities"),
        ({"municipalities": ["205"], "others": "Atlantis"}, "others"),
        ({"municipalities": ["205"], "email": "ei osoite"}, "email"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(boss, typed, field):
    answer = boss.post(f"{reverse(BEGIN)}?region=18", typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert CoordinationArea.objects.count() == 0


def test_a_region_is_begun_once(boss, kainuu):
    answer = boss.post(f"{reverse(BEGIN)}?region=18", {"municipalities": ["205"]})
    assert (answer.status_code, CoordinationArea.objects.count()) == (422, 1)


@pytest.mark.parametrize("who", ["aino", "kaisa"])
def test_only_a_superuser_makes_areas_and_invites_coordinators(world, sign_in, who):
    client = sign_in(getattr(world, who))
    for address in [reverse(BEGIN), reverse("setup-coordinator", args=[world.area.slug])]:
        assert client.get(address).status_code == 404
        assert client.post(address, {"email": "x@example.org", "language": "fi"}).status_code == 404
    assert CoordinatorInvitation.objects.count() == 0


# --- steps ---


def states(client):
    """{step: whether the desk says that it is done}, of the first new area."""
    areas = client.get(reverse(DESK)).context["setup"]["areas"]
    return {step.step: step.is_done for step in areas[0].steps} if areas else {}


def take(client, area, step, **typed):
    return client.post(reverse("setup-step", args=[area.slug, step]), typed)


def test_five_steps_stay_on_the_desk_until_they_are_done(boss, kainuu, term):
    """Real use 35: name and languages, municipalities, logo and colour, mail test, first network."""
    assert states(boss) == dict.fromkeys(["name", "municipalities", "look", "mail", "network"], False)
    words = {"name_fi": "Kainuu", "title_fi": "Kainuun nuorisotyö", "lead_fi": "Yhdessä."}
    assert take(boss, kainuu, "name", **words).status_code == 302
    take(boss, kainuu, "municipalities", municipalities=["205"], others="")
    take(boss, kainuu, "look", accent="#123456")
    take(boss, kainuu, "mail")
    assert states(boss) == dict.fromkeys(["name", "municipalities", "look", "mail"], True) | {"network": False}
    Network.objects.create(area=kainuu, slug="eka", name_fi="Eka", kind=term("network_types", "maakunnallinen"))
    assert states(boss) == {}
    kainuu.refresh_from_db()
    assert (kainuu.title_fi, kainuu.accent) == ("Kainuun nuorisotyö", "#123456")
    assert [str(place) for place in kainuu.municipalities.all()] == ["Kajaani"]


def test_a_step_that_was_refused_is_not_done(boss, kainuu):
    assert take(boss, kainuu, "name", name_fi="").status_code == 422
    assert states(boss)["name"] is False


def test_an_area_from_before_has_no_steps(world, sign_in):
    """Real use 35: an upgrade asks nobody to begin again."""
    assert states(sign_in(world.kaisa)) == {}


def test_the_steps_of_another_area_are_not_found(world, sign_in):
    SetupStep.objects.start(world.area)
    assert states(sign_in(world.kaisa))["mail"] is False
    client = sign_in(world.kerttu)
    assert states(client) == {}
    assert client.get(reverse("setup-step", args=[world.area.slug, "name"])).status_code == 404
    assert client.post(reverse("setup-mail-test", args=[world.area.slug])).status_code == 404


@pytest.mark.parametrize("step", ["network", "ei-ole"])
def test_there_is_no_page_for_other_steps(boss, kainuu, step):
    assert boss.get(reverse("setup-step", args=[kainuu.slug, step])).status_code == 404


def test_a_logo_stands_at_the_head_of_the_pages_and_can_be_taken_away(boss, kainuu, client):
    """Real use 35: logo and colour."""
    take(boss, kainuu, "look", accent="#0f6b5c", logo=upload(picture(), "logo.png"))
    first = AreaLogo.objects.get()
    take(boss, kainuu, "look", accent="#0f6b5c", logo=upload(picture(), "toinen.png"))
    logo = AreaLogo.objects.get()
    assert logo.token != first.token
    assert f'src="{logo.small_url}"' in client.get(reverse("home")).content.decode()
    answer = client.get(logo.small_url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert client.get(logo.small_url.replace("logo/kainuu", "logo/muu")).status_code == 404
    take(boss, kainuu, "look", accent="#0f6b5c", without_logo="on")
    assert AreaLogo.objects.count() == 0


def test_only_a_picture_is_a_logo(boss, kainuu):
    answer = take(boss, kainuu, "look", accent="#0f6b5c", logo=upload(pdf(), "logo.pdf"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["logo"])


def test_the_mail_test_sends_a_letter_to_oneself(boss, kainuu):
    """Real use 35: the mail test."""
    boss.post(reverse("setup-mail-test", args=[kainuu.slug]))
    letter = Delivery.objects.get(kind="setup-test")
    assert (letter.recipient, reverse("setup-step", args=["kainuu", "mail"]) in letter.text) == (
        "eka@example.org",
        True,
    )
    assert [each.pk for each in boss.get(reverse("setup-step", args=["kainuu", "mail"])).context["tests"]] == [
        letter.pk
    ]


# --- the coordinator ---


@pytest.fixture
def visitor():
    """Somebody else's browser."""
    return Client()


@pytest.fixture
def invite(boss, kainuu):
    """invite("…@…") gives the path of the link in the letter."""

    def send(email="kaisa@example.org", **more):
        boss.post(
            reverse("setup-coordinator", args=[kainuu.slug]), {"email": email, "name": "Kaisa", "language": "fi"} | more
        )
        letter = Delivery.objects.filter(kind="coordinator-invitation").latest("pk")
        return re.search(r"https?://[^/]+(/\S+)", letter.text)[1]

    return send


def test_the_invited_coordinator_accepts_and_has_the_desk_of_that_area(visitor, invite, kainuu):
    """Real use 35: the coordinator is invited by letter."""
    link = invite("Kaisa@Example.org ")
    assert visitor.get(link).status_code == 200
    assert User.objects.filter(email="kaisa@example.org").count() == 0
    assert visitor.post(link).status_code == 200
    kaisa = User.objects.get(email="kaisa@example.org")
    assert (kaisa.name, kaisa.is_staff, kaisa.area_ids_run()) == ("Kaisa", True, {kainuu.pk})
    assert kaisa.has_usable_password() is False


def test_accepting_signs_nobody_in(visitor, invite):
    """Real use 35: a letter that was passed on opens no desk; the code goes to the invited address."""
    visitor.post(invite())
    assert visitor.get(reverse(DESK)).status_code == 302
    assert "_auth_user_id" not in visitor.session


def test_an_invitation_is_good_once_and_for_two_weeks(visitor, invite):
    link = invite()
    CoordinatorInvitation.objects.update(sent_at=timezone.now() - timedelta(days=15))
    assert visitor.get(link).status_code == 410
    link = invite()
    assert (visitor.post(link).status_code, visitor.post(link).status_code) == (200, 410)


def test_a_second_letter_takes_the_place_of_the_first(visitor, invite):
    first = invite()
    assert invite() == first  # a double click
    CoordinatorInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    second = invite()
    assert [visitor.get(link).status_code for link in (first, second)] == [410, 200]
    assert CoordinatorInvitation.objects.count() == 1


def test_a_closed_account_is_not_opened_by_an_invitation(visitor, invite, kainuu):
    person = User.objects.create_user("kaisa@example.org", is_active=False)
    assert visitor.post(invite()).status_code == 410
    person.refresh_from_db()
    assert (person.is_active, Coordinator.objects.filter(user=person).count()) == (False, 0)


def test_the_desk_tells_an_area_without_a_coordinator_until_there_is_one(boss):
    boss.post(f"{reverse(BEGIN)}?region=18", {"municipalities": ["205"], "email": "kaisa@example.org"})
    [waiting] = boss.get(reverse(DESK)).context["setup"]["without_coordinator"]
    assert [each.email for each in waiting.invitations] == ["kaisa@example.org"]
    CoordinatorInvitation.objects.get().accept(timezone.now())
    assert boss.get(reverse(DESK)).context["setup"]["without_coordinator"] == []


def test_nobody_has_to_know_the_numbers_of_municipalities(boss):
    """Every municipality of today is ticked in exactly one region's page."""
    offered = [
        place.pk
        for region in boss.get(reverse(BEGIN)).context["regions"]
        for place in boss.get(f"{reverse(BEGIN)}?region={region.pk}").context["form"].fields["municipalities"].queryset
    ]
    assert sorted(offered) == sorted(Municipality.objects.current().values_list("pk", flat=True))
