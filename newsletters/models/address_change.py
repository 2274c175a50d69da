"""Change of address: a subscriber asks for letters to another one, whose owner must say yes."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.text.addresses import normal, readable
from lib.text.model_fields import AddressField
from newsletters.models.subscription import CONFIRM_WITHIN


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def wanting_letter(self) -> "AddressChangeQuerySet":
        """Asked for, and the round has not answered yet."""
        return self.filter(letter_sent_at=None)

    def over(self, now: datetime) -> "AddressChangeQuerySet":
        """Their links are good for nothing any more."""
        return self.filter(requested_at__lt=now - CONFIRM_WITHIN)

    def request(self, old: str, new: str, language: str, now: datetime) -> "AddressChange":
        """Note the wish. Every address costs the same work; a round sends the letter to the new one."""
        return self.create(old_email=normal(old), new_email=normal(new), language=language, requested_at=now)


class AddressChange(models.Model):
    """From which address to which. Forgotten after seven days; the moved subscriptions themselves keep the proof."""

    old_email = AddressField(_("earlier address"))
    new_email = AddressField(_("new address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    requested_at = models.DateTimeField(_("asked"))
    letter_sent_at = models.DateTimeField(_("letter to confirm sent"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")

    def __str__(self) -> str:
        return f"{readable(self.old_email)} → {readable(self.new_email)}"

    def mark_sent(self, now: datetime) -> bool:
        """The round writes the letter. True when this call did it, so that one letter is sent."""
        return AddressChange.objects.wanting_letter().filter(pk=self.pk).update(letter_sent_at=now) == 1

    def mark_confirmed(self, now: datetime) -> bool:
        """True for the first call only; `subscriptions.address_confirmation` moves what is to be moved."""
        return AddressChange.objects.filter(pk=self.pk, confirmed_at=None).update(confirmed_at=now) == 1
