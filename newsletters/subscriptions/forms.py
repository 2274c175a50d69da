"""Forms for signing up, and for adding a subscriber on the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lib.forms.fields import AddressField
from newsletters.models import MailingList, Subscription
from newsletters.subscriptions import consent_texts as consent


class Lists(forms.ModelMultipleChoiceField):
    """Boxes with the name of each list and what it is about."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, mailing_list: Any) -> str:
        described = mailing_list.description
        return f"{mailing_list.name}: {described}" if described else mailing_list.name


class SubscribeForm(forms.Form):
    """An address, the lists, and a box that only programs fill in."""

    email = AddressField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}), max_length=254)
    lists = Lists(
        queryset=MailingList.objects.none(),
        label=_("Letters"),
        error_messages={"required": _("Choose at least one letter.")},
    )
    language = forms.ChoiceField(label=_("Language of the letters"), choices=settings.LANGUAGES)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, area: Any = None) -> None:
        offered = MailingList.objects.visible_to(None).in_order()
        if area is not None:
            offered = offered.filter(area=area)
        super().__init__(data, initial={"language": get_language(), "lists": [item.pk for item in offered[:1]]})
        self.offered = offered
        self.fields["lists"].queryset = offered  # type: ignore[attr-defined]

    @property
    def consent(self) -> str:
        """What happens to the address, in the words that are kept as proof."""
        return consent.text(get_language())

    @property
    def is_from_program(self) -> bool:
        """People do not see the box, so they leave it empty."""
        return bool(self.cleaned_data["website"])

    def request(self, now: datetime) -> None:
        """Ask for the letters; what a program filled in is forgotten."""
        if not self.is_from_program:
            asked = self.cleaned_data
            Subscription.objects.request(
                asked["lists"], asked["email"], asked["language"], now, shown_in=consent.language(get_language())
            )


class AddForm(forms.ModelForm):
    """A subscriber who asked the coordinator in person.

    The form asks the database itself, for the unique constraint names a column that is not in the form.
    """

    class Meta:
        model = Subscription
        fields = ["list", "email", "language", "consent_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_note"].required = True
        self.fields["email"].help_text = _("The person gets a letter that tells how to change or leave the list.")

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        subscriptions = Subscription.objects.of(asked.get("email", "")).lasting()
        if subscriptions.filter(list=asked.get("list")).exists():
            self.add_error("email", _("This address is on the list already, or has been asked to confirm."))
        return asked
