"""How a room writes a letter: three templates side by side, in the reader's language, into the queue."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from lib.tasks import for_all_held, wake
from lib.text.addresses import normal
from outbox.message.body import CalendarFile
from outbox.models import Delivery, Priority
from outbox.tasks import send_queued

MANY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


def letter(template: str, *, to: str, language: str, context: Mapping[str, Any], kind: str, **more: Any) -> Delivery:
    """Write one letter and queue it in the present transaction; takes what `draft` takes, and `now`.

    A second letter with the same kind, reference and recipient is not queued: the row that stands there is given back.
    """
    now = more.pop("now", None) or timezone.now()
    row = draft(template, to=to, language=language, context=context, kind=kind, **more)
    post([row], now)
    known = Delivery.objects.about(kind, row.reference).filter(recipient__iexact=row.recipient)
    return known.get() if row.reference else Delivery.objects.get(message_id=row.message_id)


def post(drafts: Iterable[Delivery], now: datetime) -> int:
    """Queue many letters in the present transaction and wake the worker; tells how many are new."""
    queued = Delivery.objects.queue(drafts, now)
    wake(send_queued)
    return queued


def post_each(
    kind: str,
    readers: Mapping[Any, tuple[str, str]],
    draft_for: Callable[[Any], Delivery],
    *,
    round: str,
    now: datetime,
) -> bool:
    """Queue a letter for each reader who has none yet, all at once; one that cannot be written stops no other.

    `readers` are rows of one model, each with the reference and the address of its letter. `round` names the work as in
    lib/tasks.py. True when everybody has a letter.
    """
    references = {reference for reference, _address in readers.values()}
    queued = Delivery.objects.filter(kind=kind, reference__in=references).values_list("reference", "recipient")
    known = {(reference, normal(address)) for reference, address in queued}
    left = [row for row, (reference, address) in readers.items() if (reference, normal(address)) not in known]
    if not left:
        return True
    return for_all_held(
        type(left[0]), left, lambda rows: post([draft_for(row) for row in rows], now), round=round, now=now
    )


def draft(
    template: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, Any],
    kind: str,
    reference: str = "",
    subject: str | None = None,
    priority: int = Priority.ORDINARY,
    area_id: int | None = None,
    from_email: str = "",
    reply_to: Iterable[str] | None = None,
    headers: Mapping[str, str] | None = None,
    calendar: str | bytes | None = None,
    calendar_method: str = "REQUEST",
    calendar_files: Iterable[CalendarFile] = (),
    secret: bool = False,
) -> Delivery:
    """A letter that is not queued yet.

    `template` names three files, as in "networks/emails/asked": .subject.txt, .txt and .html; a missing one raises
    TemplateDoesNotExist. `to` may carry a name (`Aino <aino@example.org>`). `reference` names what the letter is about:
    one person gets one letter of a kind about one thing. `calendar` is the text of an .ics; a letter about several
    meetings has `calendar_files` instead. A `secret` letter is wiped from the queue once it has left. An `area` in
    the context says who reads about it on the desk, as `area_id` does.
    """
    words = {"site_url": settings.SITE_URL, "recipient": to, "language": language, **context}
    with translation.override(language):
        title, text, html = (_rendered(template + ending, words) for ending in (".subject.txt", ".txt", ".html"))
    return Delivery(
        kind=kind,
        reference=reference,
        area_id=area_id or getattr(context.get("area"), "pk", None),
        priority=priority,
        recipient=to,
        language=language,
        from_email=from_email,
        reply_to=list(reply_to or []),
        subject=subject or " ".join(title.split()),
        text=MANY_LINES.sub("\n\n", text).strip() + "\n",
        html=html,
        headers=dict(headers or {}),
        calendar=calendar.decode() if isinstance(calendar, bytes) else calendar or "",
        calendar_method=calendar_method,
        calendar_files=[asdict(each) for each in calendar_files] or None,
        secret=secret,
    )


def _rendered(name: str, words: Mapping[str, Any]) -> str:
    """Only HTML is escaped: in plain text an ampersand is an ampersand."""
    template: Any = get_template(name)
    return template.template.render(Context(dict(words), autoescape=name.endswith(".html")))
