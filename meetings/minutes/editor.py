"""What stands in the boxes of the page on which minutes are written."""

from typing import Any

from meetings.models import Meeting, Minutes

WHOLE = "whole"


class MinutesEditor:
    """The whole meeting and each item, with notes, decisions, tasks, and what was typed and could not be kept."""

    def __init__(self, meeting: Meeting, more: str = "", clash: Any = None, refused: Any = None) -> None:
        """`more` ("task-7") names a box to open; `clash` and `refused` come from a form that was not kept."""
        self.meeting, self.more, self.clash, self.refused = meeting, more, clash, refused
        self.decisions = list(meeting.decisions.in_order())
        self.tasks = list(meeting.tasks.with_places().order_by("pk"))

    def whole(self) -> dict[str, Any]:
        """The box of the whole meeting."""
        return self._box(Minutes.objects.of(self.meeting), None)

    def sections(self) -> list[dict[str, Any]]:
        """A box per item. In a break nobody writes, unless somebody has."""
        boxes = [self._box(slot.item, slot) for slot in self.meeting.timetable().slots]
        return [box for box in boxes if not box["note"].is_break or box["notes"] or box["decisions"] or box["tasks"]]

    def _box(self, note: Any, slot: Any) -> dict[str, Any]:
        own = slot.item.pk if slot else None
        box = {"slot": slot, "note": note, "notes": note.notes, "item": own or "", "open": self._open(own)}
        box["decisions"] = [row for row in self.decisions if row.item_id == own]
        box["tasks"] = [row for row in self.tasks if row.item_id == own]
        if self.clash and self.clash["note"] == note:
            box |= {"theirs": self.clash["theirs"], "notes": self.clash["mine"]}
        if self.refused and box["open"]:
            box |= {"data": self.refused[1].data, "errors": self.refused[1].errors}
        return box

    def _open(self, own: int | None) -> str:
        """Which line of this box is open to write on: "decision", "task" or none."""
        if self.refused:
            kind, form = self.refused
            return kind if form.data.get("item", "") == str(own or "") else ""
        kind, _dash, box = self.more.partition("-")
        return kind if box == str(own or WHOLE) else ""
