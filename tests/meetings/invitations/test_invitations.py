"""Letters about a meeting: who is asked, told of a change and told of a cancellation, and what their calendars get."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from lib.text.dates import format_period
from meetings.models import Meeting, MeetingCancelled, MeetingOver, NotPublished, Participation
from outbox.models import Delivery, Priority
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY, calendar_of, hand_over, text_of


def now():
    return timezone.now()


def recipients(letters):
    return sorted(letter["To"].split("<")[-1].rstrip(">") for letter in letters)


def event_of(letter):
    return calendar_of(letter).walk("VEVENT")[0]


def sequence(letter):
    return (str(calendar_of(letter)["METHOD"]), int(event_of(letter)["SEQUENCE"]))


def for_aino(letters):
    return next(letter for letter in letters if "aino@" in letter["To"])


@pytest.fixture
def invited(meeting, send):
    """The published meeting, its two members invited."""
    meeting.invite(now())
    send()
    return meeting


# asking


def test_publishing_lists_the_active_members_and_mails_nobody(meeting, world, send):
    assert {p.user for p in meeting.participations.all()} == {world.aino, world.matti}
    assert send() == []


def test_publishing_again_changes_nothing_but_newcomers(meeting, world):
    first = meeting.published_at
    world.iso.take_in(world.niilo, now=now())
    meeting.publish(now() + timedelta(hours=1))
    assert meeting.published_at == first
    assert meeting.participations.filter(user=world.niilo).count() == 1
    assert meeting.participations.count() == 3


def test_invited_members_get_one_letter_each_however_often_the_round_runs(meeting, send):
    meeting.invite(now())
    assert recipients(send()) == ["aino@example.org", "matti@example.org"]
    assert send() == []
    meeting.invite(now())
    assert send() == []


def test_a_row_put_on_the_list_after_the_wish_waits_for_the_next_wish(invited, world, send):
    Participation(meeting=invited, email="vieras@example.org").list_as_guest(now())
    assert send() == []
    invited.invite(now())
    assert recipients(send()) == ["vieras@example.org"]


def test_whoever_left_the_network_after_the_wish_is_not_asked(meeting, world, send):
    meeting.invite(now())
    world.aino.memberships.get(network=world.iso).leave(now=now())
    assert recipients(send()) == ["matti@example.org"]


def test_whoever_said_no_on_the_page_is_not_asked_and_whoever_said_yes_gets_the_calendar_entry(meeting, world, send):
    meeting.take_answer(world.aino, "yes", now=now())
    meeting.take_answer(world.matti, "no", now=now())
    meeting.invite(now())
    letters = send()
    assert recipients(letters) == ["aino@example.org"]
    assert event_of(letters[0])["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda m: Meeting.objects.filter(pk=m.pk).update(published_at=None), NotPublished),
        (lambda m: m.cancel(now()), MeetingCancelled),
        (lambda m: m.change(now(), starts_at=now() - timedelta(2), ends_at=now() - timedelta(1)), MeetingOver),
    ],
)
def test_nobody_is_invited_to_a_draft_a_cancelled_or_a_past_meeting(meeting, send, spoil, refusal):
    spoil(meeting)
    meeting.refresh_from_db()
    for verb in (meeting.invite, meeting.notify, meeting.cancel):
        with pytest.raises(refusal):
            verb(now())
    assert send() == []


def test_a_letter_says_when_in_words_and_leads_to_the_answer(meeting, world, send, settings):
    settings.SITE_URL = "https://portaali.example.org"
    world.area.cards.create(
        role=world.iso.kind, name="Kaisa Koordinaattori", email="kaisa.tyo@example.org"
    )  # any word will do for the role
    meeting.invite(now())
    letter = for_aino(send())
    text = text_of(letter)
    links = [word for word in text.split() if "?answer=" in word]
    assert [link.rpartition("=")[2] for link in links] == ["yes", "no", "maybe"]
    assert all(link.startswith("https://portaali.example.org/") for link in links)
    assert CANARY in text
    assert format_period(meeting.starts_at, meeting.ends_at, "Europe/Helsinki", "fi") in text
    assert letter["Reply-To"] == "Kaisa Koordinaattori <kaisa.tyo@example.org>"


def test_the_organiser_of_the_entry_is_the_sender_of_the_letter(meeting, world, send):
    world.iso.sender_email = "iso@example.org"
    world.iso.save()
    meeting.invite(now())
    letter = for_aino(send())
    assert "<iso@example.org>" in letter["From"]
    assert str(event_of(letter)["ORGANIZER"]) == "mailto:iso@example.org"


def test_the_letter_comes_in_the_language_of_its_reader(meeting, world, send):
    world.aino.introduce(language="en")
    meeting.invite(now())
    letters = send()
    english = text_of(for_aino(letters))
    assert "invites you to a meeting." in english
    assert "/en/" in next(word for word in english.split() if "?answer=yes" in word)


def test_the_calendar_part_stands_inside_the_first_alternative(meeting, send):
    meeting.invite(now())
    letter = for_aino(send())
    assert letter.get_content_type() == "multipart/mixed"
    alternative = letter.get_payload(0)
    assert [part.get_content_type() for part in alternative.get_payload()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert alternative.get_payload(2)["Content-Type"].lower().count("charset") == 1


def test_one_broken_row_does_not_hold_up_the_others(meeting, send):
    Participation.objects.bulk_create([Participation(meeting=meeting, email="ei osoite", is_guest=True)])
    meeting.invite(now())
    assert recipients(send()) == ["aino@example.org", "matti@example.org"]
    assert meeting.participations.get(email="ei osoite").asked_at is None


# changes


def test_the_sequence_grows_when_the_time_changes_and_not_when_the_words_do(invited):
    assert invited.change(now(), title="Uusi nimi", place_name="Toinen paikka") is False
    assert invited.sequence == 0
    assert invited.move(invited.starts_at + timedelta(hours=1), invited.ends_at + timedelta(hours=1), now()) is True
    assert invited.sequence == 1
    assert invited.change(now()) is False
    assert invited.sequence == 1


def test_a_draft_may_be_moved_without_a_new_sequence(make_meeting):
    draft = make_meeting()
    draft.move(draft.starts_at + timedelta(days=1), draft.ends_at + timedelta(days=1), now())
    assert draft.sequence == 0


def test_a_quiet_change_mails_nobody(invited, send):
    invited.move(invited.starts_at + timedelta(hours=1), invited.ends_at + timedelta(hours=1), now())
    assert send() == []


def test_those_who_were_asked_hear_of_a_new_time_once_with_a_later_version(invited, world, send):
    invited.take_answer(world.aino, "yes", now=now())
    old = Meeting.objects.get(pk=invited.pk)
    invited.move(invited.starts_at + timedelta(hours=1), invited.ends_at + timedelta(hours=1), now())
    invited.notify(now())
    letters = send()
    assert recipients(letters) == ["aino@example.org", "matti@example.org"]
    assert sequence(for_aino(letters)) == ("REQUEST", 1)
    event = event_of(for_aino(letters))
    assert str(event["UID"]) == old.uid
    assert event.decoded("DTSTAMP") > old.changed_at.replace(microsecond=0) - timedelta(seconds=1)
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"  # the answer was to the old time
    assert send() == []


def test_a_change_of_words_keeps_the_version_and_the_answer(invited, world, send):
    invited.take_answer(world.aino, "maybe", now=now())
    invited.change(now(), place_name="Toinen paikka")
    invited.notify(now())
    letter = for_aino(send())
    assert sequence(letter) == ("REQUEST", 0)
    assert event_of(letter)["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_a_former_member_does_not_hear_of_a_change(invited, world, send):
    world.aino.memberships.get(network=world.iso).leave(now=now())
    invited.change(now(), join_url="https://kokous.example.org/uusi")
    invited.notify(now())
    assert recipients(send()) == ["matti@example.org"]


def test_a_change_overtakes_an_invitation_that_still_waits(meeting, send):
    meeting.invite(now())
    hand_over()
    meeting.move(meeting.starts_at + timedelta(hours=1), meeting.ends_at + timedelta(hours=1), now())
    meeting.notify(now())
    letters = send()
    assert recipients(letters) == ["aino@example.org", "matti@example.org"]
    assert [sequence(letter) for letter in letters] == [("REQUEST", 1)] * 2
    assert set(Delivery.objects.exclude(sent_at=None).values_list("kind", flat=True)) == {"meeting-invitation"}


# cancelling


def test_cancelling_tells_those_who_were_asked_with_the_next_version(invited, send):
    invited.cancel(now(), "Kouluttaja on sairastunut.")
    letters = send()
    assert recipients(letters) == ["aino@example.org", "matti@example.org"]
    assert sequence(for_aino(letters)) == ("CANCEL", 1)
    assert str(event_of(for_aino(letters))["STATUS"]) == "CANCELLED"
    assert "Kouluttaja on sairastunut." in text_of(for_aino(letters))
    assert_not_leaked(CANARY, *letters)
    assert send() == []
    assert {row.priority for row in Delivery.objects.filter(kind="meeting-cancellation")} == {Priority.URGENT}


def test_whose_invitation_never_left_hears_nothing(meeting, send):
    meeting.invite(now())
    hand_over()  # handed to the outbox, not sent
    meeting.cancel(now())
    assert send() == []
    assert Delivery.objects.waiting().count() == 0


def test_whoever_said_yes_on_the_page_alone_is_told_in_words_without_a_calendar_part(meeting, world, send):
    meeting.take_answer(world.aino, "yes", now=now())
    meeting.cancel(now())
    letters = send()
    assert recipients(letters) == ["aino@example.org"]
    assert calendar_of(letters[0]) is None


def test_a_former_member_hears_of_a_cancellation_because_it_stands_in_the_calendar(invited, world, send):
    world.aino.memberships.get(network=world.iso).leave(now=now())
    invited.cancel(now())
    assert recipients(send()) == ["aino@example.org", "matti@example.org"]


def test_cancelling_quietly_mails_nobody(invited, send):
    invited.cancel(now(), notify=False)
    assert (invited.is_cancelled, invited.sequence) == (True, 1)
    assert send() == []


def test_cancelling_twice_is_refused(invited):
    stale = Meeting.objects.get(pk=invited.pk)
    invited.cancel(now())
    with pytest.raises(MeetingCancelled):
        stale.cancel(now())
    assert Meeting.objects.get(pk=invited.pk).sequence == 1


# copying


def test_a_copy_is_a_draft_four_weeks_later_with_an_identity_of_its_own(invited, world):
    following = invited.copy(now())
    assert (following.is_draft, following.join_url, following.sequence, following.invited_at) == (True, "", 0, None)
    assert following.uid != invited.uid
    assert list(following.networks.all()) == [world.iso]
    assert following.participations.count() == 0


def test_a_copy_keeps_the_time_of_day_over_the_change_of_clocks(make_meeting):
    made = make_meeting(starts_at=datetime(2027, 3, 10, 13, tzinfo=ZoneInfo("Europe/Helsinki")))
    following = made.copy(now())
    assert f"{timezone.localtime(following.starts_at):%Y-%m-%d %H:%M}" == "2027-04-07 13:00"


def test_a_round_asks_few_questions_per_letter(noon, meeting, world, django_assert_max_num_queries):
    for n in range(20):
        Participation(meeting=meeting, email=f"vieras{n}@example.org").list_as_guest(now())
    meeting.invite(now())
    with django_assert_max_num_queries(22 * 15 + 10):  # two ask for failures
        hand_over()
    send_queued()
    assert len(mail.outbox) == 22
