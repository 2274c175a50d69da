"""A round with a row that fails: the others get theirs, the desk tells of it at the third time, and mending ends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.urls import reverse
from django.utils import timezone

from lib.models import FailedRow
from tests.leaks import assert_not_leaked


@dataclass
class Scene:
    """`left` tells what the round still has to do at a moment; `bad` is what of it cannot be done until `mend`."""

    task: Callable[[], Any]
    left: Callable[[datetime], set]
    bad: set
    row: Callable[[], Any]  # the row that fails, which the first round may make
    mend: Callable[[], Any]
    at: datetime


def noon(days=1):
    """So many days from now, when every round may write."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


def endures(scene, client, coordinator):
    """Play it. Gives how the desk told of the row."""

    def go(minutes):
        now = scene.at + timedelta(minutes=minutes)
        with time_machine.travel(now, tick=False):
            client.force_login(coordinator)
            scene.task()
            return scene.left(now), client.get(reverse("admin:index")).context["failed_rows"]

    with time_machine.travel(scene.at, tick=False):
        assert scene.left(scene.at) > scene.bad or not scene.left(scene.at)  # some rows come up in the round itself
    assert go(0) == (scene.bad, [])
    assert go(3) == (scene.bad, [])
    left, (failure,) = go(8)
    assert (left, failure.times, failure.since) == (scene.bad, 3, scene.at)
    kept, row = FailedRow.objects.get(), scene.row()
    assert (kept.model, kept.key, kept.reason) == (row._meta.label_lower, str(row.pk), failure.reason)
    assert failure.reason and failure.what != kept.round
    assert_not_leaked("@", failure.reason)
    scene.mend()
    assert go(60) == (set(), [])
    assert FailedRow.objects.count() == 0
    return failure
