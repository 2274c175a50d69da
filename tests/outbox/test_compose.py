"""How a room writes a letter: three templates, the reader's language, one row."""

import pytest
from django.template import TemplateDoesNotExist

from outbox.compose import draft, letter, post
from outbox.message.body import CalendarFile
from outbox.message.validation import LetterRefused
from outbox.models import Delivery
from outbox.sending.transport import Envelope

WORDS = {
    "kutsu.subject.txt": "{% load i18n %}{% get_current_language as tongue %}Kutsu {{ tongue }}: {{ title }}\n",
    "kutsu.txt": "Hei {{ title }}\n\n\n\n{{ site_url }}\n",
    "kutsu.html": "<p>{{ title }}</p>",
    "vajaa.subject.txt": "Vajaa",
    "vajaa.txt": "Vajaa",
}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    folder = tmp_path / "emails"
    folder.mkdir()
    for name, words in WORDS.items():
        (folder / name).write_text(words, encoding="utf-8")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}]
    settings.SITE_URL = "https://portal.example.org"


def write(**more):
    fields = {"to": "aino@example.org", "language": "sv", "context": {"title": "Talo & piha"}, "kind": "invitation"}
    return letter("emails/kutsu", **{**fields, **more})


def test_a_letter_is_written_in_the_readers_language_and_only_html_is_escaped(db):
    row = write()
    assert row.subject == "Kutsu sv: Talo & piha"
    assert row.text == "Hei Talo & piha\n\nhttps://portal.example.org\n"
    assert row.html == "<p>Talo &amp; piha</p>"
    assert row.language == "sv"
    assert row.pk


def test_a_missing_template_is_a_loud_mistake(db):
    with pytest.raises(TemplateDoesNotExist):
        letter("emails/vajaa", to="aino@example.org", language="fi", context={}, kind="k")
    assert Delivery.objects.count() == 0


def test_the_same_reference_gives_back_the_row_that_stands_there(db):
    first = write(reference="meeting:1:0")
    assert write(reference="meeting:1:0", to="Aino Jäsen <AINO@example.org>") == first
    assert Delivery.objects.count() == 1


def test_a_name_before_the_address_becomes_the_recipients_name(db):
    row = write(to='"Jäsen, Aino" <aino@example.org>')
    assert (row.recipient, row.recipient_name) == ("aino@example.org", "Jäsen, Aino")


def test_a_calendar_may_come_as_bytes(db):
    row = write(calendar="BEGIN:VCALENDAR\r\nSUMMARY:Työ\r\n".encode(), calendar_method="CANCEL")
    assert (row.calendar, row.calendar_method) == ("BEGIN:VCALENDAR\r\nSUMMARY:Työ\r\n", "CANCEL")


def test_a_letter_without_a_calendar_has_no_method(db):
    assert write().calendar_method == ""


def test_the_area_of_the_context_is_the_area_of_the_row(world):
    assert write(context={"title": "x", "area": world.area}).area_id == world.area.pk
    assert write(area_id=world.other_area.pk).area_id == world.other_area.pk


def test_many_drafts_are_posted_at_once_and_only_new_ones_count(db, now):
    def drafts():
        return [
            draft(
                "emails/kutsu",
                to=f"p{n}@example.org",
                language="fi",
                context={},
                kind="newsletter",
                reference="issue:1",
            )
            for n in range(3)
        ]

    assert post(drafts(), now) == 3
    assert post(drafts(), now) == 0


def test_several_calendar_files_are_kept_with_the_row_and_travel(db):
    files = [CalendarFile("2027-01-13-01.ics", "REQUEST", "A"), CalendarFile("2027-02-10-02.ics", "REQUEST", "B")]
    row = write(calendar_files=files)
    row.refresh_from_db()
    assert row.as_letter().calendar_files == tuple(files)
    assert write().calendar_files is None


@pytest.mark.parametrize("wrong", [{"secret": True}, {"calendar_files": [CalendarFile("a.ics", "X\r\nBcc: b", "A")]}])
def test_files_of_a_secret_letter_and_an_odd_method_are_refused(db, wrong):
    with pytest.raises(LetterRefused):
        write(**{"calendar_files": [CalendarFile("a.ics", "REQUEST", "A")], **wrong})
    assert Delivery.objects.count() == 0


def test_a_sending_service_gets_the_files_as_attachments(db, settings):
    settings.ESP = "postal"
    row = write(calendar_files=[CalendarFile("2027-01-13-01.ics", "REQUEST", "A")])
    [attached] = Envelope(row.as_letter()).attachments
    assert (attached.filename, attached.mimetype) == ("2027-01-13-01.ics", "text/calendar; method=REQUEST")
