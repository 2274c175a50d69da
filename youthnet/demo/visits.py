"""Demo content: reports of visits to municipalities, visits written down afterwards, and meetings held by others."""

from typing import Any

from django.utils import timezone

from contacts.models import CoordinationArea, Municipality, User
from meetings.exceptions import VisitKnown
from meetings.models import ExternalNotes, Meeting, VisitReport
from networks.models import Network
from youthnet.demo.meetings import MODES
from youthnet.demo.minutes import person
from youthnet.demo.pack_reader import Pack

EVERYBODY = "kaikki"
VISIT = "kuntavierailu"


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    coordinator = person("aluekoordinaattori")
    for row in pack.file("meetings")["meetings"]:
        if row["type"] == VISIT:
            load_report(Meeting.objects.get(slug=row["slug"]), row, coordinator)
    for row in pack.file("visits")["visits"]:
        if coordinator:
            load_visit(pack, area, row, coordinator)
    known = {network["slug"]: network for network in pack.file("external_networks")["networks"]}
    for row in pack.file("visits")["external"]:
        load_external(pack, area, row, known[row["network"]])


def load_report(meeting: Meeting, row: dict[str, Any], coordinator: User | None) -> None:
    """Of a planned visit: where it goes, and once it has been made what the pack tells. Written over nobody's words."""
    told, report = row.get("visit_report", {}), VisitReport.objects.of(meeting)
    if report.pk:
        return
    words = {name: "\n".join(told.get(name, [])) for name in ("strengths", "needs")}
    words |= {"met_number": told.get("met_people"), "talked": " ".join(row["description"].split()) if told else ""}
    places = Municipality.objects.filter(pk__in=[meeting.municipality_id, *row.get("extra_municipalities", [])])
    now, went = timezone.now(), [coordinator] if coordinator else []
    report.store(now, list(places), went, **(words if meeting.is_over(now) else {}))
    for text in told.get("agreed", []) if meeting.is_over(now) else []:
        report.follow_up(text, meeting.ends_at, owner=coordinator)


def load_visit(pack: Pack, area: CoordinationArea, row: dict[str, Any], coordinator: User) -> None:
    """A visit written down afterwards; at a second loading it is known already."""
    places = list(Municipality.objects.filter(pk__in=row["municipalities"]).alphabetical())
    told = {name: row.get(name, "") for name in ("met", "talked", "strengths", "needs", "follow_up")}
    told |= {"met_number": row.get("met_number"), "topics": pack.terms("topics", row.get("topics"))}
    visited_on: Any = pack.day(row["date"])
    try:
        report = VisitReport.objects.log(area, places, visited_on, coordinator, timezone.now(), **told)
    except VisitKnown:
        return
    if row.get("done"):
        for task in report.meeting.tasks.all():
            task.finish(timezone.now())


def load_external(pack: Pack, area: CoordinationArea, row: dict[str, Any], network: dict[str, Any]) -> None:
    """A meeting of a network that others run, as the pack's register names it; members of the big network see it."""
    starts_at, now = pack.moment(row["start"]), timezone.now()
    facts: dict[str, Any] = {"area": area, "starts_at": starts_at, "ends_at": pack.moment(row["end"])}
    facts |= {name: row[name] for name in ("title", "summary", "keywords")}
    facts |= {"kind": pack.term("event_types", "verkostotapaaminen"), "mode": MODES[row["mode"]], "is_external": True}
    facts |= {"held_by": network["coordinator"] or network["name"], "visibility": Meeting.MEMBERS}
    facts |= {"place_name": row.get("place", ""), "town": row.get("town", "")}
    facts["municipality"] = Municipality.objects.filter(pk=row.get("municipality")).first()
    meeting, is_new = Meeting.objects.update_or_create(slug=row["slug"], defaults=facts)
    if is_new:
        meeting.publish(now)
    meeting.themes.set(pack.terms("topics", network["topics"]))
    meeting.networks.set(Network.objects.none())
    meeting.index()
    if row.get("came_out"):
        notes = {name: row[name] for name in ("represented_by", "brought", "came_out")}
        notes["visibility"] = ExternalNotes.PUBLIC if row.get("notes") == EVERYBODY else ExternalNotes.MEMBERS
        ExternalNotes.objects.get_or_create(meeting=meeting, defaults=notes)
