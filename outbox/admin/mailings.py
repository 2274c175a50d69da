"""The desk's page of mailings: how far each has come, and pause, resume and stop for those on their way."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from lib.admin import DeskAdmin
from lib.tasks import wake
from outbox.message_kinds import name_of
from outbox.models import Heartbeat, Mailing, State
from outbox.tasks import send_queued


@admin.register(Mailing)
class MailingAdmin(DeskAdmin):
    """To be read only: what a mailing says was frozen when it was addressed."""

    list_display = ["title", "kind_in_words", "state", "created_at", "finished_at"]
    search_fields = ["title"]
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    actions = ["pause", "resume", "stop"]
    fields = [
        "title", "kind_in_words", "state", "pause_reason", "how_far", "from_email",
        "created_at", "addressed_at", "finished_at", "cancelled_at",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def get_urls(self) -> list[Any]:
        release = require_POST(self.admin_site.admin_view(self.release))
        return [path("release/", release, name="outbox_mailing_release"), *super().get_urls()]

    def release(self, request: HttpRequest) -> HttpResponse:
        """After a restore somebody has looked: letters leave again."""
        if Heartbeat.objects.release():
            wake(send_queued)
            self.message_user(request, _("Letters leave again."), messages.SUCCESS)
        return redirect("admin:index")

    @admin.display(description=gettext_lazy("kind of letter"))
    def kind_in_words(self, mailing: Mailing) -> str:
        return name_of(mailing.kind)

    @admin.display(description=gettext_lazy("state"))
    def state(self, mailing: Mailing) -> str:
        return str(mailing.state.label)

    @admin.display(description=gettext_lazy("letters"))
    def how_far(self, mailing: Mailing) -> str:
        """How many are in which state; each figure leads to its letters."""
        letters = f"{reverse('admin:outbox_delivery_changelist')}?mailing={mailing.pk}&state="
        counted = mailing.progress()
        rows = ((letters, state.value, state.label, counted[state]) for state in State if counted[state])
        listed = format_html_join("", '<li><a href="{}{}">{}: {}</a></li>', rows)
        return format_html("<ul>{}</ul>", listed) if listed else _("none")

    @admin.action(description=gettext_lazy("Pause"), permissions=["view"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Mailing]) -> None:
        words = _("Paused on the desk.")
        self._each(request, chosen, lambda mailing: mailing.pause(timezone.now(), words))

    @admin.action(description=gettext_lazy("Resume"), permissions=["view"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Mailing]) -> None:
        self._each(request, chosen, lambda mailing: mailing.resume())
        wake(send_queued)

    @admin.action(description=gettext_lazy("Stop for good"), permissions=["view"])
    def stop(self, request: HttpRequest, chosen: QuerySet[Mailing]) -> None:
        words = _("Cancelled on the desk.")
        self._each(request, chosen, lambda mailing: not mailing.is_over and mailing.stop(timezone.now(), words) >= 0)

    def _each(self, request: HttpRequest, chosen: QuerySet[Mailing], verb: Callable[[Mailing], bool]) -> None:
        done = sum(verb(mailing) for mailing in chosen)
        words = ngettext("Done for %(count)d mailing.", "Done for %(count)d mailings.", done) % {"count": done}
        level = messages.SUCCESS if done else messages.WARNING
        self.message_user(
            request, words if done else _("Nothing was changed: the mailings are not in that state."), level
        )
