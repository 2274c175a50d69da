"""Forms for the materials of a meeting, and the page on which its coordinator keeps them in order."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.uploads.forms import ALT, FileForm, FileWordsForm
from meetings.models import AgendaItem, Material, Meeting
from meetings.models.material import MOST_FILES


class LinkForm(forms.ModelForm):
    """A link with words that say what is behind it."""

    class Meta:
        model = Material
        fields = ("title", "url", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True

    def store(self, meeting: Meeting, person: Any, now: datetime) -> bool:
        Material.objects.add_link(meeting, now, **self.cleaned_data)
        return True


class MaterialFileForm(FileForm):
    """A new file."""

    field_order = ["file", "title", "visibility", "alt", "agrees"]

    title = forms.CharField(
        label=capfirst(_("what it is")), max_length=160, help_text=_("For example: slides of the opening (PDF).")
    )
    visibility = forms.ChoiceField(
        label=capfirst(_("shown to")), choices=AgendaItem.VISIBILITIES, initial=AgendaItem.MEMBERS,
        help_text=_("A file for everybody can be opened by anybody who sees the meeting."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "A picture (JPEG, PNG, WebP) or a document (PDF, ODT, DOCX), at most 20 MB. Save slides as PDF first."
        )

    def store(self, meeting: Meeting, person: Any, now: datetime) -> bool:
        """Store it. False, with words at the field, when there is no room."""
        judged: Any = self.judged
        words = {"title": self.cleaned_data["title"], "visibility": self.cleaned_data["visibility"]}
        try:
            Material.objects.store_upload(meeting, judged, person, now, alt=self.alt_told, **words)
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return False
        return True


class MaterialWordsForm(FileWordsForm):
    """What is said of a material that is there."""

    class Meta:
        model = Material
        fields = ["title", "visibility", "alt"]
        labels = {"alt": ALT}

    def store(self) -> None:
        """Store the words."""
        self.instance.reword(**self.cleaned_data)


class MaterialsPage:
    """All that the page shows: a form for each material that is there, one for a link and one for a file."""

    def __init__(self, meeting: Meeting, *, new: Any = None, words: MaterialWordsForm | None = None) -> None:
        self.meeting = meeting
        self.rows = [
            words if words and words.instance.pk == row.pk else words_form(row)
            for row in meeting.materials.shown().in_order().select_related("agreed_by")
        ]
        self.removed = meeting.materials.removed()
        self.link_form = new if isinstance(new, LinkForm) else LinkForm(prefix="link")
        self.file_form = new if isinstance(new, MaterialFileForm) else MaterialFileForm(prefix="file")

    @property
    def has_room(self) -> bool:
        return sum(row.instance.is_file for row in self.rows) < MOST_FILES


def new_form(data: Any, files: Any) -> Any:
    """The form that was sent: that of a file or that of a link."""
    if data.get("place") == "file":
        return MaterialFileForm(data, files, prefix="file")
    return LinkForm(data, prefix="link")


def words_form(row: Material, data: Any = None) -> MaterialWordsForm:
    """The form of one material that is there, blank or sent."""
    return MaterialWordsForm(data, instance=row, prefix=f"row{row.pk}")
