"""Base classes of the admin (the desk): each coordinator sees and changes the rows of an own area only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.forms import versions
from lib.forms.rendering import DateInput, DateTimeInput, TimeInput
from lib.text.addresses import normal, readable

# One box with the browser's own calendar instead of two without labels.
INPUTS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {"form_class": forms.DateTimeField, "widget": DateTimeInput},
    models.DateField: {"widget": DateInput},
    models.TimeField: {"widget": TimeInput},
}


class OwnRawIdWidget(ForeignKeyRawIdWidget):
    """Names a row chosen by its number only to those who may choose it: numbers of foreign rows stay numbers."""

    choosable: models.QuerySet[Any]

    def label_and_url_for_value(self, value: Any) -> Any:
        try:
            is_own = self.choosable.filter(pk=value).exists()
        except (TypeError, ValueError):
            is_own = False
        return super().label_and_url_for_value(value) if is_own else ("", "")


@admin.display(description=_("e-mail"), ordering="email")
def readable_email(row: Any) -> str:
    """A column for `list_display`: the address with its domain in the letters of its owner."""
    return readable(row.email)


class DeskAdmin(admin.ModelAdmin):
    """A page of the desk for a model whose QuerySet knows `run_by(user)`.

    Everything a coordinator may choose from is cut the same way: a model with `run_by` is offered by it, a register of
    all areas with `choosable()` by that.
    """

    list_per_page = 50
    formfield_overrides = INPUTS

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).run_by(request.user)  # type: ignore[attr-defined]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever coordinates one area need not choose it each time."""
        own = list(request.user.area_ids_run())
        return ({"area": own[0]} if len(own) == 1 else {}) | super().get_changeform_initial_data(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_coordinator()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """A row that somebody else saved meanwhile is merged with what was sent, or both are shown."""
        if request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST:
            self._merge(request, unquote(object_id))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _merge(self, request: HttpRequest, key: str) -> None:
        row = self.get_object(request, key)
        if row is None or not self.has_change_permission(request, row):
            return
        versions.lock(row)
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(request.POST, request.FILES, instance=row)
        merged = versions.merge(request.POST, form, self._changeable_formsets(request, row))
        request.POST, request.merged = merged.data, merged  # type: ignore[attr-defined, assignment]

    def _changeable_formsets(self, request: HttpRequest, row: Any) -> list[Any]:
        made, inlines = self._create_formsets(request, row, change=True)  # type: ignore[attr-defined]
        return [each for each, inline in zip(made, inlines, strict=True) if inline.has_change_permission(request, row)]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        merged = getattr(request, "merged", None)
        return type(form.__name__, (versions.Asks, form), {}) if merged and merged.must_ask else form

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Who changes a row that somebody else has removed meanwhile keeps what was typed."""
        was_open = versions.FIELD in request.POST
        typed = _texts(self.get_form(request).base_fields, request.POST) if was_open else []
        if not typed:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        facts = {"title": _("Removed meanwhile"), "typed": typed, "opts": opts}
        facts["list_url"] = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        context = {**self.admin_site.each_context(request), **facts}
        return TemplateResponse(request, "admin/row_gone.html", context, status=409)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        new = _("New: %(kind)s") % {"kind": self.opts.verbose_name}
        context |= {"title": str(obj) if obj else new, "subtitle": None}
        if change and self.has_change_permission(request, obj):
            context |= {"version_inputs": _version_inputs(context), "merged": getattr(request, "merged", None)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """In a small window the answer is a page that closes it: whoever sent the form twice gets it again."""
        answer: Any = super().response_add(request, obj, post_url_continue)
        if IS_POPUP_VAR in request.POST:
            answer.render().closes_window = True
        return answer

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A year that no calendar has is a wrong address and no fault; Django catches only smaller nonsense."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as wrong:
            raise IncorrectLookupParameters from wrong

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Whoever looks for Söderström need not have an ö."""
        return [f"{field}__unaccent__icontains" for field in super().get_search_fields(request)]  # type: ignore[misc]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """An address is found however its domain is spelled."""
        words = [normal(word) if "@" in word else word for word in search_term.split(" ")]
        return super().get_search_results(request, queryset, " ".join(words))  # type: ignore[misc]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """A list is narrowed by its filters and by relations; no other column is guessed letter by letter."""
        column = lookup.split("__")[0]
        try:
            is_plain = not self.opts.get_field(column).is_relation
        except FieldDoesNotExist:
            is_plain = False
        if is_plain and column not in self._narrows_by(request):
            return False
        return super().lookup_allowed(lookup, value, request)

    def _narrows_by(self, request: Any) -> set[str]:
        names = [self.opts.pk.name, self.date_hierarchy or ""]
        for each in self.get_list_filter(request):
            name: Any = each[0] if isinstance(each, list | tuple) else each
            names.append(name if isinstance(name, str) else name.parameter_name)
        return {name.split("__")[0] for name in names}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        _offer_only_own(db_field, request, kwargs)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and isinstance(field.widget, ForeignKeyRawIdWidget):
            field.widget = OwnRawIdWidget(db_field.remote_field, self.admin_site, field.widget.attrs)
            field.widget.choosable = field.queryset
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        _offer_only_own(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _texts(fields: dict[str, Any], sent: Any) -> list[tuple[str, str]]:
    """What somebody has typed into the boxes for text, with the names of the boxes."""
    texts = [
        (field.label, sent.get(name, "").strip())
        for name, field in fields.items()
        if isinstance(field, forms.CharField)
    ]
    return [(str(label), text) for label, text in texts if text]


def _version_inputs(context: dict[str, Any]) -> list[str]:
    """Which values the form of a page of the admin and each row under it were opened with."""
    under = [each.formset for each in context["inline_admin_formsets"] if each.has_change_permission]
    rows = [row for formset in under for row in formset.initial_forms]
    return [versions.version_input(form) for form in [context["adminform"].form, *rows]]


class RegisterAdmin(DeskAdmin):
    """A register shared by the whole installation: every coordinator reads it, a superuser changes it."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return admin.ModelAdmin.get_queryset(self, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    has_delete_permission = has_change_permission


class StateFilter(admin.SimpleListFilter):
    """Narrows a list to the rows in one of its `states`, (value, words) each, by what their QuerySet calls so."""

    title = _("state")
    parameter_name = "state"
    states: Iterable[tuple[str, Any]] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.states)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        state = self.value()
        return self.in_state(queryset, state) if state in dict(self.states) else queryset

    def in_state(self, rows: Any, state: Any) -> Any:
        return rows.in_state(state)


class DeskInline:
    """Mixed into inlines: whoever may change the row may change its parts; choices are cut as on the page."""

    extra = 0
    formfield_overrides = INPUTS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_authenticated and request.user.is_coordinator()

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        _offer_only_own(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def _offer_only_own(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
    chosen_from = db_field.remote_field.model._default_manager.all()
    if hasattr(chosen_from, "run_by") and "queryset" not in kwargs:
        kwargs["queryset"] = chosen_from.run_by(request.user)
    elif hasattr(chosen_from, "choosable") and "queryset" not in kwargs:
        kwargs["queryset"] = chosen_from.choosable()
