"""Forms of attendance: somebody in the door, hours and way of one person, the code on the slide, a report of Teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms.fields import AS_IS, AddressField
from meetings.attendance import teams_report
from meetings.attendance.teams_import import hours_of_meeting
from meetings.models import Meeting, Participation


class SomebodyForm(forms.Form):
    """A person by address or by name; one of them is enough."""

    email = AddressField(label=_("E-mail"), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if not facts.get("name") and not facts.get("email") and "email" not in self.errors:
            self.add_error("name", _("Write a name or an e-mail address."))
        return facts


class WalkInForm(SomebodyForm):
    """Somebody who came without being on the list."""

    organisation_name = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    field_order = ("name", "email", "organisation_name")


class HereForm(SomebodyForm):
    """Who is here, for somebody who has not signed in."""

    email = AddressField(
        label=_("Your e-mail"),
        required=False,
        help_text=_("So that the certificate reaches you. If you have none, write your name."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class HoursForm(forms.Form):
    """How long and in which way one person took part."""

    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=999, decimal_places=2, localize=True)
    mode = forms.ChoiceField(label=_("Way of taking part"), choices=Participation.MODES)


class ReportForm(forms.Form):
    """The attendance report of Teams, as a file or pasted."""

    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or paste the report here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8} | AS_IS),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def clean(self) -> dict[str, Any]:
        """Keeps the text and the people read from it."""
        facts = super().clean() or self.cleaned_data
        try:
            if facts.get("file"):
                facts["text"] = teams_report.decoded(facts["file"].read(teams_report.MOST_BYTES + 1))
            facts["people"] = teams_report.people_in(facts.get("text") or "", hours_of_meeting(self.meeting))
        except teams_report.Unreadable as words:
            self.add_error("file" if facts.get("file") else "text", str(words))
        return facts
