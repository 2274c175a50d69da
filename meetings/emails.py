"""The room's letters: invitation, change, cancellation. Each carries the meeting for the recipient's calendar."""

from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from meetings.entries import entry_of, organiser_of
from meetings.ical import Person, calendar_text, line
from meetings.models import Meeting, Participation
from networks.models import Network
from outbox.models import Delivery, Priority
from youthnet.links import absolute_url
from youthnet.mail import letter
from youthnet.tokens import sign
from youthnet.when import when

INVITATION, UPDATE, CANCELLATION = "meeting-invitation", "meeting-update", "meeting-cancellation"


def invitation(participation: Participation) -> Delivery:
    """Asks one person to a meeting, with a calendar entry to answer (METHOD:REQUEST)."""
    return _letter(participation, INVITATION, "meetings/emails/invitation", "REQUEST")


def update(participation: Participation) -> Delivery:
    """Tells that a meeting has changed, with the new calendar entry."""
    return _letter(participation, UPDATE, "meetings/emails/update", "REQUEST")


def cancellation(participation: Participation, in_calendar: bool) -> Delivery:
    """Tells that a meeting is called off, and takes it out of the calendar (METHOD:CANCEL)."""
    method = "CANCEL" if in_calendar else ""
    return _letter(participation, CANCELLATION, "meetings/emails/cancellation", method, priority=Priority.URGENT)


def left_the_house(participation: Participation) -> bool:
    """Whether an invitation or a change was really sent, or may be on its way at this moment."""
    gone = Q(sent_at__isnull=False) | Q(claimed_at__isnull=False)
    return _letters_of(participation).filter(gone, kind__in=[INVITATION, UPDATE]).exists()


def overtake(participation: Participation, now: datetime) -> None:
    """Stop what still waits in the outbox: a newer word about the same meeting takes its place."""
    _letters_of(participation).stop(now, _("A newer letter about the same meeting took its place."))


def answer_url(participation: Participation, answer: str = "", language: str | None = None) -> str:
    """The personal link by which one answers without signing in."""
    page = absolute_url("meetings:answer", sign("answer", participation.pk), language=language)
    return f"{page}?answer={answer}" if answer else page


def _letters_of(participation: Participation) -> Any:
    return Delivery.objects.filter(kind__startswith="meeting-", reference__startswith=_stem(participation))


def _stem(participation: Participation) -> str:
    return f"meeting {participation.meeting_id}/{participation.pk}/"


def _letter(participation: Participation, kind: str, template: str, method: str, **more: Any) -> Delivery:
    meeting, language = participation.meeting, _language(participation)
    network = _inviting_network(meeting)
    organiser = organiser_of(network)
    with translation.override(language):
        context = _context(participation, network, language)
        entry = entry_of(meeting, with_link=True, language=language)
        calendar = calendar_text(entry, method, organiser, _attendee(participation)) if method else None
    return letter(
        template,
        to=formataddr((participation.own_name, participation.address)),
        language=language,
        context=context,
        kind=kind,
        reference=_stem(participation) + _version(meeting),
        area_id=meeting.area_id,
        from_email=formataddr((line(organiser.name), organiser.address)),
        reply_to=_reply_to(meeting),
        calendar=calendar,
        calendar_method=method or "REQUEST",
        **more,
    )


def _context(participation: Participation, network: Network | None, language: str) -> dict[str, Any]:
    meeting = participation.meeting
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
        "join_url": meeting.join_url if meeting.is_online else "",
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


def _reply_to(meeting: Meeting) -> list[str]:
    """Answers go to a human: the area's first contact card with an address."""
    card = meeting.area.cards.filter(ended_on=None).exclude(email="").in_order().first()
    return [formataddr((line(card.name), card.email))] if card else []


def _language(participation: Participation) -> str:
    return participation.user.language if participation.user else "fi"
