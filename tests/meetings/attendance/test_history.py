"""What was left under an address before there was an account: offered, taken by a press, and nothing lost (N6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Certificate, CertificateRule, Offer, Participation, SignUp
from meetings.models.attendance import mark_present, walk_in
from meetings.models.certificate import issue_all, new_code
from meetings.models.guest_history import claim, disown, history_of, merge
from meetings.tasks import send_signup_letters
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.meetings.conftest import hand_over

ADDRESS = "niilo@example.org"
PRESS = "meetings:record-history"


@pytest.fixture
def held(make_meeting, world):
    """A meeting of yesterday where somebody with Niilo's address came for two hours, with a certificate."""
    made = make_meeting(days=-1)
    made.publish(timezone.now())
    CertificateRule.objects.create(meeting=made)
    row = made.participations.create(email="Niilo@Example.org", name="N. Uusi", organisation_name="Nuoriso ry")
    mark_present(row, timezone.now(), hours=2)
    made.certificate_rule.issue(timezone.now())
    return made


@pytest.fixture
def niilo(client, world):
    client.force_login(world.niilo)
    return client


@pytest.fixture
def row(held):
    return held.participations.get(email__iexact=ADDRESS)


def both(training, world, **facts):
    """Niilo's row from before the account, and the row of the account, in the same meeting."""
    other = training.meeting.participations.create(email=ADDRESS, name="N.", **facts)
    return training.meeting.participations.create(user=world.niilo), other


def test_the_own_page_and_the_record_offer_what_stands_under_the_address(niilo, held):
    for page in ("contacts:me", "meetings:record"):
        shown = niilo.get(reverse(page))
        offered = dict(shown.context["left_here"])
        assert (offered["meetings"], offered["certificates"], offered["addresses"]) == (1, 1, [ADDRESS])
        assert ADDRESS in shown.text and 'name="take"' in shown.text
    assert Participation.objects.filter(user=None, email__iexact=ADDRESS).count() == 1


def test_a_press_takes_the_meeting_with_hours_and_certificate(niilo, held, row, world):
    assert niilo.post(reverse(PRESS), {"take": "1"}).url == reverse("meetings:record")
    row.refresh_from_db()
    assert (row.user, row.email, row.name, row.hours, row.certificate.code) == (
        world.niilo, "", "", 2, Certificate.objects.get().code
    )  # fmt: skip
    shown = niilo.get(reverse("meetings:record"))
    assert not shown.context["left_here"]
    assert [line["meeting"] for year in shown.context["years"] for line in year["rows"]] == [held]
    assert bool(shown.context["years"][0]["rows"][0]["token"])


def test_an_address_that_is_not_proved_opens_nothing(niilo, held, world):
    world.niilo.emailaddress_set.update(verified=False)
    assert history_of(world.niilo) == {}
    niilo.post(reverse(PRESS), {"take": "1"})
    assert Participation.objects.filter(user=world.niilo).count() == 0


def test_a_second_proved_address_counts_and_a_name_never_does(make_meeting, world):
    made = make_meeting()
    made.publish(timezone.now())
    named = walk_in(made, timezone.now(), name="Niilo Uusi")
    old = made.participations.create(email="niilo.vanha@example.org")
    assert history_of(world.niilo) == {}
    world.niilo.emailaddress_set.create(email="Niilo.Vanha@example.org", verified=True)
    assert claim(world.niilo, timezone.now()) == 1
    old.refresh_from_db()
    named.refresh_from_db()
    assert (old.user, named.user) == (world.niilo, None)


@pytest.mark.parametrize("who", ["aino", "kaisa", "ulla"])
def test_nobody_else_is_offered_it_or_can_take_it(client, held, row, world, who):
    client.force_login(getattr(world, who))
    assert not client.get(reverse("meetings:record")).context["left_here"]
    client.post(reverse(PRESS), {"take": "1"})
    row.refresh_from_db()
    assert row.user is None


