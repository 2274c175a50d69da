"""The minutes on one sheet: the same content for the page, print, PDF, letter and the kept copy of each version."""

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from meetings.models.decision import Decision
from meetings.models.task import Task

Sheet = dict[str, Any]


def sheet_of(meeting: Any) -> Sheet:
    """Everything written of a meeting, as JSON can hold it; `opened` gives the days back as days."""
    decisions = Prefetch("decisions", Decision.objects.in_order())
    tasks = Prefetch("tasks", Task.objects.with_places().order_by("pk"))
    items = list(meeting.agenda.in_order().prefetch_related(decisions, tasks))
    loose: Any = {"decisions": meeting.decisions.filter(item=None).in_order()}
    loose["tasks"] = meeting.tasks.filter(item=None).with_places().order_by("pk")
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "zone": meeting.time_zone,
        "place": meeting.place,
        "present": meeting.participations.came().count(),
        "notes": meeting.minutes().notes,
        "written": [_item(item) for item in items if not item.is_break or item.notes],
        "decisions": _decisions(loose["decisions"]),
        "tasks": _tasks(loose["tasks"]),
    }


def sheet_for(minutes: Any, user: Any) -> Sheet:
    """What this reader may see: the present words while they are written or commented, else the last approved ones."""
    meeting = minutes.meeting
    if not minutes.is_approved and (minutes.may_write(user) or (minutes.sent_at and meeting.may_see_link(user))):
        return sheet_of(meeting)
    return minutes.versions.order_by("number").last().content


def opened(sheet: Sheet) -> Sheet:
    """For a template: moments and days instead of their letters."""
    moments = {name: datetime.fromisoformat(sheet[name]) for name in ("starts_at", "ends_at")}
    items = [item | {"tasks": _days(item["tasks"])} for item in sheet["written"]]
    return sheet | moments | {"written": items, "tasks": _days(sheet["tasks"])}


def _item(item: Any) -> Sheet:
    facts = {"pk": item.pk, "title": item.title, "leader": item.leader, "notes": item.notes}
    return facts | {"decisions": _decisions(item.decisions.all()), "tasks": _tasks(item.tasks.all())}


def _decisions(rows: Any) -> list[Sheet]:
    return [{"number": row.reference, "text": row.text} for row in rows]


def _tasks(rows: Any) -> list[Sheet]:
    return [
        {"text": row.text, "doer": row.doer, "due_on": row.due_on.isoformat() if row.due_on else None} for row in rows
    ]


def _days(tasks: list[Sheet]) -> list[Sheet]:
    return [task | {"due_on": date.fromisoformat(task["due_on"]) if task["due_on"] else None} for task in tasks]
