"""Saved audiences on the desk: rules in plain words, and how many readers of the area they mean."""

from typing import Any

from django.contrib import admin
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from contacts.models import Municipality
from meetings.models import Meeting
from newsletters.desk_forms import SegmentForm
from newsletters.models import Segment, Subscription
from youthnet.desk import DeskAdmin


@admin.register(Segment)
class SegmentAdmin(DeskAdmin):
    form = SegmentForm
    list_display = ["name", "area"]
    list_select_related = ["area"]
    search_fields = ["name"]
    ordering = ["area", "name", "pk"]
    actions = None
    filter_horizontal = ["networks", "roles", "sectors", "municipalities", "work_forms", "meetings"]
    fieldsets = [
        (None, {"fields": ["area", "name"]}),
        (
            _("Who is meant"),
            {
                "fields": ["networks", "roles", "sectors", "municipalities", "work_forms", "languages"],
                "description": _("All rules must hold; of several choices in one rule, one is enough. Empty: everybody."),
            },
        ),
        (_("Who has come"), {"fields": ["meetings", "attended_since"]}),
    ]
