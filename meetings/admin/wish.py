"""Wishes for trainings on the desk: the list by support, one wish with its people, the buttons that answer it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from lib.admin import StateFilter
from meetings.models import Wish
from meetings.wishes import admin_views as wishes
from search.admin import SearchableAdmin

# The pages that answer a wish, by the last part of their address.
wish_pages: dict[str, Callable[..., HttpResponse]] = {
    "take_up": wishes.take_up,
    "training": wishes.training,
    "merge": wishes.merge,
    "decline": wishes.decline,
    "reopen": wishes.reopen,
    "tell": wishes.notify,
}


class WishStateFilter(StateFilter):
    """Open, taken up, arranged and declined wishes."""

    states = Wish.STATES


@admin.register(Wish)
class WishAdmin(SearchableAdmin):
    """What members wish for is theirs: it is answered here, not rewritten."""

    list_display = ["title", "network", "support", "state", "created_at"]
    list_filter = [WishStateFilter, ("network", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "text"]
    actions = None
    fields = ["title", "text", "area", "network", "proposer", "kind", "topics", "mode", "best_time", "created_at"]
    change_form_template = "admin/meetings/wish/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Counted before it is ordered: the list begins with what most people wish."""
        return Wish.objects.run_by(request.user).active().with_places().with_support().most_wanted()

    def get_ordering(self, request: HttpRequest) -> Any:
        return ["-support", "-created_at", "-pk"]

    @admin.display(description=_("supporters"), ordering="support")
    def support(self, wish: Any) -> int:
        return wish.support

    @admin.display(description=_("state"))
    def state(self, wish: Wish) -> str:
        return wish.state_words()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission  # type: ignore[assignment]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        wish = self.get_object(request, object_id)
        if wish is None:
            raise Http404
        extra = {"actions": wishes.actions_of(wish), "supports": wish.supports.in_order()}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", wrap(partial(self.wish_page, view=view)), name=f"meetings_wish_{name}")
            for name, view in wish_pages.items()
        ]
        return own + super().get_urls()

    def wish_page(self, request: HttpRequest, pk: int, view: Callable[..., HttpResponse]) -> HttpResponse:
        wish = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "wish": wish}
        return view(request, wish, context)
