"""Who came: the list to tick, the code on the slide, walk-ins, and the report of Teams."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign
from meetings.models import Participation

ENGLISH = (
    "1. Summary\nMeeting title\tTapaaminen\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Aino Jäsen\t1/20/27, 12:58:11 PM\t1/20/27, 3:02:10 PM\t2h 3m 59s\tAino@example.org\taino@example.org\tPresenter\n"
    "Vieras Ääkkönen\t1/20/27, 1:10:00 PM\t1/20/27, 1:40:00 PM\t30m\t\t\tAttendee\n\n"
    "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Aino Jäsen\t1/20/27\t1/20/27\t2h 3m 59s\taino@example.org\tPresenter\n"
)


def url_of(meeting, page="attendance"):
    return reverse(f"meetings:{page}", args=[meeting.slug])


def here_url(meeting):
    return reverse("meetings:here", args=[sign("meetings.here", meeting.pk)])


def row(meeting, **who):
    return meeting.participations.get(**who)


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


# the list


def test_one_press_marks_a_person_with_what_is_true_that_day_and_one_takes_it_back(kaisa, meeting, world):
    own = row(meeting, user=world.aino)
    answer = kaisa.post(url_of(meeting), {"act": f"here-{own.pk}"})
    assert (answer.status_code, answer.url) == (302, f"{url_of(meeting)}#p{own.pk}")
    own.refresh_from_db()
    assert (own.attended_mode, own.hours) == ("onsite", Decimal("3.00"))
    assert (own.municipality, own.organisation, own.sector) == (
        world.towns.jyvaskyla,
        world.employer,
        world.employer.sector,
    )
    kaisa.post(url_of(meeting), {"act": f"absent-{own.pk}"})
    own.refresh_from_db()
    assert (own.attended_at, own.hours, own.organisation) == (None, None, None)


def test_the_row_keeps_the_employer_of_that_day(kaisa, meeting, world):
    own = row(meeting, user=world.aino)
    kaisa.post(url_of(meeting), {"act": f"here-{own.pk}"})
    world.aino.introduce(organisation=None, municipality=None)
    own.refresh_from_db()
    assert own.organisation == world.employer


def test_with_htmx_only_the_row_comes_back(kaisa, meeting, world):
    own = row(meeting, user=world.aino)
    page = kaisa.post(url_of(meeting), {"act": f"here-{own.pk}"}, headers={"HX-Request": "true"})
    assert page.text.lstrip().startswith("<li") and f"absent-{own.pk}" in page.text
    assert (page.text.count('<p id="came" role="status" hx-swap-oob="true">'), page.context["came"]) == (1, 1)


def test_all_who_said_yes_are_marked_in_one_press_and_taken_back_in_another(kaisa, meeting, world):
    for person in (world.aino, world.matti):
        meeting.take_answer(person, "yes", timezone.now())
    kaisa.post(url_of(meeting), {"act": f"here-{row(meeting, user=world.matti).pk}"})
    page = kaisa.post(url_of(meeting), {"act": "all"}, follow=True)
    assert (page.context["came"], page.context["marked"]) == (2, 1)
    assert row(meeting, user=world.aino).organisation == world.employer
    page = kaisa.post(url_of(meeting), {"act": "none"}, follow=True)
    assert [person.user for person in meeting.participations.came()] == [world.matti]
    assert (page.context["came"], page.context["marked"]) == (1, 0)
    meeting.cancel(timezone.now(), "Sairastuminen")
    kaisa.post(url_of(meeting), {"act": "all"})
    assert meeting.participations.came().count() == 1


def test_heads_that_were_only_counted_are_told_apart(kaisa, meeting, world):
    meeting.participations.create(attended_at=timezone.now(), attended_mode="onsite", hours=3)
    kaisa.post(url_of(meeting), {"act": f"here-{row(meeting, user=world.aino).pk}"})
    page = kaisa.get(url_of(meeting))
    assert (page.context["came"], page.context["unnamed"]) == (2, 1)


def test_hours_and_way_are_mended_on_the_row(kaisa, meeting, world):
    own = row(meeting, user=world.aino)
    kaisa.post(url_of(meeting), {"act": f"hours-{own.pk}", "hours": "1,5", "mode": "online"})
    own.refresh_from_db()
    assert (own.hours, own.attended_mode) == (Decimal("1.50"), "online")
    kaisa.post(url_of(meeting), {"act": f"hours-{own.pk}", "hours": "paljon", "mode": "online"})
    own.refresh_from_db()
    assert own.hours == Decimal("1.50")


@pytest.mark.parametrize("act", ["", "here-", "here-x", "here-99999999", "fly-1"])
def test_a_press_that_makes_no_sense_is_not_found(kaisa, meeting, act):
    assert kaisa.post(url_of(meeting), {"act": act}).status_code == 404


@pytest.mark.parametrize(("who", "code"), [("aino", 404), ("kerttu", 404), ("niilo", 404)])
@pytest.mark.parametrize("page", ["attendance", "attendance-code", "attendance-report"])
def test_only_the_coordinator_of_the_area_marks_people(client, meeting, world, who, code, page):
    client.force_login(getattr(world, who))
    assert client.get(url_of(meeting, page)).status_code == code
    assert client.post(url_of(meeting, "attendance"), {"act": "here-1"}).status_code == code


def test_an_address_in_the_door_finds_the_member_and_a_name_alone_never_does(kaisa, meeting, world):
    kaisa.post(url_of(meeting), {"walk_in": "1", "email": "NIILO@example.org", "name": "Joku Muu"})
    assert row(meeting, user=world.niilo).attended_at
    kaisa.post(url_of(meeting), {"walk_in": "1", "name": "Aino Jäsen", "organisation_name": world.employer.name})
    named = row(meeting, name="Aino Jäsen")
    assert (named.user, named.organisation) == (None, world.employer)
    assert row(meeting, user=world.aino).attended_at is None
    assert kaisa.post(url_of(meeting), {"walk_in": "1"}).status_code == 422


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(kaisa, meeting, world):
    def count():
        with CaptureQueriesContext(connection) as asked:
            kaisa.get(url_of(meeting))
        return len(asked)

    count()
    once = count()
    for n in range(25):
        kaisa.post(url_of(meeting), {"walk_in": "1", "name": f"Nimi {n}"})
    assert count() == once


# the code on the slide


def test_the_slide_renews_itself_and_shows_a_code(kaisa, meeting):
    page = kaisa.get(url_of(meeting, "attendance-code"))
    assert '<noscript><meta http-equiv="refresh" content="300"></noscript>' in page.text
    assert 'hx-trigger="every 300s"' in page.text
    assert "<svg" in page.text and page["Cache-Control"] == "private, no-store"


def test_who_is_signed_in_presses_once(sign_in, meeting, world):
    client = sign_in(world.niilo)
    for _look in range(2):
        assert client.get(here_url(meeting)).status_code == 200
    assert not meeting.participations.filter(user=world.niilo).exists()
    client.post(here_url(meeting))
    assert row(meeting, user=world.niilo).attended_at


def test_who_is_not_signed_in_gives_an_address_or_a_name(client, meeting, world):
    assert client.post(here_url(meeting), {}).status_code == 422
    for _double_press in range(2):
        assert client.post(here_url(meeting), {"name": "Ville Vieras"}).status_code == 302
    client.post(here_url(meeting), {"email": "aino@example.org"})
    assert row(meeting, name="Ville Vieras").attended_at
    assert row(meeting, user=world.aino).attended_at


def test_a_photograph_of_the_code_works_only_for_some_minutes(client, meeting):
    old = here_url(meeting)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(old).status_code == 404
        assert client.post(old, {"name": "Ville"}).status_code == 404
    assert not meeting.participations.exclude(attended_at=None).exists()


def test_nobody_comes_to_a_cancelled_meeting(client, meeting):
    meeting.cancel(timezone.now())
    client.post(here_url(meeting), {"name": "Ville"})
    assert not meeting.participations.exclude(attended_at=None).exists()


# the report of Teams


def test_a_report_is_shown_first_and_then_stored(kaisa, meeting, world):
    page = kaisa.post(url_of(meeting, "attendance-report"), {"text": ENGLISH})
    found = [(each["attendee"].name, str(each["match"])) for each in page.context["found"]]
    assert found == [("Aino Jäsen", "Aino Jäsen"), ("Vieras Ääkkönen", "None")]
    assert not Participation.objects.exclude(attended_at=None).exists()
    kaisa.post(url_of(meeting, "attendance-report"), {"text": page.context["text"], "store": "1", "keep": ["0", "1"]})
    aino, guest = row(meeting, user=world.aino), row(meeting, name="Vieras Ääkkönen")
    assert (aino.hours, aino.attended_mode, guest.hours) == (Decimal("2.07"), "online", Decimal("0.50"))
    assert meeting.participations.exclude(attended_at=None).count() == 2


def test_people_whose_tick_is_taken_away_are_not_stored(kaisa, meeting):
    kaisa.post(url_of(meeting, "attendance-report"), {"text": ENGLISH, "store": "1", "keep": ["1"]})
    assert [str(each) for each in meeting.participations.exclude(attended_at=None)] == ["Vieras Ääkkönen"]


def test_a_file_that_cannot_be_read_is_answered_in_words(kaisa, meeting):
    from django.core.files.uploadedfile import SimpleUploadedFile

    for data in (b"\x89PNG\r\n\x1a\n\0\0\0", b"\xff\xfe\x00", b"\0", "nimi;aika".encode("utf-16-be"), b"x" * 2_000_001):
        page = kaisa.post(url_of(meeting, "attendance-report"), {"file": SimpleUploadedFile("r.csv", data)})
        assert page.status_code == 422
        assert page.context["form"].errors


def report_of(meeting, *rows, days=0):
    """A report with rows of (name, minutes from the beginning, minutes there, address)."""
    begin = meeting.starts_at.astimezone(meeting.zone) + timedelta(days=days)
    lines = ["Nimi\tLiittymisaika\tPoistumisaika\tKesto\tSähköposti"]
    for name, after, minutes, email in rows:
        joined = begin + timedelta(minutes=after)
        left = joined + timedelta(minutes=minutes)
        times = "\t".join(f"{at.day}.{at.month}.{at.year} {at:%H.%M.%S}" for at in (joined, left))
        lines.append(f"{name}\t{times}\t{minutes} min\t{email}")
    return "\n".join(lines) + "\n"


def post_report(kaisa, meeting, text, **more):
    return kaisa.post(url_of(meeting, "attendance-report"), {"text": text, **more})


def hours(meeting):
    came = meeting.participations.exclude(attended_at=None).order_by("pk")
    return [(str(each), each.hours) for each in came]


TWO_MATTIS = [("Matti Meikäläinen", 0, 120, ""), ("Matti Meikäläinen", 30, 90, "")]


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        ("one", [("Matti Meikäläinen", Decimal("2.00"))]),
        ("many", [("Matti Meikäläinen", Decimal("2.00")), ("Matti Meikäläinen (2)", Decimal("1.50"))]),
    ],
)
def test_namesakes_without_an_address_are_asked_about_before_anything_is_stored(kaisa, meeting, answer, stored):
    """Real use 25: neither joined nor told apart without a word of the coordinator."""
    text = report_of(meeting, *TWO_MATTIS)
    page = post_report(kaisa, meeting, text)
    assert [(each["name"], each["number"]) for each in page.context["namesakes"]] == [("Matti Meikäläinen", 2)]
    unanswered = post_report(kaisa, meeting, text, store="1", keep=["0", "1"])
    assert unanswered.status_code == 422 and unanswered.context["is_unanswered"]
    assert hours(meeting) == []
    post_report(kaisa, meeting, text, store="1", keep=["0", "1"], **{"namesakes-0": answer})
    assert hours(meeting) == stored


def test_of_namesakes_only_one_ticked_needs_no_answer(kaisa, meeting):
    """Real use 25: what is not stored is not asked about."""
    post_report(kaisa, meeting, report_of(meeting, *TWO_MATTIS), store="1", keep=["1"])
    assert hours(meeting) == [("Matti Meikäläinen", Decimal("1.50"))]


def test_who_may_be_nobody_is_shown_without_a_tick_and_with_the_reason(kaisa, meeting):
    """Real use 25: guests, telephones, programs, a second row of somebody with an address, and early birds."""
    rows = [
        ("Aino Jäsen", 0, 120, "aino@example.org"), ("Aino Jäsen", 5, 60, ""), ("Ville (Vieras)", 0, 60, ""),
        ("+358 40 1234567", 0, 60, ""), ("Fireflies.ai Notetaker", 0, 120, ""),
        ("Aikainen", -30, 20, ""), ("Liisa", 0, 9, ""),
    ]  # fmt: skip
    page = post_report(kaisa, meeting, report_of(meeting, *rows))
    assert [row["is_ticked"] for row in page.context["found"]] == [True, *[False] * 5, True]
    assert [row["attendee"].name for row in page.context["found"]][2] == "Ville"
    assert page.text.count(" checked>") == 2
    post_report(kaisa, meeting, report_of(meeting, *rows), store="1", keep=["2"])
    assert hours(meeting) == [("Ville", Decimal("1.00"))]


def test_a_report_of_another_day_and_one_that_was_counted_before_warn(kaisa, meeting):
    """Real use 25: before anything is stored."""
    own, other = (report_of(meeting, ("Liisa", 0, 60, "liisa@example.org"), days=days) for days in (0, 7))
    assert post_report(kaisa, meeting, own).context["warnings"] == []
    assert len(post_report(kaisa, meeting, other).context["warnings"]) == 1
    post_report(kaisa, meeting, own, store="1", keep=["0"])
    again = post_report(kaisa, meeting, own)
    assert len(again.context["warnings"]) == 1
    assert [str(row["marked"]) for row in again.context["found"]] == ["Liisa"]


def test_two_devices_never_give_more_hours_than_the_meeting(kaisa, meeting):
    """Real use 25: as stored."""
    rows = [("Liisa", -20, 260, "liisa@example.org"), ("Liisa", 0, 200, "liisa@example.org")]
    post_report(kaisa, meeting, report_of(meeting, *rows), store="1", keep=["0"])
    assert hours(meeting) == [("Liisa", Decimal("3.00"))]


def test_a_whole_hall_marks_itself_present_from_one_network(client, meeting):
    """Real use 11: three hundred people behind one Wi-Fi are let in, and a flood is not."""

    def press(number, connection="192.0.2.7"):
        return client.post(here_url(meeting), {"name": f"Ville {number}"}, REMOTE_ADDR=connection).status_code

    assert {press(number) for number in range(300)} == {302}
    cache.set(f"attendance.{meeting.pk}.flood.192.0.2.7", 600, 60)
    assert (press(301), press(302, "192.0.2.8")) == (429, 302)
