"""The newsletters room as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from newsletters import keys
        from newsletters.models.subscription import NEWSLETTER
        from outbox import slots

        slots.register(NEWSLETTER, keys.slots)
