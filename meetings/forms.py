"""Forms of a meeting on the desk: its facts, a copy, a cancellation, its participants and guests."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.forms.rendering import DateInput
from meetings.models import InvitationOptOut, Meeting, Participation
from meetings.models.series import SPREADS, THIS

USUAL_LENGTH, FARTHEST = timedelta(hours=2), timedelta(days=3 * 366)


class MeetingForm(forms.ModelForm):
    """The desk's form. An empty address is made of the title and the day."""

    spread = forms.ChoiceField(
        label=_("What you change concerns"), choices=SPREADS, initial=THIS, required=False, widget=forms.RadioSelect
    )

    keywords = SimpleArrayField(
        forms.CharField(max_length=40, required=False),
        label=_("Keywords"),
        required=False,
        max_length=8,
        help_text=_("At most eight, with commas between them. For words that the topics lack."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    end_was_empty = False

    class Meta:
        model = Meeting
        fields = (
            *("title", "kind", "area", "networks", "summary", "starts_at", "ends_at", "mode", "place_name"),
            *("street_address", "postcode", "town", "municipality", "accessibility", "join_url", "description"),
            *("themes", "keywords", "price_note", "is_external", "held_by", "host", "visibility", "slug"),
        )
        widgets = {
            "networks": forms.CheckboxSelectMultiple,
            "themes": forms.CheckboxSelectMultiple,
            "summary": forms.Textarea(attrs={"rows": 2}),
            "accessibility": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        self.fields["ends_at"].required = False
        self.fields["ends_at"].help_text = _(
            "Empty: as long as the last meeting of the same kind in the network, else two hours."
        )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        self._refuse_foreign_networks(facts)
        if facts.get("starts_at") and not facts.get("ends_at") and "ends_at" not in self.errors:
            facts["ends_at"] = facts["starts_at"] + self._usual_length(facts)
            self.end_was_empty = True
        if facts.get("host") and not facts.get("held_by"):
            facts["held_by"] = facts["host"].name[:160]  # its name of that day, whatever becomes of the body
        if not facts.get("slug") and facts.get("title") and facts.get("starts_at"):
            facts["slug"] = Meeting.objects.free_slug(facts["title"], timezone.localdate(facts["starts_at"]))
        return facts

    def _usual_length(self, facts: dict[str, Any]) -> timedelta:
        lengths = Meeting.objects.filter(networks__in=facts.get("networks") or []).usual_lengths()
        kind = facts["kind"].pk if facts.get("kind") else None
        return next((length for _network, of_kind, length in lengths if of_kind == kind), USUAL_LENGTH)

    def clean_keywords(self) -> list[str]:
        """Each once, in small letters: they are searched, not read."""
        return list(dict.fromkeys(word.strip().lower() for word in self.cleaned_data["keywords"] or [] if word.strip()))

    def _refuse_foreign_networks(self, facts: dict[str, Any]) -> None:
        area, networks = facts.get("area"), facts.get("networks") or []
        if area and any(network.area_id != area.pk for network in networks):
            self.add_error("networks", _("Choose networks of the same area as the meeting."))


class CancelForm(forms.Form):
    """Why a meeting is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Stands in the letter and on the meeting's page."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )


class CopyForm(forms.Form):
    """On which day the next meeting is held."""

    on = forms.DateField(
        label=_("Day of the next meeting"),
        widget=DateInput,
        validators=[MaxValueValidator(lambda: timezone.localdate() + FARTHEST, _("Choose a day within three years."))],
    )


class ParticipantRow(forms.ModelForm):
    """One line of the list of participants; each box tells a screen reader whose it is."""

    class Meta:
        model = Participation
        fields = ("answer", "comment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"answer": _("Answer of %(person)s"), "comment": _("Comment of %(person)s")}
        for field, name in names.items():
            if field in self.fields:
                self.fields[field].widget.attrs["aria-label"] = name % {"person": self.instance}


class GuestForm(forms.ModelForm):
    """Somebody who is invited without being a member of the meeting's networks."""

    class Meta:
        model = Participation
        fields = ("meeting", "name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        meeting, email = facts.get("meeting"), facts.get("email")
        if meeting and email and meeting.participations.at_address(email).exists():
            self.add_error("email", _("This person is on the list already."))
        elif meeting and email and InvitationOptOut.objects.of(meeting.area, email).exists():
            self.add_error(
                "email", _("This person has asked not to be invited any more. Write to them yourself first.")
            )
        return facts
