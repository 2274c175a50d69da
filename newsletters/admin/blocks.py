"""The blocks on the page of an issue: their order, their words in three languages, what they tell of."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.admin import DeskInline
from meetings.models import Meeting
from methods.models import Method
from networks.models import NewsItem
from newsletters.admin.forms import BlockForm
from newsletters.models import Block

MOST_OFFERED = 200
MOST_ADDED = 5


class BlockInline(DeskInline, admin.StackedInline):  # type: ignore[misc]
    model = Block
    form = BlockForm
    template = "admin/newsletters/issue/blocks.html"
    ordering = ["order", "pk"]
    fieldsets = [
        (None, {"fields": [("order", "kind"), "meeting", "method", "news", "title_fi", "body_fi"]}),
        (
            _("In Swedish"),
            {
                "fields": ["title_sv", "body_sv"],
                "classes": ["collapse"],
                "description": _("What you leave empty comes to Swedish readers in Finnish."),
            },
        ),
        (
            _("In English"),
            {
                "fields": ["title_en", "body_en"],
                "classes": ["collapse"],
                "description": _("What you leave empty comes to English readers in Finnish."),
            },
        ),
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Empty blocks for a browser without JavaScript, which asks for them by a link."""
        asked = request.GET.get("more", "")
        return min(int(asked), MOST_ADDED) if asked.isascii() and asked.isdigit() else 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The newest of one's own area; asked once for all blocks of the page."""
        newest = {
            "meeting": Meeting.objects.run_by(request.user).published().latest_first(),
            "method": Method.objects.run_by(request.user).published().newest(),
            "news": NewsItem.objects.run_by(request.user).newest(),
        }[db_field.name]
        field = super().formfield_for_foreignkey(db_field, request, queryset=newest, **kwargs)
        field.choices = [("", "---------"), *((row.pk, str(row)) for row in newest[:MOST_OFFERED])]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget  # without the signs that lead away from the page
        return field
