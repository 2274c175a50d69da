"""Guests whose addresses and names a header cannot hold: at the door, in the rows, in letters, on the desk."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard
from lib.models import FailedRow
from lib.text.addresses import LOCAL
from lib.text.mended_addresses import mend_addresses
from meetings.models import Dispatch, Participation, SignUpRequest
from meetings.tasks import send_invitations, send_signup_letters
from outbox.models import Delivery, Suppression
from tests.conftest import LONG_AGO
from tests.failing import noon

ONE = "matti@xn--typaja-xxa.fi"
CUT = "=?utf-8?q?Matti?="


def stored(meeting, *addresses):
    """Guests whose addresses came before there was one spelling."""
    rows = [Participation.objects.create(meeting=meeting, name=each, added_at=LONG_AGO) for each in addresses]
    for row, address in zip(rows, addresses, strict=True):
        as_typed(row, address)
    return rows


def as_typed(row, address):
    """Past the column, as an earlier version stored it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE meetings_participation SET email = %s WHERE id = %s", [address, row.pk])
    row.refresh_from_db()


def test_stored_addresses_are_mended_and_a_twin_stays_and_is_named(world, meeting, caplog):
    """Real use 1: addresses of earlier days are mended; nothing is lost where two rows would become one."""
    first, twin, local = stored(meeting, "Matti@työpaja.fi", ONE, "mäki@työpaja.fi")
    mended = mend_addresses(Participation.objects.filter(pk__in=[first.pk, twin.pk, local.pk]), "email")
    for row in (first, twin, local):
        row.refresh_from_db()
    assert [first.email, twin.email, local.email] == ["Matti@työpaja.fi", ONE, "mäki@työpaja.fi"]
    assert mended == {} and caplog.text.count("stays as it is") == 2
    twin.delete()
    assert mend_addresses(Participation.objects.filter(pk=first.pk), "email") == {"Matti@työpaja.fi": ONE}
    first.refresh_from_db()
    assert first.email == ONE


def test_a_row_is_found_and_kept_by_either_spelling(world, meeting):
    """Real use 1: the column itself knows that IDN and punycode are one."""
    row = Participation.objects.create(meeting=meeting, name=" Matti\u200b \nM ", email="Matti@TYÖPAJA.fi")
    assert (row.email, row.name) == (ONE, "Matti M")
    for typed in ("matti@työpaja.fi", "MATTI@xn--typaja-xxa.FI"):
        assert Participation.objects.filter(email=typed).get() == row
        assert Participation.objects.at_address(typed).get() == row
        assert Participation.objects.filter(email__in=[typed]).get() == row


# the doors


@pytest.mark.parametrize("typed", ["Matti@työpaja.fi", "matti@XN--TYPAJA-XXA.fi"])
def test_the_desk_takes_a_guest_by_either_spelling_and_the_letter_leaves(sign_in, world, meeting, send, typed):
    """Real use 1: a guest at a domain with umlauts gets the invitation, and so does everybody else."""
    url = reverse("admin:meetings_participation_add")
    facts = {"meeting": meeting.pk, "name": f"{CUT} M", "email": typed}
    assert sign_in(world.kaisa).post(url, facts).status_code == 302
    meeting.invite(timezone.now())
    letters = {parseaddr(letter["To"])[1] for letter in send()}
    assert letters == {ONE} | {row.address for row in meeting.participations.exclude(user=None)}
    assert Delivery.objects.get(recipient=ONE).recipient_name == f"{CUT} M"
    assert FailedRow.objects.count() == 0


@pytest.mark.parametrize("typed", ["mäkinen@example.org", '"matti m"@example.org', f"{CUT}@example.org"])
def test_the_desk_refuses_what_letters_cannot_reach(sign_in, world, meeting, typed):
    """Real use 1: refused in clear words where it is typed."""
    facts = {"meeting": meeting.pk, "name": "Matti", "email": typed}
    page = sign_in(world.kaisa).post(reverse("admin:meetings_participation_add"), facts)
    assert page.context["adminform"].form.errors["email"] == [str(LOCAL)]


def test_a_sign_up_from_a_crafted_form_gets_its_letter(client, training, world):
    """Real use 1: line breaks and look-alikes in the name of a sign-up stop no round."""
    facts = {"name": f"Matti\r\nBcc: kaikki@example.org {CUT}", "email": "matti@työpaja.fi", "mode": "onsite"}
    client.post(reverse("meetings:signup", args=[training.meeting.slug]), facts)
    request = SignUpRequest.objects.get()
    assert (request.email, request.name) == (ONE, f"Matti Bcc: kaikki@example.org {CUT}")
    send_signup_letters()
    assert Delivery.objects.get(kind="meeting-confirm").recipient == ONE


# rows of earlier days


@pytest.fixture
def invited(world, make_meeting):
    """Two published meetings, to each of which the same guest is invited along with the members."""
    meetings = [make_meeting(), make_meeting(days=8, title="Toinen")]
    for each in meetings:
        each.publish(timezone.now())
        row = Participation.objects.create(
            meeting=each, name="Matti", email="m@example.org", is_guest=True, added_at=LONG_AGO
        )
        as_typed(row, "mäki@example.org")
        each.invite(timezone.now())
    Dispatch.objects.send_now(timezone.now())
    return meetings


def test_a_guest_whom_no_letter_reaches_stops_nobody_and_stands_on_the_desk(client, world, invited):
    """Real use 1: also where one letter tells of several meetings; the desk and /readyz name the rows."""
    bad = Participation.objects.filter(user=None)
    keys = set(bad.values_list("pk", flat=True))
    seen = []

    def go(minutes):
        with time_machine.travel(noon() + timedelta(minutes=minutes), tick=False):
            send_invitations()
            client.force_login(world.kaisa)
            desk = client.get(reverse("admin:index")).context["failed_rows"]
            seen.append((len(desk), client.get(reverse("readyz")).json()["failing_rows"]))

    for minutes in (0, 3, 8):
        go(minutes)
    assert seen == [(0, 0), (0, 0), (2, 2)]
    assert set(Participation.objects.asking_due(noon()).values_list("pk", flat=True)) == keys
    members = set(Participation.objects.exclude(user=None).values_list("user__email", flat=True))
    assert {letter.recipient for letter in Delivery.objects.filter(kind__startswith="meeting-")} == members


@pytest.mark.parametrize("others", [[], ["toinen@example.org"]])
def test_a_card_with_such_an_address_stops_no_invitation(world, meeting, send, term, others):
    """Real use 1: answers go to the first card that can be written to, or to nobody."""
    role = term("contact_roles", "koordinaattori")
    ContactCard.objects.all().delete()
    for order, email in enumerate(["kortti@example.org", *others]):
        ContactCard.objects.create(area=world.area, role=role, name=f"Åke {CUT}", email=email, order=order)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contactcard SET email = 'käyntikortti@example.org' WHERE \"order\" = 0")
    meeting.invite(timezone.now())
    letters = send()
    assert letters and {parseaddr(letter["Reply-To"] or "")[1] for letter in letters} == set(others or [""])


@pytest.mark.parametrize("stopped, written", [(ONE, "Matti@työpaja.fi"), ("matti@TYÖPAJA.fi", ONE)])
def test_a_stop_holds_for_both_spellings(db, stopped, written):
    """Real use 1: an address on the stop list is stopped however it is typed."""
    Suppression.objects.add(stopped, "manual", timezone.now())
    assert Suppression.objects.of(written).current(timezone.now()).count() == 1
