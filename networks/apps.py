"""The networks room as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworksConfig(AppConfig):
    name = "networks"
    verbose_name = _("Networks")

    def ready(self) -> None:
        """A letter that answers none of ours finds its coordinator by the network or the member."""
        from networks.area_of_letter import area_of_letter
        from outbox.incoming import area_of_sender

        area_of_sender.register(area_of_letter)
