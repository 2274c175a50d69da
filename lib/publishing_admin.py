"""The desk's form for what is published: show it now, at a moment ahead, or hide it, with words about who sees what."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.text.dates import format_period

PUBLISH, HIDE = "_publish", "_hide"


class PublishingMixin:
    """Stands before the admin class of a model with `published_at`. `readers_of` tells in words who sees a row."""

    change_form_template = "admin/publishing.html"

    def readers_of(self, row: Any) -> str:
        return _("everybody")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new one is a draft, whatever the model says of rows made elsewhere."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)  # type: ignore[misc]
        return {"published_at": None} | initial

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and db_field.name == "published_at":
            field.label = _("Shown from")
            field.help_text = _("Empty: only coordinators see it. A moment ahead: it is shown from then on.")
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the buttons: shown from now on, or not at all; else as the moment in the form says."""
        now = timezone.now()
        if HIDE in request.POST:
            obj.published_at = None
        elif PUBLISH in request.POST and not is_shown(obj, now):
            obj.published_at = now
            if (ends := getattr(obj, "expires_at", None)) and ends <= now:
                obj.expires_at = None
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        self.message_user(request, self.state_in_words(obj, now))  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row, now = kwargs.get("obj"), timezone.now()
        if row:
            context["state_in_words"] = self.state_in_words(row, now)
        context["is_shown"] = bool(row and is_shown(row, now))
        context["may_be_hidden"] = bool(row and row.published_at)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def state_in_words(self, row: Any, now: datetime) -> str:
        if row.published_at is None:
            return _("This is a draft: only coordinators see it.")
        shown = {"when": _moment(row.published_at), "readers": self.readers_of(row)}
        if row.published_at > now:
            return _("From %(when)s on this is shown to: %(readers)s. Until then only coordinators see it.") % shown
        if not is_shown(row, now):
            return _("This has expired: only coordinators see it.")
        return _("Since %(when)s this is shown to: %(readers)s.") % shown


def is_shown(row: Any, now: datetime) -> bool:
    """It has been published, and has not expired."""
    ends = getattr(row, "expires_at", None)
    return bool(row.published_at and row.published_at <= now and (ends is None or ends > now))


def _moment(at: datetime) -> str:
    return format_period(at, None, timezone.get_default_timezone_name(), get_language() or "fi")
