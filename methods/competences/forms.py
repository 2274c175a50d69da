"""The competence bank: telling what one can do, looking for somebody who can, and asking."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Term
from contacts.personal_data.forms import PersonalDataMixin
from lib.forms.versions import VersionedForm
from methods.models import CompetenceOffer


class OfferForm(VersionedForm, PersonalDataMixin, forms.ModelForm):
    """One competence, how well, and where one can help. The instance must know its member."""

    free_texts = ("text",)
    send_anyway = _("Save it as it is.")

    class Meta:
        model = CompetenceOffer
        fields = ["competence", "level", "text", "range", "visibility"]
        widgets = {
            "level": forms.RadioSelect,
            "range": forms.RadioSelect,
            "visibility": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("competence", "level"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.order_by("order", "pk")
        self.fields["level"].empty_label = None

    def _get_validation_exclusions(self) -> set[str]:
        """Whose it is does not come from the form, but a second offer of the same competence is looked for."""
        return super()._get_validation_exclusions() - {"member", "removed_at"}  # type: ignore[misc]


class OfferFilter(django_filters.FilterSet):
    """Who can: narrowed by competence, level, municipality, range and words. Learners only when asked for."""

    q = django_filters.CharFilter(label=_("Words to look for"), method="with_words", widget=forms.SearchInput)
    competence = django_filters.ModelChoiceFilter(
        label=_("Competence"),
        to_field_name="code",
        empty_label=pgettext_lazy("choice", "any"),
        queryset=lambda _r: Term.objects.in_list("competences"),
    )
    level = django_filters.ModelChoiceFilter(
        label=_("Level"),
        to_field_name="code",
        empty_label=pgettext_lazy("choice", "any"),
        queryset=lambda _r: Term.objects.in_list("competence_levels"),
        method="at_level",
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        method="working_in",
        to_field_name="slug",
        empty_label=pgettext_lazy("choice", "any"),
        queryset=lambda _r: Municipality.objects.exclude(areas=None).distinct().alphabetical(),
    )
    range = django_filters.ChoiceFilter(
        label=_("Where"), empty_label=pgettext_lazy("choice", "any"), choices=CompetenceOffer.RANGES
    )

    class Meta:
        model = CompetenceOffer
        fields: list[str] = []

    def with_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def at_level(self, queryset: Any, name: str, value: Term | None) -> Any:
        return queryset.filter(level=value) if value else queryset

    def working_in(self, queryset: Any, name: str, value: Municipality | None) -> Any:
        return queryset.working_in([value]) if value else queryset

    def found(self) -> Any:
        chosen = self.form.cleaned_data.get("level") if self.form.is_valid() else None
        return (self.qs if chosen else self.qs.can_help()).by_competence()

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen."""
        return self.form.is_valid() and any(self.form.cleaned_data.values())


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Your name and address go along, so that you can be answered. The other one's address is not shown."
        ),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
