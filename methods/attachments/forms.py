"""Forms for the pictures and documents of a method, and the page on which its authors keep them in order."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.uploads.forms import ALT, FileForm, FileWordsForm
from lib.uploads.validation import ACCEPT_PICTURE
from methods.models import Attachment, Method
from methods.models.attachment import MOST


class UploadForm(FileForm):
    """A new attachment."""

    is_cover = False
    field_order = ["file", "caption", "alt", "agrees"]

    caption = forms.CharField(
        label=_("Caption or name"),
        max_length=200,
        required=False,
        help_text=_("Shown with it, in place of the name of the file."),
    )

    def clean_file(self) -> Any:
        """A cover is one kind of file only."""
        file = super().clean_file()
        if self.is_cover and self.judged and not self.judged.is_picture:
            raise forms.ValidationError(_("A cover is a picture: JPEG, PNG or WebP."))
        return file

    def store(self, method: Method, person: Any, now: datetime) -> bool:
        """Store it. False, with words at the field, when there is no room."""
        words = {"alt": self.alt_told, "caption": self.cleaned_data["caption"]}
        try:
            Attachment.objects.store_upload(method, self.judged, person, now, is_cover=self.is_cover, **words)  # type: ignore[arg-type]
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return False
        return True


class CoverForm(UploadForm):
    """A new cover picture."""

    is_cover = True
    field_order = ["file", "alt", "caption", "agrees"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "JPEG, PNG or WebP, at most 20 MB. Places and cameras noted in it are removed."
        )
        self.fields["file"].widget.attrs["accept"] = ACCEPT_PICTURE
        self.fields["caption"].label = _("Caption")
        self.fields["caption"].help_text = ""


class WordsForm(FileWordsForm):
    """What is said of a picture or document that is there."""

    class Meta:
        model = Attachment
        fields = ["alt", "caption"]
        labels = {"alt": ALT, "caption": _("Caption or name")}

    def save_words(self) -> None:
        """Store the words."""
        self.instance.reword(self.cleaned_data.get("alt", ""), self.cleaned_data["caption"])


class FilesPage:
    """All that the page shows: a form for each thing that is there, one for a cover and one for the next attachment."""

    def __init__(self, method: Method, *, new: UploadForm | None = None, words: WordsForm | None = None) -> None:
        self.method = method
        self.rows = [
            words if words and words.instance.pk == row.pk else words_form(row)
            for row in method.attachments.shown().in_order().select_related("agreed_by")
        ]
        self.removed = method.attachments.removed()
        self.cover_form = new if isinstance(new, CoverForm) else CoverForm(prefix="cover")
        self.form = new if new and not new.is_cover else UploadForm(prefix="file")

    @property
    def cover(self) -> WordsForm | None:
        return next((row for row in self.rows if row.instance.is_cover), None)

    @property
    def attachments(self) -> list[WordsForm]:
        return [row for row in self.rows if not row.instance.is_cover]

    @property
    def has_room(self) -> bool:
        return len(self.attachments) < MOST


def upload_form(data: Any, files: Any) -> UploadForm:
    """The form that was sent: that of the cover or that of an attachment."""
    if data.get("place") == "cover":
        return CoverForm(data, files, prefix="cover")
    return UploadForm(data, files, prefix="file")


def words_form(row: Attachment, data: Any = None) -> WordsForm:
    """The form of one thing that is there, blank or sent."""
    return WordsForm(data, instance=row, prefix=f"row{row.pk}")
