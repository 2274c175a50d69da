"""The room's letters: invitation, change, cancellation. Each carries the meeting for the recipient's calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from lib.absolute_urls import absolute_url
from lib.text.dates import format_period
from lib.text.mailboxes import header_address
from lib.tokens import sign
from meetings.calendar.event_of_meeting import event_of, organiser_of
from meetings.calendar.ical import CalendarEvent, Person, calendar_text
from meetings.invitations.changes import changes_for
from meetings.models import Letter, Meeting, Participation
from networks.models import Network
from outbox.compose import letter
from outbox.models import Delivery, LeftOut, Priority

INVITATION, UPDATE, CANCELLATION = "meeting-invitation", "meeting-update", "meeting-cancellation"
SEVERAL = "meeting-several"  # one letter about several meetings; the log knows each of them by the kinds above
TOLD = [INVITATION, UPDATE, CANCELLATION]
PROPOSAL_DECLINED = "meeting-proposal-declined"  # another time that somebody's calendar proposed
PLACE = "meeting-place"  # who has signed up and got a place: the calendar entry comes with it


def invitation(participation: Participation) -> Delivery:
    """Asks one person to a meeting, with a calendar entry to answer (METHOD:REQUEST) unless a place is needed first."""
    return meeting_letter(
        participation, INVITATION, "meetings/invitations/emails/invitation", request_of(participation)
    )


def update(participation: Participation) -> Delivery:
    """Tells that a meeting has changed, with the new calendar entry."""
    with translation.override(language_of(participation)):
        words = {"changes": changes_for(participation, language_of(participation))}
    template = "meetings/invitations/emails/update"
    return meeting_letter(participation, UPDATE, template, request_of(participation), words=words)


def cancellation(participation: Participation, in_calendar: bool) -> Delivery:
    """Tells that a meeting is called off, and takes it out of the calendar (METHOD:CANCEL)."""
    method = "CANCEL" if in_calendar else ""
    return meeting_letter(
        participation, CANCELLATION, "meetings/invitations/emails/cancellation", method, priority=Priority.URGENT
    )


def send_again(participation: Participation, version: str) -> Delivery:
    """The newest calendar entry once more, as somebody's calendar asked (REFRESH); `version` names the question."""
    template, method = "meetings/invitations/emails/invitation", request_of(participation)
    return meeting_letter(participation, INVITATION, template, method, version=version)


def decline_proposal(participation: Participation, proposed: str, version: str) -> Delivery:
    """Tells that the meeting stays at its time; the proposing calendar learns of it too (METHOD:DECLINECOUNTER)."""
    template, words = "meetings/invitations/emails/proposal_declined", {"proposed": proposed}
    return meeting_letter(participation, PROPOSAL_DECLINED, template, "DECLINECOUNTER", version=version, words=words)


def takes_calendar_answers() -> bool:
    """Whether mail that comes in reaches the portal, and with it what people answer in their calendars."""
    return bool(settings.INBOX_URL or settings.INBOUND_SECRET)


def was_sent(participation: Participation) -> bool:
    """Whether an invitation or a change was really sent, or may be on its way at this moment."""
    return participation.letters.gone().filter(kind__in=[INVITATION, UPDATE, PLACE]).exists()


def is_in_calendar(participation: Participation) -> bool:
    """Whether the last calendar entry that was really sent put the meeting in."""
    last = participation.letters.gone().with_calendar().order_by("-pk").first()
    return last is not None and last.method == "REQUEST"


def cancel_superseded(participation: Participation, now: datetime) -> None:
    """Stop what still waits in the outbox: a newer word about the same meeting takes its place.

    A letter about several meetings is not stopped here: the round cancels it before it writes anything (dispatch.py).
    """
    told = participation.letters.filter(kind__in=TOLD).values("delivery")
    Delivery.objects.filter(pk__in=told).exclude(kind=SEVERAL).leave_out(LeftOut.SUPERSEDED, now)


def answer_url(participation: Participation, answer: str = "", language: str | None = None) -> str:
    """The personal link by which one answers without signing in."""
    page = absolute_url("meetings:answer", sign("answer", participation.pk), language=language)
    return f"{page}?answer={answer}" if answer else page


def opt_out_url(participation: Participation, language: str | None = None) -> str:
    """The page on which a guest says that no more invitations are wanted; empty for anybody else."""
    if participation.user_id or not participation.is_guest:
        return ""
    return absolute_url("meetings:no-invitations", sign("meetings.no_invitations", participation.pk), language=language)


