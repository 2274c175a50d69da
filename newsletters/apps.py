"""The newsletters room as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        """Letters to many carry each reader's own links."""
        from newsletters import keys
        from newsletters.models.notice import DIGEST
        from newsletters.models.subscription import NEWSLETTER
        from newsletters.notices import links
        from outbox import slots

        slots.register(NEWSLETTER, keys.fill)
        slots.register(DIGEST, links.fill)
