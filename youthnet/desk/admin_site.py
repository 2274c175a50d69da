"""The admin site of the portal (the coordinator's desk): who enters, and what its first page shows."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskAdmin
from lib.forms.once import done_once
from youthnet.desk.dashboard import dashboard


class DeskSite(admin.AdminSite):
    """The admin site. Sign-in goes through allauth, so that its rate limits hold here too."""

    site_header = _("Coordinator's desk")
    site_title = _("Coordinator's desk")
    index_title = _("What is on the desk")
    index_template = "admin/desk.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only registers of our own rooms stand on the desk: rights come from coordinating an area, not from groups."""
        if admin_class is not None and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_authenticated and request.user.is_coordinator())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk comes through here: what one of its forms sends twice is done once."""
        return super().admin_view(done_once(view), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page: what waits for a hand, then everything there is."""
        waiting = dashboard(request.user, timezone.now()) if self.has_permission(request) else {}
        return super().index(request, waiting | (extra_context or {}))
