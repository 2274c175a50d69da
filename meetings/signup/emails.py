"""Letters of sign-up: to confirm an address; a place, a turn in line, an offer, an offer lapsed, sign-up taken back."""

from typing import Any

from django.utils import timezone

from lib.absolute_urls import absolute_url
from lib.text.dates import format_period
from lib.text.mailboxes import header_address
from lib.tokens import sign
from meetings.invitations.emails import PLACE, is_in_calendar, language_of, meeting_letter, reply_to
from meetings.models import Participation, SignUpRequest
from outbox.compose import letter
from outbox.models import Delivery, Priority

WAITING, OFFER, LAPSED, WITHDRAWN = "meeting-waiting", "meeting-offer", "meeting-lapsed", "meeting-withdrawn"
CONFIRM = "meeting-confirm"


def place_status(participation: Participation) -> Delivery:
    """Tells how one person stands now. Only a place brings a calendar entry, and giving it up takes it out again."""
    kind, method, words = _place_status(participation)
    bringer = participation.brought_by
    reader = bringer if bringer and not participation.address else participation
    return meeting_letter(
        participation,
        kind,
        f"meetings/signup/emails/{kind.removeprefix('meeting-')}",
        method if reader is participation else "",
        version=f"{participation.stood_at:%Y%m%d%H%M%S%f}",
        words=words | _about(participation, reader),
        to=reader,
        priority=Priority.URGENT if kind == OFFER else Priority.ORDINARY,
    )


def _place_status(participation: Participation) -> tuple[str, str, dict[str, Any]]:
    """The kind of letter, the calendar's method and the words."""
    if participation.has_place:
        return PLACE, "REQUEST", {}
    offer = participation.offers.open().first()
    if offer is not None:
        language = language_of(participation)
        zone = participation.meeting.time_zone
        return OFFER, "", {"deadline": format_period(offer.expires_at, None, zone, language)}
    if participation.is_queued:
        return WAITING, "", _waiting(participation)
    has_lapsed = participation.answer == "" and participation.offers.exclude(lapsed_at=None).exists()
    return LAPSED if has_lapsed else WITHDRAWN, "CANCEL" if is_in_calendar(participation) else "", {}


def _about(participation: Participation, reader: Participation | None) -> dict[str, Any]:
    """Whose letter this is when it is not the reader's own, and the colleagues who were only counted."""
    if reader is not participation:
        return {"colleague": str(participation)}
    return {"colleague": "", "along": participation.colleagues.only_counted().numbers()}


def _waiting(participation: Participation) -> dict[str, Any]:
    """The turn in line, and why others come first where each municipality gets one place."""
    rules, now = participation.meeting.signup, timezone.now()
    waiting_list = rules.waiting_list_of(participation, now)
    words = {"turn": waiting_list.position_of(participation), "town": ""}
    if rules.fair_until and waiting_list.holds_back(participation):
        until = format_period(rules.fair_until, None, participation.meeting.time_zone, language_of(participation))
        words |= {"town": participation.comes_from, "until": until}
    return words


def ask_to_confirm(request: SignUpRequest) -> Delivery:
    """The letter whose link signs up. It tells a stranger nothing but the meeting's public facts."""
    meeting, language = request.signup.meeting, request.language
    return letter(
        "meetings/signup/emails/confirm",
        to=header_address(request.name, request.email),
        language=language,
        context={
            "area": meeting.area,
            "meeting": meeting,
            "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language),
            "confirm_url": absolute_url(
                "meetings:signup-confirm", sign("meetings.confirm", request.pk), language=language
            ),
        },
        kind=CONFIRM,
        reply_to=reply_to(meeting),
        priority=Priority.URGENT,
        now=timezone.now(),
    )
