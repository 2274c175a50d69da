"""Names and titles that would break a letter's head or a calendar entry: the letters leave all the same."""

import pytest

from contacts.models import ContactCard
from outbox.models import Delivery
from tests.meetings.conftest import calendar_of

POISON = [
    "Nimi\r\nBcc: paha@example.org",
    "Nimi\nSubject: paha",
    "\x0bNi\x85mi\u2028x",
    "\u202eollePaha \U0001f600",
    '"Lainattu, nimi" <paha@example.org>',
    "=?utf-8?q?paha?=",
    ";CN=paha:mailto:paha@example.org",
    "\\nBEGIN:VALARM",
]


@pytest.mark.parametrize("words", POISON)
def test_no_name_or_title_holds_up_an_invitation_or_adds_a_line_to_it(world, meeting, send, words, term):
    """Past the forms, as an import or a slip of ours would put them there."""
    type(meeting).objects.filter(pk=meeting.pk).update(title=words, place_name=words, summary=words)
    type(world.iso).objects.filter(pk=world.iso.pk).update(name_fi=words, name_sv=words, name_en=words)
    type(world.aino).objects.filter(pk=world.aino.pk).update(name=words)
    role = term("contact_roles", "aluekoordinaattori")
    ContactCard.objects.create(area=world.area, role=role, name=words, email="kortti@example.org")
    meeting.refresh_from_db()
    meeting.invite(meeting.changed_at)
    letters = send()
    assert sorted(letter["To"].split("<")[-1].rstrip(">") for letter in letters) == [
        "aino@example.org",
        "matti@example.org",
    ]
    for letter in letters:
        assert letter["Bcc"] is None
        assert [letter.get_all(name) for name in ("Subject", "To", "From", "Reply-To")].count(None) == 0
        assert all(len(letter.get_all(name)) == 1 for name in ("Subject", "To", "From", "Reply-To", "Date"))
        event = calendar_of(letter).walk("VEVENT")[0]
        assert [str(event["ORGANIZER"]), len(event.subcomponents)] == ["mailto:youthnet@example.org", 0]
    assert Delivery.objects.filter(failed_at__isnull=False).count() == 0


@pytest.mark.parametrize(
    "address", ['"lainattu nimi"@example.org', "nimi+lisä@example.org", "a@xn--kvi-rna.example.org"]
)
def test_an_odd_address_is_reached_or_stops_only_its_own_letter(world, meeting, send, address):
    type(world.aino).objects.filter(pk=world.aino.pk).update(email=address)
    meeting.invite(meeting.changed_at)
    assert any("matti@example.org" in letter["To"] for letter in send())
