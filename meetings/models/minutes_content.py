"""The content of minutes as data: the same for the page, print, PDF, letter and the kept copy of each version."""

from datetime import date, datetime
from typing import Any

Content = dict[str, Any]


def content_of(minutes: Any) -> Content:
    """Everything written of a meeting, as JSON can hold it; `with_dates` gives the days back as days."""
    meeting = minutes.meeting
    items = list(meeting.agenda.in_order().with_rows())
    loose: Any = {"decisions": meeting.decisions.filter(item=None).in_order()}
    loose["tasks"] = meeting.tasks.filter(item=None).with_places().order_by("pk")
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "zone": meeting.time_zone,
        "place": meeting.place,
        "present": meeting.participations.came().count(),
        "notes": minutes.notes,
        "written": [_item(item) for item in items if not item.is_break or item.notes],
        "decisions": _decisions(loose["decisions"]),
        "tasks": _tasks(loose["tasks"]),
    }


def content_for(minutes: Any, user: Any) -> Content:
    """What this reader may see: the present words while they are written or commented, else the last approved ones."""
    meeting = minutes.meeting
    if not minutes.is_approved and (minutes.may_write(user) or (minutes.sent_at and meeting.may_see_link(user))):
        return content_of(minutes)
    return minutes.versions.order_by("number").last().content


def with_dates(content: Content) -> Content:
    """For a template: moments and days instead of their letters."""
    moments = {name: datetime.fromisoformat(content[name]) for name in ("starts_at", "ends_at")}
    items = [item | {"tasks": _days(item["tasks"])} for item in content["written"]]
    return content | moments | {"written": items, "tasks": _days(content["tasks"])}


def _item(item: Any) -> Content:
    facts = {"pk": item.pk, "title": item.title, "leader": item.leader, "notes": item.notes}
    return facts | {"decisions": _decisions(item.decisions.all()), "tasks": _tasks(item.tasks.all())}


def _decisions(rows: Any) -> list[Content]:
    return [{"number": row.reference, "text": row.text} for row in rows]


def _tasks(rows: Any) -> list[Content]:
    return [
        {"text": row.text, "doer": row.doer, "due_on": row.due_on.isoformat() if row.due_on else None} for row in rows
    ]


def _days(tasks: list[Content]) -> list[Content]:
    return [task | {"due_on": date.fromisoformat(task["due_on"]) if task["due_on"] else None} for task in tasks]
