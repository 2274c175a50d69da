"""The newsletters room as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        """Letters to many carry each recipient's own links."""
        from newsletters.models.notice import DIGEST
        from newsletters.models.subscription import NEWSLETTER
        from newsletters.notices import stop_links
        from newsletters.subscriptions import signed_links
        from outbox.message import merge_fields

        merge_fields.register(NEWSLETTER, signed_links.fill)
        merge_fields.register(DIGEST, stop_links.fill)