def test_a_visitor_and_a_look_take_nothing(client, held, niilo, row):
    assert niilo.get(reverse(PRESS)).status_code == 405
    niilo.logout()
    assert niilo.post(reverse(PRESS), {"take": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.user is None


def test_not_mine_puts_it_aside_for_this_person_and_can_be_taken_back(niilo, held, row, world):
    niilo.post(reverse(PRESS), {"leave": "1"})
    shown = niilo.get(reverse("meetings:record"))
    assert (bool(shown.context["left_here"]), shown.context["put_aside"]) == (False, 1)
    niilo.post(reverse(PRESS), {"take": "1"})
    row.refresh_from_db()
    assert row.user is None
    world.niilo.emailaddress_set.all().delete()
    world.matti.emailaddress_set.create(email=ADDRESS, verified=True)
    assert history_of(world.matti)["meetings"] == 1
    world.matti.emailaddress_set.filter(email=ADDRESS).delete()
    world.niilo.emailaddress_set.create(email=ADDRESS, verified=True)
    niilo.post(reverse(PRESS), {"again": "1"})
    assert niilo.get(reverse("meetings:record")).context["left_here"]


# two rows of one meeting become one


def test_attendance_hours_and_words_of_both_rows_stay(training, world):
    own, other = both(training, world, comment="Tulen junalla", organisation_name="Nuoriso ry", is_guest=True)
    mark_present(other, timezone.now(), hours=2)
    mark_present(own, timezone.now() + timedelta(hours=1), hours=1)
    own.absorb(comment="Syön kasviksia", fed_back_on=None)
    other.absorb(fed_back_on=timezone.localdate())
    came = other.attended_at
    assert claim(world.niilo, timezone.now()) == 1
    kept = training.meeting.participations.get(user=world.niilo)
    assert (kept.hours, kept.attended_at, kept.is_guest) == (2, came, True)
    assert (kept.comment, kept.organisation_name) == ("Syön kasviksia / Tulen junalla", "Nuoriso ry")
    assert (kept.fed_back_on, training.meeting.participations.filter(email=ADDRESS).count()) == (
        timezone.localdate(), 0
    )  # fmt: skip


def test_who_came_by_the_older_row_only_has_come(training, world):
    own, other = both(training, world, organisation_name=world.employer.name)
    mark_present(other, timezone.now(), mode="online")
    claim(world.niilo, timezone.now())
    own.refresh_from_db()
    assert (own.attended_mode, own.organisation, own.municipality) == (
        "online", world.employer, world.towns.jyvaskyla
    )  # fmt: skip


def test_a_place_is_better_than_a_turn_and_its_second_is_offered_on(crowd, training, world):
    own, other = both(training, world)
    now = timezone.now()
    training.assign_places([other], now, "link")
    training.assign_places([own], now, "web")
    crowd(2)
    claim(world.niilo, now)
    own.refresh_from_db()
    assert (own.has_place, own.answer, Participation.objects.placed().count()) == (True, "yes", 1)
    assert Offer.objects.open().count() == 1
    assert training.figures()[0]["free"] == 0


def test_a_turn_becomes_the_place_of_the_older_row(crowd, training, world):
    own, other = both(training, world)
    now = timezone.now()
    training.assign_places([other], now, "link")
    crowd(1)
    training.assign_places([own], now, "web")
    assert own.is_queued
    claim(world.niilo, now)
    own.refresh_from_db()
    assert (own.has_place, own.is_queued, training.figures()[0]["taken"]) == (True, False, 2)


def test_an_offer_to_the_older_row_can_be_accepted_by_the_account(crowd, training, world):
    own, other = both(training, world)
    first, _second = crowd(2)
    now = timezone.now()
    training.assign_places([other], now, "link")
    training.release_place(first, now, "web")
    claim(world.niilo, now)
    assert training.accept(own, now, "web") is True
    own.refresh_from_db()
    assert own.has_place


def test_the_newer_answer_counts(meeting, world):
    own = meeting.participations.create(user=world.niilo)
    other = meeting.participations.create(email=ADDRESS, is_guest=True)
    other.give_answer("yes", timezone.now(), "link")
    own.give_answer("no", timezone.now() + timedelta(minutes=1), "web")
    claim(world.niilo, timezone.now())
    own.refresh_from_db()
    assert (own.answer, own.answered_via) == ("no", "web")


def test_replies_of_both_stay_and_the_accounts_own_wins(training, world):
    own, other = both(training, world)
    diet, wish = training.questions.create(text="Ruokavalio"), training.questions.create(text="Toive")
    other.replies.create(question=diet, text="Vegaani")
    other.replies.create(question=wish, text="A")
    own.replies.create(question=wish, text="B")
    claim(world.niilo, timezone.now())
    assert dict(own.replies.values_list("question__text", "text")) == {"Ruokavalio": "Vegaani", "Toive": "B"}


def test_colleagues_whom_the_older_row_signed_up_belong_to_the_account(training, world):
    own, other = both(training, world)
    colleague = training.meeting.participations.create(name="Kolmas", brought_by=other)
    claim(world.niilo, timezone.now())
    colleague.refresh_from_db()
    assert colleague.brought_by == own


def test_papers_with_either_code_stay_true(client, held, row, world):
    own = held.participations.create(user=world.niilo)
    mark_present(own, timezone.now())
    issue_all(held.participations.filter(pk=own.pk), timezone.now())
    codes = [Certificate.objects.get(participation=each).code for each in (own, row)]
    claim(world.niilo, timezone.now())
    assert Certificate.objects.get().participation == own
    pages = [client.get(reverse("meetings:certificate-verify", args=[code])) for code in codes]
    assert [page.status_code for page in pages] == [200, 200]
    assert all("Niilo Uusi" in page.text for page in pages)
    assert client.get(reverse("meetings:certificate-verify", args=[new_code()])).status_code == 404


def test_a_certificate_of_the_older_row_moves_to_the_accounts(held, row, world):
    own = held.participations.create(user=world.niilo)
    code = row.certificate.code
    merge(own, row, timezone.now())
    assert Certificate.objects.get(participation=own).code == code


def test_a_cancellation_still_takes_the_entry_of_the_older_row_out_of_the_calendar(training, world):
    _own, other = both(training, world)
    training.assign_places([other], timezone.now(), "link")
    send_signup_letters()
    send_queued()
    claim(world.niilo, timezone.now())
    training.meeting.cancel(timezone.now())
    hand_over()
    letter = Delivery.objects.get(kind="meeting-cancellation", recipient=ADDRESS)
    assert (letter.calendar_method, bool(letter.calendar)) == ("CANCEL", True)


def test_nobody_hears_twice_of_a_place_that_was_taken_over(training, world):
    _own, other = both(training, world)
    training.assign_places([other], timezone.now(), "link")
    send_signup_letters()
    claim(world.niilo, timezone.now())
    send_signup_letters()
    assert Delivery.objects.filter(kind="meeting-place").count() == 1


def test_two_presses_take_once(niilo, held, world):
    for _press in range(2):
        niilo.post(reverse(PRESS), {"take": "1"})
    assert Participation.objects.filter(user=world.niilo).count() == 1
    assert disown(world.niilo) == 0


def test_the_fair_municipality_goes_along(make_training, world):
    rules = make_training(capacity=3, fair_until=timezone.now() + timedelta(days=1), open_to=SignUp.ANYBODY)
    own, other = both(rules, world, organisation_name="Muurame")
    rules.assign_places([other], timezone.now(), "link")
    claim(world.niilo, timezone.now())
    own.refresh_from_db()
    assert (own.has_place, own.comes_from) == (True, "Muurame")
