"""The heartbeat: when the outbox was last emptied, and whether the relay and the box of incoming mail answer."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, now: datetime) -> None:
        """A round has done what there was to do."""
        self.update_or_create(pk=1, defaults={"last_round_at": now, "relay_lost_at": None, "relay_error": ""})

    def tick(self, now: datetime, started_at: datetime) -> None:
        """The clock lives; it has since `started_at`."""
        self.update_or_create(pk=1, defaults={"clock_ticked_at": now, "clock_started_at": started_at})

    def lost_relay(self, now: datetime, error: str) -> None:
        """A round could not hand anything on."""
        self.get_or_create(pk=1)
        self.filter(pk=1, relay_lost_at=None).update(relay_lost_at=now)
        self.filter(pk=1).update(relay_error=error)

    def hold(self, now: datetime) -> None:
        """Nothing but sign-in codes leaves until somebody has looked."""
        self.get_or_create(pk=1)
        self.filter(pk=1, held_at=None).update(held_at=now, last_round_at=now)

    def release(self) -> bool:
        """Letters leave again. True when they were held."""
        return self.filter(pk=1).exclude(held_at=None).update(held_at=None) == 1

    def live_in(self, home: str) -> None:
        """From now on this cluster and database are the ones that letters leave from."""
        self.filter(pk=1).update(home=home)

    def looked_into_inbox(self, now: datetime) -> None:
        """The box of incoming mail was emptied."""
        self.update_or_create(pk=1, defaults={"inbox_read_at": now, "inbox_lost_at": None, "inbox_error": ""})

    def lost_inbox(self, now: datetime, error: str) -> None:
        """The box could not be reached, or refused us."""
        self.get_or_create(pk=1)
        self.filter(pk=1, inbox_lost_at=None).update(inbox_lost_at=now)
        self.filter(pk=1).update(inbox_error=error)


class Heartbeat(models.Model):
    """The one row that proves that letters are really being taken away, and not only that a process is alive."""

    last_round_at = models.DateTimeField(_("last round"), null=True, blank=True)
    relay_lost_at = models.DateTimeField(_("relay out of reach since"), null=True, blank=True)
    relay_error = models.TextField(_("what the relay said"), blank=True)

    clock_ticked_at = models.DateTimeField(_("clock last ticked"), null=True, blank=True)
    clock_started_at = models.DateTimeField(_("clock started"), null=True, blank=True)

    home = models.CharField(_("cluster and database"), max_length=60, blank=True)
    held_at = models.DateTimeField(_("held since the database was restored"), null=True, blank=True)

    inbox_read_at = models.DateTimeField(_("incoming mail last fetched"), null=True, blank=True)
    inbox_lost_at = models.DateTimeField(_("incoming mail out of reach since"), null=True, blank=True)
    inbox_error = models.TextField(_("what the mail server said"), blank=True)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat of the outbox")
        verbose_name_plural = _("heartbeat of the outbox")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="heartbeat_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_round_at)
