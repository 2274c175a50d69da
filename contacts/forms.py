"""Forms about people: joining the portal and keeping one's own details true."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.models import Municipality, Organisation, User
from lib.forms.versions import VersionedForm


class MunicipalityField(forms.ModelChoiceField):
    """Offers the municipalities by name; a former one stands for the one it has become part of.

    People look for the name they know: “Nilsiä (now Kuopio)”.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs["queryset"] = Municipality.objects.select_related("merged_into").alphabetical()
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        if not obj.is_former():
            return str(obj)
        return str(_("%(former)s (now %(present)s)") % {"former": obj, "present": obj.today()})

    def clean(self, value: Any) -> Any:
        place = super().clean(value)
        return place.today() if place else None


class SignupForm(forms.Form):
    """What is asked besides the address when somebody makes an account."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    municipality = MunicipalityField(
        label=_("Municipality"),
        required=False,
        help_text=_("Where you work. You can change it later."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.current().alphabetical(),
        required=False,
        help_text=_("Your employer, when it is on the list."),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the account is made."""
        user.introduce(language=(get_language() or "fi")[:2], **self._details())

    def _details(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("name", "municipality", "organisation")}


class MyDetailsForm(VersionedForm, forms.ModelForm):
    """What a person tells about themselves. The address to sign in with is changed elsewhere, by a code."""

    class Meta:
        model = User
        fields = ["name", "title", "phone", "organisation", "municipality", "language"]
        field_classes = {"municipality": MunicipalityField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }
        help_texts = {
            "name": _("Other members of your networks see your name, title, organisation and municipality."),
            "phone": _("Only the coordinator sees it."),
            "municipality": _(
                "Where you work. When your organisation has a municipality, the portal shows and counts that one."
            ),
            "language": _("The letters from the portal come in this language."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        employer = Q(pk=self.instance.organisation_id)
        current = Organisation.objects.filter(Q(successor=None) | employer)
        self.fields["organisation"].queryset = current.alphabetical()  # type: ignore[attr-defined]
