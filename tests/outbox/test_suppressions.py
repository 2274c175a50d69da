"""The policy: what stops an address, for how long, and how a coordinator lets it off again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.health import policy_refusals
from outbox.models import Delivery, MailEvent, Mailing, Suppression
from tests.leaks import assert_not_leaked
from tests.outbox.conftest import NOW

ADDRESS = "Aino@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def trouble(queue):
    """trouble(day, code) is a report of trouble with the address on that day."""
    letter = queue(ADDRESS)

    def record(day, code="5.2.2", news="bounce_soft"):
        mark = f"{day} {code} {MailEvent.objects.count()}"
        return MailEvent.objects.record(letter, news, NOW + day * DAY, source="test", external_id=mark, code=code)

    return record


def stopped(now=NOW):
    return [row.reason for row in Suppression.objects.of(ADDRESS).current(now)]


def test_a_full_mailbox_is_stopped_on_the_fifth_day(trouble):
    for day in range(4):
        trouble(day)
    assert stopped() == []
    trouble(4)
    assert stopped() == ["full"]


def test_passing_trouble_counts_half(trouble):
    for day in range(9):
        trouble(day, "4.2.2")
    assert stopped() == []
    trouble(9, "4.2.2")
    assert stopped() == ["full"]


def test_trouble_counts_once_a_day(trouble):
    for _each in range(20):
        trouble(0)
    assert stopped() == []
    assert MailEvent.objects.score(ADDRESS, NOW) == 1


def test_a_week_without_trouble_forgets_it(trouble):
    for day in [0, 1, 2, 3, 11]:
        trouble(day)
    assert MailEvent.objects.score(ADDRESS, NOW + 11 * DAY) == 1
    assert MailEvent.objects.score(ADDRESS, NOW + 19 * DAY) == 0
    assert stopped() == []


def test_trouble_in_each_weeks_letter_adds_up(trouble):
    for week in range(5):
        trouble(week * 7)
    assert stopped(NOW + 28 * DAY) == ["full"]


def test_whoever_was_let_off_begins_anew(trouble):
    for day in range(5):
        trouble(day)
    Suppression.objects.all().lift(NOW + 4 * DAY)
    trouble(5)
    assert stopped(NOW + 5 * DAY) == []
    assert MailEvent.objects.score(ADDRESS, NOW + 5 * DAY) == 1


def test_rules_of_a_house_are_a_sentence_for_the_desk_and_nothing_else(trouble):
    assert policy_refusals(NOW) == ""
    for day in range(9):
        trouble(-day / 10, "5.7.1", "bounce_policy")
    assert stopped() == []
    assert "9" in policy_refusals(NOW)
    assert "5.7.1" in policy_refusals(NOW)
    assert policy_refusals(NOW + 8 * DAY) == ""


@pytest.mark.parametrize(
    ("reply", "news", "reasons"),
    [
        ("550 5.1.1 no such user", "bounce_hard", ["dead"]),
        ("550 No such user here", "bounce_hard", ["dead"]),
        ("552 5.2.2 mailbox full", "bounce_soft", []),
        ("554 5.7.1 blocked", "bounce_policy", []),
        ("550 \0 odd", "bounce_soft", []),
    ],
)
def test_a_refusal_at_the_door_counts_like_a_report(queue, reply, news, reasons):
    letter = queue(ADDRESS)
    letter.mark_failed(NOW, reply.replace("\0", ""))
    assert MailEvent.objects.record_refusal(letter, reply, NOW).type == news
    assert MailEvent.objects.record_refusal(letter, reply, NOW) is None
    assert stopped() == reasons
    letter.refresh_from_db()
    assert (letter.state, letter.bounced_at) == ("failed", None)


# --- the list ---


def test_a_second_reason_makes_no_second_row_but_may_make_the_stop_wider(db):
    Suppression.objects.add(ADDRESS, "manual", NOW, scope="bulk")
    Suppression.objects.add(ADDRESS.lower(), "dead", NOW)
    Suppression.objects.add(ADDRESS, "manual", NOW, scope="bulk")
    [row] = Suppression.objects.all()
    assert (row.reason, row.scope) == ("dead", "all")


def test_a_stop_that_has_run_out_does_not_stand_in_the_way_of_a_new_one(db):
    Suppression.objects.add(ADDRESS, "manual", NOW, until=NOW + DAY)
    assert stopped(NOW + 2 * DAY) == []
    Suppression.objects.add(ADDRESS, "dead", NOW + 2 * DAY)
    assert stopped(NOW + 2 * DAY) == ["dead"]


def test_a_stop_without_end_takes_the_place_of_one_with_an_end(db):
    Suppression.objects.add(ADDRESS, "manual", NOW, until=NOW + DAY)
    Suppression.objects.add(ADDRESS, "complaint", NOW)
    assert stopped(NOW + 2 * DAY) == ["complaint"]


# --- the desk ---


@pytest.fixture
def page():
    return reverse("admin:outbox_suppression_changelist")


def rows_on(response):
    return list(response.context["cl"].result_list)


def test_the_list_is_searched_with_a_whole_address(world, sign_in, page):
    stop = Suppression.objects.add("aino@example.org", "dead", timezone.now(), world.area.pk)
    Suppression.objects.add("eetu@example.org", "dead", timezone.now(), world.area.pk)
    desk = sign_in(world.kaisa)
    assert rows_on(desk.get(page, {"q": " AINO@example.org "})) == [stop]
    assert rows_on(desk.get(page, {"q": "aino@"})) == []
    assert len(rows_on(desk.get(page))) == 2


def test_a_coordinator_stops_an_address_by_hand(world, sign_in, page):
    desk = sign_in(world.kaisa)
    words = {"email": "Aino@example.org", "reason": "manual", "scope": "bulk", "note": "Pyysi puhelimessa"}
    assert desk.post(reverse("admin:outbox_suppression_add"), words).status_code == 302
    [row] = Suppression.objects.of("aino@example.org")
    assert (row.reason, row.scope, row.note, row.lifted_at) == ("manual", "bulk", "Pyysi puhelimessa", None)
    again = desk.post(reverse("admin:outbox_suppression_add"), words)
    assert again.status_code == 200
    assert "email" in again.context["adminform"].form.errors
    assert Suppression.objects.count() == 1


def test_a_stop_is_shown_with_its_proof_and_cannot_be_changed(world, sign_in, queue):
    letter = queue("aino@example.org", area_id=world.area.pk)
    event = MailEvent.objects.record_refusal(letter, "550 5.1.1 no such user", timezone.now())
    stop = Suppression.objects.get(event=event)
    url = reverse("admin:outbox_suppression_change", args=[stop.pk])
    response = sign_in(world.kaisa).get(url)
    assert response.status_code == 200
    assert "5.1.1" in response.content.decode()
    assert_not_leaked("aino@example.org", response)
    assert sign_in(world.kaisa).post(url, {"reason": "full"}).status_code == 403


def test_an_address_is_let_off_the_list(world, sign_in, page):
    stop = Suppression.objects.add("aino@example.org", "dead", timezone.now(), world.area.pk)
    sign_in(world.kaisa).post(page, {"action": "lift", "_selected_action": [stop.pk]})
    stop.refresh_from_db()
    assert stop.lifted_at is not None
    assert not Suppression.objects.of("aino@example.org").current(timezone.now()).exists()


@pytest.mark.parametrize("reason", ["complaint", "erased"])
def test_what_a_reader_wished_only_a_superuser_undoes(world, sign_in, page, reason):
    stop = Suppression.objects.add("aino@example.org", reason, timezone.now(), world.area.pk)
    act = {"action": "lift", "_selected_action": [stop.pk]}
    sign_in(world.kaisa).post(page, act)
    stop.refresh_from_db()
    assert stop.lifted_at is None
    sign_in(world.ulla).post(page, act)
    stop.refresh_from_db()
    assert stop.lifted_at is not None


# --- areas ---


def test_a_coordinator_sees_and_lifts_stops_of_the_own_area_only(world, sign_in, page, queue):
    """Real use 13: what bounced from one area's letters, or was stopped by its coordinator, is that area's."""
    letter = queue("aino@example.org", area_id=world.area.pk)
    MailEvent.objects.record_refusal(letter, "550 5.1.1 no such user", timezone.now())
    by_hand = Suppression.objects.add("matti@example.org", "manual", timezone.now(), world.area.pk)
    of_nobody = Suppression.objects.add("niilo@example.org", "manual", timezone.now())
    dead = Suppression.objects.get(reason="dead")
    assert set(rows_on(sign_in(world.kaisa).get(page))) == {dead, by_hand}
    foreign = sign_in(world.kerttu)
    assert rows_on(foreign.get(page)) == rows_on(foreign.get(page, {"q": "aino@example.org"})) == []
    foreign.post(page, {"action": "lift", "_selected_action": [dead.pk, by_hand.pk]})
    assert Suppression.objects.filter(lifted_at=None).count() == 3
    assert set(rows_on(sign_in(world.ulla).get(page))) == {dead, by_hand, of_nobody}
    queue("AINO@example.org", area_id=world.other_area.pk)
    assert rows_on(sign_in(world.kerttu).get(page)) == [dead], "the other area writes to that address too"


def test_a_stop_by_hand_holds_back_the_letters_of_its_own_area_only(world, sign_in, queue, worker, relay):
    """Real use 13: one coordinator's stop never silences another area."""
    words = {"email": ADDRESS, "reason": "manual", "scope": "all", "note": ""}
    for who in (world.kaisa, world.kerttu):
        assert sign_in(who).post(reverse("admin:outbox_suppression_add"), words).status_code == 302
    Suppression.objects.filter(area_id=world.other_area.pk).lift(NOW)
    own = queue(ADDRESS, area_id=world.area.pk)
    foreign = queue(ADDRESS, area_id=world.other_area.pk)
    worker(NOW)
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.state, foreign.state) == ("suppressed", "sent")


