"""Forms for what is written during and after a meeting: notes, decisions, tasks, comments, steps of the minutes."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from lib.forms.rendering import DateInput
from lib.forms.versions import VersionedForm
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.models.shared_note import LONGEST


class UnderAnItem(forms.Form):
    """Something that belongs to one item of a meeting's agenda, or to the whole."""

    item = forms.ModelChoiceField(AgendaItem.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = meeting.agenda.current()


class NoteForm(UnderAnItem):
    """A text and the number of the version it was written on."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    notes = forms.CharField(
        label=_("Notes"), max_length=LONGEST, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecisionForm(UnderAnItem):
    text = forms.CharField(label=_("Decision"), max_length=1000)


class TaskForm(UnderAnItem):
    """Who does what by when, on one line."""

    text = forms.CharField(label=_("Task"), max_length=300)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), required=False)
    owner_name = forms.CharField(label=_("or somebody else"), max_length=120, required=False)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput)

    def __init__(self, *args: Any, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = meeting.people(now)
        self.held_on = timezone.localdate(meeting.starts_at)

    def clean_due_on(self) -> date | None:
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < self.held_on:
            raise forms.ValidationError(_("This day was before the meeting. Is the year right?"))
        return due_on


class CommentForm(UnderAnItem):
    text = forms.CharField(label=_("Your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class KeepingForm(VersionedForm, forms.ModelForm):
    """Who writes the minutes, and who reads them once they are approved."""

    class Meta:
        model = Minutes
        fields = ("taker", "visibility")
        help_texts = {"taker": _("Besides you. Choose a participant of this meeting, or nobody.")}

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taker: Any = self.fields["taker"]
        taker.queryset = self.instance.meeting.people(now)


class ShortForm(VersionedForm, forms.ModelForm):
    """What came of the meeting, in plain words."""

    class Meta:
        model = Minutes
        fields = ("in_short",)
        widgets = {"in_short": forms.Textarea(attrs={"rows": 6})}


class ReasonForm(forms.Form):
    """Why approved minutes are opened, or a task is dropped."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
