"""Forms of the coordinator's pages about issues: start, test, send, and who is meant."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.forms.rendering import DateTimeInput
from newsletters.models import Block, Issue, MailingList, Segment
from newsletters.models.issue import RECALL


class StartForm(forms.Form):
    """For which list the next issue is made."""

    list = forms.ModelChoiceField(MailingList.objects.none(), label=_("Mailing list"), empty_label=None)

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["list"].queryset = MailingList.objects.run_by(user).in_order()  # type: ignore[attr-defined]


class IssueForm(forms.ModelForm):
    """Only lists and audiences of the issue's own area can be chosen."""

    class Meta:
        model = Issue
        fields = ["also_to", "segment"]
        widgets = {"also_to": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.instance.list.area_id
        for name, rows in {
            "also_to": MailingList.objects.filter(area=area).exclude(pk=self.instance.list_id),
            "segment": Segment.objects.filter(area=area),
        }.items():
            if name in self.fields:
                self.fields[name].queryset = rows.in_order()  # type: ignore[attr-defined]


class BlockForm(forms.ModelForm):
    """What was chosen for another kind before the kind was changed is cleared; the page does not show it any more."""

    class Meta:
        model = Block
        fields = ["kind", *Block.THINGS]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        return typed | {thing: None for thing in Block.THINGS if thing != typed.get("kind")}


class People(forms.ModelMultipleChoiceField):
    """Boxes with name and address."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return f"{person} ({person.email})"


class TestForm(forms.Form):
    """Who gets the test: oneself, and other coordinators of the area."""

    people = People(
        User.objects.none(),
        label=_("Who gets the test?"),
        error_messages={"required": _("Choose at least one person.")},
    )

    def __init__(self, issue: Issue, user: Any, data: Any = None) -> None:
        super().__init__(data, initial={"people": [user.pk]})
        colleagues = User.objects.coordinating(issue.list.area, timezone.localdate())
        offered = User.objects.filter(pk__in=[user.pk, *colleagues.values_list("pk", flat=True)])
        self.fields["people"].queryset = offered.alphabetical()  # type: ignore[attr-defined]


class LocalMomentField(forms.CharField):
    """A day and a time on the area's clocks. An hour that the summer time leaves out is refused in words."""

    widget = DateTimeInput

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return aware(datetime.fromisoformat(text))
        except (ValueError, OverflowError) as wrong:
            raise forms.ValidationError(_("Write a day and a time.")) from wrong


def aware(naive: datetime) -> datetime:
    """The moment on the area's clocks; of an hour that comes twice the first. Raises ValidationError for none."""
    at = naive.replace(tzinfo=timezone.get_current_timezone(), fold=0)
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != naive:
        words = _("There is no such time: the clocks are put forward that night. Choose an hour earlier or later.")
        raise forms.ValidationError(words)
    return at


def comes_twice(at: datetime) -> bool:
    """Whether the clocks show this time twice that night."""
    local = timezone.localtime(at)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


class SendForm(forms.Form):
    """When an issue leaves. In five minutes unless something else is asked for, so that it can be taken back."""

    SOON, NOW, LATER = "soon", "now", "later"
    WHEN = [
        (SOON, _("in five minutes; until then you can take it back")),
        (NOW, _("at once; it cannot be taken back")),
        (LATER, _("at the time below; until then you can take it back")),
    ]

    when = forms.ChoiceField(label=_("When does it leave?"), choices=WHEN, initial=SOON, widget=forms.RadioSelect)
    at = LocalMomentField(label=_("Time, on the clocks of the area"), required=False)

    def moment(self, now: datetime) -> datetime:
        typed = self.cleaned_data
        return {self.SOON: now + RECALL, self.NOW: now}.get(typed["when"]) or typed["at"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("when") != self.LATER or "at" in self.errors:
            return typed
        if typed.get("at") is None:
            self.add_error("at", _("Write a day and a time."))
        elif typed["at"] <= timezone.now():
            self.add_error("at", _("This moment has passed. Choose a later one, or send the issue at once."))
        return typed


class SegmentForm(forms.ModelForm):
    """A saved audience; what can be chosen is of its area."""

    languages = forms.MultipleChoiceField(
        label=_("Reads in"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Segment
        fields = ["area", "networks", "meetings", "languages"]

    def clean(self) -> dict[str, Any]:
        """Nothing of another area, whatever the coordinator may choose from."""
        typed = super().clean() or self.cleaned_data
        area = self.instance.area if self.instance.area_id else typed.get("area")
        for name in ("networks", "meetings"):
            chosen: Iterable[Any] = typed.get(name) or []
            if area and any(row.area_id != area.pk for row in chosen):
                self.add_error(name, _("Choose only what belongs to the same area."))
        return typed
