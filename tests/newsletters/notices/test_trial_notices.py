"""Authors hear that somebody has tried their method."""

from datetime import datetime, timedelta

import time_machine

from contacts.models import User
from methods.models import Trial
from newsletters.notices.sources import KINDS
from newsletters.tasks import send_digests
from outbox.models import Delivery
from tests.conftest import HELSINKI
from tests.permissions.scene import method

WEDNESDAY = datetime(2026, 11, 18, 9, tzinfo=HELSINKI)
MONDAY = datetime(2026, 11, 23, 12, tzinfo=HELSINKI)


def tried(made, person, **more):
    trial = Trial(tried_on=WEDNESDAY.date(), worked=5, note="Toimi ulkonakin.", **more)
    trial.record(made, person, WEDNESDAY)
    return trial


def test_only_the_authors_are_told_and_not_of_their_own_trials(world):
    made = method(world, world.area, "jana", world.aino, "public")
    made.co_authors.add(world.kaisa)
    trials = [tried(made, world.matti), tried(made, world.aino), tried(made, world.eetu)]
    trials[2].remove(WEDNESDAY)
    [kind] = [kind for kind in KINDS if kind.code == "trials"]
    told = kind.visible_to(User.objects.order_by("pk"), trials)
    assert told == {(world.aino.pk, trials[0].pk), (world.kaisa.pk, trials[0].pk), (world.kaisa.pk, trials[1].pk)}


def test_the_letter_of_the_week_tells_of_it(world):
    with time_machine.travel(WEDNESDAY - timedelta(days=30)):
        made = method(world, world.area, "jana", world.aino, "public")
    tried(made, world.matti)
    with time_machine.travel(MONDAY):
        send_digests()
    letter = Delivery.objects.select_related("wording__mailing").get(kind="digest")
    assert letter.recipient == world.aino.email
    assert "Toimi ulkonakin." in letter.as_letter().text
