"""A published plan of Kaisa's area."""

from datetime import date

import pytest

from plans.models import Goal, Indicator, Measure, Plan
from tests.conftest import LONG_AGO


@pytest.fixture
def plan(world, term):
    """One goal with one measure and two indicators."""
    planned = term("goal_statuses", "suunniteltu", order=1)
    going_on = term("goal_statuses", "kaynnissa", order=2)
    plan = Plan.objects.create(
        area=world.area,
        slug="suunnitelma-2026-2027",
        title="Toimintasuunnitelma 2026–2027",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
        mission="Nuori saa hyvää nuorisotyötä.",
        approved_on=date(2026, 1, 21),
        approved_by=world.iso,
        published_at=LONG_AGO,
    )
    goal = Goal.objects.create(plan=plan, code="1", title="Verkostot toimivat", status=going_on, order=1)
    measure = Measure.objects.create(
        goal=goal,
        code="1.1",
        title="Yhteyshenkilö jokaiseen kuntaan",
        due_on=date(2026, 12, 31),
        owner_role=term("contact_roles", "aluekoordinaattori"),
        owner=world.kaisa,
        status=going_on,
        progress=80,
    )
    measure.partners.add(world.employer)
    Measure.objects.create(goal=goal, code="1.2", title="Kymmenen tapaamista", status=planned, progress=20)
    unit = term("indicator_units", "kpl")
    Indicator.objects.create(goal=goal, code="laatu", title="Laatukävelyt", unit=unit, baseline=2, target=10, current=5)
    Indicator.objects.create(
        goal=goal, code="tapaamiset", title="Tapaamiset", unit=unit, source=Indicator.COMPUTED, baseline=13, target=18
    )
    return plan
