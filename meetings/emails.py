"""The room's letters: invitation, change, cancellation. Each carries the meeting for the recipient's calendar."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from meetings.entries import entry_of, organiser_of
from meetings.ical import Entry, Person, calendar_text, line
from meetings.models import Meeting, Participation
from networks.models import Network
from outbox.models import Delivery, Priority
from youthnet.links import absolute_url
from youthnet.mail import letter
from youthnet.tokens import sign
from youthnet.when import when

INVITATION, UPDATE, CANCELLATION = "meeting-invitation", "meeting-update", "meeting-cancellation"
PLACE = "meeting-place"  # who has signed up and got a place: the calendar entry comes with it


def invitation(participation: Participation) -> Delivery:
    """Asks one person to a meeting, with a calendar entry to answer (METHOD:REQUEST) unless a place is needed first."""
    return write(participation, INVITATION, "meetings/emails/invitation", _request(participation))


def update(participation: Participation) -> Delivery:
    """Tells that a meeting has changed, with the new calendar entry."""
    return write(participation, UPDATE, "meetings/emails/update", _request(participation))


def cancellation(participation: Participation, in_calendar: bool) -> Delivery:
    """Tells that a meeting is called off, and takes it out of the calendar (METHOD:CANCEL)."""
    method = "CANCEL" if in_calendar else ""
    return write(participation, CANCELLATION, "meetings/emails/cancellation", method, priority=Priority.URGENT)


def left_the_house(participation: Participation) -> bool:
    """Whether an invitation or a change was really sent, or may be on its way at this moment."""
    return _gone(participation).filter(kind__in=[INVITATION, UPDATE, PLACE]).exists()


def is_in_calendar(participation: Participation) -> bool:
    """Whether the last calendar entry that was really sent put the meeting in."""
    last = _gone(participation).exclude(calendar="").order_by("-pk").first()
    return last is not None and last.calendar_method == "REQUEST"


def overtake(participation: Participation, now: datetime) -> None:
    """Stop what still waits in the outbox: a newer word about the same meeting takes its place."""
    told = _letters_of(participation).filter(kind__in=[INVITATION, UPDATE, CANCELLATION])
    told.stop(now, _("A newer letter about the same meeting took its place."))


def answer_url(participation: Participation, answer: str = "", language: str | None = None) -> str:
    """The personal link by which one answers without signing in."""
    page = absolute_url("meetings:answer", sign("answer", participation.pk), language=language)
    return f"{page}?answer={answer}" if answer else page


def own_url(participation: Participation, language: str | None = None) -> str:
    """The personal page of somebody who signs up: the place, the turn in line, the offer."""
    return absolute_url("meetings:signup-own", sign("meetings.signup", participation.pk), language=language)


def _request(participation: Participation) -> str:
    """Where there is sign-up, only those with a place get a calendar entry."""
    return "REQUEST" if participation.has_place or not participation.meeting.rules_of_signup() else ""


def _gone(participation: Participation) -> Any:
    return _letters_of(participation).filter(Q(sent_at__isnull=False) | Q(claimed_at__isnull=False))


def _letters_of(participation: Participation) -> Any:
    return Delivery.objects.filter(kind__startswith="meeting-", reference__startswith=participation.reference)


def write(
    participation: Participation,
    kind: str,
    template: str,
    method: str,
    *,
    version: str = "",
    words: Mapping[str, Any] | None = None,
    to: Participation | None = None,
    **more: Any,
) -> Delivery:
    """One letter about one person's part, with a calendar entry when there is a method. `to` reads it for them."""
    reader = to or participation
    meeting, language = participation.meeting, language_of(reader)
    network = _inviting_network(meeting)
    organiser = organiser_of(network)
    with translation.override(language):
        context = _context(participation, network, language) | dict(words or {})
        calendar = (
            calendar_text(_entry(participation, method, language), method, organiser, _attendee(participation))
            if method
            else None
        )
    return letter(
        template,
        to=formataddr((reader.own_name, reader.address)),
        language=language,
        context=context,
        kind=kind,
        reference=participation.reference + (version or _version(meeting)),
        area_id=meeting.area_id,
        from_email=formataddr((line(organiser.name), organiser.address)),
        reply_to=reply_to(meeting),
        calendar=calendar,
        calendar_method=method or "REQUEST",
        **more,
    )


def _entry(participation: Participation, method: str, language: str) -> Entry:
    """The meeting as this person's calendar shall know it; a place got or given up is a version of its own."""
    entry = entry_of(participation.meeting, with_link=True, language=language)
    stamped_at = max(entry.stamped_at, participation.stood_at or entry.stamped_at)
    return replace(entry, stamped_at=stamped_at, is_cancelled=entry.is_cancelled or method == "CANCEL")


def _context(participation: Participation, network: Network | None, language: str) -> dict[str, Any]:
    meeting = participation.meeting
    signup = meeting.rules_of_signup()
    needs_place = signup and not participation.has_place
    return {
        "area": meeting.area,
        "meeting": meeting,
        "participation": participation,
        "network": network,
        "when": when(meeting.starts_at, meeting.ends_at, meeting.time_zone, language),
        "page_url": absolute_url("meetings:meeting-detail", meeting.slug, language=language),
        "list_url": absolute_url("meetings:meeting-list", language=language),
        "yes_url": answer_url(participation, Participation.YES, language),
        "no_url": answer_url(participation, Participation.NO, language),
        "maybe_url": answer_url(participation, Participation.MAYBE, language),
        "join_url": meeting.join_url if meeting.is_online and not needs_place else "",
        "signup": signup,
        "own_url": own_url(participation, language) if signup else "",
    }


def _attendee(participation: Participation) -> Person:
    answer = participation.answer if participation.is_answer_current else ""
    return Person(participation.address, participation.own_name, answer)


def _inviting_network(meeting: Meeting) -> Network | None:
    return meeting.networks.all().in_order().first()


def _version(meeting: Meeting) -> str:
    """One letter per wish: the change that was told, else the first invitation."""
    moment = meeting.announced_at
    return f"{meeting.sequence}-{f'{moment:%Y%m%d%H%M%S%f}' if moment else 0}"


def reply_to(meeting: Meeting) -> list[str]:
    """Answers go to a human: the area's first contact card with an address."""
    card = meeting.area.cards.filter(ended_on=None).exclude(email="").in_order().first()
    return [formataddr((line(card.name), card.email))] if card else []


def language_of(participation: Participation) -> str:
    return participation.user.language if participation.user else participation.language or "fi"
