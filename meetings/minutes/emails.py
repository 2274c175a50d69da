"""Letters about minutes, tasks and proposals."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from contacts.models import User
from lib.absolute_urls import absolute_url
from lib.text.mailboxes import header_address
from meetings.models import Minutes, Participation, Proposal, Task
from meetings.models.minutes_content import content_of, with_dates
from outbox.compose import draft, letter, post_each
from outbox.models import Delivery

COMMENTS, APPROVED, COMMENTS_OVER = "minutes-comments", "minutes-approved", "minutes-comments-over"
REMINDER, RECEIVED, ANSWERED = "task-reminder", "proposal-received", "proposal-answered"


def to_everybody(minutes: Minutes, now: datetime) -> bool:
    """The draft for comments, or the approved minutes, to those who were asked or came. True when each has a letter."""
    if minutes.is_approved:
        version: Any = minutes.versions.order_by("number").last()
        kind, template, sheet, mark = APPROVED, "minutes_approved", version.content, f"v{version.number}"
    elif minutes.is_commenting:
        kind, template, sheet, mark = COMMENTS, "minutes_comments", content_of(minutes), _moment(minutes)
    else:
        return True
    common: dict[str, Any] = {"kind": kind, "reply_to": _humans(minutes.meeting.area)}
    common["context"] = {"area": minutes.meeting.area, "meeting": minutes.meeting, "minutes": minutes}
    common["context"]["sheet"] = with_dates(sheet)
    common["context"]["materials"] = list(minutes.meeting.materials.shown().in_order())
    reference = f"minutes {minutes.pk}/{mark}"
    return post_each(
        kind,
        {reader: (f"{reference}/{reader.pk}", reader.address) for reader in minutes.people()},
        lambda reader: _to(reader, f"meetings/minutes/emails/{template}", reference, common),
        round=f"meetings.minutes/{minutes.pk}",
        now=now,
    )


def _to(reader: Participation, template: str, reference: str, common: dict[str, Any]) -> Delivery:
    language = reader.user.language if reader.user else "fi"
    page = absolute_url("meetings:minutes-detail", common["context"]["meeting"].slug, language=language)
    context = common["context"] | {"url": page, "has_account": reader.user is not None}
    context["materials"] = [material for material in context["materials"] if material.is_open_to(reader)]
    address = header_address(reader.own_name, reader.address)
    facts = common | {"context": context, "reference": f"{reference}/{reader.pk}"}
    return draft(template, to=address, language=language, **facts)


def _moment(minutes: Minutes) -> str:
    return f"{minutes.sent_at:%Y%m%d%H%M%S}"


def comments_over(minutes: Minutes, now: datetime) -> bool:
    """The seven days are over: it is the turn of those who approve. True when each of them has a letter."""
    number = minutes.comments.filter(at__gte=minutes.sent_at).count()
    reference = f"minutes {minutes.pk}/{_moment(minutes)}"
    return post_each(
        COMMENTS_OVER,
        {person: (reference, person.email) for person in those_who_approve(minutes, now)},
        lambda person: _comments_over(minutes, person, number, reference),
        round=f"meetings.approval/{minutes.pk}",
        now=now,
    )


def _comments_over(minutes: Minutes, person: User, number: int, reference: str) -> Delivery:
    meeting = minutes.meeting
    return draft(
        "meetings/minutes/emails/comments_over",
        to=person.email,
        language=person.language,
        context={
            "area": meeting.area,
            "meeting": meeting,
            "number": number,
            "url": absolute_url("meetings:minutes-write", meeting.slug, language=person.language),
        },
        kind=COMMENTS_OVER,
        reference=reference,
    )


def task_reminder(task: Task, today: date) -> Delivery:
    """The day is near, or has passed."""
    owner: Any = task.owner
    stage = "over" if task.is_over(today) else "near"
    return letter(
        "meetings/minutes/emails/task_reminder",
        to=owner.email,
        language=owner.language,
        context={
            "area": task.area,
            "task": task,
            "is_over": task.is_over(today),
            "url": absolute_url("meetings:task-list", language=owner.language),
        },
        kind=REMINDER,
        reference=f"task {task.pk}/{stage}/{task.due_on}",
        reply_to=_humans(task.area),
    )


def proposal_received(proposal: Proposal) -> list[Delivery]:
    """A member proposes something: each coordinator of the area may answer it straight to the person."""
    coordinators = User.objects.coordinating(proposal.network.area, on=timezone.localdate())
    return [_received(proposal, person) for person in coordinators if person != proposal.proposer]


def _received(proposal: Proposal, person: User) -> Delivery:
    proposer: Any = proposal.proposer
    return letter(
        "meetings/agenda/emails/proposal_received",
        to=person.email,
        language=person.language,
        context=_about(proposal) | {"url": absolute_url("meetings:proposal-list", language=person.language)},
        kind=RECEIVED,
        reference=f"proposal {proposal.pk}",
        reply_to=[proposer.email],
    )


def proposal_answered(proposal: Proposal) -> Delivery | None:
    """On an agenda, kept for later, or declined with words; nothing when the proposer is no more."""
    person = proposal.proposer
    if person is None or not person.is_active:
        return None
    return letter(
        "meetings/agenda/emails/proposal_answered",
        to=person.email,
        language=person.language,
        context=_about(proposal) | {"url": absolute_url("meetings:proposal-list", language=person.language)},
        kind=ANSWERED,
        reference=f"proposal {proposal.pk}/{proposal.verdict}",
        reply_to=_humans(proposal.network.area),
    )


def _about(proposal: Proposal) -> dict[str, Any]:
    return {"area": proposal.network.area, "proposal": proposal, "meeting": proposal.meeting}


def _humans(area: Any) -> list[str]:
    """Answers go to a human: the area's first contact card with an address."""
    card = area.cards.answering()
    return [card.mailbox] if card else []


def those_who_approve(minutes: Minutes, now: datetime) -> list[User]:
    """The coordinators of the area, and whoever writes the minutes."""
    people = list(User.objects.coordinating(minutes.meeting.area, on=timezone.localdate(now)))
    taker = minutes.taker
    return [*people, taker] if taker and taker.is_active and taker not in people else people
