"""The timeline of a meeting: each step leaves once, at its hour, to the right people, never as a surprise (ME-07)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Participation, Reminder, ReminderLetter, ReminderRule, SignUp
from meetings.models.reminder_rule import USUAL, Plan, Step
from meetings.reminders.timeline import timeline_rows
from meetings.tasks import send_invitations, send_reminders, send_signup_letters
from outbox.models import Delivery
from tests.conftest import HELSINKI
from tests.meetings.conftest import hand_over

UNANSWERED, COMING = "meeting-reminder-unanswered", "meeting-reminder-coming"
HELD = datetime(2027, 5, 12, 13, tzinfo=HELSINKI)
AINO, MATTI = "aino@example.org", "matti@example.org"


def at(days, hour, minute=0):
    """So many days before the meeting, by the clock of Jyväskylä."""
    return HELD.replace(hour=hour, minute=minute) - timedelta(days=days)


def round_at(moment):
    """One round of the clock, and of the invitations it may wake; tells what it wrote."""
    with time_machine.travel(moment, tick=False):
        send_reminders()
        send_invitations()
        send_signup_letters()


def written(*kinds):
    """(recipient, kind) of reminders in the ledger, in the order of names."""
    letters = Delivery.objects.filter(kind__in=kinds or [UNANSWERED, COMING])
    return sorted(letters.values_list("recipient", "kind"))


def invitations():
    return sorted(Delivery.objects.filter(kind="meeting-invitation").values_list("recipient", flat=True))


def skipped(meeting):
    return dict(meeting.reminders.order_by("pk").values_list("step", "skipped"))


@pytest.fixture
def far(make_meeting):
    """A published meeting of the big network in May, to which nobody has been invited."""
    made = make_meeting(starts_at=HELD, changed_at=at(60, 12))
    made.publish(at(60, 12))
    return made


@pytest.fixture
def invited(far):
    """The same, with Aino and Matti invited a month before."""
    with time_machine.travel(at(30, 12)):
        far.invite(timezone.now())
        hand_over()
    return far


def part(meeting, person):
    return meeting.participations.get(user=person)


def answer(meeting, person, said, moment):
    part(meeting, person).give_answer(said, moment, "web")


# the invitation


def test_people_are_invited_three_weeks_before_if_nobody_has_done_it(far):
    round_at(at(21, 8, 59))
    assert invitations() == []
    for minute in (0, 1, 30):
        round_at(at(21, 9, minute))
    assert invitations() == [AINO, MATTI]
    far.refresh_from_db()
    assert (far.invited_at, skipped(far)) == (at(21, 9), {"invitation": ""})


def test_whoever_was_invited_by_hand_is_not_invited_again(invited):
    round_at(at(21, 9))
    assert (invitations(), skipped(invited)) == ([AINO, MATTI], {})


@pytest.mark.parametrize("facts", [{"is_external": True}, {"networks": []}])
def test_nobody_is_invited_to_the_meeting_of_somebody_else_or_of_no_network(make_meeting, facts):
    made = make_meeting(starts_at=HELD, changed_at=at(60, 12), **facts)
    made.publish(at(60, 12))
    round_at(at(21, 9))
    assert (invitations(), made.participations.exclude(asked_at=None).count()) == ([], 0)


def test_a_draft_invites_nobody_and_a_meeting_published_after_the_day_does_not_surprise(make_meeting):
    draft = make_meeting(starts_at=HELD, changed_at=at(60, 12))
    round_at(at(21, 9))
    draft.publish(at(20, 12))
    round_at(at(20, 12, 1))
    assert (invitations(), skipped(draft)) == ([], {"invitation": "passed"})


def test_a_meeting_moved_nearer_does_not_surprise_either(make_meeting):
    made = make_meeting(starts_at=HELD + timedelta(days=30), changed_at=at(60, 12))
    made.publish(at(60, 12))
    made.move(HELD, HELD + timedelta(hours=2), at(20, 12))
    round_at(at(20, 12, 1))
    assert (invitations(), skipped(made)) == ([], {"invitation": "passed"})


@pytest.mark.parametrize(("late", "number"), [(timedelta(days=2, hours=23), 2), (timedelta(days=3, hours=1), 0)])
def test_after_a_standstill_of_the_machines_invitations_are_caught_up_for_three_days(far, late, number):
    round_at(at(21, 9) + late)
    assert len(invitations()) == number
    assert skipped(far) == {"invitation": "" if number else "passed"}


# those who have not answered


def test_a_week_before_only_those_who_said_nothing_are_reminded_and_once(invited, world):
    answer(invited, world.aino, Participation.NO, at(20, 12))
    for moment in (at(7, 8, 59), at(7, 9), at(7, 9, 1), at(6, 9), at(4, 9)):
        round_at(moment)
    assert written() == [(MATTI, UNANSWERED)]


def test_whoever_was_invited_yesterday_is_left_in_peace(far):
    with time_machine.travel(at(8, 12)):
        far.invite(timezone.now())
        hand_over()
    round_at(at(7, 9))
    assert (written(), skipped(far)["unanswered"]) == ([], "nobody")


def test_people_who_were_never_invited_are_not_asked_why_they_are_silent(far):
    ReminderRule.objects.store(USUAL, USUAL | {"invitation": Plan("invitation", False, 21, 9)}, at(50, 12), meeting=far)
    round_at(at(7, 9))
    assert (written(), skipped(far)) == ([], {"unanswered": "nobody"})


def test_whoever_left_the_network_or_has_no_account_any_more_is_not_reminded(invited, world):
    world.iso.memberships.get(user=world.aino).leave(at(10, 12))
    world.matti.is_active = False
    world.matti.save(update_fields=["is_active"])
    round_at(at(7, 9))
    assert written() == []


def test_an_answer_given_while_a_letter_could_not_be_written_takes_it_back(invited, world, monkeypatch):
    monkeypatch.setattr("meetings.reminders.emails.meeting_letter", _broken)
    round_at(at(7, 9))
    monkeypatch.undo()
    answer(invited, world.matti, Participation.YES, at(7, 9, 30))
    round_at(at(7, 10))
    assert (written(), ReminderLetter.objects.count()) == ([(AINO, UNANSWERED)], 1)


def _broken(*_args, **_more):
    raise OSError("no paper")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"capacity": 1}, "closed"),
        ({"capacity": 9, "closes_at": at(8, 12)}, "closed"),
        ({"capacity": 9, "opens_at": at(3, 12)}, "closed"),
        ({"capacity": 9}, ""),
    ],
)
def test_nobody_is_sent_to_a_closed_or_full_sign_up(invited, facts, reason):
    rules = SignUp.objects.create(meeting=invited, **facts)
    guest = invited.participations.create(email="vieras@example.org", name="Virpi Vieras", added_at=at(29, 9))
    rules.seat(guest, at(29, 9))
    round_at(at(7, 9))
    assert skipped(invited)["unanswered"] == reason
    assert len(written()) == (0 if reason else 2)


# the day before


def test_the_day_before_those_who_may_come_get_link_and_agenda_and_who_said_no_is_left_in_peace(invited, world):
    AgendaItem.objects.add(invited, "Avaus ja kuulumiset")
    invited.materials.create(title="Diat", url="https://diat.example.org/1", added_at=at(3, 9))
    answer(invited, world.aino, Participation.YES, at(20, 12))
    for name, said in (("ehka", "maybe"), ("en", "no"), ("hiljaa", "")):
        guest = Participation(meeting=invited, email=f"{name}@example.org", asked_at=at(20, 9))
        guest.list_as_guest(at(20, 9))
        if said:
            guest.give_answer(said, at(19, 9), "link")
    round_at(at(1, 9))
    reached = [AINO, "ehka@example.org", "hiljaa@example.org", MATTI]
    assert [recipient for recipient, kind in written(COMING)] == reached
    aino = Delivery.objects.get(recipient=AINO, kind=COMING)
    for words in ("Avaus ja kuulumiset", "Diat", invited.join_url, "Nuorisotila"):
        assert words in aino.text and words in aino.html
    assert (aino.calendar, "answer=no" in aino.text, "answer=yes" in aino.text) == ("", True, False)
    assert "answer=yes" in Delivery.objects.get(recipient=MATTI, kind=COMING).text


def test_where_there_is_sign_up_only_those_with_a_place_hear(invited, world):
    rules = SignUp.objects.create(meeting=invited, capacity=1)
    for person in (world.aino, world.matti):
        rules.assign_places([part(invited, person)], at(25, 9), "web")
    round_at(at(1, 9))
    assert written(COMING) == [(AINO, COMING)]


def test_the_hour_stays_when_summer_time_begins_or_ends(make_meeting, world):
    for day in (datetime(2027, 3, 28), datetime(2027, 3, 29), datetime(2027, 10, 31), datetime(2027, 11, 1)):
        starts_at = day.replace(hour=13, tzinfo=HELSINKI)
        made = make_meeting(starts_at=starts_at, changed_at=day.replace(tzinfo=HELSINKI) - timedelta(days=40))
        made.publish(made.changed_at)
        answer(made, world.aino, Participation.YES, made.changed_at)
        eve = (starts_at - timedelta(days=1)).replace(hour=9)
        Delivery.objects.all().delete()
        round_at(eve - timedelta(minutes=1))
        assert written(COMING) == []
        round_at(eve)
        round_at(eve + timedelta(minutes=1))
        assert written(COMING) == [(AINO, COMING)]
        assert made.reminders.get(step=Step.COMING).due_at == eve


@pytest.mark.parametrize("hour", [21, 23, 3, 6])
def test_nothing_leaves_at_night_and_the_morning_catches_up(invited, hour):
    day = at(1, hour) if hour > 12 else at(0, hour)
    round_at(day)
    assert written() == []
    round_at(at(0, 7))
    assert written() == [(AINO, COMING), (MATTI, COMING)]
    words = [letter.text for letter in Delivery.objects.filter(kind=COMING)]
    assert ["huomenna" in text or "tomorrow" in text for text in words] == [False, False]


@pytest.mark.parametrize(("moment", "number"), [(at(0, 8), 2), (at(0, 9, 1), 0), (at(0, 13, 1), 0)])
def test_a_reminder_later_than_a_day_is_left_out_and_said_so(invited, moment, number):
    round_at(moment)
    assert len(written(COMING)) == number
    if moment < HELD:
        assert skipped(invited)["coming"] == ("" if number else "passed")


def test_a_meeting_moved_after_its_reminder_is_reminded_of_again_once(invited, world):
    answer(invited, world.aino, Participation.YES, at(20, 12))
    round_at(at(1, 9))
    later = HELD + timedelta(days=7)
    invited.move(later, later + timedelta(hours=2), at(1, 10))
    for moment in (at(1, 10, 1), at(0, 9), at(-6, 9), at(-6, 9, 1), at(-6, 12)):
        round_at(moment)
    assert [kind for recipient, kind in written(COMING) if recipient == AINO] == [COMING, COMING]
    assert Delivery.objects.filter(recipient=AINO, kind=COMING).values("reference").distinct().count() == 2


def test_a_quiet_move_within_the_day_is_reminded_of_and_a_told_one_is_not(invited, world):
    round_at(at(1, 9))
    invited.move(HELD + timedelta(hours=2), HELD + timedelta(hours=4), at(1, 10))
    round_at(at(1, 10, 1))
    assert len(written(COMING)) == 4
    invited.move(HELD + timedelta(hours=3), HELD + timedelta(hours=5), at(1, 11))
    with time_machine.travel(at(1, 11)):
        Delivery.objects.waiting().update(sent_at=timezone.now())
        invited.notify(timezone.now())
        hand_over()
    round_at(at(1, 11, 1))
    assert len(written(COMING)) == 4


def test_there_and_back_again_is_the_same_time_and_no_second_letter(invited):
    round_at(at(1, 9))
    invited.move(HELD + timedelta(days=7), HELD + timedelta(days=7, hours=2), at(1, 9, 30))
    invited.move(HELD, HELD + timedelta(hours=2), at(1, 9, 40))
    round_at(at(1, 10))
    assert len(written(COMING)) == 2


def test_a_cancelled_meeting_reminds_nobody(invited):
    invited.cancel(at(8, 12))
    for moment in (at(7, 9), at(1, 9)):
        round_at(moment)
    assert written() == []


@pytest.mark.parametrize("change", ["cancel", "move", "begin"])
def test_reminders_that_still_wait_in_the_outbox_are_taken_back(invited, change):
    round_at(at(1, 9))
    if change == "cancel":
        invited.cancel(at(1, 12), notify=False)
    if change == "move":
        invited.move(HELD + timedelta(days=7), HELD + timedelta(days=7, hours=2), at(1, 12))
    round_at(at(0, 13, 5) if change == "begin" else at(1, 12, 1))
    assert Delivery.objects.filter(kind=COMING, cancelled_at__isnull=False).count() == 2


# turned off, moved, of a network, of a meeting


def keep(owner, now, **changes):
    before = (
        ReminderRule.objects.timeline_of(owner)
        if isinstance(owner, Meeting)
        else ReminderRule.objects.timeline_of_network(owner)
    )
    after = before | {step: Plan(step, *facts) for step, facts in changes.items()}
    name = "meeting" if isinstance(owner, Meeting) else "network"
    return ReminderRule.objects.store(before, after, now, **{name: owner})


def test_a_network_moves_a_step_and_a_meeting_its_own(invited, world, make_meeting):
    other = make_meeting(starts_at=HELD, changed_at=at(60, 12), title="Toinen")
    other.publish(at(60, 12))
    other.invite(at(30, 12))
    keep(world.iso, at(50, 12), coming=(True, 2, 15))
    keep(other, at(50, 12), coming=(True, 3, 8))
    due = {each.pk: ReminderRule.objects.timeline_of(each)["coming"].due_at(each) for each in (invited, other)}
    assert due == {invited.pk: at(2, 15), other.pk: at(3, 8)}
    round_at(at(3, 8))
    assert set(Reminder.objects.filter(step="coming").values_list("meeting", flat=True)) == {other.pk}
    round_at(at(2, 15))
    assert Reminder.objects.filter(step="coming").count() == 2


def test_what_is_turned_off_does_not_leave(invited, world):
    keep(world.iso, at(50, 12), unanswered=(False, 7, 9))
    keep(invited, at(50, 12), coming=(False, 1, 9))
    for moment in (at(7, 9), at(1, 9)):
        round_at(moment)
    assert (written(), skipped(invited)) == ([], {})


def test_of_several_networks_the_one_that_invites_counts(invited, world):
    keep(world.closed, at(50, 12), coming=(False, 1, 9))
    invited.networks.add(world.closed)
    first = invited.networks.all().in_order().first()
    assert ReminderRule.objects.timeline_of(invited)["coming"].is_on is (first == world.iso)


def test_a_changed_timeline_catches_nothing_up_but_the_future_counts(invited):
    keep(invited, at(40, 9), coming=(True, 1, 15))
    keep(invited, at(1, 12), coming=(True, 1, 9))
    round_at(at(1, 12, 1))
    assert (written(COMING), skipped(invited)["coming"]) == ([], "passed")
    keep(invited, at(1, 12, 5), coming=(True, 1, 14))
    round_at(at(1, 14))
    assert len(written(COMING)) == 2


def test_following_the_network_again_catches_nothing_up_either(invited):
    keep(invited, at(40, 9), coming=(False, 1, 9))
    round_at(at(1, 9))
    Reminder.objects.follow_network(invited, at(1, 12))
    round_at(at(1, 12, 1))
    assert (written(COMING), skipped(invited)["coming"]) == ([], "passed")


def test_a_copy_has_the_same_timeline(invited):
    keep(invited, at(40, 9), coming=(True, 2, 15))
    following = invited.copy(at(39, 9))
    assert ReminderRule.objects.timeline_of(following)["coming"].facts == (True, 2, 15)


# what is shown is what is written


def shown(meeting, moment, step):
    line = next(line for line in timeline_rows(Meeting.objects.get(pk=meeting.pk), moment) if line.plan.step == step)
    return line.state, sorted(person.address for person in line.people)


def test_the_people_shown_before_are_those_written_to(invited, world):
    answer(invited, world.aino, Participation.YES, at(20, 12))
    for step, kind, days in (("unanswered", UNANSWERED, 7), ("coming", COMING, 1)):
        before = shown(invited, at(days, 8), step)
        round_at(at(days, 9))
        assert before == ("waits", [recipient for recipient, _kind in written(kind)])
        assert shown(invited, at(days, 10), step) == ("left", before[1])


def test_the_people_shown_before_are_those_invited(far):
    before = shown(far, at(25, 8), "invitation")
    round_at(at(21, 9))
    assert before == ("waits", invitations())
    assert shown(far, at(21, 10), "invitation") == ("left", before[1])


def test_the_line_says_why_nothing_leaves(far, invited, world):
    states = {}
    invited.cancel(at(10, 12))
    states["cancelled"] = shown(invited, at(9, 12), "coming")[0]
    keep(world.iso, at(9, 12), thanks=(False, 1, 9))
    states["off"] = shown(invited, at(9, 12), "thanks")[0]
    assert states == {"cancelled": "out", "off": "out"}


def test_at_night_the_line_tells_of_the_morning(invited):
    (line,) = (line for line in timeline_rows(invited, at(1, 22)) if line.plan.step == "coming")
    assert (line.state, "7" in line.words.split("klo")[1], len(line.people)) == ("waits", True, 2)


@pytest.mark.parametrize(("rules", "state"), [({"closes_at": at(8, 12)}, "out"), ({"closes_at": at(6, 12)}, "waits")])
def test_the_line_sees_that_sign_up_will_be_closed_by_then(invited, rules, state):
    SignUp.objects.create(meeting=invited, **rules)
    assert shown(Meeting.objects.get(pk=invited.pk), at(20, 12), "unanswered")[0] == state


# many


def test_a_round_asks_as_often_for_many_quiet_meetings_as_for_one(make_meeting, django_assert_num_queries):
    for number in range(12):
        made = make_meeting(starts_at=HELD, title=f"Tapaaminen {number}", changed_at=at(60, 12))
        made.publish(at(60, 12))
        with time_machine.travel(at(40, 9), tick=False), django_assert_num_queries(10):  # four ask for failures
            send_reminders()
