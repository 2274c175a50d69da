"""Plans on the desk: written, published, started anew, by the coordinator of the area alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from plans.models import Goal, Indicator, Plan

PLANS = "admin:plans_plan_changelist"


def change(thing):
    return reverse(f"admin:plans_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.fixture
def desk(sign_in, world):
    return sign_in(world.kaisa)


def test_kaisa_writes_a_plan_with_a_goal(desk, world):
    asked = {
        "area": world.area.pk,
        "title": "Suunnitelma 2028",
        "slug": "suunnitelma-2028",
        "starts_on": "2028-01-01",
        "ends_on": "2028-12-31",
        "goals-TOTAL_FORMS": 1,
        "goals-INITIAL_FORMS": 0,
        "goals-0-code": "1",
        "goals-0-title": "Verkostot",
        "goals-0-order": 1,
    }
    answer = desk.post(reverse("admin:plans_plan_add"), asked)
    assert answer.status_code == 302, answer.context["errors"]
    assert Goal.objects.get().plan == Plan.objects.get()


def test_a_period_that_ends_before_it_begins_is_refused(desk, world):
    asked = {
        "area": world.area.pk,
        "title": "x",
        "slug": "x",
        "starts_on": "2028-12-31",
        "ends_on": "2028-01-01",
        "goals-TOTAL_FORMS": 0,
        "goals-INITIAL_FORMS": 0,
    }
    assert desk.post(reverse("admin:plans_plan_add"), asked).status_code == 200
    assert Plan.objects.count() == 0


def test_kaisa_enters_progress_and_numbers_of_a_goal(desk, plan):
    goal = plan.goals.get()
    measure = goal.measures.in_order()[0]
    entered, computed = goal.indicators.in_order()
    asked = {
        "plan": plan.pk,
        "code": goal.code,
        "title": goal.title,
        "order": 1,
        "measures-TOTAL_FORMS": 1,
        "measures-INITIAL_FORMS": 1,
        "measures-0-id": measure.pk,
        "measures-0-code": measure.code,
        "measures-0-title": measure.title,
        "measures-0-order": 0,
        "measures-0-progress": 95,
        "indicators-TOTAL_FORMS": 2,
        "indicators-INITIAL_FORMS": 2,
    }
    for number, indicator in enumerate([entered, computed]):
        asked |= {
            f"indicators-{number}-id": indicator.pk,
            f"indicators-{number}-code": indicator.code,
            f"indicators-{number}-title": indicator.title,
            f"indicators-{number}-source": indicator.source,
            f"indicators-{number}-order": 0,
        }
    answer = desk.post(change(goal), asked | {"indicators-1-current": "14"})
    assert answer.status_code == 200, "the portal counts this one itself"
    answer = desk.post(change(goal), asked | {"indicators-0-current": "7", "measures-0-progress": 101})
    assert answer.status_code == 200
    answer = desk.post(change(goal), asked | {"indicators-0-current": "7"})
    assert answer.status_code == 302
    measure.refresh_from_db()
    entered.refresh_from_db()
    assert (measure.progress, entered.current) == (95, Decimal(7))


def test_the_next_period_starts_from_the_last(desk, plan, world):
    answer = desk.post(reverse(PLANS), {"action": "start_next", "_selected_action": [plan.pk]})
    following = plan.followers.get()
    assert answer["Location"] == change(following)
    assert (following.starts_on, following.ends_on) == (date(2028, 1, 1), date(2029, 12, 31))
    assert following.title == "Toimintasuunnitelma 2028–2029"
    assert (following.published_at, following.approved_on) == (None, None)
    goal = following.goals.get()
    assert (goal.title, goal.status.code) == ("Verkostot toimivat", "suunniteltu")
    first, second = goal.measures.in_order()
    assert (first.progress, first.due_on, first.owner, list(first.partners.all())) == (
        0,
        None,
        world.kaisa,
        [world.employer],
    )
    assert second.title == "Kymmenen tapaamista"
    entered, computed = goal.indicators.in_order()
    assert (entered.baseline, entered.target, entered.current) == (5, None, None)
    assert (computed.source, computed.baseline) == (Indicator.COMPUTED, 13)
    assert plan.goals.get().measures.in_order().first().progress == 80


def test_the_next_period_is_started_once(desk, plan):
    for _press in range(2):
        answer = desk.post(reverse(PLANS), {"action": "start_next", "_selected_action": [plan.pk]}, follow=True)
    assert plan.followers.count() == 1
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_school_year_is_followed_by_a_school_year(plan):
    Plan.objects.update(starts_on=date(2026, 8, 1), ends_on=date(2027, 7, 31))
    plan.refresh_from_db()
    following = plan.start_next()
    assert (following.starts_on, following.ends_on) == (date(2027, 8, 1), date(2028, 7, 31))


def test_kaisa_publishes_a_draft(desk, plan, client):
    Plan.objects.update(published_at=None)
    desk.post(reverse(PLANS), {"action": "publish", "_selected_action": [plan.pk]})
    assert client.get(plan.get_absolute_url()).status_code == 200


# --- who may not ---


def test_the_other_areas_coordinator_neither_sees_nor_starts_the_plan(sign_in, world, plan):
    client = sign_in(world.kerttu)
    assert list(client.get(reverse(PLANS)).context["cl"].queryset) == []
    for thing in [plan, plan.goals.get()]:
        assert client.get(change(thing)).status_code == 302
        assert client.post(change(thing), {"title": "Kaapattu"}).status_code == 302
    for action in ["publish", "start_next"]:
        client.post(reverse(PLANS), {"action": action, "_selected_action": [plan.pk]})
    assert Plan.objects.get().title == plan.title


def test_the_other_areas_coordinator_cannot_hang_a_goal_on_the_plan(sign_in, world, plan):
    asked = {
        "plan": plan.pk,
        "code": "9",
        "title": "Vieras",
        "order": 1,
        "measures-TOTAL_FORMS": 0,
        "measures-INITIAL_FORMS": 0,
        "indicators-TOTAL_FORMS": 0,
        "indicators-INITIAL_FORMS": 0,
    }
    assert sign_in(world.kerttu).post(reverse("admin:plans_goal_add"), asked).status_code == 200
    assert Goal.objects.count() == 1


@pytest.mark.parametrize("who", ["aino", "niilo"])
def test_members_have_no_desk(sign_in, world, plan, who):
    assert sign_in(getattr(world, who)).get(change(plan))["Location"].startswith(reverse("admin:login"))


def test_without_signing_in_there_is_no_desk(client, plan):
    assert client.post(reverse(PLANS), {"action": "start_next", "_selected_action": [plan.pk]}).status_code == 302
    assert Plan.objects.count() == 1
