"""Rows with which rounds fail, as the desk shows them: what could not be done, with which row, since when and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lib.models import FailedRow

# So many are looked at: more of them fail for one and the same reason.
MOST = 500
# What each round does with a row, by the name of the round up to a slash.
ROUNDS = {
    "meetings.overtaken": pgettext_lazy("what failed", "stopping a letter that has been overtaken"),
    "meetings.invitations": pgettext_lazy("what failed", "inviting, or telling of a change or a cancellation"),
    "meetings.timeline": pgettext_lazy("what failed", "taking up a step of the timeline"),
    "meetings.reminders": pgettext_lazy("what failed", "reminding of a meeting"),
    "meetings.calendar-answers": pgettext_lazy("what failed", "reading the answer of a calendar"),
    "meetings.places": pgettext_lazy("what failed", "telling of a place, a turn or an offer"),
    "meetings.confirmations": pgettext_lazy("what failed", "asking to confirm a sign-up"),
    "meetings.certificates": pgettext_lazy("what failed", "making certificates"),
    "meetings.thanks": pgettext_lazy("what failed", "thanking for coming"),
    "meetings.certificate-letters": pgettext_lazy("what failed", "sending a certificate"),
    "meetings.fair-places": pgettext_lazy("what failed", "giving the places kept for other municipalities"),
    "meetings.offers": pgettext_lazy("what failed", "passing on a place that was offered"),
    "meetings.replies": pgettext_lazy("what failed", "deleting the replies to a question"),
    "meetings.names": pgettext_lazy("what failed", "removing names after two years"),
    "meetings.minutes": pgettext_lazy("what failed", "sending the minutes"),
    "meetings.comments": pgettext_lazy("what failed", "closing the comments on the minutes"),
    "meetings.approval": pgettext_lazy("what failed", "telling that the minutes wait for approval"),
    "meetings.tasks": pgettext_lazy("what failed", "reminding of a task"),
    "meetings.wishes": pgettext_lazy("what failed", "answering a wish for a training"),
    "meetings.files": pgettext_lazy("what failed", "throwing away a removed file"),
    "methods.saved-searches": pgettext_lazy("what failed", "telling what is new in a saved search"),
    "methods.checks": pgettext_lazy("what failed", "asking whether a method is still right"),
    "methods.checks-again": pgettext_lazy("what failed", "asking once more whether a method is still right"),
    "methods.removed": pgettext_lazy("what failed", "forgetting what was removed a month ago"),
    "methods.files": pgettext_lazy("what failed", "throwing away a removed file"),
    "newsletters.confirmations": pgettext_lazy("what failed", "asking to confirm a subscription"),
    "newsletters.addresses": pgettext_lazy("what failed", "asking to confirm a new address"),
    "newsletters.issues": pgettext_lazy("what failed", "sending a newsletter"),
    "newsletters.rounds": pgettext_lazy("what failed", "telling people what is new"),
    "newsletters.digests": pgettext_lazy("what failed", "telling a person what is new"),
    "newsletters.complaints": pgettext_lazy("what failed", "ending the letters to somebody who does not want them"),
    "newsletters.leaving": pgettext_lazy("what failed", "taking somebody off a list by letter"),
    "outbox.inbound": pgettext_lazy("what failed", "reading a message that came in"),
    "search.index": pgettext_lazy("what failed", "making a page findable"),
}


@dataclass(frozen=True)
class Failure:
    """One row of the list; `url` is empty when the row has no page on the desk."""

    what: str
    kind: str
    name: str
    url: str
    since: datetime
    times: int
    reason: str


def waiting(user: Any, now: datetime, most: int) -> dict[str, Any]:
    """What failed three times, the oldest first, and how many more there are.

    A coordinator sees the rows of the own areas. Rows that belong to no area are shown to everybody, without a name.
    """
    stuck = list(FailedRow.objects.stuck(now).oldest_first()[:MOST])
    rows = _rows_of(stuck, user)
    seen = [(each, row) for each in stuck if (row := rows.get((each.model, each.key)))]
    return {
        "failed_rows": [_failure(each, row) for each, row in seen[:most]],
        "failed_rows_more": max(0, len(seen) - most),
    }


def _rows_of(stuck: Iterable[FailedRow], user: Any) -> dict[tuple[str, str], Model]:
    """By model and key, those that are still there and that this person may see; a question for each model."""
    keys = defaultdict(list)
    for each in stuck:
        keys[each.model].append(each.key)
    found: dict[tuple[str, str], Model] = {}
    models = {model._meta.label_lower: model for model in apps.get_models()}
    for label in keys.keys() & models.keys():
        rows: Any = models[label]._default_manager.filter(pk__in=keys[label])
        found |= {(label, str(row.pk)): row for row in (rows.run_by(user) if _has_area(rows) else rows)}
    return found


def _has_area(rows: Any) -> bool:
    return hasattr(rows, "run_by")


def _failure(failed: FailedRow, row: Model) -> Failure:
    return Failure(
        what=capfirst(str(ROUNDS.get(failed.round.partition("/")[0], failed.round))),
        kind=capfirst(str(row._meta.verbose_name)),
        name=_name(row),
        url=_url(row),
        since=failed.first_failed_at,
        times=failed.times,
        reason=failed.reason,
    )


def _name(row: Model) -> str:
    if _has_area(type(row)._default_manager.all()):
        try:
            return str(row)
        except Exception:  # it stands here because something is wrong with it
            pass
    return _("number %(number)s") % {"number": row.pk}


def _url(row: Model) -> str:
    if not (admin.site.is_registered(type(row)) and _has_area(type(row)._default_manager.all())):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
