"""Two presses, two tabs, two coordinators, other people's lists, other people's certificates (ME-02, 04, 08, 09)."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from lib.tokens import sign
from meetings.models import (
    Certificate,
    CertificateRule,
    Meeting,
    MeetingCancelled,
    Offer,
    Participation,
    SignUp,
    SignUpRequest,
)
from meetings.models.attendance import mark_present
from meetings.tasks import send_signup_letters
from tests.leaks import assert_not_leaked
from tests.meetings.signup.test_signup_pages import form_url


def at_once(*acts):
    """Run each on a thread with a connection of its own, all in the same instant; gives what each gave or raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except MeetingCancelled as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


# ME-02


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_sign_up_gives_one_place_and_counts_colleagues_once(make_training, world):
    """The server sees both presses at once, as from two tabs."""
    rules = make_training(capacity=9)
    typed = {"join": "1", "colleagues_counted": "2"}

    def press():
        browser = Client()
        browser.force_login(world.aino)
        return browser.post(form_url(rules), typed).status_code

    assert at_once(press, press, press) == [302] * 3
    assert (rules.figures()[0]["taken"], rules.meeting.participations.filter(user=world.aino).count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_the_link_to_confirm_pressed_in_two_tabs_signs_up_once(make_training):
    rules = make_training(capacity=9, open_to=SignUp.ANYBODY)
    wish = {"name": "Virpi", "colleagues": [["Kolmas", ""], ["", ""]]}
    SignUpRequest.objects.ask(rules, "virpi@example.org", timezone.now(), **wish)
    rows = [SignUpRequest.objects.get() for _tab in range(2)]
    at_once(*(lambda row=row: row.confirm(timezone.now()) and None for row in rows))
    assert (rules.figures()[0]["taken"], SignUpRequest.objects.count()) == (3, 0)


# ME-04


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_cancel_at_once_one_does_and_the_other_hears_so(make_training, world):
    meeting = make_training().meeting
    given = at_once(*[lambda: Meeting.objects.get(pk=meeting.pk).cancel(timezone.now())] * 2)
    assert sorted(given, key=str) == sorted([None, MeetingCancelled], key=str)
    assert Meeting.objects.get(pk=meeting.pk).sequence == meeting.sequence + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_a_place_offered_while_the_meeting_is_cancelled_leads_nowhere(make_training, turn):
    rules = make_training(capacity=1)
    people = [rules.meeting.participations.create(email=f"n{n}@example.org") for n in range(3)]
    rules.assign_places(people, timezone.now(), "web")
    at_once(
        lambda: SignUp.objects.get(pk=rules.pk).resize(timezone.now(), 3),
        lambda: Meeting.objects.get(pk=rules.meeting.pk).cancel(timezone.now()),
    )
    assert Offer.objects.count() in (0, 2)
    assert SignUp.objects.get().promote(timezone.now()) == 0
    for person in people[1:]:
        with pytest.raises(MeetingCancelled):
            SignUp.objects.get().accept(person, timezone.now(), "link")
    assert Participation.objects.placed().count() == 1
    assert not Participation.objects.wanting_letter().exists()
    send_signup_letters()


# ME-08


@pytest.mark.parametrize("who", [None, "niilo", "eetu", "aino", "matti", "kerttu"])
def test_who_comes_is_nobody_elses_business_on_the_page_in_the_calendar_and_in_the_table(
    client, training, crowd, world, who
):
    crowd(2)
    named = {"name": "Salla Salainen", "comes_from": "Salaiskunta"}
    training.meeting.participations.filter(email="n0@example.org").update(**named)
    if who:
        client.force_login(getattr(world, who))
    meeting = training.meeting
    pages = [
        meeting.get_absolute_url(),
        reverse("meetings:meeting-ics", args=[meeting.slug]),
        form_url(training),
        reverse("meetings:attendance", args=[meeting.slug]),
        *(reverse(f"admin:meetings_meeting_{step}", args=[meeting.pk]) for step in ("places", "places_csv")),
        f"{reverse('admin:meetings_participation_changelist')}?meeting__id__exact={meeting.pk}",
    ]
    for page in pages:
        shown = client.get(page)
        for secret in ("Salla", "Salaiskunta", "n1@example.org"):
            assert_not_leaked(secret, shown, where=page)
    entry = Calendar.from_ical(client.get(pages[1]).content).walk("VEVENT")[0]
    assert "ATTENDEE" not in entry


def test_the_coordinator_of_the_area_sees_who_comes(client, training, crowd, world):
    crowd(2)
    training.meeting.participations.filter(email="n0@example.org").update(name="Salla Salainen")
    client.force_login(world.kaisa)
    for page in (training.meeting.get_absolute_url(), reverse("meetings:attendance", args=[training.meeting.slug])):
        assert "Salla Salainen" in client.get(page).text
    table = client.get(reverse("admin:meetings_meeting_places_csv", args=[training.meeting.pk]))
    assert "Salla Salainen" in table.content.decode("utf-8-sig")


# ME-09


@pytest.fixture
def held(make_meeting, world):
    made = make_meeting(days=-1)
    made.publish(timezone.now())
    CertificateRule.objects.create(meeting=made)
    return made


def test_who_said_yes_and_did_not_come_gets_no_certificate(held, world, client):
    own = held.participations.get(user=world.aino)
    own.store_answer("yes", timezone.now(), "web")
    assert held.certificate_rule.issue(timezone.now()) == 0
    forged = reverse("meetings:certificate-pdf", args=[sign("meetings.certificate", 1)])
    assert client.get(forged).status_code == 404


def test_a_link_of_another_purpose_or_a_number_opens_no_certificate(held, world, client):
    mark_present(held.participations.get(user=world.aino), timezone.now())
    held.certificate_rule.issue(timezone.now())
    made = Certificate.objects.get()
    for token in (str(made.pk), sign("meetings.feedback", made.pk), made.code):
        assert client.get(reverse("meetings:certificate-pdf", args=[token])).status_code == 404


def test_a_person_with_a_new_name_has_it_on_the_paper_and_in_the_proof_under_the_same_code(held, world, client):
    mark_present(held.participations.get(user=world.aino), timezone.now())
    held.certificate_rule.issue(timezone.now())
    made = Certificate.objects.get()
    world.aino.name = "Aino Uusinimi"
    world.aino.save(update_fields=["name"])
    assert held.certificate_rule.issue(timezone.now()) == 0
    paper = client.get(reverse("meetings:certificate-pdf", args=[sign("meetings.certificate", made.pk)]))
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    proof = client.get(made.get_absolute_url()).text
    assert all("Aino Uusinimi" in words and "Aino Jäsen" not in words for words in (text, proof))
    assert made.code in text and made.code in proof
