"""The desk's page of the suppression list: look an address up, put one on it, let it off again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.admin import DeskAdmin, StateFilter
from lib.forms.fields import AddressField
from outbox.message import validation
from outbox.models import LetterRefused, Suppression
from outbox.models.suppression import SuppressionQuerySet, address_key

KEPT = gettext_lazy(
    "Where the reader complained or asked to be forgotten, the address stays stopped: "
    "only whoever keeps the portal may let it off."
)


class StoppedFilter(StateFilter):
    parameter_name = "lifted"
    states = [("no", gettext_lazy("stopped now")), ("yes", gettext_lazy("let off"))]

    def in_state(self, rows: Any, state: Any) -> Any:
        return rows.current(timezone.now()) if state == "no" else rows.filter(lifted_at__isnull=False)


class SuppressionForm(forms.ModelForm):
    """A new stop for the own areas. The address itself is not kept, only its key.

    Nobody is forgotten by hand: that reason comes from an erasure alone.
    """

    areas: "list[int | None]"

    email = AddressField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address itself is not kept: the list knows it only by a key made of it."),
    )

    class Meta:
        model = Suppression
        fields = ["reason", "scope", "until", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            known = Suppression.Reason
            by_hand = [(each.value, each.label) for each in known if each != known.ERASED]
            self.fields["reason"].choices = by_hand  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        try:
            email = validation.address(self.cleaned_data["email"])
        except LetterRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        if Suppression.objects.of(email).current(timezone.now()).of_areas(self.areas).count() == len(self.areas):
            raise forms.ValidationError(_("This address is on the stop list already."))
        return email


def areas_stopped_by(user: Any) -> "list[int | None]":
    """Whose letters a stop by hand holds back: those of the own areas, a superuser's those of all (None)."""
    return [None] if user.is_superuser else sorted(user.area_ids_run())


@admin.register(Suppression)
class SuppressionAdmin(DeskAdmin):
    """The stops of the own areas. The list holds no addresses, so it is searched with a whole one."""

    form = SuppressionForm
    list_display = ["reason", "scope", "since", "until", "lifted_at", "evidence", "note"]
    list_filter = [StoppedFilter, "reason", "scope"]
    list_select_related = ["event"]
    search_fields = ["note"]
    search_help_text = gettext_lazy("Write the whole e-mail address: the list holds only keys of addresses.")
    ordering = ["-since", "-pk"]
    show_full_result_count = False
    actions = ["lift"]
    fields = ["reason", "scope", "since", "until", "lifted_at", "evidence", "note"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["email", "reason", "scope", "until", "note"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.areas = areas_stopped_by(request.user)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"reason": Suppression.Reason.MANUAL}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if "@" in search_term:
            return queryset.filter(key=address_key(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The verb finds or makes the one row of the address and area."""
        chosen = {name: form.cleaned_data[name] for name in ("scope", "until", "note")}
        for area in form.areas:
            row = Suppression.objects.add(form.cleaned_data["email"], obj.reason, timezone.now(), area, **chosen)
            obj.__dict__.update(row.__dict__)

    @admin.display(description=gettext_lazy("proof"))
    def evidence(self, stop: Suppression) -> str:
        return f"{stop.event} {stop.event.code}".strip() if stop.event else ""

    @admin.action(description=gettext_lazy("Let off the stop list"), permissions=["view"])
    def lift(self, request: HttpRequest, chosen: SuppressionQuerySet) -> None:
        count = chosen.lifted_by(request.user).lift(timezone.now())
        words = ngettext(
            "%(count)d address may be written to again.", "%(count)d addresses may be written to again.", count
        )
        if count:
            self.message_user(request, words % {"count": count}, messages.SUCCESS)
        if count < len(request.POST.getlist(ACTION_CHECKBOX_NAME)):
            self.message_user(request, KEPT, messages.WARNING)
