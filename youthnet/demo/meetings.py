"""Demo content of the meetings room: a year of meetings, with heads counted where the pack tells only how many came."""

from datetime import datetime, time, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from contacts.models import CoordinationArea, Municipality, Organisation, User
from lib.text.richtext import html_from_markdown
from meetings.models import Meeting, Participation, ReminderRule
from meetings.models.reminder_rule import Plan
from networks.models import Network
from youthnet.demo.pack_reader import ZONE, Pack

MODES = {"lahi": Meeting.ONSITE, "eta": Meeting.ONLINE, "hybridi": Meeting.HYBRID}
VISIBILITY = {"julkinen": Meeting.PUBLIC, "jasenet": Meeting.MEMBERS, "verkosto": Meeting.NETWORK}
DRAFT, CANCELLED = "luonnos", "peruttu"


def load(pack: Pack) -> None:
    area = CoordinationArea.objects.get(slug=pack.file("pages")["region_page"]["slug"])
    load_timelines(pack)
    for row in pack.file("meetings")["meetings"]:
        meeting = load_meeting(pack, area, row)
        load_members(meeting)
        load_heads(meeting, row)


def load_timelines(pack: Pack) -> None:
    """Networks that remind otherwise than usual."""
    for row in pack.file("networks")["networks"]:
        network = Network.objects.get(slug=row["slug"])
        changed = {step: Plan(step, True, **facts) for step, facts in row.get("reminders", {}).items()}
        before = ReminderRule.objects.timeline_of_network(network)
        ReminderRule.objects.store(before, before | changed, timezone.now(), network=network)


def load_meeting(pack: Pack, area: CoordinationArea, row: dict[str, Any]) -> Meeting:
    details = {"area": area} | _texts(pack, row) | _place(row) | _states(pack, row)
    starts_at, ends_at = pack.moment(row["start"]), pack.moment(row["end"])
    meeting, _is_new = Meeting.objects.update_or_create(
        slug=row["slug"], defaults=details | {"starts_at": starts_at, "ends_at": ends_at}
    )
    slugs = [*row["networks"], row.get("working_group", "")]
    meeting.networks.set(Network.objects.filter(slug__in=slugs))
    meeting.index()
    return meeting


def _texts(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "kind": pack.term("event_types", row["type"]),
        "mode": MODES[row["mode"]],
        "visibility": VISIBILITY[row.get("visibility", "julkinen")],
        "summary": row["summary"],
        "description": html_from_markdown(row.get("description", "")),
        "price_note": row.get("price", {}).get("note", ""),
        "join_url": row.get("online_url") or "",
    }


def _place(row: dict[str, Any]) -> dict[str, Any]:
    place = row.get("location", {})
    return {
        "place_name": place.get("name", ""),
        "street_address": place.get("address", ""),
        "postcode": place.get("postal_code", ""),
        "town": place.get("city", ""),
        "municipality": Municipality.objects.filter(code=place.get("municipality")).first(),
        "accessibility": place.get("accessibility", ""),
    }


def _states(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    """Published eight weeks before, but never after the day of loading. A cancellation is a new version."""
    loaded_at = datetime.combine(pack.today, time(0), tzinfo=ZONE)
    starts_at = pack.moment(row["start"]) or loaded_at
    published_at = min(starts_at - timedelta(weeks=8), loaded_at)
    cancelled = row.get("cancelled", {})
    return {
        "published_at": None if row["status"] == DRAFT else published_at,
        "cancelled_at": pack.moment(cancelled.get("when")) if row["status"] == CANCELLED else None,
        "cancel_reason": cancelled.get("reason", ""),
        "sequence": 1 if row["status"] == CANCELLED else 0,
    }


def load_members(meeting: Meeting) -> None:
    """The members of its networks stand on the list of a meeting still to come, so that they can answer."""
    if not meeting.is_draft and not meeting.is_over(timezone.now()):
        meeting.participations.list_members(meeting, timezone.now())


def load_heads(meeting: Meeting, row: dict[str, Any]) -> None:
    """People of whom only the number is known: a row each, without a name, made anew at every loading."""
    counted = row.get("attendance", {})
    meeting.participations.filter(user=None, email="", name="").delete()
    came = ["onsite"] * counted.get("onsite", 0) + ["online"] * counted.get("remote", 0)
    if not came:
        Participation.objects.bulk_create(_answered(meeting, counted))
        return
    known = meeting.participations.exclude(attended_at=None).count()
    heads = _came(meeting, came, row)[known:]
    member = None if known else _known_member(meeting)
    if heads and member:
        _name_one(heads, member)
    Participation.objects.bulk_create(heads)


def _known_member(meeting: Meeting) -> User | None:
    """The demo's member came to the meetings of the own networks, so that there is a record to look at."""
    own = User.objects.with_work().filter(email="nuorisotyontekija.saarijarvi@example.org")
    unlisted = own.exclude(participations__meeting=meeting)
    return unlisted.filter(memberships__network__in=meeting.networks.all()).first()


def _name_one(heads: list[Participation], member: User) -> None:
    """One of those who were counted is the member, if somebody of the same employer came, then that one."""
    employer = member.organisation
    head = next((each for each in heads if each.organisation == employer), heads[0])
    head.user, head.organisation, head.municipality = member, employer, member.municipality_of_work()
    head.sector = employer.sector if employer else None


def _came(meeting: Meeting, modes: list[str], row: dict[str, Any]) -> list[Participation]:
    """Those who came, spread over as many municipalities and organisations as the pack tells."""
    employers = _spread_employers(meeting, row)
    own_hours = row.get("certificate_hours") or round((meeting.ends_at - meeting.starts_at).total_seconds() / 3600, 2)
    return [
        Participation(
            meeting=meeting,
            is_guest=True,
            added_at=meeting.published_at or meeting.starts_at,
            attended_at=meeting.starts_at,
            attended_mode=mode,
            hours=own_hours,
            municipality=town,
            organisation=employer,
            sector=employer.sector if employer else None,
        )
        for mode, (town, employer) in zip(modes, cycle(employers), strict=False)
    ]


def _answered(meeting: Meeting, counted: dict[str, int]) -> list[Participation]:
    """Those who have signed up for a meeting still to come, or had signed up for a cancelled one."""
    answered: dict[str, Any] = {"answer": "yes", "answered_at": meeting.published_at, "answered_via": "web"}
    answered |= {"answered_sequence": meeting.sequence, "added_at": meeting.published_at, "is_guest": True}
    return [Participation(meeting=meeting, **answered) for _head in range(counted.get("registered", 0))]


def _spread_employers(meeting: Meeting, row: dict[str, Any]) -> list[tuple[Municipality | None, Organisation | None]]:
    """Pairs of municipality and organisation with that many different ones of each, as far as there are.

    An organisation with a municipality brings its own; people of the others live in one of the towns.
    """
    organisations, municipalities = row["attendance"]["organisations"], row["attendance"]["municipalities"]
    visited = {meeting.municipality_id, *row.get("extra_municipalities", [])}
    towns = sorted(meeting.area.municipalities.alphabetical(), key=lambda town: town.pk not in visited)[:municipalities]
    known = Organisation.objects.current().with_work().order_by("pk")
    employers = [*known.filter(municipality__in=towns), *known.filter(municipality=None)][:organisations]
    pairs = [(employer.municipality or town, employer) for town, employer in zip(cycle(towns or [None]), employers)]
    reached = {town for town, _employer in pairs}
    return [*pairs, *((town, None) for town in towns if town not in reached)] or [(None, None)]
