"""Forms for what a meeting will speak of: an item, where an agenda is taken from, a proposal."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.personal_data.forms import PersonalDataMixin
from lib.forms.versions import VersionedForm
from meetings.models import AgendaItem, Meeting, Proposal
from networks.models import Network

# How many earlier meetings are offered to copy from.
OFFERED = 30
USUAL = "usual"
MOST_ROWS = 60


class AgendaItemForm(VersionedForm, forms.ModelForm):
    """One item. A title is enough; the rest can wait."""

    class Meta:
        model = AgendaItem
        fields = ("title", "kind", "minutes", "owner", "owner_name", "text", "visibility")
        widgets = {
            "minutes": forms.NumberInput(attrs={"min": 1, "max": 600, "inputmode": "numeric"}),
            "text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = meeting.people(now)


class FillForm(forms.Form):
    """Where the first items come from."""

    source = forms.ChoiceField(label=_("Take the items from"))

    def __init__(self, *args: Any, meeting: Meeting, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Meeting.objects.run_by(user).with_agenda().exclude(pk=meeting.pk).filter(area=meeting.area)
        self.earlier = {str(other.pk): other for other in found.closest_first(meeting)[:OFFERED]}
        source: Any = self.fields["source"]
        offered = [(key, f"{other.title}, {other.starts_at:%-d.%-m.%Y}") for key, other in self.earlier.items()]
        source.choices = [(USUAL, _("the usual items")), *offered]

    @property
    def chosen(self) -> Meeting | None:
        """The earlier meeting; None for the usual items."""
        return self.earlier.get(self.cleaned_data["source"])


class RowsForm(forms.Form):
    """Rows of an agenda in the boxes `title`, `minutes` and `text`, each given as often as there are rows."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"))

    def __init__(self, data: Any, *, user: Any, now: datetime) -> None:
        super().__init__(data if data.get("meeting") else None)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = Meeting.objects.run_by(user).upcoming(now).next_first()
        self.rows = list(_rows(data))


def _rows(data: Any) -> Iterator[tuple[str, int | None, str]]:
    """(title, minutes, text), as AgendaItem.objects.add_rows takes them; rows without a title are left out."""
    columns = zip_longest(data.getlist("title"), data.getlist("minutes"), data.getlist("text"), fillvalue="")
    for title, minutes, text in islice(columns, MOST_ROWS):
        if title.strip():
            yield title.strip()[:160], int(minutes) if minutes.isdecimal() and len(minutes) < 4 else None, text[:3000]


class ProposalForm(PersonalDataMixin, forms.ModelForm):
    """What a member wishes a meeting to speak of. The coordinator reads it first, whatever it holds."""

    free_texts = ("title", "text")

    class Meta:
        model = Proposal
        fields = ("network", "meeting", "title", "text", "minutes")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"meeting": _("Leave it empty when any coming meeting will do.")}

    def __init__(self, *args: Any, user: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["network"].queryset = networks_of(user)
        coming = Meeting.objects.visible_to(user).upcoming(now).filter(networks__in=networks_of(user)).distinct()
        fields["meeting"].queryset = coming.next_first()

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        meeting, network = facts.get("meeting"), facts.get("network")
        if meeting and network and not meeting.networks.filter(pk=network.pk).exists():
            self.add_error("meeting", _("Choose a meeting of the same network."))
        return facts


def networks_of(user: Any) -> Any:
    """The networks to whose meetings a person may propose something."""
    active = Network.objects.active()
    if user.is_superuser:
        return active.in_order()
    own = active.filter(pk__in=user.network_ids()) | active.filter(area__in=user.area_ids_run())
    return own.in_order()


class ReplyForm(forms.Form):
    """The coordinator's answer to a proposal."""

    AGENDA, BACKLOG, DECLINED = Proposal.AGENDA, Proposal.BACKLOG, Proposal.DECLINED
    verdict = forms.ChoiceField(choices=Proposal.VERDICTS)
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"), required=False)
    reply = forms.CharField(label=_("Words to the proposer"), max_length=1000, required=False)

    def __init__(self, *args: Any, proposal: Proposal, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = Meeting.objects.coming_of(proposal.network, now)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("verdict") == self.AGENDA and not facts.get("meeting"):
            self.add_error("meeting", _("Choose the meeting whose agenda it goes to."))
        return facts
