"""Demo content of the plans room: an action plan with its goals, measures and indicators.

The portal counts the indicators whose source is "laskettu" itself, so their present values are not loaded. A plan lives
by calendar years: its days move by whole years, together with the years in its name.
"""

from datetime import date
from typing import Any

from contacts.models import CoordinationArea, Organisation
from networks.models import Network
from plans.models import Goal, Indicator, Plan
from youthnet.demo.pack_reader import Pack

SOURCES = {"laskettu": Indicator.COMPUTED, "kirjattu": Indicator.ENTERED, "kysely": Indicator.SURVEY}


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    row = pack.file("plan")["plan"]
    plan, _is_new = Plan.objects.update_or_create(slug=row["slug"], defaults={"area": area} | _plan(pack, row))
    for order, goal in enumerate(row["goals"], start=1):
        load_goal(pack, plan, goal, order)
    plan.index()


def _plan(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    starts_on = row["period"]["start"]
    title = row["title"].replace(str(starts_on.year), str(_moved(pack, starts_on).year))
    title = title.replace(str(row["period"]["end"].year), str(_moved(pack, row["period"]["end"]).year))
    approved_on = _moved(pack, row["approved"]["date"])
    return {
        "title": title,
        "starts_on": _moved(pack, starts_on),
        "ends_on": _moved(pack, row["period"]["end"]),
        "mission": row["mission"],
        "text": _list("Koordinaattorin tehtävät", row["coordinator_tasks"]),
        "funder": Organisation.objects.get(slug=row["funder"]),
        "funding_instrument": row["funding_instrument"],
        "approved_on": approved_on,
        "approved_by": Network.objects.get(slug=row["approved"]["by"]),
        "published_at": pack.moment(row["approved"]["date"]),
    }


def load_goal(pack: Pack, plan: Plan, row: dict[str, Any], order: int) -> None:
    goal, _is_new = Goal.objects.update_or_create(
        plan=plan,
        code=row["code"],
        defaults={
            "title": row["title"],
            "description": row["description"],
            "status": pack.term("goal_statuses", row["status"]),
            "order": order,
        },
    )
    for place, measure in enumerate(row["measures"], start=1):
        goal.measures.update_or_create(code=measure["code"], defaults=_measure(pack, measure) | {"order": place})
    for place, indicator in enumerate(row["indicators"], start=1):
        counted = _indicator(pack, indicator) | {"order": place}
        goal.indicators.update_or_create(code=indicator["code"], defaults=counted)


def _measure(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "due_on": _moved(pack, row["due"]),
        "owner_role": pack.term("contact_roles", row["owner"]),
        "status": pack.term("goal_statuses", row["status"]),
        "progress": row["progress"],
    }


def _indicator(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    source = SOURCES[row["source"]]
    return {
        "title": row["title"],
        "unit": pack.term("indicator_units", row["unit"]),
        "source": source,
        "baseline": row["baseline"],
        "target": row["target"],
        "current": None if source == Indicator.COMPUTED else row["current"],
    }


def _moved(pack: Pack, day: date) -> date:
    """The same day so many whole years later as the rest of the pack has moved weeks."""
    years = round(pack.offset.days / 365.25)
    return day.replace(year=day.year + years)


def _list(title: str, lines: list[str]) -> str:
    return f"<h2>{title}</h2><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
