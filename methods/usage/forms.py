"""Forms of what people do with methods: trials, collections, session plans, actions, drafts from meetings."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Term, User
from contacts.personal_data.forms import PersonalDataMixin
from lib.forms.rendering import DateInput, TimeInput
from lib.forms.versions import VersionedForm
from methods.models import Action, Collection, CollectionItem, Method, SessionPart, SessionPlan, Trial

MOST_ROWS = 60
LAST = 999
EMPTY_PARTS = 2


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _OwnedForm(VersionedForm, forms.ModelForm):
    """Words of the vocabulary in their own order, choices to tick without an empty one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and queryset.model is Term:
                field.queryset = queryset.order_by("order", "pk")  # type: ignore[attr-defined]


class TrialForm(PersonalDataMixin, _OwnedForm):
    """I tried this. The instance must know its method and person, so that a second row of the same day is noticed."""

    free_texts = ("note", "change")
    speaks_of_young = True

    adopted = forms.BooleanField(
        label=_("We took this into use"),
        required=False,
        help_text=_("Your organisation uses it from now on. Its name is shown with the method."),
    )

    class Meta:
        model = Trial
        fields = ["tried_on", "setting", "group_size", "worked", "note", "change"]
        widgets = {"tried_on": DateInput, "worked": forms.RadioSelect, "note": _text(), "change": _text()}
        labels = {"tried_on": _("When did you try it?"), "worked": _("Did it work?")}
        help_texts = {
            "note": _("What others should know. No names and nothing by which a young person can be recognised."),
            "change": _("What you did in another way than it is written."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worked"].choices = Trial.WORKED
        self.fields["adopted"].initial = self.instance.adopted_on is not None

    def clean_tried_on(self) -> Any:
        day = self.cleaned_data["tried_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day has not come yet."))
        return day

    def _get_validation_exclusions(self) -> set[str]:
        """Whose it is does not come from the form, but a row of the same day is looked for."""
        return super()._get_validation_exclusions() - {"method", "person", "removed_at"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        day = self.cleaned_data.get("tried_on")
        self.instance.adopted_on = (self.instance.adopted_on or day) if self.cleaned_data.get("adopted") else None


class CollectionForm(VersionedForm, PersonalDataMixin, forms.ModelForm):
    """A collection, which may be shared by a link."""

    free_texts = ("title", "note")
    send_anyway = _("Save it as it is.")

    class Meta:
        model = Collection
        fields = ["title", "held_on", "note"]
        widgets = {"held_on": DateInput, "note": _text()}


class CollectionItemForm(VersionedForm, forms.ModelForm):
    """A row: its place, a note, or away with it."""

    place = forms.IntegerField(
        label=pgettext_lazy("place in a list", "Order"), min_value=1, max_value=LAST, required=False
    )
    drop = forms.BooleanField(label=_("Take away"), required=False)

    class Meta:
        model = CollectionItem
        fields = ["note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = self.instance.order or None


class SessionPlanForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = SessionPlan
        fields = ["title", "held_on", "begins", "ends", "note"]
        widgets = {"held_on": DateInput, "begins": TimeInput, "ends": TimeInput, "note": _text()}


class SessionPartForm(VersionedForm, forms.ModelForm):
    """A row of a plan. An empty row is no part."""

    place = forms.IntegerField(
        label=pgettext_lazy("place in a list", "Order"), min_value=1, max_value=LAST, required=False
    )
    drop = forms.BooleanField(label=_("Take away"), required=False)

    class Meta:
        model = SessionPart
        fields = ["title", "minutes", "form", "role", "who", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = self.instance.order or None


CollectionItems = forms.modelformset_factory(
    CollectionItem, CollectionItemForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS * 2
)
SessionParts = forms.modelformset_factory(
    SessionPart, SessionPartForm, extra=EMPTY_PARTS, max_num=MOST_ROWS, absolute_max=MOST_ROWS * 2
)


def sorted_out(formset: Any) -> tuple[list[Any], list[Any]]:
    """(rows that stay, in the order of the numbers typed; rows to take away). A row without a number comes last."""
    rows = [row for row in formset if row.has_changed() or row.instance.pk]
    stay = [row for row in rows if not row.cleaned_data.get("drop")]
    stay.sort(key=lambda row: row.cleaned_data.get("place") or LAST)
    return [row.instance for row in stay], [row.instance for row in rows if row.cleaned_data.get("drop")]


class ActionForm(PersonalDataMixin, _OwnedForm):
    free_texts = ("what",)
    send_anyway = _("Save it as it is.")

    source_url = forms.URLField(label=_("Link"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Action
        fields = ["kind", "other_kind", "what", "starts_on", "ends_on", "occasions", "people", "source", "source_url"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = {
            "other_kind": _("When the list does not have it."),
            "ends_on": _("Only when it took more than one day."),
        }


class DraftFromMeetingForm(forms.Form):
    """A draft in somebody's name."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Method.KINDS, widget=forms.RadioSelect, initial=Method.METHOD)
    title = forms.CharField(label=pgettext_lazy("of a method", "Title"), min_length=5, max_length=120)
    summary = forms.CharField(label=_("Summary"), max_length=200, required=False, widget=_text())
    credits = forms.CharField(
        label=_("Where it was told"),
        max_length=1000,
        required=False,
        widget=_text(),
        help_text=_("For example the meeting and the day. The author can change everything."),
    )
    source_url = forms.URLField(label=_("Address of the source"), required=False, max_length=200, assume_scheme="https")
    author = forms.ModelChoiceField(
        label=_("Author"),
        queryset=User.objects.none(),
        help_text=_("The member who told about it. A letter tells that a draft waits."),
    )

    def __init__(self, *args: Any, coordinator: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.run_by(coordinator).active().exclude(memberships=None, coordinations=None)
        people = User.objects.filter(pk__in=members.values("pk")).alphabetical()
        self.fields["author"].queryset = people  # type: ignore[attr-defined]
