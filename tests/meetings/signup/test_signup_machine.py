"""Any sequence of sign-ups, answers and changes of size keeps the rules of the waiting list (ME-03)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from meetings.models import NoFreePlace, Participation, SignUp

pytestmark = pytest.mark.long

NUMBER = st.integers(0, 7)
STEPS = 50


def fair_order(waiting, held):
    """In which order places are given when they become free one by one: told anew, to compare with the house's."""
    order, held, waiting = [], set(held), list(waiting)
    while waiting:
        served = next((row for row in waiting if not row[1] or row[1] not in held), None)
        if served is None:
            return order, waiting
        waiting.remove(served)
        order.append(served)
        held.add(served[1])
    return order, []


class WaitingList(RuleBasedStateMachine):
    """Eight people of three towns and of none, a few places, and a clock that only goes forward."""

    signup: SignUp
    steps = fair_lines = 0

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = timezone.now()
        towns = ["Kivijärvi", "Kivijärvi", "Kinnula", "KIVIJÄRVI", "Kinnula", "Pihtipudas", "", ""]
        self.people = [
            self.signup.meeting.participations.create(email=f"m{n}@example.org", organisation_name=town)
            for n, town in enumerate(towns)
        ]
        self.first_rules()
        self.signup.resize(self.now, 2)
        self.held_before = self.held()
        self.towns_before, self.is_by_rule = self.towns(), True

    def first_rules(self):
        self.set_fair(None)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def tick(self, hours=0):
        type(self).steps += 1
        self.is_by_rule = True
        self.now += timedelta(hours=hours, seconds=1)

    @rule(n=NUMBER)
    def sign_up(self, n):
        self.tick()
        waiting, is_due = self.order(), self.signup.rest_is_due(self.now)
        self.signup.assign_places([self.people[n]], self.now, "web")
        after = self.order()
        still = [pk for pk in waiting if pk in after]
        assert after[: len(still)] == still and (is_due or still == waiting)

    @rule(n=NUMBER)
    def cancel(self, n):
        self.tick()
        self.signup.release_place(self.people[n], self.now, "web")

    @rule(capacity=st.one_of(st.none(), st.integers(1, 6)))
    def resize(self, capacity):
        self.tick()
        self.signup.resize(self.now, capacity)

    @rule()
    def promote(self):
        self.tick()
        assert self.signup.promote(self.now) == 0

    @rule(n=NUMBER)
    def accept(self, n):
        self.tick()
        offer = self.people[n].offers.open().first()
        in_time = self.signup.accept(self.people[n], self.now, "link")
        if offer is not None:
            assert in_time == (offer.expires_at > self.now)

    @rule(hours=st.sampled_from([1, 24, 48]))
    def expire(self, hours):
        self.tick(hours)
        self.signup.expire_offers(self.now)

    @rule(n=NUMBER)
    def answer_late(self, n):
        """Two days pass, no round has come, and somebody presses the link of an old letter."""
        self.tick(48)
        was_offered = self.people[n].offers.open().exists()
        in_time = self.signup.accept(self.people[n], self.now, "link")
        assert not (was_offered and in_time)  # who only waited may get the place that lapsed this very moment

    @rule(n=NUMBER)
    def seat(self, n):
        self.tick()
        self.is_by_rule = False
        try:
            self.signup.seat(self.people[n], self.now)
        except NoFreePlace:
            assert self.signup.pool_of("onsite").free() < 1

    @rule(n=NUMBER)
    def put_first(self, n):
        self.tick()
        self.signup.move_first(self.people[n])

    @rule(n=NUMBER)
    def put_back(self, n):
        self.tick()
        self.signup.move_back(self.people[n], self.now)

    @rule(hours=st.sampled_from([None, 0, 100, 1000]))
    def be_fair(self, hours):
        """The coordinator chooses until when each town gets one place first, or that it does not."""
        self.tick()
        self.set_fair(None if hours is None else self.now + timedelta(hours=hours))
        self.signup.promote(self.now)
        self.is_by_rule = False

    @rule()
    def clock(self):
        """The round comes; a second one in the same minute finds nothing to do."""
        self.tick()
        self.signup.give_rest(self.now)
        assert self.signup.give_rest(self.now) == 0

    def set_fair(self, until):
        SignUp.objects.filter(pk=self.signup.pk).update(fair_until=until)
        self.signup.refresh_from_db(fields=["fair_until", "fair_given_at"])

    def towns(self):
        """How many places each town has."""
        towns = self.signup.pool_of("").people().holding().values_list("comes_from", flat=True)
        return Counter(town.casefold() for town in towns)

    def held(self):
        """Places taken or offered."""
        return self.signup.pool_of("").people().held()

    def order(self):
        return list(self.signup.meeting.participations.waiting().values_list("pk", flat=True))

    @invariant()
    def the_list_is_in_order(self):
        """No more places than there are except after a cut, none free while somebody waits, one standing each."""
        rows = self.signup.meeting.participations.exclude(email="").with_offer().order_by("queued_at", "pk")
        rows = list(rows.values_list("pk", "placed_at", "queued_at", "has_offer"))
        places, offers = ({row[0] for row in rows if row[n]} for n in (1, 3))
        line = [row[0] for row in rows if row[2] and not row[3]]
        held, limit = len(places | offers), self.signup.capacity
        assert len(rows) == len(self.people) and not places & offers
        assert all(queued_at for _pk, _placed, queued_at, has_offer in rows if has_offer)
        if limit is not None and held > limit:
            assert held <= self.held_before
        self.held_before = held
        if line and not self.signup.rest_is_due(self.now):
            self.the_turns_are_true(line, held, limit)

    def the_turns_are_true(self, line, held, limit):
        """No place is free while somebody is next, and every turn shown is the one in which places are given."""
        towns = dict(Participation.objects.filter(pk__in=line).values_list("pk", "comes_from"))
        waiting = [(pk, towns[pk].casefold()) for pk in line]
        taken = self.towns() if self.signup.is_fair(self.now) and limit is not None else ()
        type(self).fair_lines += taken != () and len(line) > 1
        served, held_back = fair_order(waiting, taken) if taken != () else (waiting, [])
        assert limit is not None and (held >= limit or not served)
        order = [pk for pk, _town in served + held_back]
        assert [person.pk for person in self.signup.pool_of("").waiting_list(self.signup.is_fair(self.now))] == order
        turn = self.steps % len(order)
        assert self.signup.position_of(Participation.objects.get(pk=order[turn]), self.now) == turn + 1

    @invariant()
    def no_town_has_a_second_place_before_its_time(self):
        """Except by the coordinator's hand, or what it had before the rule."""
        now = self.towns()
        if self.is_by_rule and self.signup.is_fair(self.now) and self.signup.capacity is not None:
            assert all(number <= max(1, self.towns_before[town]) for town, number in now.items() if town)
        self.towns_before = now


class OnePlacePerTown(WaitingList):
    """The same people and steps, begun while each town gets one place first, and filled soon."""

    def first_rules(self):
        self.set_fair(self.now + timedelta(days=365))

    @rule(numbers=st.permutations(range(8)))
    def everybody_signs_up(self, numbers):
        for n in numbers:
            self.tick()
            self.signup.assign_places([self.people[n]], self.now, "web")


@pytest.mark.parametrize(
    ("machine", "runs", "least"), [(WaitingList, 48, (2000, 0)), (OnePlacePerTown, 24, (1000, 200))]
)
@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_steps_breaks_the_waiting_list(make_training, machine, runs, least):
    machine.signup = make_training(capacity=2, days=365 * 20)
    machine.steps = machine.fair_lines = 0
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert (machine.steps, machine.fair_lines) >= least and machine.fair_lines >= least[1], machine.fair_lines
