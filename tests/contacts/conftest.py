"""Cards of the small world, and a count of what a page asks of the database."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import ContactCard


@pytest.fixture
def card(world, term):
    """card("Kaisa") makes a public card in Kaisa's area."""

    def make(name, **more):
        more.setdefault("area", world.area)
        more.setdefault("role", term("contact_roles", "aluekoordinaattori"))
        return ContactCard.objects.create(name=name, **more)

    return make


@pytest.fixture
def full_card(card, world):
    """A card with everything a card can tell."""
    return card(
        "Kaisa Koordinaattori",
        title="Nuorisotyön aluekoordinaattori",
        organisation=world.employer,
        email="kaisa@example.org",
        phone="+46701740605",
        second_phone="+46701740608",
        second_phone_note="txt, WhatsApp",
        street_address="Esimerkkikatu 1, 2. krs",
        postcode="40100",
        town="Jyväskylä",
        postal_address="PL 100, 40101 Jyväskylä",
        hours="ma–to 9–15",
        help_with=["Verkostot", "Arjen kysymykset"],
        confirmed_on=date(2026, 11, 2),
    )


@pytest.fixture
def queries(client):
    """queries("/path/") tells how many questions a page asks of the database."""

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    return count
