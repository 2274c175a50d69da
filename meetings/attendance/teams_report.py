"""The attendance report that Teams lets an organiser download: the people in it, and how long each was there.

Somebody with two devices is counted once for any time. Rows are joined by their address only: two rows of one name
without an address may be one person or two, and the coordinator is asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lib.text.addresses import is_address, normal
from lib.text.normal_form import name_of
from meetings.attendance.teams_table import MOST_BYTES, Table, Unreadable, decoded, tables
from meetings.attendance.teams_times import (
    NO_DAY,
    Interval,
    interval,
    is_day_first,
    moment,
    seconds_in,
    seconds_of_union,
)

__all__ = ["MOST_BYTES", "Attendee", "Unreadable", "decoded", "joined_as_one", "people_in", "seconds_in"]

# How far the first of the people may come from the hour of the meeting for both to be written in the same time zone.
SAME_CLOCK = timedelta(minutes=45)

GUEST, PHONE, BOT = "guest", "phone", "bot"
_MARK = re.compile(
    r"\s*\((guest|unverified|external|vieras|vahvistamaton|varmentamaton|ulkoinen|ulkopuolinen|gäst|overifierad"
    r"|ej verifierad|extern|gast|anonymous)\)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?=(?:\D*\d){5})[+(]?[\d\s()*x./-]{6,}", re.IGNORECASE)
# Programs that take notes, by the names under which they join; those that people are called too only with an ending.
_BOT = re.compile(
    r"otter\s?pilot|otter\.ai|\botter ai\b|['’]s otter\b|^otter$|fireflies|\bread[. ]ai\b|\bcopilot\b|\bfathom\b"
    r"|tl;dv|\btldv\b|meetgeek|\bavoma\b|\bsembly\b|supernormal|\bnotta\b|tactiq|circleback|airgram|\blaxis\b"
    r"|\bnoota\b|\bgranola\b|meetrecord|\bspinach\b|\bzoom ai\b|nyota"
    r"|\b(jamie|grain|gong|fellow|krisp|rewatch|bluedot)[. ]?(ai|io|app)\b|note[ -]?tak(er|ing)"
    r"|\bai (notes|assistant|companion)\b|\bmeeting (notes|assistant|recorder|bot)\b|\b(note|recording)?bot\b"
    r"|tekoälyavusta|muistiinpanobot|anteckningsbot|ai-assistent|ai-avusta",
    re.IGNORECASE,
)
_BOT_ADDRESS = re.compile(r"@(.+\.)?(otter\.ai|fireflies\.ai|read\.ai|fathom\.video|tldv\.io|meetgeek\.ai|avoma\.com)$")


@dataclass(frozen=True)
class Attendee:
    """One person of the report, with all stays added up. `joined` and `left` are as Teams wrote them.

    `kind` says of whom it cannot be known who they are: a guest who typed a name, a telephone, a note-taking program.
    """

    name: str
    email: str
    seconds: int
    joined: str = ""
    left: str = ""
    kind: str = ""
    is_timed: bool = True  # False when the report tells nothing of how long
    stays: tuple[Interval, ...] = field(default=(), compare=False)

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def key(self) -> str:
        return self.email or self.name.casefold()

    @property
    def days(self) -> set[date]:
        """The days on which the person was there, as far as they were written."""
        return {moment.date() for stay in self.stays for moment in stay} - {NO_DAY}


def people_in(text: str, meeting: Interval | None = None) -> list[Attendee]:
    """Everybody in a report, in its order; each address once. Raises Unreadable.

    Of a `meeting` (its beginning and end on the clock of the place) nobody was there longer than it lasted.
    """
    found = tables(text)
    day_first = _is_day_first(found, meeting[0].date() if meeting else None)
    rows = [person for row in found[0].rows if (person := _person(row, day_first))]
    if not rows:
        raise Unreadable(_("No people were found in the report."))
    window = _window(rows, meeting)
    actual = _actual_stays(found[1:], day_first)
    rows = [_clipped(_with_stays(row, actual, rows), meeting, window) for row in rows]
    return _by_address(rows, meeting, window)


def joined_as_one(people: list[Attendee], meeting: Interval | None = None) -> Attendee:
    """Rows that turned out to be one person, with their times joined."""
    known = people[0]
    for more in people[1:]:
        known = _joined(known, more)
    return _clipped(known, meeting, _window(people, meeting))


def _is_day_first(found: list[Table], on: date | None) -> bool:
    cells = (row.get(column, "") for table in found for row in table.rows for column in ("joined", "left"))
    return is_day_first(cells, on)


def _person(row: dict[str, str], day_first: bool) -> Attendee | None:
    addresses = (row.get("email", ""), row.get("upn", ""))
    email = next((normal(address) for address in addresses if is_address(address)), "")
    whole = row.get("name", "") or f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
    name = name_of(_MARK.sub("", whole))[:120]
    if not name and not email:
        return None
    joined, left = row.get("joined", ""), row.get("left", "")
    stay = interval(moment(joined, day_first), moment(left, day_first))
    told = seconds_in(row.get("duration", ""))
    seconds = told or (seconds_of_union([stay]) if stay else 0)
    is_timed = bool(row.get("duration") and told) or stay is not None
    return Attendee(name, email, seconds, joined, left, _kind(whole, name, email), is_timed, (stay,) if stay else ())


def _kind(whole: str, name: str, email: str) -> str:
    if _BOT.search(whole) or _BOT_ADDRESS.search(email):
        return BOT
    if _PHONE.fullmatch(name):
        return PHONE
    return GUEST if name != whole.strip()[:120] else ""


def _actual_stays(more: list[Table], day_first: bool) -> dict[str, list[Interval]]:
    """The stays of each address, where the report lists them besides the people."""
    stays: dict[str, list[Interval]] = {}
    for table in more:
        for row in table.rows:
            person = _person(row, day_first)
            if person and person.email:
                stays.setdefault(person.email, []).extend(person.stays)
    return stays


def _with_stays(row: Attendee, actual: dict[str, list[Interval]], rows: list[Attendee]) -> Attendee:
    """The stays behind a row that sums them up: two devices at once are in them."""
    own = actual.get(row.email) if row.email else None
    if not own or sum(each.email == row.email for each in rows) > 1:
        return row
    return replace(row, stays=tuple(own))


def _window(people: Iterable[Attendee], meeting: Interval | None) -> Interval | None:
    """The hours of the meeting, when the report is of its day and of its clock."""
    begins = [stay[0] for each in people for stay in each.stays]
    if not meeting or not begins or abs(min(begins) - meeting[0]) > SAME_CLOCK:
        return None
    return meeting


def _clipped(person: Attendee, meeting: Interval | None, window: Interval | None) -> Attendee:
    """At most what the stays cover together, and at most the whole meeting."""
    seconds = person.seconds
    if person.stays:
        seconds = min(seconds, seconds_of_union(person.stays, window))
    if meeting:
        seconds = min(seconds, round((meeting[1] - meeting[0]).total_seconds()))
    return replace(person, seconds=seconds)


def _by_address(rows: list[Attendee], meeting: Interval | None, window: Interval | None) -> list[Attendee]:
    found: dict[object, Attendee] = {}
    for number, row in enumerate(rows):
        key = row.email or number
        found[key] = _clipped(_joined(found[key], row), meeting, window) if key in found else row
    return list(found.values())


def _joined(known: Attendee, more: Attendee) -> Attendee:
    stays = known.stays + more.stays if known.stays and more.stays else ()
    is_timed = known.is_timed or more.is_timed
    first, last = _ends(known, more)
    total = known.seconds + more.seconds
    return replace(known, seconds=total, joined=first, left=last, is_timed=is_timed, stays=stays)


def _ends(known: Attendee, more: Attendee) -> tuple[str, str]:
    """The first coming and the last leaving, as they were written."""
    if not known.stays or not more.stays:
        return known.joined or more.joined, more.left or known.left
    first = known if min(known.stays) <= min(more.stays) else more
    last = known if _leaving(known) > _leaving(more) else more
    return first.joined, last.left


def _leaving(person: Attendee) -> datetime:
    return max(stay[1] for stay in person.stays)