def test_a_mailing_leaves_out_what_its_own_area_stopped(world):
    """Real use 13: the list is asked with the area when readers are addressed too."""
    now = timezone.now()
    Suppression.objects.add(ADDRESS, "manual", now, world.area.pk)
    states = {}
    for area in (world.area, world.other_area):
        mailing = Mailing.objects.open("test", f"{area.pk}", "x", now, area_id=area.pk)
        wording = mailing.add_wording("fi", "x", "x", "", {})
        mailing.address(wording, [(ADDRESS, "", 1)], now)
        states[area.slug] = mailing.deliveries.get().state
    assert states == {"keski-suomi": "suppressed", "muualla": "waiting"}


def test_nobody_is_forgotten_by_hand(world, sign_in):
    """Real use 13: that an address was erased is written by an erasure alone, and its stop is for the whole house."""
    words = {"email": ADDRESS, "reason": "erased", "scope": "all", "note": ""}
    for who in (world.kaisa, world.ulla):
        page = sign_in(who).post(reverse("admin:outbox_suppression_add"), words)
        assert "reason" in page.context["adminform"].form.errors
    assert not Suppression.objects.exists()


def test_members_have_no_stop_list(world, sign_in, page):
    assert sign_in(world.aino).get(page).status_code in (302, 403, 404)


def test_a_dead_address_is_not_tried_again_before_it_is_let_off(queue, worker, relay):
    relay.on_recipient = {ADDRESS: "550 5.1.1 no such user"}
    letter = queue(ADDRESS)
    worker(NOW)
    relay.on_recipient = {}
    Delivery.objects.all().try_again(NOW)
    assert worker(NOW) == 0
    letter.refresh_from_db()
    assert letter.state == "suppressed"


def test_a_letter_to_an_address_let_off_leaves_again(queue, worker, relay):
    Suppression.objects.add(ADDRESS, "dead", NOW - DAY)
    queue(ADDRESS)
    assert worker(NOW) == 0
    Suppression.objects.all().lift(NOW)
    queue(ADDRESS)
    assert worker(NOW) == 1
    assert Delivery.objects.in_state("suppressed").count() == 1
