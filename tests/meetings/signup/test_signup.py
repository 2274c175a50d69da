"""Sign-up: places, the line, offers with a deadline, and who may ask (ME-01 … ME-04)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import (
    MeetingCancelled,
    NoFreePlace,
    Offer,
    Participation,
    SignUp,
    SignUpClosed,
    SignUpNotOpen,
)
from meetings.tasks import expire_offers

HOUR = timedelta(hours=1)


def standing(person):
    """In a word: place, offer, turn or nothing."""
    person.refresh_from_db()
    if person.has_place:
        return "place"
    if person.offers.open().exists():
        return "offer"
    return person.meeting.signup.position_of(person, timezone.now()) if person.is_queued else ""


def test_places_go_in_order_and_those_who_come_later_learn_their_turn(crowd, training):
    people = crowd(4)
    assert [standing(person) for person in people] == ["place", "place", 1, 2]
    assert [person.answer for person in people] == ["yes", "yes", "", ""]


def test_signing_up_twice_keeps_one_place(crowd, training):
    first, *_others = crowd(3)
    since = first.placed_at
    training.assign_places([first], timezone.now(), "web")
    assert (standing(first), first.placed_at) == ("place", since)


def test_a_place_given_up_is_offered_to_the_first_in_line_who_takes_it(crowd, training):
    first, _second, third, fourth = crowd(4)
    training.release_place(first, timezone.now(), "web")
    assert [standing(person) for person in (first, third, fourth)] == ["", "offer", 1]
    assert training.accept(third, timezone.now(), "link") is True
    assert standing(third) == "place"
    assert Offer.objects.get().accepted_at


def test_an_offer_declined_goes_to_the_next(crowd, training):
    first, _second, third, fourth = crowd(4)
    training.release_place(first, timezone.now(), "web")
    training.release_place(third, timezone.now(), "link")
    assert [standing(person) for person in (third, fourth)] == ["", "offer"]


def test_an_offer_nobody_answers_goes_to_the_next_and_who_answers_late_stands_at_the_end(crowd, training):
    first, _second, third, fourth, fifth = crowd(5)
    now = timezone.now()
    training.release_place(first, now, "web")
    assert training.expire_offers(now + 47 * HOUR) == 0
    assert training.expire_offers(now + 48 * HOUR) == 1
    assert [standing(person) for person in (third, fourth, fifth)] == ["", "offer", 1]
    assert training.accept(third, now + 49 * HOUR, "link") is False
    assert [standing(person) for person in (fourth, fifth, third)] == ["offer", 1, 2]


def test_a_late_answer_before_the_round_has_come_is_late_all_the_same(crowd, training):
    first, _second, third, fourth = crowd(4)
    now = timezone.now()
    training.release_place(first, now, "web")
    assert training.accept(third, now + 48 * HOUR, "link") is False
    assert [standing(person) for person in (third, fourth)] == [1, "offer"]


def test_a_newcomer_does_not_overtake_an_offer(crowd, training):
    first, *_others = crowd(3)
    training.release_place(first, timezone.now(), "web")
    (newcomer,) = crowd(1, "uusi")
    assert standing(newcomer) == 1


def test_more_places_are_offered_in_the_order_of_the_line(crowd, training):
    people = crowd(6)
    assert training.resize(timezone.now(), 4) == 0
    assert [standing(person) for person in people] == ["place", "place", "offer", "offer", 1, 2]


def test_fewer_places_than_people_throw_nobody_out_and_are_not_offered_on(crowd, training):
    people = crowd(3)
    assert training.resize(timezone.now(), 1) == 1
    assert [standing(person) for person in people] == ["place", "place", 1]
    training.release_place(people[0], timezone.now(), "web")
    assert standing(people[2]) == 1
    training.release_place(people[1], timezone.now(), "web")
    assert standing(people[2]) == "offer"


def test_the_deadline_of_an_offer_is_never_after_the_meeting_begins(crowd, training):
    first, _second, third = crowd(3)
    training.release_place(first, training.meeting.starts_at - HOUR, "web")
    assert third.offers.get().expires_at == training.meeting.starts_at


def test_after_the_meeting_has_begun_nothing_is_offered(crowd, training):
    first, *others = crowd(3)
    training.release_place(first, training.meeting.starts_at, "web")
    assert standing(others[-1]) == 1


def test_places_on_site_have_a_line_of_their_own(make_training, world):
    hybrid = make_training(capacity=None, onsite_capacity=1, mode="hybrid")
    people = [hybrid.meeting.participations.create(email=f"n{n}@example.org") for n in range(3)]
    hybrid.assign_places(people[:2], timezone.now(), "web", "onsite")
    hybrid.assign_places(people[2:], timezone.now(), "web", "online")
    assert [standing(person) for person in people] == ["place", 1, "place"]
    assert [(f["mode"], f["taken"], f["waiting"]) for f in hybrid.figures()] == [("onsite", 1, 1), ("online", 1, 0)]


def test_sign_up_keeps_its_days_but_the_coordinator_is_not_bound_to_them(training, guest):
    now = timezone.now()
    SignUp.objects.update(opens_at=now + HOUR, closes_at=now + 2 * HOUR)
    with pytest.raises(SignUpNotOpen):
        training.assign_places([guest], now, "web")
    with pytest.raises(SignUpClosed):
        training.assign_places([guest], now + 2 * HOUR, "link")
    training.assign_places([guest], now, "coordinator")
    assert standing(guest) == "place"


def test_a_cancelled_meeting_takes_nobody_in(training, guest):
    training.meeting.cancel(timezone.now())
    with pytest.raises(MeetingCancelled):
        training.assign_places([guest], timezone.now(), "web")


def test_a_yes_to_the_invitation_asks_for_a_place_and_a_no_gives_it_up(crowd, training, world):
    crowd(2)
    own = training.meeting.participations.get(user=world.aino)
    own.give_answer("yes", timezone.now(), "web", "Tulen junalla")
    assert (standing(own), own.comment) == (1, "Tulen junalla")
    own.give_answer("maybe", timezone.now(), "calendar")
    assert (standing(own), own.answer) == (1, "")
    own.give_answer("no", timezone.now(), "web")
    assert (standing(own), own.answer) == ("", "no")


def test_those_who_had_said_yes_before_there_was_sign_up_keep_their_places(make_meeting, world):
    made = make_meeting()
    made.publish(timezone.now())
    for user in (world.aino, world.matti):
        made.take_answer(user, "yes", timezone.now())
    rules = SignUp.objects.create(meeting=made, capacity=1)
    rules.adopt(timezone.now())
    assert (rules.figures()[0]["taken"], rules.figures()[0]["over"]) == (2, 1)


# the coordinator's hand


def test_the_coordinator_puts_somebody_first_gives_a_free_place_and_takes_one_back(crowd, training):
    first, second, third, fourth = crowd(4)
    training.move_first(fourth)
    assert [standing(person) for person in (fourth, third)] == [1, 2]
    with pytest.raises(NoFreePlace):
        training.seat(third, timezone.now())
    assert standing(third) == 2
    training.release_place(first, timezone.now(), "coordinator")
    training.seat(fourth, timezone.now())
    assert standing(fourth) == "place"
    training.move_back(second, timezone.now())
    assert [standing(person) for person in (third, second)] == ["offer", 1]


def test_the_round_lapses_each_offer_once(crowd, training):
    first, *_others = crowd(4)
    training.release_place(first, timezone.now(), "web")
    Offer.objects.update(expires_at=timezone.now() - HOUR)
    expire_offers()
    expire_offers()
    assert Offer.objects.exclude(lapsed_at=None).count() == 1
    assert Offer.objects.open().count() == 1
    assert Participation.objects.offered().count() == 1
