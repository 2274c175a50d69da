"""The public pages of action plans."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import Goal, Measure, Plan
from tests.leaks import assert_not_leaked


def queries_of(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_everybody_reads_the_plan_with_its_goals_measures_and_indicators(client, plan, world):
    page = client.get(plan.get_absolute_url())
    words = page.content.decode()
    assert page.status_code == 200
    for shown in [plan.title, plan.mission, "Verkostot toimivat", "Laatukävelyt", world.employer.name]:
        assert shown in words
    assert page.context["progress"] == 50
    assert 'value="80"' in words


def test_a_figure_that_nobody_counts_is_told_as_such(client, plan):
    """Real use 15: the plan does not send its readers to a report that does not exist."""
    page = client.get(plan.get_absolute_url()).text
    assert ("Portaali ei laske tätä vielä" in page, "vuosiraport" in page) == (True, False)


def test_the_page_names_the_post_in_charge_and_not_the_person(client, plan, world):
    page = client.get(plan.get_absolute_url())
    assert "Aluekoordinaattori" in page.text
    assert_not_leaked(world.kaisa.name, page)
    assert_not_leaked(world.kaisa.email, page)


def test_the_list_shows_published_plans_newest_first(client, plan, world):
    older = Plan.objects.create(
        area=world.area,
        slug="vanha",
        title="Vanha",
        starts_on=date(2020, 1, 1),
        ends_on=date(2021, 12, 31),
        published_at=plan.published_at,
    )
    assert list(client.get(reverse("plans:plan-list")).context["page"]) == [plan, older]


@pytest.mark.parametrize("who", [None, "aino", "kerttu", "kaisa"])
def test_a_draft_has_no_public_page(client, plan, world, who):
    Plan.objects.update(published_at=None)
    if who:
        client.force_login(getattr(world, who))
    assert list(client.get(reverse("plans:plan-list")).context["page"]) == []
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_an_empty_list_says_so(client, db):
    assert client.get(reverse("plans:plan-list")).status_code == 200


def test_a_plan_is_current_on_the_days_of_its_period(plan):
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    assert [plan in Plan.objects.current(day) for day in days] == [False, True, True, False]


def test_a_long_plan_asks_as_much_as_a_short_one(client, plan):
    queries_of(client, plan.get_absolute_url())
    short = queries_of(client, plan.get_absolute_url())
    for number in range(2, 26):
        goal = Goal.objects.create(plan=plan, code=str(number), title="Tavoite", order=number)
        Measure.objects.create(goal=goal, code="1", title="Toimenpide")
    assert queries_of(client, plan.get_absolute_url()) == short


def test_a_long_list_asks_as_much_as_a_short_one(client, plan):
    url = reverse("plans:plan-list")
    queries_of(client, url)
    short = queries_of(client, url)
    for number in range(15):
        Plan.objects.create(
            area=plan.area,
            slug=f"p{number}",
            title="x",
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            published_at=plan.published_at,
        )
    assert queries_of(client, url) == short
