"""Any sequence of sign-ups, answers and changes of size keeps the rules of the waiting list (ME-03)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from meetings.models import NoFreePlace, Participation, SignUp

NUMBER = st.integers(0, 7)
STEPS, RUNS = 50, 48


class WaitingList(RuleBasedStateMachine):
    """Eight people, a few places, and a clock that only goes forward."""

    signup: SignUp
    steps = 0

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = timezone.now()
        self.people = [self.signup.meeting.participations.create(email=f"m{n}@example.org") for n in range(8)]
        self.signup.resize(self.now, 2)
        self.held_before = self.held()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def tick(self, hours=0):
        type(self).steps += 1
        self.now += timedelta(hours=hours, seconds=1)

    @rule(n=NUMBER)
    def sign_up(self, n):
        self.tick()
        waiting = self.order()
        self.signup.take_in([self.people[n]], self.now, "web")
        assert self.order()[: len(waiting)] == waiting

    @rule(n=NUMBER)
    def cancel(self, n):
        self.tick()
        self.signup.let_go(self.people[n], self.now, "web")

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
        self.signup.lapse(self.now)

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
        try:
            self.signup.seat(self.people[n], self.now)
        except NoFreePlace:
            assert self.signup.free("onsite") < 1

    @rule(n=NUMBER)
    def put_first(self, n):
        self.tick()
        self.signup.move_first(self.people[n])

    @rule(n=NUMBER)
    def put_back(self, n):
        self.tick()
        self.signup.move_back(self.people[n], self.now)

    def held(self):
        """Places taken or offered."""
        return self.signup.people("").held()

    def order(self):
        return list(self.signup.meeting.participations.in_line().values_list("pk", flat=True))

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
        if line:
            assert limit is not None and held >= limit
            turn = self.steps % len(line)
            assert self.signup.turn_of(Participation.objects.get(pk=line[turn])) == turn + 1
        self.held_before = held


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_steps_breaks_the_waiting_list(make_training):
    WaitingList.signup = make_training(capacity=2, days=365 * 20)
    WaitingList.steps = 0
    run_state_machine_as_test(
        WaitingList,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert WaitingList.steps >= 2000, WaitingList.steps
