"""The admin site of the portal (the coordinator's desk): who enters, and what its first page shows."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskAdmin
from lib.forms.once import done_once
from lib.forms.params import int_or_none
from youthnet.desk.dashboard import dashboard, how_much_waits
from youthnet.desk.menu import menu


class DeskSite(admin.AdminSite):
    """The admin site. Sign-in goes through allauth, so that its rate limits hold here too."""

    site_header = _("Coordinator's desk")
    site_title = _("Coordinator's desk")
    index_title = _("What is on the desk")
    index_template = "admin/desk.html"
    enable_nav_sidebar = False  # our own menu stands in its place

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only registers of our own rooms stand on the desk: rights come from coordinating an area, not from groups."""
        if admin_class is not None and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_authenticated and request.user.is_coordinator())

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the desk shows. Small windows have no menu, and nothing is counted for them."""
        context = super().each_context(request)
        is_framed = context["has_permission"] and IS_POPUP_VAR not in (request.POST or request.GET)
        return context | {"desk_menu": menu(request) if is_framed else []}

    def get_urls(self) -> list[Any]:
        """Django's way to a row's page on the site asks for nobody's rights; ours stands before it."""
        view = self.admin_view(self.view_on_site)
        return [path("r/<path:content_type_id>/<path:object_id>/", view, name="view_on_site"), *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponseRedirect:
        """To the page of a row of an own area; any other has no page here, so its address is not told either."""
        kind = ContentType.objects.filter(pk=int_or_none(content_type_id)).first()
        desk = self._registry.get(kind.model_class()) if kind else None  # type: ignore[arg-type]
        row = desk.get_object(request, object_id) if desk and desk.has_view_permission(request) else None
        if row is None or not hasattr(row, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(row.get_absolute_url())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the desk comes through here: what one of its forms sends twice is done once."""
        return super().admin_view(done_once(view), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page: what waits for a hand, then everything there is."""
        waiting = dashboard(request.user, timezone.now()) if self.has_permission(request) else {}
        title = {"title": how_much_waits(waiting["waits"])} if waiting else {}
        return super().index(request, waiting | title | (extra_context or {}))
