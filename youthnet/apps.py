"""The project and its admin site as Django applications."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class YouthnetConfig(AppConfig):
    name = "youthnet"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from youthnet import checks  # noqa: F401  registers the system checks


class DeskConfig(AdminConfig):
    """Django's admin, with our own site in its place."""

    default_site = "youthnet.desk.admin_site.DeskSite"
