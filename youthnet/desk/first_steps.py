"""What the desk shows of areas that are new: steps that are not done, and areas that nobody coordinates yet."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from contacts.models import CoordinationArea, Coordinator, CoordinatorInvitation, SetupStep


@dataclass(frozen=True)
class NewArea:
    """An area with all of its steps, or with the invitations that nobody has accepted."""

    area: CoordinationArea
    steps: list[SetupStep] = field(default_factory=list)
    invitations: list[CoordinatorInvitation] = field(default_factory=list)


def first_steps(user: Any, now: datetime) -> dict[str, Any]:
    """Empty lists where everything is done. Inviting is for superusers only."""
    steps = SetupStep.objects.run_by(user).with_state().select_related("area").in_order()
    by_area = [NewArea(area, list(rows)) for area, rows in groupby(steps, key=lambda step: step.area)]
    unfinished = [row for row in by_area if not all(step.is_done for step in row.steps)]  # type: ignore[attr-defined]
    if not user.is_superuser:
        return {"areas": unfinished, "no_area": False, "without_coordinator": []}
    return {
        "areas": unfinished,
        "no_area": not CoordinationArea.objects.exists(),
        "without_coordinator": _without_coordinator(now),
    }


def _without_coordinator(now: datetime) -> list[NewArea]:
    coordinated = Coordinator.objects.current(timezone.localdate(now)).values("area")
    areas = list(CoordinationArea.objects.exclude(pk__in=coordinated).alphabetical())
    waiting = CoordinatorInvitation.objects.unanswered().filter(area__in=areas)
    return [NewArea(area, invitations=[each for each in waiting if each.area_id == area.pk]) for area in areas]
