"""Forms of wishes: a new one, what a supporter would need, and on the desk what answers one."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Term
from contacts.personal_data.forms import PersonalDataMixin
from lib.forms.rendering import DateTimeInput
from lib.forms.versions import VersionedForm
from meetings.agenda.forms import networks_of
from meetings.models import Meeting, Wish

AREA, NETWORK = "area", "network"


class WishForm(VersionedForm, PersonalDataMixin, forms.ModelForm):
    """A wish. What is wished for and for whom is enough."""

    free_texts = ("title", "text", "best_time")

    place = forms.ChoiceField(label=_("For whom"))
    field_order = ["title", "text", "place", "kind", "mode", "best_time", "topics"]

    class Meta:
        model = Wish
        fields = ("title", "text", "kind", "topics", "mode", "best_time")
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["place"].choices = list(_places(user))
        fields["kind"].queryset = Term.objects.in_list("event_types").offered_to(user)
        fields["topics"].queryset = Term.objects.in_list("topics").offered_to(user)
        fields["mode"].choices = [("", _("Any way will do")), *Meeting.MODES]
        self.networks = {network.pk: network for network in networks_of(user)}
        if self.instance.pk:
            fields["place"].initial = _place_of(self.instance)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        what, _colon, number = facts.pop("place", "").partition(":")
        network = self.networks.get(int(number)) if what == NETWORK else None
        area = network.area if network else CoordinationArea.objects.filter(pk=number or 0).first()
        return facts | {"area": area, "network": network}


def _place_of(wish: Wish) -> str:
    return f"{NETWORK}:{wish.network_id}" if wish.network_id else f"{AREA}:{wish.area_id}"


def _places(user: Any) -> Iterator[tuple[str, str]]:
    """The areas a person belongs to, and the networks of the person."""
    areas = CoordinationArea.objects.order_by("pk")
    for area in areas if user.is_superuser else areas.filter(pk__in=user.area_ids()):
        yield f"{AREA}:{area.pk}", _("Everybody in the area: %(area)s") % {"area": area}
    for network in networks_of(user):
        yield f"{NETWORK}:{network.pk}", str(network)


class NeedForm(PersonalDataMixin, forms.Form):
    """What a supporter would need of the training: short words that are shown at once, so that they hold no data."""

    free_texts = ("comment",)
    send_anyway = ""

    comment = forms.CharField(
        label=_("What I would need"),
        max_length=300,
        required=False,
        help_text=_("Members who see the wish read this with your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeclineForm(forms.Form):
    """Why not, in words that those who wished read."""

    reply = forms.CharField(
        label=_("Words to those who wished"),
        max_length=1000,
        help_text=_("They stand on the page of the wish and in the letter."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class MergeForm(forms.Form):
    """The wish that means the same."""

    other = forms.ModelChoiceField(Wish.objects.none(), label=_("Join it to"))

    def __init__(self, *args: Any, wish: Wish, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.queryset = Wish.objects.joinable_by(wish).with_support().most_wanted()


class TrainingForm(forms.ModelForm):
    """When the training might be; everything else is on the form that follows."""

    class Meta:
        model = Meeting
        fields = ("kind", "starts_at", "ends_at")
        widgets = {"starts_at": DateTimeInput, "ends_at": DateTimeInput}

    def __init__(self, *args: Any, wish: Wish, now: datetime, **kwargs: Any) -> None:
        starts_at, ends_at = likely_time(now)
        kind = wish.kind or Term.objects.in_list("event_types").filter(code="koulutus").first()
        kwargs["initial"] = {"kind": kind, "starts_at": starts_at, "ends_at": ends_at}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].queryset = Term.objects.in_list("event_types")


def likely_time(now: datetime) -> tuple[datetime, datetime]:
    """A guess to be corrected: eight weeks on, a Wednesday from nine to three."""
    day = timezone.localdate(now) + timedelta(weeks=8)
    day += timedelta(days=2 - day.weekday())
    return tuple(timezone.make_aware(datetime.combine(day, time(hour))) for hour in (9, 15))  # type: ignore[return-value]
