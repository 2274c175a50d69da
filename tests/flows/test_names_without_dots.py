"""Names are one spelling, and people are found by those who have no dots and accents to type."""

import unicodedata

import pytest
from django.urls import reverse

from contacts.models import ContactCard, User
from meetings.models import Participation
from tests.conftest import LONG_AGO
from tests.meetings.conftest import make_meeting  # noqa: F401  the fixture

DOTS = {"soderstrom": "Åsa Söderström", "lukasiewicz": "Łukasz Łukasiewicz", "kovac": "Ana Kovač"}


@pytest.fixture
def people(world):
    """Members of Aino's network, by what others type who look for them."""
    found = {}
    for typed, name in DOTS.items():
        found[typed] = User.objects.create_user(f"{typed}@example.org", name=name)
        world.iso.take_in(found[typed], LONG_AGO)
    return found


@pytest.mark.parametrize("typed", DOTS)
def test_people_are_found_on_the_desk_without_dots(sign_in, world, people, typed):
    """Real use 29: on the lists of people."""
    for asked in (typed, DOTS[typed].split()[1], typed.upper()[:6]):
        page = sign_in(world.kaisa).get(reverse("admin:contacts_user_changelist"), {"q": asked})
        assert list(page.context["cl"].queryset) == [people[typed]]


@pytest.mark.parametrize("typed", DOTS)
def test_participants_are_found_on_the_desk_without_dots(sign_in, world, people, make_meeting, typed):  # noqa: F811
    """Real use 29: among guests and members of a meeting."""
    row = Participation.objects.create(meeting=make_meeting(), user=people[typed])
    page = sign_in(world.kaisa).get(reverse("admin:meetings_participation_changelist"), {"q": typed})
    assert list(page.context["cl"].queryset) == [row]


@pytest.mark.parametrize("typed", DOTS)
def test_people_are_found_in_the_search_of_the_portal_without_dots(world, people, term, typed):
    """Real use 29: by members of their networks, and on the cards by everybody."""
    assert list(User.objects.visible_to(world.aino).matching(typed)) == [people[typed]]
    assert list(User.objects.visible_to(world.aino).matching(DOTS[typed].split()[1])) == [people[typed]]
    card = ContactCard.objects.create(area=world.area, role=term("contact_roles", "x"), name=DOTS[typed])
    card.index()
    assert list(ContactCard.objects.matching(typed)) == [card]


def test_what_is_typed_in_two_characters_is_stored_and_found_as_one(sign_in, world):
    """Real use 29: telephones and Macs send a letter and its dots apart."""
    apart = unicodedata.normalize("NFD", "Åsa\u200b Söderström")
    client = sign_in(world.aino)
    client.post(
        reverse("contacts:me-edit"), {"name": apart, "title": unicodedata.normalize("NFD", "Työ"), "language": "fi"}
    )
    world.aino.refresh_from_db()
    assert (world.aino.name, world.aino.title) == ("Åsa Söderström", "Työ")
    desk = sign_in(world.kaisa).get(
        reverse("admin:contacts_user_changelist"), {"q": unicodedata.normalize("NFD", "Söd")}
    )
    assert list(desk.context["cl"].queryset) == [world.aino]


def test_an_address_is_found_on_the_desk_by_either_spelling(sign_in, world):
    """Real use 1: the list of people knows both."""
    person = User.objects.create_user("matti@työpaja.fi", name="Matti")
    for asked in ("matti@työpaja.fi", "matti@xn--typaja-xxa.fi"):
        page = sign_in(world.kaisa).get(reverse("admin:contacts_user_changelist"), {"q": asked})
        assert list(page.context["cl"].queryset) == [person]
