"""Certificates that prove themselves, and the letters of thanks that bring them (ME-09)."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from lib.tokens import sign
from meetings.models import Certificate, CertificateRule, Participation, ReminderRule
from meetings.models.attendance import mark_absent, mark_present, walk_in
from meetings.models.certificate import as_code, new_code
from meetings.models.reminder_rule import Plan
from meetings.tasks import send_thanks
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


@pytest.fixture(autouse=True)
def noon():
    """Thanks leave from nine on by the timeline, whenever these tests are run."""
    with time_machine.travel(timezone.localtime().replace(hour=12, minute=0)):
        yield


@pytest.fixture
def held(make_meeting):
    """A meeting that ended yesterday, with Aino marked as present and a rule of two hours."""
    made = make_meeting(days=-1)
    made.publish(timezone.now())
    CertificateRule.objects.create(meeting=made, least_hours=2)
    return made


@pytest.fixture
def own(held, world):
    return mark_present(held.participations.get(user=world.aino), timezone.now())


def link(name, purpose, row):
    return reverse(f"meetings:{name}", args=[sign(purpose, row.pk)])


def kinds():
    return sorted(Delivery.objects.values_list("recipient", "kind"))


# thanks


def test_the_day_after_those_who_came_get_thanks_and_their_certificate_once(held, own, world):
    walk_in(held, timezone.now(), name="Ville", email="ville@example.org", hours=1)
    for _round in range(2):
        send_thanks()
    assert kinds() == [("aino@example.org", "meeting-thanks"), ("ville@example.org", "meeting-thanks")]
    assert Certificate.objects.get().participation == own
    aino, ville = (Delivery.objects.get(recipient=f"{name}@example.org") for name in ("aino", "ville"))
    assert ("todistukset/omat" in aino.text, "todistukset/omat" in ville.text) == (True, False)


def test_a_certificate_that_came_with_the_thanks_gets_no_letter_of_its_own(held, own, world):
    held.certificate_rule.issue(timezone.now())
    Certificate.objects.all().ask_letters(timezone.now())
    send_thanks()
    held.certificate_rule.give(timezone.now())
    send_thanks()
    assert kinds() == [("aino@example.org", "meeting-thanks")]


def test_a_letter_is_asked_for_once(held, own):
    held.certificate_rule.issue(timezone.now())
    assert [Certificate.objects.all().ask_letters(timezone.now()) for _round in range(2)] == [1, 0]


@pytest.mark.parametrize("days", [0, 15])
def test_nobody_is_thanked_too_early_or_too_late(make_meeting, world, days):
    made = make_meeting(days=-days)
    made.publish(timezone.now())
    mark_present(made.participations.get(user=world.aino), timezone.now())
    send_thanks()
    assert kinds() == []


def turn_thanks(meeting, now, *, is_on=False, days=1, hour=9):
    before = ReminderRule.objects.timeline_of(meeting)
    after = before | {"thanks": Plan("thanks", is_on, days, hour)}
    ReminderRule.objects.store(before, after, now, meeting=meeting)


def test_where_the_timeline_thanks_nobody_the_certificate_comes_by_a_letter_of_its_own(held, own, world):
    walk_in(held, timezone.now(), name="Ville", email="ville@example.org", hours=1)
    turn_thanks(held, timezone.now() - timedelta(days=5))
    for _round in range(2):
        send_thanks()
    assert kinds() == [("aino@example.org", "meeting-certificate")]


def test_thanks_wait_for_their_day_and_hour(held, own):
    turn_thanks(held, timezone.now() - timedelta(days=5), is_on=True, days=2, hour=15)
    yesterday, sent = timezone.localtime() - timedelta(days=1), []
    for days, hour in ((1, 15), (2, 14), (2, 15)):
        with time_machine.travel(yesterday.replace(hour=hour) + timedelta(days=days)):
            send_thanks()
        sent.append(len(kinds()))
    assert sent == [0, 0, 1]


def test_nobody_is_thanked_at_night(held, own):
    with time_machine.travel(timezone.localtime().replace(hour=21, minute=30)):
        send_thanks()
    assert kinds() == []


def test_thanks_turned_on_afterwards_do_not_reach_back(held, own):
    turn_thanks(held, timezone.now() - timedelta(days=5))
    turn_thanks(held, timezone.now(), is_on=True)
    send_thanks()
    assert kinds() == [("aino@example.org", "meeting-certificate")]


# certificates


def test_codes_have_no_letters_that_are_read_wrongly_and_are_read_as_people_type_them():
    code = new_code()
    assert len(code) == 19 and not set(code) & set("01IOL")
    assert as_code(f" {code.lower().replace('-', ' ')} ") == code


def test_only_those_who_came_long_enough_get_one_and_again_makes_none(held, own):
    walk_in(held, timezone.now(), name="Lyhyt", hours=1)
    rule = held.certificate_rule
    assert (rule.issue(timezone.now()), rule.issue(timezone.now())) == (1, 0)


def test_the_certificate_is_a_tagged_pdf_of_one_page_with_name_hours_and_code(client, held, own):
    held.certificate_rule.issue(timezone.now())
    made = Certificate.objects.get()
    answer = client.get(link("certificate-pdf", "meetings.certificate", made))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    pdf = PdfReader(BytesIO(answer.content))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    assert all(word in text for word in ("Aino Jäsen", made.code, held.title))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "fi"
    assert b"pdfuaid" in answer.content or "/Metadata" in pdf.trailer["/Root"]


def test_a_code_shows_that_the_certificate_is_genuine_and_a_guess_shows_nothing(client, held, own):
    held.certificate_rule.issue(timezone.now())
    made = Certificate.objects.get()
    page = client.get(made.get_absolute_url())
    assert page.status_code == 200 and "Aino Jäsen" in page.text
    assert_not_leaked("aino@example.org", page)
    wrong = client.get(reverse("meetings:certificate-verify", args=[new_code()]))
    assert wrong.status_code == 404
    assert_not_leaked("Aino", wrong)
    typed = client.get(reverse("meetings:certificate-check"), {"code": made.code.lower()})
    assert typed.url == made.get_absolute_url()


def test_whoever_is_marked_as_absent_later_has_no_certificate_any_more(client, held, own):
    held.certificate_rule.issue(timezone.now())
    made = Certificate.objects.get()
    mark_absent(own)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(link("certificate-pdf", "meetings.certificate", made)).status_code == 404


def test_the_coordinator_gives_certificates_to_all_in_one_press_and_sends_one_again(client, held, own, world):
    Participation.objects.update(thanked_at=timezone.now())
    desk = reverse("admin:meetings_meeting_certificates", args=[held.pk])
    client.force_login(world.kerttu)
    assert client.post(desk, {"least_hours": "0"}).status_code == 404
    client.force_login(world.kaisa)
    client.post(desk, {"least_hours": "2.5"})
    send_thanks()
    client.post(desk, {"again": str(Certificate.objects.get().pk)})
    send_thanks()
    assert kinds() == [("aino@example.org", "meeting-certificate")] * 2
    assert client.post(desk, {"again": "x"}).status_code == 404
