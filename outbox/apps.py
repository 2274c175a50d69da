"""The outbox as a Django application."""

from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Register the checks. A sending service speaks through signals of its own package, where that is installed."""
        from outbox import checks  # noqa: F401

        if find_spec("anymail"):
            from outbox.incoming import esp_webhooks

            esp_webhooks.connect()
