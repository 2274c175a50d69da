"""One letter, not ten: what one person hears of several meetings at once, and what becomes of it when one has news."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from meetings.invitations.dispatch import send_due
from meetings.models import Dispatch, Letter, Meeting, Participation
from meetings.models.series import ALL
from meetings.tasks import send_invitations
from outbox.models import Delivery, LeftOut, Priority
from tests.meetings.calendar.judges import ical_js, libical_says
from tests.meetings.conftest import hand_over, text_of

HOUR = timedelta(hours=1)


@pytest.fixture
def eight(make_meeting):
    """Eight published meetings of the same network, a week apart."""
    now = timezone.now()
    made = [make_meeting(days=7 * number, title="Kehittäjäpiiri") for number in range(1, 9)]
    for meeting in made:
        meeting.publish(now)
    return made


def invite(meetings):
    now = timezone.now()
    for meeting in meetings:
        meeting.invite(now)


def files_of(letter):
    """The calendar files of a letter: name and what is in it, parsed."""
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return {part.get_filename(): Calendar.from_ical(part.get_payload(decode=True)) for part in parts}


def events_of(letter):
    return [calendar.walk("VEVENT")[0] for calendar in files_of(letter).values()]


def for_aino(letters):
    return next(letter for letter in letters if "aino@" in letter["To"])


def test_a_series_of_eight_is_one_letter_per_person_with_eight_files(eight, world, send):
    invite(eight)
    letters = send()
    assert sorted(letter["To"].split("<")[-1] for letter in letters) == ["aino@example.org>", "matti@example.org>"]
    for letter in letters:
        own = letter["To"].split("<")[-1].strip(">")
        body, *files = letter.get_payload()
        assert letter.get_content_type() == "multipart/mixed"
        assert [part.get_content_type() for part in body.get_payload()] == ["text/plain", "text/html"]
        assert {(part.get_content_type(), part.get_param("method")) for part in files} == {("text/calendar", "REQUEST")}
        assert len(files_of(letter)) == 8
        events = events_of(letter)
        assert [str(event["UID"]) for event in events] == [meeting.uid for meeting in eight]
        assert [str(event["ATTENDEE"]) for event in events] == [f"mailto:{own}"] * 8
        other = {"aino@example.org", "matti@example.org"} - {own}
        assert not any(address in letter.as_string() for address in other)
        assert {str(calendar["METHOD"]) for calendar in files_of(letter).values()} == {"REQUEST"}
        answers = [word for word in text_of(letter).split() if word.endswith("?answer=yes")]
        assert len(set(answers)) == 8
    assert Delivery.objects.filter(kind="meeting-several").count() == 2
    assert Letter.objects.filter(kind="meeting-invitation", method="REQUEST").count() == 16
    assert send() == []


def test_both_judges_take_every_file_of_a_gathered_letter(eight, send, tmp_path):
    invite(eight)
    letter = for_aino(send())
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    texts = [part.get_payload(decode=True).decode() for part in parts]
    assert [len(entry["events"]) for entry in ical_js([("file", text) for text in texts], tmp_path)] == [1] * 8
    assert [libical_says(text) for text in texts] == [(True, 0)] * 8


def test_a_series_moved_is_one_letter_with_eight_later_versions(first_of_series, world, send):
    series, meetings = first_of_series
    invite(meetings)
    send()
    now, began = timezone.now(), meetings[0].starts_at
    meetings[0].move(meetings[0].starts_at + HOUR, meetings[0].ends_at + HOUR, now)
    reached = series.spread(meetings[0], {"starts_at", "ends_at"}, began, ALL, now)
    for meeting in [meetings[0], *reached]:
        meeting.notify(now)
    letter = for_aino(send())
    events = events_of(letter)
    assert [int(event["SEQUENCE"]) for event in events] == [1] * 8
    moved = Meeting.objects.next_first()
    assert [event.decoded("DTSTART") for event in events] == [meeting.starts_at for meeting in moved]
    assert len(set(files_of(letter))) == 8
    assert Letter.objects.filter(kind="meeting-update", sequence=1).count() == 16


@pytest.fixture
def first_of_series(eight, world):
    from datetime import date, time

    from meetings.models import MeetingSeries

    series = MeetingSeries.objects.create(
        area=world.area, frequency="weeks", starts_on=date(2027, 1, 13), at=time(13), minutes=180,
        time_zone="Europe/Helsinki", count=8,
    )  # fmt: skip
    for meeting in eight:
        meeting.join(series)
    return series, eight


def test_invitations_and_changes_share_a_letter_and_cancellations_have_their_own(eight, world, send):
    one, two, three, four, *_rest = eight
    invite([one, two, three])
    send()
    now = timezone.now()
    one.change(now, place_name="Kirjasto")
    one.notify(now)
    two.cancel(now, "Este")
    three.cancel(now)
    invite([four])
    letters = [letter for letter in send() if "aino@" in letter["To"]]
    kinds = [{str(calendar["METHOD"]) for calendar in files_of(letter).values()} for letter in letters]
    assert sorted(map(sorted, kinds)) == [["CANCEL"], ["REQUEST"]]
    cancelled = Delivery.objects.get(recipient="aino@example.org", priority=Priority.URGENT)
    assert [file["method"] for file in cancelled.calendar_files] == ["CANCEL", "CANCEL"]
    assert "Este" in cancelled.text
    own = Letter.objects.filter(participation__user=world.aino, delivery__priority=Priority.ORDINARY).order_by("-pk")
    assert {letter.kind for letter in own[:2]} == {"meeting-invitation", "meeting-update"}
    assert own[0].delivery == own[1].delivery


def test_other_senders_and_other_areas_write_letters_of_their_own(make_meeting, world, send):
    world.closed.sender_email = "perus@example.org"
    world.closed.save()
    world.closed.take_in(world.aino, now=timezone.now())
    made = [make_meeting(), make_meeting(days=8, networks=[world.closed])]
    for meeting in made:
        meeting.publish(timezone.now())
    invite(made)
    senders = sorted(letter["From"].split("<")[-1] for letter in send() if "aino@" in letter["To"])
    assert senders == ["perus@example.org>", "youthnet@example.org>"]


def test_a_meeting_with_sign_up_stands_in_the_letter_without_a_file(eight, make_training, world, send):
    rules = make_training()
    invite([*eight[:2], rules.meeting])
    letter = for_aino(send())
    assert len(files_of(letter)) == 2
    methods = Letter.objects.filter(participation__user=world.aino).values_list("method", flat=True)
    assert sorted(methods) == ["", "REQUEST", "REQUEST"]


def test_one_broken_meeting_does_not_hold_up_the_others(eight, world, send):
    Meeting.objects.filter(pk=eight[0].pk).update(time_zone="Mars/Olympus")
    invite(eight[:3])
    letters = [letter for letter in send() if "aino@" in letter["To"]]
    assert len(letters) == 2  # each by itself, so that nobody waits for the broken one
    assert eight[0].participations.filter(asked_at=None).count() == 2


# news while the letter waits


def test_news_of_one_meeting_tears_a_letter_that_waits_and_all_its_meetings_are_told_anew(eight, world, send):
    invite(eight)
    hand_over()  # handed to the outbox, not sent
    now = timezone.now()
    eight[2].move(eight[2].starts_at + HOUR, eight[2].ends_at + HOUR, now)
    eight[2].notify(now)
    letters = send()
    assert len(letters) == 2
    events = events_of(for_aino(letters))
    assert [int(event["SEQUENCE"]) for event in events] == [0, 0, 1, 0, 0, 0, 0, 0]
    assert {row.left_out for row in Delivery.objects.filter(sent_at=None)} == {LeftOut.SUPERSEDED}
    sent = Letter.objects.filter(delivery__sent_at__isnull=False)
    assert set(sent.values_list("kind", flat=True)) == {"meeting-invitation"}
    assert send() == []


def test_a_cancelled_meeting_drops_out_of_a_letter_that_waits_and_nobody_gets_a_cancel(eight, world, send):
    invite(eight)
    hand_over()
    eight[0].cancel(timezone.now())
    letters = send()
    assert len(letters) == 2
    events = events_of(for_aino(letters))
    assert [str(event["UID"]) for event in events] == [meeting.uid for meeting in eight[1:]]
    assert not Letter.objects.filter(method="CANCEL").exists()


def test_a_cancel_reaches_those_whose_gathered_invitation_left(eight, world, send):
    invite(eight)
    send()
    eight[0].cancel(timezone.now())
    letters = send()
    assert len(letters) == 2  # about one meeting: an ordinary letter with its calendar part
    assert {row.calendar_method for row in Delivery.objects.filter(kind="meeting-cancellation")} == {"CANCEL"}
    own = Letter.objects.filter(participation__meeting=eight[0], participation__user=world.aino).order_by("pk")
    assert [(row.method, row.sequence) for row in own] == [("REQUEST", 0), ("CANCEL", 1)]


def test_a_letter_that_a_pump_holds_is_not_torn_and_counts_as_gone(eight, world):
    invite(eight)
    hand_over()
    Delivery.objects.update(claimed_at=timezone.now())
    eight[0].cancel(timezone.now())
    hand_over()
    assert Delivery.objects.filter(kind="meeting-several", cancelled_at=None).count() == 2
    assert Letter.objects.filter(method="CANCEL").count() == 2


# recall, and two rounds at once


def test_one_of_several_can_be_recalled(eight, send):
    invite(eight)
    Dispatch.objects.recall(eight[7], Dispatch.INVITE, timezone.now())
    assert {len(files_of(letter)) for letter in send()} == {7}


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_write_one_letter_per_person(eight):
    for meeting in eight:
        for n in range(3):
            Participation(meeting=meeting, email=f"vieras{n}@example.org").list_as_guest(timezone.now())
    invite(eight)
    Dispatch.objects.send_now(timezone.now())
    start = Barrier(2)

    def round_of_one_worker():
        start.wait()
        send_invitations()
        connection.close()

    workers = [Thread(target=round_of_one_worker) for _worker in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert (Delivery.objects.count(), Letter.objects.count()) == (5, 40)
    assert Participation.objects.filter(asked_at=None).count() == 0


def test_a_round_asks_few_questions_per_meeting_of_a_letter(eight, django_assert_max_num_queries):
    invite(eight)
    Dispatch.objects.send_now(timezone.now())
    with django_assert_max_num_queries(2 * 8 * 5 + 40):
        send_due(timezone.now())
