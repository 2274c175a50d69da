"""Taking in a calendar file on the desk: a look stores nothing, a press makes drafts once, and nobody is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from meetings.models import ImportedEvent, Meeting
from meetings.tasks import send_invitations
from tests.leaks import assert_not_leaked
from tests.meetings.calendar.test_calendar_file import TEAMS, file_of
from tests.meetings.test_desk import kaisa  # noqa: F401  the fixture

PAGE = "admin:meetings_meeting_import"


def lines(uid="a@example.net", days=7, **more):
    day = f"{timezone.now() + timedelta(days=days):%Y%m%d}"
    facts = {"UID": uid, "DTSTART": f"{day}T100000Z", "DTEND": f"{day}T120000Z", "SUMMARY": "Alueen tapaaminen"}
    facts |= {
        "LOCATION": "Nuorisotila",
        "DESCRIPTION": f"Tervetuloa!\\n{TEAMS}",
        "ATTENDEE": "mailto:vieras@example.net",
    }
    return [f"{name}:{value}" for name, value in (facts | more).items()]


def look(client, data):
    return client.post(reverse(PAGE), {"file": SimpleUploadedFile("kalenteri.ics", data)})


@pytest.fixture
def press(world):
    """press(client, page, take=…) makes drafts of the ticked rows of a page."""

    def send(client, page, take=None, **changes):
        ticked = [row.number for row in page.context["rows"] if row.is_ticked] if take is None else take
        facts = {"events": page.context["events"], "take": ticked, "area": world.area.pk, "networks": [world.iso.pk]}
        facts |= {"kind": page.context["form"].fields["kind"].queryset.first().pk}
        return client.post(reverse(PAGE), facts | changes)

    return send


@pytest.fixture(autouse=True)
def kinds(world, term):
    term("event_types", "verkostotapaaminen")


def test_a_look_at_a_file_stores_nothing_and_the_press_makes_a_draft_without_a_letter(kaisa, world, press):  # noqa: F811
    page = look(kaisa, file_of(lines()))
    (row,) = page.context["rows"]
    assert (row.event.title, row.event.place, row.join_host, row.is_ticked) == (
        "Alueen tapaaminen", "Nuorisotila", "teams.microsoft.com", True,
    )  # fmt: skip
    assert_not_leaked("vieras@example.net", page)
    assert not Meeting.objects.exists()
    answer = press(kaisa, page)
    assert answer.url == reverse("admin:meetings_meeting_changelist") + "?state=draft"
    made = Meeting.objects.get()
    assert (made.is_draft, made.mode, made.join_url, made.place_name) == (True, Meeting.HYBRID, TEAMS, "Nuorisotila")
    assert (made.summary, made.description.strip()) == ("Tervetuloa!", "<p>Tervetuloa!</p>")
    assert made.uid != "a@example.net"
    assert list(made.networks.all()) == [world.iso]
    assert not made.participations.exists()
    send_invitations()
    assert mail.outbox == []


def test_a_second_time_the_event_is_known_and_a_change_of_the_file_is_pointed_out(kaisa, press):  # noqa: F811
    press(kaisa, look(kaisa, file_of(lines())))
    made = Meeting.objects.get()
    (row,) = look(kaisa, file_of(lines())).context["rows"]
    assert (row.meeting, row.is_changed, row.is_ticked) == (made, False, False)
    page = look(kaisa, file_of(lines(days=8)))
    (row,) = page.context["rows"]
    assert (row.meeting, row.is_changed) == (made, True)
    press(kaisa, page, take=[0])
    assert Meeting.objects.count() == 1
    made.delete()
    assert look(kaisa, file_of(lines())).context["rows"][0].meeting is None


def test_a_meeting_of_ours_that_comes_back_in_a_file_is_known(kaisa, meeting, client, world):  # noqa: F811
    (row,) = look(kaisa, file_of(lines(meeting.uid))).context["rows"]
    assert (row.meeting, row.is_changed, row.is_ticked) == (meeting, False, False)
    client.force_login(world.kerttu)
    assert look(client, file_of(lines(meeting.uid))).context["rows"][0].meeting is None


def test_only_ticked_events_become_drafts_and_two_presses_make_each_once(kaisa, press):  # noqa: F811
    events = file_of(lines("a"), lines("b", SUMMARY="Toinen"), lines("c", SUMMARY="Kolmas"))
    page = look(kaisa, events)
    for _time in range(2):
        press(kaisa, page, take=[0, 2])
    assert sorted(Meeting.objects.values_list("title", flat=True)) == ["Alueen tapaaminen", "Toinen"]
    assert ImportedEvent.objects.count() == 2


def test_holidays_and_oddities_are_shown_and_not_ticked(kaisa):  # noqa: F811
    epiphany = file_of(lines(DTSTART="20280106T100000Z", DTEND="20280106T110000Z"))
    (row,) = look(kaisa, epiphany).context["rows"]
    assert (len(row.warnings), row.is_ticked) == (1, False)


def test_a_press_without_a_tick_or_kind_keeps_the_page_and_what_was_ticked(kaisa, press):  # noqa: F811
    page = look(kaisa, file_of(lines("a"), lines("b")))
    again = press(kaisa, page, take=[])
    assert (again.status_code, len(again.context["rows"])) == (422, 2)
    again = press(kaisa, page, take=[1], kind="")
    assert [row.is_ticked for row in again.context["rows"]] == [False, True]
    assert "kind" in again.context["form"].errors
    assert not Meeting.objects.exists()


def test_what_was_changed_on_the_way_is_not_believed(kaisa, client, world, press):  # noqa: F811
    page = look(kaisa, file_of(lines()))
    for events in (page.context["events"][:-3], "x" + page.context["events"], ""):
        assert press(kaisa, page, events=events).url == reverse(PAGE)
    client.force_login(world.kerttu)
    assert press(client, page, area=world.other_area.pk, networks=[]).url == reverse(PAGE)
    assert not Meeting.objects.exists()


def test_a_coordinator_takes_in_for_the_own_area_and_its_networks_only(kaisa, world, press):  # noqa: F811
    page = look(kaisa, file_of(lines()))
    for wrong in ({"area": world.other_area.pk}, {"networks": [world.elsewhere.pk]}):
        assert press(kaisa, page, **wrong).status_code == 422
    assert not Meeting.objects.exists()


def test_another_area_does_not_see_what_was_taken_in_here(kaisa, client, world, press):  # noqa: F811
    press(kaisa, look(kaisa, file_of(lines())))
    client.force_login(world.kerttu)
    page = look(client, file_of(lines()))
    assert page.context["rows"][0].meeting is None
    press(client, page, area=world.other_area.pk, networks=[])
    assert Meeting.objects.count() == 2


def test_the_page_is_for_coordinators(client, world):
    for who, wanted in ((None, 302), ("aino", 302), ("kerttu", 200)):
        if who:
            client.force_login(getattr(world, who))
        assert client.get(reverse(PAGE)).status_code == wanted


def look_at_days(client, data, since="", until=""):
    file = SimpleUploadedFile("kalenteri.ics", data)
    return client.post(reverse(PAGE), {"file": file, "since": since, "until": until})


def test_of_a_large_file_one_chooses_the_days(kaisa):  # noqa: F811
    """Real use 23: a window to choose from, and what is beyond it is told."""
    data = file_of(*[lines(f"u{n}", days=7 + n) for n in range(300)])
    page = look_at_days(kaisa, data)
    assert (len(page.context["rows"]), page.context["left_out"]) == (200, 100)
    since = page.context["left_out_from"]
    assert since == timezone.localdate() + timedelta(days=207)
    assert sum(number for _first, number in page.context["months"]) == 300
    assert f'?since={since:%Y-%m-%d}"' in page.text
    form = kaisa.get(reverse(PAGE), {"since": f"{since:%Y-%m-%d}"}).context["form"]
    assert form["since"].value() == since
    page = look_at_days(kaisa, data, f"{since:%Y-%m-%d}", f"{since + timedelta(days=1):%Y-%m-%d}")
    assert [timezone.localdate(row.event.starts_at) for row in page.context["rows"]] == [
        since, since + timedelta(days=1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [("2040-01-01", "", "since"), ("2026-02-02", "2026-02-01", "until"), ("eilen", "", "since"),
     ("", "1.13.2027", "until"), ("", "9999-12-31", None), ("0001-01-01", "", None)],
)  # fmt: skip
def test_days_that_hold_nothing_or_are_none_are_answered_in_words(kaisa, since, until, field):  # noqa: F811
    """Real use 23."""
    page = look_at_days(kaisa, file_of(lines()), since, until)
    assert page.status_code == (422 if field else 200)
    assert not field or page.context["form"].errors[field]
    assert kaisa.get(reverse(PAGE), {"since": since or "x"}).status_code == 200


def test_what_could_not_be_read_is_named_on_the_page(kaisa):  # noqa: F811
    """Real use 23: the rest of the file is there."""
    page = look(kaisa, file_of([*lines(), "BEGIN:VALARM", "TRIGGER:kohta", "END:VALARM"], ["SUMMARY:<b>Ajaton</b>"]))
    assert len(page.context["rows"]) == 1
    assert page.context["rows"][0].is_ticked
    assert "(VALARM)" in page.text
    assert "&lt;b&gt;Ajaton&lt;/b&gt;" in page.text


@pytest.mark.parametrize("data", [b"", b"hei", b"x" * 5_000_000, b"\xff\xd8\xff\xe0" * 100, b"\0" * 50], ids=len)
def test_a_file_that_is_none_is_refused_in_words(kaisa, data):  # noqa: F811
    page = look(kaisa, data)
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert kaisa.post(reverse(PAGE), {}).context["form"].errors["file"]


def test_markup_in_a_file_stays_words(kaisa, press):  # noqa: F811
    words = {"SUMMARY": "<script>alert(1)</script>", "DESCRIPTION": "<img src=x onerror=alert(1)>Hei"}
    page = look(kaisa, file_of(lines(**words)))
    assert "<script>alert" not in page.text
    assert "onerror=" not in page.text.replace("onerror=alert(1)&gt;", "")
    press(kaisa, page)
    assert "<img" not in Meeting.objects.get().description


def test_two_hundred_events_are_taken_in_with_questions_in_proportion(kaisa, press, django_assert_max_num_queries):  # noqa: F811
    page = look(kaisa, file_of(*[lines(f"u{n}", days=7 + n) for n in range(50)]))
    with django_assert_max_num_queries(30):
        page = look(kaisa, file_of(*[lines(f"u{n}", days=7 + n) for n in range(50)]))
    assert len(page.context["rows"]) == 50
    press(kaisa, page, take=list(range(50)))
    assert Meeting.objects.count() == 50