def own_url(participation: Participation, language: str | None = None) -> str:
    """The personal page of somebody who signs up: the place, the turn in line, the offer."""
    return absolute_url("meetings:signup-own", sign("meetings.signup", participation.pk), language=language)


def request_of(participation: Participation) -> str:
    """The method of an entry that puts the meeting in. Where there is sign-up, only those with a place get one."""
    return "REQUEST" if participation.has_place or not participation.meeting.rules_of_signup() else ""


def reference_of(participation: Participation, version: str = "") -> str:
    """What a letter is about: the meeting, whose part in it, and which version of that."""
    return f"meeting {participation.meeting_id}/{participation.pk}/{version or _version(participation.meeting)}"


def meeting_letter(
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
    network = inviting_network(meeting)
    organiser = organiser_of(network)
    with translation.override(language):
        context = context_of(participation, network, language) | dict(words or {})
        calendar = calendar_for(participation, method, organiser, language) if method else None
    row = letter(
        template,
        to=header_address(reader.own_name, reader.address),
        language=language,
        context=context,
        kind=kind,
        reference=reference_of(participation, version),
        area_id=meeting.area_id,
        from_email=header_address(organiser.name, organiser.address),
        reply_to=reply_to(meeting),
        calendar=calendar,
        calendar_method=method or "REQUEST",
        headers=thread_of([participation]),
        **more,
    )
    Letter.objects.note(participation, row, kind, method)
    return row


def thread_of(participations: Sequence[Participation]) -> dict[str, str]:
    """The headers that lay a letter beside the earlier ones about the same meetings (RFC 5322, 3.6.4)."""
    told = [each for each in participations if each.told_at]
    known = Letter.objects.filter(participation__in=told).gone().order_by("pk") if told else Letter.objects.none()
    ids = list(dict.fromkeys(each.delivery.own_message_id for each in known.select_related("delivery__mailing")))
    return {"In-Reply-To": ids[-1], "References": " ".join([*ids[:1], *ids[1:][-9:]])} if ids else {}


def calendar_for(participation: Participation, method: str, organiser: Person, language: str) -> str:
    """The text of the calendar entry for one person, who alone is named in it."""
    return calendar_text(_entry(participation, method, language), method, organiser, _attendee(participation))


def _entry(participation: Participation, method: str, language: str) -> CalendarEvent:
    """The meeting as this person's calendar shall know it; a place got or given up is a version of its own."""
    entry = event_of(participation.meeting, with_link=participation.may_see_meeting(), language=language)
    stamped_at = max(entry.stamped_at, participation.stood_at or entry.stamped_at)
    return replace(entry, stamped_at=stamped_at, is_cancelled=entry.is_cancelled or method == "CANCEL")


def context_of(participation: Participation, network: Network | None, language: str) -> dict[str, Any]:
    """What the templates of a letter know of the meeting and of the person's own links."""
    meeting = participation.meeting
    signup = meeting.rules_of_signup()
    may_join = meeting.is_online and (participation.has_place or not signup) and participation.may_see_meeting()
    return {
        "area": meeting.area,
        "meeting": meeting,
        "participation": participation,
        "network": network,
        "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language),
        "page_url": absolute_url("meetings:meeting-detail", meeting.slug, language=language),
        "list_url": absolute_url("meetings:meeting-list", language=language),
        "yes_url": answer_url(participation, Participation.YES, language),
        "no_url": answer_url(participation, Participation.NO, language),
        "maybe_url": answer_url(participation, Participation.MAYBE, language),
        "join_url": meeting.join_url if may_join else "",
        "signup": signup,
        "opt_out_url": opt_out_url(participation, language),
        "own_url": own_url(participation, language) if signup else "",
        "materials": meeting.materials.for_letter_to(participation),
        "takes_calendar_answers": takes_calendar_answers(),
    }


def _attendee(participation: Participation) -> Person:
    answer = participation.answer if participation.is_answer_current else ""
    return Person(participation.address, participation.own_name, answer)


def inviting_network(meeting: Meeting) -> Network | None:
    """The network in whose name a meeting's letters are written."""
    return meeting.networks.all().in_order().first()


def _version(meeting: Meeting) -> str:
    """One letter per dispatch: the change that was told, else the first invitation."""
    moment = meeting.announced_at
    return f"{meeting.sequence}-{f'{moment:%Y%m%d%H%M%S%f}' if moment else 0}"


def reply_to(about: Any) -> list[str]:
    """Answers go to a human: the first contact card with an address in the area of a meeting, or a wish."""
    card = about.area.cards.answering()
    return [card.mailbox] if card else []


def language_of(participation: Participation) -> str:
    return participation.user.language if participation.user else participation.language or "fi"
