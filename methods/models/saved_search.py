"""Searches that people keep: the filters by name, and how often a letter tells of what is new in them."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from lib.exceptions import Refused

MOST = 30  # of one person
WEEK_BEGINS = time(7)
GATHERED = timedelta(minutes=10)  # "at once" waits for this long, so that five methods make one letter
KEPT = timedelta(days=7)  # what was deleted can be taken back for so long
LONGEST_STANDSTILL = timedelta(days=14)  # after a longer one only the last days are told


class Frequency(models.TextChoices):
    NOW = "now", pgettext_lazy("how often", "at once")
    WEEKLY = "weekly", pgettext_lazy("how often", "weekly")
    NEVER = "never", pgettext_lazy("how often", "never")


class TooMany(Refused):
    """A person keeps only so many searches."""

    words = _("You have saved %(most)d searches already. Delete one first.")


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def kept(self) -> "SavedSearchQuerySet":
        return self.filter(ended_at=None)

    def just_deleted(self, now: datetime) -> "SavedSearchQuerySet":
        """Those that can be taken back."""
        return self.filter(ended_at__gt=now - KEPT)

    def forgotten(self, now: datetime) -> "SavedSearchQuerySet":
        """Those that were deleted long ago."""
        return self.filter(ended_at__lte=now - KEPT)

    def alphabetical(self) -> "SavedSearchQuerySet":
        return self.order_by(Lower("name"), "pk")

    def due(self, now: datetime) -> "SavedSearchQuerySet":
        """Those whose people wait for a letter now, if there is something to tell."""
        at_once = Q(rhythm=Frequency.NOW, told_until__lte=now - GATHERED)
        weekly = Q(rhythm=Frequency.WEEKLY, told_until__lt=_week_of(now))
        return self.kept().filter(at_once | weekly, user__is_active=True).select_related("user").order_by("pk")

    @transaction.atomic
    def save_search(self, user: User, name: str, query: str, rhythm: str, now: datetime) -> "SavedSearch":
        """Save filters under a name; the same name again means these filters from now on. Raises TooMany."""
        User.objects.select_for_update().get(pk=user.pk)
        own = self.kept().filter(user=user)
        known = own.alias(plain=Lower("name")).filter(plain=name.lower()).first()
        if known is None and own.count() >= MOST:
            raise TooMany(most=MOST)
        search = known or SavedSearch(user=user, created_at=now)
        search.name, search.query, search.rhythm, search.told_until = name, query, rhythm, now
        search.save()
        return search


class SavedSearch(models.Model):
    """One search of one person. What was published until `told_until` has been told, or was there already."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches", verbose_name=_("person"))
    name = models.CharField(_("name of the search"), max_length=80)
    query = models.TextField(_("filters"), blank=True, max_length=2000)
    rhythm = models.CharField(
        _("letters about new methods"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    created_at = models.DateTimeField(_("saved"))
    told_until = models.DateTimeField(_("told until"))
    ended_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint("user", Lower("name"), condition=Q(ended_at=None), name="saved_search_once_by_name")
        ]

    def __str__(self) -> str:
        return self.name

    # verbs

    def change(self, name: str, rhythm: str, now: datetime) -> None:
        """Another name or rhythm. Whoever begins to wait is told of what comes from now on."""
        if self.rhythm == Frequency.NEVER:
            self.told_until = now
        self.name, self.rhythm = name, rhythm
        self.save(update_fields=["name", "rhythm", "told_until"])

    def end(self, now: datetime) -> bool:
        """Delete it, for a while so that it can be taken back."""
        return self._took(ended_at__isnull=True, put={"ended_at": now})

    def take_back(self, now: datetime) -> bool:
        """Undo the deletion. A search of the same name, made in between, stands in the way."""
        twin = type(self).objects.kept().alias(plain=Lower("name")).filter(user=self.user_id, plain=self.name.lower())
        return not twin.exists() and self._took(ended_at__isnull=False, put={"ended_at": None})

    def stop_letters(self) -> bool:
        """No letters any more; the search stays."""
        return type(self).objects.filter(pk=self.pk).update(rhythm=Frequency.NEVER) == 1

    def claim_period(self, now: datetime) -> datetime | None:
        """Claim the stretch of time until now for one letter; its beginning, or None when another round has it."""
        since = max(self.told_until, now - LONGEST_STANDSTILL)
        return since if self._took(told_until=self.told_until, ended_at=None, put={"told_until": now}) else None

    def _took(self, put: dict[str, Any], **state: Any) -> bool:
        return type(self).objects.filter(pk=self.pk, **state).update(**put) == 1


def _week_of(now: datetime) -> datetime:
    """Monday at seven, on the clocks of the place."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    monday = (local - timedelta(days=local.weekday())).date()
    begins = timezone.make_aware(datetime.combine(monday, WEEK_BEGINS), timezone.get_default_timezone())
    return begins if begins <= now else begins - timedelta(days=7)
