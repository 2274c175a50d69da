"""The states of a letter, each told by its dated columns, and who goes first."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

# A worker that has not spoken up for this long is dead; what it claimed falls due again by itself.
LEASE = timedelta(seconds=15)
# Through a transport that sends one letter at a time and cannot speak up meanwhile.
LONG_LEASE = timedelta(minutes=1)
# How long to wait after the first, second … answer "not now".
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
GIVE_UP = timedelta(hours=72)
# Nobody wants yesterday's sign-in code.
GIVE_UP_SECRET = timedelta(hours=1)
# The connection broke after the letter was on its way: most relays have taken it, so there is no hurry to repeat it.
UNCERTAIN_PAUSE = timedelta(minutes=10)
# A letter that ends its worker this many times stays behind, so that the others can leave.
INTERRUPTIONS = 5

WAITING = Q(sent_at=None, failed_at=None, cancelled_at=None)


class Priority(models.IntegerChoices):
    """Who goes first when many letters wait. Urgent ones (codes, cancellations) also pass the suppression list."""

    URGENT = 0, pgettext_lazy("letters", "urgent")
    ORDINARY = 5, pgettext_lazy("letters", "ordinary")
    BULK = 9, pgettext_lazy("letters", "bulk")


class LeftOut(models.TextChoices):
    """Why a letter that was written never left."""

    CANCELLED = "cancelled", pgettext_lazy("letter", "cancelled")
    SUPPRESSED = "suppressed", pgettext_lazy("letter", "address is on the stop list")
    SKIPPED = "skipped", pgettext_lazy("letter", "reader had left")
    SUPERSEDED = "superseded", pgettext_lazy("letter", "a newer letter took its place")


class State(models.TextChoices):
    """What became of a letter, from the writing of the row to the last news of it."""

    WAITING = "waiting", pgettext_lazy("letter", "waiting")
    DEFERRED = "deferred", pgettext_lazy("letter", "will be tried again")
    UNCERTAIN = "uncertain", pgettext_lazy("letter", "may have arrived, will be tried again")
    SENDING = "sending", pgettext_lazy("letter", "being sent")
    SENT = "sent", pgettext_lazy("letter", "sent")
    BOUNCED = "bounced", pgettext_lazy("letter", "came back")
    COMPLAINED = "complained", pgettext_lazy("letter", "reported as unwanted")
    FAILED = "failed", pgettext_lazy("letter", "could not be sent")
    CANCELLED = LeftOut.CANCELLED.value, LeftOut.CANCELLED.label
    SUPPRESSED = LeftOut.SUPPRESSED.value, LeftOut.SUPPRESSED.label
    SKIPPED = LeftOut.SKIPPED.value, LeftOut.SKIPPED.label
    SUPERSEDED = LeftOut.SUPERSEDED.value, LeftOut.SUPERSEDED.label


_FREE = WAITING & Q(claimed_at=None)
_SENT = Q(sent_at__isnull=False)

IN_STATE = {
    State.WAITING: _FREE & Q(attempts=0),
    State.DEFERRED: _FREE & Q(attempts__gt=0, uncertain_at=None),
    State.UNCERTAIN: _FREE & Q(attempts__gt=0, uncertain_at__isnull=False),
    State.SENDING: WAITING & Q(claimed_at__isnull=False),
    State.SENT: _SENT & Q(bounced_at=None, complained_at=None),
    State.BOUNCED: _SENT & Q(bounced_at__isnull=False, complained_at=None),
    State.COMPLAINED: _SENT & Q(complained_at__isnull=False),
    State.FAILED: Q(failed_at__isnull=False),
    **{State(why.value): Q(cancelled_at__isnull=False, left_out=why.value) for why in LeftOut},
}
