"""Forms for visits to municipalities: a quick one for what has been done, the whole report, and what follows."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea, Municipality, Term, User
from lib.forms.rendering import DateInput
from lib.forms.versions import VersionedForm
from meetings.models import Meeting, Task, VisitReport

FIRST_DAY = date(2000, 1, 1)


class LogForm(forms.Form):
    """A visit that has been made, in six boxes; the rest can wait for the report."""

    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.none(), label=_("Municipalities you visited"), widget=forms.CheckboxSelectMultiple
    )
    visited_on = forms.DateField(label=_("Day of the visit"), widget=DateInput)
    met = forms.CharField(
        label=_("Whom you met"),
        max_length=1000,
        required=False,
        help_text=VisitReport._meta.get_field("met").help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    topics = forms.ModelMultipleChoiceField(
        Term.objects.none(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    talked = forms.CharField(
        label=_("What was spoken of"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    follow_up = forms.CharField(
        label=_("What you promised"),
        max_length=300,
        required=False,
        help_text=_("Becomes a task of yours with a day four weeks from now. Change it, and add more, on the report."),
    )

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.areas = list(CoordinationArea.objects.run_by(user).alphabetical())
        fields: Any = self.fields
        fields["municipalities"].queryset = towns_of(self.areas)
        fields["topics"].queryset = Term.objects.in_list("topics").offered_to(user)
        fields["visited_on"].widget.attrs["max"] = today.isoformat()

    def clean_visited_on(self) -> date:
        day = self.cleaned_data["visited_on"]
        if day > self.today:
            raise forms.ValidationError(_("The visit has not been made yet. Plan it as a meeting instead."))
        if day < FIRST_DAY:
            raise forms.ValidationError(_("Check the year."))
        return day

    def clean_municipalities(self) -> Any:
        chosen = self.cleaned_data["municipalities"]
        self.area = area_of(chosen, self.areas)
        if self.area is None:
            raise forms.ValidationError(_("Choose municipalities of one area only."))
        return chosen


class ReportForm(VersionedForm, forms.ModelForm):
    """The whole report of one visit."""

    class Meta:
        model = VisitReport
        fields = ("municipalities", "went", "met", "met_number", "topics", "talked", "strengths", "needs")
        widgets = {
            "municipalities": forms.CheckboxSelectMultiple,
            "went": forms.CheckboxSelectMultiple,
            "topics": forms.CheckboxSelectMultiple,
            "met": forms.Textarea(attrs={"rows": 2}),
            "met_number": forms.NumberInput(attrs={"min": 0, "max": 999, "inputmode": "numeric"}),
            "talked": forms.Textarea(attrs={"rows": 6}),
            "strengths": forms.Textarea(attrs={"rows": 3}),
            "needs": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, meeting: Meeting, user: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["municipalities"].queryset = towns_of([meeting.area])
        went = User.objects.coordinating(meeting.area, timezone.localdate(now)) | User.objects.filter(pk=user.pk)
        if self.instance.pk:
            went |= User.objects.filter(pk__in=self.instance.went.values("pk"))
        else:
            self.initial.update(municipalities=[meeting.municipality_id], went=[user.pk])
        fields["went"].queryset = went.order_by("name", "pk").distinct()
        fields["topics"].queryset = Term.objects.in_list("topics").offered_to(user, meeting.area_id)
        fields["met_number"].max_value = 999


class FollowUpForm(VersionedForm, forms.ModelForm):
    """One thing that was promised."""

    class Meta:
        model = Task
        fields = ("text", "owner", "owner_name", "due_on")
        widgets = {"due_on": DateInput}

    def __init__(self, *args: Any, people: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people
        self.today = today

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if day and not FIRST_DAY <= day <= self.today + timedelta(days=3660):
            raise forms.ValidationError(_("Check the year."))
        return day


FollowUpFormSet = forms.modelformset_factory(Task, form=FollowUpForm, extra=2, max_num=20, can_delete=True)


def follow_up_of(meeting: Meeting, now: datetime, data: Any = None) -> Any:
    """The open tasks of a visit with two empty rows."""
    given = {"people": meeting.people(now), "today": timezone.localdate(now)}
    tasks = meeting.tasks.open().order_by("pk")
    return FollowUpFormSet(data, queryset=tasks, prefix="tasks", form_kwargs=given)


def towns_of(areas: list[CoordinationArea]) -> Any:
    """The municipalities of some areas, each once."""
    return Municipality.objects.filter(pk__in=Municipality.objects.filter(areas__in=areas).values("pk")).alphabetical()


def area_of(chosen: Any, areas: list[CoordinationArea]) -> CoordinationArea | None:
    """The first of the areas that holds all of some municipalities."""
    codes = {town.pk for town in chosen}
    held = {area.pk: {town.pk for town in area.municipalities.all()} for area in areas} if codes else {}
    return next((area for area in areas if codes <= held.get(area.pk, set())), None) if codes else None
