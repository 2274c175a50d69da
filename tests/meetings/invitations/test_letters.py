"""When letters about a meeting leave: held after the press, gathered, recalled, sent at once, late; the log."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from meetings.invitations.dispatch import send_due
from meetings.models import CalendarAnswer, Dispatch, Letter, LettersHaveLeft, Meeting, MeetingCancelled, Participation
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.meetings.conftest import calendar_of, hand_over, parsed, text_of

HOUR = timedelta(hours=1)


def minutes(number):
    return timedelta(minutes=number)


@pytest.fixture
def at():
    """at(moment) runs the round at that moment and the pump, and gives the letters that left."""

    def run(moment):
        before = len(mail.outbox)
        send_due(moment)
        send_queued()
        return [parsed(message) for message in mail.outbox[before:]]

    return run


@pytest.fixture
def invited(meeting, send):
    meeting.invite(timezone.now())
    assert len(send()) == 2
    return meeting


def move(meeting, hours, now):
    meeting.move(meeting.starts_at + hours * HOUR, meeting.ends_at + hours * HOUR, now)


def event(letter):
    return calendar_of(letter).walk("VEVENT")[0]


# the hold


def test_an_invitation_leaves_five_minutes_after_the_press(meeting, at):
    now = timezone.now()
    meeting.invite(now)
    assert at(now + minutes(5) - timedelta(seconds=1)) == []
    assert len(at(now + minutes(5))) == 2
    assert at(now + minutes(6)) == []


def test_however_late_the_clock_is_nothing_is_lost(meeting, at):
    now = timezone.now()
    meeting.invite(now)
    assert len(at(now + timedelta(hours=30))) == 2


def test_ten_edits_in_five_minutes_are_one_letter_with_the_last_state(invited, world, at):
    began = timezone.now()
    for edit in range(10):
        now = began + edit * timedelta(seconds=30)
        move(invited, 1, now)
        invited.change(now, place_name=f"Sali {edit}")
        invited.notify(now)
        assert at(now) == []
    assert at(began + minutes(10) - timedelta(seconds=1)) == []
    letters = at(began + minutes(10))
    assert sorted(letter["To"].split("<")[-1] for letter in letters) == ["aino@example.org>", "matti@example.org>"]
    for letter in letters:
        told = event(letter)
        assert (int(told["SEQUENCE"]), told.decoded("DTSTART")) == (10, invited.starts_at)
        assert "Sali 9" in text_of(letter) and "Sali 8" not in text_of(letter)
    assert at(began + minutes(60)) == []
    assert Dispatch.objects.of_kind(Dispatch.TELL).exclude(left_at=None).count() == 10


def test_a_change_after_the_letter_has_left_begins_a_new_ten_minutes(invited, at):
    began = timezone.now()
    move(invited, 1, began)
    invited.notify(began)
    assert len(at(began + minutes(10))) == 2
    move(invited, 1, began + minutes(11))
    invited.notify(began + minutes(11))
    assert at(began + minutes(20)) == []
    assert [int(event(letter)["SEQUENCE"]) for letter in at(began + minutes(21))] == [2, 2]


def test_near_the_start_nothing_is_held(make_meeting, at):
    now = timezone.now()
    soon = make_meeting(starts_at=now + minutes(60))
    soon.publish(now)
    soon.invite(now)
    assert len(at(now)) == 2
    soon.change(now, place_name="Toinen sali")
    soon.notify(now + timedelta(seconds=1))
    assert len(at(now + minutes(1))) == 2
    soon.cancel(now + minutes(2))
    assert len(at(now + minutes(3))) == 2


def test_a_change_that_waits_leaves_at_once_when_the_meeting_is_moved_close(invited, at):
    now = timezone.now()
    move(invited, 1, now)
    invited.notify(now)
    invited.change(now, starts_at=now + minutes(30), ends_at=now + minutes(90))
    invited.notify(now)
    assert len(at(now)) == 2


def test_changes_of_two_meetings_wished_one_after_the_other_leave_together(make_meeting, send, at):
    now = timezone.now()
    both = [make_meeting(days=days, title=f"Tapaaminen {days}") for days in (7, 14)]
    for each in both:
        each.publish(now)
        each.invite(now)
    send()
    for each, later in zip(both, (0, 4), strict=True):
        each.change(now + minutes(later), place_name="Kirjasto")
        each.notify(now + minutes(later))
    assert len(at(now + minutes(10))) == 2  # one for each person


# send now


def test_send_now_ends_the_hold(meeting, at):
    now = timezone.now()
    meeting.invite(now)
    Dispatch.objects.skip_hold(meeting, now)
    assert len(at(now)) == 2
    with pytest.raises(LettersHaveLeft):
        Dispatch.objects.skip_hold(meeting, now)


# recall


def test_a_recalled_invitation_never_leaves_and_can_be_wished_again(meeting, world, at):
    now = timezone.now()
    meeting.invite(now, by=world.kaisa)
    Dispatch.objects.recall(meeting, Dispatch.INVITE, now + minutes(1), by=world.kaisa)
    assert meeting.invited_at is None
    assert at(now + minutes(60)) == []
    meeting.invite(now + minutes(61))
    assert len(at(now + minutes(66))) == 2


def test_a_recalled_second_invitation_leaves_the_first_as_it_was(invited, at):
    first = invited.invited_at
    now = timezone.now()
    Participation(meeting=invited, email="vieras@example.org").list_as_guest(now)
    invited.invite(now)
    Dispatch.objects.recall(invited, Dispatch.INVITE, now)
    assert invited.invited_at == first
    assert at(now + HOUR) == []


def test_recalled_word_of_a_change_leaves_the_change_and_the_earlier_word(invited, world, at):
    now = timezone.now()
    for step in range(3):
        move(invited, 1, now + minutes(step))
        invited.notify(now + minutes(step))
    Dispatch.objects.recall(invited, Dispatch.TELL, now + minutes(4))
    assert (invited.announced_at, invited.sequence) == (None, 3)
    assert at(now + HOUR) == []


def test_a_recalled_cancellation_makes_the_meeting_stand_again_and_its_version_never_goes_down(invited, world, at):
    now = timezone.now()
    invited.take_answer(world.aino, "yes", now=now)
    invited.cancel(now, "Väärä tapaaminen", by=world.kaisa)
    assert invited.sequence == 1
    Dispatch.objects.recall(invited, Dispatch.CANCEL, now + minutes(4))
    invited.refresh_from_db()
    assert (invited.is_cancelled, invited.cancel_reason, invited.sequence) == (False, "", 1)
    assert at(now + HOUR) == []
    assert invited.participations.get(user=world.aino).is_answer_current
    move(invited, 1, now + HOUR)
    invited.notify(now + HOUR)
    assert [int(event(letter)["SEQUENCE"]) for letter in at(now + 2 * HOUR)] == [2, 2]


def test_a_change_that_waited_leaves_after_the_cancellation_was_recalled(invited, at):
    now = timezone.now()
    move(invited, 1, now)
    invited.notify(now)
    invited.cancel(now + minutes(8))
    assert at(now + minutes(11)) == []  # the cancellation holds it back
    with pytest.raises(MeetingCancelled):
        Dispatch.objects.recall(invited, Dispatch.TELL, now + minutes(11))
    Dispatch.objects.recall(invited, Dispatch.CANCEL, now + minutes(12))
    assert [str(calendar_of(letter)["METHOD"]) for letter in at(now + minutes(12))] == ["REQUEST", "REQUEST"]


def test_called_off_quietly_what_waited_does_not_leave(invited, at):
    now = timezone.now()
    move(invited, 1, now)
    invited.notify(now)
    invited.cancel(now + minutes(1), notify=False)
    assert at(now + HOUR) == []


@pytest.mark.parametrize("kind", [Dispatch.INVITE, Dispatch.CANCEL])
def test_after_the_letters_have_left_a_recall_is_refused_and_changes_nothing(meeting, at, kind):
    now = timezone.now()
    meeting.invite(now)
    at(now + minutes(5))
    if kind == Dispatch.CANCEL:
        meeting.cancel(now + minutes(6))
        at(now + minutes(11))
    before = Meeting.objects.values().get()
    with pytest.raises(LettersHaveLeft):
        Dispatch.objects.recall(meeting, kind, now + minutes(12))
    assert Meeting.objects.values().get() == before


def test_a_late_clock_leaves_time_for_the_recall(meeting, at):
    now = timezone.now()
    meeting.invite(now)
    Dispatch.objects.recall(meeting, Dispatch.INVITE, now + HOUR)  # no round has come by
    assert at(now + HOUR) == []


@pytest.mark.django_db(transaction=True)
def test_of_a_recall_and_a_round_at_the_same_moment_one_wins(meeting):
    for _attempt in range(5):
        now = timezone.now()
        Letter.objects.all().delete()
        Delivery.objects.all().delete()
        Participation.objects.update(asked_at=None, told_at=None)
        Meeting.objects.update(invited_at=None)
        meeting.invite(now)
        start, outcome = Barrier(2), []

        def recall(now=now, start=start, outcome=outcome):
            start.wait()
            try:
                Dispatch.objects.recall(Meeting.objects.get(pk=meeting.pk), Dispatch.INVITE, now)
                outcome.append("recalled")
            except LettersHaveLeft:
                outcome.append("left")
            connection.close()

        def leave(now=now, start=start):
            start.wait()
            send_due(now + minutes(5))
            connection.close()

        workers = [Thread(target=recall), Thread(target=leave)]
        [worker.start() for worker in workers]
        [worker.join() for worker in workers]
        assert (outcome, Delivery.objects.count()) in [(["recalled"], 0), (["left"], 2)]


# cancelling


def test_the_cancellation_of_a_held_invitation_tells_nobody(meeting, at):
    now = timezone.now()
    meeting.invite(now)
    meeting.cancel(now + minutes(1))
    assert at(now + HOUR) == []
    assert Letter.objects.count() == 0


# the log


def test_the_log_knows_each_letter_and_who_pressed(meeting, world, send):
    meeting.invite(timezone.now(), by=world.kaisa)
    send()
    move(meeting, 1, timezone.now())
    meeting.notify(timezone.now(), by=world.kaisa)
    send()
    meeting.cancel(timezone.now(), by=world.ulla)
    send()
    own = meeting.participations.get(user=world.aino)
    rows = own.letters.order_by("pk").values_list("kind", "method", "sequence")
    assert list(rows) == [
        ("meeting-invitation", "REQUEST", 0),
        ("meeting-update", "REQUEST", 1),
        ("meeting-cancellation", "CANCEL", 2),
    ]
    assert all(letter.delivery.recipient == "aino@example.org" for letter in own.letters.all())
    pressed = meeting.dispatches.order_by("pk").values_list("kind", "by__name")
    kaisa, ulla = world.kaisa.name, world.ulla.name
    assert list(pressed) == [("invite", kaisa), ("tell", kaisa), ("cancel", ulla)]


def test_letters_written_before_the_log_are_found_by_their_reference(invited, world):
    from importlib import import_module

    noted = list(Letter.objects.order_by("delivery").values("participation", "delivery", "kind", "method", "sequence"))
    Letter.objects.all().delete()
    Delivery.objects.create(kind="meeting-confirm", recipient="x@example.org", **moments())
    with connection.cursor() as cursor:
        cursor.execute(import_module("meetings.migrations.0009_log_of_letters_before").NOTE)
        cursor.execute(import_module("meetings.migrations.0009_log_of_letters_before").NOTE)
    found = Letter.objects.order_by("delivery").values("participation", "delivery", "kind", "method", "sequence")
    assert list(found) == noted


def moments():
    now = timezone.now()
    return {"dated_at": now, "queued_at": now, "due_at": now}


def test_an_overtaken_letter_says_so(noon, meeting, world):
    meeting.invite(timezone.now())
    hand_over()
    move(meeting, 1, timezone.now())
    meeting.notify(timezone.now())
    hand_over()
    own = meeting.participations.get(user=world.aino)
    assert [row.delivery.state for row in own.letters.order_by("pk")] == ["superseded", "waiting"]


# the order of locks


@pytest.mark.django_db(transaction=True)
def test_a_calendars_answer_and_a_sign_up_do_not_wait_for_each_other(training):
    """The answer of a calendar once took the person first and the meeting second; sign-up takes them the other way."""
    now = timezone.now()
    person = training.meeting.participations.create(email="vieras@example.org")
    answer = CalendarAnswer.objects.create(
        message=1, meeting=training.meeting, participation=person, attendee=person.email, answer="yes",
        stamped_at=now, received_at=now, fate="waits",
    )  # fmt: skip
    holds, failures = Event(), []

    def sign_up():
        with transaction.atomic():
            training.hold()
            holds.set()
            wait_until_somebody_waits()
            Participation.objects.filter(pk=person.pk).update(comment="Tulen")
        connection.close()

    def calendar():
        holds.wait()
        with transaction.atomic():
            CalendarAnswer.objects.get(pk=answer.pk).accept(now)
        connection.close()

    def careful(act):
        try:
            act()
        except Exception as failure:
            failures.append(failure)

    workers = [Thread(target=careful, args=[act]) for act in (sign_up, calendar)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert failures == []
    person.refresh_from_db()
    assert (person.has_place, person.answered_via) == (True, "calendar")


def wait_until_somebody_waits():
    """Until another connection stands at a lock."""
    with connection.cursor() as cursor:
        for _look in range(500):
            cursor.execute("SELECT pg_sleep(0.01), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
